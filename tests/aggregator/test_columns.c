/* The columns beside the points of a curve: what is put there comes back, in as few bytes as it
 * needs. */
#include "columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CAPACITY 40

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 20;
}

static void a_column_of_zeros_takes_no_memory(void **state)
{
    (void)state;
    struct columns columns = {0};
    for (size_t i = 0; i < CAPACITY; i++) {
        columns_set(&columns, COLUMN_SEQ, i, 0, CAPACITY);
        assert_int_equal(columns_get(&columns, COLUMN_SEQ, i), 0);
    }
    assert_null(columns.of[COLUMN_SEQ]);
    columns_make(&columns, COLUMN_REST, CAPACITY);
    assert_non_null(columns.of[COLUMN_REST]);
    assert_int_equal(columns_get(&columns, COLUMN_REST, CAPACITY - 1), 0);
    columns_clear(&columns);
}

static void numbers_of_32_bits_stay_narrow(void **state)
{
    (void)state;
    struct columns columns = {0};
    columns_set(&columns, COLUMN_REST, 3, UINT32_MAX, CAPACITY); /* a rate's fraction of an hour */
    columns_set(&columns, COLUMN_SEQ, 3, ~INT64_C(4000000000), CAPACITY);
    assert_int_equal(columns.wide[COLUMN_REST] + columns.wide[COLUMN_SEQ], 0);
    assert_true(columns_get(&columns, COLUMN_REST, 3) == UINT32_MAX);
    assert_true(columns_get(&columns, COLUMN_SEQ, 3) == ~INT64_C(4000000000));
    columns_clear(&columns);
}

static void one_number_that_needs_more_widens_its_column_and_no_other(void **state)
{
    static const int64_t odd[] = {INT64_C(1) << 32, -1, INT64_MAX, INT64_MIN};
    (void)state;
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
        struct columns columns = {0};
        for (size_t i = 0; i < CAPACITY; i++) {
            columns_set(&columns, COLUMN_C, i, (int64_t)i, CAPACITY);
            columns_set(&columns, COLUMN_REST, i, (int64_t)i, CAPACITY);
        }
        columns_set(&columns, COLUMN_C, 7, odd[k], CAPACITY);
        assert_int_equal(columns.wide[COLUMN_C], 1);
        assert_int_equal(columns.wide[COLUMN_REST], 0);
        for (size_t i = 0; i < CAPACITY; i++) {
            assert_true(columns_get(&columns, COLUMN_C, i) == (i == 7 ? odd[k] : (int64_t)i));
        }
        columns_drop(&columns, COLUMN_C);
        columns_set(&columns, COLUMN_C, 7, 5, CAPACITY);
        assert_int_equal(columns.wide[COLUMN_C], 0); /* begins anew */
        columns_clear(&columns);
    }
}

/* Against plain arrays. */
static void whatever_is_set_moved_and_resized_reads_as_in_plain_arrays(void **state)
{
    static const int64_t odd[] = {
        0, 1, -1, UINT32_MAX, -(int64_t)UINT32_MAX, INT64_C(1) << 32, INT64_MIN, INT64_MAX};
    (void)state;
    uint64_t seed = 1;
    for (int run = 0; run < 200; run++) {
        struct columns columns = {0};
        int64_t plain[COLUMN_COUNT][CAPACITY] = {0};
        size_t capacity = 10;
        for (int step = 0; step < 60; step++) {
            enum column column = (enum column)(random_next(&seed) % COLUMN_COUNT);
            size_t at = random_next(&seed) % capacity;
            int64_t number = odd[random_next(&seed) % (run < 100 ? 4 : 8)];
            columns_set(&columns, column, at, number, capacity);
            plain[column][at] = number;
            size_t count = capacity - at;
            size_t to = random_next(&seed) % (capacity - count + 1);
            if (step % 7 == 0) {
                columns_move(&columns, to, at, count);
                for (int i = 0; i < COLUMN_COUNT; i++) {
                    memmove(&plain[i][to], &plain[i][at], count * sizeof plain[i][0]);
                }
            }
            if (step % 11 == 0 && capacity < CAPACITY) {
                columns_resize(&columns, capacity, capacity + 5);
                capacity += 5;
            }
            for (size_t i = 0; i < capacity; i++) {
                for (int c = 0; c < COLUMN_COUNT; c++) {
                    assert_true(columns_get(&columns, (enum column)c, i) == plain[c][i]);
                }
            }
        }
        columns_clear(&columns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_of_zeros_takes_no_memory),
        cmocka_unit_test(numbers_of_32_bits_stay_narrow),
        cmocka_unit_test(one_number_that_needs_more_widens_its_column_and_no_other),
        cmocka_unit_test(whatever_is_set_moved_and_resized_reads_as_in_plain_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
