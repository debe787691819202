/* One row of a message being decoded, and what the kinds of facts have in common: fields taken from
 * where the mapping says they stand, each checked, and refusals that name the field. */
#ifndef HEATLEDGER_DECODE_ROW_H
#define HEATLEDGER_DECODE_ROW_H

#include "decode.h"
#include "json_arena.h"
#include "row_members.h"
#include "topic_routes.h"

struct cJSON;

/* What must be remembered to read local times. */
struct row_clock {
    int64_t *newest_us; /* by meter: the newest local time it has sent, INT64_MIN for none */
    bool uncertain;     /* a local time of the row came twice, or never */
    /* The last time that was read of this message, and found good: rows of a batch share theirs.
     * Never a local one, whose reading depends on the meter. */
    const struct cJSON *read;
    int64_t read_us;
};

/* What is known of the message's topic. */
struct row_match {
    const struct topic_route *route; /* NULL: not decided yet */
    bool matched;                    /* the levels are there */
    struct topic_match levels;
};

struct row {
    const struct catalog *catalog;
    const struct decode_limits *limits;
    struct json_arena *arena;
    struct row_clock *clock;
    const struct journal_record *record;
    const struct decode_sink *sink;
    const struct mapping *mapping;
    struct row_match *match;
    const struct cJSON *root, *json;
    const struct row_members *members; /* of `json`; NULL: it is no object */
    struct topic_routes *routes;
    const meter_id *meter; /* whose row it is; NULL: not known (yet) */
};

/* A field's text as found: JSON, or a text from the topic or a constant. */
struct field {
    const struct cJSON *json; /* NULL: `text` */
    const char *text;
};

/* Tells the sink; the format's texts are cut and cleaned. Returns false. */
bool row_refuse(const struct row *row, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* False where the field is not there, or is null and `field` is one that may be left out. */
bool row_find(const struct row *row, enum mapping_field field, struct field *found);
bool row_find_or_null(const struct row *row, enum mapping_field field, struct field *found);

/* "/value", "{meter}" …: where the mapping looks for the field, for messages. */
const char *row_where(const struct row *row, enum mapping_field field);

enum row_need { ROW_OPTIONAL, ROW_REQUIRED };

/* Each of these returns false after it has told the sink of a refusal. A field that is optional and
 * not there leaves `*value` as it is. */

/* Printable UTF-8 of 1 to `max` bytes; a JSON integer counts as its digits. */
bool row_text(const struct row *row, enum mapping_field field, enum row_need need, size_t max,
              const char **value);

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

/* What a mapping's row yields: decode_reading.c, decode_event.c, decode_entry.c. */
void row_reading(const struct row *row);
void row_heat(const struct row *row);
void row_crew(const struct row *row);
void row_meter_event(const struct row *row);
void row_entry(const struct row *row);

#endif
