#include "decode_ambiguity.h"

#include "json_number.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_COMPARED 16 /* up to so many keys all pairs are compared, beyond they are sorted */

/* A member's key, its escapes undone. */
static const char *plain_key(const struct row *row, const struct json_value *member)
{
    char *key = text_arena_copy(row->arena, member->key, member->key_length);
    key[json_text_plain(member->key, member->key_length, key)] = '\0';
    return key;
}

static int compare_keys(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* A key that stands twice in the object, or NULL. */
static const char *repeated_key(const struct row *row, const struct json_value *object)
{
    const struct json_value *end = json_behind(object);
    size_t count = 0;
    const char **keys = text_arena_take(row->arena, object->span * sizeof *keys);
    for (const struct json_value *v = json_first(object); v < end; v = json_behind(v)) {
        keys[count] = plain_key(row, v);
        for (size_t i = 0; i < count && count < KEYS_COMPARED; i++) {
            if (strcmp(keys[i], keys[count]) == 0) {
                return keys[i];
            }
        }
        count++;
    }
    if (count <= KEYS_COMPARED) {
        return NULL;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0) {
            return keys[i];
        }
    }
    return NULL;
}

bool row_unambiguous(const struct row *row, const struct json_tape *tape)
{
    const struct json_value *end = tape->values + tape->count;
    for (const struct json_value *v = tape->values; v < end; v++) {
        if (v->odd && v->kind == JSON_NUMBER && v->length > JSON_DIGITS_MAX) {
            return row_refuse(row, OUTCOME_UNDECODABLE,
                              "the JSON cannot be read: a number is too long");
        }
    }
    for (const struct json_value *v = tape->values; v < end; v++) {
        if (v->odd && v->kind == JSON_NUMBER && json_number_overflows(v->start, v->length)) {
            const char *key = v->key != NULL ? plain_key(row, v) : NULL;
            return row_refuse(row, OUTCOME_UNDECODABLE,
                              "a number%s%.40s is beyond all numbers (1e400)",
                              key != NULL ? " at key " : "", key != NULL ? key : "");
        }
        const char *key = v->odd && v->kind == JSON_OBJECT ? repeated_key(row, v) : NULL;
        if (key != NULL) {
            return row_refuse(row, OUTCOME_UNDECODABLE,
                              "the key \"%.60s\" stands twice in an object", key);
        }
    }
    return true;
}
