/* A text read by json_scan and by cJSON: what the strict scan passes, cJSON reads, and both find
 * the same values. Stops the program (REQUIRE) where it is not so. */
#ifndef JSON_ORACLE_H
#define JSON_ORACLE_H

#include "failure.h"
#include "json_number.h"
#include "json_scan.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ORACLE_NESTING 32
#define ORACLE_DOUBLE_DIGITS 15 /* come back from a double as they were */

static inline bool oracle_same_text(const char *text, size_t length, const char *expected)
{
    char *plain = malloc(length + 1);
    REQUIRE(plain != NULL);
    size_t size = json_text_plain(text, length, plain);
    bool same = size == strlen(expected) && memcmp(plain, expected, size) == 0;
    free(plain);
    return same;
}

/* Short decimals say the same as numbers and as texts, whatever the resolution. */
static inline void oracle_number(const struct json_value *value, double expected)
{
    char text[JSON_DIGITS_MAX + 1] = "";
    REQUIRE(value->length <= JSON_DIGITS_MAX);
    memcpy(text, value->start, value->length);
    REQUIRE(strtod(text, NULL) == expected);
    REQUIRE(json_number_overflows(value->start, value->length) == (isinf(expected) != 0));
    REQUIRE(value->odd || !isinf(expected));
    for (unsigned decimals = 0; decimals <= QUANTITY_DECIMALS_MAX; decimals++) {
        int64_t units = 7, again = 7;
        for (int exact = 0; exact <= 1; exact++) {
            enum json_number_result result =
                json_number_units(value->start, value->length, decimals, exact != 0, &units);
            enum json_number_result from_text =
                json_number_text_units(value->start, value->length, decimals, exact != 0, &again);
            if (result == JSON_NUMBER_UNCERTAIN) {
                REQUIRE(from_text == JSON_NUMBER_RANGE || from_text == JSON_NUMBER_FINER ||
                        again >= JSON_NUMBER_LIMIT || again <= -JSON_NUMBER_LIMIT);
            } else if (value->length <= ORACLE_DOUBLE_DIGITS) {
                REQUIRE(result == from_text);
                REQUIRE(result != JSON_NUMBER_OK || units == again);
            }
        }
    }
}

static inline bool oracle_key_repeats(const cJSON *object)
{
    for (const cJSON *a = object->child; a != NULL; a = a->next) {
        for (const cJSON *b = object->child; b != a; b = b->next) {
            if (strcmp(a->string, b->string) == 0) {
                return true;
            }
        }
    }
    return false;
}

static inline void oracle_value(const struct json_value *value, const cJSON *expected)
{
    static const int kinds[] = {
        [JSON_NULL] = cJSON_NULL,     [JSON_FALSE] = cJSON_False, [JSON_TRUE] = cJSON_True,
        [JSON_NUMBER] = cJSON_Number, [JSON_TEXT] = cJSON_String, [JSON_ARRAY] = cJSON_Array,
        [JSON_OBJECT] = cJSON_Object};
    REQUIRE((expected->type & 0xff) == kinds[value->kind]);
    REQUIRE((value->key == NULL) == (expected->string == NULL));
    REQUIRE(value->key == NULL ||
            oracle_same_text(value->key, value->key_length, expected->string));
    REQUIRE(value->key == NULL || json_key_is(value, expected->string, strlen(expected->string)));
    if (value->kind == JSON_TEXT) {
        REQUIRE(oracle_same_text(value->start, value->length, expected->valuestring));
    } else if (value->kind == JSON_NUMBER) {
        oracle_number(value, expected->valuedouble);
    } else if (value->kind == JSON_OBJECT) {
        REQUIRE(value->odd || !oracle_key_repeats(expected));
    }
    const cJSON *child = expected->child;
    size_t index = 0;
    for (const struct json_value *v = json_first(value); v < json_behind(value);
         v = json_behind(v), child = child->next) {
        REQUIRE(child != NULL);
        REQUIRE(value->kind != JSON_ARRAY || json_element(value, index++) == v);
        REQUIRE(value->kind != JSON_OBJECT || value->odd ||
                json_member(value, child->string, strlen(child->string)) == v);
        oracle_value(v, child);
    }
    REQUIRE(child == NULL);
}

/* Returns whether the text passed. */
static inline bool oracle_check(const char *text, size_t length)
{
    struct json_tape tape = {0};
    struct json_fault fault = {0};
    bool passed = json_scan_all(text, length, ORACLE_NESTING, &tape, &fault);
    bool too_long = false;
    for (size_t i = 0; passed && i < tape.count; i++) {
        const struct json_value *value = &tape.values[i];
        too_long = too_long || (value->kind == JSON_NUMBER && value->length > JSON_DIGITS_MAX);
        REQUIRE(tape.odd || !value->odd);
    }
    REQUIRE(passed || (fault.what != NULL && fault.at >= text && fault.at <= text + length));
    if (passed && too_long) {
        REQUIRE(tape.odd); /* cJSON cuts such a number */
    } else if (passed) {
        cJSON *expected = cJSON_ParseWithLength(text, length);
        REQUIRE(expected != NULL);
        REQUIRE(tape.values[0].span == tape.count);
        oracle_value(tape.values, expected);
        cJSON_Delete(expected);
    }
    json_tape_clear(&tape);
    return passed;
}

#endif
