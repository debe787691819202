/* Numbers of a payload → integers: the only place of the program with floating point.
 *
 * cJSON keeps a number as a double. Decimals of up to 15 digits come back exactly when rounded to
 * the resolution that is asked for; from 2^53 units up they do not, and are refused: such values
 * are sent as decimal strings. */
#ifndef HEATLEDGER_JSON_NUMBER_H
#define HEATLEDGER_JSON_NUMBER_H

#include "quantity.h"

struct cJSON;

#define JSON_NUMBER_LIMIT (INT64_C(1) << 53)

enum json_number_result {
    JSON_NUMBER_OK,
    JSON_NUMBER_NONE,      /* neither a number nor a text that is one */
    JSON_NUMBER_RANGE,     /* does not fit in 63 bits */
    JSON_NUMBER_UNCERTAIN, /* a JSON number of 2^53 units or more */
    JSON_NUMBER_FINER,     /* `exact` was asked for, and digits would be rounded away */
};

/* In units of 10^-decimals, 0..QUANTITY_DECIMALS_MAX, rounded half away from zero. */
enum json_number_result json_number_units(const struct cJSON *json, unsigned decimals, bool exact,
                                          int64_t *units);

/* Nanoseconds of an epoch → microseconds, rounded down. A double holds them to 256 ns. */
enum json_number_result json_number_ns_to_us(const struct cJSON *json, int64_t *us);

/* Whether the number, or one inside the value, is infinite: 1e400. */
bool json_number_overflows(const struct cJSON *json);

#endif
