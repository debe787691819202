/* What is wrong with a configuration: a list of mistakes, warnings and remarks, each with its
 * line. */
#ifndef HEATLEDGER_PLANT_FINDING_H
#define HEATLEDGER_PLANT_FINDING_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PLANT_FINDINGS_MAX 200 /* further ones are counted, not kept */

enum plant_severity {
    PLANT_MISTAKE, /* the configuration is refused */
    PLANT_WARNING, /* it works, but does not hold what a plant expects: check exits with 1 */
    PLANT_REMARK,  /* worth knowing */
    PLANT_SEVERITY_COUNT
};

struct plant_finding {
    enum plant_severity severity;
    uint32_t line;
    uint32_t number; /* in the order of discovery */
    char *text;      /* "FILE:LINE: KEY: what, and what would be right" */
};

struct plant_findings {
    struct plant_finding list[PLANT_FINDINGS_MAX];
    uint32_t kept;
    uint32_t counts[PLANT_SEVERITY_COUNT];
};

/* Adds one; `text` is copied. Mistakes displace lesser findings when the list is full. */
void plant_findings_add(struct plant_findings *findings, enum plant_severity severity,
                        uint32_t line, const char *text);

/* Sorts by line. */
void plant_findings_sort(struct plant_findings *findings);

/* Writes a line each. */
void plant_findings_print(const struct plant_findings *findings, FILE *out);

/* Fills `failure` with the first mistake, and how many more there are; false where there are
 * mistakes. */
bool plant_findings_verdict(const struct plant_findings *findings, struct failure *failure);

void plant_findings_clear(struct plant_findings *findings);

#endif
