/* A ledger in memory, with a journal in a directory of its own, in March 2026. */
#ifndef HEATLEDGER_TESTS_HOUSE_H
#define HEATLEDGER_TESTS_HOUSE_H

#include "book.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"
#include "plant_record.h"
#include "scratch.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUSE_SEGMENT_BYTES (64u << 10)

struct house {
    char directory[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX + 16];
    struct journal *journal;
    struct book *book;
    struct pipeline *pipeline;
};

/* What arrives: `at` is "HH:MM:SS" of the 10th, or "DDTHH:MM:SS". Without a topic it is a tick. */
struct house_message {
    const char *at, *topic, *payload;
};

/* Rows of messages: a heat is weighed and owned, the next one comes, a reading is held. */
#define HOUSE_A_HEAT_ENDS                                                                          \
    {"11:10:00", "plant/S1/heat",                                                                  \
     "{\"ts\":\"2026-03-10T11:10:00Z\",\"heat\":\"H2\",\"event\":\"start\",\"station\":\"LF\"}"},  \
        {"11:20:00", "plant/S1/LF/electricity/E1",                                                 \
         "{\"ts\":\"2026-03-10T11:20:00Z\",\"value\":1020}"},                                      \
        {"11:40:00", "plant/S1/heat",                                                              \
         "{\"ts\":\"2026-03-10T11:40:00Z\",\"heat\":\"H2\",\"event\":\"end\","                     \
         "\"station\":\"LF\",\"steel_kg\":1000}"},                                                 \
        {"11:41:00", "plant/S1/LF/electricity/E1",                                                 \
         "{\"ts\":\"2026-03-10T11:41:00Z\",\"value\":900}"},                                       \
        {"11:50:00", "plant/S1/heat",                                                              \
         "{\"ts\":\"2026-03-10T11:50:00Z\",\"heat\":\"H3\",\"event\":\"start\","                   \
         "\"station\":\"LF\"}"},                                                                   \
    {                                                                                              \
        "12:10:00", "plant/S1/LF/electricity/E1",                                                  \
            "{\"ts\":\"2026-03-10T12:10:00Z\",\"value\":1090}"                                     \
    }

static inline void house_require(bool good, const struct failure *failure)
{
    if (!good) {
        fail_msg("%s", failure->text);
    }
}

static inline int64_t house_us(const char *at)
{
    char text[40];
    int64_t at_us = 0;
    snprintf(text, sizeof text, "2026-03-%s%sZ", strchr(at, 'T') == NULL ? "10T" : "", at);
    assert_true(timestamp_parse(text, strlen(text), &at_us));
    return at_us;
}

static inline void house_append(struct journal *journal, const struct house_message *message)
{
    const char *payload = message->payload != NULL ? message->payload : "";
    struct failure failure = {0};
    struct journal_record record = {.kind = message->topic != NULL ? JOURNAL_MESSAGE : JOURNAL_TICK,
                                    .qos = 1,
                                    .session = 1,
                                    .arrival_us = house_us(message->at),
                                    .topic = message->topic != NULL ? message->topic : "",
                                    .payload = payload,
                                    .payload_length = strlen(payload)};
    record.topic_length = strlen(record.topic);
    house_require(journal_append(journal, &record, &failure), &failure);
}

/* Begins with the configuration, which arrived at `at`. */
static inline void house_open(struct house *house, const char *plant_text, const char *at)
{
    uint64_t cut_bytes = 0;
    struct failure failure = {0};
    *house = (struct house){0};
    scratch_make(house->directory);
    snprintf(house->path, sizeof house->path, "%s/journal", house->directory);
    house->journal = journal_open(house->path, HOUSE_SEGMENT_BYTES, &cut_bytes, &failure);
    struct plant *plant = plant_read("plant.json", plant_text, NULL, &failure);
    house->book = book_open(":memory:", &failure);
    house_require(house->journal != NULL && plant != NULL && house->book != NULL &&
                      plant_record_ensure(house->journal, plant, house_us(at), &failure),
                  &failure);
    plant_free(plant);
    house->pipeline = pipeline_create(house->journal, house->book);
}

/* Books and shows what is in the journal. */
static inline void house_drain(struct house *house)
{
    struct failure failure = {0};
    house_require(pipeline_drain(house->pipeline, NULL, &failure) &&
                      pipeline_show(house->pipeline, &failure),
                  &failure);
}

/* As after a restart without a snapshot. */
static inline void house_begin_again(struct house *house)
{
    pipeline_destroy(house->pipeline);
    house->pipeline = pipeline_create(house->journal, house->book);
}

static inline void house_close(struct house *house)
{
    pipeline_destroy(house->pipeline);
    book_close(house->book);
    journal_close(house->journal);
    scratch_remove(house->directory);
}

#endif
