#include "plant_field.h"

#include "memory.h"
#include "plant_suggest.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_SHOWN_MAX 48 /* bytes of a wrong value that a message shows */

__attribute__((format(printf, 5, 0))) static void
find_formatted(struct plant_reader *reader, enum plant_severity severity, const cJSON *value,
               const char *key, const char *format, va_list arguments)
{
    static const char *const prefixes[] = {"", "warning: ", "remark: "};
    char path[CONFIG_PATH_MAX];
    char what[FAILURE_TEXT_MAX];
    char text[FAILURE_TEXT_MAX + CONFIG_PATH_MAX + 256];
    const cJSON *member =
        key != NULL && cJSON_IsObject(value) ? cJSON_GetObjectItemCaseSensitive(value, key) : NULL;
    if (member != NULL) {
        value = member;
        key = NULL;
    }
    uint32_t line = config_text_line(reader->config, value);
    vsnprintf(what, sizeof what, format, arguments);
    config_text_path(reader->config, value, key, path);
    snprintf(text, sizeof text, "%.200s:%u: %s: %s%s", reader->name, (unsigned)line,
             path[0] == '\0' ? "configuration" : path, prefixes[severity], what);
    plant_findings_add(reader->findings, severity, line, text);
}

void plant_find(struct plant_reader *reader, enum plant_severity severity, const cJSON *value,
                const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    find_formatted(reader, severity, value, key, format, arguments);
    va_end(arguments);
}

bool plant_mistake(struct plant_reader *reader, const cJSON *value, const char *key,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    find_formatted(reader, PLANT_MISTAKE, value, key, format, arguments);
    va_end(arguments);
    return false;
}

static unsigned field_type(const cJSON *value)
{
    return cJSON_IsString(value)   ? PLANT_TEXT
           : cJSON_IsNumber(value) ? PLANT_NUMBER
           : cJSON_IsBool(value)   ? PLANT_BOOL
           : cJSON_IsArray(value)  ? PLANT_LIST
           : cJSON_IsObject(value) ? PLANT_OBJECT
                                   : PLANT_NULL;
}

/* "a text or a number". */
static char *field_type_names(unsigned types, char names[128])
{
    static const char *const words[] = {"a text",       "a number",        "true or false",
                                        "a list [...]", "an object {...}", "null"};
    size_t used = 0;
    names[0] = '\0';
    for (unsigned i = 0; i < sizeof words / sizeof words[0] && used < 128; i++) {
        if ((types & 1u << i) != 0) {
            used += (size_t)snprintf(names + used, 128 - used, "%s%s", used == 0 ? "" : " or ",
                                     words[i]);
        }
    }
    return names;
}

static const struct plant_key *field_find_key(const struct plant_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->keys[i].name, name) == 0) {
            return &keys->keys[i];
        }
    }
    return NULL;
}

/* The key that an unknown one was probably meant to be; NULL where none is near. */
static const struct plant_key *field_nearest_key(const struct plant_keys *keys, const char *name)
{
    const struct plant_key *best = NULL;
    size_t best_distance = 0;
    for (size_t i = 0; i < keys->count; i++) {
        size_t distance = plant_suggest_distance(name, keys->keys[i].name);
        if (distance <= (strlen(keys->keys[i].name) + 2) / 3 &&
            (best == NULL || distance < best_distance)) {
            best = &keys->keys[i];
            best_distance = distance;
        }
    }
    return best;
}

static bool field_unknown_key(struct plant_reader *reader, const cJSON *member,
                              const struct plant_keys *keys)
{
    char all[512] = "";
    size_t used = 0;
    const struct plant_key *nearest = field_nearest_key(keys, member->string);
    if (nearest != NULL) {
        return plant_mistake(reader, member, NULL, "%s has no such key; did you mean \"%s\"?",
                             keys->what, nearest->name);
    }
    for (size_t i = 0; i < keys->count && used < sizeof all; i++) {
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ",
                                 keys->keys[i].name);
    }
    return plant_mistake(reader, member, NULL, "%s has no such key; its keys are %s", keys->what,
                         all);
}

/* Whether a key is there, or at least one that was probably meant to be it (which is a mistake of
 * its own). */
static bool field_present(const cJSON *object, const struct plant_keys *keys,
                          const struct plant_key *key)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, object)
    {
        if (strcmp(member->string, key->name) == 0 ||
            (field_find_key(keys, member->string) == NULL &&
             field_nearest_key(keys, member->string) == key)) {
            return true;
        }
    }
    return false;
}

bool plant_object(struct plant_reader *reader, const cJSON *object, const struct plant_keys *keys)
{
    char wanted[128], given[128];
    bool good = true;
    const cJSON *member = NULL;
    if (!cJSON_IsObject(object)) {
        return plant_mistake(reader, object, NULL, "%s is an object {...}, not %s", keys->what,
                             field_type_names(field_type(object), given));
    }
    cJSON_ArrayForEach(member, object)
    {
        const struct plant_key *key = field_find_key(keys, member->string);
        const cJSON *earlier = config_text_duplicate(reader->config, member);
        if (key == NULL) {
            good = field_unknown_key(reader, member, keys);
        } else if ((key->types & field_type(member)) == 0) {
            good = plant_mistake(reader, member, NULL, "must be %s, not %s",
                                 field_type_names(key->types, wanted),
                                 field_type_names(field_type(member), given));
        }
        if (earlier != NULL) {
            good = plant_mistake(reader, member, NULL,
                                 "is given twice, first in line %u; keep one of them",
                                 (unsigned)config_text_line(reader->config, earlier));
        }
    }
    for (size_t i = 0; i < keys->count; i++) {
        const struct plant_key *key = &keys->keys[i];
        if (key->required && !field_present(object, keys, key)) {
            good = plant_mistake(reader, object, key->name, "is missing; %s needs it, %s",
                                 keys->what, field_type_names(key->types, wanted));
        }
    }
    return good;
}

const cJSON *plant_member(const cJSON *object, const char *key, unsigned types)
{
    const cJSON *member =
        cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
    return member != NULL && (field_type(member) & types) != 0 ? member : NULL;
}

uint32_t plant_list_count(struct plant_reader *reader, const cJSON *list, uint32_t max)
{
    if (list == NULL) {
        return 0;
    }
    size_t count = (size_t)cJSON_GetArraySize(list);
    if (count > max) {
        plant_mistake(reader, list, NULL, "has %zu elements; at most %u are possible", count,
                      (unsigned)max);
        return 0;
    }
    return (uint32_t)count;
}

const cJSON *plant_rows(struct plant_reader *reader, const cJSON *object, const char *key,
                        uint32_t max, uint32_t *count)
{
    const cJSON *list = plant_member(object, key, PLANT_LIST);
    *count = plant_list_count(reader, list, max);
    return *count > 0 ? list : NULL;
}

static bool field_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

bool plant_id(struct plant_reader *reader, const cJSON *object, const char *key,
              char id[CATALOG_ID_MAX + 1])
{
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    if (member == NULL) {
        return false;
    }
    size_t length = strlen(member->valuestring);
    if (length == 0 || length > CATALOG_ID_MAX) {
        return plant_mistake(reader, member, NULL,
                             "an id has 1 to %d bytes, this one has %zu; a \"name\" may be longer",
                             CATALOG_ID_MAX, length);
    }
    if (!field_printable(member->valuestring) || strpbrk(member->valuestring, "/+#") != NULL) {
        return plant_mistake(reader, member, NULL,
                             "an id stands in MQTT topics and must not hold '/', '+', '#' or "
                             "control characters; use letters, digits, '-' and '_'");
    }
    if (member->valuestring[0] == ' ' || member->valuestring[length - 1] == ' ') {
        return plant_mistake(reader, member, NULL, "an id must not begin or end with a space");
    }
    memcpy(id, member->valuestring, length + 1);
    return true;
}

static bool field_text_value(struct plant_reader *reader, const cJSON *value, char *text,
                             size_t max)
{
    size_t length = strlen(value->valuestring);
    if (length > max) {
        return plant_mistake(reader, value, NULL, "has %zu bytes; at most %zu are possible", length,
                             max);
    }
    if (!field_printable(value->valuestring)) {
        return plant_mistake(reader, value, NULL,
                             "must not hold line breaks, tabs or other control characters");
    }
    memcpy(text, value->valuestring, length + 1);
    return true;
}

bool plant_text(struct plant_reader *reader, const cJSON *object, const char *key, char *text,
                size_t max)
{
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    return member != NULL && field_text_value(reader, member, text, max);
}

void plant_label(struct plant_reader *reader, const cJSON *object, const char *key, const char *id,
                 struct label *label)
{
    static const struct plant_key names[] = {{"zh", PLANT_TEXT, false}, {"en", PLANT_TEXT, false}};
    static const struct plant_keys keys = {"a name", names, sizeof names / sizeof names[0]};
    const cJSON *member = plant_member(object, key, PLANT_LABEL);
    if (cJSON_IsString(member)) {
        field_text_value(reader, member, label->zh, CATALOG_NAME_MAX);
    } else if (member != NULL) {
        plant_object(reader, member, &keys);
        plant_text(reader, member, "zh", label->zh, CATALOG_NAME_MAX);
        plant_text(reader, member, "en", label->en, CATALOG_NAME_MAX);
    }
    const char *fallback = label->en[0] != '\0' ? label->en : id;
    if (label->zh[0] == '\0') {
        snprintf(label->zh, sizeof label->zh, "%s", fallback);
    }
    if (label->en[0] == '\0') {
        memcpy(label->en, label->zh, sizeof label->en);
    }
}

bool plant_decimal_value(struct plant_reader *reader, const cJSON *value, unsigned decimals,
                         int64_t min, int64_t max, int64_t *number)
{
    char low[QUANTITY_TEXT_MAX], high[QUANTITY_TEXT_MAX];
    const char *text = NULL;
    size_t length = 0;
    int64_t parsed = 0;
    if (cJSON_IsString(value)) {
        text = value->valuestring;
        length = strlen(text);
    } else {
        text = config_text_source(reader->config, value, &length);
    }
    int shown = (int)(length > FIELD_SHOWN_MAX ? FIELD_SHOWN_MAX : length);
    switch (quantity_from_text_exact(text, length, decimals, &parsed)) {
    case QUANTITY_OK:
        break;
    case QUANTITY_NOT_A_NUMBER:
        return plant_mistake(reader, value, NULL,
                             "\"%.*s\" is no decimal number; write it like 12 or \"0.5\"", shown,
                             text);
    case QUANTITY_OUT_OF_RANGE:
        if (quantity_from_text(text, length, decimals, &parsed) != QUANTITY_OK) {
            return plant_mistake(reader, value, NULL, "%.*s is too large a number", shown, text);
        }
        return plant_mistake(reader, value, NULL,
                             "%.*s has more decimals than fit here; %s is the finest step", shown,
                             text, quantity_to_text(1, decimals, low));
    }
    if (parsed < min || parsed > max) {
        return max == INT64_MAX
                   ? plant_mistake(reader, value, NULL, "%.*s is too small; the least is %s", shown,
                                   text, quantity_to_text(min, decimals, low))
                   : plant_mistake(reader, value, NULL, "%.*s is not between %s and %s", shown,
                                   text, quantity_to_text(min, decimals, low),
                                   quantity_to_text(max, decimals, high));
    }
    *number = parsed;
    return true;
}

bool plant_decimal(struct plant_reader *reader, const cJSON *object, const char *key,
                   unsigned decimals, int64_t min, int64_t max, int64_t *value)
{
    const cJSON *member = plant_member(object, key, PLANT_DECIMAL);
    return member != NULL && plant_decimal_value(reader, member, decimals, min, max, value);
}

bool plant_resolution(struct plant_reader *reader, const cJSON *object, const char *key,
                      uint8_t *decimals)
{
    const cJSON *member = plant_member(object, key, PLANT_DECIMAL);
    int64_t step = 0;
    if (member == NULL ||
        !plant_decimal_value(reader, member, QUANTITY_DECIMALS_MAX, 0, INT64_MAX, &step)) {
        return false;
    }
    for (unsigned i = 0; i <= QUANTITY_DECIMALS_MAX; i++) {
        if (step == quantity_power_of_ten(QUANTITY_DECIMALS_MAX - i)) {
            *decimals = (uint8_t)i;
            return true;
        }
    }
    return plant_mistake(reader, member, NULL,
                         "must be 1, 0.1, 0.01 and so on to 0.000000001; a meter that counts in "
                         "tens has resolution 1 and multiplier 10");
}

bool plant_bool(const cJSON *object, const char *key, bool *value)
{
    const cJSON *member = plant_member(object, key, PLANT_BOOL);
    if (member != NULL) {
        *value = cJSON_IsTrue(member) != 0;
    }
    return member != NULL;
}

bool plant_choice(struct plant_reader *reader, const cJSON *object, const char *key,
                  const char *const *words, size_t count, size_t *chosen)
{
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    char all[256] = "";
    size_t used = 0;
    if (member == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(member->valuestring, words[i]) == 0) {
            *chosen = i;
            return true;
        }
        if (used < sizeof all) {
            used += (size_t)snprintf(all + used, sizeof all - used, "%s\"%s\"",
                                     i == 0 ? "" : (i + 1 == count ? " or " : ", "), words[i]);
        }
    }
    return plant_mistake(reader, member, NULL, "\"%.*s\" must be %s", FIELD_SHOWN_MAX,
                         member->valuestring, all);
}

bool plant_day(struct plant_reader *reader, const cJSON *object, const char *key, int32_t *day)
{
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    if (member == NULL) {
        return false;
    }
    if (!timestamp_parse_day(member->valuestring, strlen(member->valuestring), day)) {
        return plant_mistake(reader, member, NULL,
                             "\"%.*s\" is no date; write it like \"2026-03-10\"", FIELD_SHOWN_MAX,
                             member->valuestring);
    }
    return true;
}

bool plant_period(struct plant_reader *reader, const cJSON *object, const char *key,
                  struct period *period)
{
    const cJSON *value = plant_member(object, key, PLANT_TEXT);
    if (value == NULL) {
        return false;
    }
    return period_parse(value->valuestring, period) ||
           plant_mistake(reader, value, NULL,
                         "\"%.40s\" is no period; write a year (2026), quarter (2026-Q1), month "
                         "(2026-03), ten-day period (2026-03-X1) or day (2026-03-10)",
                         value->valuestring);
}

bool plant_time_of_day(struct plant_reader *reader, const cJSON *object, const char *key,
                       int32_t *seconds)
{
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    if (member == NULL) {
        return false;
    }
    if (!timestamp_parse_time_of_day(member->valuestring, strlen(member->valuestring), seconds)) {
        return plant_mistake(reader, member, NULL,
                             "\"%.*s\" is no time of day; write it like \"08:00\" (00:00 to 23:59)",
                             FIELD_SHOWN_MAX, member->valuestring);
    }
    return true;
}

bool plant_reference(struct plant_reader *reader, const cJSON *value, const char *what,
                     const void *rows, uint32_t count, size_t row_size, uint32_t *found)
{
    const char *word = value->valuestring;
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp((const char *)rows + i * row_size, word) == 0) {
            *found = i;
            return true;
        }
    }
    const char *near = plant_suggest(word, rows, count, row_size);
    if (near != NULL) {
        return plant_mistake(reader, value, NULL, "there is no %s \"%.*s\"; did you mean \"%s\"?",
                             what, FIELD_SHOWN_MAX, word, near);
    }
    return plant_mistake(reader, value, NULL,
                         "there is no %s \"%.*s\"; declare it under \"%ss\" or name one of those",
                         what, FIELD_SHOWN_MAX, word, what);
}

static int field_compare_ids(const void *left, const void *right)
{
    const cJSON *a = *(const cJSON *const *)left;
    const cJSON *b = *(const cJSON *const *)right;
    return strcmp(a->valuestring, b->valuestring);
}

void plant_unique_ids(struct plant_reader *reader, const cJSON *list)
{
    const cJSON *row = NULL;
    size_t count = 0;
    const cJSON **ids = memory_zeroed((size_t)cJSON_GetArraySize(list), sizeof(void *));
    cJSON_ArrayForEach(row, list)
    {
        const cJSON *id = plant_member(row, "id", PLANT_TEXT);
        if (id != NULL) {
            ids[count++] = id;
        }
    }
    qsort(ids, count, sizeof(void *), field_compare_ids);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(ids[i - 1]->valuestring, ids[i]->valuestring) == 0) {
            uint32_t a = config_text_line(reader->config, ids[i - 1]);
            uint32_t b = config_text_line(reader->config, ids[i]);
            plant_mistake(reader, a > b ? ids[i - 1] : ids[i], NULL,
                          "the id \"%.*s\" is given twice, also in line %u; ids are unique",
                          FIELD_SHOWN_MAX, ids[i]->valuestring, (unsigned)(a > b ? b : a));
        }
    }
    free(ids);
}
