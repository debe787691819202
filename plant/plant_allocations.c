/* Allocations: what a quota may use in a year, quarter or month, divided down to who can keep it.
 */
#include "allocation.h"
#include "apportion.h"
#include "memory.h"
#include "plant_allocation.h"
#include "plant_part.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define ALLOCATIONS_MAX 1024
#define E9 9
#define GROWTH_MOST 1000 /* times the last: the product fits */
#define FROZEN_MAX_DAYS 366
#define GRAM_DECIMALS 6 /* of a tonne */

static const struct plant_key allocation_key_list[] = {
    {"quota", PLANT_TEXT, true},      {"period", PLANT_TEXT, true},
    {"amount", PLANT_DECIMAL, false}, {"growth", PLANT_OBJECT, false},
    {"rate", PLANT_DECIMAL, false},   {"periods", PLANT_LIST, false},
    {"shifts", PLANT_OBJECT, false},  {"parts", PLANT_LIST, false},
    {"fixed", PLANT_LIST, false},     {"frozen_days", PLANT_DECIMAL, false},
    {"floors", PLANT_LIST, false},    {"proposals", PLANT_LIST, false},
};
static const struct plant_keys allocation_keys = {"an allocation", allocation_key_list,
                                                  sizeof allocation_key_list /
                                                      sizeof allocation_key_list[0]};
static const struct plant_key growth_key_list[] = {
    {"last", PLANT_DECIMAL, true},
    {"factor", PLANT_DECIMAL, true},
};
static const struct plant_keys growth_keys = {"a growth", growth_key_list, 2};
/* ---- What it is about ---- */

static bool read_quota(struct plant_allocation *row)
{
    const struct plant *plant = row->reader->plant;
    const cJSON *value = plant_member(row->json, "quota", PLANT_TEXT);
    uint32_t found = 0;
    if (value == NULL || !plant_reference(row->reader, value, "quota", plant->quotas,
                                          plant->quota_count, sizeof *plant->quotas, &found)) {
        return false;
    }
    const struct quota *quota = &plant->quotas[found];
    memcpy(row->allocation->quota, quota->id, sizeof quota->id);
    row->allocation->item = quota->item;
    row->decimals = plant_allocation_catalog(row)->items[quota->item.index].decimals;
    return true;
}

/* The quota's rates at the beginning of the period, if they are the same for all grades and months
 * of it. */
static void find_rates(struct plant_allocation *row)
{
    const struct plant *plant = row->reader->plant;
    struct allocation *allocation = row->allocation;
    const struct quota *quota = plant->quotas;
    while (strcmp(quota->id, allocation->quota) != 0) {
        quota++; /* it was found before */
    }
    int64_t start_us = roster_shift_start_us(&plant->roster, &plant->catalog,
                                             allocation->period.from_day, (shift_id){0});
    const int64_t *rates_e9 = quota_rates_e9(quota, start_us);
    allocation->target_e9 = rates_e9[QUOTA_TARGET];
    allocation->limit_e9 = rates_e9[QUOTA_LIMIT];
    allocation->season_e9 = quota_factor_e9(quota, allocation->period.from_day);
    allocation->per_tonne = quota->basis == QUOTA_PER_TONNE && quota->grade_count == 0;
    for (int32_t day = allocation->period.from_day; day < allocation->period.until_day; day++) {
        allocation->per_tonne =
            allocation->per_tonne && quota_factor_e9(quota, day) == allocation->season_e9;
    }
}

/* ---- How much ---- */

static bool read_growth(struct plant_allocation *row, const cJSON *growth)
{
    int64_t last_base = 0, factor_e9 = 0;
    plant_object(row->reader, growth, &growth_keys);
    bool good = plant_decimal(row->reader, growth, "last", row->decimals, 0,
                              INT64_MAX / GROWTH_MOST, &last_base);
    good = plant_decimal(row->reader, growth, "factor", E9, 0,
                         GROWTH_MOST * quantity_power_of_ten(E9), &factor_e9) &&
           good;
    row->allocation->amount_base = good ? plan_grown_base(last_base, factor_e9) : 0;
    return good;
}

/* rate x planned steel, floored as an allowance is. */
static bool from_rate(struct plant_allocation *row, int64_t rate_e9)
{
    struct allocation *allocation = row->allocation;
    char period[PERIOD_TEXT_MAX];
    int64_t planned_g = allocation_planned_g(&row->reader->plant->costing, allocation);
    if (planned_g < 0) {
        return plant_mistake(row->reader, row->json, "rate",
                             "needs the planned tonnes of %s; add {\"period\": \"%s\", \"tonnes\": "
                             "…} to \"plan\", or say \"amount\"",
                             period_format(allocation->period, period), period);
    }
    /* a rate counts 10^-9 of a tonne of 10^6 g */
    quantity_wide amount_base =
        quantity_floor_divide((quantity_wide)rate_e9 * planned_g,
                              quantity_power_of_ten(E9 + GRAM_DECIMALS - row->decimals));
    if (amount_base > PLANT_AMOUNT_MAX_BASE) {
        return plant_mistake(row->reader, row->json, "rate",
                             "times the planned tonnes is more than can be counted");
    }
    allocation->amount_base = (int64_t)amount_base;
    return true;
}

static bool read_amount(struct plant_allocation *row)
{
    const struct allocation *allocation = row->allocation;
    const cJSON *growth = plant_member(row->json, "growth", PLANT_OBJECT);
    bool amount = plant_member(row->json, "amount", PLANT_DECIMAL) != NULL;
    bool rate = plant_member(row->json, "rate", PLANT_DECIMAL) != NULL;
    int64_t rate_e9 = INT64_MAX; /* what does not fit is refused below */
    quantity_multiply_divide(allocation->limit_e9, allocation->season_e9, quantity_power_of_ten(E9),
                             &rate_e9);
    if (amount + rate + (growth != NULL) > 1) {
        return plant_mistake(row->reader, row->json, NULL,
                             "says more than one of \"amount\", \"growth\" and \"rate\"; keep one");
    }
    if (amount) {
        return plant_decimal(row->reader, row->json, "amount", row->decimals, 0,
                             PLANT_AMOUNT_MAX_BASE, &row->allocation->amount_base);
    }
    if (growth != NULL) {
        return read_growth(row, growth);
    }
    if (!rate && !allocation->per_tonne) {
        return plant_mistake(row->reader, row->json, "amount",
                             "is missing; quota \"%s\" has no one rate a tonne in that period to "
                             "work it out by: give \"amount\", \"growth\" or \"rate\"",
                             allocation->quota);
    }
    return (!rate || plant_decimal(row->reader, row->json, "rate", E9, 0, PLANT_AMOUNT_MAX_BASE,
                                   &rate_e9)) &&
           from_rate(row, rate_e9);
}

/* ---- Levels ---- */

static bool finer(int level, int than)
{
    int place = level == ALLOCATION_SHIFT ? -1 : level;
    return place < than; /* shifts, below days; else the kinds of periods count upwards */
}

static bool find_level(const cJSON *value, int *level)
{
    for (int i = 0; cJSON_IsString(value) && i <= ALLOCATION_SHIFT; i++) {
        if (strcmp(value->valuestring, allocation_level_name(i)) == 0) {
            *level = i;
            return true;
        }
    }
    return false;
}

static bool read_levels(struct plant_allocation *row)
{
    struct allocation *allocation = row->allocation;
    const cJSON *list = plant_member(row->json, "periods", PLANT_LIST);
    const cJSON *value = NULL;
    int before = (int)allocation->period.kind, level = 0;
    if (plant_list_count(row->reader, list, ALLOCATION_LEVELS_MAX) == 0) {
        return true;
    }
    cJSON_ArrayForEach(value, list)
    {
        if (!find_level(value, &level)) {
            return plant_mistake(row->reader, value, NULL,
                                 "must be \"quarter\", \"month\", \"ten_days\", \"day\" or "
                                 "\"shift\"");
        }
        if (before == ALLOCATION_SHIFT || !finer(level, before)) {
            return plant_mistake(row->reader, value, NULL,
                                 "is not finer than what it would divide, a %s; list the periods "
                                 "from coarse to fine",
                                 allocation_level_name(before));
        }
        if (level == ALLOCATION_SHIFT && before != PERIOD_DAY) {
            return plant_mistake(row->reader, value, NULL,
                                 "divides a %s; shifts divide a day: put \"day\" before it",
                                 allocation_level_name(before));
        }
        allocation->levels[allocation->level_count++] = level;
        before = level;
    }
    return true;
}

static bool read_shift_weights(struct plant_allocation *row)
{
    const struct catalog *catalog = plant_allocation_catalog(row);
    const cJSON *object = plant_member(row->json, "shifts", PLANT_OBJECT);
    const cJSON *value = NULL;
    bool good = true;
    for (uint32_t i = 0; i < catalog->shift_count; i++) {
        row->allocation->shift_weight_e3[i] =
            object == NULL ? quantity_power_of_ten(PLANT_WEIGHT_DECIMALS) : 0;
    }
    cJSON_ArrayForEach(value, object)
    {
        uint32_t found = 0;
        while (found < catalog->shift_count &&
               strcmp(catalog->shifts[found].id, value->string) != 0) {
            found++;
        }
        if (found == catalog->shift_count) {
            good = plant_mistake(row->reader, value, NULL,
                                 "there is no shift \"%.*s\"; name those of \"shifts\"",
                                 CATALOG_ID_MAX, value->string);
        } else {
            good = plant_decimal_value(row->reader, value, PLANT_WEIGHT_DECIMALS, 0,
                                       PLANT_WEIGHT_MAX_E3,
                                       &row->allocation->shift_weight_e3[found]) &&
                   good;
        }
    }
    return good;
}

/* ---- Whether it adds up ---- */

static crew_id crew_of(const void *context, int32_t day, shift_id shift)
{
    const struct plant *plant = context;
    return roster_crew(&plant->roster, &plant->catalog, day, shift);
}

static const char *crew_words(const struct plant_allocation *row, crew_id crew, char text[64])
{
    const struct catalog *catalog = plant_allocation_catalog(row);
    text[0] = '\0';
    if (crew.index != CATALOG_NONE) {
        snprintf(text, 64, " for crew %s", catalog->crews[crew.index].id);
    }
    return text;
}

static void refuse_unplanned(struct plant_allocation *row, enum allocation_result result,
                             const struct allocation_trouble *trouble, const char *period)
{
    char crew[64];
    plant_mistake(row->reader, row->json, "periods",
                  "%s has no planned tonnes%s, by which it would be divided%s; add it to \"plan\"",
                  period, crew_words(row, trouble->crew, crew),
                  result == ALLOCATION_HOLE ? ", while others beside it have" : "");
}

static void refuse_mismatch(struct plant_allocation *row, enum allocation_result result,
                            const struct allocation_trouble *trouble, const char *period)
{
    char whole[QUANTITY_TEXT_MAX], parts[QUANTITY_TEXT_MAX];
    (void)result;
    plant_mistake(row->reader, row->json, "periods",
                  "%s is planned with %s t, its parts with %s t together; make them add up in "
                  "\"plan\"",
                  period, quantity_to_text(trouble->whole_g, GRAM_DECIMALS, whole),
                  quantity_to_text(trouble->parts_g, GRAM_DECIMALS, parts));
}

static void refuse_period(struct plant_allocation *row, enum allocation_result result,
                          const struct allocation_trouble *trouble, const char *period)
{
    char whole[PERIOD_TEXT_MAX];
    (void)result;
    (void)trouble;
    plant_mistake(row->reader, row->json, "fixed",
                  "fixes %s, which is none of the periods that %s is divided into; name one of "
                  "them, or add its kind to \"periods\"",
                  period, period_format(row->allocation->period, whole));
}

static void refuse_fixed(struct plant_allocation *row, enum allocation_result result,
                         const struct allocation_trouble *trouble, const char *period)
{
    char whole[QUANTITY_TEXT_MAX], parts[QUANTITY_TEXT_MAX];
    plant_mistake(row->reader, row->json, "fixed",
                  "the parts of %s do not add up to the whole: %s are fixed, %s than its %s",
                  period, quantity_to_text(trouble->fixed_base, row->decimals, parts),
                  result == ALLOCATION_OVER_FIXED ? "more" : "and nothing is left free, less",
                  quantity_to_text(trouble->whole_base, row->decimals, whole));
}

static void refuse_weight(struct plant_allocation *row, enum allocation_result result,
                          const struct allocation_trouble *trouble, const char *period)
{
    (void)result;
    (void)trouble;
    plant_mistake(
        row->reader, row->json, "periods",
        "%s has something to divide, and nobody whose planned tonnes or weight is above 0", period);
}

static void refuse_many(struct plant_allocation *row, enum allocation_result result,
                        const struct allocation_trouble *trouble, const char *period)
{
    (void)result;
    (void)trouble;
    plant_mistake(row->reader, row->json, "periods",
                  "divide %s into more than can be kept: at most %d parts of one whole, %d in all; "
                  "leave out the finest",
                  period, APPORTION_PARTS_MAX, ALLOCATION_NODES_MAX);
}

static void (*const refusals[ALLOCATION_RESULTS])(struct plant_allocation *row,
                                                  enum allocation_result result,
                                                  const struct allocation_trouble *trouble,
                                                  const char *period) = {
    [ALLOCATION_UNPLANNED] = refuse_unplanned, [ALLOCATION_HOLE] = refuse_unplanned,
    [ALLOCATION_MISMATCH] = refuse_mismatch,   [ALLOCATION_NO_PERIOD] = refuse_period,
    [ALLOCATION_TOO_MANY] = refuse_many,       [ALLOCATION_OVER_FIXED] = refuse_fixed,
    [ALLOCATION_UNDER_FIXED] = refuse_fixed,   [ALLOCATION_NO_WEIGHT] = refuse_weight,
};

/* The same period stands in another allocation of the quota, by itself or as one of its parts. */
static void compare_with(struct plant_allocation *row, const struct allocation *other)
{
    const struct allocation *own = row->allocation;
    char period[PERIOD_TEXT_MAX], whole[PERIOD_TEXT_MAX], amounts[2][QUANTITY_TEXT_MAX];
    for (size_t i = 0; i < other->node_count; i++) {
        const struct allocation_place *place = &other->places[i];
        if (place->part != ALLOCATION_NO_PART || place->level == ALLOCATION_SHIFT ||
            !period_equal(place->period, own->period)) {
            continue;
        }
        period_format(own->period, period);
        if (i == 0) {
            plant_mistake(row->reader, row->json, "period",
                          "%s is allocated twice for quota \"%s\"; keep one of the rows", period,
                          own->quota);
        } else if (other->nodes[i].amount_base != own->amount_base) {
            plant_mistake(row->reader, row->json, "amount",
                          "of %s is %s, but the allocation of %s gives it %s; make them the same, "
                          "with \"fixed\" there",
                          period, quantity_to_text(own->amount_base, row->decimals, amounts[0]),
                          period_format(other->period, whole),
                          quantity_to_text(other->nodes[i].amount_base, row->decimals, amounts[1]));
        }
        return;
    }
}

static bool divide(struct plant_allocation *row)
{
    const struct plant *plant = row->reader->plant;
    const struct allocation_roster roster = {crew_of, plant, plant->catalog.shift_count};
    struct allocation_trouble trouble;
    enum allocation_result result =
        allocation_divide(row->allocation, &plant->costing, &roster, &trouble);
    if (result != ALLOCATION_DONE) {
        char period[PERIOD_TEXT_MAX];
        refusals[result](row, result, &trouble, period_format(trouble.period, period));
    }
    return result == ALLOCATION_DONE;
}

static bool read_allocation(struct plant_allocation *row)
{
    struct plant_reader *reader = row->reader;
    const struct costing_rules *rules = &reader->plant->costing;
    int64_t days = 0;
    if (!plant_object(reader, row->json, &allocation_keys) || !read_quota(row) ||
        !plant_period(reader, row->json, "period", &row->allocation->period)) {
        return false;
    }
    find_rates(row);
    bool good = read_levels(row) && read_amount(row);
    good = read_shift_weights(row) && good;
    good = plant_allocation_read_parts(row) && good;
    plant_decimal(reader, row->json, "frozen_days", 0, 0, FROZEN_MAX_DAYS, &days);
    row->allocation->frozen_days = (int32_t)days;
    if (!good || !divide(row)) {
        return false;
    }
    for (uint32_t i = 0; i < rules->allocation_count; i++) {
        if (strcmp(rules->allocations[i].quota, row->allocation->quota) == 0) {
            compare_with(row, &rules->allocations[i]);
        }
    }
    return true;
}

static void check_keys(struct plant_reader *reader, const cJSON *json)
{
    const cJSON *growth = plant_member(json, "growth", PLANT_OBJECT);
    plant_object(reader, json, &allocation_keys);
    if (growth != NULL) {
        plant_object(reader, growth, &growth_keys);
    }
    plant_allocation_check_keys(reader, json);
}

void plant_read_allocations(struct plant_reader *reader, const cJSON *root)
{
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *list = plant_member(root, "allocations", PLANT_LIST);
    const cJSON *json = NULL;
    uint32_t count = plant_list_count(reader, list, ALLOCATIONS_MAX);
    rules->allocations = memory_zeroed((size_t)count + 1, sizeof *rules->allocations);
    /* a roster or a plan with mistakes cannot be divided by; unknown keys are told in any case */
    bool readable = reader->findings->counts[PLANT_MISTAKE] == 0;
    list = count > 0 ? list : NULL;
    cJSON_ArrayForEach(json, list)
    {
        struct plant_allocation row = {
            .reader = reader,
            .json = json,
            .allocation = &rules->allocations[rules->allocation_count],
        };
        if (!readable) {
            check_keys(reader, json);
        } else if (read_allocation(&row)) {
            rules->allocation_count++;
        } else {
            allocation_clear(row.allocation);
        }
    }
}
