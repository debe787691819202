/* What reports that are worked out do alike with their filters and cells. Private to outlets. */
#ifndef HEATLEDGER_REPORT_PARTS_H
#define HEATLEDGER_REPORT_PARTS_H

#include "report_kind.h"
#include "timestamp.h"

#include <stdint.h>

#define REPORT_NAMES_MAX 400 /* bytes of a list of names in a cell */

/* The value of a filter, ":name"; NULL: it is not given. */
const char *report_parameter(const struct report_source *source, const char *name);

/* The day or period that a report is narrowed to, in `text` or the filter's own; NULL: neither. */
const char *report_period(const struct report_source *source, char text[TIMESTAMP_TEXT_MAX]);

/* A cell as a number; null is 0. */
int64_t report_number(const char *text);

/* Adds a name to a list joined by ';', once; what there is no room for is left out. */
void report_name_add(char list[REPORT_NAMES_MAX], const char *name);

#endif
