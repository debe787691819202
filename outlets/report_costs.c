/* The lines of report costs: an item each, then what was used, won back (a credit, below 0), the
 * net of both, and the part of it that a crew can do something about; of each crew, then of the
 * shop. */
#include "report_costs.h"

#include "cost.h"
#include "memory.h"
#include "period.h"
#include "report_costs_missing.h"
#include "tariff_costs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define MONEY_PLACES 2
#define ENERGY_PLACES 3
#define PER_TONNE_PLACES 6
#define GRAMS_A_TONNE_DECIMALS 6

static const struct table_column columns[] = {
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"line", TABLE_TEXT},
    {"class", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"amount", TABLE_DECIMAL},
    {"standard_price", TABLE_DECIMAL},
    {"actual_price", TABLE_DECIMAL},
    {"standard_cost", TABLE_DECIMAL},
    {"actual_cost", TABLE_DECIMAL},
    {"kgce", TABLE_DECIMAL},
    {"co2_kg", TABLE_DECIMAL},
    {"recovered", TABLE_BOOLEAN},
    {"controllable", TABLE_BOOLEAN},
    {"steel_kg", TABLE_DECIMAL},
    {"per_tonne", TABLE_DECIMAL},
    {"kgce_per_tonne", TABLE_DECIMAL},
    {"co2_per_tonne", TABLE_DECIMAL},
    {"incomplete", TABLE_BOOLEAN},
    {"spread", TABLE_BOOLEAN},
};

/* Use of items with a tariff by its times, all other by the production day of the use itself: what
 * it cost is the same in both views. In the owner view use of a heat that nobody owns yet stands on
 * its own day, under nobody. */
#define USES(narrowed)                                                                             \
    "WITH u AS MATERIALIZED ("                                                                     \
    "  SELECT CASE WHEN :view = 'owner' AND s.heat <> 0 THEN COALESCE(h.owner_day, s.day)"         \
    "    ELSE s.day END AS day,"                                                                   \
    "   CASE WHEN :view = 'owner' AND s.heat <> 0 THEN COALESCE(h.owner_crew, 0)"                  \
    "    ELSE s.crew END AS crew, s.item, s.amount_base, s.day AS used_day,"                       \
    "   CASE WHEN instr(:timed, ' ' || t.id || ' ') > 0 THEN s.start_us ELSE 0 END AS start_us,"   \
    "   CASE WHEN instr(:timed, ' ' || t.id || ' ') > 0 THEN s.end_us ELSE 0 END AS end_us"        \
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN station st ON st.no = s.station"       \
    "   JOIN item t ON t.no = s.item"                                                              \
    "  WHERE (:item IS NULL OR t.id = :item) AND (:station IS NULL OR st.id = :station)"           \
    "   AND (:heat IS NULL OR s.heat IN (SELECT k.keeper FROM heat k WHERE k.id = :heat))"         \
    "   " narrowed ")"                                                                             \
    " SELECT CASE WHEN :period IS NULL THEN period_of('day', u.day) ELSE :period END AS period,"   \
    "  c.id AS crew, i.id AS item, i.unit, i.decimals, u.used_day, u.start_us, u.end_us,"          \
    "  SUM(u.amount_base)"                                                                         \
    " FROM u JOIN item i ON i.no = u.item JOIN crew c ON c.no = u.crew"                            \
    " WHERE (:day IS NULL OR u.day = CAST(:day AS INTEGER)) AND (:crew IS NULL OR c.id = :crew)"   \
    "  AND (:period IS NULL OR u.day >= period_from(:period) AND u.day < period_until(:period))"   \
    " GROUP BY 1, 2, 3, 6, 7, 8 ORDER BY 1, 2, 3, 6, 7, 8"
static const char uses_sql[] = USES("");
static const char uses_of_days_sql[] = USES("AND " TARIFF_COSTS_OF_DAYS);

/* The steel that crews own, in the order of the uses. */
static const char steel_sql[] =
    "SELECT CASE WHEN :period IS NULL THEN period_of('day', h.owner_day) ELSE :period END,"
    "  c.id, SUM(h.steel_g), COUNT(*) = COUNT(h.steel_g)"
    " FROM heat h JOIN crew c ON c.no = h.owner_crew"
    " WHERE h.owner_day IS NOT NULL AND h.gone = 0"
    "  AND (:heat IS NULL OR h.no IN (SELECT k.keeper FROM heat k WHERE k.id = :heat))"
    "  AND (:day IS NULL OR h.owner_day = CAST(:day AS INTEGER))"
    "  AND (:crew IS NULL OR c.id = :crew)"
    "  AND (:period IS NULL OR h.owner_day >= period_from(:period)"
    "   AND h.owner_day < period_until(:period))"
    " GROUP BY 1, 2 ORDER BY 1, 2";

struct steel {
    char period[PERIOD_TEXT_MAX], crew[CATALOG_ID_MAX + 1];
    int64_t steel_g;
    bool weighed; /* all heats are */
};

enum line { LINE_USED, LINE_RECOVERED, LINE_NET, LINE_CONTROLLABLE, LINES };
static const char *const line_names[LINES] = {"used", "recovered", "net", "controllable"};

/* What a line adds up to; NULL: of no item anything is known. */
struct line_total {
    const struct fraction *totals[COST_MEASURES];
    bool any; /* item belongs to it: of none the sum is 0 */
    bool incomplete, spread;
};

/* A crew in a period, or the shop in one. */
struct account {
    struct sheet sheet;
    struct line_total lines[LINES];
};

struct report_state {
    const struct report_source *source;
    struct cost_basis basis;
    struct table *table;
    struct steel *steels; /* by period, then crew */
    size_t steel_count, steel_capacity;
    bool of_all_crews; /* so that there is a shop */
    bool any;
    char period[PERIOD_TEXT_MAX], crew[CATALOG_ID_MAX + 1];
    char item[CATALOG_ID_MAX + 1], unit[CATALOG_UNIT_MAX + 1];
    unsigned decimals;
    bool known; /* the item is in the configuration */
    item_id item_no;
    struct cost_sum sum; /* of the item */
    struct account of_crew, of_shop;
};

/* ---- Rows ---- */

/* A row but for its names: see struct account. */
struct cells {
    const char *line, *class, *item, *unit, *amount;
    const struct fraction *prices[2];
    const struct fraction *totals[COST_MEASURES];
    bool recovered, controllable, incomplete, spread;
};

static const char *text_of(const struct fraction *value, unsigned places,
                           char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, places, text);
}

static const struct fraction *a_tonne(struct sheet *sheet, const struct fraction *total,
                                      const struct steel *steel)
{
    return total == NULL || !steel->weighed || steel->steel_g <= 0
               ? NULL
               : fraction_divide(sheet, total,
                                 fraction_decimal(sheet, steel->steel_g, GRAMS_A_TONNE_DECIMALS));
}

/* `crew` NULL: the shop. */
static void add_row(struct report_state *state, const char *crew, const struct steel *steel,
                    const struct cells *cells)
{
    static const unsigned places[COST_MEASURES] = {MONEY_PLACES, MONEY_PLACES, ENERGY_PLACES,
                                                   ENERGY_PLACES};
    char prices[2][FRACTION_TEXT_MAX], totals[COST_MEASURES][FRACTION_TEXT_MAX];
    char each[3][FRACTION_TEXT_MAX], steel_kg[QUANTITY_TEXT_MAX];
    const char *shown[COST_MEASURES];
    struct sheet sheet = {0};
    for (int i = 0; i < COST_MEASURES; i++) {
        shown[i] = text_of(cells->totals[i], places[i], totals[i]);
    }
    const struct fraction *cost = a_tonne(&sheet, cells->totals[COST_STANDARD], steel);
    const struct fraction *coal = a_tonne(&sheet, cells->totals[COST_COAL], steel);
    const struct fraction *co2 = a_tonne(&sheet, cells->totals[COST_CO2], steel);
    const char *const values[] = {
        state->period,
        crew,
        cells->line,
        cells->class,
        cells->item,
        cells->unit,
        cells->amount,
        text_of(cells->prices[0], PER_TONNE_PLACES, prices[0]),
        text_of(cells->prices[1], PER_TONNE_PLACES, prices[1]),
        shown[COST_STANDARD],
        shown[COST_ACTUAL],
        shown[COST_COAL],
        shown[COST_CO2],
        cells->recovered ? "1" : "0",
        cells->controllable ? "1" : "0",
        quantity_to_text(steel->steel_g, 3, steel_kg),
        text_of(cost, PER_TONNE_PLACES, each[0]),
        text_of(coal, PER_TONNE_PLACES, each[1]),
        text_of(co2, PER_TONNE_PLACES, each[2]),
        cells->incomplete ? "1" : "0",
        cells->spread ? "1" : "0",
    };
    _Static_assert(COUNT(values) == COUNT(columns), "a value a column");
    table_add(state->table, values);
    sheet_clear(&sheet);
}

/* ---- Sums ---- */

static void add_to_line(struct sheet *sheet, struct line_total *line,
                        const struct fraction *const *totals, bool incomplete, bool spread)
{
    for (int i = 0; i < COST_MEASURES; i++) {
        if (totals[i] != NULL) {
            line->totals[i] = line->totals[i] == NULL
                                  ? totals[i]
                                  : fraction_add(sheet, line->totals[i], totals[i]);
        }
    }
    line->any = true;
    line->incomplete = line->incomplete || incomplete;
    line->spread = line->spread || spread;
}

static void add_to_account(struct account *account, const struct cells *cells)
{
    const bool belongs[LINES] = {
        [LINE_USED] = !cells->recovered,
        [LINE_RECOVERED] = cells->recovered,
        [LINE_NET] = true,
        [LINE_CONTROLLABLE] = cells->controllable,
    };
    for (int line = 0; line < LINES; line++) {
        if (belongs[line]) {
            const struct fraction *own[COST_MEASURES] = {NULL};
            for (int i = 0; i < COST_MEASURES; i++) { /* a copy that lives as long as the account */
                own[i] = cells->totals[i] == NULL
                             ? NULL
                             : fraction_add(&account->sheet, cells->totals[i],
                                            fraction_of(&account->sheet, 0, 1));
            }
            add_to_line(&account->sheet, &account->lines[line], own, cells->incomplete,
                        cells->spread);
        }
    }
}

static void add_lines(struct report_state *state, const char *crew, const struct steel *steel,
                      struct account *account)
{
    for (int line = 0; line < LINES; line++) {
        const struct line_total *total = &account->lines[line];
        struct cells cells = {.line = line_names[line],
                              .class = "",
                              .item = "",
                              .unit = "",
                              .recovered = line == LINE_RECOVERED,
                              .controllable = line == LINE_CONTROLLABLE,
                              .incomplete = total->incomplete,
                              .spread = total->spread};
        for (int i = 0; i < COST_MEASURES; i++) {
            cells.totals[i] = total->any ? total->totals[i] : fraction_of(&account->sheet, 0, 1);
        }
        add_row(state, crew, steel, &cells);
    }
    sheet_clear(&account->sheet);
    *account = (struct account){.sheet = {0}};
}

/* ---- Steel ---- */

static int64_t number(const char *text)
{
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static bool take_steel(void *context, const struct reader_row *row)
{
    struct report_state *state = context;
    memory_grow(&state->steels, state->steel_count, &state->steel_capacity, sizeof *state->steels);
    struct steel *steel = &state->steels[state->steel_count++];
    *steel =
        (struct steel){.steel_g = number(row->values[2]), .weighed = number(row->values[3]) != 0};
    snprintf(steel->period, sizeof steel->period, "%s", row->values[0]);
    snprintf(steel->crew, sizeof steel->crew, "%s", row->values[1]);
    return true;
}

static int compare_steels(const void *left, const void *right)
{
    const struct steel *a = left, *b = right;
    int order = strcmp(a->period, b->period);
    return order != 0 ? order : strcmp(a->crew, b->crew);
}

static struct steel steel_of_crew(const struct report_state *state)
{
    struct steel key = {.weighed = true};
    memcpy(key.period, state->period, sizeof key.period);
    memcpy(key.crew, state->crew, sizeof key.crew);
    const struct steel *found = state->steel_count == 0
                                    ? NULL
                                    : bsearch(&key, state->steels, state->steel_count,
                                              sizeof *state->steels, compare_steels);
    return found != NULL ? *found : key;
}

static struct steel steel_of_shop(const struct report_state *state)
{
    struct steel sum = {.weighed = true};
    for (size_t i = 0; i < state->steel_count; i++) {
        const struct steel *steel = &state->steels[i];
        if (strcmp(steel->period, state->period) == 0) {
            sum.steel_g = quantity_add(sum.steel_g, steel->steel_g);
            sum.weighed = sum.weighed && steel->weighed;
        }
    }
    return sum;
}

/* ---- Uses ---- */

static void finish_item(struct report_state *state)
{
    const struct costing_rules *rules = state->source->rules;
    uint16_t class = state->known ? rules->item_class[state->item_no.index] : CATALOG_NONE;
    char amount[QUANTITY_TEXT_MAX];
    struct sheet sheet = {0};
    struct cells cells = {
        .line = "item",
        .class = class == CATALOG_NONE ? "" : rules->classes[class].id,
        .item = state->item,
        .unit = state->unit,
        .amount = quantity_to_text(state->sum.amount_base, state->decimals, amount),
        .recovered = state->known && state->source->catalog->items[state->item_no.index].recovered,
        .controllable = class == CATALOG_NONE || rules->classes[class].controllable,
        .incomplete = state->sum.unknown[COST_STANDARD] || state->sum.unknown[COST_ACTUAL],
        .spread = state->sum.spread};
    for (enum cost_measure i = 0; i < COST_MEASURES; i++) {
        cells.totals[i] = cost_total(&sheet, &state->sum, state->decimals, i);
        if (cells.totals[i] != NULL && cells.recovered) {
            cells.totals[i] = fraction_subtract(&sheet, fraction_of(&sheet, 0, 1), cells.totals[i]);
        }
    }
    cells.prices[0] = cost_mean(&sheet, &state->sum, state->decimals, COST_STANDARD);
    cells.prices[1] = cost_mean(&sheet, &state->sum, state->decimals, COST_ACTUAL);
    struct steel steel = steel_of_crew(state);
    add_row(state, state->crew, &steel, &cells);
    add_to_account(&state->of_crew, &cells);
    if (state->of_all_crews) {
        add_to_account(&state->of_shop, &cells);
    }
    sheet_clear(&sheet);
}

static void finish_crew(struct report_state *state)
{
    struct steel steel = steel_of_crew(state);
    add_lines(state, state->crew, &steel, &state->of_crew);
}

static void finish_shop(struct report_state *state)
{
    struct steel steel = steel_of_shop(state);
    if (state->of_all_crews) {
        add_lines(state, NULL, &steel, &state->of_shop);
    }
}

static void begin_item(struct report_state *state, const char *const *names, unsigned decimals)
{
    snprintf(state->period, sizeof state->period, "%s", names[0]);
    snprintf(state->crew, sizeof state->crew, "%s", names[1]);
    snprintf(state->item, sizeof state->item, "%s", names[2]);
    snprintf(state->unit, sizeof state->unit, "%s", names[3]);
    state->decimals = decimals;
    state->known = catalog_find_item(state->source->catalog, state->item, &state->item_no);
    state->sum = (struct cost_sum){.amount_base = 0};
    state->any = true;
}

static bool take_use(void *context, const struct reader_row *row)
{
    enum { PERIOD, CREW, ITEM, UNIT, DECIMALS, DAY, START, END, AMOUNT };
    struct report_state *state = context;
    const char *const *values = row->values;
    bool other_period = state->any && strcmp(state->period, values[PERIOD]) != 0;
    bool other_crew = state->any && (other_period || strcmp(state->crew, values[CREW]) != 0);
    bool other_item = !state->any || other_crew || strcmp(state->item, values[ITEM]) != 0;
    if (state->any && other_item) {
        finish_item(state);
    }
    if (other_crew) {
        finish_crew(state);
    }
    if (other_period) {
        finish_shop(state);
    }
    if (other_item) {
        begin_item(state, values, (unsigned)number(values[DECIMALS]));
    }
    const struct cost_use use = {.item = state->item_no,
                                 .day = (int32_t)number(values[DAY]),
                                 .start_us = number(values[START]),
                                 .end_us = number(values[END]),
                                 .amount_base = number(values[AMOUNT])};
    if (state->known) {
        cost_add(&state->sum, &state->basis, &use);
    } else { /* of a former configuration: what it cost is not known here */
        cost_add_unknown(&state->sum, use.amount_base);
    }
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct report_state state = {
        .source = source,
        .basis = {source->rules, source->catalog, reader_zone(source->reader)},
        .table = table,
        .of_all_crews = !report_is_given(source, ":crew")};
    const char *sql = tariff_costs_of_days(source) ? uses_of_days_sql : uses_sql;
    char *timed = tariff_costs_items(source->catalog);
    bool good = report_ask(source, steel_sql, (struct reader_parameter){NULL, NULL}, take_steel,
                           &state, failure) &&
                report_ask(source, sql, (struct reader_parameter){":timed", timed}, take_use,
                           &state, failure);
    if (good && state.any) {
        finish_item(&state);
        finish_crew(&state);
        finish_shop(&state);
    }
    sheet_clear(&state.of_crew.sheet);
    sheet_clear(&state.of_shop.sheet);
    free(state.steels);
    free(timed);
    return good;
}

const struct report_kind report_costs_kind = {
    .name = "costs",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew item station heat view ",
    .view = "owner",
    .footer = report_costs_write_missing,
    .footer_zh = report_costs_write_missing_zh,
};
