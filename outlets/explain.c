#include "explain.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define ATTEMPTS_MAX 20 /* a daemon that writes meanwhile */

/* clang-format off */
static const struct table_column posting_columns[EXPLAIN_COLUMNS] = {
    {"figure", TABLE_COUNT}, {"position", TABLE_COUNT}, {"ordinal", TABLE_COUNT},
    {"undone", TABLE_COUNT}, {"undone_why", TABLE_TEXT}, {"meter", TABLE_TEXT}, {"name_zh", TABLE_TEXT},
    {"name_en", TABLE_TEXT}, {"station", TABLE_TEXT}, {"item", TABLE_TEXT}, {"heat", TABLE_TEXT},
    {"day", TABLE_TEXT}, {"shift", TABLE_TEXT}, {"crew", TABLE_TEXT}, {"start_us", TABLE_COUNT},
    {"end_us", TABLE_COUNT}, {"start", TABLE_TEXT}, {"end", TABLE_TEXT},
    {"amount_base", TABLE_COUNT}, {"amount", TABLE_DECIMAL}, {"unit", TABLE_TEXT},
    {"quality", TABLE_TEXT}, {"method", TABLE_TEXT}, {"cause", TABLE_TEXT},
    {"configuration", TABLE_COUNT}, {"signed_at", TABLE_TEXT}, {"booked_us", TABLE_COUNT},
};

static const struct table_column meter_columns[] = {
    {"meter", TABLE_TEXT}, {"item", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"amount", TABLE_DECIMAL},
};

static const struct table_column alert_columns[] = {
    {"id", TABLE_TEXT}, {"quota", TABLE_TEXT}, {"level", TABLE_TEXT}, {"state", TABLE_TEXT},
    {"raised_at", TABLE_TEXT}, {"used", TABLE_DECIMAL}, {"allowed", TABLE_DECIMAL},
    {"unit", TABLE_TEXT}, {"responsible", TABLE_TEXT}, {"stations", TABLE_TEXT},
    {"meters", TABLE_TEXT},
};
static const char *const alert_sql =
    "SELECT a.id, a.quota, a.level, a.state, local_time(a.raised_at_us),"
    "  decimal(a.used_base, i.decimals), decimal(a.allowed_base, i.decimals), i.unit, a.responsible,"
    "  NULLIF(q.stations, ''), NULLIF(q.meters, '')"
    " FROM alert_row a JOIN item i ON i.id = a.item LEFT JOIN quota q ON q.id = a.quota WHERE a.id = :alert";

/* Idle use that was given to the heat that came next is a correction like any that a heat event
 * brings about, and not a late one. */
#define CAUSE(cause, method) \
    "CASE WHEN " cause ".name = 'late_event' AND " method ".name = 'next_heat'" \
    " THEN 'next_heat' ELSE " cause ".name END"

/* The heat asked for, under each of its numbers. */
#define ASKED "(SELECT k.keeper FROM heat k WHERE k.id = :heat)"

#define GIVEN(name, condition) " AND (:" name " IS NULL OR " condition ")"
#define SEEN(column) \
    "CASE WHEN :view = 'owner' AND s.heat <> 0 THEN h.owner_" column " ELSE s." column " END"

/* Postings that were taken back stand beside those that count, a reversal is told by what it takes
 * back. The first column is the figure's key. */
#define SELECTED \
    "WITH posted AS (" \
    "  SELECT p.position, p.ordinal, r.position AS undone, p.meter, p.station, p.item, p.heat," \
    "    p.day, p.shift, p.crew, p.start_us, p.end_us, p.amount_base, p.quality, p.method," \
    "    p.cause, p.configuration, p.booked_at_us" \
    "  FROM entry_posting p LEFT JOIN entry_posting r ON r.reverses_position = p.position" \
    "    AND r.reverses_ordinal = p.ordinal" \
    "  WHERE p.reverses_position IS NULL" \
    GIVEN("heat", "p.heat IN (SELECT g.no FROM heat g WHERE g.keeper IN " ASKED ")") \
    "  UNION ALL SELECT NULL, NULL, NULL, meter, station, item, heat, day, shift, crew, start_us," \
    "    end_us, amount_base, quality, method, NULL, NULL, NULL FROM open_segment" \
    "  WHERE amount_base <> 0)," \
    " seen AS (SELECT s.*, h.id AS heat_id, h.no AS heat_no, " SEEN("day") " AS key_day," \
    "    " SEEN("shift") " AS key_shift, " SEEN("crew") " AS key_crew" \
    "  FROM posted s JOIN heat g ON g.no = s.heat JOIN heat h ON h.no = g.keeper)," \
    " selected AS (SELECT s.*, i.id AS item_id, i.decimals, i.unit, m.id AS meter_id, m.name_zh," \
    "    m.name_en, st.id AS station_id, ks.id AS key_shift_id, kc.id AS key_crew_id" \
    "  FROM seen s JOIN item i ON i.no = s.item JOIN meter m ON m.no = s.meter" \
    "    JOIN station st ON st.no = s.station LEFT JOIN shift ks ON ks.no = s.key_shift" \
    "    LEFT JOIN crew kc ON kc.no = s.key_crew" \
    "  WHERE (m.role = 'book' OR :meter IS NOT NULL)" \
    GIVEN("heat", "s.heat_no IN " ASKED) GIVEN("item", "i.id = :item") \
    GIVEN("station", "st.id = :station") GIVEN("meter", "m.id = :meter") \
    GIVEN("day", "s.key_day = day_number(:day)") GIVEN("shift", "ks.id = :shift") \
    GIVEN("crew", "kc.id = :crew") \
    GIVEN("from", "s.end_us > instant(:from) OR s.start_us >= instant(:from)") \
    GIVEN("to", "s.start_us < instant(:to)") ")"

/* What came in place of what was taken back says why: of the same meter, else of any. */
#define UNDONE_WHY(condition) \
    "(SELECT " CAUSE("f", "e") " FROM entry_posting q JOIN posting_cause f ON f.no = q.cause" \
    "  JOIN sharing_method e ON e.no = q.method WHERE q.position = s.undone" \
    "  AND f.name NOT IN ('reversal', 'closed') " condition " LIMIT 1)"

static const char *const postings_sql = SELECTED
    " SELECT CASE :kind WHEN 'heats' THEN s.heat_id || '|' || s.item_id"
    "   WHEN 'crews' THEN COALESCE(civil_day(s.key_day), '') || '|' ||"
    "     COALESCE(s.key_shift_id, '') || '|' || COALESCE(s.key_crew_id, '') || '|' || s.item_id"
    "   ELSE s.meter_id || '|' || s.item_id END,"
    "  s.position, s.ordinal, s.undone,"
    "  COALESCE(" UNDONE_WHY("AND q.meter = s.meter") ", " UNDONE_WHY("") "),"
    "  s.meter_id, s.name_zh, s.name_en, s.station_id, s.item_id,"
    "  s.heat_id, civil_day(s.day), sh.id, c.id, s.start_us, s.end_us, local_time(s.start_us),"
    "  local_time(s.end_us), s.amount_base, decimal(s.amount_base, s.decimals), s.unit,"
    "  substr('MIUCSE', s.quality + 1, 1), k.name, " CAUSE("o", "k") ","
    "  s.configuration,"
    "  (SELECT local_time(v.at_us) FROM handover_summary v WHERE v.day = s.day"
    "    AND v.shift = s.shift AND s.position >= v.position), s.booked_at_us"
    " FROM selected s JOIN shift sh ON sh.no = s.shift JOIN crew c ON c.no = s.crew"
    "  JOIN sharing_method k ON k.no = s.method LEFT JOIN posting_cause o ON o.no = s.cause"
    " ORDER BY 1, s.meter_id, s.start_us, s.end_us, s.position IS NULL, s.position, s.ordinal";

static const char *const meter_sql = SELECTED
    " SELECT s.meter_id, s.item_id, s.unit, decimal(SUM(s.amount_base), s.decimals)"
    " FROM selected s WHERE s.undone IS NULL GROUP BY s.meter_id, s.item_id";
/* clang-format on */

#define PARAMETERS 11

static void fill_parameters(const struct explain_question *question, enum explain_kind kind,
                            struct reader_parameter parameters[PARAMETERS])
{
    static const char *const kinds[] = {"heats", "crews", "meter"};
    const struct reader_parameter all[PARAMETERS] = {
        {":heat", question->heat},       {":day", question->day},   {":shift", question->shift},
        {":crew", question->crew},       {":view", question->view}, {":meter", question->meter},
        {":from", question->from},       {":to", question->to},     {":item", question->item},
        {":station", question->station}, {":kind", kinds[kind]},
    };
    memcpy(parameters, all, sizeof all);
}

/* ---- Postings ---- */

/* The key of a figure's row, as postings_sql makes it. */
static void figure_key(const struct explanation *explanation, size_t row, char *key, size_t size)
{
    static const char *const columns[][5] = {
        [EXPLAIN_HEATS] = {"heat", "item", NULL},
        [EXPLAIN_CREWS] = {"day", "shift", "crew", "item", NULL},
        [EXPLAIN_METER] = {"meter", "item", NULL},
    };
    const struct table *figures = explanation->figures.table;
    size_t used = 0;

    for (int i = 0; columns[explanation->kind][i] != NULL; i++) {
        const char *cell =
            table_cell(figures, row, table_find(figures, columns[explanation->kind][i]));
        used += (size_t)snprintf(key + used, size - used, "%s%s", i == 0 ? "" : "|",
                                 cell == NULL ? "" : cell);
        REQUIRE(used < size);
    }
}

static bool add_posting(void *context, const struct reader_row *row)
{
    struct explanation *explanation = context;
    const char *cells[EXPLAIN_COLUMNS];
    char key[256], number[24];

    for (size_t i = 0; i < table_row_count(explanation->figures.table); i++) {
        figure_key(explanation, i, key, sizeof key);
        if (strcmp(key, row->values[0]) == 0) {
            memcpy(cells, row->values, sizeof cells);
            snprintf(number, sizeof number, "%zu", i);
            cells[EXPLAIN_FIGURE] = number;
            table_add(explanation->postings, cells);
            return true;
        }
    }
    return true; /* all of it was taken back: the report has no such row */
}

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

/* ---- Figures ---- */

static bool keep_row(void *context, const struct reader_row *row)
{
    char **texts = context;

    for (int i = 0; i < row->column_count; i++) {
        texts[i] = row->values[i] == NULL ? NULL : memory_text(row->values[i]);
    }
    return false;
}

/* An alert counts what its quota counts: puts that in place of the alert. */
static bool resolve_alert(struct reader *reader, struct explain_question *question,
                          struct explanation *explanation, struct failure *failure)
{
    enum { SCOPE, HEAT, DAY, SHIFT, CREW, ITEM, STATIONS, VIEW };
    const struct reader_parameter parameter = {":alert", question->alert};
    char **texts = explanation->texts;

    if (!reader_query(reader,
                      "SELECT a.scope, a.heat, a.day, a.shift, a.crew, a.item,"
                      " NULLIF(q.stations, ''), q.view"
                      " FROM alert_row a LEFT JOIN quota q ON q.id = a.quota WHERE a.id = :alert",
                      &parameter, 1, keep_row, texts, failure)) {
        return false;
    }
    explanation->alert = table_create(alert_columns, COUNT(alert_columns));
    if (!reader_query(reader, alert_sql, &parameter, 1, add_row, explanation->alert, failure)) {
        return false;
    }
    if (texts[SCOPE] == NULL) {
        return failure_set(failure, FAILURE_CHECK,
                           "there is no alert \"%s\"; `heatledger report alerts` lists their ids",
                           question->alert);
    }
    if (strcmp(texts[SCOPE], "plant") == 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "the alert \"%s\" is about the program, and no amount stands behind it: "
                           "`heatledger dump --history` has its text",
                           question->alert);
    }
    if (strcmp(texts[SCOPE], "meter") == 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "the alert \"%s\" is about a meter, and no amount stands behind it: "
                           "`heatledger report held` and `report meters` show what is wrong",
                           question->alert);
    }
    if (strcmp(texts[SCOPE], "period") == 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "the alert \"%s\" is of the shop in a period, which is many "
                           "crew-shifts: `heatledger report crews --view %s --item %s` lists them; "
                           "--day with --shift explains one",
                           question->alert, texts[VIEW], texts[ITEM]);
    }
    if (strcmp(texts[SCOPE], "heat") == 0) {
        question->heat = texts[HEAT];
    } else {
        question->day = texts[DAY];
        question->shift = texts[SHIFT];
        question->crew = texts[CREW];
        question->view = texts[VIEW];
    }
    question->item = texts[ITEM];
    /* one station narrows the figure as the quota does; of several the figure is the whole */
    if (texts[STATIONS] != NULL && strchr(texts[STATIONS], ';') == NULL) {
        question->station = texts[STATIONS];
    }
    return true;
}

static bool choose_kind(const struct explain_question *question, enum explain_kind *kind,
                        struct failure *failure)
{
    int given = (question->heat != NULL) + (question->meter != NULL) + (question->day != NULL);

    *kind = question->heat != NULL    ? EXPLAIN_HEATS
            : question->meter != NULL ? EXPLAIN_METER
                                      : EXPLAIN_CREWS;
    bool complete = *kind == EXPLAIN_CREWS   ? question->shift != NULL
                    : *kind == EXPLAIN_METER ? question->from != NULL && question->to != NULL
                                             : true;
    if (given == 1 && complete) {
        return true;
    }
    return failure_set(failure, FAILURE_INPUT,
                       "say which number: --heat H, or --day D --shift S, or --meter M --from T "
                       "--to T, or --alert ID");
}

struct window {
    bool from, to, forwards;
};

static bool keep_window(void *context, const struct reader_row *row)
{
    struct window *window = context;

    window->from = row->values[0] != NULL;
    window->to = row->values[1] != NULL;
    window->forwards = row->values[2] != NULL && strcmp(row->values[2], "1") == 0;
    return false;
}

/* The times that reports refuse are refused here, too. */
static bool check_window(struct reader *reader, const struct explain_question *question,
                         struct failure *failure)
{
    const struct reader_parameter parameters[] = {{":from", question->from}, {":to", question->to}};
    struct window window = {.from = false};

    if (!reader_query(reader, "SELECT instant(:from), instant(:to), instant(:from) < instant(:to)",
                      parameters, 2, keep_window, &window, failure)) {
        return false;
    }
    if (!window.from || !window.to) {
        return failure_set(failure, FAILURE_INPUT,
                           "--%s: \"%s\" is not known here; right would be a time such as "
                           "2026-03-10T08:00:00+08:00",
                           window.from ? "to" : "from",
                           window.from ? question->to : question->from);
    }
    return window.forwards || failure_set(failure, FAILURE_INPUT,
                                          "--to \"%s\" is not behind --from \"%s\"; give a time "
                                          "behind it",
                                          question->to, question->from);
}

static bool read_figures(struct reader *reader, const struct explain_question *question,
                         const struct reader_parameter *parameters, struct explanation *explanation,
                         struct failure *failure)
{
    struct report_filters filters = {.item = question->item, .station = question->station};

    if (explanation->kind == EXPLAIN_METER) {
        /* the report of meters refuses what is not known, and knows the time */
        filters.meter = question->meter;
        if (!check_window(reader, question, failure) ||
            !report_run(reader, "meters", &filters, &explanation->figures, failure)) {
            return false;
        }
        table_free(explanation->figures.table);
        explanation->figures.table = table_create(meter_columns, COUNT(meter_columns));
        return reader_query(reader, meter_sql, parameters, PARAMETERS, add_row,
                            explanation->figures.table, failure);
    }
    filters.heat = question->heat;
    filters.day = question->day;
    filters.shift = question->shift;
    filters.crew = question->crew;
    filters.view = explanation->kind == EXPLAIN_CREWS ? question->view : NULL;
    return report_run(reader, explanation->kind == EXPLAIN_CREWS ? "crews" : "heats", &filters,
                      &explanation->figures, failure);
}

static bool read_once(struct reader *reader, const struct explain_question *question,
                      struct explanation *explanation, struct failure *failure)
{
    struct explain_question asked = *question;
    struct reader_parameter parameters[PARAMETERS];

    if ((asked.alert != NULL && !resolve_alert(reader, &asked, explanation, failure)) ||
        !choose_kind(&asked, &explanation->kind, failure)) {
        return false;
    }
    explanation->station = asked.station;
    explanation->view = asked.view;
    fill_parameters(&asked, explanation->kind, parameters);
    explanation->postings = table_create(posting_columns, EXPLAIN_COLUMNS);
    return read_figures(reader, &asked, parameters, explanation, failure) &&
           reader_query(reader, postings_sql, parameters, PARAMETERS, add_posting, explanation,
                        failure);
}

bool explanation_read(struct reader *reader, const struct explain_question *question,
                      struct explanation *explanation, struct failure *failure)
{
    uint64_t before = 0, after = 0;

    *explanation = (struct explanation){.kind = EXPLAIN_HEATS};
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        explanation_clear(explanation);
        if (!reader_position(reader, &before, failure) ||
            !read_once(reader, question, explanation, failure) ||
            !reader_position(reader, &after, failure)) {
            explanation_clear(explanation);
            return false;
        }
        if (before == after) {
            break;
        }
    }
    explanation->position = after;
    if (table_row_count(explanation->figures.table) > 0) {
        return true;
    }
    explanation_clear(explanation);
    return failure_set(failure, FAILURE_CHECK,
                       "the ledger has no such number; `heatledger report heats` and `report "
                       "crews` with the same options show what there is");
}

void explanation_clear(struct explanation *explanation)
{
    report_clear(&explanation->figures);
    table_free(explanation->postings);
    table_free(explanation->alert);
    for (int i = 0; i < COUNT(explanation->texts); i++) {
        free(explanation->texts[i]);
    }
    *explanation = (struct explanation){.kind = EXPLAIN_HEATS};
}

const char *explanation_text(const struct explanation *explanation, size_t row,
                             enum explain_column column)
{
    return table_cell(explanation->postings, row, (int)column);
}

int64_t explanation_number(const struct explanation *explanation, size_t row,
                           enum explain_column column, int64_t none)
{
    const char *text = explanation_text(explanation, row, column);

    return text == NULL ? none : strtoll(text, NULL, 10);
}
