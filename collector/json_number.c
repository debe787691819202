#include "json_number.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static enum json_number_result from_text(const char *text, unsigned decimals, bool exact,
                                         int64_t *units)
{
    size_t length = strlen(text);
    enum quantity_result rounded = quantity_from_text(text, length, decimals, units);
    if (rounded != QUANTITY_OK) {
        return rounded == QUANTITY_NOT_A_NUMBER ? JSON_NUMBER_NONE : JSON_NUMBER_RANGE;
    }
    if (exact && quantity_from_text_exact(text, length, decimals, units) != QUANTITY_OK) {
        return JSON_NUMBER_FINER;
    }
    return JSON_NUMBER_OK;
}

enum json_number_result json_number_units(const struct cJSON *json, unsigned decimals, bool exact,
                                          int64_t *units)
{
    if (cJSON_IsString(json)) {
        return from_text(json->valuestring, decimals, exact, units);
    }
    if (!cJSON_IsNumber(json) || !isfinite(json->valuedouble)) {
        return JSON_NUMBER_NONE;
    }
    /* Wider than a double, so that the product adds no error to the one the number came with. */
    long double scaled =
        (long double)json->valuedouble * (long double)quantity_power_of_ten(decimals);
    long double size = scaled < 0 ? -scaled : scaled;
    if (size >= (long double)JSON_NUMBER_LIMIT) {
        return JSON_NUMBER_UNCERTAIN;
    }
    int64_t nearest = (int64_t)scaled;
    long double rest = scaled - (long double)nearest;
    nearest += rest >= 0.5L ? 1 : rest <= -0.5L ? -1 : 0;
    rest = scaled - (long double)nearest;
    if ((rest < 0 ? -rest : rest) <= size * 0x1p-52L) {
        *units = nearest;
        return JSON_NUMBER_OK;
    }
    /* Finer than the resolution: rounded as the decimal that was sent, not as the double near it
     * (1.005 to two places is 1.01). */
    char text[64];
    snprintf(text, sizeof text, "%.15g", json->valuedouble);
    return from_text(text, decimals, exact, units);
}

enum json_number_result json_number_ns_to_us(const struct cJSON *json, int64_t *us)
{
    int64_t ns;
    if (cJSON_IsNumber(json)) {
        if (!(fabs(json->valuedouble) < 0x1p63)) {
            return JSON_NUMBER_RANGE;
        }
        ns = (int64_t)json->valuedouble;
    } else {
        enum json_number_result result = json_number_units(json, 0, false, &ns);
        if (result != JSON_NUMBER_OK) {
            return result;
        }
    }
    *us = ns / 1000 - (ns % 1000 < 0 ? 1 : 0);
    return JSON_NUMBER_OK;
}

bool json_number_overflows(const struct cJSON *json)
{
    return cJSON_IsNumber(json) && !isfinite(json->valuedouble);
}
