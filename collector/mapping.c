#include "mapping.h"

#include "failure.h"
#include "mapping_source.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static const char *const yield_names[MAPPING_YIELD_COUNT] = {
    [MAPPING_READING] = "reading", [MAPPING_HEAT] = "heat",   [MAPPING_CREW] = "crew",
    [MAPPING_METER] = "meter",     [MAPPING_ENTRY] = "entry",
};

static const char *const time_names[MAPPING_TIME_COUNT] = {
    [MAPPING_RFC3339] = "rfc3339",
    [MAPPING_EPOCH_S] = "epoch_s",
    [MAPPING_EPOCH_MS] = "epoch_ms",
    [MAPPING_EPOCH_US] = "epoch_us",
    [MAPPING_EPOCH_NS] = "epoch_ns",
    [MAPPING_LOCAL] = "local",
    [MAPPING_LOCAL_COMPACT] = "local_compact",
};

static const char *const label_names[MAPPING_LABEL_COUNT] = {
    [MAPPING_LABEL_NONE] = "none",
    [MAPPING_LABEL_START] = "start",
    [MAPPING_LABEL_END] = "end",
    [MAPPING_LABEL_END_SAME_DATE] = "end_same_date",
};

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_METER] = "meter",
    [FIELD_STATION] = "station",
    [FIELD_ITEM] = "item",
    [FIELD_UNIT] = "unit",
    [FIELD_TS] = "ts",
    [FIELD_VALUE] = "value",
    [FIELD_FROM] = "from",
    [FIELD_QUALITY] = "quality",
    [FIELD_SEQ] = "seq",
    [FIELD_HEAT] = "heat",
    [FIELD_ID] = "id",
    [FIELD_VOID] = "void",
    [FIELD_EVENT] = "event",
    [FIELD_STEEL_KG] = "steel_kg",
    [FIELD_PLANNED_KG] = "planned_kg",
    [FIELD_GRADE] = "grade",
    [FIELD_TO] = "to",
    [FIELD_KG] = "kg",
    [FIELD_OF] = "of",
    [FIELD_CREW] = "crew",
    [FIELD_FINAL] = "final",
    [FIELD_INITIAL] = "initial",
    [FIELD_BY] = "by",
    [FIELD_AT] = "at",
    [FIELD_REASON] = "reason",
    [FIELD_DAY] = "day",
    [FIELD_SHIFT] = "shift",
    [FIELD_ALERT] = "alert",
    [FIELD_UNTIL] = "until",
};

const char *mapping_yield_name(enum mapping_yield yield)
{
    return yield_names[yield];
}

const char *mapping_time_name(enum mapping_time time)
{
    return time_names[time];
}

const char *mapping_label_name(enum mapping_label label)
{
    return label_names[label];
}

const char *mapping_field_name(enum mapping_field field)
{
    return field_names[field];
}

/* "/a/b~1c" → keys "a", "b/c", each ended with NUL. */
static const char *parse_pointer(const char *text, struct mapping_source *source)
{
    size_t used = 0;
    if (text[0] != '\0' && text[0] != '/') {
        return "a JSON pointer starts with /";
    }
    if (strlen(text) > MAPPING_SOURCE_TEXT_MAX) {
        return "a pointer has at most 63 bytes";
    }
    for (const char *at = text; *at != '\0';) {
        source->count++;
        for (at++; *at != '\0' && *at != '/'; at++) {
            char byte = *at;
            if (byte == '~') {
                at++;
                if (*at != '0' && *at != '1') {
                    return "in a JSON pointer ~ is written ~0 and / is written ~1";
                }
                byte = *at == '0' ? '~' : '/';
            }
            source->text[used++] = byte;
        }
        source->text[used++] = '\0';
    }
    return NULL;
}

const char *mapping_source_parse(const char *text, const struct topic_pattern *topic,
                                 struct mapping_source *source)
{
    memset(source, 0, sizeof *source);
    if (text[0] == '=') {
        if (strlen(text + 1) > MAPPING_SOURCE_TEXT_MAX) {
            return "a constant has at most 63 bytes";
        }
        source->kind = SOURCE_CONSTANT;
        strcpy(source->text, text + 1);
        return NULL;
    }
    if (text[0] == '{') {
        char name[MAPPING_SOURCE_TEXT_MAX + 1] = "";
        size_t length = strlen(text);
        if (length < 3 || length > sizeof name || text[length - 1] != '}') {
            return "a capture of the topic is written {name}";
        }
        memcpy(name, text + 1, length - 2);
        int capture = topic_pattern_capture(topic, name);
        if (capture < 0) {
            return "the topic has no capture of that name";
        }
        source->kind = SOURCE_TOPIC;
        source->capture = (uint8_t)capture;
        return NULL;
    }
    if (text[0] == '$') {
        source->kind = SOURCE_ROOT;
        return parse_pointer(text + 1, source);
    }
    source->kind = SOURCE_ROW;
    return parse_pointer(text, source);
}

const char *mapping_member_name(const struct mapping *mapping, unsigned member)
{
    const struct mapping_member *key = &mapping->members[member];
    return mapping->fields[key->field][key->source].text;
}

static uint8_t find_member(const struct mapping *mapping, const char *name)
{
    uint8_t i = 0;
    while (i < mapping->member_count && strcmp(mapping_member_name(mapping, i), name) != 0) {
        i++;
    }
    return i;
}

/* Whether a field's first source is what the topic or the mapping itself says of it. */
static bool is_fixed(const struct mapping *mapping, enum mapping_field field, bool may_lack)
{
    enum mapping_source_kind kind = mapping->fields[field][0].kind;
    return kind == SOURCE_TOPIC || kind == SOURCE_CONSTANT || (may_lack && kind == SOURCE_NONE);
}

static void add_member(struct mapping *mapping, uint8_t field, uint8_t source)
{
    const char *key = mapping->fields[field][source].text;
    size_t length = strlen(key);
    uint8_t *slot = &mapping->member_at[mapping_member_slot(key, length)];
    mapping->members[mapping->member_count++] = (struct mapping_member){
        .field = field, .source = source, .length = (uint8_t)length, .next = *slot};
    *slot = mapping->member_count;
}

void mapping_complete(struct mapping *mapping)
{
    for (uint8_t f = 0; f < FIELD_COUNT; f++) {
        for (uint8_t s = 0; s < MAPPING_SOURCES_MAX; s++) {
            struct mapping_source *source = &mapping->fields[f][s];
            if (source->kind == SOURCE_NONE) {
                break; /* what stands behind it is never looked at */
            }
            if (source->kind != SOURCE_ROW || source->count == 0) {
                mapping->fields_elsewhere |= UINT64_C(1) << f;
                continue;
            }
            source->member = find_member(mapping, source->text);
            if (source->member == mapping->member_count) {
                add_member(mapping, f, s);
            }
            mapping->members[source->member].fields |= UINT64_C(1) << f;
        }
    }
    mapping->named_by_topic =
        mapping->yield == MAPPING_READING && is_fixed(mapping, FIELD_METER, false) &&
        is_fixed(mapping, FIELD_STATION, true) && is_fixed(mapping, FIELD_ITEM, true);
}

char **mapping_subscriptions(const struct mapping *mappings, uint32_t mapping_count,
                             uint32_t *count)
{
    size_t texts_size = (size_t)mapping_count * (TOPIC_FILTER_MAX + 1);
    char **filters = memory_zeroed(1, (size_t)mapping_count * sizeof *filters + texts_size + 1);
    char *text = (char *)(filters + mapping_count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < mapping_count; i++) {
        const char *filter = mappings[i].subscription;
        bool covered = false;
        for (uint32_t j = 0; j < mapping_count && !covered; j++) {
            /* of two that cover each other, being equal, the first one stays */
            const char *other = mappings[j].subscription;
            covered = j != i && topic_filter_covers(other, filter) &&
                      (j < i || !topic_filter_covers(filter, other));
        }
        if (covered) {
            continue;
        }
        strcpy(text, filter);
        filters[kept++] = text;
        text += strlen(filter) + 1;
    }
    *count = kept;
    return filters;
}
