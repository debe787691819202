/* What things cost: prices, standard coal and CO2, the classes of cost, and the causes of an
 * overrun. */
#include "costing_rules.h"
#include "memory.h"
#include "plant_part.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 65536
#define E6 6

/* ---- Rows of an item, from a day on ---- */

static bool read_item(struct plant_reader *reader, const cJSON *row, item_id *item)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *value = plant_member(row, "item", PLANT_TEXT);
    uint32_t found = 0;
    bool known =
        value != NULL && plant_reference(reader, value, "item", catalog->items, catalog->item_count,
                                         sizeof *catalog->items, &found);
    item->index = (uint16_t)found;
    return known;
}

static int compare_keys(item_id a, int32_t a_day, item_id b, int32_t b_day)
{
    if (a.index != b.index) {
        return a.index < b.index ? -1 : 1;
    }
    return a_day < b_day ? -1 : a_day > b_day;
}

/* Two rows for one item from one day on would both be in force. */
static void refuse_twice(struct plant_reader *reader, const cJSON *list, const struct item *item)
{
    plant_mistake(
        reader, list, NULL,
        "item \"%s\" has two rows with the same \"from\", so that both would be in force; "
        "keep one of them",
        item->id);
}

/* ---- Prices ---- */

static const struct plant_key price_key_list[] = {
    {"item", PLANT_TEXT, true},
    {"from", PLANT_TEXT, true},
    {"standard", PLANT_DECIMAL, false},
    {"actual", PLANT_DECIMAL, false},
};
static const struct plant_keys price_keys = {"a price", price_key_list,
                                             sizeof price_key_list / sizeof price_key_list[0]};

static int compare_prices(const void *a, const void *b)
{
    const struct price *one = a, *other = b;
    return compare_keys(one->item, one->from_day, other->item, other->from_day);
}

static bool read_price(struct plant_reader *reader, const cJSON *row, struct price *price)
{
    *price = (struct price){.standard_e6 = COSTING_UNKNOWN, .actual_e6 = COSTING_UNKNOWN};
    plant_object(reader, row, &price_keys);
    bool good =
        read_item(reader, row, &price->item) && plant_day(reader, row, "from", &price->from_day);
    plant_decimal(reader, row, "standard", E6, 0, INT64_MAX, &price->standard_e6);
    plant_decimal(reader, row, "actual", E6, 0, INT64_MAX, &price->actual_e6);
    if (plant_member(row, "standard", PLANT_DECIMAL) == NULL &&
        plant_member(row, "actual", PLANT_DECIMAL) == NULL) {
        plant_mistake(reader, row, "standard",
                      "is missing, and so is \"actual\"; give one of them, or both");
    }
    return good;
}

/* The item's own price stands since ever, until a row says otherwise. What a row leaves out stays
 * as it was before. */
static void finish_prices(struct plant_reader *reader, const cJSON *list)
{
    struct costing_rules *rules = &reader->plant->costing;
    qsort(rules->prices, rules->price_count, sizeof *rules->prices, compare_prices);
    for (uint32_t i = 1; i < rules->price_count; i++) {
        const struct price *before = &rules->prices[i - 1];
        struct price *price = &rules->prices[i];
        if (before->item.index != price->item.index) {
            continue;
        }
        if (before->from_day == price->from_day) {
            refuse_twice(reader, list, &reader->plant->catalog.items[price->item.index]);
        }
        if (price->standard_e6 == COSTING_UNKNOWN) {
            price->standard_e6 = before->standard_e6;
        }
        if (price->actual_e6 == COSTING_UNKNOWN) {
            price->actual_e6 = before->actual_e6;
        }
    }
}

static void read_prices(struct plant_reader *reader, const cJSON *root)
{
    const struct catalog *catalog = &reader->plant->catalog;
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *row = NULL;
    uint32_t count = 0;
    const cJSON *list = plant_rows(reader, root, "prices", ROWS_MAX, &count);
    rules->prices = memory_zeroed((size_t)count + catalog->item_count + 1, sizeof *rules->prices);
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        if (catalog->items[i].price_e6 >= 0) {
            rules->prices[rules->price_count++] =
                (struct price){.item = {(uint16_t)i},
                               .from_day = INT32_MIN,
                               .standard_e6 = catalog->items[i].price_e6,
                               .actual_e6 = COSTING_UNKNOWN};
        }
    }
    cJSON_ArrayForEach(row, list)
    {
        rules->price_count += read_price(reader, row, &rules->prices[rules->price_count]) ? 1 : 0;
    }
    finish_prices(reader, list);
}

/* ---- Standard coal and CO2 ---- */

static const struct plant_key factor_key_list[] = {
    {"item", PLANT_TEXT, true},          {"from", PLANT_TEXT, false},
    {"coal_kgce", PLANT_DECIMAL, false}, {"co2_kg", PLANT_DECIMAL, false},
    {"basis", PLANT_TEXT, false},        {"source", PLANT_TEXT, false},
};
static const struct plant_keys factor_keys = {"an energy factor", factor_key_list,
                                              sizeof factor_key_list / sizeof factor_key_list[0]};
static const char *const measure_words[ENERGY_MEASURES] = {"coal_kgce", "co2_kg"};

static int compare_factors(const void *a, const void *b)
{
    const struct energy_factor *one = a, *other = b;
    if (one->measure != other->measure) {
        return one->measure < other->measure ? -1 : 1;
    }
    return compare_keys(one->item, one->from_day, other->item, other->from_day);
}

static void add_factor(struct costing_rules *rules, const struct energy_factor *factor,
                       enum energy_measure measure, int64_t factor_e6)
{
    struct energy_factor *row = &rules->factors[rules->factor_count++];
    *row = *factor;
    row->measure = measure;
    row->factor_e6 = factor_e6;
}

static void read_factor(struct plant_reader *reader, const cJSON *row)
{
    struct costing_rules *rules = &reader->plant->costing;
    struct energy_factor factor = {.from_day = INT32_MIN};
    plant_object(reader, row, &factor_keys);
    bool good = read_item(reader, row, &factor.item);
    if (plant_member(row, "from", PLANT_TEXT) != NULL) {
        good = plant_day(reader, row, "from", &factor.from_day) && good;
    }
    if (plant_member(row, "basis", PLANT_TEXT) != NULL) {
        plant_text(reader, row, "basis", factor.basis, CATALOG_ID_MAX);
    }
    if (plant_member(row, "source", PLANT_TEXT) != NULL) {
        plant_text(reader, row, "source", factor.source, COSTING_SOURCE_MAX);
    }
    bool any = false;
    for (int measure = 0; measure < ENERGY_MEASURES; measure++) {
        int64_t factor_e6 = COSTING_UNKNOWN;
        if (plant_member(row, measure_words[measure], PLANT_DECIMAL) == NULL) {
            continue;
        }
        any = true;
        if (plant_decimal(reader, row, measure_words[measure], E6, 0, INT64_MAX, &factor_e6) &&
            good) {
            add_factor(rules, &factor, (enum energy_measure)measure, factor_e6);
        }
    }
    if (!any) {
        plant_mistake(reader, row, "coal_kgce",
                      "is missing, and so is \"co2_kg\"; give one of them, or both");
    }
}

/* Factors of one measure on two bases (当量, 等价) must not be added up. */
static void refuse_mixed_bases(struct plant_reader *reader, const cJSON *list)
{
    const struct costing_rules *rules = &reader->plant->costing;
    const struct energy_factor *based[ENERGY_MEASURES] = {NULL}; /* the last that names a basis */
    for (uint32_t i = 0; i < rules->factor_count; i++) {
        const struct energy_factor *factor = &rules->factors[i];
        const struct energy_factor *before = based[factor->measure];
        if (i > 0 && compare_factors(factor - 1, factor) == 0) {
            refuse_twice(reader, list, &reader->plant->catalog.items[factor->item.index]);
        }
        if (factor->basis[0] == '\0') {
            continue;
        }
        if (before != NULL && strcmp(before->basis, factor->basis) != 0) {
            plant_mistake(reader, list, NULL,
                          "mixes the bases \"%s\" and \"%s\" of %s; sums of both mean nothing: "
                          "keep the rows of one",
                          before->basis, factor->basis, measure_words[factor->measure]);
            return;
        }
        based[factor->measure] = factor;
    }
}

static void read_factors(struct plant_reader *reader, const cJSON *root)
{
    const struct catalog *catalog = &reader->plant->catalog;
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *row = NULL;
    uint32_t rows = 0;
    const cJSON *list = plant_rows(reader, root, "energy_factors", ROWS_MAX, &rows);
    rows += catalog->item_count;
    rules->factors = memory_zeroed((size_t)rows * ENERGY_MEASURES + 1, sizeof *rules->factors);
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        const struct item *item = &catalog->items[i];
        const struct energy_factor factor = {.item = {(uint16_t)i}, .from_day = INT32_MIN};
        if (item->coal_gce_e6 >= 0) {
            add_factor(rules, &factor, ENERGY_COAL, item->coal_gce_e6);
        }
        if (item->co2_kg_e6 >= 0) {
            add_factor(rules, &factor, ENERGY_CO2, item->co2_kg_e6);
        }
    }
    cJSON_ArrayForEach(row, list)
    {
        read_factor(reader, row);
    }
    qsort(rules->factors, rules->factor_count, sizeof *rules->factors, compare_factors);
    refuse_mixed_bases(reader, list);
}

/* ---- Classes of cost ---- */

static const struct plant_key class_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"controllable", PLANT_BOOL, false},
    {"items", PLANT_LIST, true},
};
static const struct plant_keys class_keys = {"a class of cost", class_key_list,
                                             sizeof class_key_list / sizeof class_key_list[0]};

static void read_class_items(struct plant_reader *reader, const cJSON *row, uint16_t class)
{
    const struct catalog *catalog = &reader->plant->catalog;
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *value = NULL;
    uint32_t found = 0;
    cJSON_ArrayForEach(value, plant_member(row, "items", PLANT_LIST))
    {
        if (!cJSON_IsString(value)) {
            plant_mistake(reader, value, NULL, "must be the id of an item in quotes");
        } else if (plant_reference(reader, value, "item", catalog->items, catalog->item_count,
                                   sizeof *catalog->items, &found)) {
            if (rules->item_class[found] != CATALOG_NONE) {
                plant_mistake(reader, value, NULL,
                              "item \"%s\" is in class \"%s\" already; an item is in one class",
                              catalog->items[found].id,
                              rules->classes[rules->item_class[found]].id);
            }
            rules->item_class[found] = class;
        }
    }
}

static void read_classes(struct plant_reader *reader, const cJSON *root)
{
    const struct catalog *catalog = &reader->plant->catalog;
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *row = NULL;
    uint32_t count = 0;
    const cJSON *list = plant_rows(reader, root, "cost_classes", CATALOG_ITEMS_MAX, &count);
    rules->classes = memory_zeroed((size_t)count + 1, sizeof *rules->classes);
    rules->item_class = memory_zeroed(catalog->item_count + 1, sizeof *rules->item_class);
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        rules->item_class[i] = CATALOG_NONE;
    }
    cJSON_ArrayForEach(row, list)
    {
        struct cost_class *class = &rules->classes[rules->class_count];
        class->controllable = true;
        plant_object(reader, row, &class_keys);
        plant_id(reader, row, "id", class->id);
        plant_label(reader, row, "name", class->id, &class->name);
        plant_bool(row, "controllable", &class->controllable);
        read_class_items(reader, row, (uint16_t)rules->class_count++);
    }
    plant_unique_ids(reader, list);
}

/* ---- Causes ---- */

static const struct plant_key cause_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"charged_to", PLANT_TEXT, false},
};
static const struct plant_keys cause_keys = {"a cause", cause_key_list,
                                             sizeof cause_key_list / sizeof cause_key_list[0]};
static const char *const charge_words[] = {
    [CAUSE_CREW] = "crew", [CAUSE_INSTRUMENTS] = "instruments", [CAUSE_NOBODY] = "nobody"};

/* 5M1E, for a plant that names none of its own. */
static const struct cause_code six_causes[] = {
    {"MAN", {"人", "Man"}, CAUSE_CREW},         {"MAC", {"机", "Machine"}, CAUSE_CREW},
    {"MAT", {"料", "Material"}, CAUSE_CREW},    {"MTD", {"法", "Method"}, CAUSE_CREW},
    {"ENV", {"环", "Environment"}, CAUSE_CREW}, {"MEA", {"测", "Measurement"}, CAUSE_INSTRUMENTS},
};
#define SIX (sizeof six_causes / sizeof six_causes[0])

/* The one of the six that a code belongs to by its first three letters; NULL: none. */
static const struct cause_code *family(const char *code)
{
    for (size_t i = 0; i < SIX; i++) {
        if (strncmp(code, six_causes[i].code, 3) == 0 && (code[3] == '\0' || code[3] == '-')) {
            return &six_causes[i];
        }
    }
    return NULL;
}

static void read_cause(struct plant_reader *reader, const cJSON *row, struct cause_code *cause)
{
    plant_object(reader, row, &cause_keys);
    const struct cause_code *six = NULL;
    if (plant_id(reader, row, "id", cause->code)) {
        six = family(cause->code);
        if (six == NULL) {
            plant_mistake(reader, row, "id",
                          "\"%s\" must begin with MAN, MAC, MAT, MTD, ENV or MEA, alone or with a "
                          "subcode behind '-', like \"MEA-02\"",
                          cause->code);
        }
    }
    plant_label(reader, row, "name", cause->code, &cause->name);
    size_t chosen = six != NULL ? six->charge : CAUSE_CREW;
    plant_choice(reader, row, "charged_to", charge_words,
                 sizeof charge_words / sizeof charge_words[0], &chosen);
    if (six != NULL && six->charge == CAUSE_INSTRUMENTS && chosen == CAUSE_CREW) {
        plant_mistake(reader, row, "charged_to",
                      "a fault of measurement is no crew's; leave it out, or say \"instruments\"");
    }
    cause->charge = (enum cause_charge)chosen;
}

static void read_causes(struct plant_reader *reader, const cJSON *root)
{
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *row = NULL;
    uint32_t count = 0;
    const cJSON *list = plant_rows(reader, root, "causes", ROWS_MAX, &count);
    rules->causes = memory_zeroed(count + SIX, sizeof *rules->causes);
    cJSON_ArrayForEach(row, list)
    {
        read_cause(reader, row, &rules->causes[rules->cause_count++]);
    }
    plant_unique_ids(reader, list);
    for (size_t i = 0; i < SIX; i++) {
        if (costing_cause(rules, six_causes[i].code) == NULL) {
            rules->causes[rules->cause_count++] = six_causes[i];
        }
    }
}

void plant_read_costs(struct plant_reader *reader, const cJSON *root)
{
    read_prices(reader, root);
    read_factors(reader, root);
    read_classes(reader, root);
    read_causes(reader, root);
}
