/* A decoder of a small plant, and what it makes of a message: facts as text, outcome, detail. */
#ifndef DECODED_H
#define DECODED_H

#include "decode.h"
#include "paper.h"

#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRIVAL_US INT64_C(1773129600000000) /* 2026-03-10T08:00:00Z */

static struct item items[] = {{.id = "electricity", .unit = "kWh", .decimals = 3},
                              {.id = "femn", .unit = "kg", .decimals = 3}};
static struct station stations[] = {{.id = "LF"}, {.id = "BOF"}};
static struct crew crews[] = {{.id = "A"}, {.id = "B"}};
static struct shift shifts[] = {{.id = "day"}, {.id = "night"}};
#define ANY_VALUE .min_raw = INT64_MIN, .max_raw = INT64_MAX
static struct meter meters[] = {
    {.id = "E02", .kind = METER_REGISTER, .decimals = 3, ANY_VALUE},
    {.id = "M02", .item = {1}, .station = {1}, .kind = METER_EVENT, .decimals = 0, ANY_VALUE},
    {.id = "ARC", .kind = METER_INCREMENT, .decimals = 3, ANY_VALUE},
    {.id = "P02", .kind = METER_RATE, .decimals = 1, ANY_VALUE},
    {.id = "T01", .kind = METER_LEVEL, .decimals = 0, ANY_VALUE},
    {.id = "G01",
     .item = {0},
     .station = {0},
     .kind = METER_REGISTER,
     .decimals = 0,
     .min_raw = 0,
     .max_raw = 1000,
     .sentinel_count = 1,
     .sentinels_raw = {999}},
};
static struct catalog catalog = {.shop = "X",
                                 .item_count = 2,
                                 .station_count = 2,
                                 .meter_count = 6,
                                 .shift_count = 2,
                                 .crew_count = 2,
                                 .items = items,
                                 .stations = stations,
                                 .meters = meters,
                                 .shifts = shifts,
                                 .crews = crews};

static struct mapping *mappings;
static uint32_t mapping_count;
static struct decoder *decoder;

struct seen {
    char text[4096]; /* the facts, joined by " | " */
    enum outcome outcome;
    char detail[DECODE_DETAIL_MAX + 1];
    int facts, refusals;
};

static inline void add(struct seen *seen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void add(struct seen *seen, const char *format, ...)
{
    size_t used = strlen(seen->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(seen->text + used, sizeof seen->text - used, format, arguments);
    va_end(arguments);
}

static inline long long after_arrival_ms(int64_t ts_us)
{
    return (ts_us - ARRIVAL_US) / 1000;
}

static inline void add_reading(struct seen *seen, const struct reading *reading)
{
    add(seen, "%s ", meters[reading->meter.index].id);
    if (reading->value_raw == INT64_MIN) {
        add(seen, "nothing");
    } else {
        add(seen, "%lld", (long long)reading->value_raw);
    }
    add(seen, " @%lld", after_arrival_ms(reading->ts_us));
    if (reading->from_us != INT64_MIN) {
        add(seen, " from %lld", after_arrival_ms(reading->from_us));
    }
    if (reading->seq != -1) {
        add(seen, " seq %lld", (long long)reading->seq);
    }
    if (reading->heat != NULL) {
        add(seen, " heat %s", reading->heat);
    }
    if (reading->id != NULL) {
        add(seen, " id %s", reading->id);
    }
    if (reading->void_id != NULL) {
        add(seen, " void %s", reading->void_id);
    }
    add(seen, "%s%s%s", reading->quality == READING_UNCERTAIN ? " U" : "",
        reading->ts_assumed ? " assumed" : "", reading->retained ? " retained" : "");
}

static inline void add_heat(struct seen *seen, const struct heat_event *heat)
{
    add(seen, "heat %s kind %d @%lld", heat->heat, (int)heat->kind, after_arrival_ms(heat->ts_us));
    if (heat->station.index != CATALOG_NONE) {
        add(seen, " at %s", stations[heat->station.index].id);
    }
    if (heat->id != NULL) {
        add(seen, " id %s", heat->id);
    }
    if (heat->steel_g >= 0) {
        add(seen, " steel %lld", (long long)heat->steel_g);
    }
    if (heat->planned_g >= 0) {
        add(seen, " planned %lld", (long long)heat->planned_g);
    }
    if (heat->moved_g >= 0) {
        add(seen, " moved %lld", (long long)heat->moved_g);
    }
    if (heat->to != NULL) {
        add(seen, " to %s", heat->to);
    }
    if (heat->of != NULL) {
        add(seen, " of %s", heat->of);
    }
    if (heat->grade != NULL) {
        add(seen, " grade %s", heat->grade);
    }
}

static inline void add_entry(struct seen *seen, const struct entry *entry)
{
    static const char *const kinds[ENTRY_KIND_COUNT] = {"accept", "reject", "reading", "roster",
                                                        "ack",    "shelve", "other"};
    add(seen, "%s by %s @%lld", kinds[entry->kind], entry->by, after_arrival_ms(entry->ts_us));
    if (entry->kind <= ENTRY_READING) {
        add(seen, " %s at %lld", meters[entry->meter.index].id, after_arrival_ms(entry->at_us));
    }
    if (entry->value_raw != INT64_MIN) {
        add(seen, " value %lld", (long long)entry->value_raw);
    }
    if (entry->kind == ENTRY_ROSTER) {
        add(seen, " day %d %s crew %s", (int)entry->day, shifts[entry->shift.index].id,
            entry->crew.index == CATALOG_NONE ? "nobody" : crews[entry->crew.index].id);
    }
    if (entry->alert != NULL) {
        add(seen, " alert %s", entry->alert);
    }
    if (entry->until_us != INT64_MIN) {
        add(seen, " until %lld", after_arrival_ms(entry->until_us));
    }
    if (entry->reason != NULL) {
        add(seen, " reason %s", entry->reason);
    }
    if (entry->kind == ENTRY_OTHER) {
        add(seen, " %s", entry->text);
    }
}

static inline void add_paper_field(struct seen *seen, const struct paper *paper,
                                   const struct paper_field *field)
{
    const char *at = (const char *)paper + field->offset;
    const char *text = NULL;
    int64_t number = PAPER_NOT_GIVEN;
    uint16_t index = CATALOG_NONE;
    char period[PERIOD_TEXT_MAX];
    if (field->type == PAPER_TEXT || field->type == PAPER_ID || field->type == PAPER_METERS) {
        memcpy(&text, at, sizeof text);
    } else if (field->type == PAPER_CREW || field->type == PAPER_ITEM) {
        memcpy(&index, at, sizeof index);
        text = index == CATALOG_NONE       ? NULL
               : field->type == PAPER_CREW ? crews[index].id
                                           : items[index].id;
    } else if (field->type == PAPER_PERIOD) {
        text = period_format(paper->period, period);
    } else {
        memcpy(&number, at, sizeof number);
    }
    if (text != NULL) {
        add(seen, " %s=%s", field->key, text);
    } else if (number != PAPER_NOT_GIVEN && field->type == PAPER_TIME) {
        add(seen, " %s@%lld", field->key, after_arrival_ms(number));
    } else if (number != PAPER_NOT_GIVEN) {
        add(seen, " %s=%lld", field->key, (long long)number);
    }
}

static inline void add_paper(struct seen *seen, const struct paper *paper)
{
    const struct paper_form *form = paper_form(paper->kind);
    add(seen, "%s by %s @%lld", form->event, paper->by, after_arrival_ms(paper->ts_us));
    for (size_t i = 0; i < form->field_count; i++) {
        add_paper_field(seen, paper, &form->fields[i]);
    }
    assert_non_null(paper->text);
}

static inline void on_fact(void *context, const struct fact *fact)
{
    struct seen *seen = context;
    if (seen->facts++ > 0) {
        add(seen, " | ");
    }
    switch (fact->kind) {
    case FACT_READING:
        add_reading(seen, &fact->as.reading);
        break;
    case FACT_HEAT:
        add_heat(seen, &fact->as.heat);
        break;
    case FACT_CREW:
        add(seen, "crew %s @%lld", crews[fact->as.crew.crew.index].id,
            after_arrival_ms(fact->as.crew.ts_us));
        break;
    case FACT_METER:
        add(seen, "meter %s kind %d @%lld", meters[fact->as.meter.meter.index].id,
            (int)fact->as.meter.kind, after_arrival_ms(fact->as.meter.ts_us));
        if (fact->as.meter.final_raw != INT64_MIN) {
            add(seen, " final %lld", (long long)fact->as.meter.final_raw);
        }
        if (fact->as.meter.initial_raw != INT64_MIN) {
            add(seen, " initial %lld", (long long)fact->as.meter.initial_raw);
        }
        if (fact->as.meter.kind == METER_EVENT_MULTIPLIER) {
            add(seen, " x %lld/%lld", (long long)fact->as.meter.value_num,
                (long long)fact->as.meter.value_den);
        }
        break;
    case FACT_ENTRY:
        add_entry(seen, &fact->as.entry);
        break;
    case FACT_PAPER:
        add_paper(seen, fact->as.paper);
        break;
    }
}

static inline void on_refused(void *context, const meter_id *meter, enum outcome outcome,
                              const char *detail)
{
    (void)meter;
    struct seen *seen = context;
    seen->refusals++;
    seen->outcome = outcome;
    assert_true(strlen(detail) <= DECODE_DETAIL_MAX);
    snprintf(seen->detail, sizeof seen->detail, "%s", detail);
}

static inline struct seen decode_bytes(const char *topic, const void *payload, size_t length,
                                       enum journal_kind kind, bool retain)
{
    struct seen seen = {.text = ""};
    /* a copy of the exact size: reading beyond it is found */
    char *copy = malloc(length + 1);
    memcpy(copy, payload, length);
    copy = realloc(copy, length > 0 ? length : 1);
    struct journal_record record = {.kind = kind,
                                    .arrival_us = ARRIVAL_US,
                                    .retain = retain,
                                    .topic = topic,
                                    .topic_length = strlen(topic),
                                    .payload = copy,
                                    .payload_length = length};
    struct decode_sink sink = {&seen, on_fact, on_refused};
    decode(decoder, &record, &sink);
    free(copy);
    return seen;
}

#define E02 "plant/X/LF/electricity/E02"
#define T0 "\"ts\":\"2026-03-10T08:00:00Z\""

/* A message, all its facts, and what is refused of it. */
struct decoded_case {
    const char *topic, *payload;
    const char *facts; /* all of them */
    enum outcome outcome;
    const char *detail; /* a part of it; NULL: nothing is refused */
};

static inline void assert_decoded(const struct decoded_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct seen seen = decode_bytes(cases[i].topic, cases[i].payload, strlen(cases[i].payload),
                                        JOURNAL_MESSAGE, false);
        bool refusal_right = cases[i].detail == NULL
                                 ? seen.refusals == 0
                                 : seen.refusals == 1 && seen.outcome == cases[i].outcome &&
                                       strstr(seen.detail, cases[i].detail) != NULL;
        if (strcmp(seen.text, cases[i].facts) != 0 || !refusal_right) {
            fail_msg("%s %s\n  facts:   %s\n  not:     %s\n  refused: %s: %s\n  not:     %s",
                     cases[i].topic, cases[i].payload, seen.text, cases[i].facts,
                     seen.refusals > 0 ? outcome_info(seen.outcome)->name : "nothing", seen.detail,
                     cases[i].detail == NULL ? "nothing" : cases[i].detail);
        }
    }
}

static inline int decoder_set_up(void **state)
{
    (void)state;
    catalog_index_build(&catalog);
    mappings = mapping_native("X", &mapping_count);
    const struct decode_limits limits = {60 * TIMESTAMP_SECOND_US, 100000, NULL};
    decoder = decoder_create(&catalog, mappings, mapping_count, &limits);
    return 0;
}

static inline int decoder_tear_down(void **state)
{
    (void)state;
    decoder_destroy(decoder);
    free(mappings);
    return 0;
}

#endif
