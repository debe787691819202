/* Strings as JSON text. */
#ifndef HEATLEDGER_JSON_TEXT_H
#define HEATLEDGER_JSON_TEXT_H

#include <stdio.h>

/* Writes `text`, which must be UTF-8, as a JSON string in quotes; NULL as null. */
void json_text_write(FILE *out, const char *text);

#endif
