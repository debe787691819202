/* A kind of report: its columns, the filters that it takes, and where its rows come from: from one
 * question to the ledger, or from a calculation over several. */
#ifndef HEATLEDGER_REPORT_KIND_H
#define HEATLEDGER_REPORT_KIND_H

#include "costing_rules.h"
#include "failure.h"
#include "reader.h"
#include "table.h"

#include <stdbool.h>
#include <stdio.h>

struct people;

/* What a report is worked out from. */
struct report_source {
    struct reader *reader;
    const struct costing_rules *rules;         /* of the newest configuration of the ledger */
    const struct catalog *catalog;             /* the one they belong to */
    const struct reader_parameter *parameters; /* the filters, ":name"; values NULL: not given */
    int parameter_count;
    bool chinese;                /* sentences are in Chinese, else in English */
    const struct people *people; /* of the settlement: people.h; NULL: nobody is to be shown */
};

struct report_kind {
    const char *name;
    const struct table_column *columns;
    int column_count;
    const char *const *sql; /* NULL: `make` … */
    /* … adds the rows to the table, sorted. Fails with a text that says what is missing. */
    bool (*make)(const struct report_source *source, struct table *table, struct failure *failure);
    /* … or, behind `sql`, adds to its rows what the costing rules know; NULL: nothing. Only where
     * there are such rules. */
    bool (*refine)(const struct report_source *source, struct table *table,
                   struct failure *failure);
    const char *filters;                                  /* those it takes, each in spaces */
    const char *view;                                     /* where none is asked for; NULL: clock */
    void (*footer)(const struct table *table, FILE *out); /* below the text; NULL: nothing */
    void (*footer_zh)(const struct table *table, FILE *out); /* in Chinese; NULL: as above */
};

/* NULL: there is none of that name. */
const struct report_kind *report_kind_find(const char *name);

/* Whether it takes the filter of that name, without dashes. */
bool report_kind_takes(const struct report_kind *kind, const char *filter);

/* Whether a filter, ":name", narrows the report. */
bool report_is_given(const struct report_source *source, const char *parameter);

/* Asks the ledger with the report's filters and one parameter more (its name NULL: none). */
bool report_ask(const struct report_source *source, const char *sql, struct reader_parameter more,
                bool (*row)(void *context, const struct reader_row *row), void *context,
                struct failure *failure);

#endif
