/* What narrows a report, from what a user wrote to the parameters of its SQL. */
#ifndef HEATLEDGER_REPORT_FILTER_H
#define HEATLEDGER_REPORT_FILTER_H

#include "report.h"
#include "report_kind.h"

#define REPORT_FILTERS 15
#define REPORT_SHORTHANDS 4 /* what the SQL asks besides: open, within, owner, clock */
#define REPORT_PARAMETERS (REPORT_FILTERS + REPORT_SHORTHANDS)

struct report_parameters {
    struct reader_parameter rows[REPORT_PARAMETERS]; /* ":name"; values NULL: not given */
    char *texts[REPORT_FILTERS];                     /* the values; owned */
};

/* Looks up what each filter names. Fails with FAILURE_INPUT for a filter that the kind does not
 * take, and for a name that the ledger does not know, with what would be right. To be cleared in
 * any case. */
bool report_filter_resolve(struct reader *reader, const struct report_kind *kind,
                           const struct report_filters *filters,
                           struct report_parameters *parameters, struct failure *failure);
void report_filter_clear(struct report_parameters *parameters);

/* The SQL with the conditions of the filters given, "[name condition]", and without the others: so
 * that the database finds one heat by its index. Several names are joined by '+'. To be freed. */
char *report_filter_expand(const char *sql, const struct report_parameters *parameters);

#endif
