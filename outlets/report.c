#include "report.h"

#include "json_text.h"
#include "memory.h"
#include "report_held.h"
#include "report_sql.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct table_column heats_columns[] = {
    {"heat", TABLE_TEXT},       {"item", TABLE_TEXT},        {"unit", TABLE_TEXT},
    {"amount", TABLE_DECIMAL},  {"quality", TABLE_TEXT},     {"estimated_pct", TABLE_DECIMAL},
    {"owner_crew", TABLE_TEXT}, {"owner_day", TABLE_TEXT},   {"owner_shift", TABLE_TEXT},
    {"grade", TABLE_TEXT},      {"steel_kg", TABLE_DECIMAL}, {"per_tonne", TABLE_DECIMAL},
    {"target", TABLE_DECIMAL},  {"limit", TABLE_DECIMAL},    {"state", TABLE_TEXT},
};

static const struct table_column crews_columns[] = {
    {"day", TABLE_TEXT},         {"shift", TABLE_TEXT},
    {"crew", TABLE_TEXT},        {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},        {"amount", TABLE_DECIMAL},
    {"quality", TABLE_TEXT},     {"estimated_pct", TABLE_DECIMAL},
    {"steel_kg", TABLE_DECIMAL}, {"per_tonne", TABLE_DECIMAL},
    {"target", TABLE_DECIMAL},   {"limit", TABLE_DECIMAL},
    {"state", TABLE_TEXT},       {"provisional", TABLE_BOOLEAN},
};

static const struct table_column quotas_columns[] = {
    {"quota", TABLE_TEXT},
    {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"heat", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"view", TABLE_TEXT},
    {"allowed_target", TABLE_DECIMAL},
    {"allowed_limit", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},
    {"balance", TABLE_DECIMAL},
    {"forecast", TABLE_DECIMAL},
    {"state", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

static const struct table_column alerts_columns[] = {
    {"id", TABLE_TEXT},        {"quota", TABLE_TEXT},      {"level", TABLE_TEXT},
    {"state", TABLE_TEXT},     {"raised_at", TABLE_TEXT},  {"cleared_at", TABLE_TEXT},
    {"closed_at", TABLE_TEXT}, {"acked_by", TABLE_TEXT},   {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},    {"heat", TABLE_TEXT},       {"crew", TABLE_TEXT},
    {"used", TABLE_DECIMAL},   {"allowed", TABLE_DECIMAL}, {"responsible", TABLE_TEXT},
    {"retro", TABLE_BOOLEAN},
};

static const struct table_column meters_columns[] = {
    {"meter", TABLE_TEXT},         {"item", TABLE_TEXT},      {"station", TABLE_TEXT},
    {"kind", TABLE_TEXT},          {"role", TABLE_TEXT},      {"last_ts", TABLE_TEXT},
    {"last_value", TABLE_DECIMAL}, {"readings", TABLE_COUNT}, {"duplicates", TABLE_COUNT},
    {"conflicts", TABLE_COUNT},    {"late", TABLE_COUNT},     {"glitches", TABLE_COUNT},
    {"spikes", TABLE_COUNT},       {"resets", TABLE_COUNT},   {"gaps", TABLE_COUNT},
    {"held", TABLE_COUNT},         {"refused", TABLE_COUNT},  {"stale", TABLE_BOOLEAN},
    {"booked", TABLE_DECIMAL},
};

static const struct table_column balance_columns[] = {
    {"day", TABLE_TEXT},           {"shift", TABLE_TEXT},          {"main", TABLE_TEXT},
    {"parts", TABLE_TEXT},         {"main_amount", TABLE_DECIMAL}, {"parts_amount", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL}, {"percent", TABLE_DECIMAL},     {"within_band", TABLE_BOOLEAN},
    {"incomplete", TABLE_BOOLEAN},
};

static const struct table_column review_columns[] = {
    {"heat", TABLE_TEXT},    {"reason", TABLE_TEXT}, {"since", TABLE_TEXT},
    {"station", TABLE_TEXT}, {"detail", TABLE_TEXT},
};

static const struct table_column held_columns[] = {
    {"meter", TABLE_TEXT},         {"ts", TABLE_TEXT},        {"value", TABLE_DECIMAL},
    {"kind", TABLE_TEXT},          {"reason", TABLE_TEXT},    {"last_ts", TABLE_TEXT},
    {"last_value", TABLE_DECIMAL}, {"amount", TABLE_DECIMAL}, {"unit", TABLE_TEXT},
    {"position", TABLE_COUNT},     {"topic", TABLE_TEXT},
};

static const struct table_column rejects_columns[] = {
    {"position", TABLE_COUNT}, {"at", TABLE_TEXT},     {"topic", TABLE_TEXT},
    {"outcome", TABLE_TEXT},   {"detail", TABLE_TEXT}, {"payload", TABLE_TEXT},
    {"state", TABLE_TEXT},
};

static const struct kind {
    const char *name;
    const struct table_column *columns;
    int column_count;
    const char *const *sql;
    const char *filters;                                  /* those it takes, each in spaces */
    void (*footer)(const struct table *table, FILE *out); /* below the text; NULL: nothing */
} kinds[] = {
    {"heats", heats_columns, COUNT(heats_columns), &report_heats_sql,
     " from to day shift crew heat item station meter ", NULL},
    {"crews", crews_columns, COUNT(crews_columns), &report_crews_sql,
     " from to day shift crew heat item station meter view ", NULL},
    {"quotas", quotas_columns, COUNT(quotas_columns), &report_quotas_sql,
     " from to day shift crew heat item quota ", NULL},
    {"alerts", alerts_columns, COUNT(alerts_columns), &report_alerts_sql,
     " from to day shift crew heat item quota transition open ", NULL},
    {"meters", meters_columns, COUNT(meters_columns), &report_meters_sql, " item station meter ",
     NULL},
    {"balance", balance_columns, COUNT(balance_columns), &report_balance_sql,
     " from to day shift item meter ", NULL},
    {"review", review_columns, COUNT(review_columns), &report_review_sql, " from to heat station ",
     NULL},
    {"held", held_columns, COUNT(held_columns), &report_held_sql, " from to item station meter ",
     report_held_write_entries},
    {"rejects", rejects_columns, COUNT(rejects_columns), &report_rejects_sql, " from to ", NULL},
};

/* The filters by name; those with a query must name something the ledger knows. */
static const struct filter {
    const char *name;      /* without dashes */
    const char *parameter; /* in SQL */
    size_t offset;         /* in struct report_filters */
    const char *resolve;   /* SQL: the value as the reports want it, null where it is wrong */
    const char *right;     /* what would be right: text, or … */
    const char *known;     /* … SQL for a list of it */
} filters_known[] = {
    {"from", ":from", offsetof(struct report_filters, from), "SELECT instant(:value)",
     "a time such as 2026-03-10T08:00:00+08:00", NULL},
    {"to", ":to", offsetof(struct report_filters, to), "SELECT instant(:value)",
     "a time such as 2026-03-10T08:00:00+08:00", NULL},
    {"day", ":day", offsetof(struct report_filters, day), "SELECT day_number(:value)",
     "a production day such as 2026-03-10", NULL},
    {"shift", ":shift", offsetof(struct report_filters, shift),
     "SELECT id FROM shift WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM shift ORDER BY sort)"},
    {"crew", ":crew", offsetof(struct report_filters, crew),
     "SELECT id FROM crew WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM crew WHERE no <> 0 ORDER BY id)"},
    {"heat", ":heat", offsetof(struct report_filters, heat), "SELECT :value", NULL, NULL},
    {"item", ":item", offsetof(struct report_filters, item),
     "SELECT id FROM item WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM item ORDER BY id)"},
    {"station", ":station", offsetof(struct report_filters, station),
     "SELECT id FROM station WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM station ORDER BY id)"},
    {"meter", ":meter", offsetof(struct report_filters, meter),
     "SELECT id FROM meter WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM meter ORDER BY id LIMIT 40)"},
    {"quota", ":quota", offsetof(struct report_filters, quota),
     "SELECT id FROM quota WHERE id = :value", NULL,
     "SELECT group_concat(id, ', ') FROM (SELECT id FROM quota ORDER BY id)"},
    {"view", ":view", offsetof(struct report_filters, view),
     "SELECT :value WHERE :value IN ('clock', 'owner')", "clock or owner", NULL},
    {"transition", ":transition", offsetof(struct report_filters, transition), "SELECT :value",
     NULL, NULL},
};

#define FILTER_COUNT COUNT(filters_known)

const char *report_names(void)
{
    return "heats, crews, quotas, alerts, meters, balance, review, held, rejects";
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

static bool ask_text(struct reader *reader, const char *sql, const char *value, char **text,
                     struct failure *failure)
{
    const struct reader_parameter parameter = {":value", value};

    *text = NULL;
    return reader_query(reader, sql, &parameter, 1, keep_text, text, failure);
}

/* Refuses a value with a text that says what would be right. */
static bool refuse_value(struct reader *reader, const struct filter *filter, const char *value,
                         struct failure *failure)
{
    char *known = NULL;

    if (filter->known != NULL && !ask_text(reader, filter->known, NULL, &known, failure)) {
        return false;
    }
    failure_set(failure, FAILURE_INPUT, "--%s: \"%s\" is not known here; %s%s", filter->name, value,
                filter->right != NULL ? "right would be " : "there are: ",
                filter->right != NULL ? filter->right
                : known != NULL       ? known
                                      : "none yet");
    free(known);
    return false;
}

static bool takes(const struct kind *kind, const char *name)
{
    char word[32];

    snprintf(word, sizeof word, " %s ", name);
    return strstr(kind->filters, word) != NULL;
}

static bool refuse_filter(const struct kind *kind, const char *name, struct failure *failure)
{
    return failure_set(failure, FAILURE_INPUT, "report %s takes no --%s; it takes:%.*s", kind->name,
                       name, (int)strlen(kind->filters) - 1, kind->filters);
}

/* Fills one parameter a filter with texts that are to be freed. */
static bool resolve(struct reader *reader, const struct kind *kind,
                    const struct report_filters *filters, struct reader_parameter *parameters,
                    char **values, struct failure *failure)
{
    for (int i = 0; i < FILTER_COUNT; i++) {
        const struct filter *filter = &filters_known[i];
        const char *value =
            *(const char *const *)(const void *)((const char *)filters + filter->offset);

        parameters[i] = (struct reader_parameter){filter->parameter, NULL};
        if (value == NULL) {
            continue;
        }
        if (!takes(kind, filter->name)) {
            return refuse_filter(kind, filter->name, failure);
        }
        if (!ask_text(reader, filter->resolve, value, &values[i], failure)) {
            return false;
        }
        if (values[i] == NULL) {
            return refuse_value(reader, filter, value, failure);
        }
        parameters[i].value = values[i];
    }
    if (filters->open && !takes(kind, "open")) {
        return refuse_filter(kind, "open", failure);
    }
    return true;
}

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

/* Whether the filter of that name narrows the report. */
static bool given(const char *name, size_t length, const struct reader_parameter *parameters)
{
    int i = 0;

    /* The analyzer does not see that resolve() fails where it has not filled all of them.
     * NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
    while (i <= FILTER_COUNT && (strlen(parameters[i].name) != length + 1 ||
                                 memcmp(parameters[i].name + 1, name, length) != 0)) {
        i++;
    }
    REQUIRE(i <= FILTER_COUNT); /* else report_sql.c names a filter that is not known here */
    return parameters[i].value != NULL;
}

/* The SQL with the conditions of the filters given, "[name condition]", and without the others: so
 * that the database finds one heat by its index. To be freed. */
static char *expand(const char *sql, const struct reader_parameter *parameters)
{
    char *expanded = memory_zeroed(strlen(sql) + 1, 1), *end = expanded;

    while (*sql != '\0') {
        size_t plain = strcspn(sql, "[");
        memcpy(end, sql, plain);
        end += plain;
        sql += plain;
        if (*sql != '[') {
            break;
        }
        size_t name = strcspn(sql + 1, " "), whole = strcspn(sql, "]");
        REQUIRE(name + 1 < whole && sql[whole] == ']');
        if (given(sql + 1, name, parameters)) {
            memcpy(end, sql + 1 + name, whole - 1 - name);
            end += whole - 1 - name;
        }
        sql += whole + 1;
    }
    return expanded;
}

static bool run(struct reader *reader, const struct kind *kind,
                const struct report_filters *filters, struct report *report,
                struct failure *failure)
{
    struct reader_parameter parameters[FILTER_COUNT + 1];
    char *values[FILTER_COUNT] = {NULL};
    struct report_filters effective = *filters;
    bool good;

    if (effective.view == NULL && takes(kind, "view")) {
        effective.view = "clock";
    }
    parameters[FILTER_COUNT] = (struct reader_parameter){":open", filters->open ? "1" : NULL};
    good = resolve(reader, kind, &effective, parameters, values, failure) &&
           ask_text(reader, "SELECT local_time(now_us) FROM progress WHERE position > 0", NULL,
                    &report->as_of, failure);
    if (good) {
        char *sql = expand(*kind->sql, parameters);
        good = reader_query(reader, sql, parameters, FILTER_COUNT + 1, add_row, report->table,
                            failure);
        free(sql);
    }
    for (int i = 0; i < FILTER_COUNT; i++) {
        free(values[i]);
    }
    return good;
}

bool report_run(struct reader *reader, const char *name, const struct report_filters *filters,
                struct report *report, struct failure *failure)
{
    const struct kind *kind = NULL;

    *report = (struct report){.table = NULL};
    for (int i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            kind = &kinds[i];
        }
    }
    if (kind == NULL) {
        return failure_set(failure, FAILURE_INPUT, "unknown report \"%s\"; there are: %s", name,
                           report_names());
    }
    if (!reader_snapshot_begin(reader, failure)) {
        return false;
    }
    report->footer = kind->footer;
    report->table = table_create(kind->columns, kind->column_count);
    bool good = run(reader, kind, filters, report, failure);
    reader_snapshot_end(reader);
    if (!good) {
        report_clear(report);
    }
    return good;
}

void report_clear(struct report *report)
{
    table_free(report->table);
    free(report->as_of);
    *report = (struct report){.table = NULL};
}

void report_write_text(const struct report *report, FILE *out)
{
    table_write_text(report->table, out);
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
