/* The pipeline's inside, shared by its own files only. */
#ifndef HEATLEDGER_PIPELINE_STATE_H
#define HEATLEDGER_PIPELINE_STATE_H

#include "aggregator.h"
#include "book.h"
#include "decode.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"
#include "rules.h"
#include "slots.h"

struct pipeline {
    struct journal *journal;
    struct book *book;
    uint64_t position; /* of the next record */
    uint64_t end;      /* take none from here on */
    bool proving;      /* the journal is only looked at */
    bool muted;        /* nothing goes to the outbox */
    int64_t now_us;    /* arrival of the newest record; never goes back */

    struct plant *plant;
    int32_t plant_version;
    struct decoder *decoder;
    struct aggregator *aggregator;
    struct rules *rules;
    struct slots *slots;
    struct duty present_shift;  /* the shift of now_us, whose crew-shift exists without any use */
    int64_t handover_due_us;    /* when the summary of … */
    struct duty handover_shift; /* … this shift is made */
    struct outcome_counts outcomes;

    const struct journal_record *record; /* in hand */
    bool writing;                        /* its effects are not in the ledger yet */
    bool batch_open;
    struct told_heat {
        heat_no heat;
        struct effect_id id;
    } * told; /* heats whose state changed in this batch: told when it is written */
    size_t told_count, told_capacity;
    uint32_t reject_ordinal, alert_ordinal, outbox_ordinal; /* of the record in hand */
    uint64_t shown_position;
    uint32_t last_session;
    int64_t outbox_sent, outbox_forgotten; /* rows */
    struct failure failure;                /* the first one; nothing goes on after it */
};

/* pipeline.c: opens the ledger's batch if it is not. Only while `writing`. */
void pipeline_batch(struct pipeline *pipeline);

/* pipeline.c: the identity of the next message out that the record in hand brings about. */
struct effect_id pipeline_message_id(struct pipeline *pipeline);

/* pipeline_facts.c: decodes the record in hand and books what it says. */
void pipeline_facts(struct pipeline *pipeline);

/* pipeline_facts.c: writes the messages about heats whose state changed; after what is open. */
void pipeline_tell_heats(struct pipeline *pipeline);

/* pipeline_facts.c: judges what changed; the engine's time is `now_us`. */
void pipeline_judge(struct pipeline *pipeline, int64_t now_us);

/* pipeline_timers.c: fires what is due at or before `now_us`, in order of time. */
void pipeline_timers_start(struct pipeline *pipeline);
void pipeline_timers_fire(struct pipeline *pipeline, int64_t now_us);

/* pipeline_timers.c: a crew-shift was used at an instant. */
void pipeline_slot(struct pipeline *pipeline, struct crew_slot slot, int64_t ts_us);

/* pipeline_timers.c: takeovers moved the ends of crew-shifts. */
void pipeline_calendar_changed(struct pipeline *pipeline);

/* pipeline_show.c: writes what is open into the batch. */
void pipeline_write_open(struct pipeline *pipeline);

#endif
