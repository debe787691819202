/* The book: the one writer of DIR/ledger.db.
 *
 * Effects are written between book_begin and book_commit, which puts them and the journal position
 * they came from into one transaction. Writers return nothing: the first failure sticks, and
 * book_commit reports it. */
#ifndef HEATLEDGER_BOOK_H
#define HEATLEDGER_BOOK_H

#include "book_trouble.h"
#include "failure.h"
#include "heat.h"
#include "meter_balance.h"
#include "outcome.h"
#include "paper.h"
#include "period.h"
#include "posting.h"
#include "quota_entry.h"
#include "verdict.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;

/* How many rows there may be of what others can fill; 0: as much as by default. Part of the
 * configuration in force, so that a replay lets go of the same. */
struct book_limits {
    int64_t rejects_per_topic; /* refused messages of one topic and outcome */
    int64_t rejects;           /* … of all */
    int64_t outbox;            /* messages out, before replaced ones of retained topics go */
};
#define BOOK_REJECTS_PER_TOPIC 1000
#define BOOK_REJECTS 100000
#define BOOK_OUTBOX_MESSAGES 20000

/* What the book must know of the plant to write ids as names: kept in its dimension tables under
 * the version of the configuration. All pointers are the caller's and are only read. */
struct book_plant {
    const struct catalog *catalog;
    const char *text; /* plant.json */
    int32_t version;  /* 1, 2 … in the journal */
    uint64_t position;
    const struct zone *zone; /* kept, so that readers write local times without a tz database */
    const char *root;        /* of topics out */
    struct book_limits limits;
    struct book_quota {
        const char *id;
        struct label name;
        item_id item;
        const char *stations, *meters; /* joined by ';', empty: all */
        const char *view;              /* "owner", "clock" */
        const char *basis;  /* "tonne", "heat", "shift", "linear", "day", "ten_days", "month" */
        const char *tonnes; /* "good", "tapped", "cast": which steel is counted */
        bool hard;
        const char *kind;    /* "result", "process" */
        const char *kept_by; /* the department; "" unknown */
        const char *posts;   /* joined by ';' */
        bool retired;        /* in a former configuration only */
    } * quotas;
    uint32_t quota_count;
    const struct meter_balance *balances;
    uint32_t balance_count;
};

/* Opens or creates PATH (":memory:" for tests and proofs), migrates it to the present schema.
 * A database of a newer schema is refused. */
struct book *book_open(const char *path, struct failure *failure);
/* The same, and tells in `*trouble` what of the disk stood against it. */
struct book *book_open_or_tell(const char *path, enum book_trouble *trouble,
                               struct failure *failure);
void book_close(struct book *book);

/* False once something could not be written or read, with why: the book must be closed. */
bool book_good(const struct book *book, struct failure *failure);
/* What of the disk stood against it; BOOK_SOUND where the book is good. */
enum book_trouble book_trouble(const struct book *book);

/* The position up to which effects are committed: the record there has had none yet. */
uint64_t book_position(const struct book *book);

void book_begin(struct book *book);

/* A configuration came into force. Must precede every effect that names its ids. A version that the
 * book has already is not written again, and may be given outside of a transaction: after a restart
 * a replay says so which configuration is in force. */
void book_plant(struct book *book, const struct book_plant *plant);

void book_posting(struct book *book, const struct posting *posting);
/* Inserts, or adds a version, made by the record at `position`; a heat that is given again as it is
 * adds none. */
void book_heat(struct book *book, const struct heat *heat, uint64_t position);
void book_stay(struct book *book, const struct heat_stay *stay);
/* Forgets the heat's stays, before all of them are given again. */
void book_stays_clear(struct book *book, heat_no heat);
/* Why somebody should look at a heat; forgotten and given again as its stays are. */
void book_review(struct book *book, const struct heat_review *review);
void book_reviews_clear(struct book *book, heat_no heat);
void book_slot(struct book *book, struct crew_slot slot, int64_t start_us, int64_t end_us);
/* Nobody of that crew was on duty in that shift after all. */
void book_slot_gone(struct book *book, struct crew_slot slot);
void book_alert(struct book *book, struct effect_id id, const struct alert_transition *transition);
/* Inserts, or replaces; forgets one that is `gone`. */
void book_balance(struct book *book, const struct balance *balance);
/* Forgets all balances, before all that there are are given: after a restart nobody knows any more
 * which of those in the ledger only what stood open had made. */
void book_balances_clear(struct book *book);

/* A message, or a part of one, that was refused or held. */
struct book_reject {
    struct effect_id id;
    int64_t at_us;
    const char *topic;
    size_t topic_length;
    enum outcome outcome;
    const char *detail;
    const void *payload;
    size_t
        payload_length; /* kept up to BOOK_REJECT_PAYLOAD_MAX bytes; all of it is in the journal */
    bool of_reading;    /* a reading was held: which one */
    meter_id meter;
    int64_t ts_us, value_raw;
};
#define BOOK_REJECT_PAYLOAD_MAX 1024
/* Lets go of the oldest where there are more than the limits. */
void book_reject(struct book *book, const struct book_reject *reject);

/* A message to publish; where more wait than the limit, those of retained topics to which a later
 * one has come are let go of. Sent after the commit, at least once, always with the same id. */
void book_outbox(struct book *book, struct effect_id id, const char *topic, const char *payload,
                 bool retain);
/* Forgets messages that the broker has taken, up to and including `row`. */
void book_outbox_sent(struct book *book, int64_t row);
/* How many were let go of since the book was opened, as a later one of their topic says more. */
uint64_t book_outbox_replaced(const struct book *book);

/* The newest message to publish; 0: none waits. */
int64_t book_outbox_last(struct book *book);
/* Of the messages behind `after_row` only what is retained stays, the latest of a topic, and of the
 * topics that begin with `handovers` the latest of all: they are about what was long ago. */
void book_outbox_settle(struct book *book, int64_t after_row, const char *handovers);

/* The handover summary of a shift as it stood when the shift ended; effects of the record at
 * `position` and behind it are not in it. */
void book_handover(struct book *book, int32_t day, shift_id shift, int64_t at_us, uint64_t position,
                   const char *json);

/* A paper that was taken, and what became by it of the one it is about (its `of`, or itself). What
 * was refused stands among the rejects. */
struct book_paper {
    struct effect_id id;
    const char *paper_id; /* its own: given, or made of the position */
    const struct paper *paper;
    quota_id quota; /* index CATALOG_NONE: it names none */
    enum paper_state state;
    int64_t taken_at_us;
};
void book_paper(struct book *book, const struct book_paper *paper);

/* An entry of the quota accounts; makes the accounts that it names where they are not there yet. */
void book_quota_entry(struct book *book, struct effect_id id, const struct quota_entry *entry);

/* The document of a period as it stood when the period was closed; the same holds for it. */
void book_period_document(struct book *book, struct period period, int64_t at_us, uint64_t position,
                          const char *json);

/* A page of what a meter's curve was, in bytes of the aggregator's: written anew for each position
 * at which it became another. */
struct book_page {
    meter_id meter;
    int64_t page; /* its number: ascends with the time that it holds */
    uint64_t position;
    int64_t start_us;
    uint8_t *bytes;
    size_t count;
};
void book_page(struct book *book, const struct book_page *page);

/* The highest number of a page below `below`, of those that stood before a position; false: there
 * is none. Reads what is not committed yet, too, as the next one does. */
bool book_page_find(struct book *book, meter_id meter, int64_t below, uint64_t position,
                    int64_t *page);

/* Fills in a page (meter and number are given) as it stood before a position; false: there was
 * none. `bytes` is the caller's, from malloc or NULL, and is replaced. */
bool book_page_get(struct book *book, uint64_t position, struct book_page *page);

/* Nothing will go on from before `position` any more, as the journal does not reach further back:
 * later commits let go, a few rows each, of versions of pages that others had replaced before it,
 * and of pages more than `reach_us` before the newest one of their meter that stood then. */
void book_prune_before(struct book *book, uint64_t position, int64_t reach_us);

/* What is open now: state, not history, given between _begin and the commit. The views add it to
 * the postings: a commit with postings in it must give it as it is then. What was given for a meter
 * stays until it is forgotten and given again. */
void book_open_begin(struct book *book, int64_t as_of_us);
/* Forgets what is open of the meter, and which of its readings are held. */
void book_open_forget(struct book *book, meter_id meter);
/* … of all meters, those of former configurations included. */
void book_open_forget_all(struct book *book);
void book_open_segment(struct book *book, const struct segment *segment);
struct book_meter_state {
    meter_id meter;
    int64_t first_ts_us;   /* TIMESTAMP_NEVER_US: none */
    int64_t last_ts_us;    /* TIMESTAMP_NEVER_US: none */
    int64_t last_alive_us; /* arrival of its last live message; TIMESTAMP_NEVER_US: none */
    int64_t last_value_raw;
    int64_t booked_base; /* C(newest) - C(earliest): what postings and open segments must add up
                            to */
    uint64_t readings, duplicates, conflicts, late, glitches, spikes, resets, gaps, held, refused;
};
void book_meter_state(struct book *book, const struct book_meter_state *state);
void book_outcomes(struct book *book, const struct outcome_counts *counts);

/* A reading that is held now; it belongs to what is open. */
struct book_held {
    meter_id meter;
    int64_t ts_us, value_raw;
    const char *kind, *reason;
    int64_t last_ts_us, last_value_raw; /* the last reading that counts */
    int64_t amount_base;                /* what accepting it would book */
};
void book_held(struct book *book, const struct book_held *held);

/* Ends the transaction: everything written since book_begin, and `position`, or nothing. A busy
 * database is tried again for 10 s. After a failure the book must be closed. */
bool book_commit(struct book *book, uint64_t position, int64_t now_us, struct failure *failure);

/* A reader on the writer's own connection, which sees what is not committed yet: for documents
 * made inside the transaction. Belongs to the book. */
struct reader;
struct reader *book_reader(struct book *book);

#endif
