/* report measures: the register of saving measures. What a measure saves is measured: against a
 * baseline fitted to the year before it began, at the steel that was made since. Where that is not
 * known, nothing that follows from it is; `missing` says what it takes. */
#include "report_measures.h"

#include "measure.h"
#include "measure_points.h"
#include "measure_words.h"
#include "memory.h"
#include "paper.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define MONEY_PLACES 2
#define PERCENT_PLACES 2
#define YEARS_PLACES 2
#define TONNE_PLACES 3
#define PRICE_PLACES 6
#define R2_PLACES 4

enum column {
    MEASURE,
    NAME,
    ITEM,
    UNIT,
    METERS,
    START,
    INVESTMENT,
    SUNK,
    STATED,
    BASELINE,
    BASELINE_FIXED,
    BASELINE_PER_TONNE,
    BASELINE_SHIFTS,
    BASELINE_R2,
    SHIFTS,
    SAVED,
    PRICE,
    SAVING,
    RETURN,
    HURDLE,
    COST_WITHOUT,
    COST_WITH,
    GAIN,
    PAYBACK,
    NPV,
    IRR,
    BREAK_EVEN,
    ACCEPT,
    MISSING,
    FORMULAS,
    SOURCE,
    COLUMNS
};

static const struct table_column columns[COLUMNS] = {
    [MEASURE] = {"measure", TABLE_TEXT},
    [NAME] = {"name", TABLE_TEXT},
    [ITEM] = {"item", TABLE_TEXT},
    [UNIT] = {"unit", TABLE_TEXT},
    [METERS] = {"meters", TABLE_TEXT},
    [START] = {"start", TABLE_TEXT},
    [INVESTMENT] = {"investment", TABLE_DECIMAL},
    [SUNK] = {"sunk", TABLE_DECIMAL},
    [STATED] = {"stated_saving", TABLE_DECIMAL},
    [BASELINE] = {"baseline", TABLE_TEXT},
    [BASELINE_FIXED] = {"baseline_fixed", TABLE_DECIMAL},
    [BASELINE_PER_TONNE] = {"baseline_per_tonne", TABLE_DECIMAL},
    [BASELINE_SHIFTS] = {"baseline_shifts", TABLE_COUNT},
    [BASELINE_R2] = {"baseline_r2", TABLE_DECIMAL},
    [SHIFTS] = {"shifts", TABLE_COUNT},
    [SAVED] = {"saving_units", TABLE_DECIMAL},
    [PRICE] = {"price", TABLE_DECIMAL},
    [SAVING] = {"saving_yuan", TABLE_DECIMAL},
    [RETURN] = {"return_pct", TABLE_DECIMAL},
    [HURDLE] = {"hurdle_pct", TABLE_DECIMAL},
    [COST_WITHOUT] = {"cost_without", TABLE_DECIMAL},
    [COST_WITH] = {"cost_with", TABLE_DECIMAL},
    [GAIN] = {"gain", TABLE_DECIMAL},
    [PAYBACK] = {"payback_years", TABLE_DECIMAL},
    [NPV] = {"npv", TABLE_DECIMAL},
    [IRR] = {"irr_pct", TABLE_DECIMAL},
    [BREAK_EVEN] = {"break_even_t", TABLE_DECIMAL},
    [ACCEPT] = {"accept", TABLE_BOOLEAN},
    [MISSING] = {"missing", TABLE_TEXT},
    [FORMULAS] = {"formulas", TABLE_TEXT},
    [SOURCE] = {"source", TABLE_TEXT},
};

/* The latest paper of each measure. */
static const char measures_sql[] =
    "SELECT p.id, p.name, i.id, i.unit, p.meters, p.from_us, local_time(p.from_us), p.amount_e9,"
    "  p.sunk_e9, p.saving_e9, p.life_years, p.hurdle_e9"
    " FROM paper_row p JOIN item i ON i.no = p.item"
    " WHERE p.kind = 'measure' AND (:item IS NULL OR i.id = :item)"
    "  AND NOT EXISTS (SELECT 1 FROM paper_row n WHERE n.id = p.id AND n.kind = 'measure'"
    "   AND (n.position, n.ordinal) > (p.position, p.ordinal))"
    " ORDER BY p.from_us, p.id";

enum asked {
    ASKED_ID,
    ASKED_NAME,
    ASKED_ITEM,
    ASKED_UNIT,
    ASKED_METERS,
    ASKED_FROM,
    ASKED_START,
    ASKED_INVESTMENT,
    ASKED_SUNK,
    ASKED_STATED,
    ASKED_LIFE,
    ASKED_HURDLE,
    ASKED
};

/* A measure as it was registered; its texts are its own. */
struct registered {
    char *texts[ASKED];
};

struct register_ {
    struct registered *items;
    size_t count, capacity;
};

static bool take_measure(void *context, const struct reader_row *row)
{
    struct register_ *all = context;
    memory_grow(&all->items, all->count, &all->capacity, sizeof *all->items);
    struct registered *one = &all->items[all->count++];
    for (int i = 0; i < ASKED; i++) {
        one->texts[i] = row->values[i] == NULL ? NULL : memory_text(row->values[i]);
    }
    return true;
}

static void register_clear(struct register_ *all)
{
    for (size_t i = 0; i < all->count; i++) {
        for (int j = 0; j < ASKED; j++) {
            free(all->items[i].texts[j]);
        }
    }
    free(all->items);
    *all = (struct register_){0};
}

/* What is worked out of a measure; its fractions belong to the sheet. */
struct worked {
    struct sheet sheet;
    struct measure_scope scope;
    const char *baseline_of; /* "given", "fitted" to days of the configuration, or "before" */
    struct baseline baseline;
    bool fitted; /* there is a line */
    size_t since_count;
    struct measure_shown shown;
    const struct fraction *price; /* NULL: not known */
    const struct fraction *investment, *hurdle;
    struct measure_judged judged;
    struct measure_missing missing;
};

static int64_t number(const char *text)
{
    return text == NULL ? PAPER_NOT_GIVEN : strtoll(text, NULL, 10);
}

/* A number of a paper; NULL: it was not given. */
static const struct fraction *given(struct sheet *sheet, const struct registered *one,
                                    enum asked which)
{
    int64_t value_e9 = number(one->texts[which]);
    return value_e9 == PAPER_NOT_GIVEN ? NULL : fraction_decimal(sheet, value_e9, PAPER_DECIMALS);
}

/* The standard price, by which savings are valued as use is; of an item with a tariff alone, what a
 * unit cost on average since the start. */
static bool find_price(struct worked *worked, const struct report_source *source, int32_t day,
                       struct failure *failure)
{
    const struct item *item = &source->catalog->items[worked->scope.item.index];
    const struct price *price = costing_price(source->rules, worked->scope.item, day);
    struct cost_sum sum;
    if (price != NULL && price->standard_e6 != COSTING_UNKNOWN) {
        worked->price = fraction_decimal(&worked->sheet, price->standard_e6, PRICE_PLACES);
        return true;
    }
    if (!measure_points_cost(source, &worked->scope, &sum, failure)) {
        return false;
    }
    worked->price = cost_mean(&worked->sheet, &sum, item->decimals, COST_ACTUAL);
    return true;
}

static struct measure_missing missing_of(const struct worked *worked)
{
    const struct fraction *r2 = worked->fitted ? worked->baseline.r2 : NULL;
    struct measure_missing missing = {.shifts_before = worked->baseline.points,
                                      .shifts_since = worked->since_count};
    bool few = worked->baseline.points < BASELINE_POINTS_ADVISED;
    missing.what = !worked->fitted             ? MEASURE_NO_BASELINE
                   : !worked->baseline.advised ? (few ? MEASURE_FEW_BEFORE : MEASURE_NO_FIT)
                   : !worked->shown.known      ? MEASURE_FEW_SINCE
                   : worked->price == NULL     ? MEASURE_NO_PRICE
                   : worked->hurdle == NULL    ? MEASURE_NO_HURDLE
                                               : MEASURE_NOTHING_MISSING;
    if (r2 != NULL) {
        fraction_to_text(r2, R2_PLACES, missing.r2);
    }
    return missing;
}

static const struct fraction *a_year_of(struct worked *worked, const struct fraction *amount,
                                        int64_t time_us)
{
    return fraction_multiply(&worked->sheet, worked->price,
                             measure_a_year(&worked->sheet, amount, time_us));
}

static void judge(struct worked *worked, const struct registered *one, int64_t since_us)
{
    int64_t life_years = number(one->texts[ASKED_LIFE]);
    struct measure_case judged = {.investment = worked->investment, .hurdle = worked->hurdle};
    if (life_years >= 1 && life_years <= ECONOMICS_PERIODS_MAX) {
        judged.life_years = (unsigned)life_years;
    }
    if (worked->shown.known && worked->price != NULL && since_us > 0) {
        judged.cost_without = a_year_of(worked, worked->shown.expected, since_us);
        judged.cost_with = a_year_of(worked, worked->shown.used, since_us);
        judged.tonnes = measure_a_year(&worked->sheet, worked->shown.tonnes, since_us);
    }
    worked->judged = measure_judge(&worked->sheet, &judged);
}

/* The baseline of the configuration that is in force when a measure of the whole shop begins; NULL:
 * there is none, and the year before is its own. */
static const struct energy_baseline *configured(const struct worked *worked,
                                                const struct report_source *source)
{
    int64_t from_us = worked->scope.from_us;
    int64_t local_us =
        from_us + zone_offset_s(reader_zone(source->reader), from_us) * TIMESTAMP_SECOND_US;
    return worked->scope.meters != NULL
               ? NULL
               : costing_baseline(source->rules, worked->scope.item, (station_id){CATALOG_NONE},
                                  (int32_t)quantity_floor_divide(local_us, TIMESTAMP_DAY_US));
}

/* To which days the baseline is fitted. */
static void choose_days(struct worked *worked, const struct energy_baseline *row)
{
    worked->baseline_of = row == NULL ? "before" : row->fitted ? "fitted" : "given";
    worked->scope.fit_from_day = row != NULL && row->fitted ? row->fit_from_day : INT32_MIN;
    worked->scope.fit_until_day = row != NULL && row->fitted ? row->fit_until_day : INT32_MAX;
}

/* A line that is given has no points, and is as good as whoever gave it says. */
static bool find_baseline(struct worked *worked, const struct energy_baseline *row,
                          const struct measure_points *points)
{
    struct sheet *sheet = &worked->sheet;
    if (row == NULL || row->fitted) {
        worked->baseline.points = points->before_count;
        return baseline_fit(sheet, points->before, points->before_count, &worked->baseline);
    }
    worked->baseline =
        (struct baseline){.fixed = fraction_decimal(sheet, row->fixed_e6, PRICE_PLACES),
                          .per_tonne = fraction_decimal(sheet, row->per_tonne_e6, PRICE_PLACES),
                          .advised = true};
    return true;
}

static bool work_out(struct worked *worked, const struct report_source *source,
                     const struct registered *one, struct failure *failure)
{
    struct measure_points points;
    struct sheet *sheet = &worked->sheet;
    const struct fraction *hurdle_pct = given(sheet, one, ASKED_HURDLE);
    worked->investment = given(sheet, one, ASKED_INVESTMENT);
    worked->hurdle =
        hurdle_pct == NULL ? NULL : fraction_divide(sheet, hurdle_pct, fraction_of(sheet, 100, 1));
    worked->scope.meters = one->texts[ASKED_METERS];
    worked->scope.from_us = number(one->texts[ASKED_FROM]);
    const struct energy_baseline *row = configured(worked, source);
    choose_days(worked, row);
    bool good = measure_points_load(&points, sheet, source, &worked->scope, failure);
    worked->since_count = points.since_count;
    worked->fitted = good && find_baseline(worked, row, &points);
    if (worked->fitted) {
        worked->shown = measure_show(sheet, &worked->baseline, points.since, points.since_count);
    }
    if (good && worked->shown.known) {
        good = find_price(worked, source, points.last_day, failure);
    }
    if (good) {
        worked->missing = missing_of(worked);
        judge(worked, one, points.since_us);
    }
    measure_points_clear(&points);
    return good;
}

/* The cells of a row: NULL until they are set. */
struct cells {
    const char *values[COLUMNS];
    char texts[COLUMNS][FRACTION_TEXT_MAX];
};

static void set(struct cells *cells, enum column column, const struct fraction *value,
                unsigned places)
{
    if (value != NULL) {
        cells->values[column] = fraction_to_text(value, places, cells->texts[column]);
    }
}

static void set_percent(struct worked *worked, struct cells *cells, enum column column,
                        const struct fraction *value)
{
    if (value != NULL) {
        set(cells, column,
            fraction_multiply(&worked->sheet, value, fraction_of(&worked->sheet, 100, 1)),
            PERCENT_PLACES);
    }
}

static void set_count(struct cells *cells, enum column column, size_t count)
{
    snprintf(cells->texts[column], sizeof cells->texts[column], "%zu", count);
    cells->values[column] = cells->texts[column];
}

static void set_judged(struct worked *worked, struct cells *cells)
{
    const struct measure_judged *judged = &worked->judged;
    set(cells, SAVING, judged->saving, MONEY_PLACES);
    set_percent(worked, cells, RETURN, judged->return_);
    set(cells, COST_WITHOUT, judged->z_without, MONEY_PLACES);
    set(cells, COST_WITH, judged->z_with, MONEY_PLACES);
    set(cells, GAIN, judged->gain, MONEY_PLACES);
    set(cells, PAYBACK, judged->payback, YEARS_PLACES);
    set(cells, NPV, judged->npv, MONEY_PLACES);
    set_percent(worked, cells, IRR, judged->irr);
    set(cells, BREAK_EVEN, judged->break_even, TONNE_PLACES);
    if (judged->verdict != MEASURE_UNKNOWN) {
        cells->values[ACCEPT] = judged->verdict == MEASURE_ACCEPT ? "1" : "0";
    }
}

static void set_registered(struct worked *worked, struct cells *cells, const struct registered *one)
{
    static const struct {
        enum column column;
        enum asked asked;
    } texts[] = {{MEASURE, ASKED_ID}, {NAME, ASKED_NAME},     {ITEM, ASKED_ITEM},
                 {UNIT, ASKED_UNIT},  {METERS, ASKED_METERS}, {START, ASKED_START}};
    for (int i = 0; i < COUNT(texts); i++) {
        cells->values[texts[i].column] = one->texts[texts[i].asked];
    }
    set(cells, INVESTMENT, worked->investment, MONEY_PLACES);
    set(cells, SUNK, given(&worked->sheet, one, ASKED_SUNK), MONEY_PLACES);
    set(cells, STATED, given(&worked->sheet, one, ASKED_STATED), MONEY_PLACES);
    set_percent(worked, cells, HURDLE, worked->hurdle);
}

static void add_row(struct worked *worked, const struct registered *one, unsigned decimals,
                    enum measure_language language, struct table *table)
{
    struct cells cells = {.values = {NULL}};
    char missing[MEASURE_WORDS_MAX], formulas[MEASURE_WORDS_MAX];
    set_registered(worked, &cells, one);
    cells.values[BASELINE] = worked->baseline_of;
    set_count(&cells, BASELINE_SHIFTS, worked->baseline.points);
    if (worked->fitted) {
        set(&cells, BASELINE_FIXED, worked->baseline.fixed, decimals);
        set(&cells, BASELINE_PER_TONNE, worked->baseline.per_tonne, PRICE_PLACES);
        set(&cells, BASELINE_R2, worked->baseline.r2, R2_PLACES);
    }
    set_count(&cells, SHIFTS, worked->since_count);
    if (worked->shown.known) {
        set(&cells, SAVED, worked->shown.saved, decimals);
        set(&cells, PRICE, worked->price, PRICE_PLACES);
    }
    set_judged(worked, &cells);
    cells.values[MISSING] = measure_words_missing(&worked->missing, language, missing);
    cells.values[FORMULAS] = measure_words_formulas(&worked->judged, language, formulas);
    cells.values[SOURCE] = cells.values[FORMULAS] != NULL ? measure_words_source(language) : NULL;
    table_add(table, cells.values);
}

static bool add_measure(const struct report_source *source, const struct registered *one,
                        struct table *table, struct failure *failure)
{
    struct worked worked = {.missing = {.what = MEASURE_NO_ITEM}};
    enum measure_language language = source->chinese ? MEASURE_CHINESE : MEASURE_ENGLISH;
    bool known = catalog_find_item(source->catalog, one->texts[ASKED_ITEM], &worked.scope.item);
    bool good = !known || work_out(&worked, source, one, failure);
    unsigned decimals = known ? source->catalog->items[worked.scope.item.index].decimals : 0;
    if (good) {
        add_row(&worked, one, decimals, language, table);
    }
    sheet_clear(&worked.sheet);
    return good;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct register_ all = {0};
    bool good = report_ask(source, measures_sql, (struct reader_parameter){NULL, NULL},
                           take_measure, &all, failure);
    for (size_t i = 0; good && i < all.count; i++) {
        good = add_measure(source, &all.items[i], table, failure);
    }
    register_clear(&all);
    return good;
}

const struct report_kind report_measures_kind = {
    .name = "measures",
    .columns = columns,
    .column_count = COLUMNS,
    .make = make,
    .filters = " item ",
};
