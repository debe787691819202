/* Alerts that people handle, and alerts about meters: what the rules cannot see in postings. */
#include "meter_held.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

/* ---- Which alert is meant: its id is quota/scope/period/level ---- */

static bool find_quota(const struct plant *plant, const char *id, struct alert_transition *asked)
{
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        if (strcmp(plant->quotas[i].id, id) == 0) {
            asked->quota = (quota_id){(uint16_t)i};
            asked->matter = ALERT_QUOTA;
            return true;
        }
    }
    return false;
}

static bool find_matter(const char *id, struct alert_transition *asked)
{
    for (int matter = ALERT_QUOTA + 1; matter < ALERT_MATTERS; matter++) {
        if (strcmp(alert_matter_name((enum alert_matter)matter), id) == 0) {
            asked->matter = (enum alert_matter)matter;
            return true;
        }
    }
    return false;
}

/* The newest heat of that id: the one that comes to mind. */
static bool find_heat(const struct pipeline *pipeline, const char *id,
                      struct alert_transition *asked)
{
    const struct heats *heats = aggregator_heats(pipeline->aggregator);
    for (uint32_t no = heats_count(heats); no > 0; no--) {
        if (strcmp(heats_get(heats, (heat_no){no})->id, id) == 0) {
            asked->heat = (heat_no){no};
            return true;
        }
    }
    return false;
}

/* "2026-03-10 day A" */
static bool find_slot(const struct pipeline *pipeline, const char *period,
                      struct alert_transition *asked)
{
    enum { DAY_LENGTH = 10 };
    const struct catalog *catalog = &pipeline->plant->catalog;
    int32_t day = 0;
    if (strlen(period) <= DAY_LENGTH || !timestamp_parse_day(period, DAY_LENGTH, &day)) {
        return false;
    }
    for (uint16_t shift = 0; shift < catalog->shift_count; shift++) {
        for (uint16_t crew = 0; crew < catalog->crew_count; crew++) {
            char text[2 * CATALOG_ID_MAX + 3];
            snprintf(text, sizeof text, " %s %s", catalog->shifts[shift].id,
                     catalog->crews[crew].id);
            if (strcmp(period + DAY_LENGTH, text) == 0) {
                asked->slot = (struct crew_slot){.day = day, .shift = {shift}, .crew = {crew}};
                return true;
            }
        }
    }
    return false;
}

static bool find_level(const char *name, struct alert_transition *asked)
{
    for (int level = 0; level < ALERT_LEVELS; level++) {
        if (strcmp(alert_level_name((enum alert_level)level), name) == 0) {
            asked->level = (enum alert_level)level;
            return true;
        }
    }
    return false;
}

/* Whose alert it is, by the scope's name. */
static bool find_scope(const struct pipeline *pipeline, const char *scope, const char *period,
                       struct alert_transition *asked)
{
    if (strcmp(scope, balance_scope_name(BALANCE_METER)) == 0) {
        asked->scope = BALANCE_METER;
        return asked->matter != ALERT_QUOTA && asked->matter != ALERT_SYSTEM &&
               catalog_find_meter(&pipeline->plant->catalog, period, &asked->meter);
    }
    if (strcmp(scope, balance_scope_name(BALANCE_PLANT)) == 0) {
        asked->scope = BALANCE_PLANT;
        asked->trouble = trouble_kind_find(period, strlen(period));
        return asked->matter == ALERT_SYSTEM && asked->trouble != TROUBLE_NONE;
    }
    if (strcmp(scope, balance_scope_name(BALANCE_HEAT)) == 0) {
        asked->scope = BALANCE_HEAT;
        return asked->matter == ALERT_QUOTA && find_heat(pipeline, period, asked);
    }
    if (strcmp(scope, balance_scope_name(BALANCE_PERIOD)) == 0) {
        asked->scope = BALANCE_PERIOD;
        return asked->matter == ALERT_QUOTA && period_parse(period, &asked->period);
    }
    asked->scope = BALANCE_CREW;
    return asked->matter == ALERT_QUOTA && strcmp(scope, balance_scope_name(BALANCE_CREW)) == 0 &&
           find_slot(pipeline, period, asked);
}

/* A heat's id may hold a '/': the first two and the last one part the id. */
static bool find_alert(const struct pipeline *pipeline, const char *id,
                       struct alert_transition *asked)
{
    char text[PIPELINE_ALERT_ID_MAX + 1];
    if (strlen(id) > PIPELINE_ALERT_ID_MAX) {
        return false;
    }
    strcpy(text, id);
    char *scope = strchr(text, '/');
    char *period = scope != NULL ? strchr(scope + 1, '/') : NULL;
    char *level = period != NULL ? strrchr(period + 1, '/') : NULL;
    if (level == NULL) {
        return false;
    }
    *scope++ = *period++ = *level++ = '\0';
    return find_level(level, asked) &&
           (find_quota(pipeline->plant, text, asked) || find_matter(text, asked)) &&
           find_scope(pipeline, scope, period, asked);
}

bool pipeline_alert_known(struct pipeline *pipeline, const char *id)
{
    struct alert_transition asked = {0};
    return find_alert(pipeline, id, &asked) && rules_alert_known(pipeline->rules, &asked);
}

/* ---- Acknowledging and shelving ---- */

bool pipeline_is_of_alert(const struct fact *fact)
{
    return fact->kind == FACT_ENTRY &&
           (fact->as.entry.kind == ENTRY_ACK || fact->as.entry.kind == ENTRY_SHELVE);
}

/* Without a time a shelf ends with the shift in which the entry came. */
static int64_t shelf_end_us(struct pipeline *pipeline, const struct entry *entry)
{
    if (entry->until_us != INT64_MIN) {
        return entry->until_us;
    }
    return calendar_shift_at(aggregator_calendar(pipeline->aggregator), pipeline->now_us).end_us;
}

enum outcome pipeline_alert_entry(struct pipeline *pipeline, const struct entry *entry,
                                  const char **detail)
{
    static const struct {
        enum outcome outcome;
        const char *detail; /* follows the alert's id */
    } answers[ALERT_ANSWERS] = {
        [ALERT_DONE] = {OUTCOME_ACCEPTED, ""},
        [ALERT_SAME] = {OUTCOME_NO_EFFECT, "was so already"},
        [ALERT_OVER] = {OUTCOME_NOT_ALLOWED,
                        "is over: there is nothing to acknowledge or to put aside any more"},
        [ALERT_UNKNOWN] = {OUTCOME_NOT_ALLOWED,
                           "is no alert of this ledger; `heatledger report alerts --open` lists "
                           "their ids (quota/scope/period/level)"},
        [ALERT_PAST] = {OUTCOME_NOT_ALLOWED,
                        "would be put aside until a time that has passed; \"until\" must lie "
                        "ahead, without it the shelf ends with the shift"},
        [ALERT_CROWDED] = {OUTCOME_NOT_ALLOWED,
                           "cannot be put aside: too many alerts are; acknowledge those that were "
                           "seen"},
    };
    bool shelves = entry->kind == ENTRY_SHELVE;
    struct alert_transition asked = {
        .state = shelves ? ALERT_SHELVED : ALERT_ACKED,
        .at_us = pipeline->now_us,
        .by = entry->by,
        .reason = entry->reason,
        .until_us = shelves ? shelf_end_us(pipeline, entry) : 0,
    };
    enum alert_answer answer =
        find_alert(pipeline, entry->alert, &asked)
            ? rules_handle(pipeline->rules, &asked, pipeline_take_transition, pipeline)
            : ALERT_UNKNOWN;
    snprintf(pipeline->alert_detail, sizeof pipeline->alert_detail, "\"%s\" %s", entry->alert,
             answers[answer].detail);
    *detail = pipeline->alert_detail;
    return answers[answer].outcome;
}

/* ---- Readings that are held ---- */

static const meter_id *meter_of(const struct fact *fact)
{
    if (fact->kind == FACT_READING) {
        return &fact->as.reading.meter;
    }
    if (fact->kind == FACT_METER) {
        return &fact->as.meter.meter;
    }
    bool decides = fact->kind == FACT_ENTRY && fact->as.entry.kind <= ENTRY_READING;
    return decides ? &fact->as.entry.meter : NULL;
}

_Static_assert(ENTRY_ACCEPT < ENTRY_READING && ENTRY_REJECT < ENTRY_READING &&
                   ENTRY_READING < ENTRY_ROSTER,
               "the entries up to ENTRY_READING are about a meter");

/* A meter whose newest readings are held is told at once: its use is nobody's until that is
 * decided. */
static void watch_held(struct pipeline *pipeline, meter_id meter)
{
    struct meter_held first;
    bool held = meter_held_list(pipeline->aggregator, meter, &first, 1) > 0;
    if (held != rules_meter_stands(pipeline->rules, meter, ALERT_HELD)) {
        rules_meter_held(pipeline->rules, meter, held, held ? first.reading.amount_base : 0);
    }
}

/* ---- Meters that are silent ---- */

/* The first instant at which a meter that has a limit has been silent for too long. */
static int64_t silent_from_us(const struct pipeline *pipeline, meter_id meter)
{
    struct meter_state state;
    int64_t stale_us = pipeline->plant->catalog.meters[meter.index].stale_us;
    aggregator_meter(pipeline->aggregator, meter, &state);
    int64_t alive_us =
        state.last_alive_us != TIMESTAMP_NEVER_US ? state.last_alive_us : pipeline->heard_from_us;
    return alive_us + stale_us + 1;
}

void pipeline_silence_start(struct pipeline *pipeline, int64_t now_us)
{
    const struct catalog *catalog = &pipeline->plant->catalog;
    pipeline->heard_from_us = now_us;
    silences_start(&pipeline->silences, catalog->meter_count);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (catalog->meters[i].stale_us > 0) {
            silences_put(&pipeline->silences, (meter_id){i}, now_us); /* is found out then */
        }
    }
}

void pipeline_silence_fire(struct pipeline *pipeline, int64_t due_us)
{
    bool silent = false;
    meter_id meter;
    while (silences_pop(&pipeline->silences, due_us, &meter)) {
        int64_t from_us = silent_from_us(pipeline, meter);
        if (from_us <= due_us) {
            rules_meter_silent(pipeline->rules, meter, true);
            silent = true;
        } else {
            silences_put(&pipeline->silences, meter, from_us);
        }
    }
    if (silent) {
        pipeline_judge(pipeline, due_us - 1);
    }
}

/* What the broker had kept is no sign of life. */
void pipeline_watch_life(struct pipeline *pipeline, const struct reading *reading)
{
    if (silences_took(&pipeline->silences, reading->meter) && !reading->retained) {
        rules_meter_silent(pipeline->rules, reading->meter, false);
        silences_put(&pipeline->silences, reading->meter, silent_from_us(pipeline, reading->meter));
    }
}

void pipeline_watch_meter(struct pipeline *pipeline, const struct fact *fact)
{
    const meter_id *meter = meter_of(fact);
    if (meter == NULL) {
        return;
    }
    watch_held(pipeline, *meter);
    if (fact->kind == FACT_READING) {
        pipeline_watch_life(pipeline, &fact->as.reading);
    }
}
