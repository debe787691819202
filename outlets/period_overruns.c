/* A period's overruns of crew-shifts, by crew and quota: how many, what they cost, and for how many
 * of them nobody has said why. */
#include "period_overruns.h"

#include "memory.h"
#include "overruns.h"
#include "quantity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define FEN_DECIMALS 2

static const struct table_column columns[] = {
    {"crew", TABLE_TEXT},     {"quota", TABLE_TEXT},   {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},     {"over", TABLE_DECIMAL}, {"overruns", TABLE_COUNT},
    {"pending", TABLE_COUNT}, {"loss", TABLE_DECIMAL}, {"causes", TABLE_TEXT},
};

#define CAUSES_MAX 200

struct group {
    char crew[CATALOG_ID_MAX + 1], quota[CATALOG_ID_MAX + 1];
    item_id item;
    int64_t over_base, loss_fen;
    int overruns, pending;
    bool priced;
    char causes[CAUSES_MAX]; /* codes joined by ';', each once */
};

struct groups {
    struct group *items;
    size_t count, capacity;
};

static struct group *group_of(struct groups *groups, const struct overrun *overrun)
{
    const char *crew = overrun->crew == NULL ? "" : overrun->crew;
    for (size_t i = 0; i < groups->count; i++) {
        if (strcmp(groups->items[i].crew, crew) == 0 &&
            strcmp(groups->items[i].quota, overrun->quota) == 0) {
            return &groups->items[i];
        }
    }
    memory_grow(&groups->items, groups->count, &groups->capacity, sizeof(struct group));
    struct group *group = &groups->items[groups->count++];
    *group = (struct group){.item = overrun->item, .priced = true};
    snprintf(group->crew, sizeof group->crew, "%s", crew);
    snprintf(group->quota, sizeof group->quota, "%s", overrun->quota);
    return group;
}

/* Overruns come by day, so that the codes stand in the order of their days. */
static void add_cause(struct group *group, const char *code)
{
    char listed[CAUSES_MAX + 2], sought[CATALOG_ID_MAX + 3];
    size_t used = strlen(group->causes);
    snprintf(listed, sizeof listed, ";%s;", group->causes);
    snprintf(sought, sizeof sought, ";%.*s;", CATALOG_ID_MAX, code);
    if (strstr(listed, sought) == NULL && used + strlen(code) + 2 < CAUSES_MAX) {
        snprintf(group->causes + used, CAUSES_MAX - used, "%s%s", used == 0 ? "" : ";", code);
    }
}

static bool take(void *context, const struct overrun *overrun)
{
    struct groups *groups = context;
    if (strcmp(overrun->level, "limit") != 0) {
        return true;
    }
    struct group *group = group_of(groups, overrun);
    group->over_base = quantity_add(group->over_base, overrun->over_base);
    group->priced = group->priced && overrun->priced;
    group->loss_fen = overrun->priced ? quantity_add(group->loss_fen, overrun->loss_fen) : 0;
    group->overruns++;
    group->pending += overrun->code == NULL;
    if (overrun->code != NULL) {
        add_cause(group, overrun->code);
    }
    return true;
}

static int by_names(const void *a, const void *b)
{
    const struct group *one = a, *other = b;
    int order = strcmp(one->crew, other->crew);
    return order != 0 ? order : strcmp(one->quota, other->quota);
}

static void add_row(struct table *table, const struct catalog *catalog, const struct group *group)
{
    const struct item *item = &catalog->items[group->item.index];
    char over[QUANTITY_TEXT_MAX], loss[QUANTITY_TEXT_MAX], overruns[16], pending[16];
    snprintf(overruns, sizeof overruns, "%d", group->overruns);
    snprintf(pending, sizeof pending, "%d", group->pending);
    const char *const values[] = {
        group->crew,
        group->quota,
        item->id,
        item->unit,
        quantity_to_text(group->over_base, item->decimals, over),
        overruns,
        pending,
        group->priced ? quantity_to_text(group->loss_fen, FEN_DECIMALS, loss) : NULL,
        group->causes,
    };
    table_add(table, values);
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct groups groups = {0};
    bool good = overruns_ask(source, false, take, &groups, failure);
    if (good && groups.count > 0) {
        qsort(groups.items, groups.count, sizeof *groups.items, by_names);
    }
    for (size_t i = 0; good && i < groups.count; i++) {
        add_row(table, source->catalog, &groups.items[i]);
    }
    free(groups.items);
    return good;
}

const struct report_kind period_overruns_kind = {
    .name = "overruns",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period ",
};
