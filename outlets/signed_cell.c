#include "signed_cell.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define DIFFERENCE_DECIMALS 6

const char *signed_cell_text(const cJSON *value, char number[SIGNED_CELL_NUMBER_MAX])
{
    if (cJSON_IsString(value)) {
        return value->valuestring;
    }
    if (cJSON_IsBool(value)) {
        return cJSON_IsTrue(value) ? "1" : "0";
    }
    if (cJSON_IsNumber(value)) {
        snprintf(number, SIGNED_CELL_NUMBER_MAX, "%.0f", value->valuedouble);
        return number;
    }
    return NULL;
}

bool signed_cell_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const char *signed_cell_difference(const char *then, const char *now, char text[QUANTITY_TEXT_MAX])
{
    int64_t a = 0, b = 0, result = 0;

    if (then == NULL || now == NULL ||
        quantity_from_text(then, strlen(then), DIFFERENCE_DECIMALS, &a) != QUANTITY_OK ||
        quantity_from_text(now, strlen(now), DIFFERENCE_DECIMALS, &b) != QUANTITY_OK ||
        __builtin_sub_overflow(b, a, &result)) {
        return NULL;
    }
    return quantity_to_text(result, DIFFERENCE_DECIMALS, text);
}
