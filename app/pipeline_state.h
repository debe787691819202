/* The pipeline's inside, shared by its own files only. */
#ifndef HEATLEDGER_PIPELINE_STATE_H
#define HEATLEDGER_PIPELINE_STATE_H

#include "aggregator.h"
#include "book.h"
#include "decode.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"
#include "redelivery.h"
#include "rules.h"
#include "silences.h"
#include "slots.h"

#define PIPELINE_PENDING_MAX 16   /* facts; aggregator_prefetch gains nothing beyond */
#define PIPELINE_ALERT_ID_MAX 200 /* bytes: quota/scope/period/level */

struct pipeline {
    struct journal *journal;
    struct book *book;
    uint64_t position;    /* of the next record */
    uint64_t taken;       /* position of the newest one that was taken; only where any was */
    uint64_t end;         /* take none from here on */
    bool proving;         /* the journal is only looked at */
    bool muted;           /* nothing goes to the outbox */
    bool settling;        /* what goes there is of long ago: behind … */
    int64_t settle_after; /* … this row only what stands stays */
    int64_t now_us;       /* arrival of the newest record; never goes back */
    struct pipeline_watch watch;
    struct skips *skips;                 /* may be NULL; not of its state, but of the journal's */
    uint64_t records, records_committed; /* taken by this pipeline; not of its state */

    struct plant *plant;
    int32_t plant_version;
    struct configuration { /* every one that came into force: a snapshot needs them all, for the
                              one in force is what became of the first through all others */
        int64_t at_us;
        void *payload; /* of its record */
        size_t payload_length;
    } * configurations;
    size_t configuration_count, configuration_capacity;
    struct redelivery *redelivery;
    struct decoder *decoder;
    struct aggregator *aggregator;
    struct rules *rules;
    struct slots *slots;
    struct duty present_shift;  /* the shift of now_us, whose crew-shift exists without any use */
    int64_t handover_due_us;    /* when the summary of … */
    struct duty handover_shift; /* … this shift is made */
    int64_t period_due_us;      /* when the document of … */
    struct period closing;      /* … this ten-day period is made */
    int64_t heard_from_us;      /* since when meters are listened to */
    struct silences silences;
    struct outcome_counts outcomes;
    struct paper_answer paper_answer;               /* of the newest paper; not of its state */
    char alert_detail[PIPELINE_ALERT_ID_MAX + 200]; /* why an entry about an alert was refused */

    struct history history; /* the aggregator's, in the ledger: pipeline_history.c */
    struct book_page *put;  /* pages that the record in hand has put, by meter and number */
    size_t put_count, put_capacity;
    struct book_page got;                      /* the page that was asked for last */
    const struct journal_record *record;       /* in hand */
    struct fact pending[PIPELINE_PENDING_MAX]; /* decoded, not taken yet */
    size_t pending_count;
    bool writing;  /* its effects are not in the ledger yet */
    bool retained; /* what is judged came of what the broker had kept */
    bool batch_open;
    bool balances_told; /* what the ledger has of them is what these rules have shown */
    uint64_t *shown;    /* by meter: digest of what the ledger shows of it; NULL: unknown */
    struct told_heat {
        heat_no heat;
        struct effect_id id;
    } * told; /* heats whose state changed in this batch: told when it is written */
    size_t told_count, told_capacity;
    uint32_t paper_ordinal;
    uint32_t reject_ordinal, alert_ordinal, outbox_ordinal; /* of the record in hand */
    uint32_t entry_ordinal;
    uint32_t last_session;
    uint64_t shown_position;
    int64_t outbox_sent, outbox_forgotten; /* rows */
    struct failure failure;                /* the first one; nothing goes on after it */
};

/* pipeline.c: opens the ledger's batch if it is not. Only while `writing`. */
void pipeline_batch(struct pipeline *pipeline);

/* pipeline_commit.c: writes the batch and the position, in one transaction; nothing where no batch
 * is open. */
bool pipeline_commit(struct pipeline *pipeline, struct failure *failure);

/* pipeline.c: the identity of the next message out that the record in hand brings about. */
struct effect_id pipeline_message_id(struct pipeline *pipeline);

/* pipeline_config.c: the record in hand brings a configuration into force. */
void pipeline_config(struct pipeline *pipeline);

/* pipeline_config.c: takes a configuration record as the first one, or as the next one, at `at_us`,
 * and keeps it; returns the plant that is in force with it, NULL with a failure. */
struct plant *pipeline_read_config(struct pipeline *pipeline, const struct journal_record *record,
                                   int64_t at_us);

/* pipeline_config.c: every room gets its tables, and knows nothing yet. */
void pipeline_create_rooms(struct pipeline *pipeline);

/* pipeline_config.c: tells the book the ids in force; the configuration's record stands, or stood
 * before, at `position`. */
void pipeline_book_plant(struct pipeline *pipeline, uint64_t position);

/* pipeline_config.c: forgets which configurations there were. */
void pipeline_configurations_clear(struct pipeline *pipeline);

/* pipeline_facts.c: books what the aggregator did. */
void pipeline_effects(struct pipeline *pipeline, const struct effects *effects);

/* pipeline_facts.c: a watched meter's open use changed so much that it must be judged. */
void pipeline_opened(struct pipeline *pipeline, meter_id meter);

/* pipeline_facts.c: the record in hand is left out: an outcome, listed with its message. */
void pipeline_leave_out(struct pipeline *pipeline);

/* pipeline_facts.c: the record in hand, or a part of it, ends as this outcome, and is listed. */
void pipeline_refuse(struct pipeline *pipeline, enum outcome outcome, const char *detail);

/* pipeline_notes.c: the record in hand is a note of a trouble. */
void pipeline_note(struct pipeline *pipeline);

/* pipeline_facts.c: the record in hand is the one at `position` once more. */
void pipeline_redelivered(struct pipeline *pipeline, uint64_t position);

/* pipeline_facts.c: decodes the record in hand and books what it says. */
void pipeline_facts(struct pipeline *pipeline);

/* pipeline_facts.c: writes the messages about heats whose state changed; after what is open. */
void pipeline_tell_heats(struct pipeline *pipeline);

/* pipeline_accounts.c: enters on the quota accounts what is allowed now and was not; the engine's
 * time is `now_us`. */
void pipeline_enter(struct pipeline *pipeline, int64_t now_us);

/* pipeline_accounts.c: a month is over: balances are carried on; a transfer came into force. */
void pipeline_carry(struct pipeline *pipeline, struct period month, int64_t now_us);
void pipeline_transfer(struct pipeline *pipeline, const struct kept_paper *paper);

/* pipeline_facts.c: judges what changed; the engine's time is `now_us`. */
void pipeline_judge(struct pipeline *pipeline, int64_t now_us);

/* pipeline_facts.c: a transition goes to the book and, where somebody should know, out. Fits
 * alert_emit. */
void pipeline_take_transition(void *context, const struct alert_transition *transition);

/* pipeline_alerts.c: an entry about an alert, and what it does. `*detail` lives until the next
 * one. */
bool pipeline_is_of_alert(const struct fact *fact);
enum outcome pipeline_alert_entry(struct pipeline *pipeline, const struct entry *entry,
                                  const char **detail);

/* pipeline_alerts.c: whether there was ever an alert of that id. */
bool pipeline_alert_known(struct pipeline *pipeline, const char *id);

/* pipeline_papers.c: a paper, and what comes of it. `*detail` lives until the next one; NULL: there
 * is nothing to say. */
enum outcome pipeline_paper(struct pipeline *pipeline, const struct paper *paper,
                            const char **detail);

/* pipeline_alerts.c: after a fact about a meter: whether readings of it are held, whether it is
 * heard again. */
void pipeline_watch_meter(struct pipeline *pipeline, const struct fact *fact);

/* pipeline_alerts.c: a reading came: its meter is heard again. */
void pipeline_watch_life(struct pipeline *pipeline, const struct reading *reading);

/* pipeline_alerts.c: meters are listened to from now on; those silent at `due_us` are. */
void pipeline_silence_start(struct pipeline *pipeline, int64_t now_us);
void pipeline_silence_fire(struct pipeline *pipeline, int64_t due_us);

/* pipeline_timers.c: fires what is due at or before `now_us`, in order of time. */
void pipeline_timers_start(struct pipeline *pipeline);
/* … the same for a configuration that follows another: what is pending stays so. */
void pipeline_timers_follow(struct pipeline *pipeline);
void pipeline_timers_fire(struct pipeline *pipeline, int64_t now_us);

/* pipeline_periods.c: no period is to be closed yet; the one of a production day is; its time is
 * looked up again; it is closed, and the next one is to be. */
void pipeline_periods_start(struct pipeline *pipeline);
void pipeline_periods_begin(struct pipeline *pipeline, int32_t day);
void pipeline_periods_follow(struct pipeline *pipeline);
void pipeline_periods_fire(struct pipeline *pipeline);

/* pipeline_timers.c: a crew-shift was used at an instant. */
void pipeline_slot(struct pipeline *pipeline, struct crew_slot slot, int64_t ts_us);

/* pipeline_timers.c: others are on duty in [from, to) than were before. */
void pipeline_calendar_changed(struct pipeline *pipeline, int64_t from_us, int64_t to_us);

/* pipeline_history.c: gives the aggregator its history; writes the pages that the record in hand
 * has put, while `writing`, and forgets them; frees what was read. */
void pipeline_history_start(struct pipeline *pipeline);
void pipeline_history_write(struct pipeline *pipeline);
void pipeline_history_clear(struct pipeline *pipeline);

/* pipeline_show.c: writes what is open into the batch. */
void pipeline_write_open(struct pipeline *pipeline);

/* pipeline_show.c: all of it must be written again, as the meters are others. */
void pipeline_show_forget(struct pipeline *pipeline);

#endif
