#include "large.h"

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE_BYTES ((size_t)2 << 20)

/* Below it the processor finds ordinary pages quickly enough, and the last huge one, of which half
 * is used as a rule, would be a tenth of all there is. */
#define HUGE_FROM_BYTES ((size_t)16 << 20)

void *large_zeroed(size_t count, size_t size, size_t alignment)
{
    REQUIRE(size > 0 && count < SIZE_MAX / 2 / size);
    size_t bytes = count * size;
    bool huge = bytes >= HUGE_FROM_BYTES;
    alignment = huge ? HUGE_PAGE_BYTES : alignment;
    bytes = (bytes + alignment) / alignment * alignment; /* never 0, and a multiple of it */
    void *rows = aligned_alloc(alignment, bytes);
    REQUIRE(rows != NULL);
    if (huge) {
        (void)madvise(rows, bytes, MADV_HUGEPAGE); /* refused: slower, no worse */
    }
    memset(rows, 0, count * size);
    return rows;
}
