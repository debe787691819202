#include "reallocation.h"

#include "failure.h"
#include "quantity.h"

#include <string.h>

#define GRAMS_A_TONNE INT64_C(1000000)

/* The open parts, and what of each is settled already. */
struct division {
    struct reallocation_part *parts[REALLOCATION_PARTS_MAX];
    int64_t least_base[REALLOCATION_PARTS_MAX], most_base[REALLOCATION_PARTS_MAX];
    bool settled[REALLOCATION_PARTS_MAX];
    size_t count;
};

static int64_t at_rate_base(struct reallocation_rate rate, int64_t planned_g)
{
    int64_t amount_base = 0;
    REQUIRE(quantity_multiply_divide(rate.used_base, planned_g, rate.steel_g, &amount_base));
    return amount_base;
}

static void gather_open(struct division *division, struct reallocation_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reallocation_part *part = &parts[i];
        if (part->state != PART_OPEN) {
            part->amount_base = part->state == PART_CLOSED ? part->used_base : part->allotted_base;
            continue;
        }
        REQUIRE(division->count < REALLOCATION_PARTS_MAX && part->planned_g >= 0);
        size_t at = division->count++;
        bool floored = part->floor_base != REALLOCATION_UNBOUND;
        bool asked = part->asked_base != REALLOCATION_UNBOUND;
        division->parts[at] = part;
        division->least_base[at] = floored ? part->floor_base : 0;
        division->most_base[at] = asked ? part->asked_base : INT64_MAX;
        REQUIRE(division->least_base[at] <= division->most_base[at]);
    }
}

/* Divides what is left by planned steel over those that are not settled. Whether they could take
 * it. */
static bool divide_rest(struct division *division, int64_t left_base)
{
    int64_t weights[REALLOCATION_PARTS_MAX] = {0}, amounts_base[REALLOCATION_PARTS_MAX];
    quantity_wide weight = 0;
    for (size_t i = 0; i < division->count; i++) {
        const struct reallocation_part *part = division->parts[i];
        weights[i] = division->settled[i] ? 0 : part->planned_g;
        weight += weights[i];
        left_base = quantity_add(left_base, division->settled[i] ? -part->amount_base : 0);
    }
    if (weight > 0) {
        apportion(left_base, weights, division->count, amounts_base);
    }
    for (size_t i = 0; i < division->count; i++) {
        if (!division->settled[i]) {
            division->parts[i]->amount_base = weight > 0 ? amounts_base[i] : 0;
        }
    }
    return weight > 0;
}

/* Settles those outside their bounds, of the two sides the one that is further out: the other may
 * come in by it. Whether there were any. */
static bool settle_outside(struct division *division)
{
    quantity_wide below = 0, above = 0;
    for (size_t i = 0; i < division->count; i++) {
        int64_t amount_base = division->parts[i]->amount_base;
        if (!division->settled[i] && amount_base < division->least_base[i]) {
            below += (quantity_wide)division->least_base[i] - amount_base;
        } else if (!division->settled[i] && amount_base > division->most_base[i]) {
            above += (quantity_wide)amount_base - division->most_base[i];
        }
    }
    if (below == 0 && above == 0) {
        return false;
    }
    for (size_t i = 0; i < division->count; i++) {
        struct reallocation_part *part = division->parts[i];
        bool under = below >= above && part->amount_base < division->least_base[i];
        bool over = below < above && part->amount_base > division->most_base[i];
        if (!division->settled[i] && (under || over)) {
            part->amount_base = under ? division->least_base[i] : division->most_base[i];
            division->settled[i] = true;
        }
    }
    return true;
}

static int64_t sum_base(const struct division *division)
{
    int64_t base = 0;
    for (size_t i = 0; i < division->count; i++) {
        base = quantity_add(base, division->parts[i]->amount_base);
    }
    return base;
}

/* Nobody below the best ever shown, or, where nothing was shown, below what it had: unless it asks
 * for less. */
static void keep_best(struct division *division, struct reallocation_rate best)
{
    for (size_t i = 0; i < division->count; i++) {
        struct reallocation_part *part = division->parts[i];
        int64_t kept_base =
            best.steel_g > 0 ? at_rate_base(best, part->planned_g) : part->allotted_base;
        part->amount_base =
            kept_base < division->least_base[i] ? division->least_base[i] : kept_base;
        if (part->amount_base > division->most_base[i]) {
            part->amount_base = division->most_base[i];
        }
    }
}

static void judge(struct sheet *sheet, struct reallocation *result, struct reallocation_rate best)
{
    if (result->left_g == 0) {
        return;
    }
    const struct fraction *tonne = fraction_of(sheet, GRAMS_A_TONNE, 1);
    result->rate =
        fraction_multiply(sheet, fraction_of(sheet, result->left_base, result->left_g), tonne);
    result->judged = best.steel_g > 0 || result->left_base < 0;
    if (best.steel_g > 0) {
        const struct fraction *shown =
            fraction_multiply(sheet, fraction_of(sheet, best.used_base, best.steel_g), tonne);
        result->unattainable = fraction_compare(result->rate, shown) < 0;
    }
    result->unattainable = result->unattainable || result->left_base < 0;
}

struct reallocation reallocation_of(struct sheet *sheet, int64_t whole_base,
                                    struct reallocation_part *parts, size_t count,
                                    struct reallocation_rate best)
{
    struct division division = {.count = 0};
    struct reallocation result = {.left_base = whole_base};
    gather_open(&division, parts, count);
    for (size_t i = 0; i < count; i++) {
        bool open = parts[i].state == PART_OPEN;
        result.left_base = quantity_add(result.left_base, open ? 0 : -parts[i].amount_base);
        result.left_g = quantity_add(result.left_g, open ? parts[i].planned_g : 0);
    }
    judge(sheet, &result, best);
    if (result.unattainable) {
        keep_best(&division, best);
    } else {
        while (divide_rest(&division, result.left_base) && settle_outside(&division)) {
        }
    }
    int64_t over_base = quantity_add(sum_base(&division), -result.left_base);
    result.gap_base = over_base > 0 ? over_base : 0;
    result.spare_base = over_base < 0 ? -over_base : 0;
    return result;
}
