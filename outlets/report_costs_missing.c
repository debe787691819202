#include "report_costs_missing.h"

#include "memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Texts of the table, each once; they belong to it. */
struct names {
    const char **items;
    size_t count, capacity;
};

static bool has(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void add(struct names *names, const char *name)
{
    if (has(names, name)) {
        return;
    }
    memory_grow(&names->items, names->count, &names->capacity, sizeof *names->items);
    names->items[names->count++] = name;
}

/* The rows of items, in turn; false: there is none behind `row`. */
static bool next_item(const struct table *table, size_t *row)
{
    int line = table_find(table, "line");
    while (*row < table_row_count(table) && strcmp(table_cell(table, *row, line), "item") != 0) {
        (*row)++;
    }
    return *row < table_row_count(table);
}

/* The items of which a column has no value, of classes of which an item has one, or of all. */
static struct names without(const struct table *table, const char *column, bool of_any_class)
{
    int item = table_find(table, "item"), class = table_find(table, "class");
    int value = table_find(table, column);
    struct names classes = {.items = NULL}, missing = {.items = NULL};
    for (size_t row = 0; next_item(table, &row); row++) {
        if (table_cell(table, row, value) != NULL) {
            add(&classes, table_cell(table, row, class));
        }
    }
    for (size_t row = 0; next_item(table, &row); row++) {
        if (table_cell(table, row, value) == NULL &&
            (of_any_class || has(&classes, table_cell(table, row, class)))) {
            add(&missing, table_cell(table, row, item));
        }
    }
    free(classes.items);
    return missing;
}

/* The items that were divided over bands of a tariff. */
static struct names spread(const struct table *table)
{
    int item = table_find(table, "item"), flag = table_find(table, "spread");
    struct names found = {.items = NULL};
    for (size_t row = 0; next_item(table, &row); row++) {
        if (strcmp(table_cell(table, row, flag), "true") == 0) {
            add(&found, table_cell(table, row, item));
        }
    }
    return found;
}

/* What is said before the names, in order. */
enum { NO_STANDARD, NO_ACTUAL, NO_COAL, NO_CO2, SPREAD, SENTENCES };

static void write_names(const char *what, struct names names, const char *comma, FILE *out)
{
    for (size_t i = 0; i < names.count; i++) {
        fprintf(out, "%s%s", i == 0 ? what : comma, names.items[i]);
    }
    fputs(names.count > 0 ? "\n" : "", out);
    free(names.items);
}

static void write_missing(const struct table *table, const char *const sentences[SENTENCES],
                          const char *comma, FILE *out)
{
    write_names(sentences[NO_STANDARD], without(table, "standard_cost", true), comma, out);
    write_names(sentences[NO_ACTUAL], without(table, "actual_cost", true), comma, out);
    write_names(sentences[NO_COAL], without(table, "kgce", false), comma, out);
    write_names(sentences[NO_CO2], without(table, "co2_kg", false), comma, out);
    write_names(sentences[SPREAD], spread(table), comma, out);
}

void report_costs_write_missing(const struct table *table, FILE *out)
{
    static const char *const sentences[SENTENCES] = {
        [NO_STANDARD] = "No standard price, left out of the costs: ",
        [NO_ACTUAL] = "No actual price: ",
        [NO_COAL] = "No standard coal, left out of kgce: ",
        [NO_CO2] = "No CO2 factor, left out of CO2: ",
        [SPREAD] = "Booked before their tariff was known, divided over its bands by time: ",
    };
    write_missing(table, sentences, ", ", out);
}

void report_costs_write_missing_zh(const struct table *table, FILE *out)
{
    static const char *const sentences[SENTENCES] = {
        [NO_STANDARD] = "无标准单价，未计入成本：",
        [NO_ACTUAL] = "无实际单价：",
        [NO_COAL] = "无折标煤系数，未计入标准煤：",
        [NO_CO2] = "无CO2排放系数，未计入CO2：",
        [SPREAD] = "入账时尚无分时电价，按时间分摊到各时段：",
    };
    write_missing(table, sentences, "、", out);
}
