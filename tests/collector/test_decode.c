/* Topic and payload → facts, or an outcome with a detail: each rule of INTERFACES that concerns
 * decoding is a row. */
#include "decode.h"

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

static struct item items[] = {{.id = "electricity", .decimals = 3}, {.id = "femn", .decimals = 3}};
static struct station stations[] = {{.id = "LF"}, {.id = "BOF"}};
static struct crew crews[] = {{.id = "A"}, {.id = "B"}};
static struct shift shifts[] = {{.id = "day"}, {.id = "night"}};
#define METER(name, number, place, what, digits)                                                   \
    {                                                                                              \
        .id = name, .item = {number}, .station = {place}, .kind = what, .decimals = digits,        \
        .min_raw = INT64_MIN, .max_raw = INT64_MAX                                                 \
    }
static struct meter meters[] = {
    METER("E02", 0, 0, METER_REGISTER, 3),
    METER("M02", 1, 1, METER_EVENT, 0),
    METER("ARC", 0, 0, METER_INCREMENT, 3),
    METER("P02", 0, 0, METER_RATE, 1),
    METER("T01", 0, 0, METER_LEVEL, 0),
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

static void add(struct seen *seen, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct seen *seen, const char *format, ...)
{
    size_t used = strlen(seen->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(seen->text + used, sizeof seen->text - used, format, arguments);
    va_end(arguments);
}

static long long after_arrival_ms(int64_t ts_us)
{
    return (ts_us - ARRIVAL_US) / 1000;
}

static void add_reading(struct seen *seen, const struct reading *reading)
{
    add(seen, "%s %lld @%lld", meters[reading->meter.index].id, (long long)reading->value_raw,
        after_arrival_ms(reading->ts_us));
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

static void add_heat(struct seen *seen, const struct heat_event *heat)
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

static void add_entry(struct seen *seen, const struct entry *entry)
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

static void on_fact(void *context, const struct fact *fact)
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
    }
}

static void on_refused(void *context, const meter_id *meter, enum outcome outcome,
                       const char *detail)
{
    (void)meter;
    struct seen *seen = context;
    seen->refusals++;
    seen->outcome = outcome;
    assert_true(strlen(detail) <= DECODE_DETAIL_MAX);
    snprintf(seen->detail, sizeof seen->detail, "%s", detail);
}

static struct seen decode_bytes(const char *topic, const void *payload, size_t length,
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
#define M02 "plant/X/BOF/femn/M02"
#define ARC "plant/X/LF/electricity/ARC"
#define G01 "plant/X/LF/electricity/G01"
#define ENTRY "plant/X/entry"
#define BY "\"by\":\"li\",\"event\":"
#define DAY0 "\"day\":\"2026-03-10\""
#define T0 "\"ts\":\"2026-03-10T08:00:00Z\""

static const struct {
    const char *topic, *payload;
    const char *facts; /* all of them */
    enum outcome outcome;
    const char *detail; /* a part of it; NULL: nothing is refused */
} cases[] = {
    /* values */
    {E02, "{" T0 ",\"value\":12.345}", "E02 12345 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"12.345\"}", "E02 12345 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":0.1}", "E02 100 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":-0.5}", "E02 -500 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":4e+05}", "E02 400000000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"4e+05\"}", "E02 400000000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1.0005}", "E02 1001 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"1.0005\"}", "E02 1001 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":123456789012.345}", "E02 123456789012345 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":999999999999.999}", "E02 999999999999999 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":9007199254740.992}", "", OUTCOME_OUT_OF_RANGE,
     "a decimal string is needed"},
    {E02, "{" T0 ",\"value\":\"9007199254740.993\"}", "E02 9007199254740993 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"99999999999999999999\"}", "", OUTCOME_OUT_OF_RANGE, "63 bits"},
    {E02, "{" T0 ",\"value\":null}", "", OUTCOME_BAD_VALUE, "\"value\" is null"},
    {E02, "{" T0 ",\"value\":\"\"}", "", OUTCOME_BAD_VALUE, "decimal string"},
    {E02, "{" T0 ",\"value\":\"NaN\"}", "", OUTCOME_BAD_VALUE, "\"NaN\""},
    {E02, "{" T0 ",\"value\":true}", "", OUTCOME_BAD_VALUE, "is true"},
    {E02, "{" T0 ",\"value\":[1]}", "", OUTCOME_BAD_VALUE, "an array"},
    {E02, "{" T0 ",\"value\":\"1,5\"}", "", OUTCOME_BAD_VALUE, "decimal string"},
    {E02, "{" T0 "}", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {E02, "{" T0 ",\"Value\":1}", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {G01, "{" T0 ",\"value\":999}", "", OUTCOME_BAD_VALUE, "sentinel"},
    {G01, "{" T0 ",\"value\":1000}", "G01 1000 @0", 0, NULL},
    {G01, "{" T0 ",\"value\":1001}", "", OUTCOME_OUT_OF_RANGE, "0 to 1000"},
    {G01, "{" T0 ",\"value\":-1}", "", OUTCOME_OUT_OF_RANGE, "range of meter \"G01\""},
    /* JSON that is none, or has no one meaning */
    {E02, "", "", OUTCOME_UNDECODABLE, "empty"},
    {E02, "{" T0 ",\"value\":1} x", "", OUTCOME_UNDECODABLE, "follows the value"},
    {E02, "{" T0 ",\"value\":1", "", OUTCOME_UNDECODABLE, "comma or }"},
    {E02, "{" T0 ",\"value\":1,\"value\":2}", "", OUTCOME_UNDECODABLE, "\"value\" stands twice"},
    {E02, "{" T0 ",\"value\":1,\"x\":{\"a\":1,\"a\":1}}", "", OUTCOME_UNDECODABLE, "\"a\""},
    {E02, "{" T0 ",\"value\":1e400}", "", OUTCOME_UNDECODABLE, "1e400"},
    {E02, "{" T0 ",\"value\":-1e400}", "", OUTCOME_UNDECODABLE, "1e400"},
    {E02, "{" T0 ",\"value\":01}", "", OUTCOME_UNDECODABLE, "byte 39"},
    {E02, "{" T0 ",\"value\":+1}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":.5}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":1.}", "", OUTCOME_UNDECODABLE, "digit"},
    {E02, "{" T0 ",\"value\":NaN}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\xc3\"}", "", OUTCOME_UNDECODABLE, "not UTF-8"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\xed\xa0\x80\"}", "", OUTCOME_UNDECODABLE, "not UTF-8"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"a\\u0000b\"}", "", OUTCOME_UNDECODABLE, "\\u0000"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\\ud800\"}", "", OUTCOME_UNDECODABLE, "surrogate"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"a\nb\"}", "", OUTCOME_UNDECODABLE, "control character"},
    {E02, "{" T0 ",\"value\":1,}", "", OUTCOME_UNDECODABLE, "a key is expected"},
    {E02, "{'ts':1}", "", OUTCOME_UNDECODABLE, "a key is expected"},
    {E02, "17.5", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {E02, "[]", "", OUTCOME_BAD_FIELD, "empty"},
    /* times */
    {E02, "{\"ts\":\"2026-03-10T15:59:50.250+08:00\",\"value\":1}", "E02 1000 @-9750", 0, NULL},
    {E02, "{\"value\":1}", "E02 1000 @0 assumed", 0, NULL},
    {E02, "{\"ts\":null,\"value\":1}", "E02 1000 @0 assumed", 0, NULL},
    {E02, "{\"ts\":\"2026-03-10T08:00:00\",\"value\":1}", "", OUTCOME_BAD_TIME, "offset"},
    {E02, "{\"ts\":\"2026-02-30T08:00:00Z\",\"value\":1}", "", OUTCOME_BAD_TIME, "RFC 3339"},
    {E02, "{\"ts\":1773129600,\"value\":1}", "", OUTCOME_BAD_TIME, "RFC 3339"},
    {E02, "{\"ts\":\"1999-12-31T23:59:59Z\",\"value\":1}", "", OUTCOME_BAD_TIME, "2000 to 2100"},
    {E02, "{\"ts\":\"2026-03-10T08:01:00Z\",\"value\":1}", "E02 1000 @60000", 0, NULL},
    {E02, "{\"ts\":\"2026-03-10T08:01:01Z\",\"value\":1}", "", OUTCOME_FUTURE,
     "61 s ahead of its arrival; at most 60 s"},
    /* quality, sequence, names */
    {E02, "{" T0 ",\"value\":1,\"quality\":\"good\"}", "E02 1000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1,\"quality\":\"uncertain\"}", "E02 1000 @0 U", 0, NULL},
    {E02, "{" T0 ",\"value\":null,\"quality\":\"bad\"}", "", OUTCOME_BAD_QUALITY, "bad"},
    {E02, "{" T0 ",\"value\":1,\"quality\":\"fine\"}", "", OUTCOME_BAD_FIELD, "\"fine\""},
    {E02, "{" T0 ",\"value\":1,\"seq\":7}", "E02 1000 @0 seq 7", 0, NULL},
    {E02, "{" T0 ",\"value\":1,\"seq\":-7}", "", OUTCOME_BAD_FIELD, "negative"},
    {E02, "{" T0 ",\"value\":1,\"seq\":1.5}", "", OUTCOME_BAD_FIELD, "finer"},
    {M02, "{" T0 ",\"value\":5,\"heat\":\"12602485\",\"id\":\"t-1\"}",
     "M02 5 @0 heat 12602485 id t-1", 0, NULL},
    {M02, "{" T0 ",\"value\":5,\"heat\":12602485}", "M02 5 @0 heat 12602485", 0, NULL},
    {M02, "{" T0 ",\"value\":5,\"heat\":null}", "M02 5 @0", 0, NULL},
    {M02, "{" T0 ",\"value\":5,\"heat\":\"\"}", "", OUTCOME_BAD_FIELD, "1 to 32 bytes"},
    {M02, "{" T0 ",\"value\":5,\"heat\":\"123456789012345678901234567890123\"}", "",
     OUTCOME_BAD_FIELD, "1 to 32 bytes"},
    {M02, "{" T0 ",\"value\":5,\"heat\":\"炉1-\xc3\xa9\"}", "M02 5 @0 heat 炉1-\xc3\xa9", 0, NULL},
    {M02, "{" T0 ",\"value\":5,\"heat\":\"a\\tb\"}", "", OUTCOME_BAD_FIELD, "printable"},
    {M02, "{" T0 ",\"void\":\"t-1\"}", "M02 0 @0 void t-1", 0, NULL},
    {M02, "{" T0 ",\"value\":5,\"from\":\"2026-03-10T07:00:00Z\"}", "", OUTCOME_NOT_ALLOWED,
     "kind event"},
    {ARC, "{" T0 ",\"value\":5,\"from\":\"2026-03-10T07:59:00Z\",\"heat\":\"1\"}",
     "ARC 5000 @0 from -60000 heat 1", 0, NULL},
    {ARC, "{" T0 ",\"value\":5,\"from\":\"2026-03-10T08:00:01Z\"}", "", OUTCOME_BAD_TIME,
     "later than"},
    {E02, "{" T0 ",\"value\":1,\"heat\":\"1\"}", "", OUTCOME_NOT_ALLOWED, "kind register"},
    {"plant/X/LF/electricity/P02", "{" T0 ",\"value\":1,\"heat\":\"1\"}", "", OUTCOME_NOT_ALLOWED,
     "kind rate"},
    {"plant/X/LF/electricity/T01", "{" T0 ",\"value\":1,\"heat\":\"1\"}", "", OUTCOME_NOT_ALLOWED,
     "kind level"},
    /* topics, meters, and what the configuration says of them */
    {"plant/X/nothing", "{}", "", OUTCOME_UNKNOWN_TOPIC, "plant/X/nothing"},
    {"plant/Y/LF/electricity/E02", "{}", "", OUTCOME_UNKNOWN_TOPIC, "plant/Y/LF"},
    {"plant/X/LF/electricity/E02/more", "{}", "", OUTCOME_UNKNOWN_TOPIC, "more"},
    {"plant/X/LF/electricity/E99", "{" T0 ",\"value\":1}", "", OUTCOME_UNKNOWN_METER,
     "meter \"E99\" is not in plant.json; known at station LF: E02, ARC, P02"},
    {"plant/X/LF/electricity/e02", "{" T0 ",\"value\":1}", "", OUTCOME_UNKNOWN_METER, "\"e02\""},
    {"plant/X/LF/electricity/", "{" T0 ",\"value\":1}", "", OUTCOME_BAD_FIELD, "meter"},
    {"plant/X/BOF/electricity/E02", "{" T0 ",\"value\":1}", "", OUTCOME_NOT_ALLOWED,
     "at station \"BOF\", plant.json has station \"LF\""},
    {"plant/X/LF/femn/E02", "{" T0 ",\"value\":1}", "", OUTCOME_NOT_ALLOWED,
     "plant.json has item \"electricity\""},
    /* arrays and batches: what is good is taken */
    {E02, "[{" T0 ",\"value\":1},{" T0 ",\"value\":null},{" T0 ",\"value\":3}]",
     "E02 1000 @0 | E02 3000 @0", OUTCOME_BAD_VALUE, "null"},
    {"plant/X/readings",
     "{" T0 ",\"readings\":[{\"meter\":\"E02\",\"value\":1},{\"meter\":\"M02\",\"value\":2,"
     "\"ts\":\"2026-03-10T07:59:59Z\"}]}",
     "E02 1000 @0 | M02 2 @-1000", 0, NULL},
    {"plant/X/readings",
     "{" T0 ",\"readings\":[{\"meter\":\"E99\",\"value\":1},{\"meter\":\"E02\","
     "\"value\":2}]}",
     "E02 2000 @0", OUTCOME_UNKNOWN_METER, "E99"},
    {"plant/X/readings", "{" T0 "}", "", OUTCOME_BAD_FIELD, "\"readings\" is missing"},
    {"plant/X/readings", "{" T0 ",\"readings\":{}}", "", OUTCOME_BAD_FIELD, "must be an array"},
    {"plant/X/readings", "{" T0 ",\"readings\":[]}", "", OUTCOME_BAD_FIELD, "empty"},
    /* heats */
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"start\",\"station\":\"LF\",\"id\":\"s\"}",
     "heat 1 kind 0 @0 at LF id s", 0, NULL},
    {"plant/X/heat",
     "{" T0 ",\"heat\":\"1\",\"event\":\"start\",\"station\":\"LF\",\"planned_kg\":100000}",
     "heat 1 kind 0 @0 at LF planned 100000000", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"start\"}", "", OUTCOME_BAD_FIELD,
     "\"station\" is missing"},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"start\",\"station\":\"RH\"}", "",
     OUTCOME_UNKNOWN_STATION, "known: LF, BOF"},
    {"plant/X/heat",
     "{" T0 ",\"heat\":\"1\",\"event\":\"tap\",\"steel_kg\":\"99600.125\",\"grade\":\"Q235\"}",
     "heat 1 kind 2 @0 steel 99600125 grade Q235", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"tap\",\"steel_kg\":132300.1}",
     "heat 1 kind 2 @0 steel 132300100", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"tap\",\"steel_kg\":\"1.0005\"}",
     "heat 1 kind 2 @0 steel 1001", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"weight\"}", "", OUTCOME_BAD_FIELD,
     "\"steel_kg\" is missing"},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"weight\",\"steel_kg\":0}",
     "heat 1 kind 3 @0 steel 0", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"weight\",\"steel_kg\":-1}", "",
     OUTCOME_OUT_OF_RANGE, "less than 0 kg"},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"return\",\"to\":\"2\",\"kg\":40000}",
     "heat 1 kind 4 @0 moved 40000000 to 2", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"renumber\"}", "", OUTCOME_BAD_FIELD,
     "\"to\" is missing"},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"void\",\"of\":\"s\"}",
     "heat 1 kind 8 @0 of s", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"melt\"}", "", OUTCOME_UNKNOWN_EVENT,
     "known: start, end, tap"},
    {"plant/X/heat", "{" T0 ",\"event\":\"start\"}", "", OUTCOME_BAD_FIELD, "\"heat\" is missing"},
    /* crews, meters, entries */
    {"plant/X/crew", "{" T0 ",\"event\":\"takeover\",\"crew\":\"B\"}", "crew B @0", 0, NULL},
    {"plant/X/crew", "{" T0 ",\"event\":\"takeover\",\"crew\":\"Z\"}", "", OUTCOME_UNKNOWN_CREW,
     "known: A, B"},
    {"plant/X/crew", "{" T0 ",\"event\":\"leave\",\"crew\":\"B\"}", "", OUTCOME_UNKNOWN_EVENT,
     "takeover"},
    {"plant/X/crew", "{" T0 ",\"crew\":\"B\"}", "", OUTCOME_BAD_FIELD, "\"event\" is missing"},
    {"plant/X/meter",
     "{" T0 ",\"meter\":\"E02\",\"event\":\"exchange\",\"final\":84213,\"initial\":\"12.5\"}",
     "meter E02 kind 0 @0 final 84213000 initial 12500", 0, NULL},
    {"plant/X/meter", "{" T0 ",\"meter\":\"E02\",\"event\":\"multiplier\",\"value\":1.5}",
     "meter E02 kind 1 @0 x 3/2", 0, NULL},
    {"plant/X/meter", "{" T0 ",\"meter\":\"E02\",\"event\":\"multiplier\",\"value\":0}", "",
     OUTCOME_OUT_OF_RANGE, "more than 0"},
    {"plant/X/meter", "{" T0 ",\"meter\":\"E02\",\"event\":\"reset\",\"initial\":0}",
     "meter E02 kind 2 @0 initial 0", 0, NULL},
    {"plant/X/meter", "{" T0 ",\"meter\":\"E99\",\"event\":\"reset\"}", "", OUTCOME_UNKNOWN_METER,
     "known: E02, M02"},
    {"plant/X/meter", "{" T0 ",\"meter\":\"E02\",\"event\":\"burn\"}", "", OUTCOME_UNKNOWN_EVENT,
     "known: exchange, multiplier, reset"},
    {ENTRY, "{\"by\":\"leader-a\",\"event\":\"remark\",\"n\":1.10}",
     "other by leader-a @0 {\"by\":\"leader-a\",\"event\":\"remark\",\"n\":1.10}", 0, NULL},
    {ENTRY, "{\"event\":\"ack\"}", "", OUTCOME_BAD_FIELD, "\"by\" is missing"},
    {ENTRY, "{" T0 "," BY "\"accept\",\"meter\":\"E02\",\"at\":\"2026-03-10T07:59:00Z\"}",
     "accept by li @0 E02 at -60000", 0, NULL},
    {ENTRY,
     "{" BY "\"reject\",\"meter\":\"E02\",\"at\":\"2026-03-10T07:59:00Z\",\"value\":1.5,"
     "\"reason\":\"测试\"}",
     "reject by li @0 E02 at -60000 value 1500 reason 测试", 0, NULL},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E02\"}", "", OUTCOME_BAD_FIELD, "\"at\" is missing"},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E99\",\"at\":\"2026-03-10T07:59:00Z\"}", "",
     OUTCOME_UNKNOWN_METER, "known: E02, M02"},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E02\",\"at\":\"2026-03-12T07:59:00Z\"}", "",
     OUTCOME_FUTURE, "\"at\""},
    {ENTRY, "{" T0 "," BY "\"reading\",\"meter\":\"E02\",\"value\":\"7.25\"}",
     "reading by li @0 E02 at 0 value 7250", 0, NULL},
    {ENTRY, "{" BY "\"reading\",\"meter\":\"E02\"}", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"night\",\"crew\":\"B\",\"reason\":\"ill\"}",
     "roster by li @0 day 20522 night crew B reason ill", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":null,\"reason\":\"stop\"}",
     "roster by li @0 day 20522 day crew nobody reason stop", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"\",\"reason\":\"stop\"}",
     "roster by li @0 day 20522 day crew nobody reason stop", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"reason\":\"stop\"}", "",
     OUTCOME_BAD_FIELD, "\"crew\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"B\"}", "", OUTCOME_BAD_FIELD,
     "\"reason\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"late\",\"crew\":\"B\",\"reason\":\"x\"}", "",
     OUTCOME_BAD_FIELD, "known: day, night"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"Q\",\"reason\":\"x\"}", "",
     OUTCOME_UNKNOWN_CREW, "known: A, B"},
    {ENTRY, "{" BY "\"roster\",\"day\":\"10.3.26\",\"shift\":\"day\",\"crew\":\"A\"}", "",
     OUTCOME_BAD_TIME, "2026-03-10"},
    {ENTRY, "{" BY "\"ack\",\"alert\":\"femn/heat/1/limit\"}",
     "ack by li @0 alert femn/heat/1/limit", 0, NULL},
    {ENTRY, "{" BY "\"ack\"}", "", OUTCOME_BAD_FIELD, "\"alert\" is missing"},
    {ENTRY,
     "{" BY "\"shelve\",\"alert\":\"a\",\"until\":\"2026-03-17T08:00:00Z\",\"reason\":\"scale\"}",
     "shelve by li @0 alert a until 604800000 reason scale", 0, NULL},
    {ENTRY, "{" BY "\"shelve\",\"alert\":\"a\",\"reason\":\"scale\"}",
     "shelve by li @0 alert a reason scale", 0, NULL},
    {ENTRY, "{" BY "\"shelve\",\"alert\":\"a\"}", "", OUTCOME_BAD_FIELD, "\"reason\" is missing"},
    {"plant/X/entry", "[{\"by\":\"a\",\"event\":\"ack\"}]", "", OUTCOME_UNDECODABLE, "object"},
};

static void each_message_has_its_facts_or_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
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

static void a_retained_reading_is_marked(void **state)
{
    (void)state;
    const char *payload = "{" T0 ",\"value\":1}";
    struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, true);
    assert_string_equal(seen.text, "E02 1000 @0 retained");
}

static void an_oversize_message_names_the_limit(void **state)
{
    (void)state;
    struct seen seen = decode_bytes(E02, "{", 1, JOURNAL_OVERSIZE, false);
    assert_int_equal(seen.outcome, OUTCOME_TOO_LARGE);
    assert_non_null(strstr(seen.detail, "100000 bytes"));
    char *large = calloc(1, 100001);
    seen = decode_bytes(E02, large, 100001, JOURNAL_MESSAGE, false);
    assert_int_equal(seen.outcome, OUTCOME_TOO_LARGE);
    free(large);
}

static void nesting_is_limited(void **state)
{
    (void)state;
    char payload[256];
    for (int depth = 30; depth < 34; depth++) {
        int used = sprintf(payload, "{" T0 ",\"value\":1,\"x\":");
        for (int i = 0; i < depth - 1; i++) {
            payload[used++] = '[';
        }
        for (int i = 0; i < depth - 1; i++) {
            payload[used++] = ']';
        }
        strcpy(payload + used, "}");
        struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false);
        assert_int_equal(seen.facts, depth <= DECODE_NESTING_MAX ? 1 : 0);
        assert_int_equal(seen.refusals, depth <= DECODE_NESTING_MAX ? 0 : 1);
    }
}

static void a_repeated_key_among_many_is_found(void **state)
{
    (void)state;
    char payload[4096];
    int used = sprintf(payload, "{" T0 ",\"value\":1");
    for (int i = 0; i < 100; i++) {
        used += sprintf(payload + used, ",\"k%d\":%d", i, i);
    }
    strcpy(payload + used, "}");
    assert_int_equal(decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false).facts, 1);
    strcpy(payload + used, ",\"k42\":0}");
    struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false);
    assert_int_equal(seen.facts, 0);
    assert_non_null(strstr(seen.detail, "\"k42\" stands twice"));
}

static void a_detail_is_cut_between_characters_and_holds_no_controls(void **state)
{
    (void)state;
    char topic[600] = "plant/X/LF/electricity/a\n";
    while (strlen(topic) < 500) {
        strcat(topic, "\xe7\x82\x89");
    }
    struct seen seen = decode_bytes(topic, "{\"value\":1}", 11, JOURNAL_MESSAGE, false);
    assert_int_equal(seen.refusals, 1);
    assert_null(strchr(seen.detail, '\n'));
}

static void an_entry_by_another_way_needs_no_topic(void **state)
{
    (void)state;
    const char *payload = "{\"by\":\"x\",\"event\":\"ack\",\"alert\":\"a\"}";
    struct seen seen = decode_bytes("", payload, strlen(payload), JOURNAL_ENTRY, false);
    assert_string_equal(seen.text, "ack by x @0 alert a");
}

static void ticks_and_configurations_are_no_messages(void **state)
{
    (void)state;
    struct seen seen = decode_bytes(E02, "x", 1, JOURNAL_TICK, false);
    assert_int_equal(seen.facts + seen.refusals, 0);
    seen = decode_bytes(E02, "x", 1, JOURNAL_CONFIG, false);
    assert_int_equal(seen.facts + seen.refusals, 0);
}

static void every_beginning_of_a_message_has_one_outcome(void **state)
{
    (void)state;
    const char *payload = "[{" T0 ",\"value\":\"1.5e1\",\"id\":\"\\ud83d\\ude00\",\"x\":[true]}]";
    for (size_t length = 0; length < strlen(payload); length++) {
        struct seen seen = decode_bytes(E02, payload, length, JOURNAL_MESSAGE, false);
        assert_int_equal(seen.facts, 0);
        assert_int_equal(seen.refusals, 1);
    }
    assert_int_equal(decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false).facts, 1);
}

static int setup(void **state)
{
    (void)state;
    catalog_index_build(&catalog);
    mappings = mapping_native("X", &mapping_count);
    const struct decode_limits limits = {60 * TIMESTAMP_SECOND_US, 100000, NULL};
    decoder = decoder_create(&catalog, mappings, mapping_count, &limits);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    decoder_destroy(decoder);
    free(mappings);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_has_its_facts_or_its_outcome),
        cmocka_unit_test(a_retained_reading_is_marked),
        cmocka_unit_test(an_oversize_message_names_the_limit),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_repeated_key_among_many_is_found),
        cmocka_unit_test(a_detail_is_cut_between_characters_and_holds_no_controls),
        cmocka_unit_test(an_entry_by_another_way_needs_no_topic),
        cmocka_unit_test(ticks_and_configurations_are_no_messages),
        cmocka_unit_test(every_beginning_of_a_message_has_one_outcome),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
