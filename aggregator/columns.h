/* Numbers that stand beside the points of a curve, one a point, and are 0 for most meters: a column
 * takes memory only once one of its numbers is not. */
#ifndef HEATLEDGER_COLUMNS_H
#define HEATLEDGER_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

enum column {
    COLUMN_REST,      /* what the floor of C cut off */
    COLUMN_REFERENCE, /* levels: reference ^ raw, 0: the same */
    COLUMN_SEQ,       /* ~seq, 0: none */
    COLUMN_COUNT
};

/* Zeroed: every number is 0. */
struct columns {
    int64_t *of[COLUMN_COUNT];
};

void columns_clear(struct columns *columns);

static inline int64_t columns_get(const struct columns *columns, enum column column, size_t at)
{
    return columns->of[column] != NULL ? columns->of[column][at] : 0;
}

/* `capacity`: how many numbers a column holds, above `at`. */
void columns_set(struct columns *columns, enum column column, size_t at, int64_t number,
                 size_t capacity);

/* Another capacity; numbers in a longer part are 0. */
void columns_resize(struct columns *columns, size_t old_capacity, size_t capacity);

/* As memmove does it, in every column. */
void columns_move(struct columns *columns, size_t to, size_t from, size_t count);

#endif
