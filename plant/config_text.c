#include "config_text.h"

#include "config_scan.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config_text {
    char *text; /* with comments blanked */
    cJSON *root;
    size_t count;
    struct config_place *places;
    const cJSON **values; /* of the places, in the order of the text */
    uint32_t *order;      /* indices of `values`, by address */
};

uint32_t config_text_blank_comments(char *text)
{
    uint32_t line = 1;
    bool in_string = false;
    for (char *at = text; *at != '\0'; at++) {
        line += *at == '\n';
        if (in_string) {
            /* A text without an end ends with its line: the scanner names it. */
            in_string = *at != '"' && *at != '\n';
            at += *at == '\\' && at[1] != '\0' && at[1] != '\n';
        } else if (*at == '"') {
            in_string = true;
        } else if (at[0] == '/' && at[1] == '/') {
            size_t length = strcspn(at, "\n");
            memset(at, ' ', length);
            at += length - 1;
        } else if (at[0] == '/' && at[1] == '*') {
            uint32_t begin = line;
            char *end = strstr(at + 2, "*/");
            if (end == NULL) {
                return begin;
            }
            for (end += 2; at < end; at++) {
                line += *at == '\n';
                *at = *at == '\n' ? '\n' : ' ';
            }
            at--;
        }
    }
    return 0;
}

/* Puts the values of the tree below `value` (itself first) into `values`, in the order of the
 * text. */
static void config_collect(struct config_text *config, const cJSON *value, size_t *used)
{
    REQUIRE(*used < config->count);
    config->values[(*used)++] = value;
    const cJSON *child = NULL;
    cJSON_ArrayForEach(child, value)
    {
        config_collect(config, child, used);
    }
}

static int config_compare_addresses(const void *left, const void *right, void *context)
{
    const cJSON *const *values = context;
    uintptr_t a = (uintptr_t)values[*(const uint32_t *)left];
    uintptr_t b = (uintptr_t)values[*(const uint32_t *)right];
    return (a > b) - (a < b);
}

static void config_index(struct config_text *config)
{
    size_t used = 0;
    config->values = memory_zeroed(config->count, sizeof(void *));
    config->order = memory_zeroed(config->count, sizeof *config->order);
    config_collect(config, config->root, &used);
    REQUIRE(used == config->count);
    for (size_t i = 0; i < config->count; i++) {
        config->order[i] = (uint32_t)i;
    }
    qsort_r(config->order, config->count, sizeof *config->order, config_compare_addresses,
            config->values);
}

struct config_text *config_text_parse(const char *name, const char *text, struct failure *failure)
{
    struct config_text *config = memory_zeroed(1, sizeof *config);
    config->text = memory_text(text);
    uint32_t open = config_text_blank_comments(config->text);
    if (open != 0) {
        failure_set(failure, FAILURE_INPUT, "%s:%u: start: the comment that begins here has no */",
                    name, (unsigned)open);
        config_text_free(config);
        return NULL;
    }
    if (!config_scan(name, config->text, &config->places, &config->count, failure)) {
        config_text_free(config);
        return NULL;
    }
    config->root = cJSON_Parse(config->text);
    if (config->root == NULL) {
        failure_set(failure, FAILURE_INPUT, "%s:1: start: the JSON library cannot read the file",
                    name);
        config_text_free(config);
        return NULL;
    }
    config_index(config);
    return config;
}

void config_text_free(struct config_text *config)
{
    if (config == NULL) {
        return;
    }
    cJSON_Delete(config->root);
    free(config->text);
    free(config->places);
    free(config->values);
    free(config->order);
    free(config);
}

const struct cJSON *config_text_root(const struct config_text *config)
{
    return config->root;
}

static uint32_t config_find(const struct config_text *config, const cJSON *value)
{
    size_t low = 0, high = config->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)config->values[config->order[middle]] < (uintptr_t)value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    REQUIRE(low < config->count && config->values[config->order[low]] == value);
    return config->order[low];
}

uint32_t config_text_line(const struct config_text *config, const struct cJSON *value)
{
    return config->places[config_find(config, value)].line;
}

const char *config_text_source(const struct config_text *config, const struct cJSON *value,
                               size_t *length)
{
    const struct config_place *place = &config->places[config_find(config, value)];
    *length = place->length;
    return config->text + place->offset;
}

/* The place of a value among its siblings, from 0. */
static size_t config_sibling_number(const cJSON *parent, const cJSON *value)
{
    size_t number = 0;
    for (const cJSON *at = parent->child; at != value; at = at->next) {
        number++;
    }
    return number;
}

char *config_text_path(const struct config_text *config, const struct cJSON *value, const char *key,
                       char path[CONFIG_PATH_MAX])
{
    uint32_t chain[CONFIG_NESTING_MAX + 2];
    size_t depth = 0, used = 0;
    for (uint32_t at = config_find(config, value); config->places[at].parent != CONFIG_SCAN_ROOT;
         at = config->places[at].parent) {
        REQUIRE(depth < sizeof chain / sizeof chain[0]);
        chain[depth++] = at;
    }
    path[0] = '\0';
    while (depth-- > 0 && used < CONFIG_PATH_MAX) {
        const cJSON *step = config->values[chain[depth]];
        const cJSON *parent = config->values[config->places[chain[depth]].parent];
        const cJSON *id =
            cJSON_IsObject(step) ? cJSON_GetObjectItemCaseSensitive(step, "id") : NULL;
        size_t room = CONFIG_PATH_MAX - used;
        int written = 0;
        if (cJSON_IsObject(parent)) {
            written = snprintf(path + used, room, "%s%s", used == 0 ? "" : ".", step->string);
        } else if (id != NULL && cJSON_IsString(id) && id->valuestring[0] != '\0') {
            written = snprintf(path + used, room, "[%s]", id->valuestring);
        } else {
            written = snprintf(path + used, room, "[%zu]", config_sibling_number(parent, step));
        }
        used += (size_t)written;
    }
    if (key != NULL && used < CONFIG_PATH_MAX) {
        snprintf(path + used, CONFIG_PATH_MAX - used, "%s%s", used == 0 ? "" : ".", key);
    }
    return path;
}

size_t config_text_count(const struct config_text *config)
{
    return config->count;
}

const struct cJSON *config_text_value(const struct config_text *config, size_t index)
{
    REQUIRE(index < config->count);
    return config->values[index];
}

const struct cJSON *config_text_duplicate(const struct config_text *config,
                                          const struct cJSON *value)
{
    uint32_t parent = config->places[config_find(config, value)].parent;
    if (parent == CONFIG_SCAN_ROOT || !cJSON_IsObject(config->values[parent])) {
        return NULL;
    }
    for (const cJSON *at = config->values[parent]->child; at != value; at = at->next) {
        if (strcmp(at->string, value->string) == 0) {
            return at;
        }
    }
    return NULL;
}
