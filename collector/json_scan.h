/* JSON text checked strictly (RFC 8259) without building anything: grammar, numbers, UTF-8, depth.
 * cJSON reads what has passed; a recording finds where a payload begins and ends. */
#ifndef HEATLEDGER_JSON_SCAN_H
#define HEATLEDGER_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct json_fault {
    const char *at;   /* into the text */
    const char *what; /* constant */
};

/* Behind the value that starts at `at`, or NULL with what is wrong. No space is skipped before it.
 * Text may hold no \u0000 where `nul_allowed` is false: C texts cannot carry it. */
const char *json_scan_value(const char *at, const char *end, unsigned nesting_max, bool nul_allowed,
                            struct json_fault *fault);

const char *json_scan_space(const char *at, const char *end);

/* Whether all of the text is one value, white space around it allowed. */
bool json_scan_all(const char *text, size_t length, unsigned nesting_max, bool nul_allowed,
                   struct json_fault *fault);

/* Length of the UTF-8 character at `at`, 0 where it is none. */
size_t json_scan_character(const char *at, const char *end);

#endif
