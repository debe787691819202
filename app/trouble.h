/* What keeps the daemon from its work: which troubles stand, since when, and why. Said once in the
 * log when one begins and once when it is over; the status and the alerts are made from here, and
 * the journal gets a note of both, so that a trouble is on record like any other alert. */
#ifndef HEATLEDGER_TROUBLE_H
#define HEATLEDGER_TROUBLE_H

#include "book_trouble.h"
#include "failure.h"
#include "journal.h"
#include "trouble_kind.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>

struct troubles {
    struct trouble {
        bool stands;
        bool noted;    /* the journal has a note that it began */
        bool over_due; /* it is over, of which the journal has no note yet */
        int64_t since_us, over_us;
        char text[FAILURE_TEXT_MAX];
    } of[TROUBLE_KINDS];
    uint32_t changes; /* how often what stands has become another */
};

/* It stands from now on; `text` says why. No effect where it stands already. One that comes back
 * before the journal could take the note of its end goes on. */
void trouble_begin(struct troubles *troubles, enum trouble_kind kind, const char *text,
                   int64_t now_us);
/* It is over; no effect where it does not stand. */
void trouble_end(struct troubles *troubles, enum trouble_kind kind, int64_t now_us);
void trouble_set(struct troubles *troubles, enum trouble_kind kind, bool stands, const char *text,
                 int64_t now_us);

/* The journal knows of one that began in an earlier run and is not over: it stands. */
void trouble_adopt(struct troubles *troubles, enum trouble_kind kind, int64_t since_us);

/* Of what the ledger is kept from: `kind` stands, no other. BOOK_SOUND: none. */
void trouble_of_book(struct troubles *troubles, enum book_trouble kind, const char *text,
                     int64_t now_us);

/* Notes in the journal what it has no note of yet, as far as it takes it; `arrival_us` as of any
 * record. To be called again and again: what cannot be noted now is noted later. */
void trouble_note_all(struct troubles *troubles, struct journal *journal, int64_t arrival_us);

/* What stands, as members of the status: ,"trouble":[{"what":…,"since":…,"text":…}]; "" where
 * nothing does. Times are of the zone. The caller frees it. */
char *trouble_status(const struct troubles *troubles, const struct zone *zone);

/* The message about it (announce_trouble): system/plant/WHAT/limit, raised. "" where it does not
 * stand, which takes the retained one away. The caller frees it. */
char *trouble_alert(const struct troubles *troubles, enum trouble_kind kind,
                    const struct zone *zone);

#endif
