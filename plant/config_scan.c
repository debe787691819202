#include "config_scan.h"

#include "config_text.h"
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCAN_KEY_SHOWN_MAX 64

struct scan {
    const char *name;
    const char *text;
    const char *at;
    uint32_t line;
    char key[SCAN_KEY_SHOWN_MAX + 1]; /* the last key seen, for messages */
    struct config_place *places;
    size_t count, capacity;
    struct failure *failure;
};

static bool scan_value(struct scan *scan, uint32_t parent, uint32_t line, int depth);

__attribute__((format(printf, 2, 3))) static bool scan_fail(struct scan *scan, const char *format,
                                                            ...)
{
    char text[FAILURE_TEXT_MAX / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return failure_set(scan->failure, FAILURE_INPUT, "%s:%u: %s: %s", scan->name,
                       (unsigned)scan->line, scan->key, text);
}

static void scan_space(struct scan *scan)
{
    while (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r') {
        scan->line += *scan->at == '\n';
        scan->at++;
    }
}

/* What stands at the place, for a message: a character, or the end. */
static const char *scan_found(const struct scan *scan, char shown[16])
{
    unsigned char c = (unsigned char)*scan->at;
    if (c == '\0') {
        return "the end of the file";
    }
    if (c < 0x20 || c >= 0x7f) {
        snprintf(shown, 16, "byte 0x%02x", c);
    } else {
        snprintf(shown, 16, "'%c'", c);
    }
    return shown;
}

/* Bytes of the UTF-8 sequence that starts here; 0 where it is none (overlong forms, surrogates and
 * what lies beyond U+10FFFF included: RFC 3629, section 4). */
static size_t scan_utf8_length(const unsigned char *at)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t length = 0;
    if (at[0] < 0x80) {
        return 1;
    }
    if (at[0] >= 0xc2 && at[0] <= 0xdf) {
        length = 2;
    } else if (at[0] >= 0xe0 && at[0] <= 0xef) {
        length = 3;
        low = at[0] == 0xe0 ? 0xa0 : 0x80;
        high = at[0] == 0xed ? 0x9f : 0xbf;
    } else if (at[0] >= 0xf0 && at[0] <= 0xf4) {
        length = 4;
        low = at[0] == 0xf0 ? 0x90 : 0x80;
        high = at[0] == 0xf4 ? 0x8f : 0xbf;
    } else {
        return 0;
    }
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (at[i] < 0x80 || at[i] > 0xbf) {
            return 0;
        }
    }
    return length;
}

static bool scan_hex4(const char *at, unsigned *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *found = at[i] == '\0' ? NULL : strchr(digits, at[i]);
        if (found == NULL) {
            return false;
        }
        *value = *value * 16 + (unsigned)((found - digits) % 16);
    }
    return true;
}

static bool scan_escape(struct scan *scan)
{
    unsigned first = 0, second = 0;
    if (scan->at[1] != 'u') {
        if (scan->at[1] == '\0' || strchr("\"\\/bfnrt", scan->at[1]) == NULL) {
            return scan_fail(scan, "a backslash in a text starts one of \\\" \\\\ \\/ \\b \\f \\n "
                                   "\\r \\t \\uXXXX; write \\\\ for a backslash");
        }
        scan->at += 2;
        return true;
    }
    bool hex = scan_hex4(scan->at + 2, &first);
    bool pair = hex && first >= 0xd800 && first <= 0xdbff && scan->at[6] == '\\' &&
                scan->at[7] == 'u' && scan_hex4(scan->at + 8, &second) && second >= 0xdc00 &&
                second <= 0xdfff;
    if (!hex || first == 0 || (first >= 0xd800 && first <= 0xdfff && !pair)) {
        return scan_fail(scan, "\\u must be followed by the four hexadecimal digits of a character "
                               "(not 0000, surrogates in pairs)");
    }
    scan->at += pair ? 12 : 6;
    return true;
}

static bool scan_string(struct scan *scan)
{
    scan->at++;
    while (*scan->at != '"') {
        size_t length = scan_utf8_length((const unsigned char *)scan->at);
        if (*scan->at == '\0' || *scan->at == '\n') {
            return scan_fail(scan, "a text begins in this line and has no end; a \" is missing");
        }
        if ((unsigned char)*scan->at < 0x20) {
            return scan_fail(scan, "a text holds control character 0x%02x; write it as \\u%04x",
                             (unsigned)(unsigned char)*scan->at,
                             (unsigned)(unsigned char)*scan->at);
        }
        if (length == 0) {
            return scan_fail(scan, "byte 0x%02x is not UTF-8; save the file as UTF-8",
                             (unsigned)(unsigned char)*scan->at);
        }
        if (*scan->at != '\\') {
            scan->at += length;
        } else if (!scan_escape(scan)) {
            return false;
        }
    }
    scan->at++;
    return true;
}

static bool scan_number(struct scan *scan)
{
    const char *start = scan->at;
    size_t written = strspn(start, "+-.0123456789eE");
    const char *at = start + (*start == '-');
    size_t digits = strspn(at, "0123456789");
    bool good = digits > 0 && (digits == 1 || *at != '0');
    at += digits;
    if (*at == '.') {
        digits = strspn(at + 1, "0123456789");
        good = good && digits > 0;
        at += 1 + digits;
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        digits = strspn(at, "0123456789");
        good = good && digits > 0;
        at += digits;
    }
    if (!good || at != start + written) {
        return scan_fail(scan,
                         "%.*s is no JSON number; write it like 12, -0.5 or 4e5 (no +, a digit on "
                         "both sides of the point, no leading zeros)",
                         (int)(written > 40 ? 40 : written), start);
    }
    scan->at = at;
    return true;
}

static bool scan_word(struct scan *scan)
{
    static const char *const words[] = {"true", "false", "null"};
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t length = strspn(scan->at, letters);
    char shown[16];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (length == strlen(words[i]) && memcmp(scan->at, words[i], length) == 0) {
            scan->at += length;
            return true;
        }
    }
    if (length > 0) {
        return scan_fail(scan,
                         "%.*s is no value; a text stands in \"quotes\", other words are "
                         "true, false and null",
                         (int)(length > 40 ? 40 : length), scan->at);
    }
    if (*scan->at == '\'') {
        return scan_fail(scan, "a text stands in double quotes: \"text\"");
    }
    return scan_fail(scan, "a value is missing before %s", scan_found(scan, shown));
}

/* Behind an element: true at a comma that another element follows or at `close`, which `*ended`
 * tells apart. */
static bool scan_separator(struct scan *scan, char close, bool *ended)
{
    char shown[16];
    scan_space(scan);
    *ended = *scan->at == close;
    if (*ended) {
        scan->at++;
        return true;
    }
    if (*scan->at != ',') {
        return scan_fail(scan, "a comma or '%c' is missing before %s", close,
                         scan_found(scan, shown));
    }
    scan->at++;
    scan_space(scan);
    if (*scan->at == close) {
        return scan_fail(scan,
                         "the last element is followed by a comma; remove the comma before "
                         "'%c'",
                         close);
    }
    return true;
}

static bool scan_list(struct scan *scan, uint32_t self, int depth)
{
    bool ended = false;
    scan->at++;
    scan_space(scan);
    if (*scan->at == ']') {
        scan->at++;
        return true;
    }
    while (!ended) {
        scan_space(scan);
        if (!scan_value(scan, self, scan->line, depth) || !scan_separator(scan, ']', &ended)) {
            return false;
        }
    }
    return true;
}

static bool scan_object(struct scan *scan, uint32_t self, int depth)
{
    bool ended = false;
    char shown[16];
    scan->at++;
    scan_space(scan);
    if (*scan->at == '}') {
        scan->at++;
        return true;
    }
    while (!ended) {
        scan_space(scan);
        uint32_t line = scan->line;
        const char *key = scan->at;
        if (*key != '"') {
            return scan_fail(scan, "a key in double quotes is missing before %s",
                             scan_found(scan, shown));
        }
        if (!scan_string(scan)) {
            return false;
        }
        snprintf(scan->key, sizeof scan->key, "%.*s", (int)(scan->at - key - 2), key + 1);
        scan_space(scan);
        if (*scan->at != ':') {
            return scan_fail(scan, "a ':' is missing between the key and its value, before %s",
                             scan_found(scan, shown));
        }
        scan->at++;
        scan_space(scan);
        if (!scan_value(scan, self, line, depth) || !scan_separator(scan, '}', &ended)) {
            return false;
        }
    }
    return true;
}

static bool scan_value(struct scan *scan, uint32_t parent, uint32_t line, int depth)
{
    if (depth > CONFIG_NESTING_MAX) {
        return scan_fail(scan, "more than %d objects and lists stand inside each other",
                         CONFIG_NESTING_MAX);
    }
    memory_grow(&scan->places, scan->count, &scan->capacity, sizeof *scan->places);
    REQUIRE(scan->count < CONFIG_SCAN_ROOT);
    uint32_t self = (uint32_t)scan->count++;
    size_t offset = (size_t)(scan->at - scan->text);
    bool good = false;
    switch (*scan->at) {
    case '{':
        good = scan_object(scan, self, depth + 1);
        break;
    case '[':
        good = scan_list(scan, self, depth + 1);
        break;
    case '"':
        good = scan_string(scan);
        break;
    default:
        good = *scan->at != '\0' && strchr("+-.0123456789", *scan->at) != NULL ? scan_number(scan)
                                                                               : scan_word(scan);
        break;
    }
    scan->places[self] = (struct config_place){.offset = offset,
                                               .length = (size_t)(scan->at - scan->text) - offset,
                                               .line = line,
                                               .parent = parent};
    return good;
}

bool config_scan(const char *name, const char *text, struct config_place **places, size_t *count,
                 struct failure *failure)
{
    struct scan scan = {
        .name = name, .text = text, .at = text, .line = 1, .key = "start", .failure = failure};
    char shown[16];
    scan_space(&scan);
    bool good = true;
    if (strncmp(scan.at, "\xef\xbb\xbf", 3) == 0) {
        good = scan_fail(&scan, "the file starts with a byte order mark; save it as UTF-8 without "
                                "one");
    } else if (*scan.at != '{') {
        good = scan_fail(&scan,
                         "a configuration is one JSON object and starts with '{', not with "
                         "%s",
                         scan_found(&scan, shown));
    }
    good = good && scan_value(&scan, CONFIG_SCAN_ROOT, scan.line, 1);
    scan_space(&scan);
    if (good && *scan.at != '\0') {
        good = scan_fail(&scan, "the configuration has ended, but %s follows; remove the rest",
                         scan_found(&scan, shown));
    }
    if (!good) {
        free(scan.places);
        return false;
    }
    *places = scan.places;
    *count = scan.count;
    return true;
}
