#include "json_scan.h"

#include <string.h>

struct scan {
    const char *end;
    unsigned nesting_max;
    bool nul_allowed;
    struct json_fault *fault;
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

static const char *scan_string(const struct scan *scan, const char *at)
{
    for (at++; at < scan->end;) {
        unsigned char byte = (unsigned char)*at;
        if (stands_for_itself(byte)) {
            at++;
            continue;
        }
        if (byte == '"') {
            return at + 1;
        }
        if (byte == '\\') {
            at++;
            if (at < scan->end && *at == 'u') {
                at = scan_unicode(scan, at);
                if (at == NULL) {
                    return NULL;
                }
                continue;
            }
            if (at == scan->end || *at == '\0' || strchr("\"\\/bfnrt", *at) == NULL) {
                return wrong(scan, at, "no such escape");
            }
            at++;
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

static const char *scan_number(const struct scan *scan, const char *at)
{
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
        return scan_digits(scan, at);
    }
    return at;
}

static const char *scan_any(const struct scan *scan, const char *at, unsigned depth);

/* Object or array: both are lists of values, an object's each with a key before it. */
static const char *scan_list(const struct scan *scan, const char *at, unsigned depth)
{
    char close = *at == '{' ? '}' : ']';
    if (depth >= scan->nesting_max) {
        return wrong(scan, at, "nested too deeply");
    }
    at = json_scan_space(at + 1, scan->end);
    if (at < scan->end && *at == close) {
        return at + 1;
    }
    for (;;) {
        if (close == '}') {
            if (at == scan->end || *at != '"') {
                return wrong(scan, at, "a key is expected");
            }
            if ((at = scan_string(scan, at)) == NULL) {
                return NULL;
            }
            at = json_scan_space(at, scan->end);
            if (at == scan->end || *at != ':') {
                return wrong(scan, at, "a colon is expected");
            }
            at = json_scan_space(at + 1, scan->end);
        }
        if ((at = scan_any(scan, at, depth + 1)) == NULL) {
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

static const char *scan_any(const struct scan *scan, const char *at, unsigned depth)
{
    static const struct {
        const char *text;
        size_t length;
    } words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    if (at == scan->end) {
        return wrong(scan, at, "a value is expected");
    }
    if (*at == '{' || *at == '[') {
        return scan_list(scan, at, depth);
    }
    if (*at == '"') {
        return scan_string(scan, at);
    }
    if (*at == '-' || (*at >= '0' && *at <= '9')) {
        return scan_number(scan, at);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((size_t)(scan->end - at) >= words[i].length &&
            memcmp(at, words[i].text, words[i].length) == 0) {
            return at + words[i].length;
        }
    }
    return wrong(scan, at, "a value is expected");
}

const char *json_scan_value(const char *at, const char *end, unsigned nesting_max, bool nul_allowed,
                            struct json_fault *fault)
{
    struct scan scan = {end, nesting_max, nul_allowed, fault};
    return scan_any(&scan, at, 0);
}

bool json_scan_all(const char *text, size_t length, unsigned nesting_max, bool nul_allowed,
                   struct json_fault *fault)
{
    const char *end = text + length;
    const char *at = json_scan_space(text, end);
    if (at == end) {
        *fault = (struct json_fault){.at = at, .what = "the text is empty"};
        return false;
    }
    at = json_scan_value(at, end, nesting_max, nul_allowed, fault);
    if (at == NULL) {
        return false;
    }
    at = json_scan_space(at, end);
    if (at != end) {
        *fault = (struct json_fault){.at = at, .what = "something follows the value"};
        return false;
    }
    return true;
}
