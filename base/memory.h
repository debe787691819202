/* Allocation that does not fail: a daemon without memory stops with a message, and its journal
 * brings it back. Ownership of everything returned here is the caller's, released with free(). */
#ifndef HEATLEDGER_MEMORY_H
#define HEATLEDGER_MEMORY_H

#include <stddef.h>

/* `count` zeroed elements of `size` bytes. */
void *memory_zeroed(size_t count, size_t size);

/* A copy of `text`, which must end with NUL. */
char *memory_text(const char *text);

/* Makes room for one more element in a growing array: `*array` holds `used` elements of `size`
 * bytes and has room for `*capacity`. Both may change. */
void memory_grow(void *array, size_t used, size_t *capacity, size_t size);

/* The same where many arrays have few elements each: it grows by a half, one at least. */
void memory_grow_sparingly(void *array, size_t used, size_t *capacity, size_t size);

#endif
