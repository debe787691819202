/* What keeps the daemon from its work: which troubles stand, since when, and why. Said once in the
 * log when one begins and once when it is over; the status and the alerts are made from here. */
#ifndef HEATLEDGER_TROUBLE_H
#define HEATLEDGER_TROUBLE_H

#include "book_trouble.h"
#include "failure.h"

#include <stdbool.h>
#include <stdint.h>

enum trouble_kind {
    /* of the ledger: enum book_trouble, and … */
    TROUBLE_JOURNAL_ROOM = BOOK_TROUBLES, /* the next segment cannot be allocated */
    TROUBLE_JOURNAL_BLOCKED,              /* nothing can be appended: acknowledgements stop */
    TROUBLE_JOURNAL_BROKEN,               /* a sync has failed: nothing more is taken */
    TROUBLE_KINDS
};

struct troubles {
    struct trouble {
        bool stands;
        int64_t since_us;
        char text[FAILURE_TEXT_MAX];
    } of[TROUBLE_KINDS];
    uint32_t changes; /* how often what stands has become another */
};

/* "ledger_full", "journal_room" … */
const char *trouble_name(int kind);

/* It stands from now on; `text` says why. No effect where it stands already. */
void trouble_begin(struct troubles *troubles, int kind, const char *text, int64_t now_us);
/* It is over; no effect where it does not stand. */
void trouble_end(struct troubles *troubles, int kind, int64_t now_us);
void trouble_set(struct troubles *troubles, int kind, bool stands, const char *text,
                 int64_t now_us);

/* Of what the ledger is kept from: `kind` stands, no other. BOOK_SOUND: none. */
void trouble_of_book(struct troubles *troubles, enum book_trouble kind, const char *text,
                     int64_t now_us);

/* What stands, as members of the status: ,"trouble":[{"what":…,"since":…,"text":…}]; "" where
 * nothing does. Times have the offset `offset_s`. The caller frees it. */
char *trouble_status(const struct troubles *troubles, int32_t offset_s);

/* The message about it, in the shape of any alert's: system/plant/WHAT/limit, raised. "" where it
 * does not stand, which takes the retained one away. The caller frees it. */
char *trouble_alert(const struct troubles *troubles, int kind, int32_t offset_s);

#endif
