/* The journal: what was appended is read again, by whoever reads meanwhile. */
#include "journal_book.h"

#include <pthread.h>
#include <sys/wait.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_appended_is_read_again),
        TEST(empty_topic_and_payload_are_kept),
        TEST(position_zero_reads_the_first_record),
        TEST(records_go_on_in_new_segments),
        TEST(a_record_larger_than_a_segment_gets_one_of_its_own),
        TEST(positions_do_not_change),
        TEST(a_second_opening_is_refused),
        TEST(another_process_reads_while_it_is_written),
        TEST(reading_where_there_is_no_journal_is_a_failure),
        TEST(two_threads_append_while_a_third_reads),
        TEST(a_wake_ends_a_wait_that_comes_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
