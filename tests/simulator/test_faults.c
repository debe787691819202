#include "faults.h"

#include "memory.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct heard {
    int64_t at_us;
    char topic[64];
    char payload[192];
};

struct day {
    struct catalog catalog;
    struct zone zone;
    struct faults *faults;
    struct heard heard[32];
    size_t count;
    bool full; /* the listener takes nothing more */
};

/* "10T11:30:00": day of March 2026 and the wall clock in Shanghai. */
static int64_t at(const char *clock)
{
    char text[40];
    int64_t ts_us = 0;

    snprintf(text, sizeof text, "2026-03-%s+08:00", clock);
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

static bool hear(void *context, const struct plant_message *message, struct failure *failure)
{
    struct day *day = context;

    if (day->full) {
        return failure_set(failure, FAILURE_RESOURCE, "the disk is full");
    }
    assert_true(day->count < sizeof day->heard / sizeof day->heard[0]);
    struct heard *heard = &day->heard[day->count++];
    heard->at_us = message->at_us;
    snprintf(heard->topic, sizeof heard->topic, "%s", message->topic);
    snprintf(heard->payload, sizeof heard->payload, "%s", message->payload);
    return true;
}

static void miss(void *context, const char *meter)
{
    (void)context;
    (void)meter;
}

static void add_meter(struct day *day, const char *id, enum meter_kind kind, int64_t width_raw)
{
    struct meter *meter = &day->catalog.meters[day->catalog.meter_count++];

    snprintf(meter->id, sizeof meter->id, "%s", id);
    meter->kind = kind;
    meter->decimals = 3;
    meter->width_raw = width_raw;
    meter->scale_num = 1;
    meter->scale_den = 1;
}

static int set_up(void **state)
{
    struct day *day = memory_zeroed(1, sizeof *day);
    struct plant_day_sink sink = {day, hear, miss};

    snprintf(day->catalog.shop, sizeof day->catalog.shop, "BOF1");
    day->catalog.meters = memory_zeroed(4, sizeof *day->catalog.meters);
    add_meter(day, "E02", METER_REGISTER, INT64_C(100000000));
    add_meter(day, "W01", METER_REGISTER, 0);
    add_meter(day, "M02", METER_EVENT, 0);
    catalog_index_build(&day->catalog);
    day->zone = zone_fixed("Asia/Shanghai", 8 * 3600);
    day->faults = faults_create(&day->catalog, &day->zone, &sink);
    *state = day;
    return 0;
}

static int tear_down(void **state)
{
    struct day *day = *state;

    faults_destroy(day->faults);
    catalog_clear(&day->catalog);
    free(day);
    return 0;
}

static bool say_into(struct day *day, const char *clock, const char *topic, const char *payload,
                     struct failure *failure)
{
    struct plant_day_sink sink = faults_sink(day->faults);
    struct plant_message message = {at(clock), topic, payload};

    return sink.message(sink.context, &message, failure);
}

static void say(struct day *day, const char *clock, const char *topic, const char *payload)
{
    struct failure failure = {0};

    assert_true(say_into(day, clock, topic, payload, &failure));
}

static void finish(struct day *day)
{
    struct failure failure = {0};

    assert_true(faults_finish(day->faults, &failure));
}

struct line {
    const char *clock, *topic, *payload;
};

static void assert_heard(const struct day *day, size_t index, const char *clock, const char *topic,
                         const char *payload)
{
    assert_true(index < day->count);
    assert_int_equal(day->heard[index].at_us, at(clock));
    assert_string_equal(day->heard[index].topic, topic);
    assert_string_equal(day->heard[index].payload, payload);
}

/* Says these lines and ends the day: these are heard, in this order, and no others. */
static void check_day(struct day *day, const struct line *said, size_t said_count,
                      const struct line *heard, size_t heard_count)
{
    for (size_t i = 0; i < said_count; i++) {
        say(day, said[i].clock, said[i].topic, said[i].payload);
    }
    finish(day);
    assert_int_equal(day->count, heard_count);
    for (size_t i = 0; i < heard_count; i++) {
        assert_heard(day, i, heard[i].clock, heard[i].topic, heard[i].payload);
    }
}
#define CHECK_DAY(day, said, heard)                                                                \
    check_day(day, said, sizeof(said) / sizeof(said)[0], heard, sizeof(heard) / sizeof(heard)[0])

static void an_hour_without_faults_is_passed_on_as_it_is(void **state)
{
    static const struct line said[] = {
        {"10T09:00:00", "p/E02", "{\"value\":1}"},
        {"10T09:00:00", "p/W01", "{\"value\":2}"},
    };
    static const struct line heard[] = {
        {"10T09:00:00", "p/E02", "{\"value\":1}"},
        {"10T09:00:00", "p/W01", "{\"value\":2}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void a_reset_is_declared_in_the_second_of_the_last_reading(void **state)
{
    static const struct line said[] = {
        {"10T11:29:55", "p/E02", "{\"ts\":1,\"value\":84999.5}"},
        {"10T11:30:00", "p/E02", "{\"ts\":2,\"value\":85000.25}"},
        {"10T11:30:00", "p/W01", "{\"value\":7}"},
        {"10T11:30:05", "p/E02", "{\"ts\":3,\"value\":85001.5}"},
    };
    static const struct line heard[] = {
        {"10T11:29:55", "p/E02", "{\"ts\":1,\"value\":84999.5}"},
        {"10T11:30:00", "p/E02", "{\"ts\":2,\"value\":85000.25}"},
        {"10T11:30:00", "plant/BOF1/meter",
         "{\"ts\":\"2026-03-10T11:30:00+08:00\",\"meter\":\"E02\",\"event\":\"reset\","
         "\"initial\":0}"},
        {"10T11:30:00", "p/W01", "{\"value\":7}"},
        {"10T11:30:05", "p/E02", "{\"ts\":3,\"value\":1.25}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void a_register_that_goes_round_after_its_reset_shows_what_was_used_since(void **state)
{
    struct day *day = *state;

    say(day, "10T11:30:00", "p/E02", "{\"value\":99999}");
    say(day, "10T11:30:05", "p/E02", "{\"value\":2}");
    assert_heard(day, 2, "10T11:30:05", "p/E02", "{\"value\":3}");
}

static void a_silent_meter_is_heard_again_when_its_silence_ends(void **state)
{
    static const struct line said[] = {
        {"10T12:59:55", "p/W01", "{\"value\":1}"}, {"10T13:00:00", "p/W01", "{\"value\":2}"},
        {"10T13:00:00", "p/M02", "{\"value\":9}"}, {"10T14:09:55", "p/W01", "{\"value\":3}"},
        {"10T14:10:00", "p/W01", "{\"value\":4}"},
    };
    static const struct line heard[] = {
        {"10T12:59:55", "p/W01", "{\"value\":1}"},
        {"10T13:00:00", "p/M02", "{\"value\":9}"},
        {"10T14:10:00", "p/W01", "{\"value\":4}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void part_of_a_weighing_comes_after_the_handover(void **state)
{
    static const struct line said[] = {
        {"10T11:30:00", "p/M02",
         "{\"ts\":1,\"value\":687,\"heat\":\"12602490\",\"id\":\"12602490-M02-1\"}"},
        {"10T11:30:00", "p/M02", "{\"ts\":1,\"value\":684,\"heat\":\"12602489\"}"},
        {"10T17:20:00", "p/W01", "{\"value\":1}"},
        {"10T17:20:05", "p/W01", "{\"value\":2}"},
    };
    static const struct line heard[] = {
        {"10T11:30:00", "p/M02",
         "{\"ts\":1,\"value\":600,\"heat\":\"12602490\",\"id\":\"12602490-M02-1\"}"},
        {"10T11:30:00", "p/M02", "{\"ts\":1,\"value\":684,\"heat\":\"12602489\"}"},
        {"10T17:20:00", "p/W01", "{\"value\":1}"},
        {"10T17:20:00", "p/M02",
         "{\"ts\":\"2026-03-10T11:33:00+08:00\",\"value\":87,\"heat\":\"12602490\","
         "\"id\":\"12602490-M02-2\"}"},
        {"10T17:20:05", "p/W01", "{\"value\":2}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void a_return_is_told_once_after_what_else_happens_then(void **state)
{
    static const struct line said[] = {
        {"10T16:25:00", "p/heat", "{\"heat\":\"12602498\"}"},
        {"10T17:45:00", "p/W01", "{\"value\":1}"},
        {"10T17:45:05", "p/W01", "{\"value\":2}"},
        {"10T17:45:10", "p/W01", "{\"value\":3}"},
    };
    static const struct line heard[] = {
        {"10T16:25:00", "p/heat", "{\"heat\":\"12602498\"}"},
        {"10T17:45:00", "p/W01", "{\"value\":1}"},
        {"10T17:45:00", "plant/BOF1/heat",
         "{\"ts\":\"2026-03-10T17:45:00+08:00\",\"heat\":\"12602498\",\"event\":\"return\","
         "\"to\":\"12602501\",\"kg\":40000,\"id\":\"12602498-return\"}"},
        {"10T17:45:05", "p/W01", "{\"value\":2}"},
        {"10T17:45:10", "p/W01", "{\"value\":3}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void what_befalls_a_heat_does_not_happen_where_the_heat_does_not_exist(void **state)
{
    struct day *day = *state;

    say(day, "10T09:00:00", "p/heat", "{\"heat\":\"1\"}");
    say(day, "11T08:00:00", "p/W01", "{\"value\":1}");
    finish(day);
    assert_int_equal(day->count, 2);
}

static void a_heat_has_its_new_number_in_what_is_said_later(void **state)
{
    static const struct line said[] = {
        {"10T23:45:00", "p/heat", "{\"heat\":\"12602509\",\"id\":\"12602509-BOF-start\"}"},
        {"11T00:30:00", "p/heat", "{\"heat\":\"12602509\",\"id\":\"12602509-LF-start\"}"},
        {"11T00:30:00", "p/heat", "{\"heat\":\"12602510\",\"id\":\"12602510-LF-start\"}"},
    };
    static const struct line heard[] = {
        {"10T23:45:00", "p/heat", "{\"heat\":\"12602509\",\"id\":\"12602509-BOF-start\"}"},
        {"11T00:20:00", "plant/BOF1/heat",
         "{\"ts\":\"2026-03-11T00:20:00+08:00\",\"heat\":\"12602509\",\"event\":\"renumber\","
         "\"to\":\"12602909\",\"id\":\"12602509-renumber\"}"},
        {"11T00:30:00", "p/heat", "{\"heat\":\"12602909\",\"id\":\"12602909-LF-start\"}"},
        {"11T00:30:00", "p/heat", "{\"heat\":\"12602510\",\"id\":\"12602510-LF-start\"}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void five_minutes_come_twice(void **state)
{
    static const struct line said[] = {
        {"10T18:59:55", "p/W01", "{\"value\":1}"},
        {"10T19:00:00", "p/W01", "{\"value\":2}"},
        {"10T19:05:00", "p/W01", "{\"value\":3}"},
    };
    static const struct line heard[] = {
        {"10T18:59:55", "p/W01", "{\"value\":1}"},
        {"10T19:00:00", "p/W01", "{\"value\":2}"},
        {"10T19:00:00", "p/W01", "{\"value\":2}"},
        {"10T19:05:00", "p/W01", "{\"value\":3}"},
    };
    CHECK_DAY(*state, said, heard);
}

static void what_is_said_while_the_broker_is_away_arrives_in_order_when_it_is_back(void **state)
{
    struct day *day = *state;

    say(day, "10T20:59:55", "p/W01", "{\"value\":1}");
    say(day, "10T21:00:00", "p/W01", "{\"value\":2}");
    say(day, "10T21:24:55", "p/E02", "{\"value\":3}");
    assert_int_equal(day->count, 1);
    say(day, "10T21:25:00", "p/W01", "{\"value\":4}");
    finish(day);
    assert_int_equal(day->count, 4);
    assert_heard(day, 1, "10T21:25:00", "p/W01", "{\"value\":2}");
    assert_heard(day, 2, "10T21:25:00", "p/E02", "{\"value\":3}");
    assert_heard(day, 3, "10T21:25:00", "p/W01", "{\"value\":4}");
}

static void a_day_that_ends_while_the_broker_is_away_loses_nothing(void **state)
{
    struct day *day = *state;

    say(day, "10T11:30:00", "p/M02", "{\"ts\":1,\"value\":687,\"heat\":\"12602490\"}");
    finish(day);
    assert_int_equal(day->count, 2);
    say(day, "10T21:00:00", "p/W01", "{\"value\":2}");
    finish(day);
    assert_heard(day, day->count - 1, "10T21:25:00", "p/W01", "{\"value\":2}");
}

static void what_the_listener_says_ends_the_day(void **state)
{
    struct day *day = *state;
    struct failure failure = {0};

    day->full = true;
    assert_false(say_into(day, "10T09:00:00", "p/W01", "{\"value\":2}", &failure));
    assert_string_equal(failure.text, "the disk is full");
}

static void what_is_held_back_is_given_up_without_a_leak(void **state)
{
    struct day *day = *state;
    struct failure failure = {0};

    say(day, "10T21:00:00", "p/W01", "{\"value\":2}");
    say(day, "10T21:00:05", "p/W01", "{\"value\":3}");
    day->full = true;
    assert_false(faults_finish(day->faults, &failure));
    say(day, "10T21:10:00", "p/W01", "{\"value\":4}"); /* and tear_down has one that is held */
}

#define test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_hour_without_faults_is_passed_on_as_it_is),
        test(a_reset_is_declared_in_the_second_of_the_last_reading),
        test(a_register_that_goes_round_after_its_reset_shows_what_was_used_since),
        test(a_silent_meter_is_heard_again_when_its_silence_ends),
        test(part_of_a_weighing_comes_after_the_handover),
        test(a_return_is_told_once_after_what_else_happens_then),
        test(what_befalls_a_heat_does_not_happen_where_the_heat_does_not_exist),
        test(a_heat_has_its_new_number_in_what_is_said_later),
        test(five_minutes_come_twice),
        test(what_is_said_while_the_broker_is_away_arrives_in_order_when_it_is_back),
        test(a_day_that_ends_while_the_broker_is_away_loses_nothing),
        test(what_the_listener_says_ends_the_day),
        test(what_is_held_back_is_given_up_without_a_leak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
