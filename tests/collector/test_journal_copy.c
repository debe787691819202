/* The files of a journal up to a position, taken while it goes on: the copy is a journal that ends
 * just there. */
#include "journal_book.h"
#include "journal_copy.h"
#include "journal_packed.h"

#include <fcntl.h>
#include <time.h>

#define TRIES 20000 /* of a millisecond: until what must happen has */

static char copied[SCRATCH_PATH_MAX];

/* Writes the file in hand into `copied`, in small pieces. */
static void write_file(const struct journal_copy *copy)
{
    char name[SCRATCH_PATH_MAX + 64], bytes[1000];
    uint64_t at = 0;
    ssize_t got;
    snprintf(name, sizeof name, "%s/%s", copied, copy->name);
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    while ((got = journal_copy_read(copy, at, bytes, sizeof bytes)) > 0) {
        assert_int_equal(write(fd, bytes, (size_t)got), got);
        at += (uint64_t)got;
    }
    assert_int_equal(got, 0);
    assert_int_equal(at, copy->size);
    close(fd);
}

/* Returns how many files there were. */
static int copy_all(uint64_t end)
{
    struct failure failure = {0};
    struct journal_copy copy;
    int files = 0, got;
    scratch_make(copied);
    assert_true(journal_copy_open(&copy, path, end, &failure));
    while ((got = journal_copy_next(&copy, &failure)) == 1) {
        write_file(&copy);
        files++;
    }
    assert_int_equal(got, 0);
    journal_copy_close(&copy);
    return files;
}

/* The copy as a journal: so many records, nothing torn, and it can be appended to. */
static void expect_copy(int records, uint64_t end)
{
    struct failure failure = {0};
    uint64_t cut = 99;
    struct journal *journal = journal_open(copied, SEGMENT, &cut, &failure);
    if (journal == NULL) {
        fail_msg("%s", failure.text);
    }
    assert_int_equal(cut, 0);
    assert_int_equal(journal_end(journal), end);
    assert_int_equal(read_numbered(journal), records);
    append_numbered(journal, records, 3, 500);
    assert_int_equal(read_numbered(journal), records + 3);
    journal_close(journal);
    scratch_remove(copied);
}

static void a_copy_ends_where_it_was_to_end(void **state)
{
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    (void)state;
    append_numbered(journal, 0, 150, 1000);
    uint64_t end = journal_end(journal);
    append_numbered(journal, 150, 10, 1000);
    assert_true(journal_sync(journal, NULL)); /* the mark of the file is behind the copy's end */
    assert_int_equal(copy_all(end), 3);
    expect_copy(150, end);
    journal_close(journal);
}

static void what_comes_while_it_is_copied_is_not_in_it(void **state)
{
    struct failure failure = {0};
    struct journal_copy copy;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    (void)state;
    append_numbered(journal, 0, 100, 1000);
    uint64_t end = journal_end(journal);
    scratch_make(copied);
    assert_true(journal_copy_open(&copy, path, end, &failure));
    assert_int_equal(journal_copy_next(&copy, &failure), 1);
    write_file(&copy);
    append_numbered(journal, 100, 200, 1000); /* the segment of the end is full and ended now */
    assert_int_equal(journal_copy_next(&copy, &failure), 1);
    write_file(&copy);
    assert_int_equal(journal_copy_next(&copy, &failure), 0);
    journal_copy_close(&copy);
    expect_copy(100, end);
    journal_close(journal);
}

static void segments_that_are_packed_meanwhile_are_taken_as_they_are(void **state)
{
    const struct journal_settings settings = {
        .segment_bytes = SEGMENT, .compress = true, .keep_days = 400};
    struct failure failure = {0};
    struct journal_copy copy;
    uint64_t cut, base;
    int packed = 0, files = 0, got;
    struct journal *journal = journal_open_with(path, &settings, &cut, &failure);
    (void)state;
    assert_non_null(journal);
    append_numbered(journal, 0, 300, 1000);
    uint64_t end = journal_end(journal);
    scratch_make(copied);
    assert_true(journal_copy_open(&copy, path, end, &failure));
    assert_int_equal(journal_copy_next(&copy, &failure), 1); /* unpacked yet, or just packed */
    write_file(&copy);
    assert_int_equal(read_numbered(journal), 300); /* lets the packer at them */
    char second[SCRATCH_PATH_MAX + 64], name[SEGMENT_NAME_MAX];
    segment_name(copy.next, name);
    snprintf(second, sizeof second, "%s/%s", path, name);
    for (int tries = 0; access(second, F_OK) == 0; tries++) {
        assert_true(tries < TRIES);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    while ((got = journal_copy_next(&copy, &failure)) == 1) {
        packed += packed_name_parse(copy.name, &base);
        write_file(&copy);
        files++;
    }
    assert_int_equal(got, 0);
    assert_true(packed >= 1);
    assert_true(files > packed);
    journal_copy_close(&copy);
    journal_close(journal);
    expect_copy(300, end);
}

static void a_missing_segment_is_a_failure(void **state)
{
    struct failure failure = {0};
    struct journal_copy copy;
    char name[SEGMENT_NAME_MAX], file[SCRATCH_PATH_MAX + 64];
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    (void)state;
    append_numbered(journal, 0, 300, 1000);
    uint64_t end = journal_end(journal);
    journal_close(journal);
    assert_true(journal_copy_open(&copy, path, end, &failure));
    assert_int_equal(journal_copy_next(&copy, &failure), 1);
    segment_name(copy.next, name);
    snprintf(file, sizeof file, "%s/%s", path, name);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(journal_copy_next(&copy, &failure), -1);
    assert_non_null(strstr(failure.text, "a segment is missing"));
    journal_copy_close(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_ends_where_it_was_to_end),
        TEST(what_comes_while_it_is_copied_is_not_in_it),
        TEST(segments_that_are_packed_meanwhile_are_taken_as_they_are),
        TEST(a_missing_segment_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
