/* The journal when it is torn, damaged, out of room, or its process is killed. */
#include "journal_book.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void overwrite(const char *name, off_t offset, const void *bytes, size_t length)
{
    char file[SCRATCH_PATH_MAX + 64];
    snprintf(file, sizeof file, "%s/%s", path, name);
    int fd = open(file, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, length, offset), (ssize_t)length);
    close(fd);
}

/* Writes a journal of `synced` records of 1000 bytes that are on the disk and `more` behind them,
 * closes it, and damages the one with this number. */
static void write_damaged(int synced, int more, int number, const char *bytes)
{
    uint64_t cut;
    char name[SEGMENT_NAME_MAX];
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, synced, 1000);
    assert_true(journal_sync(journal, NULL));
    append_numbered(journal, synced, more, 1000);
    journal_close(journal);
    segment_name(0, name);
    overwrite(name, (off_t)number * 1048, bytes, strlen(bytes));
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
    write_damaged(10, 200, 20, "torn");
    struct journal *journal = open_writing(&cut);
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
    struct failure failure = {0};
    write_damaged(10, 10, 5, "X");
    assert_null(journal_open(path, SEGMENT, &cut, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "is damaged"));
    assert_non_null(strstr(failure.text, path));
}

static void damage_in_an_old_segment_is_found_by_reading(void **state)
{
    (void)state;
    uint64_t cut;
    write_damaged(200, 0, 5, "X");
    struct journal *journal = open_writing(&cut);
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
    const struct CMUnitTest tests[] = {
        TEST(a_tail_torn_at_any_byte_is_cut),
        TEST(segments_behind_a_torn_one_are_cut),
        TEST(damage_of_a_synced_record_is_a_failure),
        TEST(damage_in_an_old_segment_is_found_by_reading),
        TEST(a_missing_segment_is_named),
        TEST(edge_34_a_full_disk_refuses_and_goes_on_when_there_is_room),
        TEST(what_a_killed_process_appended_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
