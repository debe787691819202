#include "report_papers.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct table_column columns[] = {
    {"id", TABLE_TEXT},          {"kind", TABLE_TEXT},      {"state", TABLE_TEXT},
    {"at", TABLE_TEXT},          {"by", TABLE_TEXT},        {"approvals", TABLE_TEXT},
    {"of", TABLE_TEXT},          {"quota", TABLE_TEXT},     {"item", TABLE_TEXT},
    {"crew", TABLE_TEXT},        {"to_crew", TABLE_TEXT},   {"period", TABLE_TEXT},
    {"from", TABLE_TEXT},        {"amount", TABLE_DECIMAL}, {"target", TABLE_DECIMAL},
    {"limit", TABLE_DECIMAL},    {"rate", TABLE_DECIMAL},   {"tonnes", TABLE_DECIMAL},
    {"order", TABLE_TEXT},       {"name", TABLE_TEXT},      {"code", TABLE_TEXT},
    {"approved_by", TABLE_TEXT}, {"reason", TABLE_TEXT},    {"action", TABLE_TEXT},
    {"replaced", TABLE_BOOLEAN},
};

/* SQL keeps its own line breaks. */
/* clang-format off */
static const char *const papers_sql =
    "SELECT p.id, p.kind, p.state, local_time(p.ts_us), p.by_whom, p.approvals, p.of, p.quota,"
    "  p.item, p.crew, p.to_crew, p.period, local_time(p.from_us), decimal(p.amount_e9, 9),"
    "  decimal(p.target_e9, 9), decimal(p.limit_e9, 9), decimal(p.rate_e9, 9),"
    "  decimal(p.tonnes_e9, 9), p.order_name, p.name, p.code, p.approved_by, p.reason, p.action,"
    "  p.replaced"
    " FROM paper p WHERE 1"
    "[quota AND p.quota = :quota][item AND p.item = :item]"
    "[crew AND (p.crew = :crew OR p.to_crew = :crew)][period AND p.period = :period]"
    "[open AND p.state IN ('proposed', 'open') AND p.kind IN ('revise', 'transfer', 'slip')]"
    "[from AND p.ts_us >= CAST(:from AS INTEGER)][to AND p.ts_us < CAST(:to AS INTEGER)]"
    " ORDER BY p.position, p.ordinal";
/* clang-format on */

const struct report_kind report_papers_kind = {
    .name = "papers",
    .columns = columns,
    .column_count = COUNT(columns),
    .sql = &papers_sql,
    .filters = " from to crew item quota period open ",
};
