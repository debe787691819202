/* The journal on a disk of which any call fails, and heals; and in a process that ends at any call:
 * what was acknowledged is there, and what failed is said. */
#include "disk_faults.h"
#include "journal_book.h"
#include "journal_packed.h"
#include "log.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

#define RECORDS 100
#define RECORD_BYTES 3000
#define TRIES 8 /* more than any plan lets fail one after the other */
#define RETIRES 1000000
#define DAY_US INT64_C(86400000000)
#define ARRIVAL_US INT64_C(1772000000123456)

static const int codes[] = {ENOSPC, EIO, EROFS};

/* What failed says what and where. */
static void check_text(const struct failure *failure)
{
    if (strstr(failure->text, path) == NULL ||
        strstr(failure->text, strerror(faults.code)) == NULL) {
        fail_msg("operation %d, call %d: \"%s\" does not name %s and \"%s\"", (int)faults.operation,
                 faults.at, failure->text, path, strerror(faults.code));
    }
}

static struct journal *open_until(enum journal_durability durability, bool compress)
{
    const struct journal_settings settings = {.segment_bytes = SEGMENT,
                                              .durability = durability,
                                              .sync_ms = 1,
                                              .compress = compress,
                                              .keep_days = 400,
                                              .disk = &faulty_disk};
    struct journal *journal = NULL;
    for (int i = 0; journal == NULL; i++) {
        struct failure failure = {0};
        uint64_t cut;
        assert_true(i < TRIES);
        journal = journal_open_with(path, &settings, &cut, &failure);
        if (journal == NULL) {
            check_text(&failure);
        }
    }
    return journal;
}

static bool append_number(struct journal *journal, int number, struct failure *failure)
{
    static char payload[RECORD_BYTES];
    memset(payload, 'a' + number % 26, sizeof payload);
    memcpy(payload, &number, sizeof number);
    struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                    .arrival_us = ARRIVAL_US,
                                    .topic = "plant/X/heat",
                                    .topic_length = 12,
                                    .payload = payload,
                                    .payload_length = sizeof payload};
    return journal_append(journal, &record, failure);
}

/* Reads on to the end, trying again what fails; the packer follows. */
static void read_on(struct journal *journal, uint64_t *position)
{
    struct journal_record record;
    int got, tries = 0;
    do {
        struct failure failure = {0};
        got = journal_read(journal, *position, &record, &failure);
        *position = got == 1 ? record.next : *position;
        if (got < 0) {
            check_text(&failure);
            assert_true(++tries < TRIES);
        }
    } while (got != 0);
}

/* Appends all numbers as a sender does that sends again what was not acknowledged, to a process
 * that is started again where its journal takes no more. `twice[i]`: it was sent again after a
 * restart, and may be there twice. */
static void work(enum journal_durability durability, bool twice[RECORDS])
{
    struct journal *journal = open_until(durability, true);
    uint64_t position = 0;
    int tries = 0;
    for (int i = 0; i < RECORDS;) {
        struct failure failure = {0};
        if (append_number(journal, i, &failure)) {
            tries = 0;
            i++;
        } else {
            check_text(&failure);
            twice[i] = true;
            if (++tries % TRIES == 0) {
                assert_non_null(strstr(failure.text, "closed to new records"));
                assert_false(journal_sync(journal, NULL));
                journal_close(journal);
                journal = open_until(durability, true);
            }
            assert_true(tries <= 4 * TRIES); /* as many restarts as calls fail, and one */
        }
        if (i % 10 == 0) {
            read_on(journal, &position);
        }
        if (i % 25 == 24) {
            journal_sync(journal, NULL);
        }
    }
    journal_close(journal);
}

static void check_all(const bool twice[RECORDS])
{
    uint64_t cut, position = 0;
    struct failure failure = {0};
    struct journal *journal = open_writing(&cut);
    struct journal_record record;
    int expected = 0, number, got;
    assert_int_equal(cut, 0);
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        memcpy(&number, record.payload, sizeof number);
        if (number != expected - 1 || !twice[number]) {
            assert_int_equal(number, expected);
            expected++;
        }
        position = record.next;
    }
    if (got != 0) {
        fail_msg("%s", failure.text);
    }
    assert_int_equal(expected, RECORDS);
    journal_close(journal);
}

/* One plan; returns how many calls of the operation there were. */
static int run(enum journal_durability durability, struct disk_faults plan)
{
    bool twice[RECORDS] = {false};
    scratch_remove(path);
    mkdir(path, 0700);
    disk_plan(plan);
    work(durability, twice);
    int calls = disk_calls[plan.operation];
    check_all(twice);
    return calls;
}

static void run_all(enum journal_durability durability, enum disk_operation operation, int step)
{
    int calls = run(durability, (struct disk_faults){.operation = operation});
    int failed = 0;
    for (int at = 1; at <= calls; at += step) {
        for (int span = 1; span <= 3; span += 2) {
            struct disk_faults plan = {
                .operation = operation, .at = at, .span = span, .code = codes[(at + span) % 3]};
            run(durability, plan);
            failed += disk_failures > 0;
        }
    }
    assert_true(operation == DISK_WRITE || failed > 0); /* the packer alone writes, at its time */
}

static void nothing_acknowledged_is_lost_whichever_call_fails(void **state)
{
    (void)state;
    for (int operation = 0; operation < DISK_OPERATIONS; operation++) {
        run_all(JOURNAL_PROCESS, (enum disk_operation)operation, 1);
    }
    run_all(JOURNAL_GROUP, DISK_SYNC_DATA, 3);
    run_all(JOURNAL_GROUP, DISK_SYNC, 1);
    run_all(JOURNAL_POWER, DISK_SYNC_DATA, 9);
    run_all(JOURNAL_POWER, DISK_SYNC, 1);
}

/* The header of a new segment is not known to be on the disk then. */
static void a_segment_whose_sync_fails_is_not_taken(void **state)
{
    (void)state;
    const struct journal_settings settings = {
        .segment_bytes = SEGMENT, .keep_days = 400, .disk = &faulty_disk};
    struct failure failure = {0};
    uint64_t cut;
    disk_plan((struct disk_faults){.operation = DISK_SYNC, .at = 1, .span = 1, .code = EIO});
    assert_null(journal_open_with(path, &settings, &cut, &failure));
    check_text(&failure);
    disk_plan((struct disk_faults){0});
    struct journal *journal = journal_open_with(path, &settings, &cut, &failure);
    assert_non_null(journal);
    assert_int_equal(journal_begin(journal), journal_end(journal));
    journal_close(journal);
}

/* ---- Packing and letting go, where each call is known ---- */

static void fill(void)
{
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    for (int i = 0; i < RECORDS; i++) {
        assert_true(append_number(journal, i, NULL));
    }
    assert_true(journal_sync(journal, NULL));
    journal_close(journal);
}

static void packing_that_fails_leaves_the_segment_whole(void **state)
{
    (void)state;
    const bool twice[RECORDS] = {false};
    const atomic_bool stop = false;
    fill();
    for (int operation = 0; operation < DISK_OPERATIONS; operation++) {
        bool good = false;
        for (int at = 1; !good && operation != DISK_ALLOCATE && operation != DISK_MAP &&
                         operation != DISK_SYNC_DATA;
             at++) {
            char name[SEGMENT_NAME_MAX];
            struct segment segment;
            struct failure failure = {0};
            int directory = open(path, O_RDONLY | O_DIRECTORY);
            segment_name(0, name);
            disk_plan((struct disk_faults){0});
            assert_true(segment_open(&faulty_disk, directory, name, 0, true, &segment, &failure));
            disk_plan((struct disk_faults){.operation = (enum disk_operation)operation,
                                           .at = at,
                                           .span = 1,
                                           .code = codes[at % 3]});
            good = packed_write(directory, &segment, &stop, &failure);
            assert_true(good || strstr(failure.text, strerror(faults.code)) != NULL);
            assert_true(good == (disk_failures == 0) || operation == DISK_UNLINK);
            assert_true(faccessat(directory, name, F_OK, 0) == 0 || good);
            segment_close(&segment);
            close(directory);
            disk_plan((struct disk_faults){0});
            check_all(twice);
            if (good) { /* as it was, for the next operation */
                scratch_remove(path);
                mkdir(path, 0700);
                fill();
            }
        }
    }
}

static void letting_go_that_fails_leaves_no_gap(void **state)
{
    (void)state;
    static const enum disk_operation operations[] = {DISK_UNLINK, DISK_SYNC};
    for (size_t i = 0; i < 2; i++) {
        for (int at = 1; at <= 4; at++) {
            scratch_remove(path);
            mkdir(path, 0700);
            fill();
            disk_plan((struct disk_faults){0});
            struct journal *journal = open_until(JOURNAL_PROCESS, false);
            uint64_t position = 0;
            read_on(journal, &position);
            disk_plan((struct disk_faults){
                .operation = operations[i], .at = at, .span = 1, .code = codes[at % 3]});
            struct failure failure = {0};
            bool good = journal_retire(journal, position, ARRIVAL_US + 500 * DAY_US, &failure);
            assert_int_equal(good, disk_failures == 0);
            /* each is gone for good before the next one goes */
            assert_int_equal(disk_calls[DISK_SYNC],
                             disk_calls[DISK_UNLINK] - (operations[i] == DISK_UNLINK && !good));
            if (!good) {
                check_text(&failure);
            }
            journal_close(journal);
            journal = open_until(JOURNAL_PROCESS, false); /* fails where there is a gap */
            uint64_t begin = journal_begin(journal), again = begin;
            read_on(journal, &again);
            assert_int_equal(again, position);
            assert_true(journal_retire(journal, position, ARRIVAL_US + 500 * DAY_US, &failure));
            assert_true(journal_begin(journal) >= begin && journal_begin(journal) > 2 * SEGMENT);
            journal_close(journal);
        }
    }
}

/* ---- A process that ends at any call ---- */

static void tell(int pipe_fd, int number)
{
    if (write(pipe_fd, &number, sizeof number) != sizeof number) {
        _exit(2);
    }
}

/* Works in a child; tells what it acknowledged. Exits 0 where its disk let it come to the end. */
static void work_and_tell(int pipe_fd, struct disk_faults plan)
{
    const struct journal_settings settings = {.segment_bytes = SEGMENT,
                                              .durability = JOURNAL_GROUP,
                                              .sync_ms = 1,
                                              .compress = true,
                                              .keep_days = 400,
                                              .disk = &faulty_disk};
    uint64_t cut, position = 0;
    struct journal_record record;
    disk_plan(plan);
    struct journal *journal = journal_open_with(path, &settings, &cut, NULL);
    for (int i = 0; journal != NULL && i < RECORDS && append_number(journal, i, NULL); i++) {
        tell(pipe_fd, i);
        while (journal_read(journal, position, &record, NULL) == 1) {
            position = record.next;
        }
    }
    char name[SEGMENT_NAME_MAX], file[SCRATCH_PATH_MAX + SEGMENT_NAME_MAX];
    segment_name(SEGMENT, name); /* the second one is packed, and the first one before it */
    snprintf(file, sizeof file, "%s/%s", path, name);
    for (int i = 0; i < 5000 && access(file, F_OK) == 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    tell(pipe_fd, RETIRES);
    if (!journal_retire(journal, 2 * SEGMENT, ARRIVAL_US + 500 * DAY_US, NULL)) {
        _exit(3);
    }
    journal_close(journal);
    _exit(0);
}

/* All that was told is there; only what was let go of may be missing before it. */
static void check_told(int last, bool retires)
{
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    struct failure failure = {0};
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    int number = -1, next = -1, got;
    assert_true(retires || position == SEGMENT_HEADER);
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        memcpy(&number, record.payload, sizeof number);
        assert_true(next == -1 ? retires || number == 0 : number == next);
        next = number + 1;
        position = record.next;
    }
    if (got != 0) {
        fail_msg("%s", failure.text);
    }
    assert_true(number >= last);
    journal_close(journal);
}

static int run_killed(int exit_at, bool after)
{
    int pipes[2], number, last = -1, status;
    bool retires = false;
    scratch_remove(path);
    mkdir(path, 0700);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        close(pipes[0]);
        work_and_tell(pipes[1], (struct disk_faults){.exit_at = exit_at, .exit_after = after});
    }
    close(pipes[1]);
    while (read(pipes[0], &number, sizeof number) == sizeof number) {
        retires = retires || number == RETIRES;
        last = number == RETIRES ? last : number;
    }
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    disk_plan((struct disk_faults){0});
    check_told(last, retires);
    return WEXITSTATUS(status);
}

static void nothing_acknowledged_is_lost_wherever_the_process_ends(void **state)
{
    (void)state;
    for (int after = 0; after < 2; after++) {
        int status = 9;
        for (int at = 1; status == 9; at++) {
            status = run_killed(at, after != 0);
            assert_true(at > 40 || status == 9); /* there are so many calls at least */
        }
        assert_int_equal(status, 0);
    }
}

/* ---- A tail in which bits are turned ---- */

static void turn_bit(int fd, off_t offset, int bit)
{
    unsigned char byte;
    assert_int_equal(pread(fd, &byte, 1, offset), 1);
    byte = (unsigned char)(byte ^ 1u << bit);
    assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
}

static void a_tail_with_any_bit_turned_is_cut(void **state)
{
    (void)state;
    char file[SCRATCH_PATH_MAX + SEGMENT_NAME_MAX], name[SEGMENT_NAME_MAX];
    segment_name(0, name);
    snprintf(file, sizeof file, "%s/%s", path, name);
    uint64_t cut;
    struct journal *journal = open_writing(&cut);
    append_numbered(journal, 0, 3, 100);
    assert_true(journal_sync(journal, NULL));
    uint64_t end = journal_end(journal);
    append_numbered(journal, 3, 1, 40); /* 32 + 12 + 40 bytes */
    uint64_t behind = journal_end(journal);
    journal_close(journal);
    for (int bit = 0; bit < 84 * 8; bit++) {
        int fd = open(file, O_RDWR);
        turn_bit(fd, (off_t)end + bit / 8, bit % 8);
        close(fd);
        struct journal *reader = journal_open_reading(path, NULL);
        assert_int_equal(read_numbered(reader), 3);
        journal_close(reader);
        journal = open_writing(&cut);
        assert_int_equal(journal_end(journal), end);
        assert_int_equal(cut > 0, true);
        assert_int_equal(read_numbered(journal), 3);
        append_numbered(journal, 3, 1, 40);
        assert_int_equal(journal_end(journal), behind);
        assert_int_equal(read_numbered(journal), 4);
        journal_close(journal);
    }
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR); /* packing that fails is said each time */
    const struct CMUnitTest tests[] = {
        TEST(nothing_acknowledged_is_lost_whichever_call_fails),
        TEST(a_segment_whose_sync_fails_is_not_taken),
        TEST(packing_that_fails_leaves_the_segment_whole),
        TEST(letting_go_that_fails_leaves_no_gap),
        TEST(nothing_acknowledged_is_lost_wherever_the_process_ends),
        TEST(a_tail_with_any_bit_turned_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
