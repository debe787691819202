/* JSON text checked strictly (RFC 8259) in one pass: grammar, numbers, UTF-8, depth. A message's
 * values are noted on a tape meanwhile; a recording only finds where a payload begins and ends. */
#ifndef HEATLEDGER_JSON_SCAN_H
#define HEATLEDGER_JSON_SCAN_H

#include "json_tape.h"

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

/* Whether all of the text (less than 4 GiB) is one value, white space around it allowed, \u0000
 * not. Its values are then on the tape, instead of those that were there. */
bool json_scan_all(const char *text, size_t length, unsigned nesting_max, struct json_tape *tape,
                   struct json_fault *fault);

/* Length of the UTF-8 character at `at`, 0 where it is none. */
size_t json_scan_character(const char *at, const char *end);

#endif
