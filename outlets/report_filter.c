/* The filters by name, and what is said of a value that is not known. */
#include "report_filter.h"

#include "memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

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
    {"period", ":period", offsetof(struct report_filters, period),
     "SELECT :value WHERE period_from(:value) IS NOT NULL",
     "a year (2026), quarter (2026-Q1), month (2026-03), ten-day period (2026-03-X1) or day", NULL},
    {"view", ":view", offsetof(struct report_filters, view),
     "SELECT :value WHERE :value IN ('clock', 'owner')", "clock or owner", NULL},
    {"by", ":by", offsetof(struct report_filters, by),
     "SELECT :value WHERE :value IN ('quota', 'crew', 'cause', 'item')",
     "quota, crew, cause or item", NULL},
    {"heats", ":heats", offsetof(struct report_filters, heats),
     "SELECT :value WHERE :value NOT GLOB '*[^0-9]*' AND length(:value) BETWEEN 1 AND 9",
     "a whole number of heats", NULL},
    {"transition", ":transition", offsetof(struct report_filters, transition), "SELECT :value",
     NULL, NULL},
};

_Static_assert(COUNT(filters_known) == REPORT_FILTERS, "report_filter.h says how many there are");

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

static bool refuse_filter(const struct report_kind *kind, const char *name, struct failure *failure)
{
    return failure_set(failure, FAILURE_INPUT, "report %s takes no --%s; it takes:%.*s", kind->name,
                       name, (int)strlen(kind->filters) - 1, kind->filters);
}

/* What the SQL asks beside the filters with a value. */
static void set_shorthands(const struct report_filters *filters, bool owner,
                           struct reader_parameter *shorthands)
{
    bool within = filters->from != NULL || filters->to != NULL;

    shorthands[0] = (struct reader_parameter){":open", filters->open ? "1" : NULL};
    shorthands[1] = (struct reader_parameter){":within", within ? "1" : NULL};
    shorthands[2] = (struct reader_parameter){":owner", owner ? "1" : NULL};
    shorthands[3] = (struct reader_parameter){":clock", owner ? NULL : "1"};
}

/* One filter; its value is NULL where it is not given. */
static bool resolve_one(struct reader *reader, const struct report_kind *kind,
                        const struct filter *filter, const char *value, char **text,
                        struct failure *failure)
{
    if (value == NULL) {
        return true;
    }
    if (!report_kind_takes(kind, filter->name)) {
        return refuse_filter(kind, filter->name, failure);
    }
    if (!ask_text(reader, filter->resolve, value, text, failure)) {
        return false;
    }
    return *text != NULL || refuse_value(reader, filter, value, failure);
}

bool report_filter_resolve(struct reader *reader, const struct report_kind *kind,
                           const struct report_filters *filters,
                           struct report_parameters *parameters, struct failure *failure)
{
    bool viewed = report_kind_takes(kind, "view") && filters->view == NULL;
    struct report_filters effective = *filters;

    *parameters = (struct report_parameters){.texts = {NULL}};
    effective.view = !viewed ? filters->view : kind->view != NULL ? kind->view : "clock";
    set_shorthands(&effective, effective.view != NULL && strcmp(effective.view, "owner") == 0,
                   parameters->rows + REPORT_FILTERS);
    for (int i = 0; i < REPORT_FILTERS; i++) {
        const struct filter *filter = &filters_known[i];
        const char *value =
            *(const char *const *)(const void *)((const char *)&effective + filter->offset);

        if (!resolve_one(reader, kind, filter, value, &parameters->texts[i], failure)) {
            return false;
        }
        parameters->rows[i] = (struct reader_parameter){filter->parameter, parameters->texts[i]};
    }
    return !filters->open || report_kind_takes(kind, "open") ||
           refuse_filter(kind, "open", failure);
}

void report_filter_clear(struct report_parameters *parameters)
{
    for (int i = 0; i < REPORT_FILTERS; i++) {
        free(parameters->texts[i]);
        parameters->texts[i] = NULL;
    }
}

/* Whether the filter of that name narrows the report. */
static bool given(const char *name, size_t length, const struct report_parameters *parameters)
{
    const struct reader_parameter *rows = parameters->rows;
    int i = 0;

    while (i < REPORT_PARAMETERS &&
           (strlen(rows[i].name) != length + 1 || memcmp(rows[i].name + 1, name, length) != 0)) {
        i++;
    }
    REQUIRE(i < REPORT_PARAMETERS); /* else the SQL names a filter that is not known here */
    return rows[i].value != NULL;
}

/* The same of several names, joined by '+': whether all of them do. */
static bool all_given(const char *names, size_t length, const struct report_parameters *parameters)
{
    size_t start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && names[i] != '+') {
            continue;
        }
        if (!given(names + start, i - start, parameters)) {
            return false;
        }
        start = i + 1;
    }
    return true;
}

char *report_filter_expand(const char *sql, const struct report_parameters *parameters)
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
        if (all_given(sql + 1, name, parameters)) {
            memcpy(end, sql + 1 + name, whole - 1 - name);
            end += whole - 1 - name;
        }
        sql += whole + 1;
    }
    return expanded;
}
