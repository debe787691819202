/* The journal: what is on the disk when, at each level, and what follows where it is not. */
#include "disk_faults.h"
#include "journal_book.h"

#include <fcntl.h>
#include <pthread.h>
#include <time.h>

#define MANY 100
#define TRIES 20000 /* of a millisecond: until what must happen has */

static struct journal *open_at(enum journal_durability durability)
{
    const struct journal_settings settings = {.segment_bytes = SEGMENT,
                                              .durability = durability,
                                              .sync_ms = 1,
                                              .keep_days = 400,
                                              .disk = &faulty_disk};
    struct failure failure = {0};
    uint64_t cut;
    struct journal *journal = journal_open_with(path, &settings, &cut, &failure);
    if (journal == NULL) {
        fail_msg("%s", failure.text);
    }
    return journal;
}

static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static bool try_append(struct journal *journal, int number, struct failure *failure)
{
    struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                    .topic = "plant/X/heat",
                                    .topic_length = 12,
                                    .payload = &number,
                                    .payload_length = sizeof number};
    return journal_append(journal, &record, failure);
}

static void at_the_level_process_nothing_is_synced_until_it_is_asked(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_PROCESS);
    append_numbered(journal, 0, MANY, 100);
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 0);
    assert_true(journal_sync(journal, NULL));
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 1);
    journal_close(journal);
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 1);
}

static void at_the_level_power_each_append_returns_synced(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_POWER);
    for (int i = 0; i < MANY; i++) {
        append_numbered(journal, i, 1, 2000); /* into further segments, too */
        assert_true(disk_calls[DISK_SYNC_DATA] > i);
    }
    assert_true(journal_end(journal) > 2 * SEGMENT);
    assert_int_equal(read_numbered(journal), MANY);
    journal_close(journal);
}

static void at_the_level_group_the_journal_syncs_by_itself(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_GROUP);
    for (int i = 0; i < 3; i++) {
        int before = disk_calls[DISK_SYNC_DATA];
        append_numbered(journal, i, 1, 100);
        for (int tries = 0; disk_calls[DISK_SYNC_DATA] == before; tries++) {
            assert_true(tries < TRIES);
            rest();
        }
    }
    assert_int_equal(read_numbered(journal), 3);
    journal_close(journal);
}

static void at_the_level_group_what_follows_a_sync_of_somebody_else_is_synced_too(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_GROUP);
    for (int i = 0; i < 50; i++) {
        append_numbered(journal, 2 * i, 1, 100);
        assert_true(journal_sync(journal, NULL));
        append_numbered(journal, 2 * i + 1, 1, 100);
        for (int tries = 0; journal_synced(journal) < journal_end(journal); tries++) {
            assert_true(tries < TRIES);
            rest();
        }
    }
    journal_close(journal);
}

static void at_the_level_group_a_journal_is_closed_synced(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        disk_plan((struct disk_faults){0});
        struct journal *journal = open_at(JOURNAL_GROUP);
        append_numbered(journal, i, 1, 100);
        journal_close(journal);
        assert_true(disk_calls[DISK_SYNC_DATA] > 0);
    }
    char name[SEGMENT_NAME_MAX];
    struct segment segment;
    segment_name(0, name);
    int directory = open(path, O_RDONLY | O_DIRECTORY);
    assert_true(segment_open(journal_disk_system(), directory, name, 0, false, &segment, NULL));
    struct journal *journal = journal_open_reading(path, NULL);
    assert_int_equal(segment_synced(&segment), journal_end(journal));
    journal_close(journal);
    segment_close(&segment);
    close(directory);
}

static void what_is_synced_already_is_not_synced_again(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_PROCESS);
    append_numbered(journal, 0, 10, 100);
    uint64_t position = journal_end(journal);
    assert_true(journal_sync_before(journal, position, NULL));
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 1);
    append_numbered(journal, 10, 10, 100);
    assert_true(journal_sync_before(journal, position, NULL));
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 1);
    assert_true(journal_sync_before(journal, position + 1, NULL));
    assert_int_equal(disk_calls[DISK_SYNC_DATA], 2);
    journal_close(journal);
}

static void a_new_segment_is_synced_with_its_directory(void **state)
{
    (void)state;
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_PROCESS);
    append_numbered(journal, 0, 1, 100);
    assert_true(journal_sync(journal, NULL));
    append_numbered(journal, 1, 90, 1000);
    int before = disk_calls[DISK_SYNC];
    assert_true(journal_sync(journal, NULL));
    assert_int_equal(disk_calls[DISK_SYNC], before + 1);
    assert_true(journal_sync(journal, NULL));
    assert_int_equal(disk_calls[DISK_SYNC], before + 1);
    journal_close(journal);
}

/* Whichever sync fails first: nothing more is taken, whatever the disk says later. */
static void a_failed_sync_closes(enum journal_durability durability)
{
    disk_plan((struct disk_faults){.operation = DISK_SYNC_DATA, .at = 3, .span = 1, .code = EIO});
    struct journal *journal = open_at(durability);
    struct failure failure = {0};
    int taken = 0;
    for (int tries = 0; try_append(journal, taken, &failure); tries++) {
        assert_true(tries < TRIES);
        taken++;
        if (durability == JOURNAL_PROCESS) {
            journal_sync(journal, NULL);
        } else if (durability == JOURNAL_GROUP) {
            rest();
        }
    }
    assert_non_null(strstr(failure.text, strerror(EIO)));
    assert_non_null(strstr(failure.text, path));
    for (int i = 0; i < 3; i++) {
        failure = (struct failure){0};
        assert_false(try_append(journal, taken, &failure));
        assert_non_null(strstr(failure.text, "closed to new records"));
        assert_non_null(strstr(failure.text, strerror(EIO)));
        assert_false(journal_sync(journal, &failure));
        assert_false(journal_sync_before(journal, journal_end(journal), &failure));
    }
    int syncs = disk_calls[DISK_SYNC_DATA];
    assert_int_equal(syncs, 3);
    journal_close(journal);
    assert_int_equal(disk_calls[DISK_SYNC_DATA], syncs);
    disk_plan((struct disk_faults){0});
    journal = open_at(durability);
    int found = read_numbered(journal);
    assert_true(found == taken || (durability == JOURNAL_POWER && found == taken + 1));
    assert_true(try_append(journal, found, &failure));
    journal_close(journal);
}

static void after_a_failed_sync_nothing_is_taken_at_any_level(void **state)
{
    (void)state;
    for (int durability = JOURNAL_PROCESS; durability <= JOURNAL_POWER; durability++) {
        a_failed_sync_closes((enum journal_durability)durability);
        scratch_remove(path);
        mkdir(path, 0700);
    }
}

static void *append_some(void *argument)
{
    for (int i = 0; i < MANY; i++) {
        append(argument, (const char *)&i, sizeof i);
    }
    return NULL;
}

static void threads_that_append_at_the_level_power_share_syncs(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    disk_plan((struct disk_faults){0});
    struct journal *journal = open_at(JOURNAL_POWER);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, append_some, journal), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_true(disk_calls[DISK_SYNC_DATA] > 0);
    assert_true(disk_calls[DISK_SYNC_DATA] <= THREADS * MANY);
    struct journal_record record;
    uint64_t position = 0;
    int count = 0;
    while (journal_read(journal, position, &record, NULL) == 1) {
        position = record.next;
        count++;
    }
    assert_int_equal(count, THREADS * MANY);
    journal_close(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(at_the_level_process_nothing_is_synced_until_it_is_asked),
        TEST(at_the_level_power_each_append_returns_synced),
        TEST(at_the_level_group_the_journal_syncs_by_itself),
        TEST(at_the_level_group_what_follows_a_sync_of_somebody_else_is_synced_too),
        TEST(at_the_level_group_a_journal_is_closed_synced),
        TEST(what_is_synced_already_is_not_synced_again),
        TEST(a_new_segment_is_synced_with_its_directory),
        TEST(after_a_failed_sync_nothing_is_taken_at_any_level),
        TEST(threads_that_append_at_the_level_power_share_syncs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
