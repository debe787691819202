/* report period: a row a figure of a period's document, as it was signed and as it is now, with the
 * cause where the two differ. */
#include "report_period.h"

#include "memory.h"
#include "period_parts.h"
#include "report_parts.h"

#include <stdlib.h>
#include <string.h>

#define PERIODS_MAX 400 /* of a report: eight years' documents */

static const struct table_column columns[] = {
    {"period", TABLE_TEXT}, {"part", TABLE_TEXT},          {"crew", TABLE_TEXT},
    {"quota", TABLE_TEXT},  {"line", TABLE_TEXT},          {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},   {"figure", TABLE_TEXT},        {"signed", TABLE_DECIMAL},
    {"now", TABLE_DECIMAL}, {"difference", TABLE_DECIMAL}, {"why", TABLE_TEXT},
};

/* The closed periods, or the one that is asked for, closed or not. */
struct periods {
    struct period items[PERIODS_MAX];
    size_t count;
};

static bool take_period(void *context, const struct reader_row *row)
{
    struct periods *periods = context;

    if (periods->count < PERIODS_MAX &&
        period_parse(row->values[0], &periods->items[periods->count])) {
        periods->count++;
    }
    return true;
}

struct rows {
    struct table *table;
    const char *period, *crew;
};

static bool add(void *context, const char *const *values)
{
    const struct rows *rows = context;
    const char *cells[SINCE_COLUMNS + 1] = {rows->period};

    if (rows->crew == NULL ||
        (values[SINCE_CREW] != NULL && strcmp(values[SINCE_CREW], rows->crew) == 0)) {
        memcpy(cells + 1, values, SINCE_COLUMNS * sizeof *values);
        table_add(rows->table, cells);
    }
    return true;
}

static bool add_period(const struct report_source *source, struct period period, struct rows *rows,
                       struct failure *failure)
{
    const struct report_plant plant = {.rules = source->rules, .catalog = source->catalog};
    struct period_document *made = NULL;
    struct period_document *now =
        period_document_now(source->reader, &plant, period, INT64_MIN, failure);
    bool good = now != NULL && period_document_signed(source->reader, period, &made, failure);
    if (good) {
        rows->period = now->text;
        good = period_document_compare(source->reader, made, now, false, add, rows, failure);
    }
    period_document_free(made);
    period_document_free(now);
    return good;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    const char *asked = report_parameter(source, ":period");
    struct periods *periods = memory_zeroed(1, sizeof *periods);
    struct rows rows = {.table = table, .crew = report_parameter(source, ":crew")};
    bool good = true;

    if (asked != NULL) {
        periods->count = period_parse(asked, &periods->items[0]) ? 1 : 0;
    } else {
        good = reader_query(source->reader,
                            "SELECT period FROM period_document ORDER BY from_day, until_day", NULL,
                            0, take_period, periods, failure);
    }
    for (size_t i = 0; good && i < periods->count; i++) {
        good = add_period(source, periods->items[i], &rows, failure);
    }
    free(periods);
    return good;
}

const struct report_kind report_period_kind = {
    .name = "period",
    .columns = columns,
    .column_count = (int)(sizeof columns / sizeof *columns),
    .make = make,
    .filters = " period crew ",
};
