#include "apportion.h"

#include "failure.h"
#include "quantity.h"

void apportion(int64_t amount, const int64_t *weights, size_t count, int64_t *parts)
{
    quantity_wide rests[APPORTION_PARTS_MAX];
    quantity_wide sum = 0;
    REQUIRE(count <= APPORTION_PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        REQUIRE(weights[i] >= 0);
        sum += weights[i];
    }
    REQUIRE(sum > 0);
    quantity_wide whole = amount < 0 ? -(quantity_wide)amount : amount;
    quantity_wide left = whole;
    for (size_t i = 0; i < count; i++) {
        quantity_wide share = whole * weights[i];
        rests[i] = share % sum;
        parts[i] = (int64_t)(share / sum);
        left -= parts[i];
    }
    while (left > 0) { /* fewer than there are parts with a rest */
        size_t largest = 0;
        for (size_t i = 1; i < count; i++) {
            largest = rests[i] > rests[largest] ? i : largest;
        }
        parts[largest]++;
        rests[largest] = -1;
        left--;
    }
    for (size_t i = 0; i < count && amount < 0; i++) {
        parts[i] = -parts[i];
    }
}
