/* Full segments are packed, read as before, and let go of when they are old. */
#include "journal_book.h"
#include "journal_packed.h"

#include <dirent.h>
#include <fcntl.h>
#include <time.h>

#define TRIES 20000 /* of a millisecond: until what must happen has */
#define DAY_US INT64_C(86400000000)
#define ARRIVAL_US INT64_C(1772000000123456) /* of all records of journal_book.h */

static struct journal *open_packing(void)
{
    const struct journal_settings settings = {
        .segment_bytes = SEGMENT, .compress = true, .keep_days = 400};
    struct failure failure = {0};
    uint64_t cut;
    struct journal *journal = journal_open_with(path, &settings, &cut, &failure);
    if (journal == NULL) {
        fail_msg("%s", failure.text);
    }
    return journal;
}

static int count_files(bool packed)
{
    DIR *directory = opendir(path);
    int count = 0;
    uint64_t base;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        count += packed ? packed_name_parse(entry->d_name, &base)
                        : segment_name_parse(entry->d_name, &base);
    }
    closedir(directory);
    return count;
}

/* Waits until so many segments are left unpacked. */
static void wait_packed(int plain)
{
    for (int tries = 0; count_files(false) > plain; tries++) {
        assert_true(tries < TRIES);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

/* A journal of 500 numbered records, of which all segments are packed but the two where the reader
 * was and the last one. */
static struct journal *make_packed(void)
{
    struct journal *journal = open_packing();
    append_numbered(journal, 0, 500, 1000);
    assert_int_equal(read_numbered(journal), 500);
    wait_packed(JOURNAL_HELD);
    return journal;
}

static void file_of(uint64_t base, bool packed, char file[SCRATCH_PATH_MAX + 64])
{
    char name[SEGMENT_NAME_MAX];
    (packed ? packed_name : segment_name)(base, name);
    snprintf(file, SCRATCH_PATH_MAX + 64, "%s/%s", path, name);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[2 * SEGMENT];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t length = read(in, bytes, sizeof bytes);
    assert_true(length > 0 && write(out, bytes, (size_t)length) == length);
    close(in);
    close(out);
}

static void full_segments_are_packed_and_read_as_before(void **state)
{
    (void)state;
    struct journal *journal = make_packed();
    assert_true(count_files(true) >= 5);
    assert_int_equal(read_numbered(journal), 500);
    append_numbered(journal, 500, 100, 1000);
    assert_int_equal(read_numbered(journal), 600);
    uint64_t end = journal_end(journal);
    journal_close(journal);
    for (int i = 0; i < 2; i++) { /* with packing or without, and for whoever only looks */
        uint64_t cut = 1;
        journal = i == 0 ? open_packing() : open_writing(&cut);
        assert_int_equal(journal_end(journal), end);
        assert_int_equal(read_numbered(journal), 600);
        journal_close(journal);
    }
    struct journal *reader = journal_open_reading(path, NULL);
    assert_int_equal(read_numbered(reader), 600);
    journal_close(reader);
}

static void what_the_reader_has_not_read_stays_unpacked(void **state)
{
    (void)state;
    struct journal *journal = open_packing();
    append_numbered(journal, 0, 300, 1000);
    struct journal_record record;
    assert_int_equal(journal_read(journal, 0, &record, NULL), 1);
    journal_close(journal); /* ends the thread when it has done what there was */
    assert_int_equal(count_files(true), 0);
}

static void a_restart_goes_on_packing(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 500, 1000);
    journal_close(journal);
    assert_int_equal(count_files(true), 0);
    journal = open_packing();
    assert_int_equal(read_numbered(journal), 500);
    wait_packed(JOURNAL_HELD);
    journal_close(journal);
}

static void pointers_stay_valid_while_the_reader_is_near(void **state)
{
    (void)state;
    struct journal *journal = make_packed();
    struct journal_record record;
    struct {
        uint64_t base;
        const char *payload;
        char first;
    } before = {0};
    uint64_t position = 0;
    while (journal_read(journal, position, &record, NULL) == 1) {
        uint64_t base = record.position / SEGMENT * SEGMENT;
        assert_true(before.payload == NULL || before.payload[4] == before.first);
        if (before.payload == NULL || before.base != base) {
            before.base = base;
            before.payload = record.payload;
            before.first = ((const char *)record.payload)[4];
        }
        position = record.next;
    }
    journal_close(journal);
}

static void another_process_reads_while_it_is_packed(void **state)
{
    (void)state;
    struct journal *journal = open_packing();
    append_numbered(journal, 0, 500, 1000);
    struct journal *before = journal_open_reading(path, NULL);
    assert_int_equal(read_numbered(journal), 500);
    for (int i = 0; i < 50; i++) { /* while it is listed, files go and come */
        struct failure failure = {0};
        struct journal *reader = journal_open_reading(path, &failure);
        if (reader == NULL) {
            fail_msg("%s", failure.text);
        }
        assert_int_equal(read_numbered(reader), 500);
        journal_close(reader);
    }
    wait_packed(JOURNAL_HELD);
    assert_int_equal(read_numbered(before), 500);
    journal_close(before);
    journal_close(journal);
}

/* Both forms of the first segment are there, and a temporary; the unpacked one is `complete`, as
 * its mark says, or it may be that a power cut came before the mark was on the disk. */
static void both_forms_are_there(bool complete)
{
    char plain[SCRATCH_PATH_MAX + 64], packed[SCRATCH_PATH_MAX + 64], kept[SCRATCH_PATH_MAX + 64];
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 500, 1000);
    if (complete) {
        assert_true(journal_sync(journal, NULL));
    }
    journal_close(journal);
    file_of(0, false, plain);
    file_of(0, true, packed);
    snprintf(kept, sizeof kept, "%s/kept", path);
    copy_file(plain, kept);
    journal = open_packing();
    assert_int_equal(read_numbered(journal), 500);
    wait_packed(JOURNAL_HELD);
    journal_close(journal);
    copy_file(kept, plain);
    snprintf(kept, sizeof kept, "%s/" PACKED_TEMPORARY, path);
    copy_file(plain, kept);
    struct journal *reader = journal_open_reading(path, NULL);
    assert_int_equal(read_numbered(reader), 500);
    journal_close(reader);
    journal = open_writing(&cut);
    assert_int_equal(cut, 0);
    assert_int_equal(access(plain, F_OK), complete ? 0 : -1);
    assert_int_equal(access(packed, F_OK), complete ? -1 : 0);
    assert_int_equal(read_numbered(journal), 500);
    append_numbered(journal, 500, 10, 1000);
    assert_int_equal(read_numbered(journal), 510);
    journal_close(journal);
    snprintf(kept, sizeof kept, "%s/" PACKED_TEMPORARY, path);
    assert_int_equal(access(kept, F_OK), -1);
}

static void a_crash_while_packing_is_healed_at_opening(void **state)
{
    (void)state;
    both_forms_are_there(true);
    scratch_remove(path);
    mkdir(path, 0700);
    both_forms_are_there(false);
}

static void a_damaged_packed_segment_is_named(void **state)
{
    (void)state;
    char packed[SCRATCH_PATH_MAX + 64];
    journal_close(make_packed());
    file_of(SEGMENT, true, packed);
    int fd = open(packed, O_RDWR);
    struct stat status;
    assert_int_equal(fstat(fd, &status), 0);
    for (off_t at = 30; at < status.st_size; at += status.st_size / 7) {
        char byte, other;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        other = (char)(byte ^ 0x10);
        assert_int_equal(pwrite(fd, &other, 1, at), 1);
        struct journal *journal = journal_open_reading(path, NULL);
        struct failure failure = {0};
        struct journal_record record;
        uint64_t position = 0;
        int got;
        while ((got = journal_read(journal, position, &record, &failure)) == 1) {
            position = record.next;
        }
        assert_int_equal(got, -1);
        assert_true(position < 2 * SEGMENT);
        assert_non_null(strstr(failure.text, "0000000000010000.journal.zst is damaged"));
        assert_non_null(strstr(failure.text, path));
        journal_close(journal);
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
    assert_int_equal(truncate(packed, 5), 0);
    struct failure failure = {0};
    assert_null(journal_open_reading(path, &failure));
    assert_non_null(strstr(failure.text, "0000000000010000.journal.zst is damaged"));
}

static void what_is_left_when_the_last_segments_are_gone_goes_on(void **state)
{
    (void)state;
    char plain[SCRATCH_PATH_MAX + 64];
    uint64_t cut;
    journal_close(make_packed());
    for (uint64_t base = 0; base < 100 * SEGMENT; base += SEGMENT) {
        file_of(base, false, plain);
        unlink(plain);
    }
    struct journal *journal = open_writing(&cut);
    int left = read_numbered(journal);
    assert_true(left > 300 && left < 500);
    append_numbered(journal, left, 100, 1000);
    assert_int_equal(read_numbered(journal), left + 100);
    journal_close(journal);
}

/* ---- Letting go ---- */

/* Reads from `position` to the end; returns how many there are. */
static int count_from(struct journal *journal, uint64_t position)
{
    struct failure failure = {0};
    struct journal_record record;
    int count = 0, got;
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        position = record.next;
        count++;
    }
    if (got < 0) {
        fail_msg("%s", failure.text);
    }
    return count;
}

static void old_segments_before_a_position_are_let_go_of(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct journal_record record;
    struct journal *journal = make_packed();
    int64_t now_us = ARRIVAL_US + 401 * DAY_US;
    assert_true(journal_retire(journal, 3 * SEGMENT - 1, now_us, &failure));
    assert_int_equal(journal_begin(journal), 2 * SEGMENT + SEGMENT_HEADER);
    assert_true(journal_retire(journal, 3 * SEGMENT, now_us, &failure));
    assert_int_equal(journal_begin(journal), 3 * SEGMENT + SEGMENT_HEADER);
    int left = count_from(journal, journal_begin(journal));
    assert_true(left > 300 && left < 320);
    assert_int_equal(journal_read(journal, 0, &record, &failure), -1);
    assert_non_null(strstr(failure.text, "no longer kept"));
    append_numbered(journal, 500, 100, 1000);
    uint64_t end = journal_end(journal);
    journal_close(journal);
    journal = open_packing();
    assert_int_equal(journal_begin(journal), 3 * SEGMENT + SEGMENT_HEADER);
    assert_int_equal(journal_end(journal), end);
    assert_int_equal(count_from(journal, 3 * SEGMENT), left + 100);
    journal_close(journal);
}

static void what_is_younger_than_the_days_kept_stays(void **state)
{
    (void)state;
    for (int packed = 0; packed < 2; packed++) {
        uint64_t cut;
        struct journal *journal = packed ? make_packed() : open_writing(&cut);
        if (!packed) {
            append_numbered(journal, 0, 500, 1000);
            assert_int_equal(read_numbered(journal), 500);
        }
        uint64_t end = journal_end(journal);
        assert_true(journal_retire(journal, end, ARRIVAL_US + 400 * DAY_US, NULL));
        assert_int_equal(journal_begin(journal), SEGMENT_HEADER);
        assert_true(journal_retire(journal, end, ARRIVAL_US + 400 * DAY_US + 1, NULL));
        assert_true(journal_begin(journal) > 5 * SEGMENT);
        assert_true(journal_begin(journal) < end);
        assert_true(count_from(journal, journal_begin(journal)) > 0);
        journal_close(journal);
        scratch_remove(path);
        mkdir(path, 0700);
    }
}

static void where_the_reader_is_nothing_is_let_go_of(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal_record record;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 500, 1000);
    assert_int_equal(journal_read(journal, 0, &record, NULL), 1);
    assert_true(journal_retire(journal, journal_end(journal), ARRIVAL_US + 500 * DAY_US, NULL));
    assert_int_equal(journal_begin(journal), SEGMENT_HEADER);
    assert_int_equal(read_numbered(journal), 500);
    journal_close(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(full_segments_are_packed_and_read_as_before),
        TEST(what_the_reader_has_not_read_stays_unpacked),
        TEST(a_restart_goes_on_packing),
        TEST(pointers_stay_valid_while_the_reader_is_near),
        TEST(another_process_reads_while_it_is_packed),
        TEST(a_crash_while_packing_is_healed_at_opening),
        TEST(a_damaged_packed_segment_is_named),
        TEST(what_is_left_when_the_last_segments_are_gone_goes_on),
        TEST(old_segments_before_a_position_are_let_go_of),
        TEST(what_is_younger_than_the_days_kept_stays),
        TEST(where_the_reader_is_nothing_is_let_go_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
