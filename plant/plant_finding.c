#include "plant_finding.h"

#include "memory.h"

#include <stdlib.h>

/* The place for one more finding: a free one, or that of the last finding that matters less. */
static struct plant_finding *findings_place(struct plant_findings *findings,
                                            enum plant_severity severity)
{
    if (findings->kept < PLANT_FINDINGS_MAX) {
        return &findings->list[findings->kept++];
    }
    for (uint32_t i = findings->kept; i-- > 0;) {
        if (findings->list[i].severity > severity) {
            free(findings->list[i].text);
            return &findings->list[i];
        }
    }
    return NULL;
}

void plant_findings_add(struct plant_findings *findings, enum plant_severity severity,
                        uint32_t line, const char *text)
{
    uint32_t number = 0;
    for (int i = 0; i < PLANT_SEVERITY_COUNT; i++) {
        number += findings->counts[i];
    }
    findings->counts[severity]++;
    struct plant_finding *place = findings_place(findings, severity);
    if (place != NULL) {
        *place = (struct plant_finding){
            .severity = severity, .line = line, .number = number, .text = memory_text(text)};
    }
}

static int finding_compare(const void *left, const void *right)
{
    const struct plant_finding *a = left;
    const struct plant_finding *b = right;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

void plant_findings_sort(struct plant_findings *findings)
{
    qsort(findings->list, findings->kept, sizeof findings->list[0], finding_compare);
}

void plant_findings_print(const struct plant_findings *findings, FILE *out)
{
    uint32_t total = 0;
    for (int i = 0; i < PLANT_SEVERITY_COUNT; i++) {
        total += findings->counts[i];
    }
    for (uint32_t i = 0; i < findings->kept; i++) {
        fprintf(out, "%s\n", findings->list[i].text);
    }
    if (total > findings->kept) {
        fprintf(out, "... and %u more\n", (unsigned)(total - findings->kept));
    }
}

bool plant_findings_verdict(const struct plant_findings *findings, struct failure *failure)
{
    uint32_t mistakes = findings->counts[PLANT_MISTAKE];
    for (uint32_t i = 0; i < findings->kept; i++) {
        if (findings->list[i].severity != PLANT_MISTAKE) {
            continue;
        }
        if (mistakes == 1) {
            return failure_set(failure, FAILURE_INPUT, "%s", findings->list[i].text);
        }
        return failure_set(failure, FAILURE_INPUT, "%s (and %u more; `heatledger check` lists all)",
                           findings->list[i].text, (unsigned)(mistakes - 1));
    }
    return true;
}

void plant_findings_clear(struct plant_findings *findings)
{
    for (uint32_t i = 0; i < findings->kept; i++) {
        free(findings->list[i].text);
    }
    *findings = (struct plant_findings){0};
}
