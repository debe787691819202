/* EDGE_CASES 36: labels of periods, times without a zone, the hour that comes twice. */
#include "local_time.h"

#include "decode.h"
#include "memory.h"
#include "timestamp.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t ts_us = 0;
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

/* Central Europe in 2026: summer time from 29 March, 02:00, to 25 October, 03:00. */
static struct zone central_europe(void)
{
    struct zone zone = zone_fixed("Europe/Berlin", 3600);
    zone.transitions[1] = (struct zone_transition){at("2026-03-29T01:00:00Z"), 7200};
    zone.transitions[2] = (struct zone_transition){at("2026-10-25T01:00:00Z"), 3600};
    zone.transition_count = 3;
    return zone;
}

/* ---- Reading ---- */

static void local_times_are_read_with_and_without_separators(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool compact;
        const char *utc; /* what the wall clock shows, as if in UTC; NULL: no such time */
    } rows[] = {
        {"2026-03-10T07:50:00", false, "2026-03-10T07:50:00Z"},
        {"2026-03-10 07:50:00.5", false, "2026-03-10T07:50:00.5Z"},
        {"2026-03-10", false, "2026-03-10T00:00:00Z"},
        {"20260310075001", true, "2026-03-10T07:50:01Z"},
        {"20260310", true, "2026-03-10T00:00:00Z"},
        {"2026-03-10T07:50:00+08:00", false, NULL},
        {"2026-03-10T07:50:00Z", false, NULL},
        {"2026-02-30", false, NULL},
        {"20260310075001", false, NULL},
        {"20260230", true, NULL},
        {"2026031007", true, NULL},
        {"202603100750011", true, NULL},
        {"2026-03-10", true, NULL},
        {"2026031a", true, NULL},
        {"20260310 75001", true, NULL},
        {"", true, NULL},
        {"", false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t local_us = 0;
        bool read =
            local_time_parse(rows[i].text, strlen(rows[i].text), rows[i].compact, &local_us);
        assert_int_equal(read, rows[i].utc != NULL);
        assert_true(!read || local_us == at(rows[i].utc));
    }
}

static void periods_are_whole_numbers_of_a_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* 0: no period */
        bool of_days;
    } rows[] = {
        {"30s", 30, false},   {"15min", 900, false}, {"8h", 28800, false},
        {"1d", 86400, true},  {"24h", 86400, false}, {"400d", 34560000, true},
        {"401d", 0, false},   {"0min", 0, false},    {"15", 0, false},
        {"min", 0, false},    {"1.5h", 0, false},    {"-1h", 0, false},
        {"15 min", 0, false}, {"", 0, false},        {"99999999999999999999s", 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mapping_period period = {0};
        assert_int_equal(local_time_parse_period(rows[i].text, &period), rows[i].seconds != 0);
        assert_int_equal(period.length_us, rows[i].seconds * TIMESTAMP_SECOND_US);
        assert_int_equal(period.of_days, rows[i].of_days);
    }
}

/* ---- Instants ---- */

static void assert_instant(const char *local, const char *newest, const char *latest,
                           const char *expected, bool uncertain)
{
    struct zone zone = central_europe();
    int64_t local_us = 0;
    bool said = false;
    assert_true(local_time_parse(local, strlen(local), false, &local_us));
    int64_t ts_us = local_time_instant(&zone, local_us, newest == NULL ? INT64_MIN : at(newest),
                                       at(latest), &said);
    assert_int_equal(ts_us, at(expected));
    assert_int_equal(said, uncertain);
}

static void edge_36_a_local_time_is_read_in_the_zone(void **state)
{
    (void)state;
    assert_instant("2026-01-10T07:50:00", NULL, "2027-01-01T00:00:00Z", "2026-01-10T06:50:00Z",
                   false);
    assert_instant("2026-07-10T07:50:00", NULL, "2027-01-01T00:00:00Z", "2026-07-10T05:50:00Z",
                   false);
}

static void edge_36_a_time_that_comes_twice_is_the_earlier_instant(void **state)
{
    (void)state;
    assert_instant("2026-10-25T02:30:00", NULL, "2027-01-01T00:00:00Z", "2026-10-25T00:30:00Z",
                   true);
    /* the hour's ends: 02:00 comes twice, 03:00 once */
    assert_instant("2026-10-25T02:00:00", NULL, "2027-01-01T00:00:00Z", "2026-10-25T00:00:00Z",
                   true);
    assert_instant("2026-10-25T03:00:00", NULL, "2027-01-01T00:00:00Z", "2026-10-25T02:00:00Z",
                   false);
}

static void edge_36_monotonicity_makes_it_the_later_instant(void **state)
{
    (void)state;
    assert_instant("2026-10-25T02:00:00", "2026-10-25T00:45:00Z", "2027-01-01T00:00:00Z",
                   "2026-10-25T01:00:00Z", true);
    /* the same time again is the same reading again */
    assert_instant("2026-10-25T02:45:00", "2026-10-25T00:45:00Z", "2027-01-01T00:00:00Z",
                   "2026-10-25T00:45:00Z", true);
}

static void edge_36_a_message_cannot_speak_of_what_is_to_come(void **state)
{
    (void)state;
    /* an earlier reading that comes again at the first 02:46 is not one of the second 02:30 */
    assert_instant("2026-10-25T02:30:00", "2026-10-25T00:45:00Z", "2026-10-25T00:51:00Z",
                   "2026-10-25T00:30:00Z", true);
}

static void edge_36_a_time_that_spring_skips_is_when_the_clocks_jump(void **state)
{
    (void)state;
    assert_instant("2026-03-29T02:30:00", NULL, "2027-01-01T00:00:00Z", "2026-03-29T01:00:00Z",
                   true);
    assert_instant("2026-03-29T03:00:00", NULL, "2027-01-01T00:00:00Z", "2026-03-29T01:00:00Z",
                   false);
}

static void assert_period(enum mapping_label label, const char *period_text, const char *label_at,
                          const char *from, const char *to)
{
    struct zone zone = central_europe();
    struct mapping_period period = {0};
    int64_t from_us = 0, ts_us = 0;
    assert_true(local_time_parse_period(period_text, &period));
    local_time_period(&zone, label, &period, at(label_at), &from_us, &ts_us);
    assert_int_equal(from_us, at(from));
    assert_int_equal(ts_us, at(to));
}

static void edge_36_a_label_is_the_start_or_the_end_of_its_period(void **state)
{
    (void)state;
    assert_period(MAPPING_LABEL_START, "15min", "2026-06-01T08:00:00+02:00",
                  "2026-06-01T08:00:00+02:00", "2026-06-01T08:15:00+02:00");
    assert_period(MAPPING_LABEL_END, "15min", "2026-06-01T08:00:00+02:00",
                  "2026-06-01T07:45:00+02:00", "2026-06-01T08:00:00+02:00");
    assert_period(MAPPING_LABEL_END, "1d", "2026-06-01T00:00:00+02:00", "2026-05-31T00:00:00+02:00",
                  "2026-06-01T00:00:00+02:00");
}

static void edge_36_the_midnight_that_ends_a_day_may_bear_its_date(void **state)
{
    (void)state;
    assert_period(MAPPING_LABEL_END_SAME_DATE, "1d", "2026-06-01T00:00:00+02:00",
                  "2026-06-01T00:00:00+02:00", "2026-06-02T00:00:00+02:00");
    assert_period(MAPPING_LABEL_END_SAME_DATE, "15min", "2026-06-01T00:00:00+02:00",
                  "2026-06-01T23:45:00+02:00", "2026-06-02T00:00:00+02:00");
    assert_period(MAPPING_LABEL_END_SAME_DATE, "15min", "2026-06-01T00:15:00+02:00",
                  "2026-06-01T00:00:00+02:00", "2026-06-01T00:15:00+02:00");
}

static void edge_36_a_day_is_one_of_the_calendar(void **state)
{
    (void)state;
    assert_period(MAPPING_LABEL_START, "1d", "2026-03-29T00:00:00+01:00",
                  "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"); /* 23 h */
    assert_period(MAPPING_LABEL_END_SAME_DATE, "1d", "2026-10-25T00:00:00+02:00",
                  "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"); /* 25 h */
    assert_period(MAPPING_LABEL_START, "24h", "2026-03-29T00:00:00+01:00",
                  "2026-03-29T00:00:00+01:00", "2026-03-30T01:00:00+02:00");
}

/* ---- From messages to facts ---- */

struct heard {
    char text[1024];
};

static const struct meter meters[] = {
    {.id = "I", .kind = METER_INCREMENT, .min_raw = INT64_MIN, .max_raw = INT64_MAX},
    {.id = "R", .kind = METER_REGISTER, .min_raw = INT64_MIN, .max_raw = INT64_MAX},
};

static struct catalog small_catalog(void)
{
    struct catalog catalog = {.item_count = 1, .station_count = 1, .meter_count = 2};
    catalog.items = memory_zeroed(1, sizeof *catalog.items);
    catalog.stations = memory_zeroed(1, sizeof *catalog.stations);
    catalog.meters = memory_zeroed(2, sizeof *catalog.meters);
    memcpy(catalog.meters, meters, sizeof meters);
    catalog_index_build(&catalog);
    return catalog;
}

static void hear_fact(void *context, const struct fact *fact)
{
    struct heard *heard = context;
    const struct reading *reading = &fact->as.reading;
    size_t used = strlen(heard->text);
    char ts[TIMESTAMP_TEXT_MAX], from[TIMESTAMP_TEXT_MAX];
    timestamp_format(reading->ts_us, 0, ts);
    timestamp_format(reading->from_us == INT64_MIN ? 0 : reading->from_us, 0, from);
    snprintf(heard->text + used, sizeof heard->text - used, "%s%lld %.16s%s%.16s%s",
             used > 0 ? " | " : "", (long long)reading->value_raw,
             reading->from_us == INT64_MIN ? "" : from, reading->from_us == INT64_MIN ? "" : "..",
             ts, reading->quality == READING_UNCERTAIN ? " U" : "");
}

static void hear_refusal(void *context, const meter_id *meter, enum outcome outcome,
                         const char *detail)
{
    struct heard *heard = context;
    size_t used = strlen(heard->text);
    (void)meter;
    snprintf(heard->text + used, sizeof heard->text - used, "%s%s: %s", used > 0 ? " | " : "",
             outcome_info(outcome)->name, detail);
}

struct wire {
    struct catalog catalog;
    struct zone zone;
    struct mapping mapping;
    struct decoder *decoder;
};

static void connect(struct wire *wire, const char *mapping_text)
{
    struct mapping_fault fault = {.key = ""};
    cJSON *json = cJSON_Parse(mapping_text);
    if (!mapping_from_json(json, &wire->mapping, &fault)) {
        fail_msg("%s: %s", fault.key, fault.text);
    }
    cJSON_Delete(json);
    wire->zone = central_europe();
    wire->catalog = small_catalog();
    const struct decode_limits limits = {300 * TIMESTAMP_SECOND_US, 10000, &wire->zone};
    wire->decoder = decoder_create(&wire->catalog, &wire->mapping, 1, &limits);
}

static void disconnect(struct wire *wire)
{
    decoder_destroy(wire->decoder);
    catalog_clear(&wire->catalog);
}

static void assert_decodes(struct wire *wire, const char *arrival, const char *topic,
                           const char *payload, const char *expected)
{
    struct heard heard = {.text = ""};
    const struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                          .arrival_us = at(arrival),
                                          .topic = topic,
                                          .topic_length = strlen(topic),
                                          .payload = payload,
                                          .payload_length = strlen(payload)};
    const struct decode_sink sink = {&heard, hear_fact, hear_refusal};
    decode(wire->decoder, &record, &sink);
    assert_string_equal(heard.text, expected);
}

#define LOCAL_MAPPING                                                                              \
    "{\"topic\": \"gw/{meter}\", \"yields\": \"reading\", \"time\": \"local\","                    \
    " \"fields\": {\"meter\": \"{meter}\", \"ts\": \"/t\", \"value\": \"/v\"}}"
#define DAY_MAPPING                                                                                \
    "{\"topic\": \"gw/{meter}\", \"yields\": \"reading\", \"time\": \"local_compact\","            \
    " \"label\": \"end_same_date\", \"period\": \"1d\","                                           \
    " \"fields\": {\"meter\": \"{meter}\", \"ts\": \"/t\", \"value\": \"/v\"}}"

static void edge_36_an_autumn_night_message_by_message(void **state)
{
    (void)state;
    struct wire wire;
    connect(&wire, LOCAL_MAPPING);
    static const char *const night[][3] = {
        {"2026-10-24T23:45:01Z", "01:45", "2026-10-24T23:45"},
        {"2026-10-25T00:00:01Z", "02:00", "2026-10-25T00:00 U"},
        {"2026-10-25T00:30:01Z", "02:30", "2026-10-25T00:30 U"},
        {"2026-10-25T00:31:01Z", "02:00", "2026-10-25T00:00 U"}, /* sent again */
        {"2026-10-25T01:00:01Z", "02:00", "2026-10-25T01:00 U"},
        {"2026-10-25T01:30:01Z", "02:30", "2026-10-25T01:30 U"},
        {"2026-10-25T02:00:01Z", "03:00", "2026-10-25T02:00"},
    };
    for (size_t i = 0; i < sizeof night / sizeof night[0]; i++) {
        char payload[64], expected[64];
        snprintf(payload, sizeof payload, "{\"t\":\"2026-10-25T%s:00\",\"v\":7}", night[i][1]);
        snprintf(expected, sizeof expected, "7 %s", night[i][2]);
        assert_decodes(&wire, night[i][0], "gw/R", payload, expected);
    }
    /* another meter has a night of its own */
    assert_decodes(&wire, "2026-10-25T02:00:01Z", "gw/I", "{\"t\":\"2026-10-25T02:00:00\",\"v\":1}",
                   "1 2026-10-25T00:00 U");
    disconnect(&wire);
}

static void edge_36_an_autumn_night_in_one_message(void **state)
{
    (void)state;
    struct wire wire;
    connect(&wire, LOCAL_MAPPING);
    assert_decodes(
        &wire, "2026-10-25T09:00:00Z", "gw/R",
        "[{\"t\":\"2026-10-25T02:00:00\",\"v\":1},{\"t\":\"2026-10-25T02:30:00\",\"v\":2},"
        "{\"t\":\"2026-10-25T02:00:00\",\"v\":3},{\"t\":\"2026-10-25T02:30:00\",\"v\":4}]",
        "1 2026-10-25T00:00 U | 2 2026-10-25T00:30 U | 3 2026-10-25T01:00 U | "
        "4 2026-10-25T01:30 U");
    disconnect(&wire);
}

static void edge_36_a_refused_future_time_does_not_move_the_meters_clock(void **state)
{
    (void)state;
    struct wire wire;
    connect(&wire, LOCAL_MAPPING);
    struct heard heard = {.text = ""};
    const char *topic = "gw/R", *payload = "{\"t\":\"2026-11-25T02:00:00\",\"v\":1}";
    const struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                          .arrival_us = at("2026-10-25T00:00:00Z"),
                                          .topic = topic,
                                          .topic_length = strlen(topic),
                                          .payload = payload,
                                          .payload_length = strlen(payload)};
    const struct decode_sink sink = {&heard, hear_fact, hear_refusal};
    decode(wire.decoder, &record, &sink);
    assert_true(strncmp(heard.text, "future", 6) == 0);
    assert_decodes(&wire, "2026-10-25T01:30:01Z", "gw/R", "{\"t\":\"2026-10-25T02:30:00\",\"v\":1}",
                   "1 2026-10-25T00:30 U");
    disconnect(&wire);
}

static void edge_36_days_that_bear_the_date_of_their_beginning(void **state)
{
    (void)state;
    struct wire wire;
    connect(&wire, DAY_MAPPING);
    assert_decodes(&wire, "2026-06-02T00:00:00Z", "gw/I", "{\"t\":20260601,\"v\":24}",
                   "24 2026-05-31T22:00..2026-06-01T22:00");
    assert_decodes(&wire, "2026-10-26T00:00:00Z", "gw/I", "{\"t\":\"20261025\",\"v\":25}",
                   "25 2026-10-24T22:00..2026-10-25T23:00");
    assert_decodes(&wire, "2026-06-01T12:00:00Z", "gw/I", "{\"t\":\"20260601\",\"v\":24}",
                   "future: the period of \"t\" ends 36000 s ahead of its arrival; is \"label\" of "
                   "the mapping right?");
    assert_decodes(&wire, "2026-06-02T00:00:00Z", "gw/I", "{\"v\":3}",
                   "3 2026-06-01T00:00..2026-06-02T00:00");
    assert_decodes(&wire, "2026-06-02T00:00:00Z", "gw/R", "{\"t\":\"20260601\",\"v\":24}",
                   "not_allowed: the mapping gives each reading a period, but meter \"R\" is of "
                   "kind register: only increments have one");
    assert_decodes(&wire, "2026-06-02T00:00:00Z", "gw/I", "{\"t\":\"2026-06-01\",\"v\":24}",
                   "bad_time: \"t\" is \"2026-06-01\", must be a time in the mapping's format, "
                   "local_compact: \"20260310075000\"");
    disconnect(&wire);
}

static void edge_36_a_mapping_says_its_convention_whole_or_not_at_all(void **state)
{
    (void)state;
#define WITH(keys)                                                                                 \
    "{\"topic\": \"t/{meter}\", \"yields\": \"reading\", " keys                                    \
    " \"fields\": {\"meter\": \"{meter}\", \"value\": \"/v\"}}"
    static const struct {
        const char *text, *key, *fault;
    } rows[] = {
        {WITH("\"time\": \"wall\","), "time", "local_compact"},
        {WITH("\"label\": \"start\","), "period", "is missing"},
        {WITH("\"period\": \"1d\","), "label", "is missing"},
        {WITH("\"label\": \"middle\", \"period\": \"1d\","), "label", "end_same_date"},
        {WITH("\"label\": \"end\", \"period\": \"1 day\","), "period", "15min"},
        {WITH("\"label\": \"end\", \"period\": 15,"), "period", "15min"},
        {"{\"topic\": \"t\", \"yields\": \"heat\", \"label\": \"end\", \"period\": \"1d\","
         " \"fields\": {\"heat\": \"/h\", \"event\": \"/e\"}}",
         "label", "only readings"},
        {"{\"topic\": \"t\", \"yields\": \"reading\", \"label\": \"end\", \"period\": \"1d\","
         " \"fields\": {\"meter\": \"/m\", \"value\": \"/v\", \"from\": \"/f\"}}",
         "fields.from", "label"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mapping mapping;
        struct mapping_fault fault = {.key = ""};
        cJSON *json = cJSON_Parse(rows[i].text);
        assert_non_null(json);
        assert_false(mapping_from_json(json, &mapping, &fault));
        assert_string_equal(fault.key, rows[i].key);
        assert_non_null(strstr(fault.text, rows[i].fault));
        cJSON_Delete(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_times_are_read_with_and_without_separators),
        cmocka_unit_test(periods_are_whole_numbers_of_a_unit),
        cmocka_unit_test(edge_36_a_local_time_is_read_in_the_zone),
        cmocka_unit_test(edge_36_a_time_that_comes_twice_is_the_earlier_instant),
        cmocka_unit_test(edge_36_monotonicity_makes_it_the_later_instant),
        cmocka_unit_test(edge_36_a_message_cannot_speak_of_what_is_to_come),
        cmocka_unit_test(edge_36_a_time_that_spring_skips_is_when_the_clocks_jump),
        cmocka_unit_test(edge_36_a_label_is_the_start_or_the_end_of_its_period),
        cmocka_unit_test(edge_36_the_midnight_that_ends_a_day_may_bear_its_date),
        cmocka_unit_test(edge_36_a_day_is_one_of_the_calendar),
        cmocka_unit_test(edge_36_an_autumn_night_message_by_message),
        cmocka_unit_test(edge_36_an_autumn_night_in_one_message),
        cmocka_unit_test(edge_36_a_refused_future_time_does_not_move_the_meters_clock),
        cmocka_unit_test(edge_36_days_that_bear_the_date_of_their_beginning),
        cmocka_unit_test(edge_36_a_mapping_says_its_convention_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
