/* The kinds of reports: their columns, the filters that they take, and the SQL or the calculation
 * behind them. */
#include "report.h"

#include "report_accounts.h"
#include "report_costs.h"
#include "report_enpi.h"
#include "report_forecast.h"
#include "report_held.h"
#include "report_kind.h"
#include "report_kpi.h"
#include "report_levels.h"
#include "report_measures.h"
#include "report_overruns.h"
#include "report_papers.h"
#include "report_pareto.h"
#include "report_period.h"
#include "report_plan.h"
#include "report_progress.h"
#include "report_ranking.h"
#include "report_reallocation.h"
#include "report_rejects.h"
#include "report_settlement.h"
#include "report_slips.h"
#include "report_sql.h"
#include "report_variance.h"

#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct table_column heats_columns[] = {
    {"heat", TABLE_TEXT},       {"item", TABLE_TEXT},        {"unit", TABLE_TEXT},
    {"amount", TABLE_DECIMAL},  {"quality", TABLE_TEXT},     {"estimated_pct", TABLE_DECIMAL},
    {"owner_crew", TABLE_TEXT}, {"owner_day", TABLE_TEXT},   {"owner_shift", TABLE_TEXT},
    {"grade", TABLE_TEXT},      {"steel_kg", TABLE_DECIMAL}, {"per_tonne", TABLE_DECIMAL},
    {"target", TABLE_DECIMAL},  {"limit", TABLE_DECIMAL},    {"state", TABLE_TEXT},
};

static const struct table_column crews_columns[] = {
    {"day", TABLE_TEXT},         {"shift", TABLE_TEXT},
    {"crew", TABLE_TEXT},        {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},        {"amount", TABLE_DECIMAL},
    {"quality", TABLE_TEXT},     {"estimated_pct", TABLE_DECIMAL},
    {"steel_kg", TABLE_DECIMAL}, {"per_tonne", TABLE_DECIMAL},
    {"target", TABLE_DECIMAL},   {"limit", TABLE_DECIMAL},
    {"state", TABLE_TEXT},       {"provisional", TABLE_BOOLEAN},
};

static const struct table_column quotas_columns[] = {
    {"quota", TABLE_TEXT},
    {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"heat", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"view", TABLE_TEXT},
    {"allowed_target", TABLE_DECIMAL},
    {"allowed_limit", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},
    {"balance", TABLE_DECIMAL},
    {"forecast", TABLE_DECIMAL},
    {"state", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

static const struct table_column alerts_columns[] = {
    {"id", TABLE_TEXT},        {"quota", TABLE_TEXT},      {"level", TABLE_TEXT},
    {"state", TABLE_TEXT},     {"raised_at", TABLE_TEXT},  {"cleared_at", TABLE_TEXT},
    {"closed_at", TABLE_TEXT}, {"acked_by", TABLE_TEXT},   {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},    {"heat", TABLE_TEXT},       {"crew", TABLE_TEXT},
    {"used", TABLE_DECIMAL},   {"allowed", TABLE_DECIMAL}, {"responsible", TABLE_TEXT},
    {"retro", TABLE_BOOLEAN},
};

static const struct table_column meters_columns[] = {
    {"meter", TABLE_TEXT},         {"item", TABLE_TEXT},      {"station", TABLE_TEXT},
    {"kind", TABLE_TEXT},          {"role", TABLE_TEXT},      {"last_ts", TABLE_TEXT},
    {"last_value", TABLE_DECIMAL}, {"readings", TABLE_COUNT}, {"duplicates", TABLE_COUNT},
    {"conflicts", TABLE_COUNT},    {"late", TABLE_COUNT},     {"glitches", TABLE_COUNT},
    {"spikes", TABLE_COUNT},       {"resets", TABLE_COUNT},   {"gaps", TABLE_COUNT},
    {"held", TABLE_COUNT},         {"refused", TABLE_COUNT},  {"stale", TABLE_BOOLEAN},
    {"booked", TABLE_DECIMAL},
};

static const struct table_column balance_columns[] = {
    {"day", TABLE_TEXT},           {"shift", TABLE_TEXT},          {"main", TABLE_TEXT},
    {"parts", TABLE_TEXT},         {"main_amount", TABLE_DECIMAL}, {"parts_amount", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL}, {"percent", TABLE_DECIMAL},     {"within_band", TABLE_BOOLEAN},
    {"incomplete", TABLE_BOOLEAN},
};

static const struct table_column review_columns[] = {
    {"heat", TABLE_TEXT},    {"reason", TABLE_TEXT}, {"since", TABLE_TEXT},
    {"station", TABLE_TEXT}, {"detail", TABLE_TEXT},
};

static const struct table_column held_columns[] = {
    {"meter", TABLE_TEXT},         {"ts", TABLE_TEXT},        {"value", TABLE_DECIMAL},
    {"kind", TABLE_TEXT},          {"reason", TABLE_TEXT},    {"last_ts", TABLE_TEXT},
    {"last_value", TABLE_DECIMAL}, {"amount", TABLE_DECIMAL}, {"unit", TABLE_TEXT},
    {"position", TABLE_COUNT},     {"topic", TABLE_TEXT},
};

static const struct table_column rejects_columns[] = {
    {"position", TABLE_COUNT}, {"at", TABLE_TEXT},     {"topic", TABLE_TEXT},
    {"outcome", TABLE_TEXT},   {"detail", TABLE_TEXT}, {"payload", TABLE_TEXT},
    {"state", TABLE_TEXT},     {"nth", TABLE_COUNT},
};

static const struct report_kind asked[] = {
    {.name = "heats",
     .columns = heats_columns,
     .column_count = COUNT(heats_columns),
     .sql = &report_heats_sql,
     .filters = " from to day shift crew heat item station meter "},
    {.name = "crews",
     .columns = crews_columns,
     .column_count = COUNT(crews_columns),
     .sql = &report_crews_sql,
     .filters = " from to day shift crew heat item station meter view "},
    {.name = "quotas",
     .columns = quotas_columns,
     .column_count = COUNT(quotas_columns),
     .sql = &report_quotas_sql,
     .refine = report_forecast,
     .filters = " from to day shift crew heat item quota "},
    {.name = "alerts",
     .columns = alerts_columns,
     .column_count = COUNT(alerts_columns),
     .sql = &report_alerts_sql,
     .filters = " from to day shift crew heat item quota transition open "},
    {.name = "meters",
     .columns = meters_columns,
     .column_count = COUNT(meters_columns),
     .sql = &report_meters_sql,
     .filters = " item station meter "},
    {.name = "balance",
     .columns = balance_columns,
     .column_count = COUNT(balance_columns),
     .sql = &report_balance_sql,
     .filters = " from to day shift item meter "},
    {.name = "review",
     .columns = review_columns,
     .column_count = COUNT(review_columns),
     .sql = &report_review_sql,
     .filters = " from to heat station "},
    {.name = "held",
     .columns = held_columns,
     .column_count = COUNT(held_columns),
     .sql = &report_held_sql,
     .filters = " from to item station meter ",
     .footer = report_held_write_entries},
    {.name = "rejects",
     .columns = rejects_columns,
     .column_count = COUNT(rejects_columns),
     .sql = &report_rejects_sql,
     .filters = " from to ",
     .footer = report_rejects_write_rest},
};

/* Those in files of their own: nearly all are worked out. */
static const struct report_kind *const worked_out[] = {
    &report_accounts_kind, &report_entries_kind,  &report_period_kind,       &report_levels_kind,
    &report_measures_kind, &report_papers_kind,   &report_settlement_kind,   &report_slips_kind,
    &report_variance_kind, &report_costs_kind,    &report_pareto_kind,       &report_ranking_kind,
    &report_enpi_kind,     &report_plan_kind,     &report_reallocation_kind, &report_progress_kind,
    &report_kpi_kind,      &report_overruns_kind,
};

const struct report_kind *report_kind_find(const char *name)
{
    for (int i = 0; i < COUNT(asked); i++) {
        if (strcmp(asked[i].name, name) == 0) {
            return &asked[i];
        }
    }
    for (int i = 0; i < COUNT(worked_out); i++) {
        if (strcmp(worked_out[i]->name, name) == 0) {
            return worked_out[i];
        }
    }
    return NULL;
}

bool report_kind_takes(const struct report_kind *kind, const char *filter)
{
    size_t length = strlen(filter);
    for (const char *at = strstr(kind->filters, filter); at != NULL; at = strstr(at + 1, filter)) {
        if (at[-1] == ' ' && at[length] == ' ') { /* they stand in spaces */
            return true;
        }
    }
    return false;
}

bool report_is_worked_out(const char *name)
{
    const struct report_kind *kind = report_kind_find(name);
    return kind != NULL && kind->sql == NULL;
}

bool report_is_refined(const char *name)
{
    const struct report_kind *kind = report_kind_find(name);
    return kind != NULL && kind->refine != NULL;
}

const char *report_names(void)
{
    return "heats, crews, quotas, levels, accounts, entries, alerts, meters, balance, review, "
           "held, rejects, "
           "settlement, "
           "papers, variance, costs, pareto, ranking, enpi, progress, kpi, overruns, "
           "slips, measures, period, plan, reallocation";
}
