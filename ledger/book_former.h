/* A ledger that an earlier program wrote and from which no statements lead to the present schema:
 * it is put aside under another name, and a new one is made from the journal. What the old one had
 * still to send goes into the new one, so that nothing that was sent is sent again and nothing that
 * was not is lost. */
#ifndef HEATLEDGER_BOOK_FORMER_H
#define HEATLEDGER_BOOK_FORMER_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>

struct book;

#define BOOK_FORMER_PATH_MAX 4352 /* bytes, NUL included */

struct book_former {
    bool found;
    uint64_t position;                /* up to which it has booked the journal */
    char aside[BOOK_FORMER_PATH_MAX]; /* where it lies, once it is put aside */
};

/* Looks whether the ledger at `path` is such a one; `former->found` false: it is not, or there is
 * none. Fails with FAILURE_RESOURCE where it is no ledger, is of a newer schema, or cannot be
 * read. */
bool book_former_find(const char *path, struct book_former *former, struct failure *failure);

/* Changes its tables into the present ones, as well as statements can, after it was copied to
 * PATH.version-N: for where the journal cannot make it again. `*lost`: what is left open, in words,
 * or NULL. Fails with FAILURE_RESOURCE, leaving it as it was. */
bool book_former_migrate(const char *path, const char **lost, struct failure *failure);

/* Renames the ledger at `path` to PATH.former, or .former-2 … where that is taken. Fails with
 * FAILURE_RESOURCE, leaving it where it is, where another program has it open. */
bool book_former_put_aside(const char *path, struct book_former *former, struct failure *failure);

/* The same of a ledger that has booked up to `position`, which its journal does not reach: to
 * PATH.ahead-POSITION. Fills in `former`. */
bool book_former_put_ahead(const char *path, uint64_t position, struct book_former *former,
                           struct failure *failure);

/* Gives the new book the messages that the old one had not sent yet. Not within a transaction. */
bool book_former_outbox(struct book *book, const struct book_former *former,
                        struct failure *failure);
/* The same of those that come of records before `end`. */
bool book_former_outbox_before(struct book *book, const struct book_former *former, uint64_t end,
                               struct failure *failure);

#endif
