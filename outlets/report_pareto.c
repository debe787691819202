/* report pareto: what overruns of crew-shifts cost, by quota, crew, cause or item, largest first,
 * up to the four fifths of the loss that the few make. Each loss is rounded once, to the fen, so
 * that whatever it is divided by the sum is the same. */
#include "report_pareto.h"

#include "memory.h"
#include "overruns.h"
#include "pareto.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define FEN_DECIMALS 2
#define PERCENT_PLACES 2

static const struct table_column columns[] = {
    {"period", TABLE_TEXT},
    {"kind", TABLE_TEXT},
    {"key", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"over", TABLE_DECIMAL},
    {"overruns", TABLE_COUNT},
    {"loss", TABLE_DECIMAL},
    {"share_pct", TABLE_DECIMAL},
    {"cumulated_pct", TABLE_DECIMAL},
    {"vital", TABLE_BOOLEAN},
    {"without_price", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

/* What stands in one row. */
struct group {
    char key[CATALOG_ID_MAX + 1];
    item_id item; /* CATALOG_NONE: of several */
    bool priced;  /* at least one of them */
    bool provisional;
    int64_t over_base, overruns, loss_fen;
    char without_price[REPORT_NAMES_MAX];
};

struct groups {
    const struct report_source *source;
    const char *(*key)(const struct overrun *overrun);
    struct group *rows;
    size_t count, capacity;
};

static const char *by_quota(const struct overrun *overrun)
{
    return overrun->quota;
}

/* A fault of measurement is the instrument section's, and no crew's. */
static const char *by_crew(const struct overrun *overrun)
{
    bool theirs = overrun->cause == NULL || overrun->cause->charge == CAUSE_CREW;
    return theirs ? overrun->crew : overrun_charged_to(overrun);
}

static const char *by_cause(const struct overrun *overrun)
{
    return overrun->code == NULL ? "pending" : overrun->code;
}

/* The item's own id is its key: report_pareto's rows of an item have it beside. */
static const char *by_item(const struct overrun *overrun)
{
    (void)overrun;
    return NULL;
}

static const struct {
    const char *by;
    const char *(*key)(const struct overrun *overrun);
} ways[] = {{"quota", by_quota}, {"crew", by_crew}, {"cause", by_cause}, {"item", by_item}};

static struct group *group_of(struct groups *groups, const char *key, item_id item)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (strcmp(groups->rows[i].key, key) == 0) {
            return &groups->rows[i];
        }
    }
    memory_grow(&groups->rows, groups->count, &groups->capacity, sizeof *groups->rows);
    struct group *group = &groups->rows[groups->count++];
    *group = (struct group){.item = item};
    snprintf(group->key, sizeof group->key, "%s", key);
    return group;
}

static bool take_overrun(void *context, const struct overrun *overrun)
{
    struct groups *groups = context;
    const struct item *item = &groups->source->catalog->items[overrun->item.index];
    const char *key = groups->key == by_item ? item->id : groups->key(overrun);
    if (strcmp(overrun->level, "limit") != 0) {
        return true; /* within what the workshop allows */
    }
    struct group *group = group_of(groups, key, overrun->item);
    if (group->item.index != overrun->item.index) {
        group->item.index = CATALOG_NONE;
    }
    group->overruns++;
    group->over_base = quantity_add(group->over_base, overrun->over_base);
    group->provisional = group->provisional || overrun->provisional;
    if (overrun->priced) {
        group->priced = true;
        group->loss_fen = quantity_add(group->loss_fen, overrun->loss_fen);
    } else {
        report_name_add(group->without_price, item->id);
    }
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct group *)a)->key, ((const struct group *)b)->key);
}

/* `row` NULL: the group has no loss that could be ordered. */
static void add_row(struct table *table, const struct groups *groups, const char *by,
                    const struct group *group, const struct pareto_row *row, struct sheet *sheet,
                    const struct fraction *before)
{
    char period[TIMESTAMP_TEXT_MAX], over[QUANTITY_TEXT_MAX], loss[QUANTITY_TEXT_MAX];
    char overruns[QUANTITY_TEXT_MAX], share[FRACTION_TEXT_MAX], cumulated[FRACTION_TEXT_MAX];
    const struct fraction *hundred = fraction_of(sheet, 100, 1);
    const struct item *item = group->item.index == CATALOG_NONE
                                  ? NULL
                                  : &groups->source->catalog->items[group->item.index];
    if (row != NULL) {
        fraction_to_text(fraction_multiply(sheet, hundred, row->cumulated), PERCENT_PLACES,
                         cumulated);
        fraction_to_text(
            fraction_multiply(sheet, hundred, fraction_subtract(sheet, row->cumulated, before)),
            PERCENT_PLACES, share);
    }
    const char *const values[] = {
        report_period(groups->source, period),
        by,
        group->key,
        item == NULL ? NULL : item->id,
        item == NULL ? NULL : item->unit,
        item == NULL ? NULL : quantity_to_text(group->over_base, item->decimals, over),
        quantity_to_text(group->overruns, 0, overruns),
        group->priced ? quantity_to_text(group->loss_fen, FEN_DECIMALS, loss) : NULL,
        row != NULL ? share : NULL,
        row != NULL ? cumulated : NULL,
        row == NULL  ? NULL
        : row->vital ? "1"
                     : "0",
        group->without_price[0] == '\0' ? NULL : group->without_price,
        group->provisional ? "1" : "0",
    };
    table_add(table, values);
}

static void fill(struct table *table, struct groups *groups, const char *by)
{
    struct sheet sheet = {0};
    struct pareto_row *rows = memory_zeroed(groups->count + 1, sizeof *rows);
    const struct fraction *before = fraction_of(&sheet, 0, 1);
    if (groups->count > 0) {
        qsort(groups->rows, groups->count, sizeof *groups->rows, compare_keys);
    }
    for (size_t i = 0; i < groups->count; i++) {
        rows[i] = (struct pareto_row){.adverse_fen = groups->rows[i].loss_fen, .tag = i};
    }
    size_t losses = pareto_sort(&sheet, rows, groups->count);
    for (size_t i = 0; i < losses; i++) {
        add_row(table, groups, by, &groups->rows[rows[i].tag], &rows[i], &sheet, before);
        before = rows[i].cumulated;
    }
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->rows[i].loss_fen <= 0) {
            add_row(table, groups, by, &groups->rows[i], NULL, &sheet, NULL);
        }
    }
    free(rows);
    sheet_clear(&sheet);
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct groups groups = {.source = source, .key = ways[0].key};
    const char *by = report_parameter(source, ":by");
    for (int i = 0; by != NULL && i < COUNT(ways); i++) {
        groups.key = strcmp(ways[i].by, by) == 0 ? ways[i].key : groups.key;
    }
    bool good = overruns_ask(source, false, take_overrun, &groups, failure);
    if (good) {
        fill(table, &groups, by == NULL ? ways[0].by : by);
    }
    free(groups.rows);
    return good;
}

/* Says what could not be weighed against the rest. */
static void write_rest(const struct table *table, const char *words, FILE *out)
{
    char all[REPORT_NAMES_MAX] = "";
    int without = table_find(table, "without_price");
    for (size_t i = 0; i < table_row_count(table); i++) {
        char names[REPORT_NAMES_MAX], *rest = NULL;
        const char *cell = table_cell(table, i, without);
        snprintf(names, sizeof names, "%s", cell == NULL ? "" : cell);
        for (char *name = strtok_r(names, ";", &rest); name != NULL;
             name = strtok_r(NULL, ";", &rest)) {
            report_name_add(all, name);
        }
    }
    if (all[0] != '\0') {
        fprintf(out, "\n%s%s\n", words, all);
    }
}

static void write_english(const struct table *table, FILE *out)
{
    write_rest(table, "Not in the order, for want of a standard price: ", out);
}

static void write_chinese(const struct table *table, FILE *out)
{
    write_rest(table, "无标准单价，未参与排序：", out);
}

const struct report_kind report_pareto_kind = {
    .name = "pareto",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew quota item by ",
    .footer = write_english,
    .footer_zh = write_chinese,
};
