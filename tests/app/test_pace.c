#include "pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text;
    bool good;
    int64_t speed_e3;
} speeds[] = {
    {"max", true, 0},          {"1", true, 1000},  {"60", true, 60000},
    {"0.5", true, 500},        {"0.001", true, 1}, {"1000000", true, 1000000000},
    {"0", false, 0},           {"-1", false, 0},   {"0.0001", false, 0},
    {"1000000.001", false, 0}, {"fast", false, 0}, {"", false, 0},
    {"1x", false, 0},          {"MAX", false, 0},
};

static void speeds_are_max_or_a_factor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        struct pace pace;
        struct failure failure = {0};

        if (pace_parse(speeds[i].text, &pace, &failure) != speeds[i].good) {
            fail_msg("\"%s\"", speeds[i].text);
        }
        if (speeds[i].good) {
            assert_int_equal(pace.speed_e3, speeds[i].speed_e3);
        } else {
            assert_int_equal(failure.code, FAILURE_INPUT);
            assert_non_null(strstr(failure.text, "would be right"));
        }
    }
}

static void the_first_message_and_those_in_the_past_are_due_at_once(void **state)
{
    struct pace pace;
    struct failure failure = {0};

    (void)state;
    assert_true(pace_parse("1", &pace, &failure));
    pace_wait(&pace, INT64_C(1773072000000000));
    pace_wait(&pace, INT64_C(1773072000000000));
    pace_wait(&pace, INT64_C(1773000000000000)); /* twenty hours before */
}

static void at_full_speed_nothing_waits(void **state)
{
    struct pace pace;
    struct failure failure = {0};

    (void)state;
    assert_true(pace_parse("max", &pace, &failure));
    pace_wait(&pace, 0);
    pace_wait(&pace, INT64_C(4102444800000000)); /* a century later */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speeds_are_max_or_a_factor),
        cmocka_unit_test(the_first_message_and_those_in_the_past_are_due_at_once),
        cmocka_unit_test(at_full_speed_nothing_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
