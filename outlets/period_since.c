/* What is another today than when a period was closed: the document is read back from its JSON, and
 * its figures are held against what the ledger says now, row by row with the same keys. */
#include "memory.h"
#include "period_parts.h"
#include "signed_cell.h"
#include "table.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

const struct table_column period_since_columns[SINCE_COLUMNS] = {
    {"part", TABLE_TEXT},          {"crew", TABLE_TEXT},      {"quota", TABLE_TEXT},
    {"line", TABLE_TEXT},          {"item", TABLE_TEXT},      {"unit", TABLE_TEXT},
    {"figure", TABLE_TEXT},        {"signed", TABLE_DECIMAL}, {"now", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL}, {"why", TABLE_TEXT},
};

/* ---- The document as it was signed ---- */

static void take_head(struct period_document *document, const cJSON *made)
{
    static const struct {
        enum period_field field;
        const char *key, *inner;
    } heads[] = {
        {PERIOD_SHOP, "shop", NULL},
        {PERIOD_SHOP_ZH, "shop_name", "zh"},
        {PERIOD_SHOP_EN, "shop_name", "en"},
        {PERIOD_FROM, "from", NULL},
        {PERIOD_TO, "to", NULL},
        {PERIOD_AS_OF, "as_of", NULL},
        {PERIOD_PROVISIONAL, "provisional", NULL},
        {PERIOD_HEATS, "heats", NULL},
        {PERIOD_STEEL_KG, "steel_kg", NULL},
    };

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char buffer[SIGNED_CELL_NUMBER_MAX];
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(made, heads[i].key);
        if (heads[i].inner != NULL) {
            value = cJSON_GetObjectItemCaseSensitive(value, heads[i].inner);
        }
        const char *text = signed_cell_text(value, buffer);
        document->fields[heads[i].field] = text == NULL ? NULL : memory_text(text);
    }
}

static struct table *take_part(const struct period_part *part, const cJSON *rows)
{
    const char *cells[PERIOD_COLUMNS_MAX];
    char buffers[PERIOD_COLUMNS_MAX][SIGNED_CELL_NUMBER_MAX];
    int count = 0;
    const struct table_column *columns = period_part_columns(part, &count);
    struct table *table = table_create(columns, count);
    const cJSON *row = NULL;

    REQUIRE(count <= PERIOD_COLUMNS_MAX);
    cJSON_ArrayForEach(row, rows)
    {
        for (int i = 0; i < count; i++) {
            cells[i] = signed_cell_text(cJSON_GetObjectItemCaseSensitive(row, columns[i].name),
                                        buffers[i]);
        }
        table_add(table, cells);
    }
    return table;
}

/* False where it is no document. */
static bool parse(struct period_document *document, struct failure *failure)
{
    cJSON *json = cJSON_Parse(document->made);

    if (cJSON_IsObject(json)) {
        take_head(document, json);
    }
    bool good = document->fields[PERIOD_FROM] != NULL && document->fields[PERIOD_HEATS] != NULL &&
                document->fields[PERIOD_PROVISIONAL] != NULL &&
                document->fields[PERIOD_SHOP] != NULL;
    if (good) {
        document->tables = memory_zeroed((size_t)period_part_count, sizeof *document->tables);
        for (int i = 0; i < period_part_count; i++) {
            document->tables[i] = take_part(
                &period_parts[i], cJSON_GetObjectItemCaseSensitive(json, period_parts[i].key));
        }
    }
    cJSON_Delete(json);
    return good ||
           failure_set(failure, FAILURE_RESOURCE,
                       "the document of %s that the ledger holds cannot be read", document->text);
}

static bool keep_made(void *context, const struct reader_row *row)
{
    struct period_document *document = context;

    document->made = memory_text(row->values[0]);
    document->made_position = memory_text(row->values[1]);
    return false;
}

bool period_document_signed(struct reader *reader, struct period period,
                            struct period_document **document, struct failure *failure)
{
    struct period_document *made = memory_zeroed(1, sizeof *made);

    made->period = period;
    period_format(period, made->text);
    const struct reader_parameter parameters[] = {{":period", made->text}};
    bool good =
        reader_query(reader, "SELECT json, position FROM period_document WHERE period = :period",
                     parameters, 1, keep_made, made, failure) &&
        (made->made == NULL || parse(made, failure));
    if (!good || made->made == NULL) {
        period_document_free(made);
        made = NULL;
    }
    *document = made;
    return good;
}

/* ---- The comparison ---- */

struct comparison {
    struct reader *reader;
    struct failure *failure;
    const struct period_document *made; /* NULL: nothing was signed */
    const struct period_part *part;
    const struct table *then, *now; /* of the part; `then` may be NULL */
    size_t then_row, now_row;       /* SIZE_MAX: none */
    bool differing;
    bool (*add)(void *context, const char *const *values);
    void *context;
};

static const char *cell(const struct comparison *c, bool now, const char *name)
{
    const struct table *table = now ? c->now : c->then;
    size_t row = now ? c->now_row : c->then_row;
    int column = table == NULL ? -1 : table_seek(table, name);

    return row == SIZE_MAX || column < 0 ? NULL : table_cell(table, row, column);
}

/* What is the same then and now, from the row that is there. */
static const char *either(const struct comparison *c, const char *name)
{
    const char *text = cell(c, true, name);

    return text != NULL ? text : cell(c, false, name);
}

/* Lines of a settlement are quotas; a Pareto is by quota. */
static const char *quota_of(const struct comparison *c)
{
    const char *column = c->part->settles                      ? "line"
                         : strcmp(c->part->key, "pareto") == 0 ? "key"
                                                               : "quota";

    return either(c, column);
}

static bool compare_figure(const struct comparison *c, const char *figure)
{
    const char *then = cell(c, false, figure), *now = cell(c, true, figure);
    char text[QUANTITY_TEXT_MAX];
    char *why = NULL;
    bool differs = c->made != NULL && !signed_cell_same(then, now);

    if (c->differing && !differs) {
        return true;
    }
    const struct period_change change = {
        .position = c->made == NULL ? NULL : c->made->made_position,
        .period = c->made == NULL ? NULL : c->made->text,
        .part = c->part->key,
        .figure = figure,
        .crew = either(c, "crew"),
        .item = either(c, "item"),
        .quota = quota_of(c),
    };
    if (differs && (why = period_why(c->reader, &change, c->failure)) == NULL) {
        return false;
    }
    const char *const values[SINCE_COLUMNS] = {
        [SINCE_PART] = c->part->key,
        [SINCE_CREW] = change.crew,
        [SINCE_QUOTA] = change.quota,
        [SINCE_LINE] = either(c, "line"),
        [SINCE_ITEM] = change.item,
        [SINCE_UNIT] = either(c, "unit"),
        [SINCE_FIGURE] = figure,
        [SINCE_SIGNED] = then,
        [SINCE_NOW] = now,
        [SINCE_DIFFERENCE] = signed_cell_difference(then, now, text),
        [SINCE_WHY] = why,
    };
    bool good = c->add(c->context, values);
    free(why);
    return good;
}

/* The row with the same keys; SIZE_MAX: none. */
static size_t find_row(const struct period_part *part, const struct table *from, size_t row,
                       const struct table *in)
{
    for (size_t i = 0; in != NULL && i < table_row_count(in); i++) {
        bool equal = true;
        for (int k = 0; k < PERIOD_KEYS_MAX && part->keys[k] != NULL; k++) {
            equal =
                equal && signed_cell_same(table_cell(from, row, table_find(from, part->keys[k])),
                                          table_cell(in, i, table_find(in, part->keys[k])));
        }
        if (equal) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool compare_row(const struct comparison *c)
{
    for (int i = 0; i < PERIOD_FIGURES_MAX && c->part->figures[i] != NULL; i++) {
        if (!compare_figure(c, c->part->figures[i])) {
            return false;
        }
    }
    return true;
}

/* Rows of now, then those that are there no more. */
static bool compare_part(struct comparison *c)
{
    for (size_t i = 0; i < table_row_count(c->now); i++) {
        c->now_row = i;
        c->then_row = find_row(c->part, c->now, i, c->then);
        if (!compare_row(c)) {
            return false;
        }
    }
    for (size_t i = 0; c->then != NULL && i < table_row_count(c->then); i++) {
        c->now_row = find_row(c->part, c->then, i, c->now);
        c->then_row = i;
        if (c->now_row == SIZE_MAX && !compare_row(c)) {
            return false;
        }
    }
    return true;
}

bool period_document_compare(struct reader *reader, const struct period_document *signed_one,
                             const struct period_document *now, bool differing,
                             bool (*add)(void *context, const char *const *values), void *context,
                             struct failure *failure)
{
    struct comparison c = {.reader = reader,
                           .failure = failure,
                           .made = signed_one,
                           .differing = differing,
                           .add = add,
                           .context = context};

    for (int i = 0; i < period_part_count; i++) {
        c.part = &period_parts[i];
        c.then = signed_one == NULL ? NULL : signed_one->tables[i];
        c.now = now->tables[i];
        if (!compare_part(&c)) {
            return false;
        }
    }
    return true;
}
