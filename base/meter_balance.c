#include "meter_balance.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* Sums are short and made once: room for the most terms is taken at the first. */
static void make_room(struct meter_sum *sum)
{
    if (sum->terms == NULL) {
        sum->terms = memory_zeroed(VIRTUAL_TERMS_MAX, sizeof *sum->terms);
    }
}

bool meter_sum_add(struct meter_sum *sum, meter_id meter, int64_t times)
{
    uint32_t at = 0;
    while (at < sum->count && sum->terms[at].meter.index < meter.index) {
        at++;
    }
    bool there = at < sum->count && sum->terms[at].meter.index == meter.index;
    int64_t coefficient = (there ? sum->terms[at].coefficient : 0) + times;
    if (coefficient > VIRTUAL_COEFFICIENT_MAX || coefficient < -VIRTUAL_COEFFICIENT_MAX ||
        (!there && coefficient != 0 && sum->count == VIRTUAL_TERMS_MAX)) {
        return false;
    }
    make_room(sum);
    struct meter_term *term = &sum->terms[at];
    size_t behind = sum->count - at;
    if (there && coefficient == 0) {
        memmove(term, term + 1, (behind - 1) * sizeof *term);
        sum->count--;
    } else if (there) {
        term->coefficient = (int32_t)coefficient;
    } else if (coefficient != 0) {
        memmove(term + 1, term, behind * sizeof *term);
        *term = (struct meter_term){meter, (int32_t)coefficient};
        sum->count++;
    }
    return true;
}

void meter_sum_clear(struct meter_sum *sum)
{
    free(sum->terms);
    *sum = (struct meter_sum){0};
}

void meter_balance_clear(struct meter_balance *balance)
{
    meter_sum_clear(&balance->main);
    meter_sum_clear(&balance->parts);
    free(balance->part_ids);
    balance->part_ids = NULL;
}
