/* report progress: cost tied to progress, by the production plan (earned value, DOMAIN 1 T II).
 *
 * What the steel that was made should have cost is what the quotas of crew-shifts allow for it at
 * standard prices; what it did cost is what was used of the same quotas at actual prices. Divided
 * by the steel made, the former is the standard cost of a tonne, by which the plan is valued, too.
 */
#include "report_progress.h"

#include "earned_value.h"
#include "economics.h"
#include "memory.h"
#include "period.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define PRICE_DECIMALS 6
#define TONNE_DECIMALS 6 /* grams */
#define PAPER_TONNE_DECIMALS 9
#define MONEY_PLACES 2
#define INDEX_PLACES 4

static const struct table_column columns[] = {
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"planned_t", TABLE_DECIMAL},
    {"done_t", TABLE_DECIMAL},
    {"standard_cost_t", TABLE_DECIMAL},
    {"planned_value", TABLE_DECIMAL},
    {"earned_value", TABLE_DECIMAL},
    {"actual_cost", TABLE_DECIMAL},
    {"cost_variance", TABLE_DECIMAL},
    {"schedule_variance", TABLE_DECIMAL},
    {"cost_index", TABLE_DECIMAL},
    {"schedule_index", TABLE_DECIMAL},
    {"at_completion", TABLE_DECIMAL},
    {"without_price", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

#define WITHIN(day)                                                                                \
    " " day " >= period_from(:planned) AND " day " < period_until(:planned)"                       \
    " AND (:planned_crew IS NULL OR c.id = :planned_crew)"

static const char steel_sql[] =
    "SELECT SUM(h.steel_g) FROM heat h JOIN crew c ON c.no = h.owner_crew"
    " WHERE h.gone = 0 AND h.owner_crew <> 0 AND" WITHIN("h.owner_day");

static const char use_sql[] =
    "SELECT i.id, i.decimals, b.day, SUM(b.used_base), SUM(b.allowed_limit_base),"
    "  MAX(b.provisional)"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN crew c ON c.no = b.crew"
    " WHERE b.crew <> 0 AND b.allowed_limit_base IS NOT NULL AND" WITHIN(
        "b.day") " GROUP BY i.id, b.day";

/* What people planned after the configuration; the newest of a period and crew counts. */
static const char plans_sql[] =
    "SELECT p.period, p.crew, p.tonnes_e9 FROM paper p WHERE p.kind = 'plan' AND p.replaced = 0";

/* What is planned, and what was made of it. */
struct plan {
    struct period period;
    crew_id crew;              /* CATALOG_NONE: the shop */
    quantity_wide planned_e9t; /* 10^-9 t; < 0: nothing is planned */
};

struct progress {
    const struct report_source *source;
    struct sheet sheet;
    struct plan *plans;
    size_t count, capacity;
    /* of the plan that is being worked out */
    int64_t steel_g;
    const struct fraction *allowed, *cost; /* yuan */
    bool priced, provisional;
    char without_price[REPORT_NAMES_MAX];
};

static void add_plan(struct progress *progress, struct plan plan)
{
    for (size_t i = 0; i < progress->count; i++) {
        struct plan *known = &progress->plans[i];
        if (period_equal(known->period, plan.period) && known->crew.index == plan.crew.index) {
            known->planned_e9t = plan.planned_e9t;
            return;
        }
    }
    memory_grow(&progress->plans, progress->count, &progress->capacity, sizeof *progress->plans);
    progress->plans[progress->count++] = plan;
}

static bool take_plan(void *context, const struct reader_row *row)
{
    struct progress *progress = context;
    struct plan plan = {.crew = {CATALOG_NONE}, .planned_e9t = report_number(row->values[2])};
    bool known = row->values[1] == NULL ||
                 catalog_find_crew(progress->source->catalog, row->values[1], &plan.crew);
    if (known && period_parse(row->values[0], &plan.period)) {
        add_plan(progress, plan);
    }
    return true;
}

static int compare_plans(const void *a, const void *b)
{
    const struct plan *one = a, *other = b;
    if (one->period.from_day != other->period.from_day) {
        return one->period.from_day < other->period.from_day ? -1 : 1;
    }
    if (one->period.kind != other->period.kind) {
        return one->period.kind > other->period.kind ? -1 : 1; /* the longer one first */
    }
    /* the shop first */
    uint32_t left = (uint32_t)(one->crew.index + 1) & UINT16_MAX;
    uint32_t right = (uint32_t)(other->crew.index + 1) & UINT16_MAX;
    return left < right ? -1 : left > right;
}

static bool is_asked(const struct report_source *source, const struct plan *plan)
{
    const char *asked = report_parameter(source, ":period");
    const char *crew = report_parameter(source, ":crew");
    char text[PERIOD_TEXT_MAX];
    return (asked == NULL || strcmp(period_format(plan->period, text), asked) == 0) &&
           (crew == NULL || (plan->crew.index != CATALOG_NONE &&
                             strcmp(source->catalog->crews[plan->crew.index].id, crew) == 0));
}

/* What the configuration and the papers plan; a period that was asked for and is not planned, too.
 */
static bool gather_plans(struct progress *progress, struct failure *failure)
{
    const struct costing_rules *rules = progress->source->rules;
    const char *asked = report_parameter(progress->source, ":period");
    const char *crew = report_parameter(progress->source, ":crew");
    struct plan plan = {.crew = {CATALOG_NONE}, .planned_e9t = -1};
    for (uint32_t i = 0; i < rules->plan_count; i++) {
        add_plan(progress,
                 (struct plan){rules->plans[i].period, rules->plans[i].crew,
                               (quantity_wide)rules->plans[i].steel_g *
                                   quantity_power_of_ten(PAPER_TONNE_DECIMALS - TONNE_DECIMALS)});
    }
    if (!report_ask(progress->source, plans_sql, (struct reader_parameter){NULL, NULL}, take_plan,
                    progress, failure)) {
        return false;
    }
    bool any = false;
    for (size_t i = 0; i < progress->count; i++) {
        any = any || is_asked(progress->source, &progress->plans[i]);
    }
    if (asked != NULL && !any && period_parse(asked, &plan.period) &&
        (crew == NULL || catalog_find_crew(progress->source->catalog, crew, &plan.crew))) {
        add_plan(progress, plan);
    }
    if (progress->count > 0) {
        qsort(progress->plans, progress->count, sizeof *progress->plans, compare_plans);
    }
    return true;
}

static bool take_steel(void *context, const struct reader_row *row)
{
    struct progress *progress = context;
    progress->steel_g = report_number(row->values[0]);
    return false;
}

static bool take_use(void *context, const struct reader_row *row)
{
    enum { ITEM, DECIMALS, DAY, USED, ALLOWED, PROVISIONAL };
    struct progress *progress = context;
    struct sheet *sheet = &progress->sheet;
    const char *const *values = row->values;
    unsigned decimals = (unsigned)report_number(values[DECIMALS]);
    item_id item;
    if (!catalog_find_item(progress->source->catalog, values[ITEM], &item)) {
        return true; /* of a former configuration: no price */
    }
    const struct price *price =
        costing_price(progress->source->rules, item, (int32_t)report_number(values[DAY]));
    progress->provisional = progress->provisional || report_number(values[PROVISIONAL]) != 0;
    if (price == NULL || price->standard_e6 == COSTING_UNKNOWN) {
        report_name_add(progress->without_price, values[ITEM]);
        return true;
    }
    int64_t actual_e6 = price->actual_e6 == COSTING_UNKNOWN ? price->standard_e6 : price->actual_e6;
    progress->priced = true;
    progress->allowed = fraction_add(
        sheet, progress->allowed,
        fraction_multiply(sheet, fraction_decimal(sheet, report_number(values[ALLOWED]), decimals),
                          fraction_decimal(sheet, price->standard_e6, PRICE_DECIMALS)));
    progress->cost = fraction_add(
        sheet, progress->cost,
        fraction_multiply(sheet, fraction_decimal(sheet, report_number(values[USED]), decimals),
                          fraction_decimal(sheet, actual_e6, PRICE_DECIMALS)));
    return true;
}

static const char *money(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, MONEY_PLACES, text);
}

static const char *ratio(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, INDEX_PLACES, text);
}

static void add_row(struct table *table, struct progress *progress, const struct plan *plan)
{
    struct sheet *sheet = &progress->sheet;
    const struct fraction *none = fraction_of(sheet, 0, 1);
    const struct fraction *done_t = fraction_decimal(sheet, progress->steel_g, TONNE_DECIMALS);
    const struct fraction *standard =
        progress->priced ? economics_ratio(sheet, progress->allowed, done_t) : NULL;
    bool planned = plan->planned_e9t >= 0, valued = standard != NULL;
    const struct fraction *planned_t =
        planned ? fraction_decimal(sheet, plan->planned_e9t, PAPER_TONNE_DECIMALS) : none;
    struct earned_value value =
        earned_value_of(sheet, planned_t, done_t, progress->cost, valued ? standard : none);
    bool both = planned && valued;
    char period[PERIOD_TEXT_MAX], tonnes[2][FRACTION_TEXT_MAX], texts[9][FRACTION_TEXT_MAX];
    const char *const values[] = {
        period_format(plan->period, period),
        plan->crew.index == CATALOG_NONE ? ""
                                         : progress->source->catalog->crews[plan->crew.index].id,
        planned ? fraction_to_text(planned_t, PAPER_TONNE_DECIMALS, tonnes[0]) : NULL,
        fraction_to_text(done_t, TONNE_DECIMALS, tonnes[1]),
        money(standard, texts[0]),
        money(both ? value.planned : NULL, texts[1]),
        money(valued ? value.earned : NULL, texts[2]),
        money(progress->priced ? progress->cost : NULL, texts[3]),
        money(valued ? value.cost_variance : NULL, texts[4]),
        money(both ? value.schedule_variance : NULL, texts[5]),
        ratio(valued ? value.cost_index : NULL, texts[6]),
        ratio(both ? value.schedule_index : NULL, texts[7]),
        money(both ? value.at_completion : NULL, texts[8]),
        progress->without_price[0] == '\0' ? NULL : progress->without_price,
        progress->provisional ? "1" : "0",
    };
    table_add(table, values);
}

/* Works out one row of the plan. */
static bool show(struct table *table, struct progress *progress, const struct plan *plan,
                 struct failure *failure)
{
    const struct catalog *catalog = progress->source->catalog;
    struct reader *reader = progress->source->reader;
    char period[PERIOD_TEXT_MAX];
    const struct reader_parameter parameters[] = {
        {":planned", period_format(plan->period, period)},
        {":planned_crew",
         plan->crew.index == CATALOG_NONE ? NULL : catalog->crews[plan->crew.index].id},
    };
    progress->steel_g = 0;
    progress->allowed = progress->cost = fraction_of(&progress->sheet, 0, 1);
    progress->priced = progress->provisional = false;
    progress->without_price[0] = '\0';
    if (!reader_query(reader, steel_sql, parameters, COUNT(parameters), take_steel, progress,
                      failure) ||
        !reader_query(reader, use_sql, parameters, COUNT(parameters), take_use, progress,
                      failure)) {
        return false;
    }
    add_row(table, progress, plan);
    sheet_clear(&progress->sheet);
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct progress progress = {.source = source};
    bool good = gather_plans(&progress, failure);
    for (size_t i = 0; good && i < progress.count; i++) {
        if (is_asked(source, &progress.plans[i])) {
            good = show(table, &progress, &progress.plans[i], failure);
        }
    }
    free(progress.plans);
    sheet_clear(&progress.sheet);
    return good;
}

static void write_english(const struct table *table, FILE *out)
{
    if (table_row_count(table) == 0) {
        fputs("\nNothing is planned: see \"plan\" in the configuration, or ask for a --period.\n",
              out);
    }
}

static void write_chinese(const struct table *table, FILE *out)
{
    if (table_row_count(table) == 0) {
        fputs("\n没有计划产量：见配置中的 \"plan\"，或用 --period 指定周期。\n", out);
    }
}

const struct report_kind report_progress_kind = {
    .name = "progress",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period crew ",
    .footer = write_english,
    .footer_zh = write_chinese,
};
