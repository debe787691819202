#include "report_plan.h"

#include "forecast.h"
#include "plan_facts.h"
#include "plan_now.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define TONNE_DECIMALS 6 /* grams */
#define RATE_PLACES 6

static const struct table_column columns[] = {
    {"quota", TABLE_TEXT},       {"item", TABLE_TEXT},         {"unit", TABLE_TEXT},
    {"level", TABLE_TEXT},       {"period", TABLE_TEXT},       {"shift", TABLE_TEXT},
    {"holder", TABLE_TEXT},      {"name", TABLE_TEXT},         {"planned_t", TABLE_DECIMAL},
    {"allowed", TABLE_DECIMAL},  {"fixed", TABLE_BOOLEAN},     {"used", TABLE_DECIMAL},
    {"done_t", TABLE_DECIMAL},   {"rate", TABLE_DECIMAL},      {"rate_left", TABLE_DECIMAL},
    {"forecast", TABLE_DECIMAL}, {"best_rate", TABLE_DECIMAL}, {"unattainable", TABLE_BOOLEAN},
};

/* One allocation as its lines are written. */
struct writing {
    const struct report_source *source;
    struct table *table;
    const struct allocation *allocation;
    const struct plan_facts *facts;
    unsigned decimals;
};

/* What a line has to say beyond the plan; NULL: not known. */
struct progress {
    const struct fraction *used, *done_t, *rate, *rate_left, *forecast, *best;
    bool judged, unattainable;
};

static void append(char text[REPORT_HOLDER_MAX], const char *word)
{
    size_t length = strlen(text);
    snprintf(text + length, REPORT_HOLDER_MAX - length, "%s%s", length > 0 ? "/" : "", word);
}

static void append_part(const struct allocation *allocation, size_t part,
                        char text[REPORT_HOLDER_MAX])
{
    for (size_t i = 0; i < part; i++) {
        const struct allocation_part *whole = &allocation->parts[i];
        if (part >= whole->first_part && part < whole->first_part + whole->part_count) {
            append_part(allocation, i, text);
        }
    }
    append(text, allocation->parts[part].id);
}

const char *report_plan_holder(const struct catalog *catalog, const struct allocation *allocation,
                               const struct allocation_line *line, char text[REPORT_HOLDER_MAX])
{
    text[0] = '\0';
    if (line->part != ALLOCATION_NO_PART) {
        append_part(allocation, line->part, text);
    } else if (line->crew.index != CATALOG_NONE) {
        append(text, catalog->crews[line->crew.index].id);
    }
    return text;
}

/* A period that is over has no rest: nothing is forecast of it. */
static void look_ahead(struct sheet *sheet, const struct writing *writing,
                       const struct allocation_line *line, struct progress *progress)
{
    if (line->planned_g < 0 || line->period.until_day <= writing->facts->today) {
        return;
    }
    const struct fraction *planned_t = fraction_decimal(sheet, line->planned_g, TONNE_DECIMALS);
    const struct fraction *allowed = fraction_decimal(sheet, line->amount_base, writing->decimals);
    progress->rate_left =
        forecast_rate_left(sheet, allowed, progress->used, progress->done_t, planned_t);
    progress->forecast = forecast_at_completion(sheet, progress->used, progress->done_t, planned_t);
    progress->judged = progress->rate_left != NULL && progress->best != NULL;
    progress->unattainable =
        progress->judged && fraction_compare(progress->rate_left, progress->best) < 0;
}

static struct progress progress_of(struct sheet *sheet, const struct writing *writing,
                                   const struct allocation_line *line)
{
    const struct plan_facts *facts = writing->facts;
    struct progress progress = {.used = NULL};
    struct plan_sum sum = plan_facts_sum(facts, writing->allocation, line);
    bool measured = facts->judged && line->holder != HELD_BY_POST;
    if (!sum.unweighed) {
        progress.done_t = fraction_decimal(sheet, sum.steel_g, TONNE_DECIMALS);
    }
    if (!measured) {
        return progress;
    }
    progress.used = fraction_decimal(sheet, sum.used_base, writing->decimals);
    if (facts->best.steel_g > 0 && line->holder != HELD_BY_STATION) {
        progress.best = fraction_divide(
            sheet, fraction_decimal(sheet, facts->best.used_base, writing->decimals),
            fraction_decimal(sheet, facts->best.steel_g, TONNE_DECIMALS));
    }
    if (progress.done_t != NULL) {
        progress.rate =
            sum.steel_g > 0 ? fraction_divide(sheet, progress.used, progress.done_t) : NULL;
        look_ahead(sheet, writing, line, &progress);
    }
    return progress;
}

static const char *shown(const struct fraction *value, unsigned places,
                         char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, places, text);
}

static void write_line(const struct writing *writing, const struct allocation_line *line)
{
    const struct catalog *catalog = writing->source->catalog;
    const struct item *item = &catalog->items[writing->allocation->item.index];
    char period[PERIOD_TEXT_MAX], holder[REPORT_HOLDER_MAX], planned[QUANTITY_TEXT_MAX];
    char allowed[QUANTITY_TEXT_MAX], texts[6][FRACTION_TEXT_MAX];
    struct sheet sheet = {0};
    struct progress progress = progress_of(&sheet, writing, line);
    const char *const values[] = {
        writing->allocation->quota,
        item->id,
        item->unit,
        allocation_level_name(line->level),
        period_format(line->period, period),
        line->shift.index != CATALOG_NONE ? catalog->shifts[line->shift.index].id : "",
        allocation_holder_name(line->holder),
        report_plan_holder(catalog, writing->allocation, line, holder),
        line->planned_g >= 0 ? quantity_to_text(line->planned_g, TONNE_DECIMALS, planned) : NULL,
        quantity_to_text(line->amount_base, writing->decimals, allowed),
        line->fixed ? "1" : "0",
        shown(progress.used, writing->decimals, texts[0]),
        shown(progress.done_t, TONNE_DECIMALS, texts[1]),
        shown(progress.rate, RATE_PLACES, texts[2]),
        shown(progress.rate_left, RATE_PLACES, texts[3]),
        shown(progress.forecast, writing->decimals, texts[4]),
        shown(progress.best, RATE_PLACES, texts[5]),
        !progress.judged        ? NULL
        : progress.unattainable ? "1"
                                : "0",
    };
    table_add(writing->table, values);
    sheet_clear(&sheet);
}

static bool asked_for(const struct report_source *source, const struct allocation_line *line)
{
    const char *period_text = report_parameter(source, ":period");
    const char *crew_text = report_parameter(source, ":crew");
    struct period period;
    crew_id crew;
    bool within =
        period_text == NULL || !period_parse(period_text, &period) ||
        (line->period.from_day >= period.from_day && line->period.until_day <= period.until_day);
    return within && (crew_text == NULL || (catalog_find_crew(source->catalog, crew_text, &crew) &&
                                            crew.index == line->crew.index));
}

static bool write_allocation(const struct report_source *source, struct table *table,
                             const struct allocation *allocation, struct failure *failure)
{
    struct plan_facts facts;
    size_t count = 0;
    const struct writing writing = {source, table, allocation, &facts,
                                    source->catalog->items[allocation->item.index].decimals};
    bool good = plan_facts_read(&facts, source, allocation, failure);
    struct allocation_line *lines = good ? allocation_lines(allocation, NULL, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (asked_for(source, &lines[i])) {
            write_line(&writing, &lines[i]);
        }
    }
    free(lines);
    plan_facts_clear(&facts);
    return good;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    const struct costing_rules *rules = source->rules;
    const char *quota = report_parameter(source, ":quota");
    bool good = rules->allocation_count > 0 ||
                failure_set(failure, FAILURE_INPUT,
                            "report plan: the configuration of this ledger has no "
                            "\"allocations\"; docs/configuration.md shows one");
    struct plan_now now = {.changes = NULL};
    good = good && plan_now_read(&now, source, failure);
    for (uint32_t i = 0; good && i < rules->allocation_count; i++) {
        if (quota == NULL || strcmp(quota, rules->allocations[i].quota) == 0) {
            struct allocation allocation = plan_now_allocation(&now, &rules->allocations[i]);
            good = write_allocation(source, table, &allocation, failure);
            plan_now_release(&allocation);
        }
    }
    plan_now_clear(&now);
    return good;
}

const struct report_kind report_plan_kind = {
    .name = "plan",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period quota crew ",
};
