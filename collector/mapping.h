/* A mapping: which topics say what, and where in the payload it stands. Rows of a table; the native
 * format is some of them (mapping_native.c), other formats are rows in plant.json:
 *
 *   { "topic": "gw/{meter}/data", "yields": "reading", "rows": "/values", "time": "epoch_ms",
 *     "fields": { "value": "/v", "ts": ["/t", "$/timestamp"], "quality": "=good" } }
 *
 * A field's source is a text: "/a/b" a JSON pointer from the row, "" the row itself, "$/a/b" a
 * pointer from the root of the payload, "{name}" a capture of the topic, "=text" a constant. A list
 * of sources: the first that is present (an explicit null is present). "rows" is a pointer from the
 * root to an array, a row an element; without it the root is the row, or the array of rows.
 *
 * "time" says how times are written, "label" and "period" of which instants of an increment's
 * period they speak.
 *
 * Of several mappings that match a topic the first one applies. */
#ifndef HEATLEDGER_MAPPING_H
#define HEATLEDGER_MAPPING_H

#include "topic_pattern.h"

#include <stdbool.h>
#include <stdint.h>

#define MAPPING_NAME_MAX 63
#define MAPPING_SOURCES_MAX 3      /* alternatives of one field */
#define MAPPING_SOURCE_TEXT_MAX 63 /* bytes of a pointer or of a constant */
#define MAPPING_COUNT_MAX 1024     /* rows of a plant */

enum mapping_yield {
    MAPPING_READING,
    MAPPING_HEAT,
    MAPPING_CREW,
    MAPPING_METER,
    MAPPING_ENTRY,
    MAPPING_YIELD_COUNT
};

enum mapping_codec { MAPPING_JSON, MAPPING_CODEC_COUNT };

enum mapping_time {
    MAPPING_RFC3339,
    MAPPING_EPOCH_S,
    MAPPING_EPOCH_MS,
    MAPPING_EPOCH_US,
    MAPPING_EPOCH_NS,
    MAPPING_LOCAL,         /* the plant's wall clock, no offset: "2026-03-10T07:50:00" */
    MAPPING_LOCAL_COMPACT, /* "20260310075000" */
    MAPPING_TIME_COUNT
};

/* What the time of an increment says of its period. */
enum mapping_label {
    MAPPING_LABEL_NONE, /* its end; the start is `from`, or the reading before */
    MAPPING_LABEL_START,
    MAPPING_LABEL_END,
    MAPPING_LABEL_END_SAME_DATE, /* its end; the midnight that ends a day bears its date */
    MAPPING_LABEL_COUNT
};

struct mapping_period {
    int64_t length_us;
    bool of_days; /* of the calendar, in the plant's zone: a day may have 23 or 25 hours */
};

enum mapping_field {
    FIELD_METER,
    FIELD_STATION,
    FIELD_ITEM, /* readings: must be what the configuration says of the meter */
    FIELD_UNIT, /* readings: must be the unit of the meter's item; nothing for a rate, whose own is
                   a unit an hour */
    FIELD_TS,
    FIELD_VALUE,
    FIELD_FROM,
    FIELD_QUALITY,
    FIELD_SEQ,
    FIELD_HEAT,
    FIELD_ID,
    FIELD_VOID,
    FIELD_EVENT,
    FIELD_STEEL_KG,
    FIELD_PLANNED_KG,
    FIELD_GRADE,
    FIELD_TO,
    FIELD_KG,
    FIELD_OF,
    FIELD_CREW,
    FIELD_FINAL,
    FIELD_INITIAL,
    FIELD_BY,
    FIELD_AT,     /* entries: the time of the reading that is meant */
    FIELD_REASON, /* … and from here on entries alone */
    FIELD_DAY,
    FIELD_SHIFT,
    FIELD_ALERT,
    FIELD_UNTIL,
    FIELD_COUNT
};

enum mapping_source_kind {
    SOURCE_NONE, /* ends the list of alternatives */
    SOURCE_ROW,
    SOURCE_ROOT,
    SOURCE_TOPIC,
    SOURCE_CONSTANT
};

struct mapping_source {
    enum mapping_source_kind kind;
    uint8_t count;   /* pointers: how many keys; they stand in `text`, each ended with NUL */
    uint8_t capture; /* SOURCE_TOPIC: index of the pattern's segment */
    uint8_t member;  /* SOURCE_ROW: which of the mapping's members the pointer begins with */
    char text[MAPPING_SOURCE_TEXT_MAX + 1];
};

/* A key of the row's object at which a pointer begins; it stands in the text of that source. */
struct mapping_member {
    uint8_t field, source;
    uint8_t length;  /* of the key, in bytes */
    uint8_t next;    /* 1 + the next member of the same slot; 0: none */
    uint64_t fields; /* by bit: those that begin here */
};
#define MAPPING_MEMBERS_MAX (FIELD_COUNT * MAPPING_SOURCES_MAX)
#define MAPPING_MEMBER_SLOTS 32
_Static_assert(FIELD_COUNT <= 64 && MAPPING_MEMBERS_MAX < UINT8_MAX, "fields and members fit");

/* Holds no pointers: may be copied, and an array of them is released with free(). */
struct mapping {
    char name[MAPPING_NAME_MAX + 1]; /* for messages; the topic pattern where not given */
    struct topic_pattern topic;
    char subscription[TOPIC_FILTER_MAX + 1]; /* what to ask the broker for */
    enum mapping_yield yield;
    enum mapping_codec codec;
    enum mapping_time time;
    enum mapping_label label;
    struct mapping_period period; /* where there is a label */
    struct mapping_source rows;   /* SOURCE_ROOT */
    struct mapping_source fields[FIELD_COUNT][MAPPING_SOURCES_MAX];
    /* Made from the fields by mapping_complete. */
    struct mapping_member members[MAPPING_MEMBERS_MAX]; /* each key once */
    uint8_t member_count;
    uint8_t member_at[MAPPING_MEMBER_SLOTS]; /* by mapping_member_slot: 1 + a member; 0: none */
    uint64_t fields_elsewhere; /* by bit: those with a source that is no member of the row */
    bool named_by_topic;       /* the topic alone says which meter it is, and where it stands */
};

/* To be called once all fields are there. */
void mapping_complete(struct mapping *mapping);

/* Where a key is looked for among the members. */
static inline unsigned mapping_member_slot(const char *key, size_t length)
{
    unsigned first = length > 0 ? (unsigned char)key[0] : 0;
    return (first + (unsigned)length * 7) % MAPPING_MEMBER_SLOTS;
}

/* The key itself; `member` < member_count. */
const char *mapping_member_name(const struct mapping *mapping, unsigned member);

/* The names of plant.json. */
const char *mapping_yield_name(enum mapping_yield yield);
const char *mapping_time_name(enum mapping_time time);
const char *mapping_label_name(enum mapping_label label);
const char *mapping_field_name(enum mapping_field field);

/* The native rows of INTERFACES for that shop; the caller frees them. `shop` must not be empty nor
 * hold '/', '+' or '#'. They subscribe to all of plant/SHOP/, so that an unknown topic is seen. */
struct mapping *mapping_native(const char *shop, uint32_t *count);

/* The native entry without a topic: for what is entered by another way than MQTT. */
void mapping_native_entry(struct mapping *mapping);

/* What is wrong with a mapping: `key` is the path from the mapping's object, "fields.value", ""
 * the object itself; `text` says what is there and what would be right. */
struct mapping_fault {
    char key[128];
    char text[256];
};

struct cJSON;

/* Reads one object of the list `mappings` in plant.json. */
bool mapping_from_json(const struct cJSON *object, struct mapping *mapping,
                       struct mapping_fault *fault);

/* The topic filters to subscribe to, none of which another one covers: an array of `*count` texts
 * in one block, which the caller frees. */
char **mapping_subscriptions(const struct mapping *mappings, uint32_t mapping_count,
                             uint32_t *count);

#endif
