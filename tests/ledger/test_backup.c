/* A ledger is copied while it is written to: the copy is of one moment, and one file. */
#include "backup.h"
#include "ledger_fixture.h"
#include "reader.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger_rows.h"

#define TO_MAX (SCRATCH_PATH_MAX + 32)

/* A ledger with some pages of 4 KiB, and a directory to copy it into. */
static struct ledger_fixture *fixture(char directory[SCRATCH_PATH_MAX], char to[TO_MAX])
{
    struct ledger_fixture *f = fixture_open(true);
    static char topic[3000];

    memset(topic, 'x', sizeof topic - 1);
    for (uint32_t i = 0; i < 60; i++) {
        book_outbox(f->book, (struct effect_id){1, i}, topic, "{}", false);
    }
    commit_or_fail(f, F_AT(8, 0));
    scratch_make(directory);
    snprintf(to, TO_MAX, "%s/ledger.db", directory);
    return f;
}

static void a_copy_is_of_the_moment_at_which_it_began(void **state)
{
    char directory[SCRATCH_PATH_MAX], to[TO_MAX], wal[TO_MAX + 8];
    struct ledger_fixture *f = fixture(directory, to);
    struct failure failure = {0};
    uint64_t done = 0, before = 0, position = 0;
    int steps = 0, got;

    (void)state;
    struct backup *backup = backup_begin(f->path, to, &failure);
    assert_non_null(backup);
    uint64_t began = book_position(f->book);
    assert_int_equal(backup_about(backup)->position, began);
    assert_int_equal(backup_about(backup)->now_us, F_AT(8, 0));
    assert_string_equal(backup_about(backup)->configuration_text, "{}");
    while ((got = backup_step(backup, 20000, &done, &failure)) == 1) {
        fixture_begin(f); /* each step sees another ledger */
        book_outbox(f->book, (struct effect_id){f->position, 0}, "later", "{}", false);
        commit_or_fail(f, F_AT(9, 0));
        assert_true(done > before);
        before = done;
        steps++;
    }
    assert_int_equal(got, 0);
    assert_true(steps > 5);
    assert_true(done >= 60 * 3000);
    assert_true(backup_end(backup, &failure));
    assert_true(book_position(f->book) > began);

    snprintf(wal, sizeof wal, "%s-wal", to);
    assert_int_not_equal(access(wal, F_OK), 0);
    struct reader *reader = reader_open(directory, &failure);
    assert_non_null(reader);
    assert_true(reader_position(reader, &position, &failure));
    expect_rows(reader, "SELECT COUNT(*) FROM outbox_message", "60\n");
    expect_rows(reader, "SELECT position FROM progress WHERE now_us > 0", "10\n");
    reader_close(reader);
    scratch_remove(directory);
    fixture_close(f);
}

static void a_copy_that_is_not_whole_says_so(void **state)
{
    char directory[SCRATCH_PATH_MAX], to[TO_MAX];
    struct ledger_fixture *f = fixture(directory, to);
    struct failure failure = {0};
    uint64_t done = 0;

    (void)state;
    struct backup *backup = backup_begin(f->path, to, &failure);
    assert_non_null(backup);
    assert_int_equal(backup_step(backup, 4096, &done, &failure), 1);
    assert_false(backup_end(backup, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "the copy was ended"));
    scratch_remove(directory);
    fixture_close(f);
}

static void what_is_no_ledger_is_not_copied(void **state)
{
    char directory[SCRATCH_PATH_MAX], to[TO_MAX], from[TO_MAX];
    struct ledger_fixture *f = fixture(directory, to);
    struct failure failure = {0};

    (void)state;
    snprintf(from, sizeof from, "%s/nothing.db", directory);
    assert_null(backup_begin(from, to, &failure));
    assert_non_null(strstr(failure.text, "cannot be opened"));
    FILE *file = fopen(from, "w");
    fputs("this is a text file, long enough to be read as a header, but it is not one at all",
          file);
    fclose(file);
    assert_null(backup_begin(from, to, &failure));
    assert_non_null(strstr(failure.text, "cannot be read as a ledger"));
    assert_int_not_equal(access(to, F_OK), 0);
    scratch_remove(directory);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_of_the_moment_at_which_it_began),
        cmocka_unit_test(a_copy_that_is_not_whole_says_so),
        cmocka_unit_test(what_is_no_ledger_is_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
