/* The clock on the wall is set while messages come: the engine's time never goes back, and what is
 * due happens once. */
#include "book.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"
#include "plant_record.h"
#include "reader.h"
#include "scratch.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SEGMENT_BYTES (64u << 10)

static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"Etc/UTC\", \"production_day_start\": \"00:00:00\","
    " \"items\": [{\"id\": \"water\", \"unit\": \"L\", \"resolution\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
    "              \"offsets\": {\"A\": 0, \"B\": 1}}, \"quotas\": []}";

/* The clock goes on over the end of the shift, is set back two hours, passes the end again, is set
 * back and forth once more. `now` is the engine's time then. */
static const struct step {
    enum journal_kind kind;
    const char *arrival, *now;
    const char *payload;
} steps[] = {
    {JOURNAL_MESSAGE, "11:00:00", "11:00:00", "{\"ts\":\"2026-03-10T11:00:00Z\",\"value\":100}"},
    {JOURNAL_MESSAGE, "13:00:00", "13:00:00", "{\"ts\":\"2026-03-10T13:00:00Z\",\"value\":220}"},
    {JOURNAL_MESSAGE, "11:05:00", "13:00:00", "{\"ts\":\"2026-03-10T13:05:00Z\",\"value\":225}"},
    {JOURNAL_TICK, "12:59:00", "13:00:00", ""},
    {JOURNAL_TICK, "13:01:00", "13:01:00", ""},
    {JOURNAL_MESSAGE, "10:00:00", "13:01:00", "{\"ts\":\"2026-03-10T13:10:00Z\",\"value\":230}"},
    {JOURNAL_TICK, "13:02:00", "13:02:00", ""},
    {JOURNAL_MESSAGE, "13:20:00", "13:20:00", "{\"ts\":\"2026-03-10T13:20:00Z\",\"value\":240}"},
};

static int64_t instant(const char *clock)
{
    char text[40];
    int64_t at_us = 0;
    snprintf(text, sizeof text, "2026-03-10T%sZ", clock);
    assert_true(timestamp_parse(text, strlen(text), &at_us));
    return at_us;
}

static void append(struct journal *journal, const struct step *step)
{
    static const char topic[] = "plant/S1/LF/water/W1";
    struct failure failure = {0};
    struct journal_record record = {.kind = step->kind,
                                    .arrival_us = instant(step->arrival),
                                    .topic = step->kind == JOURNAL_TICK ? "" : topic,
                                    .payload = step->payload,
                                    .payload_length = strlen(step->payload)};
    record.topic_length = strlen(record.topic);
    assert_true(journal_append(journal, &record, &failure));
}

static bool keep_text(void *context, const struct reader_row *row)
{
    snprintf(context, 40, "%s", row->values[0]);
    return true;
}

static void expect(struct book *book, const char *sql, const char *value)
{
    char text[40] = "";
    struct failure failure = {0};
    assert_true(reader_query(book_reader(book), sql, NULL, 0, keep_text, text, &failure));
    assert_string_equal(text, value);
}

static void a_clock_that_is_set_back_and_forth_ends_a_shift_once(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX + 16];
    uint64_t cut_bytes = 0;
    struct failure failure = {0};
    scratch_make(directory);
    snprintf(path, sizeof path, "%s/journal", directory);
    struct journal *journal = journal_open(path, SEGMENT_BYTES, &cut_bytes, &failure);
    struct plant *plant = plant_read("plant.json", plant_text, NULL, &failure);
    struct book *book = book_open(":memory:", &failure);
    if (journal == NULL || plant == NULL || book == NULL ||
        !plant_record_ensure(journal, plant, instant("10:59:00"), &failure)) {
        fail_msg("%s", failure.text);
    }
    plant_free(plant);
    struct pipeline *pipeline = pipeline_create(journal, book);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        append(journal, &steps[i]);
        assert_true(pipeline_drain(pipeline, NULL, &failure));
        assert_true(pipeline_now_us(pipeline) == instant(steps[i].now));
        assert_true(pipeline_due_us(pipeline) > pipeline_now_us(pipeline));
    }
    assert_true(pipeline_show(pipeline, &failure));
    expect(book, "SELECT COUNT(*) FROM handover_summary", "1");
    expect(book, "SELECT SUM(amount_base) FROM crew_use_clock WHERE shift = 'day'", "60");
    expect(book, "SELECT SUM(amount_base) FROM crew_use_clock", "140");
    pipeline_destroy(pipeline);
    book_close(book);
    journal_close(journal);
    scratch_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_is_set_back_and_forth_ends_a_shift_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
