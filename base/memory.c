#include "memory.h"

#include "failure.h"

#include <stdlib.h>
#include <string.h>

void *memory_zeroed(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size);
    REQUIRE(block != NULL);
    return block;
}

char *memory_text(const char *text)
{
    char *copy = strdup(text);
    REQUIRE(copy != NULL);
    return copy;
}

static void resize(void *array, size_t *capacity, size_t wanted, size_t size)
{
    void *block = NULL;
    memcpy(&block, array, sizeof block);
    block = reallocarray(block, wanted, size);
    REQUIRE(block != NULL);
    memcpy(array, &block, sizeof block);
    *capacity = wanted;
}

void memory_grow(void *array, size_t used, size_t *capacity, size_t size)
{
    if (used >= *capacity) {
        resize(array, capacity, *capacity < 8 ? 8 : *capacity * 2, size);
    }
}

void memory_grow_sparingly(void *array, size_t used, size_t *capacity, size_t size)
{
    if (used >= *capacity) {
        resize(array, capacity, *capacity + 1 + *capacity / 2, size);
    }
}
