/* Reading the fields of plant.json: each function takes an object and a key, says what is wrong
 * with it (a mistake with file, line, key and what would be right) and goes on, so that one run
 * finds all mistakes. A key that is absent leaves the result as the caller set it: its default. */
#ifndef HEATLEDGER_PLANT_FIELD_H
#define HEATLEDGER_PLANT_FIELD_H

#include "catalog.h"
#include "config_text.h"
#include "period.h"
#include "plant.h"
#include "plant_finding.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLANT_DIRECTORY_MAX 4096

/* One configuration while it is read. */
struct plant_reader {
    const char *name; /* the file's, for messages */
    const struct config_text *config;
    struct plant *plant;
    struct plant_findings *findings;
    bool files;                              /* whether files that the text names are looked at */
    char directory[PLANT_DIRECTORY_MAX + 1]; /* of the file; "" or ends with '/' */
};

/* Which JSON types a key takes: a sum of these. */
enum plant_type {
    PLANT_TEXT = 1,
    PLANT_NUMBER = 2,
    PLANT_BOOL = 4,
    PLANT_LIST = 8,
    PLANT_OBJECT = 16,
    PLANT_NULL = 32,
    PLANT_DECIMAL = PLANT_TEXT | PLANT_NUMBER, /* 0.5 or "0.5" */
    PLANT_LABEL = PLANT_TEXT | PLANT_OBJECT,   /* a name in one or two languages */
};

struct plant_key {
    const char *name;
    unsigned types;
    bool required;
};

/* The keys that one kind of object has. */
struct plant_keys {
    const char *what; /* "a meter" */
    const struct plant_key *keys;
    size_t count;
};

/* Adds a finding. `value` tells the line and the path; `key` (may be NULL) is a further step: a
 * member of it, or one that is missing. */
void plant_find(struct plant_reader *reader, enum plant_severity severity, const cJSON *value,
                const char *key, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A mistake; returns false. */
bool plant_mistake(struct plant_reader *reader, const cJSON *value, const char *key,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Whether `object` is an object whose keys are all in the table, of the right types, with none of
 * the required ones missing. False is no reason to stop: getters skip what is of a wrong type. */
bool plant_object(struct plant_reader *reader, const cJSON *object, const struct plant_keys *keys);

/* The member of an object, NULL where it is absent, null, or of none of the given types. */
const cJSON *plant_member(const cJSON *object, const char *key, unsigned types);

/* The number of elements of a list; a mistake and 0 where there are more than `max`. */
uint32_t plant_list_count(struct plant_reader *reader, const cJSON *list, uint32_t max);

/* A member that is a list of at most `max` elements, and how many it has; NULL and 0 where it is
 * absent, or after the mistake that it has more. */
const cJSON *plant_rows(struct plant_reader *reader, const cJSON *object, const char *key,
                        uint32_t max, uint32_t *count);

/* An id: 1 to 32 bytes without '/', '+', '#' and control characters. */
bool plant_id(struct plant_reader *reader, const cJSON *object, const char *key,
              char id[CATALOG_ID_MAX + 1]);

/* A text of at most `max` bytes without control characters. */
bool plant_text(struct plant_reader *reader, const cJSON *object, const char *key, char *text,
                size_t max);

/* A name: a text, or {"zh": …, "en": …}; where a language is absent the other stands in, and `id`
 * where both are. */
void plant_label(struct plant_reader *reader, const cJSON *object, const char *key, const char *id,
                 struct label *label);

/* An exact decimal in units of 10^-`decimals` within [min, max] (of the same units). */
bool plant_decimal(struct plant_reader *reader, const cJSON *object, const char *key,
                   unsigned decimals, int64_t min, int64_t max, int64_t *value);

/* The same of a value that is no member (an element of a list). */
bool plant_decimal_value(struct plant_reader *reader, const cJSON *value, unsigned decimals,
                         int64_t min, int64_t max, int64_t *number);

/* A resolution 1, 0.1 … 0.000000001, as its number of decimals. */
bool plant_resolution(struct plant_reader *reader, const cJSON *object, const char *key,
                      uint8_t *decimals);

bool plant_bool(const cJSON *object, const char *key, bool *value);

/* One of `count` words, as its place in `words`. */
bool plant_choice(struct plant_reader *reader, const cJSON *object, const char *key,
                  const char *const *words, size_t count, size_t *chosen);

/* A day "YYYY-MM-DD", a time of day "HH:MM". */
bool plant_day(struct plant_reader *reader, const cJSON *object, const char *key, int32_t *day);
/* A period of the books (period.h), such as "2026-03" or "2026-03-X1". */
bool plant_period(struct plant_reader *reader, const cJSON *object, const char *key,
                  struct period *period);
bool plant_time_of_day(struct plant_reader *reader, const cJSON *object, const char *key,
                       int32_t *seconds);

/* The row of a table, each row beginning with its id, that a text names; a mistake with the nearest
 * id where there is none. `what` is the word for a row ("item"). */
bool plant_reference(struct plant_reader *reader, const cJSON *value, const char *what,
                     const void *rows, uint32_t count, size_t row_size, uint32_t *found);

/* Mistakes for rows of a list of objects whose "id" was given before. */
void plant_unique_ids(struct plant_reader *reader, const cJSON *list);

#endif
