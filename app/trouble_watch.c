#include "trouble_watch.h"

#include "message_topic.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define WHY_MAX 512 /* bytes of why there is no connection */

void trouble_watch_start(struct trouble_watch *watch, const struct engine *engine,
                         struct metrics *metrics, bool measured)
{
    *watch = (struct trouble_watch){.engine = engine, .metrics = metrics, .measured = measured};
}

void trouble_watch_connect(struct trouble_watch *watch, struct subscriber *subscriber,
                           struct sender *sender)
{
    watch->subscriber = subscriber;
    watch->sender = sender;
}

void trouble_watch_adopt(struct trouble_watch *watch)
{
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        int64_t since_us;
        if (pipeline_trouble(watch->engine->pipeline, (enum trouble_kind)kind, &since_us)) {
            trouble_adopt(&watch->troubles, (enum trouble_kind)kind, since_us);
        }
    }
    /* Both are open. */
    trouble_of_book(&watch->troubles, BOOK_SOUND, "", wall_clock_us());
    trouble_end(&watch->troubles, TROUBLE_JOURNAL_BROKEN, wall_clock_us());
}

/* ---- Looking ---- */

static void look_at_journal(struct trouble_watch *watch)
{
    struct failure why = {0};
    bool room = journal_has_room(watch->engine->journal, &why);
    bool blocked = subscriber_blocked(watch->subscriber);
    trouble_set(&watch->troubles, TROUBLE_JOURNAL_ROOM, !room, why.text, wall_clock_us());
    trouble_set(&watch->troubles, TROUBLE_JOURNAL_BLOCKED, blocked,
                room ? "nothing can be appended to the journal" : why.text, wall_clock_us());
}

bool trouble_is_past(bool stands, int64_t value, int64_t limit)
{
    return stands ? value > limit / 2 : value >= limit;
}

static bool is_past(const struct trouble_watch *watch, enum trouble_kind kind, int64_t value,
                    int64_t limit)
{
    return trouble_is_past(watch->troubles.of[kind].stands, value, limit);
}

static uint64_t position_of(const struct engine *engine)
{
    return engine->pipeline != NULL ? pipeline_position(engine->pipeline) : engine->told_before;
}

static void look_at_backlog(struct trouble_watch *watch)
{
    const struct engine *engine = watch->engine;
    const struct plant_limits *limits = &engine->plant->limits;
    int64_t now_us = wall_clock_us();
    struct backlog_sight sight = backlog_look(&watch->backlog, engine->journal, engine->pipeline,
                                              position_of(engine), now_us);
    int64_t age_us = watch->measured ? sight.age_us : 0;
    bool past = is_past(watch, TROUBLE_BACKLOG, (int64_t)sight.records, limits->backlog_records) ||
                is_past(watch, TROUBLE_BACKLOG, age_us, limits->backlog_us);
    char text[256];
    snprintf(text, sizeof text,
             "the ledger is behind the journal by %" PRIu64 " records and %" PRId64
             " s (limits.backlog_records %" PRId64 ", limits.backlog_s %" PRId64 ")",
             sight.records, age_us / TIMESTAMP_SECOND_US, limits->backlog_records,
             limits->backlog_us / TIMESTAMP_SECOND_US);
    trouble_set(&watch->troubles, TROUBLE_BACKLOG, past, text, now_us);
}

static void look_at_outbox(struct trouble_watch *watch)
{
    int64_t limit = watch->engine->plant->limits.outbox_messages;
    int64_t waiting = sender_waiting(watch->sender);
    char text[160];
    if (waiting < 0) {
        return; /* not known now */
    }
    snprintf(text, sizeof text,
             "%" PRId64 " messages wait to be sent (limits.outbox_messages %" PRId64 ")", waiting,
             limit);
    trouble_set(&watch->troubles, TROUBLE_OUTBOX, is_past(watch, TROUBLE_OUTBOX, waiting, limit),
                text, wall_clock_us());
}

static void look_at_broker(struct trouble_watch *watch)
{
    int64_t limit_us = watch->engine->plant->limits.broker_away_us, now_us = steady_clock_us();
    char why[WHY_MAX] = "", text[WHY_MAX + 128];
    if (subscriber_connected(watch->subscriber)) {
        watch->away_since_us = 0;
        trouble_end(&watch->troubles, TROUBLE_BROKER_AWAY, wall_clock_us());
        return;
    }
    if (watch->away_since_us == 0) {
        watch->away_since_us = now_us;
    }
    if (now_us - watch->away_since_us >= limit_us) {
        subscriber_why(watch->subscriber, why, sizeof why);
        snprintf(text, sizeof text, "no connection for %" PRId64 " s (limits.broker_away_s): %s",
                 limit_us / TIMESTAMP_SECOND_US, why[0] != '\0' ? why : "none was made yet");
        trouble_begin(&watch->troubles, TROUBLE_BROKER_AWAY, text, wall_clock_us());
    }
}

/* ---- Telling ---- */

/* Not through the outbox, which is in the ledger. */
static void publish(struct trouble_watch *watch, enum trouble_kind kind, const struct plant *plant)
{
    char topic[MESSAGE_TOPIC_MAX];
    const struct trouble *trouble = &watch->troubles.of[kind];
    if (watch->told_any && watch->told_of[kind].stands == trouble->stands &&
        watch->told_of[kind].since_us == trouble->since_us) {
        return;
    }
    watch->told_of[kind].stands = trouble->stands;
    watch->told_of[kind].since_us = trouble->since_us;
    char *alert = trouble_alert(&watch->troubles, kind, &plant->roster.zone);
    message_topic_begin(topic, plant->broker.root);
    message_topic_add(topic, "alerts");
    message_topic_add(topic, "system");
    message_topic_add(topic, "plant");
    message_topic_add(topic, trouble_kind_name(kind));
    message_topic_add(topic, "limit");
    sender_live(watch->sender, topic, alert);
    free(alert);
}

/* At the start, too: what a run that was killed had raised is taken away. */
void trouble_watch_tell(struct trouble_watch *watch, const struct plant *plant)
{
    if (watch->told_any && watch->told == watch->troubles.changes) {
        return;
    }
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        publish(watch, (enum trouble_kind)kind, plant);
        metric_set(watch->metrics, METRIC_TROUBLE, (uint32_t)kind - 1,
                   watch->troubles.of[kind].stands ? 1 : 0);
    }
    if (watch->troubles.changes > 0) {
        char *members = trouble_status(&watch->troubles, &plant->roster.zone);
        sender_trouble(watch->sender, members);
        free(members);
    }
    watch->told = watch->troubles.changes;
    watch->told_any = true;
}

void trouble_watch_turn(struct trouble_watch *watch)
{
    const struct engine *engine = watch->engine;
    if (watch->subscriber == NULL || watch->sender == NULL) {
        return;
    }
    look_at_journal(watch);
    look_at_backlog(watch);
    look_at_outbox(watch);
    look_at_broker(watch);
    int64_t engine_us = engine->pipeline != NULL ? pipeline_now_us(engine->pipeline) : 0;
    trouble_note_all(&watch->troubles, engine->journal,
                     watch->measured ? wall_clock_us() : engine_us);
    trouble_watch_tell(watch, engine->plant);
}
