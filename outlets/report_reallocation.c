/* report reallocation: rate' = (quota - used) / tonnes left, over the periods, shifts and crews
 * that are still to come; what is over is locked. Nothing is changed by it: the entry that would
 * put the rate in force stands below, and needs two names. */
#include "report_reallocation.h"

#include "json_text.h"
#include "plan_facts.h"
#include "plan_now.h"
#include "reallocation_words.h"
#include "report_parts.h"
#include "report_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define TONNE_DECIMALS 6 /* grams */
#define RATE_PLACES 6
#define LIMIT_PLACES 9 /* of a quota's rate */

static const struct table_column columns[] = {
    {"quota", TABLE_TEXT},         {"unit", TABLE_TEXT},
    {"level", TABLE_TEXT},         {"period", TABLE_TEXT},
    {"shift", TABLE_TEXT},         {"holder", TABLE_TEXT},
    {"name", TABLE_TEXT},          {"state", TABLE_TEXT},
    {"planned_t", TABLE_DECIMAL},  {"allowed", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},       {"floor", TABLE_DECIMAL},
    {"asked", TABLE_DECIMAL},      {"reallocated", TABLE_DECIMAL},
    {"rate", TABLE_DECIMAL},       {"left", TABLE_DECIMAL},
    {"left_t", TABLE_DECIMAL},     {"rate_left", TABLE_DECIMAL},
    {"best_rate", TABLE_DECIMAL},  {"gap", TABLE_DECIMAL},
    {"spare", TABLE_DECIMAL},      {"unattainable", TABLE_BOOLEAN},
    {"from", TABLE_TEXT},          {"new_limit", TABLE_DECIMAL},
    {"new_target", TABLE_DECIMAL}, {"note", TABLE_TEXT},
};

/* One allocation as it is worked out and written. */
struct writing {
    const struct report_source *source;
    struct table *table;
    const struct allocation *allocation;
    struct plan_facts facts;
    struct sheet sheet;
    struct reallocation_tree tree;
    unsigned decimals;
    char from[TIMESTAMP_TEXT_MAX]; /* when what is open begins */
};

static int64_t used_at(const void *context, const struct allocation_place *place)
{
    const struct writing *writing = context;
    bool part = place->part != ALLOCATION_NO_PART;
    const struct allocation_line line = {
        .period = place->period,
        .shift = place->shift,
        .crew = part ? place->crew : (crew_id){CATALOG_NONE}, /* a relief's use counts as well */
        .part = place->part,
    };
    return plan_facts_sum(&writing->facts, writing->allocation, &line).used_base;
}

/* ---- What all of it comes to ---- */

/* Base units a tonne as units a tonne. */
static const struct fraction *in_units(struct writing *writing, const struct fraction *rate)
{
    struct sheet *sheet = &writing->sheet;
    return rate == NULL
               ? NULL
               : fraction_multiply(sheet, rate, fraction_decimal(sheet, 1, writing->decimals));
}

static const struct fraction *best_rate(struct writing *writing)
{
    const struct reallocation_rate *best = &writing->facts.best;
    struct sheet *sheet = &writing->sheet;
    return best->steel_g == 0
               ? NULL
               : fraction_divide(sheet, fraction_decimal(sheet, best->used_base, writing->decimals),
                                 fraction_decimal(sheet, best->steel_g, TONNE_DECIMALS));
}

static bool take_from(void *context, const struct reader_row *row)
{
    struct writing *writing = context;
    const char *text = row->values[0] != NULL ? row->values[0] : "";
    snprintf(writing->from, sizeof writing->from, "%s", text);
    return false;
}

/* When the first production day begins that is open. */
static bool find_from(struct writing *writing, struct failure *failure)
{
    const struct allocation *allocation = writing->allocation;
    int64_t day = (int64_t)writing->facts.today + allocation->frozen_days;
    int start_s = (int)writing->source->catalog->shifts[0].start_s;
    char text[32], sql[256];
    if (writing->facts.today == INT32_MIN || day < allocation->period.from_day) {
        day = allocation->period.from_day;
    }
    snprintf(text, sizeof text, "%d", (int)day);
    snprintf(sql, sizeof sql,
             "SELECT local_time(instant(civil_day(CAST(:first AS INTEGER)) || 'T%02d:%02d:%02d'))",
             start_s / 3600, start_s / 60 % 60, start_s % 60);
    return report_ask(writing->source, sql, (struct reader_parameter){":first", text}, take_from,
                      writing, failure);
}

/* The rate that would be in force: rate', or the best ever shown where that cannot be reached. NULL
 * where no rate says it: nothing is open, nothing was shown, or the quota is not per tonne. */
static const struct fraction *new_limit(struct writing *writing)
{
    const struct reallocation *result = &writing->tree.result;
    const struct allocation *allocation = writing->allocation;
    struct sheet *sheet = &writing->sheet;
    if (!allocation->per_tonne || allocation->season_e9 <= 0 || result->left_g == 0) {
        return NULL;
    }
    const struct fraction *rate =
        result->unattainable ? best_rate(writing) : in_units(writing, result->rate);
    /* the season multiplies what is configured */
    return rate == NULL
               ? NULL
               : fraction_divide(sheet, rate,
                                 fraction_decimal(sheet, allocation->season_e9, LIMIT_PLACES));
}

/* ---- Rows ---- */

/* The cells that only the whole has; in the table's order. */
struct total {
    const char *left, *left_t, *rate_left, *best, *gap, *spare, *unattainable, *from, *limit;
    const char *target, *note;
};

/* One line under the four ways in which amounts are told. */
struct told {
    const struct allocation_line *as_divided, *reallocated, *floors, *asked;
};

static const char *state_word(const struct writing *writing, const struct allocation_line *line)
{
    static const char *const words[] = {"closed", "frozen", "open"};
    struct period first = line->period, last = line->period;
    first.until_day = first.from_day + 1;
    last.from_day = last.until_day - 1;
    enum reallocation_state begins =
        reallocation_state_of(writing->allocation, first, writing->facts.today);
    enum reallocation_state ends =
        reallocation_state_of(writing->allocation, last, writing->facts.today);
    return begins == ends ? words[begins] : "in_part";
}

static const char *shown(const struct fraction *value, unsigned places,
                         char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, places, text);
}

static const char *bound(int64_t base, unsigned decimals, char text[QUANTITY_TEXT_MAX])
{
    return base > 0 ? quantity_to_text(base, decimals, text) : NULL;
}

/* Item units a tonne; NULL where no steel is planned. */
static const char *rate_of(const struct allocation_line *line, int64_t amount_base,
                           unsigned decimals, char text[QUANTITY_TEXT_MAX])
{
    return line->planned_g <= 0
               ? NULL
               : quantity_ratio_to_text(
                     (quantity_wide)amount_base * quantity_power_of_ten(TONNE_DECIMALS),
                     (quantity_wide)line->planned_g * quantity_power_of_ten(decimals), RATE_PLACES,
                     text);
}

static void write_line(struct writing *writing, struct told told, const struct total *total)
{
    const struct allocation_line *line = told.as_divided;
    const struct catalog *catalog = writing->source->catalog;
    char period[PERIOD_TEXT_MAX], holder[REPORT_HOLDER_MAX], texts[7][QUANTITY_TEXT_MAX];
    unsigned decimals = writing->decimals;
    bool measured = writing->facts.judged && line->holder != HELD_BY_POST;
    struct plan_sum sum = plan_facts_sum(&writing->facts, writing->allocation, line);
    int64_t amount_base = told.reallocated->amount_base;
    const char *const values[] = {
        writing->allocation->quota,
        catalog->items[writing->allocation->item.index].unit,
        allocation_level_name(line->level),
        period_format(line->period, period),
        line->shift.index != CATALOG_NONE ? catalog->shifts[line->shift.index].id : "",
        allocation_holder_name(line->holder),
        report_plan_holder(catalog, writing->allocation, line, holder),
        state_word(writing, line),
        line->planned_g >= 0 ? quantity_to_text(line->planned_g, TONNE_DECIMALS, texts[0]) : NULL,
        quantity_to_text(line->amount_base, decimals, texts[1]),
        measured ? quantity_to_text(sum.used_base, decimals, texts[2]) : NULL,
        bound(told.floors->amount_base, decimals, texts[3]),
        bound(told.asked->amount_base, decimals, texts[4]),
        quantity_to_text(amount_base, decimals, texts[5]),
        rate_of(line, amount_base, decimals, texts[6]),
        total->left,
        total->left_t,
        total->rate_left,
        total->best,
        total->gap,
        total->spare,
        total->unattainable,
        total->from,
        total->limit,
        total->target,
        total->note,
    };
    table_add(writing->table, values);
}

/* The whole period's row, in which all of it is said. */
static void write_whole(struct writing *writing, struct told told)
{
    const struct reallocation *result = &writing->tree.result;
    const struct allocation *allocation = writing->allocation;
    const struct fraction *limit = new_limit(writing);
    char texts[4][QUANTITY_TEXT_MAX], rates[2][FRACTION_TEXT_MAX], revised[2][QUANTITY_TEXT_MAX];
    char note[REALLOCATION_NOTE_MAX];
    int64_t limit_e9 = 0;
    struct total total = {
        .left = quantity_to_text(result->left_base, writing->decimals, texts[0]),
        .left_t = quantity_to_text(result->left_g, TONNE_DECIMALS, texts[1]),
        .rate_left = shown(in_units(writing, result->rate), RATE_PLACES, rates[0]),
        .best = shown(best_rate(writing), RATE_PLACES, rates[1]),
        .gap = quantity_to_text(result->gap_base, writing->decimals, texts[2]),
        .spare = quantity_to_text(result->spare_base, writing->decimals, texts[3]),
        .unattainable = !result->judged        ? NULL
                        : result->unattainable ? "1"
                                               : "0",
    };
    if (limit != NULL && fraction_sign(limit) > 0 &&
        fraction_floor(limit, LIMIT_PLACES, &limit_e9) && limit_e9 != allocation->limit_e9) {
        int64_t target_e9 = allocation->target_e9 < limit_e9 ? allocation->target_e9 : limit_e9;
        total.from = writing->from;
        total.limit = quantity_to_text(limit_e9, LIMIT_PLACES, revised[0]);
        total.target = quantity_to_text(target_e9, LIMIT_PLACES, revised[1]);
    }
    const struct reallocation_words words = {
        .chinese = writing->source->chinese,
        .unit = writing->source->catalog->items[allocation->item.index].unit,
        .rate = total.rate_left,
        .best = total.best,
        .gap = total.gap,
    };
    total.note = reallocation_note(result, &words, note);
    write_line(writing, told, &total);
}

static void write_lines(struct writing *writing)
{
    static const struct total nothing = {.left = NULL};
    const char *crew_text = report_parameter(writing->source, ":crew");
    const struct allocation *allocation = writing->allocation;
    const int64_t *const amounts[] = {NULL, writing->tree.amounts_base, writing->tree.floors_base,
                                      writing->tree.asked_base};
    struct allocation_line *lines[COUNT(amounts)];
    crew_id crew = {CATALOG_NONE};
    size_t count = 0;
    bool narrowed =
        crew_text != NULL && catalog_find_crew(writing->source->catalog, crew_text, &crew);
    for (int i = 0; i < COUNT(amounts); i++) {
        lines[i] = allocation_lines(allocation, amounts[i], &count);
    }
    for (size_t i = 0; i < count; i++) {
        struct told told = {&lines[0][i], &lines[1][i], &lines[2][i], &lines[3][i]};
        if (i == 0) {
            write_whole(writing, told);
        } else if (!narrowed || lines[0][i].crew.index == crew.index) {
            write_line(writing, told, &nothing);
        }
    }
    for (int i = 0; i < COUNT(amounts); i++) {
        free(lines[i]);
    }
}

/* ---- The report ---- */

static bool divide(struct writing *writing, struct failure *failure)
{
    char period[PERIOD_TEXT_MAX];
    const struct allocation *allocation = writing->allocation;
    period_format(allocation->period, period);
    enum reallocation_outcome outcome =
        reallocation_divide(&writing->sheet, allocation, writing->decimals, writing->facts.today,
                            writing->facts.best, used_at, writing, &writing->tree);
    if (outcome == REALLOCATION_UNPLANNED) {
        return failure_set(failure, FAILURE_INPUT,
                           "report reallocation: %s has no planned tonnes to divide by; add them "
                           "to \"plan\"",
                           period);
    }
    return outcome == REALLOCATED ||
           failure_set(failure, FAILURE_INPUT,
                       "report reallocation: more than %d parts of %s are open; allocate a shorter "
                       "period, or leave the finest out of \"periods\"",
                       REALLOCATION_PARTS_MAX, period);
}

static bool write_allocation(struct writing *writing, struct failure *failure)
{
    const struct allocation *allocation = writing->allocation;
    if (!plan_facts_read(&writing->facts, writing->source, allocation, failure)) {
        return false;
    }
    if (!writing->facts.judged && writing->facts.count > 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "report reallocation: quota \"%s\" is not judged for crew-shifts, so it "
                           "is not known what it used; add \"crew\" to its \"scopes\"",
                           allocation->quota);
    }
    if (!divide(writing, failure) || !find_from(writing, failure)) {
        return false;
    }
    write_lines(writing);
    return true;
}

/* Whether an allocation is asked for. */
static bool wanted(const struct report_source *source, const struct allocation *allocation)
{
    const char *quota = report_parameter(source, ":quota");
    const char *period_text = report_parameter(source, ":period");
    struct period period;
    return (quota == NULL || strcmp(quota, allocation->quota) == 0) &&
           (period_text == NULL ||
            (period_parse(period_text, &period) && period_equal(period, allocation->period)));
}

static bool add_allocation(const struct report_source *source, struct table *table,
                           const struct allocation *allocation, struct failure *failure)
{
    struct writing writing = {
        .source = source,
        .table = table,
        .allocation = allocation,
        .decimals = source->catalog->items[allocation->item.index].decimals,
    };
    bool good = write_allocation(&writing, failure);
    plan_facts_clear(&writing.facts);
    reallocation_clear(&writing.tree);
    sheet_clear(&writing.sheet);
    return good;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    const struct costing_rules *rules = source->rules;
    struct plan_now now;
    bool good = plan_now_read(&now, source, failure), any = false;
    for (uint32_t i = 0; good && i < rules->allocation_count; i++) {
        if (wanted(source, &rules->allocations[i])) {
            struct allocation allocation = plan_now_allocation(&now, &rules->allocations[i]);
            any = true;
            good = add_allocation(source, table, &allocation, failure);
            plan_now_release(&allocation);
        }
    }
    plan_now_clear(&now);
    if (good && !any) {
        return failure_set(failure, FAILURE_INPUT,
                           "report reallocation: the configuration of this ledger has no "
                           "\"allocations\" of that quota and period; docs/configuration.md shows "
                           "one");
    }
    return good;
}

/* What would put the new rates in force. */
static void write_entries(const struct table *table, FILE *out)
{
    bool headed = false;
    for (size_t row = 0; row < table_row_count(table); row++) {
        const char *limit = table_cell(table, row, table_find(table, "new_limit"));
        if (limit == NULL) {
            continue;
        }
        if (!headed) {
            fputs("\nTo put it in force, then with the \"approve\" of two people:\n", out);
            headed = true;
        }
        fputs("  heatledger entry -c PLANT.json '{\"by\":\"NAME\",\"event\":\"revise\","
              "\"quota\":",
              out);
        json_text_write(out, table_cell(table, row, table_find(table, "quota")));
        fputs(",\"from\":", out);
        json_text_write(out, table_cell(table, row, table_find(table, "from")));
        fprintf(out, ",\"limit\":\"%s\",\"target\":\"%s\",\"reason\":\"WHY\"}'\n", limit,
                table_cell(table, row, table_find(table, "new_target")));
    }
}

const struct report_kind report_reallocation_kind = {
    .name = "reallocation",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period quota crew ",
    .footer = write_entries,
};
