/* Meters. What a meter's keys say in units is in what the meter shows: before the multiplier. */
#include "memory.h"
#include "plant_part.h"
#include "quantity.h"
#include "scales.h"
#include "timestamp.h"

#include <string.h>

#define MULTIPLIER_DECIMALS QUANTITY_DECIMALS_MAX
#define SECOND_DECIMALS 6   /* durations are read in seconds, kept in microseconds */
#define RESET_AFTER_MAX 100 /* readings */
#define DURATION_MAX_US (3660 * TIMESTAMP_DAY_US)

static const struct plant_key meter_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"item", PLANT_TEXT, true},
    {"station", PLANT_TEXT, true},
    {"kind", PLANT_TEXT, true},
    {"role", PLANT_TEXT, false},
    {"resolution", PLANT_DECIMAL, false},
    {"multiplier", PLANT_DECIMAL, false},
    {"width", PLANT_DECIMAL, false},
    {"max_rate_per_hour", PLANT_DECIMAL, false},
    {"min", PLANT_DECIMAL, false},
    {"max", PLANT_DECIMAL, false},
    {"reset", PLANT_TEXT, false},
    {"reset_after", PLANT_DECIMAL, false},
    {"two_way", PLANT_BOOL, false},
    {"integration", PLANT_TEXT, false},
    {"max_hold_s", PLANT_DECIMAL, false},
    {"max_gap_s", PLANT_DECIMAL, false},
    {"stale_s", PLANT_DECIMAL, false},
    {"sentinels", PLANT_LIST, false},
    {"sharing", PLANT_TEXT | PLANT_OBJECT | PLANT_LIST, false},
    {"idle", PLANT_TEXT, false},
};
static const struct plant_keys meter_keys = {"a meter", meter_key_list,
                                             sizeof meter_key_list / sizeof meter_key_list[0]};

static const char *const role_words[] = {[METER_BOOK] = "book", [METER_CHECK] = "check"};
static const char *const reset_words[] = {[METER_RESET_NEVER] = "never",
                                          [METER_RESET_TO_ZERO] = "to_zero",
                                          [METER_RESET_UNKNOWN] = "unknown"};
static const char *const integration_words[] = {
    [METER_STEP] = "step", [METER_TRAPEZOID] = "trapezoid"};
#define WORDS(list) (list), sizeof(list) / sizeof((list)[0])

#define KIND(kind) (1u << (kind))
/* Keys that mean something for some kinds only; elsewhere they would be a silent mistake. */
static const struct {
    const char *key;
    unsigned kinds;
    const char *for_whom;
} kind_keys[] = {
    {"width", KIND(METER_REGISTER), "a register"},
    {"reset", KIND(METER_REGISTER), "a register"},
    {"reset_after", KIND(METER_REGISTER), "a register"},
    {"two_way", KIND(METER_REGISTER), "a register"},
    {"max_rate_per_hour", KIND(METER_REGISTER), "a register"},
    {"integration", KIND(METER_RATE), "a rate"},
    {"max_hold_s", KIND(METER_RATE), "a rate"},
    {"max_gap_s",
     KIND(METER_REGISTER) | KIND(METER_RATE) | KIND(METER_INCREMENT) | KIND(METER_LEVEL),
     "a register, a rate, an increment or a level"},
};

static bool read_positive(struct plant_reader *reader, const cJSON *member, const char *text,
                          size_t length, unsigned decimals, int64_t *value)
{
    if (quantity_from_text_exact(text, length, decimals, value) == QUANTITY_OK && *value > 0) {
        return true;
    }
    return plant_mistake(reader, member, NULL,
                         "must be greater than 0: a decimal below 9223372036 of at most 9 places "
                         "(\"200\", \"0.5\") or a fraction of two whole numbers (\"1/3\")");
}

/* The multiplier as a fraction. */
static bool read_multiplier(struct plant_reader *reader, const cJSON *row, int64_t *num,
                            int64_t *den)
{
    const cJSON *member = plant_member(row, "multiplier", PLANT_DECIMAL);
    const char *text = NULL;
    size_t length = 0;
    *num = *den = 1;
    if (member == NULL) {
        return true;
    }
    if (cJSON_IsString(member)) {
        text = member->valuestring;
        length = strlen(text);
    } else {
        text = config_text_source(reader->config, member, &length);
    }
    const char *slash = memchr(text, '/', length);
    if (slash == NULL) {
        *den = quantity_power_of_ten(MULTIPLIER_DECIMALS);
        return read_positive(reader, member, text, length, MULTIPLIER_DECIMALS, num);
    }
    size_t first = (size_t)(slash - text);
    return read_positive(reader, member, text, first, 0, num) &&
           read_positive(reader, member, slash + 1, length - first - 1, 0, den);
}

static quantity_wide greatest_divisor(quantity_wide a, quantity_wide b)
{
    while (b != 0) {
        quantity_wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* raw x num / den: from the meter's resolution through the multiplier to the item's base units. */
static void read_scale(struct plant_reader *reader, const cJSON *row, uint8_t item_decimals,
                       struct meter *meter)
{
    int64_t num = 1, den = 1;
    meter->scale_num = meter->scale_den = 1;
    if (!read_multiplier(reader, row, &num, &den)) {
        return;
    }
    quantity_wide wide_num = (quantity_wide)num * quantity_power_of_ten(item_decimals);
    quantity_wide wide_den = (quantity_wide)den * quantity_power_of_ten(meter->decimals);
    quantity_wide divisor = greatest_divisor(wide_num, wide_den);
    int64_t den_max = meter->kind == METER_RATE ? SCALES_RATE_DEN_MAX : INT64_MAX;
    if (wide_num / divisor > INT64_MAX || wide_den / divisor > den_max) {
        plant_mistake(reader, row, "multiplier",
                      "is too large or too fine for the resolutions of the meter and its item; use "
                      "fewer digits");
        return;
    }
    meter->scale_num = (int64_t)(wide_num / divisor);
    meter->scale_den = (int64_t)(wide_den / divisor);
}

static void read_limits(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    char text[QUANTITY_TEXT_MAX];
    meter->min_raw = INT64_MIN;
    meter->max_raw = INT64_MAX;
    plant_decimal(reader, row, "width", meter->decimals, 2, INT64_MAX, &meter->width_raw);
    plant_decimal(reader, row, "max_rate_per_hour", meter->decimals, 1, INT64_MAX,
                  &meter->max_rate_raw_hour);
    plant_decimal(reader, row, "min", meter->decimals, INT64_MIN + 1, INT64_MAX, &meter->min_raw);
    plant_decimal(reader, row, "max", meter->decimals, INT64_MIN + 1, INT64_MAX, &meter->max_raw);
    if (meter->min_raw > meter->max_raw) {
        plant_mistake(reader, row, "min", "is greater than \"max\", %s; exchange them",
                      quantity_to_text(meter->max_raw, meter->decimals, text));
    }
    if (meter->width_raw == 0) {
        return;
    }
    if (plant_member(row, "max", PLANT_DECIMAL) != NULL && meter->max_raw >= meter->width_raw) {
        plant_mistake(reader, row, "max",
                      "is not below \"width\": a register of width %s starts again at 0 before "
                      "it; leave \"max\" out",
                      quantity_to_text(meter->width_raw, meter->decimals, text));
    }
    if (meter->min_raw > 0) {
        plant_mistake(reader, row, "min",
                      "is above 0, but a register with a \"width\" starts again at 0; leave "
                      "\"min\" out");
    }
}

/* A level's noise: its item's scale division in what the meter shows, rounded up. */
static int64_t division_raw(const struct meter *meter, int64_t division_base)
{
    quantity_wide raw =
        -quantity_floor_divide(-(quantity_wide)division_base * meter->scale_den, meter->scale_num);
    return raw < 1 ? 1 : raw > INT64_MAX ? INT64_MAX : (int64_t)raw;
}

static void read_sentinels(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    const cJSON *list = plant_member(row, "sentinels", PLANT_LIST);
    const cJSON *value = NULL;
    if (plant_list_count(reader, list, CATALOG_SENTINELS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        if (!cJSON_IsString(value) && !cJSON_IsNumber(value)) {
            plant_mistake(reader, value, NULL, "must be a number, like \"9999.9\"");
        } else if (plant_decimal_value(reader, value, meter->decimals, INT64_MIN + 1, INT64_MAX,
                                       &meter->sentinels_raw[meter->sentinel_count])) {
            meter->sentinel_count++;
        }
    }
}

static void read_kind(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    size_t chosen = METER_REGISTER;
    const char *words[METER_KINDS];
    for (int i = 0; i < METER_KINDS; i++) {
        words[i] = meter_kind_name((enum meter_kind)i);
    }
    if (!plant_choice(reader, row, "kind", WORDS(words), &chosen)) {
        return;
    }
    meter->kind = (enum meter_kind)chosen;
    for (size_t i = 0; i < sizeof kind_keys / sizeof kind_keys[0]; i++) {
        if (cJSON_GetObjectItemCaseSensitive(row, kind_keys[i].key) != NULL &&
            (kind_keys[i].kinds & KIND(meter->kind)) == 0) {
            plant_mistake(reader, row, kind_keys[i].key,
                          "is for %s only; this meter's kind is \"%s\"; remove the key",
                          kind_keys[i].for_whom, words[meter->kind]);
        }
    }
}

static void read_choices(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    size_t chosen = METER_BOOK;
    plant_choice(reader, row, "role", WORDS(role_words), &chosen);
    meter->role = (enum meter_role)chosen;
    chosen = METER_RESET_NEVER;
    plant_choice(reader, row, "reset", WORDS(reset_words), &chosen);
    meter->reset = (enum meter_reset)chosen;
    chosen = METER_STEP;
    plant_choice(reader, row, "integration", WORDS(integration_words), &chosen);
    meter->integration = (enum meter_integration)chosen;
}

/* What a fall means: a two-way register just runs the other way. */
static void read_falls(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    static const char *const excluded[] = {"reset", "reset_after", "width"};
    int64_t readings = 0;
    plant_decimal(reader, row, "reset_after", 0, 0, RESET_AFTER_MAX, &readings);
    meter->reset_after = (uint32_t)readings;
    plant_bool(row, "two_way", &meter->two_way);
    if (readings > 0 && meter->reset == METER_RESET_NEVER) {
        plant_mistake(reader, row, "reset_after",
                      "says when a fall is a reset, but \"reset\" is \"never\"; set it to "
                      "\"to_zero\" or \"unknown\"");
    }
    for (size_t i = 0; meter->two_way && i < sizeof excluded / sizeof excluded[0]; i++) {
        if (cJSON_GetObjectItemCaseSensitive(row, excluded[i]) != NULL) {
            plant_mistake(reader, row, excluded[i],
                          "says what a fall means, but with \"two_way\" a fall is use that went "
                          "the other way; remove one of the two keys");
        }
    }
}

static void read_meter(struct plant_reader *reader, const cJSON *row, struct meter *meter)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *item = plant_member(row, "item", PLANT_TEXT);
    const cJSON *station = plant_member(row, "station", PLANT_TEXT);
    uint32_t found = 0;
    uint8_t item_decimals = 0;
    int64_t division_base = 1;
    plant_object(reader, row, &meter_keys);
    plant_id(reader, row, "id", meter->id);
    plant_label(reader, row, "name", meter->id, &meter->name);
    if (item != NULL && plant_reference(reader, item, "item", catalog->items, catalog->item_count,
                                        sizeof *catalog->items, &found)) {
        meter->item.index = (uint16_t)found;
        item_decimals = catalog->items[found].decimals;
        division_base = catalog->items[found].division_base;
    }
    if (station != NULL &&
        plant_reference(reader, station, "station", catalog->stations, catalog->station_count,
                        sizeof *catalog->stations, &found)) {
        meter->station.index = (uint16_t)found;
    }
    read_kind(reader, row, meter);
    read_choices(reader, row, meter);
    meter->decimals = item_decimals;
    plant_resolution(reader, row, "resolution", &meter->decimals);
    read_scale(reader, row, item_decimals, meter);
    meter->division_raw = division_raw(meter, division_base);
    read_limits(reader, row, meter);
    read_falls(reader, row, meter);
    plant_decimal(reader, row, "max_hold_s", SECOND_DECIMALS, 1, DURATION_MAX_US,
                  &meter->max_hold_us);
    plant_decimal(reader, row, "max_gap_s", SECOND_DECIMALS, 1, DURATION_MAX_US,
                  &meter->max_gap_us);
    plant_decimal(reader, row, "stale_s", SECOND_DECIMALS, 1, DURATION_MAX_US, &meter->stale_us);
    read_sentinels(reader, row, meter);
    bool to_next = false;
    if (plant_read_idle(reader, row, &to_next)) {
        meter->idle = to_next ? METER_IDLE_TO_NEXT : METER_IDLE_KEPT;
    }
}

void plant_read_meters(struct plant_reader *reader, const cJSON *root)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "meters", PLANT_LIST);
    const cJSON *row = NULL;
    catalog->meter_count = plant_list_count(reader, list, CATALOG_METERS_MAX);
    catalog->meters = memory_zeroed(catalog->meter_count, sizeof *catalog->meters);
    if (catalog->meter_count == 0) {
        return;
    }
    struct meter *meter = catalog->meters;
    cJSON_ArrayForEach(row, list)
    {
        read_meter(reader, row, meter++);
    }
    plant_unique_ids(reader, list);
    plant_read_sharing(reader, list);
}
