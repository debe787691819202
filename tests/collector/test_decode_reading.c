/* A reading: its value, its times, its quality, and the names it bears. */
#include "decoded.h"

#define M02 "plant/X/BOF/femn/M02"
#define ARC "plant/X/LF/electricity/ARC"
#define G01 "plant/X/LF/electricity/G01"

static const struct decoded_case values[] = {
    {E02, "{" T0 ",\"value\":12.345}", "E02 12345 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"12.345\"}", "E02 12345 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":0.1}", "E02 100 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":-0.5}", "E02 -500 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":4e+05}", "E02 400000000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"4e+05\"}", "E02 400000000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1.0005}", "E02 1001 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1.00049999999999999}", "E02 1001 @0", 0, NULL},
    {E02, "{" T0 ",\"\\u0076alue\":1}", "E02 1000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":\"\\u0031.5\"}", "E02 1500 @0", 0, NULL},
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
};

static void a_value_is_exact_or_refused(void **state)
{
    (void)state;
    assert_decoded(values, sizeof values / sizeof values[0]);
}

static const struct decoded_case times[] = {
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
};

static void a_time_has_an_offset_and_is_possible(void **state)
{
    (void)state;
    assert_decoded(times, sizeof times / sizeof times[0]);
}

static const struct decoded_case names[] = {
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
    {M02, "{" T0 ",\"void\":\"t-1\"}", "M02 nothing @0 void t-1", 0, NULL},
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
};

static void quality_sequence_and_names_are_read_strictly(void **state)
{
    (void)state;
    assert_decoded(names, sizeof names / sizeof names[0]);
}

static const struct decoded_case units[] = {
    {E02, "{" T0 ",\"value\":1,\"unit\":\"kWh\"}", "E02 1000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1,\"unit\":null}", "E02 1000 @0", 0, NULL},
    {E02, "{" T0 ",\"value\":1,\"unit\":\"MWh\"}", "", OUTCOME_NOT_ALLOWED,
     "meter \"E02\" in \"MWh\", plant.json has it in \"kWh\""},
    {E02, "{" T0 ",\"value\":1,\"unit\":\"KWH\"}", "", OUTCOME_NOT_ALLOWED, "\"KWH\""},
    {E02, "{" T0 ",\"value\":1,\"unit\":7}", "", OUTCOME_NOT_ALLOWED, "\"7\""},
    {E02, "[{" T0 ",\"value\":1,\"unit\":\"kWh\"},{" T0 ",\"value\":1,\"unit\":\"t\"}]",
     "E02 1000 @0", OUTCOME_NOT_ALLOWED, "\"t\""},
    {"plant/X/readings", "{" T0 ",\"readings\":[{\"meter\":\"M02\",\"value\":5,\"unit\":\"t\"}]}",
     "", OUTCOME_NOT_ALLOWED, "meter \"M02\" in \"t\", plant.json has it in \"kg\""},
    {"plant/X/LF/electricity/P02", "{" T0 ",\"value\":1,\"unit\":\"kW\"}", "P02 10 @0", 0, NULL},
};

static void a_unit_that_is_said_must_be_that_of_the_meter_s_item(void **state)
{
    (void)state;
    assert_decoded(units, sizeof units / sizeof units[0]);
    assert_decoded(units, sizeof units / sizeof units[0]); /* its topic is known by now */
}

static void a_retained_reading_is_marked(void **state)
{
    (void)state;
    const char *payload = "{" T0 ",\"value\":1}";
    struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, true);
    assert_string_equal(seen.text, "E02 1000 @0 retained");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_exact_or_refused),
        cmocka_unit_test(a_time_has_an_offset_and_is_possible),
        cmocka_unit_test(quality_sequence_and_names_are_read_strictly),
        cmocka_unit_test(a_unit_that_is_said_must_be_that_of_the_meter_s_item),
        cmocka_unit_test(a_retained_reading_is_marked),
    };
    return cmocka_run_group_tests(tests, decoder_set_up, decoder_tear_down);
}
