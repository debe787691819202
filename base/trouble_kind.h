/* What may keep a plant's books from being kept: the troubles that are on record. A trouble is a
 * fact of the plant, as `system/plant/NAME/limit` is its alert; the names stand in the journal and
 * in the ledger, so none is ever given to another one. */
#ifndef HEATLEDGER_TROUBLE_KIND_H
#define HEATLEDGER_TROUBLE_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum trouble_kind {
    TROUBLE_NONE,
    TROUBLE_LEDGER_FULL, /* the ledger's, in the order of enum book_trouble */
    TROUBLE_LEDGER_READ_ONLY,
    TROUBLE_LEDGER_BUSY,
    TROUBLE_LEDGER_UNREACHABLE,
    TROUBLE_LEDGER_DISK,
    TROUBLE_LEDGER_DAMAGED,
    TROUBLE_JOURNAL_ROOM,    /* the next segment cannot be allocated */
    TROUBLE_JOURNAL_BLOCKED, /* nothing can be appended: acknowledgements stop */
    TROUBLE_JOURNAL_BROKEN,  /* a sync has failed: nothing more is taken */
    TROUBLE_BROKER_AWAY,     /* no connection to the broker for too long */
    TROUBLE_BACKLOG,         /* the ledger is too far behind the journal */
    TROUBLE_OUTBOX,          /* too much waits to be sent */
    TROUBLE_KINDS
};

/* "ledger_full", "journal_room" …; "" for TROUBLE_NONE. */
const char *trouble_kind_name(enum trouble_kind kind);

/* Of a name that need not end with NUL; TROUBLE_NONE: there is no such trouble. */
enum trouble_kind trouble_kind_find(const char *name, size_t length);

#endif
