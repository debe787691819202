/* Events of heats, crews and meters. */
#include "decoded.h"

static const struct decoded_case heats[] = {
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
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"weight\",\"steel_kg\":1000000000}",
     "heat 1 kind 3 @0 steel 1000000000000", 0, NULL},
    {"plant/X/heat", "{" T0 ",\"heat\":\"1\",\"event\":\"weight\",\"steel_kg\":1000000001}", "",
     OUTCOME_OUT_OF_RANGE, "\"steel_kg\" must not be more than 1000000 t"},
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
};

static void events_of_heats_are_read_strictly(void **state)
{
    (void)state;
    assert_decoded(heats, sizeof heats / sizeof heats[0]);
}

static const struct decoded_case crews_and_meters[] = {
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
};

static void events_of_crews_and_meters_are_read_strictly(void **state)
{
    (void)state;
    assert_decoded(crews_and_meters, sizeof crews_and_meters / sizeof crews_and_meters[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_heats_are_read_strictly),
        cmocka_unit_test(events_of_crews_and_meters_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, decoder_set_up, decoder_tear_down);
}
