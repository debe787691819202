/* Virtual meters and balances. A virtual meter is a sum of meters, or of other virtual meters, with
 * whole coefficients; it is worked out here, so that a balance knows meters only. */
#include "memory.h"
#include "meter_balance.h"
#include "plant_part.h"
#include "plant_suggest.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define CIRCLE_TEXT_MAX 200
#define SHOWN_MAX CATALOG_ID_MAX /* bytes of a wrong id that a message repeats */

static const struct plant_key virtual_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"item", PLANT_TEXT, true},
    {"terms", PLANT_OBJECT, true},
};
static const struct plant_keys virtual_keys = {
    "a virtual meter", virtual_key_list, sizeof virtual_key_list / sizeof virtual_key_list[0]};
static const struct plant_key balance_key_list[] = {
    {"id", PLANT_TEXT, false},   {"name", PLANT_LABEL, false},       {"main", PLANT_TEXT, true},
    {"parts", PLANT_LIST, true}, {"band_pct", PLANT_DECIMAL, false},
};
static const struct plant_keys balance_keys = {
    "a balance", balance_key_list, sizeof balance_key_list / sizeof balance_key_list[0]};

enum virtual_state { VIRTUAL_UNREAD, VIRTUAL_OPEN, VIRTUAL_DONE };

struct virtual_meter {
    char id[CATALOG_ID_MAX + 1]; /* first: plant_suggest reads it there */
    struct label name;
    uint32_t item; /* CATALOG_NONE: not known */
    const cJSON *row;
    enum virtual_state state;
    const struct virtual_meter *opened_by; /* the sum in which it is being worked out */
    struct meter_sum sum;
};

/* What a term, a main or a part may name. */
struct virtual_reader {
    struct plant_reader *reader;
    struct virtual_meter *items;
    uint32_t count;
};

/* A meter or a virtual meter by its id. */
struct named {
    meter_id meter;
    struct virtual_meter *computed; /* NULL: it is a meter */
    uint32_t item;
    const struct label *name;
};

static bool find(struct virtual_reader *list, const char *id, struct named *named)
{
    const struct catalog *catalog = &list->reader->plant->catalog;
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].id, id) == 0) {
            struct virtual_meter *found = &list->items[i];
            *named = (struct named){.computed = found, .item = found->item, .name = &found->name};
            return true;
        }
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (strcmp(catalog->meters[i].id, id) == 0) {
            const struct meter *meter = &catalog->meters[i];
            *named = (struct named){{i}, NULL, meter->item.index, &meter->name};
            return true;
        }
    }
    return false;
}

/* The same, with a mistake where there is none; `value` tells the line. */
static bool refer(struct virtual_reader *list, const cJSON *value, const char *id,
                  struct named *named)
{
    const struct catalog *catalog = &list->reader->plant->catalog;
    if (find(list, id, named)) {
        return true;
    }
    const char *near =
        plant_suggest(id, catalog->meters, catalog->meter_count, sizeof *catalog->meters);
    if (near == NULL) {
        near = plant_suggest(id, list->items, list->count, sizeof *list->items);
    }
    if (near != NULL) {
        plant_mistake(list->reader, value, NULL,
                      "there is no meter or virtual meter \"%.*s\"; did you mean \"%s\"?",
                      SHOWN_MAX, id, near);
    } else {
        plant_mistake(list->reader, value, NULL,
                      "there is no meter or virtual meter \"%.*s\"; declare it under \"meters\" or "
                      "\"virtual\", or name one of those",
                      SHOWN_MAX, id);
    }
    return false;
}

/* Amounts of two items cannot be added. Items that are not known were reported where they stand. */
static bool same_item(struct virtual_reader *list, const cJSON *value, const char *id,
                      uint32_t item, uint32_t wanted)
{
    const struct item *items = list->reader->plant->catalog.items;
    if (item == wanted || item == CATALOG_NONE || wanted == CATALOG_NONE) {
        return item == wanted;
    }
    return plant_mistake(list->reader, value, NULL,
                         "\"%.*s\" measures \"%s\", which cannot be added to \"%s\"; name meters "
                         "of that item",
                         SHOWN_MAX, id, items[item].id, items[wanted].id);
}

/* "V1 -> V2 -> V1": the way by which `open` came to need `again`. */
static void circle_text(const struct virtual_meter *open, const struct virtual_meter *again,
                        char text[CIRCLE_TEXT_MAX])
{
    char way[CIRCLE_TEXT_MAX];
    snprintf(text, CIRCLE_TEXT_MAX, "%s", again->id);
    for (const struct virtual_meter *at = open; at != NULL && at != again; at = at->opened_by) {
        snprintf(way, sizeof way, "%s -> %.150s", at->id, text);
        memcpy(text, way, sizeof way);
    }
    snprintf(way, sizeof way, "%s -> %.150s", again->id, text);
    memcpy(text, way, sizeof way);
}

static void work_out(struct virtual_reader *list, struct virtual_meter *item);

/* Adds `times` what is named to a sum. */
static bool add_named(const struct named *named, int64_t times, struct meter_sum *sum)
{
    if (named->computed == NULL) {
        return meter_sum_add(sum, named->meter, times);
    }
    const struct meter_sum *of = &named->computed->sum;
    for (uint32_t i = 0; i < of->count; i++) {
        if (!meter_sum_add(sum, of->terms[i].meter, times * of->terms[i].coefficient)) {
            return false;
        }
    }
    return true;
}

static void read_term(struct virtual_reader *list, struct virtual_meter *item, const cJSON *term)
{
    struct plant_reader *reader = list->reader;
    struct named named;
    int64_t times = 0;
    char circle[CIRCLE_TEXT_MAX];
    if (!cJSON_IsNumber(term) && !cJSON_IsString(term)) {
        plant_mistake(reader, term, NULL, "must be a whole number such as 1 or -1");
        return;
    }
    if (!plant_decimal_value(reader, term, 0, -VIRTUAL_COEFFICIENT_MAX, VIRTUAL_COEFFICIENT_MAX,
                             &times) ||
        !refer(list, term, term->string, &named) ||
        !same_item(list, term, term->string, named.item, item->item)) {
        return;
    }
    if (times == 0) {
        plant_mistake(reader, term, NULL, "is 0, so it counts for nothing; remove it");
        return;
    }
    if (named.computed != NULL && named.computed->state == VIRTUAL_OPEN) {
        circle_text(item, named.computed, circle);
        plant_mistake(reader, term, NULL,
                      "goes round in a circle: %s; a virtual meter cannot be made of itself",
                      circle);
        return;
    }
    if (named.computed != NULL && named.computed->state == VIRTUAL_UNREAD) {
        named.computed->opened_by = item;
        work_out(list, named.computed);
    }
    if (!add_named(&named, times, &item->sum)) {
        plant_mistake(reader, term, NULL,
                      "is too much: a virtual meter comes to at most %d meters, each at most %d "
                      "times",
                      VIRTUAL_TERMS_MAX, VIRTUAL_COEFFICIENT_MAX);
    }
}

/* Works out which meters a virtual meter comes to; those that it is made of first. */
static void work_out(struct virtual_reader *list, struct virtual_meter *item)
{
    const cJSON *terms = plant_member(item->row, "terms", PLANT_OBJECT);
    const cJSON *term = NULL;
    uint32_t mistakes = list->reader->findings->counts[PLANT_MISTAKE];
    item->state = VIRTUAL_OPEN;
    cJSON_ArrayForEach(term, terms)
    {
        const cJSON *earlier = config_text_duplicate(list->reader->config, term);
        if (earlier != NULL) {
            plant_mistake(list->reader, term, NULL,
                          "is given twice, first in line %u; keep one of them",
                          (unsigned)config_text_line(list->reader->config, earlier));
        } else {
            read_term(list, item, term);
        }
    }
    item->state = VIRTUAL_DONE;
    if (terms != NULL && item->sum.count == 0 &&
        list->reader->findings->counts[PLANT_MISTAKE] == mistakes) {
        plant_mistake(list->reader, terms, NULL,
                      "comes to no meter at all; name meters, like {\"E02\": 1, \"E03\": -1}");
    }
}

static void read_virtual(struct virtual_reader *list, const cJSON *row, struct virtual_meter *item)
{
    struct plant_reader *reader = list->reader;
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *of = plant_member(row, "item", PLANT_TEXT);
    uint32_t found = 0;
    plant_object(reader, row, &virtual_keys);
    plant_id(reader, row, "id", item->id);
    plant_label(reader, row, "name", item->id, &item->name);
    item->row = row;
    item->item = CATALOG_NONE;
    if (of != NULL && plant_reference(reader, of, "item", catalog->items, catalog->item_count,
                                      sizeof *catalog->items, &found)) {
        item->item = found;
    }
    for (uint32_t i = 0; i < catalog->meter_count && item->id[0] != '\0'; i++) {
        if (strcmp(catalog->meters[i].id, item->id) == 0) {
            plant_mistake(reader, row, "id",
                          "\"%s\" is the id of a meter already; give the virtual meter another",
                          item->id);
            return;
        }
    }
}

static void read_virtuals(struct virtual_reader *list, const cJSON *root)
{
    const cJSON *rows = plant_member(root, "virtual", PLANT_LIST);
    const cJSON *row = NULL;
    list->count = plant_list_count(list->reader, rows, VIRTUAL_METERS_MAX);
    list->items = memory_zeroed(list->count, sizeof *list->items);
    if (list->count == 0) {
        return;
    }
    struct virtual_meter *item = list->items;
    cJSON_ArrayForEach(row, rows)
    {
        read_virtual(list, row, item++);
    }
    plant_unique_ids(list->reader, rows);
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].state == VIRTUAL_UNREAD) {
            work_out(list, &list->items[i]);
        }
    }
}

/* A meter that stands in two parts is taken off the main twice: a mistake more often than not. */
static void warn_twice(struct virtual_reader *list, const cJSON *value, const struct named *part,
                       const struct meter_balance *balance)
{
    struct meter_sum sum = {0};
    (void)add_named(part, 1, &sum); /* within the limits: it is one already */
    for (uint32_t i = 0; i < balance->parts.count; i++) {
        const struct meter_term *there = &balance->parts.terms[i];
        for (uint32_t j = 0; j < sum.count; j++) {
            if (sum.terms[j].meter.index == there->meter.index &&
                (sum.terms[j].coefficient > 0) == (there->coefficient > 0)) {
                plant_find(list->reader, PLANT_WARNING, value, NULL,
                           "meter \"%s\" counts twice in the parts of this balance; take it out "
                           "of one of them",
                           list->reader->plant->catalog.meters[there->meter.index].id);
            }
        }
    }
    meter_sum_clear(&sum);
}

static void append_part(struct meter_balance *balance, const char *id)
{
    size_t used = balance->part_ids == NULL ? 0 : strlen(balance->part_ids);
    size_t size = used + strlen(id) + 2;
    char *joined = memory_zeroed(size, 1);
    snprintf(joined, size, "%s%s%s", used == 0 ? "" : balance->part_ids, used == 0 ? "" : ";", id);
    free(balance->part_ids);
    balance->part_ids = joined;
}

static bool is_earlier_part(const cJSON *parts, const cJSON *value)
{
    const cJSON *part = NULL;
    cJSON_ArrayForEach(part, parts)
    {
        if (part == value) {
            return false;
        }
        if (cJSON_IsString(part) && strcmp(part->valuestring, value->valuestring) == 0) {
            return true;
        }
    }
    return false;
}

static void read_parts(struct virtual_reader *list, const cJSON *row, uint32_t item,
                       struct meter_balance *balance)
{
    struct plant_reader *reader = list->reader;
    const cJSON *parts = plant_member(row, "parts", PLANT_LIST);
    const cJSON *value = NULL;
    struct named named;
    uint32_t count = plant_list_count(reader, parts, METER_BALANCE_PARTS_MAX);
    if (parts != NULL && cJSON_GetArraySize(parts) == 0) {
        plant_mistake(reader, parts, NULL, "is empty; name the meters that the main is made of");
    }
    if (count == 0) {
        return;
    }
    cJSON_ArrayForEach(value, parts)
    {
        if (!cJSON_IsString(value)) {
            plant_mistake(reader, value, NULL, "must be the id of a meter in quotes");
        } else if (is_earlier_part(parts, value) ||
                   strcmp(value->valuestring, balance->main_id) == 0) {
            plant_mistake(reader, value, NULL,
                          "\"%.*s\" stands in this balance already; name each meter once",
                          SHOWN_MAX, value->valuestring);
        } else if (refer(list, value, value->valuestring, &named) &&
                   same_item(list, value, value->valuestring, named.item, item)) {
            warn_twice(list, value, &named, balance);
            append_part(balance, value->valuestring);
            if (!add_named(&named, 1, &balance->parts)) {
                plant_mistake(reader, value, NULL,
                              "is too much: the parts come to at most %d meters, each at most %d "
                              "times",
                              VIRTUAL_TERMS_MAX, VIRTUAL_COEFFICIENT_MAX);
            }
        }
    }
}

/* Without an id of its own a balance has that of its main. */
static void read_id(struct virtual_reader *list, const cJSON *row, uint32_t index)
{
    struct plant *plant = list->reader->plant;
    struct meter_balance *balance = &plant->balances[index];
    if (!plant_id(list->reader, row, "id", balance->id)) {
        memcpy(balance->id, balance->main_id, sizeof balance->id);
    }
    for (uint32_t i = 0; i < index && balance->id[0] != '\0'; i++) {
        if (strcmp(plant->balances[i].id, balance->id) == 0) {
            plant_mistake(list->reader, row, "id",
                          "\"%s\" names two balances (without an id, a balance has that of its "
                          "main); give each an id of its own",
                          balance->id);
            return;
        }
    }
}

static void read_balance(struct virtual_reader *list, const cJSON *row, uint32_t index)
{
    struct plant_reader *reader = list->reader;
    struct meter_balance *balance = &reader->plant->balances[index];
    const cJSON *main = plant_member(row, "main", PLANT_TEXT);
    struct named named = {.item = CATALOG_NONE};
    balance->band_e4 = METER_BALANCE_NO_BAND;
    plant_object(reader, row, &balance_keys);
    if (main != NULL && refer(list, main, main->valuestring, &named)) {
        snprintf(balance->main_id, sizeof balance->main_id, "%s", main->valuestring);
        balance->item.index = (uint16_t)named.item;
        balance->name = *named.name;
        (void)add_named(&named, 1, &balance->main); /* within the limits: it is one already */
    }
    read_id(list, row, index);
    if (plant_member(row, "name", PLANT_LABEL) != NULL) {
        plant_label(reader, row, "name", balance->id, &balance->name);
    }
    plant_decimal(reader, row, "band_pct", METER_BALANCE_BAND_DECIMALS, 0,
                  100 * quantity_power_of_ten(METER_BALANCE_BAND_DECIMALS), &balance->band_e4);
    read_parts(list, row, named.item, balance);
}

void plant_read_balances(struct plant_reader *reader, const cJSON *root)
{
    struct plant *plant = reader->plant;
    struct virtual_reader list = {.reader = reader};
    const cJSON *rows = plant_member(root, "balances", PLANT_LIST);
    const cJSON *row = NULL;
    uint32_t index = 0;
    read_virtuals(&list, root);
    plant->balance_count = plant_list_count(reader, rows, METER_BALANCES_MAX);
    plant->balances = memory_zeroed(plant->balance_count, sizeof *plant->balances);
    if (plant->balance_count > 0) {
        cJSON_ArrayForEach(row, rows)
        {
            read_balance(&list, row, index++);
        }
    }
    for (uint32_t i = 0; i < list.count; i++) {
        meter_sum_clear(&list.items[i].sum);
    }
    free(list.items);
}
