#include "report_rejects.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the row is the first one listed of its topic and outcome. */
static bool is_first(const struct table *table, size_t row, int topic, int outcome)
{
    for (size_t before = 0; before < row; before++) {
        if (strcmp(table_cell(table, before, topic), table_cell(table, row, topic)) == 0 &&
            strcmp(table_cell(table, before, outcome), table_cell(table, row, outcome)) == 0) {
            return false;
        }
    }
    return true;
}

void report_rejects_write_rest(const struct table *table, FILE *out)
{
    int nth = table_find(table, "nth");
    int topic = table_find(table, "topic");
    int outcome = table_find(table, "outcome");
    size_t rows = table_row_count(table);

    for (size_t row = 0; row < rows; row++) {
        if (strtoll(table_cell(table, row, nth), NULL, 10) > 1 &&
            is_first(table, row, topic, outcome)) {
            fputs(
                "\nWhere `nth` does not begin with 1 there were older ones: outside of --from and "
                "--to, or let go of.\nOf each topic and outcome the newest are kept "
                "(rejects.per_topic in plant.json); the journal has all.\n",
                out);
            return;
        }
    }
}
