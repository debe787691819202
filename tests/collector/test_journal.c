/* The journal: what was appended is read again, whatever happened in between. */
#include "journal.h"

#include "journal_segment.h"
#include "scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#define SEGMENT JOURNAL_SEGMENT_MIN

static char path[SCRATCH_PATH_MAX];

static int setup(void **state)
{
    (void)state;
    scratch_make(path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_remove(path);
    return 0;
}

static struct journal *open_writing(uint64_t *cut)
{
    struct failure failure = {0};
    struct journal *journal = journal_open(path, SEGMENT, cut, &failure);
    if (journal == NULL) {
        fail_msg("%s", failure.text);
    }
    return journal;
}

static uint64_t append(struct journal *journal, const char *payload, size_t length)
{
    struct failure failure = {0};
    struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                    .qos = 1,
                                    .dup = true,
                                    .packet_id = 77,
                                    .session = 3,
                                    .arrival_us = INT64_C(1772000000123456),
                                    .topic = "plant/X/heat",
                                    .topic_length = 12,
                                    .payload = payload,
                                    .payload_length = length};
    if (!journal_append(journal, &record, &failure)) {
        fail_msg("%s", failure.text);
    }
    return record.position;
}

/* Appends `count` payloads that tell their number, each of `size` bytes. */
static void append_numbered(struct journal *journal, int first, int count, size_t size)
{
    char *payload = malloc(size);
    for (int i = first; i < first + count; i++) {
        memset(payload, 'a' + i % 26, size);
        memcpy(payload, &i, sizeof i);
        append(journal, payload, size);
    }
    free(payload);
}

/* Reads everything and expects the numbers from 0 on. Returns how many there are. */
static int read_numbered(struct journal *journal)
{
    struct failure failure = {0};
    struct journal_record record;
    uint64_t position = 0;
    int count = 0, got, number;
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        memcpy(&number, record.payload, sizeof number);
        assert_int_equal(number, count);
        const char *bytes = record.payload;
        for (size_t i = sizeof number; i < record.payload_length; i++) {
            assert_int_equal(bytes[i], 'a' + number % 26);
        }
        count++;
        position = record.next;
    }
    if (got < 0) {
        fail_msg("%s", failure.text);
    }
    return count;
}

static void what_is_appended_is_read_again(void **state)
{
    (void)state;
    uint64_t cut = 99;
    struct journal *journal = open_writing(&cut);
    assert_int_equal(cut, 0);
    uint64_t position = append(journal, "{\"a\":1}", 7);
    struct journal_record record;
    struct failure failure;
    assert_int_equal(journal_read(journal, position, &record, &failure), 1);
    assert_int_equal(record.kind, JOURNAL_MESSAGE);
    assert_int_equal(record.qos, 1);
    assert_true(record.dup);
    assert_false(record.retain);
    assert_int_equal(record.packet_id, 77);
    assert_int_equal(record.session, 3);
    assert_int_equal(record.arrival_us, INT64_C(1772000000123456));
    assert_int_equal(record.topic_length, 12);
    assert_memory_equal(record.topic, "plant/X/heat", 12);
    assert_int_equal(record.payload_length, 7);
    assert_memory_equal(record.payload, "{\"a\":1}", 7);
    assert_int_equal(record.next, journal_end(journal));
    assert_int_equal(record.position, journal_begin(journal));
    assert_int_equal(journal_read(journal, record.next, &record, &failure), 0);
    journal_close(journal);
}

static void empty_topic_and_payload_are_kept(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    struct journal_record record = {.kind = JOURNAL_TICK, .arrival_us = 5};
    assert_true(journal_append(journal, &record, NULL));
    struct journal_record again;
    assert_int_equal(journal_read(journal, 0, &again, NULL), 1);
    assert_int_equal(again.kind, JOURNAL_TICK);
    assert_int_equal(again.payload_length, 0);
    assert_int_equal(again.topic_length, 0);
    journal_close(journal);
}

static void position_zero_reads_the_first_record(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    struct journal_record record;
    assert_int_equal(journal_read(journal, 0, &record, NULL), 0);
    assert_false(journal_wait(journal, 0, 0));
    uint64_t position = append(journal, "x", 1);
    assert_true(journal_wait(journal, 0, 0));
    assert_int_equal(journal_read(journal, 0, &record, NULL), 1);
    assert_int_equal(record.position, position);
    journal_close(journal);
}

static void records_go_on_in_new_segments(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 1000, 700);
    assert_int_equal(read_numbered(journal), 1000);
    uint64_t end = journal_end(journal);
    assert_true(end > 10 * SEGMENT);
    journal_close(journal);
    journal = open_writing(&cut);
    assert_int_equal(cut, 0);
    assert_int_equal(journal_end(journal), end);
    append_numbered(journal, 1000, 500, 100);
    assert_int_equal(read_numbered(journal), 1500);
    journal_close(journal);
}

static void a_record_larger_than_a_segment_gets_one_of_its_own(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 300, 200); /* the next segment is prepared, and too small */
    append_numbered(journal, 300, 1, 5 * SEGMENT);
    append_numbered(journal, 301, 20, 20000);
    assert_int_equal(read_numbered(journal), 321);
    journal_close(journal);
    journal = open_writing(&cut);
    assert_int_equal(read_numbered(journal), 321);
    journal_close(journal);
}

static void positions_do_not_change(void **state)
{
    (void)state;
    uint64_t cut, before[50];
    struct journal *journal = open_writing(&cut);
    char payload[5000] = "";
    for (int i = 0; i < 50; i++) {
        before[i] = append(journal, payload, sizeof payload);
    }
    assert_true(journal_sync(journal, NULL));
    journal_close(journal);
    journal = open_writing(&cut);
    uint64_t position = 0;
    struct journal_record record;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(journal_read(journal, position, &record, NULL), 1);
        assert_int_equal(record.position, before[i]);
        position = record.next;
    }
    journal_close(journal);
}

static void overwrite(const char *name, off_t offset, const void *bytes, size_t length)
{
    char file[SCRATCH_PATH_MAX + 64];
    snprintf(file, sizeof file, "%s/%s", path, name);
    int fd = open(file, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, length, offset), (ssize_t)length);
    close(fd);
}

static void a_tail_torn_at_any_byte_is_cut(void **state)
{
    (void)state;
    char name[SEGMENT_NAME_MAX];
    segment_name(0, name);
    /* a record of 32 + 12 + 40 bytes; what a power cut may leave of it is any beginning of it, and
     * what it may take is any part */
    for (size_t kept = 1; kept < 84; kept++) {
        uint64_t cut;
        struct journal *journal = open_writing(&cut);
        append_numbered(journal, 0, 3, 100);
        assert_true(journal_sync(journal, NULL));
        uint64_t end = journal_end(journal);
        append_numbered(journal, 3, 1, 40);
        append_numbered(journal, 4, 1, 40);
        journal_close(journal);
        char zeros[200] = {0};
        overwrite(name, (off_t)(end + kept), zeros, 84 - kept);
        journal = open_writing(&cut);
        assert_int_equal(journal_end(journal), end);
        assert_true(cut >= kept && cut <= 200);
        assert_int_equal(read_numbered(journal), 3);
        append_numbered(journal, 3, 5, 9); /* shorter: nothing of the old ones may show behind */
        assert_int_equal(read_numbered(journal), 8);
        journal_close(journal);
        journal = open_writing(&cut);
        assert_int_equal(cut, 0);
        assert_int_equal(read_numbered(journal), 8);
        journal_close(journal);
        scratch_remove(path);
        mkdir(path, 0700);
    }
}

static void segments_behind_a_torn_one_are_cut(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 10, 1000);
    assert_true(journal_sync(journal, NULL));
    append_numbered(journal, 10, 200, 1000);
    journal_close(journal);
    char name[SEGMENT_NAME_MAX];
    segment_name(0, name);
    overwrite(name, 20 * 1048, "torn", 4);
    journal = open_writing(&cut);
    assert_true(cut > 2 * SEGMENT);
    int left = read_numbered(journal);
    assert_true(left >= 10 && left < 20);
    append_numbered(journal, left, 300, 1000);
    assert_int_equal(read_numbered(journal), left + 300);
    journal_close(journal);
}

static void damage_of_a_synced_record_is_a_failure(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 10, 1000);
    assert_true(journal_sync(journal, NULL));
    append_numbered(journal, 10, 10, 1000);
    journal_close(journal);
    char name[SEGMENT_NAME_MAX];
    segment_name(0, name);
    overwrite(name, 5 * 1048, "X", 1);
    struct failure failure = {0};
    assert_null(journal_open(path, SEGMENT, &cut, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "is damaged"));
    assert_non_null(strstr(failure.text, path));
}

static void damage_in_an_old_segment_is_found_by_reading(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 200, 1000);
    assert_true(journal_sync(journal, NULL));
    journal_close(journal);
    char name[SEGMENT_NAME_MAX];
    segment_name(0, name);
    overwrite(name, 5 * 1048, "X", 1);
    journal = open_writing(&cut);
    struct failure failure = {0};
    struct journal_record record;
    uint64_t position = 0;
    int got, count = 0;
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        position = record.next;
        count++;
    }
    assert_int_equal(got, -1);
    assert_true(count >= 4 && count <= 6);
    assert_non_null(strstr(failure.text, "damaged"));
    journal_close(journal);
}

static void a_missing_segment_is_named(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 200, 1000);
    journal_close(journal);
    char name[SEGMENT_NAME_MAX], file[SCRATCH_PATH_MAX + 64];
    segment_name(SEGMENT, name);
    snprintf(file, sizeof file, "%s/%s", path, name);
    assert_int_equal(unlink(file), 0);
    struct failure failure = {0};
    assert_null(journal_open(path, SEGMENT, &cut, &failure));
    assert_non_null(strstr(failure.text, "0000000000010000"));
}

static void a_second_opening_is_refused(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    struct failure failure = {0};
    char pid[32];
    snprintf(pid, sizeof pid, "pid %ld", (long)getpid());
    assert_null(journal_open(path, SEGMENT, &cut, &failure));
    assert_non_null(strstr(failure.text, pid));
    journal_close(journal);
    journal_close(open_writing(&cut));
}

static void another_process_reads_while_it_is_written(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 20, 1000);
    struct failure failure = {0};
    struct journal *reader = journal_open_reading(path, &failure);
    assert_non_null(reader);
    assert_int_equal(journal_end(reader), journal_end(journal));
    assert_int_equal(read_numbered(reader), 20);
    append_numbered(journal, 20, 300, 1000);
    assert_int_equal(read_numbered(reader), 320);
    assert_int_equal(journal_end(reader), journal_end(journal));
    assert_false(journal_wait(reader, journal_end(reader), 1));
    journal_close(reader);
    journal_close(journal);
}

static void reading_where_there_is_no_journal_is_a_failure(void **state)
{
    (void)state;
    struct failure failure = {0};
    assert_null(journal_open_reading(path, &failure));
    assert_non_null(strstr(failure.text, "holds no journal"));
}

#define EACH 20000

static void *append_many(void *argument)
{
    struct journal *journal = argument;
    for (int i = 0; i < EACH; i++) {
        append(journal, (const char *)&i, sizeof i);
    }
    return NULL;
}

static void two_threads_append_while_a_third_reads(void **state)
{
    (void)state;
    uint64_t cut, position = 0;
    struct journal *journal = open_writing(&cut);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, append_many, journal), 0);
    }
    int64_t sum = 0;
    for (int i = 0; i < 2 * EACH; i++) {
        struct journal_record record;
        while (!journal_wait(journal, position, 1000)) {
        }
        int number;
        assert_int_equal(journal_read(journal, position, &record, NULL), 1);
        memcpy(&number, record.payload, sizeof number);
        sum += number;
        position = record.next;
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(sum, (int64_t)EACH * (EACH - 1));
    assert_int_equal(position, journal_end(journal));
    journal_close(journal);
}

static void a_wake_ends_a_wait_that_comes_after_it(void **state)
{
    (void)state;
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    journal_wake(journal);
    assert_false(journal_wait(journal, journal_end(journal), 3600 * 1000));
    journal_close(journal);
}

/* In a child whose files may not grow beyond the limit, as on a full disk. Exits 0 where appending
 * failed with a text, and went on when there was room again. */
static void full_disk_child(void)
{
    signal(SIGXFSZ, SIG_IGN);
    uint64_t cut;
    struct failure failure = {0};
    struct journal *journal = journal_open(path, SEGMENT, &cut, &failure);
    struct rlimit none = {.rlim_cur = 1000, .rlim_max = RLIM_INFINITY};
    if (journal == NULL || setrlimit(RLIMIT_FSIZE, &none) != 0) {
        _exit(2);
    }
    char payload[1000] = "";
    int count = 0;
    bool announced = false;
    struct journal_record record = {
        .kind = JOURNAL_MESSAGE, .payload = payload, .payload_length = sizeof payload};
    while (journal_append(journal, &record, &failure)) {
        count++;
        announced = announced || !journal_has_room(journal, NULL);
    }
    uint64_t end = journal_end(journal);
    if (!announced || count != 63 || strstr(failure.text, "make room") == NULL ||
        journal_append(journal, &record, &failure) || journal_end(journal) != end) {
        _exit(3);
    }
    struct rlimit all = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &all);
    if (!journal_append(journal, &record, &failure) || !journal_has_room(journal, NULL)) {
        _exit(4);
    }
    _exit(0);
}

static void edge_34_a_full_disk_refuses_and_goes_on_when_there_is_room(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        full_disk_child();
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    struct journal_record record;
    uint64_t position = 0;
    int count = 0;
    while (journal_read(journal, position, &record, NULL) == 1) {
        position = record.next;
        count++;
    }
    assert_int_equal(count, 64);
    journal_close(journal);
}

static void what_a_killed_process_appended_is_there(void **state)
{
    (void)state;
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        uint64_t cut;
        struct journal *journal = journal_open(path, SEGMENT, &cut, NULL);
        for (int i = 0; i < 5000; i++) {
            struct journal_record record = {
                .kind = JOURNAL_MESSAGE, .payload = &i, .payload_length = sizeof i};
            if (!journal_append(journal, &record, NULL) ||
                write(pipes[1], &i, sizeof i) != sizeof i) {
                break;
            }
        }
        pause();
    }
    close(pipes[1]);
    int last = -1;
    while (last < 1234 && read(pipes[0], &last, sizeof last) == sizeof last) {
    }
    kill(child, SIGKILL);
    while (read(pipes[0], &last, sizeof last) == sizeof last) {
    }
    close(pipes[0]);
    waitpid(child, NULL, 0);
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    assert_true(read_numbered(journal) >= last + 1);
    journal_close(journal);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_appended_is_read_again),
        TEST(empty_topic_and_payload_are_kept),
        TEST(position_zero_reads_the_first_record),
        TEST(records_go_on_in_new_segments),
        TEST(a_record_larger_than_a_segment_gets_one_of_its_own),
        TEST(positions_do_not_change),
        TEST(a_tail_torn_at_any_byte_is_cut),
        TEST(segments_behind_a_torn_one_are_cut),
        TEST(damage_of_a_synced_record_is_a_failure),
        TEST(damage_in_an_old_segment_is_found_by_reading),
        TEST(a_missing_segment_is_named),
        TEST(a_second_opening_is_refused),
        TEST(another_process_reads_while_it_is_written),
        TEST(reading_where_there_is_no_journal_is_a_failure),
        TEST(two_threads_append_while_a_third_reads),
        TEST(a_wake_ends_a_wait_that_comes_after_it),
        TEST(edge_34_a_full_disk_refuses_and_goes_on_when_there_is_room),
        TEST(what_a_killed_process_appended_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
