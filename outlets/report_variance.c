/* report variance: what more or less use than allowed cost, and what another price cost, by crew
 * and quota. A team answers for the first alone. */
#include "report_variance.h"

#include "memory.h"
#include "period.h"
#include "tariff_costs.h"
#include "variance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define PRICE_DECIMALS 6
#define MONEY_PLACES 2

static const struct table_column columns[] = {
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"quota", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"used", TABLE_DECIMAL},
    {"allowed", TABLE_DECIMAL},
    {"standard_price", TABLE_DECIMAL},
    {"actual_price", TABLE_DECIMAL},
    {"usage_variance", TABLE_DECIMAL},
    {"price_variance", TABLE_DECIMAL},
    {"total_variance", TABLE_DECIMAL},
    {"effect", TABLE_TEXT}, /* of the usage: A(dverse) above 0, F(avourable) below */
    {"controllable", TABLE_BOOLEAN},
    {"provisional", TABLE_BOOLEAN},
};

/* A row a production day, so that each has its price. What is not allowed yet is not judged. */
static const char balances_sql[] =
    "SELECT CASE WHEN :period IS NULL THEN period_of('day', b.day) ELSE :period END AS period,"
    "  c.id AS crew, q.id AS quota, i.id AS item, i.unit, i.decimals, b.day, SUM(b.used_base),"
    "  SUM(b.allowed_limit_base), MAX(b.provisional)"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN crew c ON c.no = b.crew"
    " WHERE b.crew <> 0 AND b.allowed_limit_base IS NOT NULL"
    "  AND (:day IS NULL OR b.day = :day) AND (:crew IS NULL OR c.id = :crew)"
    "  AND (:quota IS NULL OR q.id = :quota) AND (:item IS NULL OR i.id = :item)"
    "  AND (:period IS NULL OR b.day >= period_from(:period) AND b.day < period_until(:period))"
    " GROUP BY 1, 2, 3, b.day"
    " ORDER BY CASE WHEN :period IS NULL THEN b.day ELSE 0 END, 2, 3, b.day";

/* The crew's quota whose days are being read: sums, and the prices of the last day. */
struct sum {
    const struct report_source *source;
    const struct tariff_costs *tariffs;
    struct table *table;
    struct sheet sheet;
    bool any, provisional;
    char period[PERIOD_TEXT_MAX], crew[CATALOG_ID_MAX + 1], quota[CATALOG_ID_MAX + 1];
    item_id item;
    unsigned decimals;
    int64_t used_base, allowed_base;
    const struct price *price;   /* of the last day; NULL: none */
    bool one_price;              /* of all days */
    const struct fraction *paid; /* AQ x AP; NULL: not known */
    struct variance variance;
};

static const struct fraction *add_known(struct sheet *sheet, const struct fraction *sum,
                                        const struct fraction *part)
{
    return sum != NULL && part != NULL ? fraction_add(sheet, sum, part) : NULL;
}

static const struct fraction *price_of(struct sheet *sheet, int64_t price_e6)
{
    return price_e6 == COSTING_UNKNOWN ? NULL : fraction_decimal(sheet, price_e6, PRICE_DECIMALS);
}

static bool same_prices(const struct price *a, const struct price *b)
{
    return a == b || (a != NULL && b != NULL && a->standard_e6 == b->standard_e6 &&
                      a->actual_e6 == b->actual_e6);
}

static const char *money(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, MONEY_PLACES, text);
}

static const char *price_text(const struct sum *sum, int64_t price_e6, char text[QUANTITY_TEXT_MAX])
{
    return sum->one_price && price_e6 != COSTING_UNKNOWN
               ? quantity_to_text(price_e6, PRICE_DECIMALS, text)
               : NULL;
}

/* The price of all days; where a tariff makes it, the mean. */
static const char *actual_text(const struct sum *sum, const struct price *price, char *text)
{
    char mean[FRACTION_TEXT_MAX];
    struct sheet sheet = {0};
    if (sum->source->catalog->items[sum->item.index].tariff == NULL) {
        return price_text(sum, price->actual_e6, text);
    }
    if (sum->paid == NULL || sum->used_base == 0) {
        return NULL;
    }
    const struct fraction *used = fraction_decimal(&sheet, sum->used_base, sum->decimals);
    fraction_to_text(fraction_divide(&sheet, sum->paid, used), PRICE_DECIMALS, mean);
    snprintf(text, QUANTITY_TEXT_MAX, "%.*s", QUANTITY_TEXT_MAX - 1, mean);
    sheet_clear(&sheet);
    return text;
}

static const char *effect_of(const struct fraction *usage)
{
    static const char *const effects[] = {"F", "", "A"};
    return usage == NULL ? NULL : effects[fraction_sign(usage) + 1];
}

static bool controllable(const struct report_source *source, item_id item)
{
    const struct costing_rules *rules = source->rules;
    uint16_t class = rules->item_class[item.index];
    return class == CATALOG_NONE || rules->classes[class].controllable;
}

static void finish(struct sum *sum)
{
    char quantities[2][QUANTITY_TEXT_MAX], prices[2][QUANTITY_TEXT_MAX];
    char variances[3][FRACTION_TEXT_MAX];
    if (!sum->any) {
        return;
    }
    const struct item *item = &sum->source->catalog->items[sum->item.index];
    const struct price unknown = {.standard_e6 = COSTING_UNKNOWN, .actual_e6 = COSTING_UNKNOWN};
    const struct price *price = sum->price != NULL ? sum->price : &unknown;
    const char *const values[] = {
        sum->period,
        sum->crew,
        sum->quota,
        item->id,
        item->unit,
        quantity_to_text(sum->used_base, sum->decimals, quantities[0]),
        quantity_to_text(sum->allowed_base, sum->decimals, quantities[1]),
        price_text(sum, price->standard_e6, prices[0]),
        actual_text(sum, price, prices[1]),
        money(sum->variance.usage, variances[0]),
        money(sum->variance.price, variances[1]),
        money(sum->variance.total, variances[2]),
        effect_of(sum->variance.usage),
        controllable(sum->source, sum->item) ? "1" : "0",
        sum->provisional ? "1" : "0",
    };
    table_add(sum->table, values);
    sheet_clear(&sum->sheet);
}

static void begin(struct sum *sum, const char *const *names, item_id item, unsigned decimals)
{
    *sum = (struct sum){.source = sum->source,
                        .tariffs = sum->tariffs,
                        .table = sum->table,
                        .any = true,
                        .item = item,
                        .decimals = decimals,
                        .one_price = true};
    snprintf(sum->period, sizeof sum->period, "%s", names[0]);
    snprintf(sum->crew, sizeof sum->crew, "%s", names[1]);
    snprintf(sum->quota, sizeof sum->quota, "%s", names[2]);
    const struct fraction *none = fraction_of(&sum->sheet, 0, 1);
    sum->variance = (struct variance){none, none, none};
    sum->paid = none;
}

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

/* What was paid a unit on a day. Under a tariff: what the use cost over what it was; and the
 * standard price of nothing used, so that nothing is no variance. */
static const struct fraction *actual_price(struct sum *sum, int32_t day, int64_t used_base,
                                           const struct price *price)
{
    if (sum->source->catalog->items[sum->item.index].tariff == NULL) {
        return price != NULL ? price_of(&sum->sheet, price->actual_e6) : NULL;
    }
    const struct cost_sum *cost = tariff_costs_find(sum->tariffs, sum->quota, sum->crew, day);
    if (used_base == 0) {
        return price != NULL ? price_of(&sum->sheet, price->standard_e6) : NULL;
    }
    return cost != NULL ? cost_mean(&sum->sheet, cost, sum->decimals, COST_ACTUAL) : NULL;
}

static void add_day(struct sum *sum, int32_t day, int64_t used_base, int64_t allowed_base,
                    bool first)
{
    struct sheet *sheet = &sum->sheet;
    const struct price *price = costing_price(sum->source->rules, sum->item, day);
    const struct variance_input input = {
        .used = fraction_decimal(sheet, used_base, sum->decimals),
        .allowed = fraction_decimal(sheet, allowed_base, sum->decimals),
        .actual_price = actual_price(sum, day, used_base, price),
        .standard_price = price != NULL ? price_of(sheet, price->standard_e6) : NULL,
    };
    struct variance variance = variance_of(sheet, &input);
    const struct fraction *paid = input.actual_price != NULL
                                      ? fraction_multiply(sheet, input.actual_price, input.used)
                                      : NULL;
    sum->paid = add_known(sheet, sum->paid, paid);
    sum->variance.usage = add_known(sheet, sum->variance.usage, variance.usage);
    sum->variance.price = add_known(sheet, sum->variance.price, variance.price);
    sum->variance.total = add_known(sheet, sum->variance.total, variance.total);
    sum->one_price = sum->one_price && (first || same_prices(sum->price, price));
    sum->price = price;
    sum->used_base = quantity_add(sum->used_base, used_base);
    sum->allowed_base = quantity_add(sum->allowed_base, allowed_base);
}

static bool take_day(void *context, const struct reader_row *row)
{
    enum { PERIOD, CREW, QUOTA, ITEM, UNIT, DECIMALS, DAY, USED, ALLOWED, PROVISIONAL };
    struct sum *sum = context;
    const char *const *values = row->values;
    item_id item;
    bool same = sum->any && strcmp(sum->period, values[PERIOD]) == 0 &&
                strcmp(sum->crew, values[CREW]) == 0 && strcmp(sum->quota, values[QUOTA]) == 0;
    if (!catalog_find_item(sum->source->catalog, values[ITEM], &item)) {
        return true; /* of a former configuration: no price */
    }
    if (!same) {
        finish(sum);
        begin(sum, values, item, (unsigned)number(values[DECIMALS]));
    }
    add_day(sum, (int32_t)number(values[DAY]), number(values[USED]), number(values[ALLOWED]),
            !same);
    sum->provisional = sum->provisional || number(values[PROVISIONAL]) != 0;
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct tariff_costs tariffs;
    struct sum sum = {.source = source, .tariffs = &tariffs, .table = table};
    bool good = tariff_costs_load(&tariffs, source, failure) &&
                report_ask(source, balances_sql, (struct reader_parameter){NULL, NULL}, take_day,
                           &sum, failure);
    if (good) {
        finish(&sum);
    }
    sheet_clear(&sum.sheet);
    tariff_costs_clear(&tariffs);
    return good;
}

const struct report_kind report_variance_kind = {
    .name = "variance",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew quota item ",
};
