/* A journal in a directory of its own, with records that tell their number. */
#ifndef JOURNAL_BOOK_H
#define JOURNAL_BOOK_H

#include "journal.h"
#include "journal_segment.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SEGMENT JOURNAL_SEGMENT_MIN
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static char path[SCRATCH_PATH_MAX];

static inline int setup(void **state)
{
    (void)state;
    scratch_make(path);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    scratch_remove(path);
    return 0;
}

static inline struct journal *open_writing(uint64_t *cut)
{
    struct failure failure = {0};
    struct journal *journal = journal_open(path, SEGMENT, cut, &failure);
    if (journal == NULL) {
        fail_msg("%s", failure.text);
    }
    return journal;
}

static inline uint64_t append(struct journal *journal, const char *payload, size_t length)
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
static inline void append_numbered(struct journal *journal, int first, int count, size_t size)
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
static inline int read_numbered(struct journal *journal)
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

#endif
