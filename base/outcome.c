#include "outcome.h"

#include "failure.h"

#include <stddef.h>

static const struct outcome_info infos[OUTCOME_COUNT] = {
    [OUTCOME_ACCEPTED] = {"accepted", false, false, "taken into the books"},
    [OUTCOME_BASELINE] = {"baseline", false, false,
                          "a register's earliest sample: books nothing, later ones count from it"},
    [OUTCOME_LATE] = {"late", false, false, "taken, though newer readings were there already"},
    [OUTCOME_ROLLOVER] = {"rollover", false, false, "taken, the register went round"},
    [OUTCOME_RESET] = {"reset", false, false, "taken, the register was reset as declared"},
    [OUTCOME_DUPLICATE] = {"duplicate", false, false, "the same fact again: no effect"},
    [OUTCOME_NO_EFFECT] = {"no_effect", false, false, "true, and nothing changes by it"},
    [OUTCOME_REDELIVERED] = {"redelivered", false, false,
                             "the broker sent the same message again: no effect"},
    [OUTCOME_CONFLICT] =
        {"conflict", false, true,
         "same key as an earlier fact, other content: only one of the two is booked"},
    [OUTCOME_GLITCH] = {"glitch", true, false,
                        "the register fell and no reset is declared: held until it is back, or "
                        "until a person decides"},
    [OUTCOME_SPIKE] = {"spike", true, false,
                       "more than the meter's max_rate_per_hour allows: held until the readings "
                       "that follow confirm it, or until a person decides"},
    [OUTCOME_UNDECODABLE] = {"undecodable", false, true, "the payload cannot be read"},
    [OUTCOME_TOO_LARGE] = {"too_large", false, true, "the payload is over mqtt.payload_max"},
    [OUTCOME_UNKNOWN_TOPIC] = {"unknown_topic", false, true, "no mapping has this topic"},
    [OUTCOME_UNKNOWN_METER] = {"unknown_meter", false, true, "plant.json has no such meter"},
    [OUTCOME_UNKNOWN_STATION] = {"unknown_station", false, true, "plant.json has no such station"},
    [OUTCOME_UNKNOWN_CREW] = {"unknown_crew", false, true, "plant.json has no such crew"},
    [OUTCOME_UNKNOWN_EVENT] = {"unknown_event", false, true, "no such kind of event"},
    [OUTCOME_UNKNOWN_HEAT] = {"unknown_heat", false, true, "no such heat"},
    [OUTCOME_BAD_FIELD] = {"bad_field", false, true, "a field is missing or of the wrong type"},
    [OUTCOME_BAD_VALUE] = {"bad_value", false, true, "the value is no number, or means 'none'"},
    [OUTCOME_BAD_QUALITY] = {"bad_quality", false, true, "the sender says the value is bad"},
    [OUTCOME_BAD_TIME] = {"bad_time", false, true,
                          "the time cannot be read, or lies outside 2000 to 2100"},
    [OUTCOME_OUT_OF_RANGE] = {"out_of_range", false, true,
                              "outside min and max of the meter, or beyond 2^53 as a JSON number"},
    [OUTCOME_FUTURE] = {"future", false, true, "further ahead of its arrival than skew_s"},
    [OUTCOME_TOO_LATE] = {"too_late", false, true,
                          "more than 400 days older than the newest reading of its meter"},
    [OUTCOME_NOT_ALLOWED] = {"not_allowed", false, true, "such a fact cannot be booked"},
    [OUTCOME_NOT_SUPPORTED] = {"not_supported", false, true, "this version does not book it"},
    [OUTCOME_SKIPPED] = {"skipped", false, true,
                         "it crashed the engine twice and is left out: report it with the message"},
};

const struct outcome_info *outcome_info(enum outcome outcome)
{
    REQUIRE((unsigned)outcome < OUTCOME_COUNT && infos[outcome].name != NULL);
    return &infos[outcome];
}
