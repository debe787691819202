#include "mapping.h"

#include "failure.h"
#include "local_time.h"
#include "mapping_source.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CHOICES_MAX 8
_Static_assert((int)MAPPING_TIME_COUNT <= CHOICES_MAX && (int)MAPPING_YIELD_COUNT <= CHOICES_MAX,
               "room for the names of every choice");

/* Fields without which a mapping can yield nothing. */
static const struct {
    enum mapping_yield yield;
    enum mapping_field field;
} required_fields[] = {
    {MAPPING_READING, FIELD_METER}, {MAPPING_READING, FIELD_VALUE}, {MAPPING_HEAT, FIELD_HEAT},
    {MAPPING_HEAT, FIELD_EVENT},    {MAPPING_CREW, FIELD_CREW},     {MAPPING_METER, FIELD_METER},
    {MAPPING_METER, FIELD_EVENT},   {MAPPING_ENTRY, FIELD_BY},      {MAPPING_ENTRY, FIELD_EVENT},
};

static const char *const codec_names[MAPPING_CODEC_COUNT] = {[MAPPING_JSON] = "json"};

static bool fault_set(struct mapping_fault *fault, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fault_set(struct mapping_fault *fault, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    snprintf(fault->key, sizeof fault->key, "%s", key);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return false;
}

/* The index of `name` in `names`, or a fault that lists what there is. */
static bool choose(const cJSON *value, const char *key, const char *const *names, int count,
                   int *chosen, struct mapping_fault *fault)
{
    char list[160] = "";
    for (int i = 0; i < count; i++) {
        if (cJSON_IsString(value) && strcmp(value->valuestring, names[i]) == 0) {
            *chosen = i;
            return true;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
    }
    return fault_set(fault, key, "must be one of %s", list);
}

static bool read_source(const cJSON *value, const char *key, const struct topic_pattern *topic,
                        struct mapping_source *source, struct mapping_fault *fault)
{
    if (!cJSON_IsString(value)) {
        return fault_set(fault, key,
                         "must be a text: a JSON pointer \"/value\" (from the row), \"$/value\" "
                         "(from the root), \"{capture}\" or \"=constant\"");
    }
    const char *wrong = mapping_source_parse(value->valuestring, topic, source);
    return wrong == NULL || fault_set(fault, key, "\"%.63s\": %s", value->valuestring, wrong);
}

static bool read_field(const cJSON *value, struct mapping *mapping, struct mapping_fault *fault)
{
    char key[sizeof fault->key];
    int field = 0;
    snprintf(key, sizeof key, "fields.%.64s", value->string);
    while (field < FIELD_COUNT &&
           strcmp(mapping_field_name((enum mapping_field)field), value->string) != 0) {
        field++;
    }
    if (field == FIELD_COUNT) {
        return fault_set(fault, key,
                         "is no field; there are meter, station, item, ts, value, from, quality, "
                         "seq, heat, id, void, event, steel_kg, planned_kg, grade, to, kg, of, "
                         "crew, final, initial, by, at, reason, day, shift, alert, until");
    }
    struct mapping_source *sources = mapping->fields[field];
    if (!cJSON_IsArray(value)) {
        return read_source(value, key, &mapping->topic, &sources[0], fault);
    }
    int count = cJSON_GetArraySize(value);
    if (count < 1 || count > MAPPING_SOURCES_MAX) {
        return fault_set(fault, key, "a list of sources has 1 to %d of them", MAPPING_SOURCES_MAX);
    }
    int index = 0;
    const cJSON *element;
    cJSON_ArrayForEach(element, value)
    {
        if (!read_source(element, key, &mapping->topic, &sources[index++], fault)) {
            return false;
        }
    }
    return true;
}

static bool read_topic(const cJSON *object, struct mapping *mapping, struct mapping_fault *fault)
{
    const cJSON *topic = cJSON_GetObjectItemCaseSensitive(object, "topic");
    if (!cJSON_IsString(topic)) {
        return fault_set(fault, "topic", "must be a text such as \"gw/{meter}/data\"");
    }
    const char *wrong = topic_pattern_parse(topic->valuestring, &mapping->topic);
    if (wrong != NULL) {
        return fault_set(fault, "topic", "\"%.100s\": %s", topic->valuestring, wrong);
    }
    topic_pattern_filter(&mapping->topic, mapping->subscription);
    const cJSON *subscribe = cJSON_GetObjectItemCaseSensitive(object, "subscribe");
    if (subscribe == NULL) {
        return true;
    }
    if (!cJSON_IsString(subscribe) || subscribe->valuestring[0] == '\0' ||
        strlen(subscribe->valuestring) > TOPIC_FILTER_MAX ||
        !topic_filter_covers(subscribe->valuestring, mapping->subscription)) {
        return fault_set(fault, "subscribe",
                         "must be an MQTT filter that receives all of \"%.150s\"",
                         mapping->subscription);
    }
    strcpy(mapping->subscription, subscribe->valuestring);
    return true;
}

static bool read_choices(const cJSON *object, struct mapping *mapping, struct mapping_fault *fault)
{
    const char *names[CHOICES_MAX];
    int chosen = 0;
    for (int i = 0; i < MAPPING_YIELD_COUNT; i++) {
        names[i] = mapping_yield_name((enum mapping_yield)i);
    }
    if (!choose(cJSON_GetObjectItemCaseSensitive(object, "yields"), "yields", names,
                MAPPING_YIELD_COUNT, &chosen, fault)) {
        return false;
    }
    mapping->yield = (enum mapping_yield)chosen;
    for (int i = 0; i < MAPPING_TIME_COUNT; i++) {
        names[i] = mapping_time_name((enum mapping_time)i);
    }
    const cJSON *time = cJSON_GetObjectItemCaseSensitive(object, "time");
    chosen = MAPPING_RFC3339;
    if (time != NULL && !choose(time, "time", names, MAPPING_TIME_COUNT, &chosen, fault)) {
        return false;
    }
    mapping->time = (enum mapping_time)chosen;
    const cJSON *codec = cJSON_GetObjectItemCaseSensitive(object, "codec");
    chosen = MAPPING_JSON;
    if (codec != NULL &&
        !choose(codec, "codec", codec_names, MAPPING_CODEC_COUNT, &chosen, fault)) {
        return false;
    }
    mapping->codec = (enum mapping_codec)chosen;
    return true;
}

static bool read_rows(const cJSON *object, struct mapping *mapping, struct mapping_fault *fault)
{
    char text[MAPPING_SOURCE_TEXT_MAX + 2] = "$";
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(object, "rows");
    if (rows != NULL &&
        (!cJSON_IsString(rows) || (rows->valuestring[0] != '/' && rows->valuestring[0] != '\0') ||
         strlen(rows->valuestring) > MAPPING_SOURCE_TEXT_MAX)) {
        return fault_set(fault, "rows",
                         "must be a JSON pointer from the root to an array, such as \"/values\"");
    }
    if (rows != NULL) {
        strcat(text, rows->valuestring);
    }
    const char *wrong = mapping_source_parse(text, &mapping->topic, &mapping->rows);
    return wrong == NULL || fault_set(fault, "rows", "\"%s\": %s", text + 1, wrong);
}

/* `label` and `period`: both or neither, and with readings only. */
static bool read_period(const cJSON *object, struct mapping *mapping, struct mapping_fault *fault)
{
    const cJSON *label = cJSON_GetObjectItemCaseSensitive(object, "label");
    const cJSON *period = cJSON_GetObjectItemCaseSensitive(object, "period");
    const char *names[MAPPING_LABEL_COUNT - 1];
    int chosen = 0;
    if (label == NULL && period == NULL) {
        return true;
    }
    if (label == NULL || period == NULL) {
        return fault_set(fault, label == NULL ? "label" : "period",
                         "is missing: \"label\" says which end of a \"period\" a time is, so the "
                         "two go together");
    }
    for (int i = 1; i < MAPPING_LABEL_COUNT; i++) {
        names[i - 1] = mapping_label_name((enum mapping_label)i);
    }
    if (!choose(label, "label", names, MAPPING_LABEL_COUNT - 1, &chosen, fault)) {
        return false;
    }
    mapping->label = (enum mapping_label)(chosen + 1);
    if (!cJSON_IsString(period) ||
        !local_time_parse_period(period->valuestring, &mapping->period)) {
        return fault_set(fault, "period",
                         "must be a whole number with s, min, h or d behind, at most 400d: "
                         "\"15min\"");
    }
    return mapping->yield == MAPPING_READING ||
           fault_set(fault, "label", "only readings have a period; this mapping yields \"%s\"",
                     mapping_yield_name(mapping->yield));
}

bool mapping_from_json(const struct cJSON *object, struct mapping *mapping,
                       struct mapping_fault *fault)
{
    static const char *const known[] = {"name", "topic", "subscribe", "yields", "codec", "rows",
                                        "time", "zone",  "label",     "period", "fields"};
    memset(mapping, 0, sizeof *mapping);
    if (!cJSON_IsObject(object)) {
        return fault_set(fault, "", "must be an object with topic, yields and fields");
    }
    const cJSON *value;
    cJSON_ArrayForEach(value, object)
    {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], value->string) != 0) {
            i++;
        }
        if (i == sizeof known / sizeof known[0]) {
            return fault_set(fault, value->string,
                             "is no key of a mapping; there are name, topic, subscribe, yields, "
                             "codec, rows, time, zone, label, period, fields");
        }
    }
    if (!read_topic(object, mapping, fault) || !read_choices(object, mapping, fault) ||
        !read_rows(object, mapping, fault) || !read_period(object, mapping, fault)) {
        return false;
    }
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(object, "name");
    snprintf(mapping->name, sizeof mapping->name, "%.63s",
             cJSON_IsString(name) ? name->valuestring : mapping->topic.text);
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(object, "fields");
    if (!cJSON_IsObject(fields)) {
        return fault_set(fault, "fields", "must be an object such as {\"value\": \"/v\"}");
    }
    cJSON_ArrayForEach(value, fields)
    {
        if (!read_field(value, mapping, fault)) {
            return false;
        }
    }
    if (mapping->label != MAPPING_LABEL_NONE &&
        mapping->fields[FIELD_FROM][0].kind != SOURCE_NONE) {
        return fault_set(fault, "fields.from",
                         "the start of an increment follows from \"label\" and \"period\"; leave "
                         "it or them out");
    }
    for (size_t i = 0; i < sizeof required_fields / sizeof required_fields[0]; i++) {
        if (required_fields[i].yield == mapping->yield &&
            mapping->fields[required_fields[i].field][0].kind == SOURCE_NONE) {
            return fault_set(fault, "fields", "a mapping that yields \"%s\" needs the field \"%s\"",
                             mapping_yield_name(mapping->yield),
                             mapping_field_name(required_fields[i].field));
        }
    }
    mapping_complete(mapping);
    return true;
}
