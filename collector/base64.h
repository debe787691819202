/* Base64 (RFC 4648, section 4, with padding). */
#ifndef HEATLEDGER_BASE64_H
#define HEATLEDGER_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#define BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4)

/* Writes BASE64_SIZE(length) characters, without NUL. */
void base64_encode(const void *bytes, size_t length, char *text);

/* May decode in place. False where the text is none. */
bool base64_decode(const char *text, size_t length, void *bytes, size_t *decoded);

#endif
