/* Numbers that stand beside the points of a curve, one a point, and are 0 for most meters: a column
 * takes memory only once one of its numbers is not, and 32 bits a number as long as they do. */
#ifndef HEATLEDGER_COLUMNS_H
#define HEATLEDGER_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

enum column {
    COLUMN_REST,      /* what the floor of C cut off */
    COLUMN_REFERENCE, /* levels: reference ^ raw, 0: the same */
    COLUMN_SEQ,       /* ~seq, 0: none */
    COLUMN_C,         /* C, less what follows from the raw value: curve.h */
    COLUMN_COUNT
};

/* Zeroed: every number is 0. */
struct columns {
    void
        *of[COLUMN_COUNT]; /* uint32_t of what columns_sign makes positive; int64_t as they are … */
    uint8_t wide[COLUMN_COUNT]; /* … where this is not 0 */
};

/* Numbers of a column are of this sign as a rule: those of the other one need 64 bits. */
static inline int64_t columns_sign(enum column column)
{
    return column == COLUMN_SEQ ? -1 : 1;
}

void columns_clear(struct columns *columns);

/* All numbers of a column are 0 from here on. */
void columns_drop(struct columns *columns, enum column column);

static inline int64_t columns_get(const struct columns *columns, enum column column, size_t at)
{
    if (columns->of[column] == NULL) {
        return 0;
    }
    if (columns->wide[column] != 0) {
        return ((const int64_t *)columns->of[column])[at];
    }
    return columns_sign(column) * ((const uint32_t *)columns->of[column])[at];
}

/* Makes a column, though all its numbers be 0. `capacity`: how many it holds. */
void columns_make(struct columns *columns, enum column column, size_t capacity);

/* `capacity`: how many numbers a column holds, above `at`. */
void columns_set(struct columns *columns, enum column column, size_t at, int64_t number,
                 size_t capacity);

/* Another capacity; numbers in a longer part are 0. */
void columns_resize(struct columns *columns, size_t old_capacity, size_t capacity);

/* As memmove does it, in every column. */
void columns_move(struct columns *columns, size_t to, size_t from, size_t count);

#endif
