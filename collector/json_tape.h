/* A JSON text as a table of its values, in the order of the text: what json_scan leaves behind when
 * it reads one. Nothing is copied, texts keep their escapes: a value points into the text, which
 * must outlive it.
 *
 * A list (array or object) is followed by the values within it, so that its elements, or members,
 * are walked like this:
 *
 *   for (v = json_first(list); v < json_behind(list); v = json_behind(v)) */
#ifndef HEATLEDGER_JSON_TAPE_H
#define HEATLEDGER_JSON_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DIGITS_MAX 63 /* bytes of a number; a longer one is odd */

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_value {
    const char *key;             /* of a member: what stands between its quotes; else NULL */
    const char *start;           /* a text: what stands between its quotes; else as it is written */
    uint32_t key_length, length; /* bytes */
    uint32_t span;               /* values: itself and all within it */
    uint8_t kind;                /* enum json_kind */
    bool escaped, key_escaped;   /* holds escapes, json_text_plain undoes them */
    bool odd; /* object: a key may stand twice; number: too long, or so large that it may have no
                 finite value. To be looked into: most of them are good */
};

struct json_tape {
    struct json_value *values; /* values[0] is the root */
    size_t count, capacity;
    bool odd; /* a value is */
};

/* Gives back what the tape holds; {0} is an empty one. */
void json_tape_clear(struct json_tape *tape);

/* Forgets the values; what a large text took goes back. */
void json_tape_reset(struct json_tape *tape);

static inline const struct json_value *json_first(const struct json_value *list)
{
    return list + 1;
}

static inline const struct json_value *json_behind(const struct json_value *value)
{
    return value + value->span;
}

/* The member of that key, the element at that place; NULL: there is none, or it is no such list. */
const struct json_value *json_member(const struct json_value *object, const char *key,
                                     size_t key_length);
const struct json_value *json_element(const struct json_value *array, size_t index);

/* Whether a member's key, its escapes undone, is `key`. */
bool json_key_is(const struct json_value *member, const char *key, size_t key_length);

/* Writes a text that was scanned without its escapes; returns its bytes, at most `length`. Not
 * ended with NUL. */
size_t json_text_plain(const char *text, size_t length, char *plain);

#endif
