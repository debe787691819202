/* report ranking: what the crews used of one quota's item for a tonne of steel, or what a tonne
 * cost them at standard prices, on one mix of grades for all, so that nobody wins by an easy
 * programme. It counts the heats that a crew owns and whose weight is known, and what they used. */
#include "report_ranking.h"

#include "economics.h"
#include "memory.h"
#include "ranking.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define HEATS_LEAST_DEFAULT 10
#define PRICE_DECIMALS 6
#define TONNE_DECIMALS 6 /* grams */
#define KILOGRAM_DECIMALS 3
#define RATE_PLACES 6
#define PERCENT_PLACES 2
#define GRADES_MAX 4096

static const struct table_column columns[] = {
    {"period", TABLE_TEXT},
    {"rank", TABLE_COUNT},
    {"crew", TABLE_TEXT},
    {"quota", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"heats", TABLE_COUNT},
    {"steel_kg", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},
    {"rate", TABLE_DECIMAL},
    {"normalised", TABLE_DECIMAL},
    {"gap", TABLE_DECIMAL},
    {"quality", TABLE_TEXT},
    {"estimated_pct", TABLE_DECIMAL},
    {"few_heats", TABLE_BOOLEAN},
    {"other_grades", TABLE_BOOLEAN},
    {"without_price", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

/* Heats with an owner and a weight, of the period. */
#define HEATS_COUNTED                                                                              \
    " h.no <> 0 AND h.gone = 0 AND h.steel_g > 0 AND h.owner_crew <> 0"                            \
    "  AND (:day IS NULL OR h.owner_day = CAST(:day AS INTEGER))"                                  \
    "  AND (:period IS NULL OR h.owner_day >= period_from(:period)"                                \
    "    AND h.owner_day < period_until(:period))"

static const char heats_sql[] =
    "SELECT c.id, h.grade, COUNT(*), SUM(h.steel_g), MAX(h.ended_us IS NULL)"
    " FROM heat h JOIN crew c ON c.no = h.owner_crew WHERE" HEATS_COUNTED
    " GROUP BY c.id, h.grade ORDER BY c.id, h.grade";

/* Stations and meters of a quota are lists joined by ';', empty for all. */
static const char use_sql[] =
    "SELECT c.id, h.grade, i.id, h.owner_day, SUM(s.amount_base),"
    "  SUM(CASE WHEN s.quality = 5 THEN s.amount_base ELSE 0 END),"
    "  MAX(CASE WHEN s.amount_base <> 0 THEN s.quality ELSE 0 END)"
    " FROM heat h JOIN net_segment s ON s.heat = h.no JOIN crew c ON c.no = h.owner_crew"
    "  JOIN item i ON i.no = s.item JOIN station st ON st.no = s.station"
    "  JOIN meter m ON m.no = s.meter LEFT JOIN quota q ON q.id = :quota"
    " WHERE" HEATS_COUNTED " AND (:quota IS NULL OR q.item = s.item"
    "   AND (q.stations = '' OR instr(';' || q.stations || ';', ';' || st.id || ';') > 0)"
    "   AND (q.meters = '' OR instr(';' || q.meters || ';', ';' || m.id || ';') > 0))"
    " GROUP BY 1, 2, 3, 4";

static const char unit_sql[] =
    "SELECT i.unit FROM quota q JOIN item i ON i.no = q.item WHERE q.id = :quota";

/* What is known of a crew beside its cells. */
struct standing {
    int64_t steel_g, used_base;
    int quality; /* the worst */
    bool provisional;
    const struct fraction *amount, *estimated; /* units of the quota's item, or yuan */
    char without_price[REPORT_NAMES_MAX];
};

struct grade {
    char name[CATALOG_ID_MAX + 1];
};

struct race {
    const struct report_source *source;
    struct sheet sheet;
    const char *quota; /* NULL: by cost */
    char unit[CATALOG_UNIT_MAX + 1];
    struct ranking_cell *cells;
    size_t cell_count, cell_capacity;
    struct grade *grades;
    size_t grade_count, grade_capacity;
    struct standing *standings; /* by crew */
    bool priced;                /* at least one item was */
};

static size_t grade_of(struct race *race, const char *name)
{
    for (size_t i = 0; i < race->grade_count; i++) {
        if (strcmp(race->grades[i].name, name) == 0) {
            return i;
        }
    }
    memory_grow(&race->grades, race->grade_count, &race->grade_capacity, sizeof *race->grades);
    snprintf(race->grades[race->grade_count].name, sizeof race->grades->name, "%s", name);
    return race->grade_count++;
}

static bool take_heats(void *context, const struct reader_row *row)
{
    enum { CREW, GRADE, HEATS, STEEL, RUNNING };
    struct race *race = context;
    const char *const *values = row->values;
    crew_id crew;
    if (!catalog_find_crew(race->source->catalog, values[CREW], &crew)) {
        return true; /* of a former configuration */
    }
    size_t grade = grade_of(race, values[GRADE]);
    if (grade == GRADES_MAX) {
        return false; /* ask() says so */
    }
    struct standing *standing = &race->standings[crew.index];
    memory_grow(&race->cells, race->cell_count, &race->cell_capacity, sizeof *race->cells);
    race->cells[race->cell_count++] = (struct ranking_cell){
        .crew = crew.index,
        .grade = grade,
        .cost = fraction_of(&race->sheet, 0, 1),
        .tonnes = fraction_decimal(&race->sheet, report_number(values[STEEL]), TONNE_DECIMALS),
        .heats = report_number(values[HEATS]),
    };
    standing->steel_g = quantity_add(standing->steel_g, report_number(values[STEEL]));
    standing->provisional = standing->provisional || report_number(values[RUNNING]) != 0;
    return true;
}

/* What a unit counts: 1 of a quota's item, its standard price in yuan, which of what is won back is
 * a credit; NULL: it has no price. */
static const struct fraction *weight_of(struct race *race, item_id item, int32_t day)
{
    const struct price *price = costing_price(race->source->rules, item, day);
    if (race->quota != NULL) {
        return fraction_of(&race->sheet, 1, 1);
    }
    if (price == NULL || price->standard_e6 == COSTING_UNKNOWN) {
        return NULL;
    }
    bool recovered = race->source->catalog->items[item.index].recovered;
    return fraction_decimal(&race->sheet, recovered ? -price->standard_e6 : price->standard_e6,
                            PRICE_DECIMALS);
}

static void add_use(struct race *race, struct ranking_cell *cell, item_id item,
                    const char *const *values)
{
    enum { DAY = 3, AMOUNT, ESTIMATED, QUALITY };
    struct sheet *sheet = &race->sheet;
    struct standing *standing = &race->standings[cell->crew];
    unsigned decimals = race->source->catalog->items[item.index].decimals;
    const struct fraction *weight = weight_of(race, item, (int32_t)report_number(values[DAY]));
    if (weight == NULL) {
        report_name_add(standing->without_price, race->source->catalog->items[item.index].id);
        return;
    }
    const struct fraction *amount = fraction_multiply(
        sheet, weight, fraction_decimal(sheet, report_number(values[AMOUNT]), decimals));
    const struct fraction *estimated = fraction_multiply(
        sheet, weight, fraction_decimal(sheet, report_number(values[ESTIMATED]), decimals));
    race->priced = true;
    cell->cost = fraction_add(sheet, cell->cost, amount);
    standing->amount = fraction_add(sheet, standing->amount, amount);
    standing->estimated = fraction_add(sheet, standing->estimated, estimated);
    if (report_number(values[QUALITY]) > standing->quality) {
        standing->quality = (int)report_number(values[QUALITY]);
    }
}

static bool take_use(void *context, const struct reader_row *row)
{
    enum { CREW, GRADE, ITEM };
    struct race *race = context;
    const char *const *values = row->values;
    crew_id crew;
    item_id item;
    if (!catalog_find_crew(race->source->catalog, values[CREW], &crew) ||
        !catalog_find_item(race->source->catalog, values[ITEM], &item)) {
        return true;
    }
    size_t grade = grade_of(race, values[GRADE]);
    for (size_t i = 0; i < race->cell_count; i++) {
        if (race->cells[i].crew == crew.index && race->cells[i].grade == grade) {
            add_use(race, &race->cells[i], item, values);
        }
    }
    return true;
}

static bool take_unit(void *context, const struct reader_row *row)
{
    struct race *race = context;
    snprintf(race->unit, sizeof race->unit, "%s", row->values[0]);
    return false;
}

static const char *text_of(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, RATE_PLACES, text);
}

static void add_row(struct table *table, struct race *race, const struct ranking_row *row)
{
    static const char *const letters[] = {"M", "I", "U", "C", "S", "E"};
    struct standing *standing = &race->standings[row->crew];
    char period[TIMESTAMP_TEXT_MAX], rank[QUANTITY_TEXT_MAX], heats[QUANTITY_TEXT_MAX];
    char steel[QUANTITY_TEXT_MAX], numbers[4][FRACTION_TEXT_MAX], estimated[FRACTION_TEXT_MAX];
    const struct fraction *part =
        economics_ratio(&race->sheet, standing->estimated, standing->amount);
    const char *const values[] = {
        report_period(race->source, period),
        row->rank > 0 ? quantity_to_text((int64_t)row->rank, 0, rank) : NULL,
        race->source->catalog->crews[row->crew].id,
        race->quota,
        race->unit,
        quantity_to_text(row->heats, 0, heats),
        quantity_to_text(standing->steel_g, KILOGRAM_DECIMALS, steel),
        text_of(standing->amount, numbers[0]),
        text_of(row->rate, numbers[1]),
        text_of(row->normalised, numbers[2]),
        text_of(row->gap, numbers[3]),
        letters[standing->quality],
        part == NULL ? "0"
                     : fraction_to_text(
                           fraction_multiply(&race->sheet, part, fraction_of(&race->sheet, 100, 1)),
                           PERCENT_PLACES, estimated),
        row->few_heats ? "1" : "0",
        row->other_grades ? "1" : "0",
        standing->without_price[0] == '\0' ? NULL : standing->without_price,
        standing->provisional ? "1" : "0",
    };
    table_add(table, values);
}

static void rank(struct table *table, struct race *race)
{
    const char *least = report_parameter(race->source, ":heats");
    size_t crews = race->source->catalog->crew_count;
    struct ranking_row *rows = memory_zeroed(crews + 1, sizeof *rows);
    ranking_make(&race->sheet, race->cells, race->cell_count, crews, race->grade_count,
                 least == NULL ? HEATS_LEAST_DEFAULT : report_number(least), rows);
    for (size_t i = 0; i < crews; i++) {
        if (rows[i].heats > 0) {
            add_row(table, race, &rows[i]);
        }
    }
    free(rows);
}

static bool ask(struct race *race, struct failure *failure)
{
    const struct reader_parameter none = {NULL, NULL};
    if (race->quota != NULL &&
        !report_ask(race->source, unit_sql, none, take_unit, race, failure)) {
        return false;
    }
    if (!report_ask(race->source, heats_sql, none, take_heats, race, failure)) {
        return false;
    }
    if (race->grade_count > GRADES_MAX) {
        return failure_set(failure, FAILURE_INPUT,
                           "report ranking: more than %d grades were made; narrow it with --period",
                           GRADES_MAX);
    }
    if (!report_ask(race->source, use_sql, none, take_use, race, failure)) {
        return false;
    }
    return race->priced || race->cell_count == 0 || race->quota != NULL ||
           failure_set(failure, FAILURE_INPUT,
                       "report ranking: no item that was used has a standard price, so that there "
                       "is no cost to rank by; give the items a \"price\" in the configuration, or "
                       "rank by a quota: --quota ID");
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct race race = {
        .source = source, .quota = report_parameter(source, ":quota"), .unit = "yuan"};
    race.standings = memory_zeroed((size_t)source->catalog->crew_count + 1, sizeof *race.standings);
    const struct fraction *none = fraction_of(&race.sheet, 0, 1);
    for (size_t i = 0; i < source->catalog->crew_count; i++) {
        race.standings[i].amount = race.standings[i].estimated = none;
    }
    bool good = ask(&race, failure);
    if (good) {
        rank(table, &race);
    }
    free(race.standings);
    free(race.cells);
    free(race.grades);
    sheet_clear(&race.sheet);
    return good;
}

/* The spread is the gap of the last that is ranked. */
static void write_spread(const struct table *table, const char *words, FILE *out)
{
    const char *spread = NULL, *unit = NULL;
    size_t ranked = 0;
    for (size_t i = 0; i < table_row_count(table); i++) {
        const char *gap = table_cell(table, i, table_find(table, "gap"));
        if (gap != NULL) {
            spread = gap;
            unit = table_cell(table, i, table_find(table, "unit"));
            ranked++;
        }
    }
    if (ranked >= 2) {
        fprintf(out, "\n%s%s %s/t\n", words, spread, unit);
    }
}

static void write_english(const struct table *table, FILE *out)
{
    write_spread(table, "Spread, the worst against the best: ", out);
}

static void write_chinese(const struct table *table, FILE *out)
{
    write_spread(table, "最差与最好之差：", out);
}

const struct report_kind report_ranking_kind = {
    .name = "ranking",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day quota heats ",
    .footer = write_english,
    .footer_zh = write_chinese,
};
