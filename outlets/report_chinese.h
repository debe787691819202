/* Reports for people who read Chinese: the headings, the plant's own names in place of its ids, and
 * the words of states. CSV and JSON are for programs and stay as they are. */
#ifndef HEATLEDGER_REPORT_CHINESE_H
#define HEATLEDGER_REPORT_CHINESE_H

#include "failure.h"
#include "reader.h"
#include "table.h"

#include <stdio.h>

/* The plant's Chinese names by what they name. NULL with a failure; the caller frees the table. */
struct table *report_chinese_names(struct reader *reader, struct failure *failure);

/* As table_write_text. */
void report_chinese_write(const struct table *table, const struct table *names, FILE *out);

/* The heading of a column; the name itself where it has none. */
const char *report_chinese_heading(const char *column);

/* What stands in a cell of that column; NULL for NULL. Belongs to `names`, or is `cell`, or
 * constant. */
const char *report_chinese_cell(const struct table_column *column, const struct table *names,
                                const char *cell);

#endif
