/* Files of the source tree for tests of this folder: found from the place of this header. */
#ifndef HEATLEDGER_TEST_SOURCE_FILE_H
#define HEATLEDGER_TEST_SOURCE_FILE_H

#include "failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The path of a file given from the root of the sources; in `path`, which it returns. */
static inline char *source_path(const char *name, char path[1024])
{
    const char *here = __FILE__;
    size_t length = strlen(here) - strlen("tests/plant/source_file.h");
    REQUIRE(snprintf(path, 1024, "%.*s%s", (int)length, here, name) < 1024);
    return path;
}

/* The text of such a file; the caller's. */
static inline char *source_file(const char *name)
{
    char path[1024];
    size_t capacity = 1u << 20;
    char *text = malloc(capacity);
    FILE *file = fopen(source_path(name, path), "rb");
    REQUIRE(text != NULL && file != NULL);
    size_t length = fread(text, 1, capacity - 1, file);
    REQUIRE(feof(file) != 0);
    fclose(file);
    text[length] = '\0';
    return text;
}

#endif
