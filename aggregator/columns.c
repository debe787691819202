#include "columns.h"

#include "failure.h"
#include "memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t bytes_of(const struct columns *columns, int column)
{
    return columns->wide[column] != 0 ? sizeof(int64_t) : sizeof(uint32_t);
}

void columns_clear(struct columns *columns)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        free(columns->of[i]);
    }
    *columns = (struct columns){0};
}

void columns_drop(struct columns *columns, enum column column)
{
    free(columns->of[column]);
    columns->of[column] = NULL;
    columns->wide[column] = 0;
}

void columns_make(struct columns *columns, enum column column, size_t capacity)
{
    if (columns->of[column] == NULL) {
        columns->wide[column] = 0;
        columns->of[column] = memory_zeroed(capacity, sizeof(uint32_t));
    }
}

static bool is_narrow(enum column column, int64_t number)
{
    return number >= -(int64_t)UINT32_MAX && number <= (int64_t)UINT32_MAX &&
           number * columns_sign(column) >= 0;
}

static void widen(struct columns *columns, enum column column, size_t capacity)
{
    int64_t *numbers = memory_zeroed(capacity, sizeof *numbers);
    for (size_t i = 0; i < capacity; i++) {
        numbers[i] = columns_get(columns, column, i);
    }
    free(columns->of[column]);
    columns->of[column] = numbers;
    columns->wide[column] = 1;
}

void columns_set(struct columns *columns, enum column column, size_t at, int64_t number,
                 size_t capacity)
{
    REQUIRE(at < capacity);
    if (columns->of[column] == NULL) {
        if (number == 0) {
            return;
        }
        columns_make(columns, column, capacity);
    }
    if (columns->wide[column] == 0 && !is_narrow(column, number)) {
        widen(columns, column, capacity);
    }
    if (columns->wide[column] != 0) {
        ((int64_t *)columns->of[column])[at] = number;
    } else {
        ((uint32_t *)columns->of[column])[at] = (uint32_t)(number * columns_sign(column));
    }
}

void columns_resize(struct columns *columns, size_t old_capacity, size_t capacity)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (columns->of[i] == NULL) {
            continue;
        }
        size_t bytes = bytes_of(columns, i);
        char *numbers = reallocarray(columns->of[i], capacity, bytes);
        REQUIRE(numbers != NULL);
        if (capacity > old_capacity) {
            memset(numbers + old_capacity * bytes, 0, (capacity - old_capacity) * bytes);
        }
        columns->of[i] = numbers;
    }
}

void columns_move(struct columns *columns, size_t to, size_t from, size_t count)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        char *numbers = columns->of[i];
        if (numbers != NULL) {
            size_t bytes = bytes_of(columns, i);
            memmove(numbers + to * bytes, numbers + from * bytes, count * bytes);
        }
    }
}
