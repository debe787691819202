/* Tables of a row for every meter, in huge pages where the machine has them: with a hundred
 * thousand meters that are read in any order, finding the page costs as much as fetching the line.
 */
#ifndef HEATLEDGER_LARGE_H
#define HEATLEDGER_LARGE_H

#include <stddef.h>

/* `count` zeroed rows of `size` bytes, aligned to `alignment` (a power of 2). Never NULL. Released
 * by free(). */
void *large_zeroed(size_t count, size_t size, size_t alignment);

#endif
