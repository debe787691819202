/* The reports: questions to the ledger whose answers are tables. INTERFACES names their columns. */
#ifndef HEATLEDGER_REPORT_H
#define HEATLEDGER_REPORT_H

#include "failure.h"
#include "reader.h"
#include "table.h"

#include <stdbool.h>

/* What narrows a report; NULL: not narrowed. Times are RFC 3339, or local dates and times of the
 * plant. */
struct report_filters {
    const char *from, *to; /* whole heats by ownership event, whole shifts by start: [from, to) */
    const char *day;       /* production day, YYYY-MM-DD */
    const char *shift, *crew, *heat, *item, *station, *meter, *quota;
    const char *period;     /* base/period.h: "2026-03", "2026-03-X1", … */
    const char *view;       /* crews: "clock" or "owner"; NULL: "clock" */
    const char *by;         /* pareto: "quota", "crew", "cause" or "item"; NULL: "quota" */
    const char *heats;      /* ranking: how many a crew needs to be ranked; NULL: 10 */
    const char *transition; /* alerts: the one of this transition, "position-ordinal" */
    bool open;              /* alerts: those that are not over */
    bool chinese;           /* sentences and, for people, headings and names; else English */
};

struct report {
    struct table *table;
    char *as_of; /* the ledger's time, in the plant's zone; NULL: nothing booked yet */
    void (*footer)(const struct table *table, FILE *out); /* what stands below the text; NULL */
    struct table *names; /* the plant's, for a text in Chinese; NULL: in English */
};

struct costing_rules;
struct catalog;
struct people;

/* What a report is worked out by that the ledger alone does not answer: money, plans, rewards. */
struct report_plant {
    const struct costing_rules *rules;
    const struct catalog *catalog;
    const struct people *people; /* people.h: settlement shows them, too; NULL: it does not */
};

/* Runs a report by its name. Fails with FAILURE_INPUT for an unknown report, a filter it does not
 * take, or a name that is not in the plant. On success the caller owns `report`: report_clear. */
bool report_run(struct reader *reader, const char *name, const struct report_filters *filters,
                struct report *report, struct failure *failure);
void report_clear(struct report *report);

/* The same, also of reports that are worked out by a plant's costing rules. */
bool report_run_for(struct reader *reader, const char *name, const struct report_plant *plant,
                    const struct report_filters *filters, struct report *report,
                    struct failure *failure);

/* The table for people, and below it what they can do about its rows. */
void report_write_text(const struct report *report, FILE *out);

/* {"as_of":…,"rows":[…]} */
void report_write_json(const struct report *report, FILE *out);

/* Whether a report of that name is worked out by costing rules: report_run_for. */
bool report_is_worked_out(const char *name);

/* Whether a report of that name says more where there are costing rules. */
bool report_is_refined(const char *name);

/* "heats, crews, …": for messages. */
const char *report_names(void);

#endif
