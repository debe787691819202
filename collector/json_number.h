/* Numbers of a payload → integers, digit by digit: no floating point comes near them.
 *
 * A JSON number is held to what the senders' doubles can say, for that is what most of them write
 * down: from 2^53 units up it is refused (such values are sent as decimal strings), what differs
 * from a whole number of units by less than a double tells apart is that number, and what is finer
 * is rounded as the 15 digits that a double keeps: 1.0049999999999999, which some write for 1.005,
 * is 1.01 to two places. */
#ifndef HEATLEDGER_JSON_NUMBER_H
#define HEATLEDGER_JSON_NUMBER_H

#include "quantity.h"

#define JSON_NUMBER_LIMIT (INT64_C(1) << 53)

enum json_number_result {
    JSON_NUMBER_OK,
    JSON_NUMBER_NONE,      /* neither a number nor a text that is one */
    JSON_NUMBER_RANGE,     /* does not fit in 63 bits */
    JSON_NUMBER_UNCERTAIN, /* a JSON number of 2^53 units or more */
    JSON_NUMBER_FINER,     /* `exact` was asked for, and digits would be rounded away */
};

/* A JSON number, as the scan has passed it, in units of 10^-decimals, 0..QUANTITY_DECIMALS_MAX,
 * rounded half away from zero. */
enum json_number_result json_number_units(const char *number, size_t length, unsigned decimals,
                                          bool exact, int64_t *units);

/* A decimal string, in the same units: not held to what a double can say. */
enum json_number_result json_number_text_units(const char *text, size_t length, unsigned decimals,
                                               bool exact, int64_t *units);

/* Whether a JSON number is a whole one below 2^53, and which. */
bool json_number_whole(const char *number, size_t length, int64_t *whole);

/* Nanoseconds of an epoch, a JSON number → microseconds, rounded down. */
enum json_number_result json_number_ns_to_us(const char *number, size_t length, int64_t *us);

/* Whether a JSON number of at most JSON_DIGITS_MAX bytes is beyond all doubles: 1e400. */
bool json_number_overflows(const char *number, size_t length);

#endif
