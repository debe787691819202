/* What is another today than when the shift was handed over: the summary as it was made is read
 * back from its JSON and held against what the ledger says now. */
#include "handover.h"

#include "handover_parts.h"
#include "handover_why.h"
#include "memory.h"
#include "signed_cell.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
enum since_column {
    SINCE_CREW, SINCE_QUOTA, SINCE_ITEM, SINCE_ZH, SINCE_EN, SINCE_UNIT, SINCE_FIGURE, SINCE_SIGNED,
    SINCE_NOW, SINCE_DIFFERENCE, SINCE_STATE_SIGNED, SINCE_STATE_NOW, SINCE_WHY, SINCE_COLUMNS
};
static const struct table_column since_columns[SINCE_COLUMNS] = {
    {"crew", TABLE_TEXT}, {"quota", TABLE_TEXT}, {"item", TABLE_TEXT}, {"name_zh", TABLE_TEXT},
    {"name_en", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"figure", TABLE_TEXT},
    {"signed", TABLE_DECIMAL}, {"now", TABLE_DECIMAL}, {"difference", TABLE_DECIMAL},
    {"state_signed", TABLE_TEXT}, {"state_now", TABLE_TEXT}, {"why", TABLE_TEXT},
};

const struct handover_part handover_since_part = {
    "since", NULL, since_columns, SINCE_COLUMNS, {"Changed since then", "此后变更"},
    {"nothing", "无"},
    {{{SINCE_CREW, SINCE_CREW}, {"crew", "班组"}}, {{SINCE_EN, SINCE_ZH}, {"what", "项目"}},
     {{SINCE_FIGURE, SINCE_FIGURE}, {"figure", "数值"}},
     {{SINCE_SIGNED, SINCE_SIGNED}, {"signed", "签字时"}}, {{SINCE_NOW, SINCE_NOW}, {"now", "现在"}},
     {{SINCE_DIFFERENCE, SINCE_DIFFERENCE}, {"difference", "差额"}},
     {{SINCE_UNIT, SINCE_UNIT}, {"unit", "单位"}},
     {{SINCE_STATE_SIGNED, SINCE_STATE_SIGNED}, {"state signed", "签字时状态"}},
     {{SINCE_STATE_NOW, SINCE_STATE_NOW}, {"state now", "现在状态"}},
     {{SINCE_WHY, SINCE_WHY}, {"why", "原因"}}},
};
/* clang-format on */

/* ---- The summary as it was made ---- */

static void take_field(struct handover *handover, enum handover_field field, const cJSON *value)
{
    char buffer[SIGNED_CELL_NUMBER_MAX];
    const char *text = signed_cell_text(value, buffer);

    handover->fields[field] = text == NULL ? NULL : memory_text(text);
}

static void take_head(struct handover *handover, const cJSON *made)
{
    static const struct {
        enum handover_field field;
        const char *key, *inner;
    } heads[] = {
        {HANDOVER_SHOP, "shop", NULL},
        {HANDOVER_SHOP_ZH, "shop_name", "zh"},
        {HANDOVER_SHOP_EN, "shop_name", "en"},
        {HANDOVER_DAY, "day", NULL},
        {HANDOVER_SHIFT, "shift", NULL},
        {HANDOVER_SHIFT_ZH, "shift_name", "zh"},
        {HANDOVER_SHIFT_EN, "shift_name", "en"},
        {HANDOVER_FROM, "from", NULL},
        {HANDOVER_TO, "to", NULL},
        {HANDOVER_AS_OF, "as_of", NULL},
        {HANDOVER_PROVISIONAL, "provisional", NULL},
        {HANDOVER_HEATS, "heats", NULL},
        {HANDOVER_STEEL_KG, "steel_kg", NULL},
        {HANDOVER_CAUSES_PENDING, "causes_pending", NULL},
        {HANDOVER_SLIPS_OPEN, "slips_open", NULL},
    };

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(made, heads[i].key);
        if (heads[i].inner != NULL) {
            value = cJSON_GetObjectItemCaseSensitive(value, heads[i].inner);
        }
        take_field(handover, heads[i].field, value);
    }
}

static struct table *take_part(const struct handover_part *part, const cJSON *rows)
{
    struct table *table = table_create(part->columns, part->column_count);
    const char **cells = memory_zeroed((size_t)part->column_count, sizeof *cells);
    char(*buffers)[SIGNED_CELL_NUMBER_MAX] =
        memory_zeroed((size_t)part->column_count, sizeof *buffers);
    const cJSON *row = NULL;

    cJSON_ArrayForEach(row, rows)
    {
        for (int i = 0; i < part->column_count; i++) {
            cells[i] = signed_cell_text(
                cJSON_GetObjectItemCaseSensitive(row, part->columns[i].name), buffers[i]);
        }
        table_add(table, cells);
    }
    free(buffers);
    free(cells);
    return table;
}

/* Takes `made` over. NULL where it is no summary. */
static struct handover *parse_made(char *made, struct failure *failure)
{
    cJSON *json = cJSON_Parse(made);
    struct handover *handover = memory_zeroed(1, sizeof *handover);

    handover->made = made;
    if (cJSON_IsObject(json)) {
        take_head(handover, json);
    }
    if (handover->fields[HANDOVER_SHIFT] == NULL || handover->fields[HANDOVER_HEATS] == NULL ||
        handover->fields[HANDOVER_PROVISIONAL] == NULL) {
        failure_set(failure, FAILURE_RESOURCE,
                    "the handover summary that the ledger holds cannot be read");
        cJSON_Delete(json);
        handover_free(handover);
        return NULL;
    }
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        handover->tables[i] = take_part(
            &handover_parts[i], cJSON_GetObjectItemCaseSensitive(json, handover_parts[i].key));
    }
    cJSON_Delete(json);
    return handover;
}

/* ---- The comparison ---- */

/* Figures of a part that are compared, row by row with the same keys. */
static const struct compared {
    const char *part;
    const char *keys[2];    /* "crew", and what makes a row with it; NULL: the crew alone */
    const char *figures[4]; /* NULL ends the list */
    const char *name[2];    /* of rows that have none: zh, en */
    const char *unit;       /* of rows that have none */
} compared_parts[] = {
    {"crews", {"crew", NULL}, {"steel_kg"}, {"钢水", "steel"}, "kg"},
    {"crews", {"crew", NULL}, {"heats"}, {"炉次", "heats"}, "heats"},
    {"items", {"crew", "item"}, {"owner", "clock", "target", "limit"}, {NULL, NULL}, NULL},
    {"quotas", {"crew", "quota"}, {"used", "target", "limit"}, {NULL, NULL}, NULL},
};

/* The two summaries, and the rows of them that are in hand. */

struct comparison {
    struct reader *reader;
    struct failure *failure;
    const struct handover *made, *latest; /* as signed, and as it is now */
    const struct compared *rule;
    const struct table *then, *now; /* of the part in hand */
    size_t then_row, now_row;       /* SIZE_MAX: no such row */
    struct table *since;
};

static const struct handover_part *part_of(const char *key, int *index)
{
    for (*index = 0; *index < HANDOVER_PARTS; (*index)++) {
        if (strcmp(handover_parts[*index].key, key) == 0) {
            return &handover_parts[*index];
        }
    }
    REQUIRE(false);
    return NULL;
}

static const char *cell(const struct comparison *c, bool now, const char *name)
{
    const struct table *table = now ? c->now : c->then;
    size_t row = now ? c->now_row : c->then_row;

    int column = table_seek(table, name);

    return row == SIZE_MAX || column < 0 ? NULL : table_cell(table, row, column);
}

/* A figure: who has no row used nothing, was allowed nothing and owns nothing. */
static const char *amount_cell(const struct comparison *c, bool now, const char *figure)
{
    bool missing = (now ? c->now_row : c->then_row) == SIZE_MAX;

    return missing ? "0" : cell(c, now, figure);
}

/* A column that is the same then and now, from the row that is there. */
static const char *either(const struct comparison *c, const char *name)
{
    const char *text = cell(c, true, name);

    return text != NULL ? text : cell(c, false, name);
}

static const struct table *table_of(const struct handover *handover, const char *part)
{
    int index = 0;

    part_of(part, &index);
    return handover->tables[index];
}

/* Whether each heat that the crew owns in one summary stands in the other, with the same weight
 * where that is asked for. */
static bool holds_heats(const struct table *held, const struct table *heats, const char *crew,
                        bool with_weight)
{
    int id = table_find(heats, "heat"), of = table_find(heats, "crew");
    int weight = table_find(heats, "steel_kg");

    for (size_t i = 0; i < table_row_count(heats); i++) {
        bool found = !signed_cell_same(table_cell(heats, i, of), crew);
        for (size_t k = 0; !found && k < table_row_count(held); k++) {
            found = signed_cell_same(table_cell(held, k, of), crew) &&
                    signed_cell_same(table_cell(held, k, id), table_cell(heats, i, id)) &&
                    (!with_weight ||
                     signed_cell_same(table_cell(held, k, weight), table_cell(heats, i, weight)));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool heats_differ(const struct comparison *c, const char *crew, bool with_weight)
{
    const struct table *then = table_of(c->made, "heats_tapped");
    const struct table *now = table_of(c->latest, "heats_tapped");

    return !holds_heats(now, then, crew, with_weight) || !holds_heats(then, now, crew, with_weight);
}

static char *find_why(const struct comparison *c, const char *figure)
{
    const char *crew = either(c, "crew");
    bool steel = strcmp(c->rule->part, "crews") == 0;
    const struct handover_change change = {
        .crew = crew,
        .item = steel ? NULL : either(c, "item"),
        .quota = either(c, "quota"),
        .figure = figure,
        .crew_differs = (c->then_row == SIZE_MAX || c->now_row == SIZE_MAX) &&
                        strcmp(c->rule->part, "items") != 0,
        .heats_differ = heats_differ(c, crew, false),
        .weights_differ = heats_differ(c, crew, true),
    };

    return handover_why(c->reader, &change, c->failure);
}

/* A row of items bears a verdict only where its amount is the one that is judged: one that comes or
 * goes is told by the row of the quota. */
static bool judged_both(const struct comparison *c)
{
    return cell(c, false, "state") != NULL && cell(c, true, "state") != NULL;
}

static bool compare_figure(const struct comparison *c, const char *figure, bool with_state)
{
    const char *then = amount_cell(c, false, figure), *now = amount_cell(c, true, figure);
    const char *state_then = with_state ? cell(c, false, "state") : NULL;
    const char *state_now = with_state ? cell(c, true, "state") : NULL;
    char text[QUANTITY_TEXT_MAX];

    if (signed_cell_same(then, now) && signed_cell_same(state_then, state_now)) {
        return true;
    }
    char *why = find_why(c, figure);
    if (why == NULL) {
        return false;
    }
    const char *const values[SINCE_COLUMNS] = {
        [SINCE_CREW] = either(c, "crew"),
        [SINCE_QUOTA] = either(c, "quota"),
        [SINCE_ITEM] = either(c, "item"),
        [SINCE_ZH] = c->rule->name[0] != NULL ? c->rule->name[0] : either(c, "name_zh"),
        [SINCE_EN] = c->rule->name[1] != NULL ? c->rule->name[1] : either(c, "name_en"),
        [SINCE_UNIT] = c->rule->unit != NULL ? c->rule->unit : either(c, "unit"),
        [SINCE_FIGURE] = figure,
        [SINCE_SIGNED] = then,
        [SINCE_NOW] = now,
        [SINCE_DIFFERENCE] = signed_cell_difference(then, now, text),
        [SINCE_STATE_SIGNED] = state_then,
        [SINCE_STATE_NOW] = state_now,
        [SINCE_WHY] = why,
    };
    table_add(c->since, values);
    free(why);
    return true;
}

/* The row with the same keys; SIZE_MAX: none. */
static size_t find_row(const struct compared *rule, const struct table *from, size_t row,
                       const struct table *in)
{
    for (size_t i = 0; i < table_row_count(in); i++) {
        bool equal = true;
        for (int k = 0; k < 2 && rule->keys[k] != NULL; k++) {
            equal =
                equal && signed_cell_same(table_cell(from, row, table_find(from, rule->keys[k])),
                                          table_cell(in, i, table_find(in, rule->keys[k])));
        }
        if (equal) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Whether a row of quotas says what the row of its item says: the whole item, judged alike. */
static bool says_the_same(const struct handover *handover, const struct table *quotas, size_t row)
{
    static const struct compared by_item = {.keys = {"crew", "item"}};
    static const char *const pairs[][2] = {
        {"used", "owner"}, {"target", "target"}, {"limit", "limit"}, {"state", "state"}};
    const struct table *items = table_of(handover, "items");
    size_t at = row == SIZE_MAX ? SIZE_MAX : find_row(&by_item, quotas, row, items);

    if (at == SIZE_MAX || table_cell(items, at, table_find(items, "state")) == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!signed_cell_same(table_cell(quotas, row, table_find(quotas, pairs[i][0])),
                              table_cell(items, at, table_find(items, pairs[i][1])))) {
            return false;
        }
    }
    return true;
}

/* A quota that counts all of an item stands beside the item already. */
static bool stands_already(const struct comparison *c)
{
    return strcmp(c->rule->part, "quotas") == 0 && signed_cell_same(either(c, "view"), "owner") &&
           says_the_same(c->made, c->then, c->then_row) &&
           says_the_same(c->latest, c->now, c->now_row);
}

static bool compare_row(const struct comparison *c)
{
    bool with_state = table_seek(c->now, "state") >= 0;
    bool of_item = strcmp(c->rule->part, "items") == 0;
    int figures = 4;

    if (stands_already(c)) {
        return true;
    }
    if (of_item && !judged_both(c)) {
        with_state = false;
        figures = 2; /* the amounts */
    }
    for (int i = 0; i < figures && c->rule->figures[i] != NULL; i++) {
        if (!compare_figure(c, c->rule->figures[i], with_state && i == 0)) {
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
        c->then_row = find_row(c->rule, c->now, i, c->then);
        if (!compare_row(c)) {
            return false;
        }
    }
    for (size_t i = 0; i < table_row_count(c->then); i++) {
        c->now_row = find_row(c->rule, c->then, i, c->now);
        c->then_row = i;
        if (c->now_row == SIZE_MAX && !compare_row(c)) {
            return false;
        }
    }
    return true;
}

static bool compare(struct reader *reader, struct handover *made, const struct handover *now,
                    const char *day, struct failure *failure)
{
    struct comparison c = {.reader = reader,
                           .failure = failure,
                           .made = made,
                           .latest = now,
                           .since = table_create(since_columns, SINCE_COLUMNS)};
    bool good = handover_why_gather(reader, day, made->fields[HANDOVER_SHIFT], failure);

    made->since = c.since;
    for (size_t i = 0; good && i < sizeof compared_parts / sizeof *compared_parts; i++) {
        int index = 0;
        c.rule = &compared_parts[i];
        part_of(c.rule->part, &index);
        c.then = made->tables[index];
        c.now = now->tables[index];
        good = compare_part(&c);
    }
    return good;
}

/* ---- Reading ---- */

static bool keep_made(void *context, const struct reader_row *row)
{
    char **made = context;

    *made = memory_text(row->values[0]);
    return false;
}

/* Inside a snapshot. */
static struct handover *read_signed(struct reader *reader, int32_t day, const char *shift,
                                    struct failure *failure)
{
    char day_text[16];
    char *json = NULL;

    snprintf(day_text, sizeof day_text, "%d", (int)day);
    const struct reader_parameter parameters[] = {{":day", day_text}, {":shift", shift}};
    if (!reader_query(reader,
                      "SELECT v.json FROM handover_summary v JOIN shift s ON s.no = v.shift"
                      " WHERE v.day = CAST(:day AS INTEGER) AND s.id = :shift",
                      parameters, 2, keep_made, &json, failure)) {
        return NULL;
    }
    struct handover *now = handover_read_now(reader, day, shift, failure);
    if (json == NULL || now == NULL) {
        free(json);
        return now;
    }
    struct handover *made = parse_made(json, failure);
    bool good = made != NULL && compare(reader, made, now, day_text, failure);
    if (good) {
        made->names = now->names;
        now->names = NULL;
    }
    handover_free(now);
    if (!good) {
        handover_free(made);
        return NULL;
    }
    return made;
}

struct handover *handover_read_signed(struct reader *reader, int32_t day, const char *shift,
                                      struct failure *failure)
{
    if (!reader_snapshot_begin(reader, failure)) {
        return NULL;
    }
    struct handover *handover = read_signed(reader, day, shift, failure);
    reader_snapshot_end(reader);
    return handover;
}
