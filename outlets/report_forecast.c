#include "report_forecast.h"

#include "allocation.h"
#include "forecast.h"
#include "plan_now.h"
#include "report_parts.h"

#include <string.h>

#define TONNE_DECIMALS 6 /* grams */

/* SQL keeps its own line breaks. */
/* clang-format off */
#define STEEL(what, of) "(SELECT " what " FROM heat h WHERE h.gone = 0 AND h.no <> 0 AND " of ")"
#define ALL_STEEL(of) STEEL("SUM(h.steel_g)", of) ", " STEEL("COUNT(*) - COUNT(h.steel_g)", of)
#define OF_SHIFT "h.owner_day = b.day AND h.owner_shift = b.shift AND h.owner_crew = b.crew"
#define OF_PERIOD "h.owner_day >= b.from_day AND h.owner_day < b.until_day"

/* A row of the report that is not over: how to find it, and what is done of it. */
static const char open_sql[] =
    "SELECT q.id, rtrim(civil_day(b.day) || ' ' || sh.id || ' ' || c.id), b.used_base, i.decimals,"
    "  " ALL_STEEL(OF_SHIFT) ", b.day, sh.id, c.id"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew"
    " WHERE b.provisional = 1 AND b.crew <> 0"
    " UNION ALL SELECT q.id, b.period, b.used_base, i.decimals, " ALL_STEEL(OF_PERIOD) ", NULL,"
    "  NULL, NULL"
    " FROM period_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    " WHERE b.provisional = 1";
/* clang-format on */

struct forecasting {
    const struct report_source *source;
    struct plan_now now;
    struct table *table;
};

/* The steel planned for a period of the shop; -1: none. */
static int64_t planned_period_g(const struct forecasting *forecasting, const char *text)
{
    const crew_id shop = {CATALOG_NONE};
    struct period period;
    if (!period_parse(text, &period)) {
        return -1;
    }
    int64_t entered_g = plan_now_g(&forecasting->now, period, shop);
    return entered_g >= 0 ? entered_g : costing_planned_g(forecasting->source->rules, period, shop);
}

/* The steel planned for a row: of a crew-shift (day, shift, crew), or else a period; -1: none. */
static int64_t planned_g(const struct forecasting *forecasting, const char *period_text,
                         const char *const *slot)
{
    const struct catalog *catalog = forecasting->source->catalog;
    shift_id shift;
    crew_id crew;
    if (slot[0] == NULL) {
        return planned_period_g(forecasting, period_text);
    }
    if (!catalog_find_shift(catalog, slot[1], &shift) ||
        !catalog_find_crew(catalog, slot[2], &crew)) {
        return -1; /* of a former configuration */
    }
    int32_t day = (int32_t)report_number(slot[0]);
    int64_t entered_g = plan_now_g(&forecasting->now, period_of(PERIOD_DAY, day), crew);
    return entered_g >= 0 ? entered_g
                          : allocation_planned_shift_g(forecasting->source->rules, day, shift, crew,
                                                       catalog->shift_count);
}

static void set_forecast(struct table *table, const char *quota, const char *period,
                         const char *text)
{
    int quotas = table_find(table, "quota"), scopes = table_find(table, "scope");
    int periods = table_find(table, "period"), forecasts = table_find(table, "forecast");
    for (size_t row = 0; row < table_row_count(table); row++) {
        const char *own = table_cell(table, row, periods);
        if (strcmp(table_cell(table, row, quotas), quota) == 0 &&
            strcmp(table_cell(table, row, scopes), "heat") != 0 && own != NULL &&
            strcmp(own, period) == 0) {
            table_set(table, row, forecasts, text);
        }
    }
}

static bool take_open(void *context, const struct reader_row *row)
{
    enum { QUOTA, PERIOD, USED, DECIMALS, STEEL_G, UNWEIGHED, DAY };
    struct forecasting *forecasting = context;
    const char *const *values = row->values;
    int64_t plan_g = planned_g(forecasting, values[PERIOD], values + DAY);
    char text[FRACTION_TEXT_MAX];
    struct sheet sheet = {0};
    if (plan_g < 0 || values[STEEL_G] == NULL || report_number(values[UNWEIGHED]) > 0) {
        return true;
    }
    unsigned decimals = (unsigned)report_number(values[DECIMALS]);
    const struct fraction *forecast = forecast_at_completion(
        &sheet, fraction_decimal(&sheet, report_number(values[USED]), decimals),
        fraction_decimal(&sheet, report_number(values[STEEL_G]), TONNE_DECIMALS),
        fraction_decimal(&sheet, plan_g, TONNE_DECIMALS));
    if (forecast != NULL) {
        set_forecast(forecasting->table, values[QUOTA], values[PERIOD],
                     fraction_to_text(forecast, decimals, text));
    }
    sheet_clear(&sheet);
    return true;
}

bool report_forecast(const struct report_source *source, struct table *table,
                     struct failure *failure)
{
    struct forecasting forecasting = {.source = source, .table = table};
    bool good = plan_now_read(&forecasting.now, source, failure);
    bool planned = source->rules->plan_count > 0 || forecasting.now.change_count > 0;
    if (good && planned && table_row_count(table) > 0) {
        good = report_ask(source, open_sql, (struct reader_parameter){NULL, NULL}, take_open,
                          &forecasting, failure);
    }
    plan_now_clear(&forecasting.now);
    return good;
}
