/* report overruns: each overrun of a heat or crew-shift that is over, with its cause. One of a
 * limit waits for a cause (`pending`) until an entry names one. */
#include "report_overruns.h"

#include "overruns.h"
#include "quantity.h"
#include "report_parts.h"

#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define FEN_DECIMALS 2

static const struct table_column columns[] = {
    {"id", TABLE_TEXT},       {"quota", TABLE_TEXT},      {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},   {"crew", TABLE_TEXT},       {"heat", TABLE_TEXT},
    {"level", TABLE_TEXT},    {"item", TABLE_TEXT},       {"unit", TABLE_TEXT},
    {"used", TABLE_DECIMAL},  {"allowed", TABLE_DECIMAL}, {"over", TABLE_DECIMAL},
    {"loss", TABLE_DECIMAL},  {"cause", TABLE_TEXT},      {"cause_zh", TABLE_TEXT},
    {"cause_en", TABLE_TEXT}, {"action", TABLE_TEXT},     {"charged_to", TABLE_TEXT},
    {"by", TABLE_TEXT},       {"pending", TABLE_BOOLEAN},
};

struct listing {
    const struct catalog *catalog;
    struct table *table;
    bool open; /* only those that wait for a cause */
};

static bool take_overrun(void *context, const struct overrun *overrun)
{
    const struct listing *listing = context;
    const struct item *item = &listing->catalog->items[overrun->item.index];
    char used[QUANTITY_TEXT_MAX], allowed[QUANTITY_TEXT_MAX], over[QUANTITY_TEXT_MAX];
    char loss[QUANTITY_TEXT_MAX];
    bool pending = overrun->code == NULL && strcmp(overrun->level, "limit") == 0;
    if (overrun->provisional || (listing->open && !pending)) {
        return true;
    }
    const char *const values[] = {
        overrun->alert,
        overrun->quota,
        overrun->scope,
        overrun->period,
        overrun->crew,
        overrun->heat,
        overrun->level,
        item->id,
        item->unit,
        quantity_to_text(overrun->used_base, item->decimals, used),
        quantity_to_text(overrun->allowed_base, item->decimals, allowed),
        quantity_to_text(overrun->over_base, item->decimals, over),
        overrun->priced ? quantity_to_text(overrun->loss_fen, FEN_DECIMALS, loss) : NULL,
        overrun->code,
        overrun->cause == NULL ? NULL : overrun->cause->name.zh,
        overrun->cause == NULL ? NULL : overrun->cause->name.en,
        overrun->action,
        overrun->cause == NULL ? NULL : overrun_charged_to(overrun),
        overrun->by,
        pending ? "1" : "0",
    };
    table_add(listing->table, values);
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    struct listing listing = {.catalog = source->catalog,
                              .table = table,
                              .open = report_parameter(source, ":open") != NULL};
    return overruns_ask(source, true, take_overrun, &listing, failure);
}

/* How to say why. */
static void write_entry(const struct table *table, const char *words, FILE *out)
{
    int id = table_find(table, "id"), pending = table_find(table, "pending");
    for (size_t i = 0; i < table_row_count(table); i++) {
        const char *cell = table_cell(table, i, pending);
        if (cell != NULL && strcmp(cell, "true") == 0) {
            fprintf(out,
                    "\n%sheatledger entry -c PLANT.json "
                    "'{\"by\":\"NAME\",\"event\":\"cause\",\"of\":\"%s\",\"code\":\"MAN\","
                    "\"action\":\"…\"}'\n",
                    words, table_cell(table, i, id));
            return;
        }
    }
}

static void write_english(const struct table *table, FILE *out)
{
    write_entry(table, "To say why, and what was done:  ", out);
}

static void write_chinese(const struct table *table, FILE *out)
{
    write_entry(table, "填写原因与措施：  ", out);
}

const struct report_kind report_overruns_kind = {
    .name = "overruns",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew heat quota item open ",
    .footer = write_english,
    .footer_zh = write_chinese,
};
