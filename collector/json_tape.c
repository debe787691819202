#include "json_tape.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_KEPT 4096 /* a tape that grew beyond this shrinks after the text */

void json_tape_clear(struct json_tape *tape)
{
    free(tape->values);
    *tape = (struct json_tape){0};
}

void json_tape_reset(struct json_tape *tape)
{
    if (tape->capacity > VALUES_KEPT) {
        json_tape_clear(tape);
    }
    tape->count = 0;
    tape->odd = false;
}

static unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

static uint32_t unit_at(const char *digits)
{
    return hex_digit(digits[0]) << 12 | hex_digit(digits[1]) << 8 | hex_digit(digits[2]) << 4 |
           hex_digit(digits[3]);
}

static size_t write_character(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(leads[more] | code >> 6 * more);
    for (size_t i = 1; i <= more; i++) {
        out[i] = (char)(0x80 | (code >> 6 * (more - i) & 0x3f));
    }
    return more + 1;
}

/* At the `u` of an escape; returns behind it. */
static const char *plain_unicode(const char *at, char **out)
{
    uint32_t code = unit_at(at + 1);
    at += 5;
    if (code >= 0xd800 && code < 0xdc00) { /* the scan saw to its other half */
        code = 0x10000 + ((code & 0x3ff) << 10 | (unit_at(at + 2) & 0x3ff));
        at += 6;
    }
    *out += write_character(code, *out);
    return at;
}

size_t json_text_plain(const char *text, size_t length, char *plain)
{
    static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char *end = text + length;
    char *out = plain;
    while (text < end) {
        if (*text != '\\') {
            *out++ = *text++;
            continue;
        }
        text++;
        if (*text == 'u') {
            text = plain_unicode(text, &out);
            continue;
        }
        const char *name = strchr(names, *text);
        *out++ = name != NULL ? meant[name - names] : *text; /* else it stands for itself */
        text++;
    }
    return (size_t)(out - plain);
}

/* Compares without a copy: what is escaped is undone character by character. */
static bool escaped_is(const char *text, size_t length, const char *key, size_t key_length)
{
    const char *end = text + length;
    char plain[4];
    while (text < end) {
        const char *behind = text + 1;
        if (*text == '\\') {
            bool pair = text[1] == 'u' && (unit_at(text + 2) & 0xfc00) == 0xd800;
            behind = text + (text[1] != 'u' ? 2 : pair ? 12 : 6);
        }
        size_t size = json_text_plain(text, (size_t)(behind - text), plain);
        if (size > key_length || memcmp(plain, key, size) != 0) {
            return false;
        }
        text = behind;
        key += size;
        key_length -= size;
    }
    return key_length == 0;
}

bool json_key_is(const struct json_value *member, const char *key, size_t key_length)
{
    if (member->key_escaped) {
        return escaped_is(member->key, member->key_length, key, key_length);
    }
    return member->key_length == key_length && memcmp(member->key, key, key_length) == 0;
}

const struct json_value *json_member(const struct json_value *object, const char *key,
                                     size_t key_length)
{
    if (object->kind != JSON_OBJECT) {
        return NULL;
    }
    const struct json_value *end = json_behind(object);
    for (const struct json_value *v = json_first(object); v < end; v = json_behind(v)) {
        if (json_key_is(v, key, key_length)) {
            return v;
        }
    }
    return NULL;
}

const struct json_value *json_element(const struct json_value *array, size_t index)
{
    if (array->kind != JSON_ARRAY) {
        return NULL;
    }
    const struct json_value *end = json_behind(array);
    for (const struct json_value *v = json_first(array); v < end; v = json_behind(v)) {
        if (index-- == 0) {
            return v;
        }
    }
    return NULL;
}
