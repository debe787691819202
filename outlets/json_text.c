#include "json_text.h"

void json_text_write(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("null", out);
        return;
    }
    putc('"', out);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            fprintf(out, "\\%c", *at);
        } else if ((unsigned char)*at < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*at);
        } else {
            putc(*at, out);
        }
    }
    putc('"', out);
}
