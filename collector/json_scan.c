#include "json_scan.h"

#include "failure.h"
#include "memory.h"

#include <string.h>

#define KEYS_COMPARED                                                                              \
    32 /* before a key; an object of more is looked into as a whole, afterwards                    \
        */

struct scan {
    const char *end;
    unsigned nesting_max;
    bool nul_allowed;
    struct json_fault *fault;
    struct json_tape *tape;    /* NULL: nothing is noted */
    struct json_value ignored; /* stands for the values of no tape */
};

static const char *wrong(const struct scan *scan, const char *at, const char *what)
{
    *scan->fault = (struct json_fault){.at = at, .what = what};
    return NULL;
}

const char *json_scan_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
        at++;
    }
    return at;
}

size_t json_scan_character(const char *at, const char *end)
{
    unsigned char lead = (unsigned char)at[0];
    size_t length = lead < 0x80                   ? 1
                    : lead >= 0xc2 && lead < 0xe0 ? 2
                    : lead >= 0xe0 && lead < 0xf0 ? 3
                    : lead >= 0xf0 && lead < 0xf5 ? 4
                                                  : 0;
    if (length == 0 || (size_t)(end - at) < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    unsigned char second = length > 1 ? (unsigned char)at[1] : 0;
    bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    bool surrogate = lead == 0xed && second >= 0xa0;
    bool beyond = lead == 0xf4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

static int hex(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *digit = at[i] == '\0' ? NULL : strchr(digits, at[i]);
        if (digit == NULL) {
            return -1;
        }
        value = value * 16 + (int)((digit - digits) % 16);
    }
    return value;
}

/* At the `u` of an escape; returns behind it. */
static const char *scan_unicode(const struct scan *scan, const char *at)
{
    int unit = scan->end - at > 4 ? hex(at + 1) : -1;
    if (unit < 0) {
        return wrong(scan, at, "\\u needs four hex digits");
    }
    if (unit == 0 && !scan->nul_allowed) {
        return wrong(scan, at, "\\u0000 has no place in a text");
    }
    at += 5;
    if (unit < 0xd800 || unit > 0xdfff) {
        return at;
    }
    int low =
        unit < 0xdc00 && scan->end - at > 5 && at[0] == '\\' && at[1] == 'u' ? hex(at + 2) : -1;
    if (low < 0xdc00 || low > 0xdfff) {
        return wrong(scan, at, "half of a surrogate pair is missing");
    }
    return at + 6;
}

static bool stands_for_itself(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The top bit of each byte that is less than `limit` (at most 0x80), and of none below the first.
 */
static inline uint64_t less_than(uint64_t bytes, unsigned limit)
{
    return (bytes - EACH_BYTE(limit)) & ~bytes & EACH_BYTE(0x80);
}

/* Behind the bytes that stand for themselves, eight at a time. */
static inline const char *skip_plain(const char *at, const char *end)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; end - at >= 8; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        uint64_t special = (bytes & EACH_BYTE(0x80)) | less_than(bytes, 0x20) |
                           less_than(bytes ^ EACH_BYTE('"'), 1) |
                           less_than(bytes ^ EACH_BYTE('\\'), 1);
        if (special != 0) {
            return at + __builtin_ctzll(special) / 8;
        }
    }
#endif
    while (at < end && stands_for_itself((unsigned char)*at)) {
        at++;
    }
    return at;
}

/* At the backslash of an escape; returns behind it. */
static const char *scan_escape(const struct scan *scan, const char *at)
{
    at++;
    if (at < scan->end && *at == 'u') {
        return scan_unicode(scan, at);
    }
    if (at == scan->end || *at == '\0' || strchr("\"\\/bfnrt", *at) == NULL) {
        return wrong(scan, at, "no such escape");
    }
    return at + 1;
}

static const char *scan_string(const struct scan *scan, const char *at, bool *escaped)
{
    *escaped = false;
    for (at = skip_plain(at + 1, scan->end); at < scan->end; at = skip_plain(at, scan->end)) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '"') {
            return at + 1;
        }
        if (byte == '\\') {
            *escaped = true;
            if ((at = scan_escape(scan, at)) == NULL) {
                return NULL;
            }
        } else if (byte < 0x20) {
            return wrong(scan, at, "a control character stands in a text");
        } else {
            size_t length = json_scan_character(at, scan->end);
            if (length == 0) {
                return wrong(scan, at, "not UTF-8");
            }
            at += length;
        }
    }
    return wrong(scan, at, "a text is not ended");
}

static const char *scan_digits(const struct scan *scan, const char *at)
{
    const char *start = at;
    while (at < scan->end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at > start ? at : wrong(scan, at, "a digit is missing");
}

/* `*large`: the exponent has so many digits that the number may be beyond all numbers. */
static const char *scan_number(const struct scan *scan, const char *at, bool *large)
{
    *large = false;
    if (*at == '-') {
        at++;
    }
    if (at < scan->end && *at == '0') {
        at++;
    } else if ((at = scan_digits(scan, at)) == NULL) {
        return NULL;
    }
    if (at < scan->end && *at == '.' && (at = scan_digits(scan, at + 1)) == NULL) {
        return NULL;
    }
    if (at < scan->end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < scan->end && (*at == '+' || *at == '-')) {
            at++;
        }
        const char *digits = at;
        at = scan_digits(scan, at);
        *large = at != NULL && at - digits > 2;
    }
    return at;
}

/* ---- Values, which go on the tape as they begin ---- */

static struct json_value *note(struct scan *scan)
{
    struct json_tape *tape = scan->tape;
    if (tape == NULL) {
        return &scan->ignored;
    }
    if (tape->count == tape->capacity) {
        memory_grow(&tape->values, tape->count, &tape->capacity, sizeof *tape->values);
    }
    return &tape->values[tape->count++];
}

static const char *scan_any(struct scan *scan, const char *at, unsigned depth,
                            struct json_value *value);

/* A key and the colon behind it. */
static const char *scan_key(const struct scan *scan, const char *at, struct json_value *value)
{
    if (at == scan->end || *at != '"') {
        return wrong(scan, at, "a key is expected");
    }
    const char *start = at + 1;
    if ((at = scan_string(scan, at, &value->key_escaped)) == NULL) {
        return NULL;
    }
    value->key = start;
    value->key_length = (uint32_t)(at - 1 - start);
    at = json_scan_space(at, scan->end);
    if (at == scan->end || *at != ':') {
        return wrong(scan, at, "a colon is expected");
    }
    return json_scan_space(at + 1, scan->end);
}

/* A bit that two different keys seldom share. An escaped one may be equal to any: it has all. */
static uint64_t key_bit(const struct json_value *value)
{
    uint32_t length = value->key_length;
    if (value->key_escaped || length == 0) {
        return UINT64_MAX;
    }
    uint32_t mixed = (unsigned char)value->key[0] |
                     (uint32_t)(unsigned char)value->key[length - 1] << 8 | length << 16;
    return UINT64_C(1) << (mixed * UINT32_C(0x9e3779b1) >> 26);
}

/* Whether the newest key, of the object at `place`, may stand in it before. */
static bool may_stand_before(const struct json_tape *tape, size_t place)
{
    const struct json_value *newest = &tape->values[tape->count - 1];
    unsigned compared = 0;
    for (const struct json_value *v = &tape->values[place + 1]; v < newest; v = json_behind(v)) {
        bool same = v->key_length == newest->key_length &&
                    memcmp(v->key, newest->key, newest->key_length) == 0;
        if (same || v->key_escaped || newest->key_escaped || ++compared == KEYS_COMPARED) {
            return true;
        }
    }
    return false;
}

/* The values of the list at `place` of the tape up to its end, an object's each with a key before
 * it. */
static const char *scan_values(struct scan *scan, const char *at, unsigned depth, char close,
                               size_t place, bool *odd)
{
    uint64_t keys = 0;
    for (;;) {
        struct json_value *value = note(scan);
        value->key = NULL;
        if (close == '}') {
            if ((at = scan_key(scan, at, value)) == NULL) {
                return NULL;
            }
            uint64_t bit = key_bit(value);
            if ((keys & bit) != 0 && scan->tape != NULL && !*odd) {
                *odd = may_stand_before(scan->tape, place);
            }
            keys |= bit;
        }
        if ((at = scan_any(scan, at, depth + 1, value)) == NULL) {
            return NULL;
        }
        at = json_scan_space(at, scan->end);
        if (at < scan->end && *at == close) {
            return at + 1;
        }
        if (at == scan->end || *at != ',') {
            return wrong(scan, at,
                         close == '}' ? "a comma or } is expected" : "a comma or ] is expected");
        }
        at = json_scan_space(at + 1, scan->end);
    }
}

/* Object or array: both are lists of values. */
static const char *scan_list(struct scan *scan, const char *at, unsigned depth,
                             struct json_value *value)
{
    struct json_tape *tape = scan->tape;
    size_t place = tape != NULL ? (size_t)(value - tape->values) : 0;
    bool odd = false;
    char close = *at == '{' ? '}' : ']';
    value->kind = close == '}' ? JSON_OBJECT : JSON_ARRAY;
    value->start = at;
    if (depth >= scan->nesting_max) {
        return wrong(scan, at, "nested too deeply");
    }
    const char *start = at;
    at = json_scan_space(at + 1, scan->end);
    at = at < scan->end && *at == close ? at + 1 : scan_values(scan, at, depth, close, place, &odd);
    if (at != NULL && tape != NULL) {
        value = &tape->values[place]; /* which may lie elsewhere by now */
        value->length = (uint32_t)(at - start);
        value->span = (uint32_t)(tape->count - place);
        value->odd = odd;
        tape->odd = tape->odd || odd;
    }
    return at;
}

static const char *scan_word(const struct scan *scan, const char *at, struct json_value *value)
{
    static const struct {
        const char *text;
        size_t length;
        enum json_kind kind;
    } words[] = {{"true", 4, JSON_TRUE}, {"false", 5, JSON_FALSE}, {"null", 4, JSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((size_t)(scan->end - at) >= words[i].length &&
            memcmp(at, words[i].text, words[i].length) == 0) {
            value->kind = (uint8_t)words[i].kind;
            value->length = (uint32_t)words[i].length;
            return at + words[i].length;
        }
    }
    return wrong(scan, at, "a value is expected");
}

/* `value` is the newest of the tape, its key is known. */
static const char *scan_any(struct scan *scan, const char *at, unsigned depth,
                            struct json_value *value)
{
    if (at == scan->end) {
        return wrong(scan, at, "a value is expected");
    }
    value->span = 1;
    value->odd = false;
    value->escaped = false;
    if (*at == '"') {
        value->kind = JSON_TEXT;
        value->start = at + 1;
        at = scan_string(scan, at, &value->escaped);
        value->length = at == NULL ? 0 : (uint32_t)(at - 1 - value->start);
        return at;
    }
    value->start = at;
    if (*at == '-' || (*at >= '0' && *at <= '9')) {
        bool large = false;
        value->kind = JSON_NUMBER;
        if ((at = scan_number(scan, at, &large)) != NULL) {
            value->length = (uint32_t)(at - value->start);
            value->odd = large || value->length > JSON_DIGITS_MAX;
            if (value->odd && scan->tape != NULL) {
                scan->tape->odd = true;
            }
        }
        return at;
    }
    if (*at == '{' || *at == '[') {
        return scan_list(scan, at, depth, value);
    }
    return scan_word(scan, at, value);
}

const char *json_scan_value(const char *at, const char *end, unsigned nesting_max, bool nul_allowed,
                            struct json_fault *fault)
{
    struct scan scan = {
        .end = end, .nesting_max = nesting_max, .nul_allowed = nul_allowed, .fault = fault};
    return scan_any(&scan, at, 0, note(&scan));
}

bool json_scan_all(const char *text, size_t length, unsigned nesting_max, struct json_tape *tape,
                   struct json_fault *fault)
{
    REQUIRE(length <= UINT32_MAX);
    struct scan scan = {
        .end = text + length, .nesting_max = nesting_max, .fault = fault, .tape = tape};
    json_tape_reset(tape);
    const char *at = json_scan_space(text, scan.end);
    if (at == scan.end) {
        wrong(&scan, at, "the text is empty");
        return false;
    }
    struct json_value *root = note(&scan);
    root->key = NULL;
    at = scan_any(&scan, at, 0, root);
    if (at == NULL) {
        return false;
    }
    at = json_scan_space(at, scan.end);
    if (at != scan.end) {
        wrong(&scan, at, "something follows the value");
        return false;
    }
    return true;
}
