/* report enpi: what each crew-shift used of an item for a tonne of steel (EnPI), and against the
 * baseline in force (ISO 50006, DOMAIN 5): expected, difference, and the differences added up. A
 * rise of the sum is waste; some sources count the other way round.
 *
 * A crew-shift that is not over, or of which a heat is not weighed, has no expected use yet and
 * stands in no sum. What is used without a heat counts for the crew on duty. */
#include "report_enpi.h"

#include "baseline.h"
#include "economics.h"
#include "memory.h"
#include "period.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define BASELINE_DECIMALS 6
#define TONNE_DECIMALS 6 /* grams */
#define KILOGRAM_DECIMALS 3
#define RATE_PLACES 6
#define PERCENT_PLACES 2

static const struct table_column columns[] = {
    {"item", TABLE_TEXT},
    {"station", TABLE_TEXT},
    {"day", TABLE_TEXT},
    {"shift", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"steel_kg", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},
    {"per_tonne", TABLE_DECIMAL},
    {"baseline_from", TABLE_TEXT},
    {"fixed", TABLE_DECIMAL},
    {"slope", TABLE_DECIMAL},
    {"r2", TABLE_DECIMAL},
    {"points", TABLE_COUNT},
    {"advised", TABLE_BOOLEAN},
    {"expected", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL},
    {"cusum", TABLE_DECIMAL},
    {"improvement_pct", TABLE_DECIMAL},
    {"provisional", TABLE_BOOLEAN},
};

/* SQL keeps its own line breaks. */
/* clang-format off */

#define ANSWERING(column) "CASE WHEN s.heat = 0 THEN s." column " ELSE h.owner_" column " END"

/* A row an item and crew-shift, as `report crews --view owner` has them; `weighed`: the weight of
 * all its heats is known. All of the ledger: a baseline may be fitted to other days than are shown. */
static const char use_sql[] =
    "WITH used AS ("
    "  SELECT " ANSWERING("day") " AS day, " ANSWERING("shift") " AS shift,"
    "    " ANSWERING("crew") " AS crew, s.item, SUM(s.amount_base) AS amount"
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN item i ON i.no = s.item"
    "    JOIN station st ON st.no = s.station"
    "  WHERE (:item IS NULL OR i.id = :item) AND (:station IS NULL OR st.id = :station)"
    "  GROUP BY 1, 2, 3, 4),"
    " owned AS ("
    "  SELECT owner_day AS day, owner_shift AS shift, owner_crew AS crew, SUM(steel_g) AS steel_g,"
    "    COUNT(*) = COUNT(steel_g) AS weighed, MAX(ended_us IS NULL) AS running"
    "  FROM heat WHERE owner_day IS NOT NULL AND gone = 0 GROUP BY 1, 2, 3)"
    " SELECT i.id, u.day, sh.id, c.id, u.amount, COALESCE(o.steel_g, 0), COALESCE(o.weighed, 1),"
    "  w.end_us > (SELECT now_us FROM progress) OR COALESCE(o.running, 0)"
    " FROM used u JOIN item i ON i.no = u.item JOIN shift sh ON sh.no = u.shift"
    "  JOIN crew c ON c.no = u.crew"
    "  JOIN slot w ON w.day = u.day AND w.shift = u.shift AND w.crew = u.crew"
    "  LEFT JOIN owned o ON o.day = u.day AND o.shift = u.shift AND o.crew = u.crew"
    " WHERE u.crew <> 0 ORDER BY i.id, w.start_us, c.id";

/* clang-format on */

/* A crew-shift. */
struct point {
    int32_t day;
    char shift[CATALOG_ID_MAX + 1], crew[CATALOG_ID_MAX + 1];
    int64_t steel_g;
    int64_t used_base;
    bool weighed, provisional;
    struct baseline_point figures; /* tonnes NULL: not known */
};

/* Sums of the points that were held against a baseline. */
struct sums {
    const struct fraction *steel_t, *used, *expected;
    size_t count;
};

/* One item, while its points are read and shown. */
struct enpi {
    const struct report_source *source;
    struct table *table;
    struct sheet sheet;
    bool any;
    item_id item;
    station_id station;
    struct point *points;
    size_t count, capacity;
    const struct energy_baseline *row; /* the baseline of the points just shown … */
    bool fits;                         /* … and its line, where there is one */
    struct baseline line;
    const struct fraction *cusum;
    struct sums sums;
};

static bool judged(const struct point *point)
{
    return !point->provisional && point->weighed;
}

static void fit(struct enpi *enpi, const struct energy_baseline *row)
{
    struct sheet *sheet = &enpi->sheet;
    struct baseline_point *points = memory_zeroed(enpi->count + 1, sizeof *points);
    size_t count = 0;
    for (size_t i = 0; i < enpi->count; i++) {
        const struct point *point = &enpi->points[i];
        if (judged(point) && point->day >= row->fit_from_day && point->day < row->fit_until_day) {
            points[count++] = point->figures;
        }
    }
    enpi->fits = baseline_fit(sheet, points, count, &enpi->line);
    if (!enpi->fits) {
        enpi->line = (struct baseline){.points = count};
    }
    free(points);
}

/* Takes the baseline of that day; another one begins its sum anew. */
static void follow(struct enpi *enpi, int32_t day)
{
    struct sheet *sheet = &enpi->sheet;
    const struct energy_baseline *row =
        costing_baseline(enpi->source->rules, enpi->item, enpi->station, day);
    if (row == enpi->row) {
        return;
    }
    enpi->row = row;
    enpi->fits = row != NULL;
    enpi->cusum = fraction_of(sheet, 0, 1);
    if (row != NULL && row->fitted) {
        fit(enpi, row);
    } else if (row != NULL) {
        enpi->line = (struct baseline){
            .fixed = fraction_decimal(sheet, row->fixed_e6, BASELINE_DECIMALS),
            .per_tonne = fraction_decimal(sheet, row->per_tonne_e6, BASELINE_DECIMALS)};
    }
}

/* What a row has to say beside its names; NULL: unknown. */
struct figures {
    const struct fraction *per_tonne, *expected, *difference, *cusum, *improvement;
};

static const char *text_of(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, RATE_PLACES, text);
}

static const char *percent_of(struct sheet *sheet, const struct fraction *part,
                              char text[FRACTION_TEXT_MAX])
{
    return part == NULL
               ? NULL
               : fraction_to_text(fraction_multiply(sheet, part, fraction_of(sheet, 100, 1)),
                                  PERCENT_PLACES, text);
}

/* `point` NULL: the row of sums. */
static void add_row(struct enpi *enpi, const struct point *point, const char *steel,
                    const char *used, const struct figures *figures)
{
    const struct catalog *catalog = enpi->source->catalog;
    const struct energy_baseline *row = point != NULL ? enpi->row : NULL;
    const struct baseline *line = &enpi->line;
    bool fitted = row != NULL && row->fitted, fits = row != NULL && enpi->fits;
    char day[TIMESTAMP_TEXT_MAX], from[TIMESTAMP_TEXT_MAX], numbers[7][FRACTION_TEXT_MAX];
    char points[QUANTITY_TEXT_MAX], improvement[FRACTION_TEXT_MAX];
    const char *const values[] = {
        catalog->items[enpi->item.index].id,
        enpi->station.index == CATALOG_NONE ? "" : catalog->stations[enpi->station.index].id,
        point != NULL ? timestamp_format_day(point->day, day) : "",
        point != NULL ? point->shift : "",
        point != NULL ? point->crew : "",
        catalog->items[enpi->item.index].unit,
        steel,
        used,
        text_of(figures->per_tonne, numbers[0]),
        row != NULL && row->from_day != INT32_MIN ? timestamp_format_day(row->from_day, from)
                                                  : NULL,
        fits ? text_of(line->fixed, numbers[1]) : NULL,
        fits ? text_of(line->per_tonne, numbers[2]) : NULL,
        fits && fitted ? text_of(line->r2, numbers[3]) : NULL,
        fitted ? quantity_to_text((int64_t)line->points, 0, points) : NULL,
        !fitted                 ? NULL
        : fits && line->advised ? "1"
                                : "0",
        text_of(figures->expected, numbers[4]),
        text_of(figures->difference, numbers[5]),
        text_of(figures->cusum, numbers[6]),
        percent_of(&enpi->sheet, figures->improvement, improvement),
        point != NULL && point->provisional ? "1" : "0",
    };
    table_add(enpi->table, values);
}

static void show_point(struct enpi *enpi, const struct point *point)
{
    struct sheet *sheet = &enpi->sheet;
    struct figures figures = {.per_tonne = NULL};
    char steel[QUANTITY_TEXT_MAX], used[QUANTITY_TEXT_MAX];
    unsigned decimals = enpi->source->catalog->items[enpi->item.index].decimals;
    follow(enpi, point->day);
    if (point->weighed) {
        figures.per_tonne = economics_ratio(sheet, point->figures.used, point->figures.tonnes);
    }
    if (judged(point) && enpi->row != NULL && enpi->fits) {
        struct sums *sums = &enpi->sums;
        figures.expected = baseline_expected(sheet, &enpi->line, point->figures.tonnes);
        figures.difference = fraction_subtract(sheet, point->figures.used, figures.expected);
        figures.improvement = baseline_improvement(sheet, figures.expected, point->figures.used);
        enpi->cusum = fraction_add(sheet, enpi->cusum, figures.difference);
        figures.cusum = enpi->cusum;
        sums->steel_t = fraction_add(sheet, sums->steel_t, point->figures.tonnes);
        sums->used = fraction_add(sheet, sums->used, point->figures.used);
        sums->expected = fraction_add(sheet, sums->expected, figures.expected);
        sums->count++;
    }
    add_row(enpi, point,
            point->weighed || point->steel_g > 0
                ? quantity_to_text(point->steel_g, KILOGRAM_DECIMALS, steel)
                : NULL,
            quantity_to_text(point->used_base, decimals, used), &figures);
}

/* All that was held against a baseline, in one row. */
static void show_sums(struct enpi *enpi)
{
    struct sheet *sheet = &enpi->sheet;
    const struct sums *sums = &enpi->sums;
    char steel[FRACTION_TEXT_MAX], used[FRACTION_TEXT_MAX];
    if (sums->count == 0) {
        return;
    }
    const struct figures figures = {
        .per_tonne = economics_ratio(sheet, sums->used, sums->steel_t),
        .expected = sums->expected,
        .difference = fraction_subtract(sheet, sums->used, sums->expected),
        .improvement = baseline_improvement(sheet, sums->expected, sums->used),
    };
    const struct fraction *steel_kg =
        fraction_multiply(sheet, sums->steel_t, fraction_of(sheet, 1000, 1));
    add_row(enpi, NULL, fraction_to_text(steel_kg, KILOGRAM_DECIMALS, steel),
            fraction_to_text(sums->used, RATE_PLACES, used), &figures);
}

static bool shown(const struct report_source *source, const struct point *point)
{
    const char *day = report_parameter(source, ":day"), *crew = report_parameter(source, ":crew");
    const char *text = report_parameter(source, ":period");
    struct period period;
    return (day == NULL || point->day == report_number(day)) &&
           (crew == NULL || strcmp(point->crew, crew) == 0) &&
           (text == NULL || (period_parse(text, &period) && period_holds(period, point->day)));
}

/* Whether anybody asked about the item: by the filter, by a baseline, by standard coal. */
static bool asked(const struct enpi *enpi)
{
    const struct costing_rules *rules = enpi->source->rules;
    bool any = report_parameter(enpi->source, ":item") != NULL;
    for (uint32_t i = 0; i < rules->baseline_count; i++) {
        any = any || (rules->baselines[i].item.index == enpi->item.index &&
                      rules->baselines[i].station.index == enpi->station.index);
    }
    return any || costing_factor(rules, ENERGY_COAL, enpi->item, INT32_MAX) != NULL;
}

static void finish(struct enpi *enpi)
{
    const struct fraction *none = fraction_of(&enpi->sheet, 0, 1);
    enpi->sums = (struct sums){none, none, none, 0};
    enpi->row = NULL;
    enpi->fits = false;
    for (size_t i = 0; enpi->any && asked(enpi) && i < enpi->count; i++) {
        if (shown(enpi->source, &enpi->points[i])) {
            show_point(enpi, &enpi->points[i]);
        }
    }
    show_sums(enpi);
    enpi->count = 0;
    sheet_clear(&enpi->sheet);
}

static bool take_use(void *context, const struct reader_row *row)
{
    enum { ITEM, DAY, SHIFT, CREW, AMOUNT, STEEL, WEIGHED, PROVISIONAL };
    struct enpi *enpi = context;
    const char *const *values = row->values;
    item_id item;
    if (!catalog_find_item(enpi->source->catalog, values[ITEM], &item)) {
        return true; /* of a former configuration */
    }
    if (!enpi->any || item.index != enpi->item.index) {
        finish(enpi);
        enpi->any = true;
        enpi->item = item;
    }
    memory_grow(&enpi->points, enpi->count, &enpi->capacity, sizeof *enpi->points);
    struct point *point = &enpi->points[enpi->count++];
    *point = (struct point){.day = (int32_t)report_number(values[DAY]),
                            .used_base = report_number(values[AMOUNT]),
                            .steel_g = report_number(values[STEEL]),
                            .weighed = report_number(values[WEIGHED]) != 0,
                            .provisional = report_number(values[PROVISIONAL]) != 0};
    snprintf(point->shift, sizeof point->shift, "%s", values[SHIFT]);
    snprintf(point->crew, sizeof point->crew, "%s", values[CREW]);
    point->figures.tonnes = fraction_decimal(&enpi->sheet, point->steel_g, TONNE_DECIMALS);
    point->figures.used = fraction_decimal(&enpi->sheet, point->used_base,
                                           enpi->source->catalog->items[item.index].decimals);
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct enpi enpi = {.source = source, .table = table, .station = {CATALOG_NONE}};
    const char *station = report_parameter(source, ":station");
    if (station != NULL && !catalog_find_station(source->catalog, station, &enpi.station)) {
        return failure_set(failure, FAILURE_INPUT,
                           "report enpi: station \"%s\" is not in the ledger's newest "
                           "configuration; name one of its \"stations\"",
                           station);
    }
    bool good = report_ask(source, use_sql, (struct reader_parameter){NULL, NULL}, take_use, &enpi,
                           failure);
    if (good) {
        finish(&enpi);
    }
    free(enpi.points);
    sheet_clear(&enpi.sheet);
    return good;
}

/* What stands below the text. */
struct sentences {
    const char *held, *not_held, *poor;
};

/* Which way the sum counts, and what keeps a line from being trusted. */
static void write_words(const struct table *table, const struct sentences *sentences, FILE *out)
{
    bool held = false, poor = false;
    for (size_t i = 0; i < table_row_count(table); i++) {
        const char *advised = table_cell(table, i, table_find(table, "advised"));
        held = held || table_cell(table, i, table_find(table, "cusum")) != NULL;
        poor = poor || (advised != NULL && strcmp(advised, "false") == 0);
    }
    fprintf(out, "\n%s\n", held ? sentences->held : sentences->not_held);
    if (poor) {
        fprintf(out, "%s\n", sentences->poor);
    }
}

static void write_english(const struct table *table, FILE *out)
{
    static const struct sentences english = {
        "cusum adds up used - expected: where it rises, energy is wasted.",
        "Nothing is held against a baseline: see \"baselines\" in the configuration.",
        "A baseline rests on few points, or fits them badly: nobody should be judged by it.",
    };
    write_words(table, &english, out);
}

static void write_chinese(const struct table *table, FILE *out)
{
    static const struct sentences chinese = {
        "累计偏差＝用量－预期用量的累加：上升即浪费。",
        "没有可对照的基准线：见配置中的 \"baselines\"。",
        "基准线的点太少或拟合不好：不宜据此考核。",
    };
    write_words(table, &chinese, out);
}

const struct report_kind report_enpi_kind = {
    .name = "enpi",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew item station ",
    .footer = write_english,
    .footer_zh = write_chinese,
};
