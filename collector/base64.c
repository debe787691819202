#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *bytes, size_t length, char *text)
{
    const unsigned char *in = bytes;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                         (left > 2 ? in[i + 2] : 0u);
        *text++ = alphabet[group >> 18];
        *text++ = alphabet[group >> 12 & 63];
        *text++ = (char)(left > 1 ? alphabet[group >> 6 & 63] : '=');
        *text++ = (char)(left > 2 ? alphabet[group & 63] : '=');
    }
}

bool base64_decode(const char *text, size_t length, void *bytes, size_t *decoded)
{
    unsigned char *out = bytes;
    size_t padding = length > 0 && text[length - 1] == '=' ? 1 : 0;
    padding += padding == 1 && length > 1 && text[length - 2] == '=' ? 1 : 0;
    *decoded = 0;
    if (length % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < length; i += 4) {
        uint32_t group = 0;
        size_t kept = i + 4 == length ? 3 - padding : 3;
        for (size_t j = 0; j < 4; j++) {
            char byte = text[i + j];
            const char *digit = byte == '\0' ? NULL : strchr(alphabet, byte);
            if (j <= kept && digit == NULL) {
                return false;
            }
            group = group << 6 | (j <= kept ? (uint32_t)(digit - alphabet) : 0);
        }
        for (size_t j = 0; j < kept; j++) {
            out[(*decoded)++] = (unsigned char)(group >> (16 - 8 * j) & 0xff);
        }
    }
    return true;
}
