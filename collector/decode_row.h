/* One row of a message being decoded, and what the kinds of facts have in common: fields taken from
 * where the mapping says they stand, each checked, and refusals that name the field. */
#ifndef HEATLEDGER_DECODE_ROW_H
#define HEATLEDGER_DECODE_ROW_H

#include "decode.h"
#include "paper.h"
#include "row_members.h"
#include "text_arena.h"
#include "topic_routes.h"

/* What must be remembered to read local times. */
struct row_clock {
    int64_t *newest_us; /* by meter: the newest local time it has sent, INT64_MIN for none */
    bool uncertain;     /* a local time of the row came twice, or never */
    /* The last time that was read of this message, and found good: rows of a batch share theirs.
     * Never a local one, whose reading depends on the meter. */
    const struct json_value *read;
    int64_t read_us;
};

/* What is known of the message as a whole. */
struct row_match {
    const struct topic_route *route; /* of its topic; NULL: not decided yet */
    bool matched;                    /* the levels are there */
    struct topic_match levels;
    /* The last thing that a row looked for at the root: rows of a batch share it. */
    const struct mapping_source *asked; /* NULL: none */
    const struct json_value *answer;    /* NULL: not there */
};

struct row {
    const struct catalog *catalog;
    const struct decode_limits *limits;
    struct text_arena *arena;
    struct row_clock *clock;
    const struct journal_record *record;
    const struct decode_sink *sink;
    const struct mapping *mapping;
    struct row_match *match;
    const struct json_value *root, *json;
    const struct row_members *members; /* of `json`; NULL: it is no object */
    uint64_t fields;                   /* by bit: those that may be there; no other is */
    struct topic_routes *routes;
    const meter_id *meter; /* whose row it is; NULL: not known (yet) */
};

/* A field as found: JSON, or a text from the topic or a constant. */
struct field {
    const struct json_value *json; /* NULL: `text`, which need not end with NUL */
    const char *text;
    size_t length; /* bytes of `text` */
};

/* Tells the sink; the format's texts are cut and cleaned. Returns false. */
bool row_refuse(const struct row *row, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Most rows have few of the fields that there are: asked before anything is looked for. */
static inline bool row_may_have(const struct row *row, enum mapping_field field)
{
    return (row->fields >> field & 1) != 0;
}

/* row_find_or_null for a field that may be there. */
bool row_look(const struct row *row, enum mapping_field field, struct field *found);

static inline bool row_is_null(const struct field *found)
{
    return found->json != NULL && found->json->kind == JSON_NULL;
}

/* False where the field is not there; an explicit null is. */
static inline bool row_find_or_null(const struct row *row, enum mapping_field field,
                                    struct field *found)
{
    return row_may_have(row, field) && row_look(row, field, found);
}

/* False where the field is not there, or is null. */
static inline bool row_find(const struct row *row, enum mapping_field field, struct field *found)
{
    return row_find_or_null(row, field, found) && !row_is_null(found);
}

/* The bytes of a field that is a text; false where it is anything else. */
bool row_plain(const struct row *row, const struct field *found, const char **text, size_t *length);

/* Whether the field is there and is this text. */
bool row_says(const struct row *row, enum mapping_field field, const char *text);

/* "/value", "{meter}" …: where the mapping looks for the field, for messages. */
const char *row_where(const struct row *row, enum mapping_field field);

enum row_need { ROW_OPTIONAL, ROW_REQUIRED };

/* Each of these returns false after it has told the sink of a refusal. A field that is optional and
 * not there leaves `*value` as it is. */

/* Printable UTF-8 of 1 to `max` bytes; a JSON integer counts as its digits. */
bool row_text(const struct row *row, enum mapping_field field, enum row_need need, size_t max,
              const char **value);

/* The same of a field that is there, whatever the mapping has of it: `where` is its name. */
bool row_text_at(const struct row *row, const struct field *found, const char *where, size_t max,
                 const char **value);

/* How a value stands in a message about it, at most 40 bytes of it. */
const char *row_shown(const struct row *row, const struct field *field);

/* Units of 10^-decimals. */
bool row_number(const struct row *row, enum mapping_field field, enum row_need need,
                unsigned decimals, bool exact, int64_t *value);

/* Weight in kg, rounded to the gram, 0 or more. */
bool row_kilograms(const struct row *row, enum mapping_field field, enum row_need need,
                   int64_t *grams);

/* `*given` tells whether the message had a time. Between 2000 and 2100, not beyond the skew. */
bool row_time(const struct row *row, enum mapping_field field, int64_t *ts_us, bool *given);

/* The time of the fact; arrival where there is none. */
bool row_ts(const struct row *row, int64_t *ts_us, bool *assumed);

bool row_meter(const struct row *row, meter_id *meter);
/* A crew by its id, which has been read. */
bool row_crew_id(const struct row *row, const char *id, crew_id *crew);
bool row_station(const struct row *row, enum row_need need, station_id *station);

/* decode_paper.c: an entry that is a paper; `by` and when it was entered have been read. */
void row_paper(struct row *row, enum paper_kind kind, const char *by, int64_t ts_us);

/* What a mapping's row yields: decode_reading.c, decode_event.c, decode_entry.c. */
void row_reading(struct row *row);
void row_heat(struct row *row);
void row_crew(struct row *row);
void row_meter_event(struct row *row);
void row_entry(struct row *row);

#endif
