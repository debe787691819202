/* The snapshots of a directory, by their names. */
#include "memory.h"
#include "scratch.h"
#include "snapshot_list.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void put(const char *directory, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fclose(file);
}

static void what_is_no_snapshot_is_not_listed(void **state)
{
    static const char *const names[] = {
        "00000000000000000500.snap",
        "00000000000000004711-2026-03-10.snap",
        "00000000000000004712-2026-04-09.snap",
        "00000000000000004712-2026-13-09.snap", /* no such month */
        "4713.snap",
        "00000000000000004714.snap.new",
        "00000000000000004715-2026-04-09",
        "notes.txt",
    };
    struct snapshot_list list;
    char directory[SCRATCH_PATH_MAX];
    (void)state;
    scratch_make(directory);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put(directory, names[i]);
    }
    snapshot_list_read(&list, directory);
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) { /* the newest first */
        char name[SNAPSHOT_LIST_NAME_MAX];
        snapshot_list_name(&list.entries[i], name);
        assert_string_equal(name, names[2 - i]);
    }
    assert_false(list.entries[2].base);
    snapshot_list_clear(&list);
    scratch_remove(directory);
}

static bool is_there(const char *directory, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, F_OK) == 0;
}

static void what_a_killed_program_left_half_written_is_swept_away(void **state)
{
    char directory[SCRATCH_PATH_MAX];
    (void)state;
    scratch_make(directory);
    put(directory, "00000000000000004711.snap");
    put(directory, "00000000000000004712.snap.new");
    put(directory, "notes.new");
    snapshot_list_sweep(directory);
    assert_true(is_there(directory, "00000000000000004711.snap"));
    assert_false(is_there(directory, "00000000000000004712.snap.new"));
    assert_true(is_there(directory, "notes.new"));
    scratch_remove(directory);
    snapshot_list_sweep(directory); /* there is none any more: nothing to do */
}

static void the_base_of_a_day_is_the_newest_until_then(void **state)
{
    struct snapshot_list list;
    char directory[SCRATCH_PATH_MAX];
    int32_t day = timestamp_day_from_civil(2026, 4, 9);
    (void)state;
    scratch_make(directory);
    put(directory, "00000000000000000500.snap");
    put(directory, "00000000000000004711-2026-03-10.snap");
    put(directory, "00000000000000004712-2026-04-09.snap");
    snapshot_list_read(&list, directory);
    assert_int_equal(snapshot_list_base(&list, day)->position, 4712);
    assert_int_equal(snapshot_list_base(&list, day - 1)->position, 4711);
    assert_null(snapshot_list_base(&list, day - 31));
    snapshot_list_clear(&list);
    scratch_remove(directory);
    snapshot_list_read(&list, directory); /* is not there */
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_snapshot_is_not_listed),
        cmocka_unit_test(what_a_killed_program_left_half_written_is_swept_away),
        cmocka_unit_test(the_base_of_a_day_is_the_newest_until_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
