#include "columns.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void columns_clear(struct columns *columns)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        free(columns->of[i]);
    }
    *columns = (struct columns){0};
}

void columns_set(struct columns *columns, enum column column, size_t at, int64_t number,
                 size_t capacity)
{
    REQUIRE(at < capacity);
    int64_t **numbers = &columns->of[column];
    if (*numbers == NULL) {
        if (number == 0) {
            return;
        }
        *numbers = memory_zeroed(capacity, sizeof **numbers);
    }
    (*numbers)[at] = number;
}

void columns_resize(struct columns *columns, size_t old_capacity, size_t capacity)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int64_t *numbers = columns->of[i];
        if (numbers == NULL) {
            continue;
        }
        numbers = reallocarray(numbers, capacity, sizeof *numbers);
        REQUIRE(numbers != NULL);
        if (capacity > old_capacity) {
            memset(numbers + old_capacity, 0, (capacity - old_capacity) * sizeof *numbers);
        }
        columns->of[i] = numbers;
    }
}

void columns_move(struct columns *columns, size_t to, size_t from, size_t count)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (columns->of[i] != NULL) {
            memmove(columns->of[i] + to, columns->of[i] + from, count * sizeof(int64_t));
        }
    }
}
