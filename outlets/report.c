#include "report.h"

#include "json_text.h"
#include "memory.h"
#include "report_chinese.h"
#include "report_filter.h"
#include "report_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

/* The one text of a query with one row, to be freed; NULL where there is none. */
static bool keep_text(void *context, const struct reader_row *row)
{
    char **text = context;

    if (row->values[0] != NULL) {
        *text = memory_text(row->values[0]);
    }
    return false;
}

static bool fill(struct reader *reader, const struct report_kind *kind,
                 const struct report_plant *plant, const struct report_parameters *parameters,
                 bool chinese, struct table *table, struct failure *failure)
{
    const struct report_plant none = {.rules = NULL};
    const struct report_plant *known = plant != NULL ? plant : &none;
    const struct report_source source = {.reader = reader,
                                         .rules = known->rules,
                                         .catalog = known->catalog,
                                         .parameters = parameters->rows,
                                         .parameter_count = REPORT_PARAMETERS,
                                         .chinese = chinese,
                                         .people = known->people};
    if (kind->sql == NULL) {
        return kind->make(&source, table, failure);
    }
    char *sql = report_filter_expand(*kind->sql, parameters);
    bool good =
        reader_query(reader, sql, parameters->rows, REPORT_PARAMETERS, add_row, table, failure);
    free(sql);
    bool refined = good && kind->refine != NULL && known->rules != NULL;
    return refined ? kind->refine(&source, table, failure) : good;
}

bool report_run(struct reader *reader, const char *name, const struct report_filters *filters,
                struct report *report, struct failure *failure)
{
    return report_run_for(reader, name, NULL, filters, report, failure);
}

bool report_run_for(struct reader *reader, const char *name, const struct report_plant *plant,
                    const struct report_filters *filters, struct report *report,
                    struct failure *failure)
{
    const struct report_kind *kind = report_kind_find(name);
    struct report_parameters parameters;

    *report = (struct report){.table = NULL};
    if (kind == NULL) {
        return failure_set(failure, FAILURE_INPUT, "unknown report \"%s\"; there are: %s", name,
                           report_names());
    }
    REQUIRE(kind->sql != NULL || plant != NULL);
    if (!reader_snapshot_begin(reader, failure)) {
        return false;
    }
    report->footer = filters->chinese && kind->footer_zh != NULL ? kind->footer_zh : kind->footer;
    report->table = table_create(kind->columns, kind->column_count);
    bool good = report_filter_resolve(reader, kind, filters, &parameters, failure) &&
                reader_query(reader, "SELECT local_time(now_us) FROM progress WHERE position > 0",
                             NULL, 0, keep_text, &report->as_of, failure) &&
                fill(reader, kind, plant, &parameters, filters->chinese, report->table, failure);
    if (good && filters->chinese) {
        report->names = report_chinese_names(reader, failure);
        good = report->names != NULL;
    }
    report_filter_clear(&parameters);
    reader_snapshot_end(reader);
    if (!good) {
        report_clear(report);
    }
    return good;
}

bool report_is_given(const struct report_source *source, const char *parameter)
{
    for (int i = 0; i < source->parameter_count; i++) {
        if (strcmp(source->parameters[i].name, parameter) == 0) {
            return source->parameters[i].value != NULL;
        }
    }
    return false;
}

bool report_ask(const struct report_source *source, const char *sql, struct reader_parameter more,
                bool (*row)(void *context, const struct reader_row *row), void *context,
                struct failure *failure)
{
    struct reader_parameter parameters[REPORT_PARAMETERS + 1];
    int count = source->parameter_count;

    REQUIRE(count <= REPORT_PARAMETERS);
    memcpy(parameters, source->parameters, (size_t)count * sizeof *parameters);
    if (more.name != NULL) {
        parameters[count++] = more;
    }
    return reader_query(source->reader, sql, parameters, count, row, context, failure);
}

void report_clear(struct report *report)
{
    table_free(report->table);
    table_free(report->names);
    free(report->as_of);
    *report = (struct report){.table = NULL};
}

void report_write_text(const struct report *report, FILE *out)
{
    if (report->names != NULL) {
        report_chinese_write(report->table, report->names, out);
    } else {
        table_write_text(report->table, out);
    }
    if (report->footer != NULL) {
        report->footer(report->table, out);
    }
}

void report_write_json(const struct report *report, FILE *out)
{
    fputs("{\"as_of\":", out);
    json_text_write(out, report->as_of);
    fputs(",\"rows\":", out);
    table_write_json(report->table, out);
    fputs("}\n", out);
}
