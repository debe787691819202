/* Invariant 4: replaying the journal, from its start or from any snapshot, gives the same ledger,
 * history included. */
#include "book_copy.h"
#include "dump.h"
#include "house.h"
#include "pipeline_snapshot.h"
#include "reader.h"

#include <stdlib.h>

#define TRAILER_BYTES 16 /* of a snapshot: snapshot.h */

/* What the first configuration has, and what comes with the second. */
#define PLANT(METERS, RATE, QUOTAS)                                                                \
    "{\"shop\": \"S1\", \"zone\": \"Europe/Berlin\", \"production_day_start\": \"00:00:00\","      \
    " \"handover_delay_s\": 60,"                                                                   \
    " \"items\": [{\"id\": \"electricity\", \"unit\": \"kWh\", \"resolution\": \"1\","             \
    "              \"division\": \"1\"},"                                                          \
    "             {\"id\": \"water\", \"unit\": \"L\", \"resolution\": \"1\"}],"                   \
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"                                           \
    " \"meters\": [{\"id\": \"E1\", \"item\": \"electricity\", \"station\": \"LF\","               \
    "               \"kind\": \"register\", \"resolution\": \"1\", \"stale_s\": 7200},"            \
    "              {\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\","                     \
    "               \"kind\": \"event\", \"resolution\": \"1\"}" METERS "],"                       \
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"                                    \
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"                                 \
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"                                              \
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"                    \
    "              \"offsets\": {\"A\": 0, \"B\": 1}},"                                            \
    " \"mappings\": [{\"topic\": \"gw/{meter}\", \"yields\": \"reading\", \"time\": \"local\","    \
    "   \"fields\": {\"meter\": \"{meter}\", \"ts\": \"/t\", \"value\": \"/v\"}}],"                \
    " \"quotas\": [{\"id\": \"q1\", \"item\": \"electricity\", \"basis\": \"per_tonne\","          \
    "               \"target\": \"" RATE "\", \"limit\": \"40\"},"                                 \
    "              {\"id\": \"q2\", \"item\": \"electricity\", \"basis\": \"per_shift\","          \
    "               \"target\": \"100\", \"limit\": \"300\", \"scopes\": [\"crew\"]}" QUOTAS "]}"

static const char first_plant[] = PLANT("", "30", "");
static const char second_plant[] =
    PLANT(", {\"id\": \"E2\", \"item\": \"electricity\", \"station\": \"LF\", \"kind\":"
          " \"increment\", \"resolution\": \"1\"}",
          "20",
          ", {\"id\": \"q3\", \"item\": \"water\", \"basis\": \"per_heat\", \"target\": \"5\","
          " \"limit\": \"9\"}");

#define FIRST_AT "10T06:59:00" /* the first configuration */
#define E1 "plant/S1/LF/electricity/E1"
#define E2 "plant/S1/LF/electricity/E2"
#define W1 "plant/S1/LF/water/W1"
#define HEAT "plant/S1/heat"
#define ENTRY "plant/S1/entry"
#define AT(time) "{\"ts\":\"2026-03-" time "Z\","

static const struct house_message day[] = {
    {"10T07:00:00", E1, AT("10T07:00:00") "\"value\":1000}"},
    {"10T07:10:00", HEAT,
     AT("10T07:10:00") "\"heat\":\"H1\",\"event\":\"start\",\"station\":\"LF\"}"},
    {"10T07:20:00", E1, AT("10T07:20:00") "\"value\":1050}"},
    {"10T07:21:00", W1, AT("10T07:21:00") "\"value\":3,\"id\":\"t1\"}"},
    {"10T07:25:00", E1, AT("10T07:25:00") "\"value\":900}"},
    {"10T07:40:00", HEAT,
     AT("10T07:40:00") "\"heat\":\"H1\",\"event\":\"tap\",\"station\":\"LF\",\"steel_kg\":1000,"
                       "\"id\":\"x1\"}"},
    {"10T07:41:00", E1, AT("10T07:41:00") "\"value\":1095}"},
    {"10T07:42:00", ENTRY,
     AT("10T07:42:00") "\"by\":\"leader\",\"event\":\"shelve\",\"alert\":\"q1/heat/H1/limit\","
                       "\"reason\":\"scrap\",\"until\":\"2026-03-10T09:30:00Z\"}"},
    {"10T07:43:00", ENTRY,
     AT("10T07:43:00") "\"by\":\"leader\",\"event\":\"ack\",\"alert\":\"q2/crew/2026-03-10 day A/"
                       "target\"}"},
    {"10T07:43:10", ENTRY,
     AT("10T07:43:10") "\"by\":\"wang\",\"event\":\"revise\",\"id\":\"r1\",\"quota\":\"q1\","
                       "\"from\":\"2026-03-10T07:05:00Z\",\"target\":20,\"limit\":44.5,\"reason\":"
                       "\"slag\"}"},
    {"10T07:43:20", ENTRY, AT("10T07:43:20") "\"by\":\"li\",\"event\":\"approve\",\"of\":\"r1\"}"},
    {"10T07:43:30", ENTRY,
     AT("10T07:43:30") "\"by\":\"wang\",\"event\":\"slip\",\"id\":\"s1\",\"item\":\"water\","
                       "\"crew\":\"A\",\"order\":\"P-7\",\"tonnes\":2,\"rate\":5}"},
    {"10T07:44:00", ENTRY,
     AT("10T07:44:00") "\"by\":\"zhao\",\"event\":\"approve\",\"of\":\"r1\"}"},
    {"10T07:44:10", ENTRY,
     AT("10T07:44:10") "\"by\":\"zhao\",\"event\":\"approve\",\"of\":\"r1\"}"},
    {"10T07:50:00", HEAT,
     AT("10T07:50:00") "\"heat\":\"H1\",\"event\":\"end\",\"station\":\"LF\"}"},
    {"10T08:00:00", NULL, second_plant},
    {"10T08:01:00", E2, AT("10T08:00:00") "\"value\":7}"},
    {"10T08:05:00", HEAT,
     AT("10T08:05:00") "\"heat\":\"H2\",\"event\":\"start\",\"station\":\"LF\"}"},
    {"10T08:11:00", E2, AT("10T08:10:00") "\"value\":12}"},
    {"10T08:12:00", W1, AT("10T08:12:00") "\"value\":11,\"id\":\"t2\",\"heat\":\"H2\"}"},
    {"10T08:12:10", ENTRY,
     AT("10T08:12:10") "\"by\":\"li\",\"event\":\"issue\",\"of\":\"s1\",\"amount\":9}"},
    {"10T08:12:20", ENTRY,
     AT("10T08:12:20") "\"by\":\"li\",\"event\":\"cause\",\"of\":\"q1/heat/H1/"
                       "limit\",\"code\":\"MAT\",\"reason\":\"ore\"}"},
    {"10T08:12:30", ENTRY,
     AT("10T08:12:30") "\"by\":\"li\",\"event\":\"transfer\",\"id\":\"t1\",\"quota\":\"q2\","
                       "\"period\":\"2026-03-10\",\"crew\":\"A\",\"to_crew\":\"B\",\"amount\":1,"
                       "\"reason\":\"x\"}"},
    {"10T08:12:40", ENTRY, AT("10T08:12:40") "\"by\":\"li\",\"event\":\"approve\",\"of\":\"t1\"}"},
    {"10T08:13:00", W1, AT("10T08:13:00") "\"value\":4,\"id\":\"t3\",\"void\":\"t1\"}"},
    {"10T08:20:00", E1, AT("10T08:20:00") "\"value\":1300}"},
    {"10T08:30:00", HEAT,
     AT("10T07:45:00") "\"heat\":\"H1\",\"event\":\"weight\",\"steel_kg\":4000}"},
    {"10T09:31:00", NULL, NULL},
    {"10T10:40:00", NULL, NULL},
    {"10T10:45:00", E1, AT("10T10:44:00") "\"value\":1400}"},
    {"10T10:46:00", "plant/S1/crew", AT("10T10:50:00") "\"event\":\"takeover\",\"crew\":\"B\"}"},
    {"10T11:00:30", HEAT,
     AT("10T11:00:30") "\"heat\":\"H2\",\"event\":\"end\",\"station\":\"LF\",\"steel_kg\":2000}"},
    {"10T11:02:00", NULL, NULL},
    {"10T11:10:00", E1, AT("10T11:10:00") "\"value\":1500}"},
    {"10T11:11:00", E1, AT("10T08:00:00") "\"value\":1150}"},
    {"10T11:12:00", HEAT,
     AT("10T11:12:00") "\"heat\":\"H2\",\"event\":\"renumber\",\"to\":\"H9\"}"},
    {"10T11:12:10", ENTRY,
     AT("10T11:12:10") "\"by\":\"wang\",\"event\":\"approve\",\"of\":\"t1\"}"},
    {"10T11:12:20", ENTRY,
     AT("10T11:12:20") "\"by\":\"li\",\"event\":\"close_slip\",\"of\":\"s1\",\"amount\":2}"},
    {"10T11:13:00", "plant/S1/LF/nothing/X", "{}"},
    {"10T23:30:00", NULL, NULL},
    {"11T07:00:00", E1, AT("11T07:00:00") "\"value\":1900}"},
    {"11T07:01:00", HEAT,
     AT("11T07:01:00") "\"heat\":\"H4\",\"event\":\"start\",\"station\":\"LF\"}"},
    {"11T07:02:00", W1, AT("11T07:02:00") "\"value\":8,\"id\":\"t4\"}"},
    {"11T07:03:00", HEAT,
     AT("11T07:03:00") "\"heat\":\"H4\",\"event\":\"tap\",\"station\":\"LF\",\"steel_kg\":900}"},
    {"11T07:04:00", "plant/S1/crew", AT("10T23:00:00") "\"event\":\"takeover\",\"crew\":\"B\"}"},
    {"11T07:10:00", "gw/E1", "{\"t\":\"2026-03-11T08:09:00\",\"v\":1950}"},
    {"11T07:11:00", E1, AT("11T07:11:00") "\"value\":1960}"},
};
#define COUNT (sizeof day / sizeof day[0])

/* Without a topic time passes, or (payload) a configuration comes. */
static void append(struct house *house, const struct house_message *message)
{
    struct failure failure = {0};
    if (message->topic == NULL && message->payload != NULL) {
        const struct plant *plant = pipeline_plant(house->pipeline);
        house_require(plant_record_append(house->journal, &plant->roster.zone, message->payload,
                                          house_us(message->at), &failure),
                      &failure);
    } else {
        house_append(house->journal, message);
    }
}

static bool write_row(void *context, const struct reader_row *row)
{
    for (int i = 0; i < row->column_count; i++) {
        fprintf(context, "%s%c", row->values[i] == NULL ? "-" : row->values[i],
                i + 1 < row->column_count ? ' ' : '\n');
    }
    return true;
}

/* All that the ledger holds, but for what was sent and when it was committed. */
static char *read_ledger(struct book *book)
{
    static const char *const tables[] = {
        "heat_balance", "crew_balance", "slot",   "open_segment",   "meter_state",
        "held_reading", "heat",         "stay",   "heat_review",    "alert_row",
        "posting",      "curve_page",   "reject", "outbox_message", "paper_row"};
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool good = dump_write(book_reader(book), true, out, &failure);
    for (size_t i = 0; good && i < sizeof tables / sizeof tables[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2, 3, 4", tables[i]);
        fprintf(out, "%s:\n", tables[i]);
        good = reader_query(book_reader(book), sql, NULL, 0, write_row, out, &failure);
    }
    fclose(out);
    house_require(good, &failure);
    return text;
}

/* The ledger of one that was never stopped, which commits after each message. */
static char *whole_ledger(void)
{
    struct house house;
    house_open(&house, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i < COUNT; i++) {
        append(&house, &day[i]);
        house_drain(&house);
    }
    char *text = read_ledger(house.book);
    house_close(&house);
    return text;
}

static void save(struct house *house, struct snapshot_writer *writer)
{
    struct failure failure = {0};
    house_require(pipeline_save(house->pipeline, writer, &failure), &failure);
}

/* Stopped, and started again from a snapshot. */
static bool restart(struct house *house, const struct snapshot_writer *writer,
                    struct failure *failure)
{
    struct snapshot_reader reader;
    house_begin_again(house);
    return snapshot_open(&reader, writer->bytes, writer->count, failure) &&
           pipeline_load(house->pipeline, &reader, failure);
}

/* A snapshot after `saved` messages, and a restart from it after `stopped` of them. */
static void check_restart(size_t saved, size_t stopped, const char *whole)
{
    struct house house;
    struct snapshot_writer writer = {0};
    struct failure failure = {0};
    house_open(&house, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i <= COUNT; i++) {
        if (i == saved) {
            save(&house, &writer);
        }
        if (i == stopped) {
            house_require(restart(&house, &writer, &failure), &failure);
            house_drain(&house);
        }
        if (i < COUNT) {
            append(&house, &day[i]);
            house_drain(&house);
        }
    }
    char *text = read_ledger(house.book);
    if (strcmp(text, whole) != 0) {
        print_message("a snapshot after %zu messages, a restart after %zu\n", saved, stopped);
    }
    assert_string_equal(text, whole);
    free(text);
    snapshot_writer_clear(&writer);
    house_close(&house);
}

static void invariant_4_a_restart_from_any_snapshot_gives_the_same_ledger(void **state)
{
    (void)state;
    char *whole = whole_ledger();
    for (size_t saved = 0; saved <= COUNT; saved++) {
        check_restart(saved, saved, whole);
        check_restart(saved, saved + 3 < COUNT ? saved + 3 : COUNT, whole);
        check_restart(saved, COUNT, whole);
    }
    free(whole);
}

/* What was, message by message. */
struct past {
    uint64_t position;
    char *ledger;
    struct snapshot_writer snapshot;
};

static void take_back(struct house *house, const struct past *past)
{
    struct failure failure = {0};
    house_require(book_roll_back(house->book, past->position, &failure) &&
                      restart(house, &past->snapshot, &failure) &&
                      pipeline_give_again(house->pipeline, &failure),
                  &failure);
    char *text = read_ledger(house->book);
    assert_string_equal(text, past->ledger);
    free(text);
}

static char *read_dump(struct book *book)
{
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    house_require(dump_write(book_reader(book), true, out, &failure), &failure);
    fclose(out);
    return text;
}

/* Back from the end, a message at a time, and from the beginning on once more. */
static void invariant_4_a_ledger_taken_back_to_a_snapshot_is_what_it_was(void **state)
{
    (void)state;
    struct house house;
    struct past past[COUNT + 1] = {0};
    house_open(&house, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i <= COUNT; i++) {
        save(&house, &past[i].snapshot);
        past[i].position = pipeline_position(house.pipeline);
        past[i].ledger = read_ledger(house.book);
        if (i < COUNT) {
            append(&house, &day[i]);
            house_drain(&house);
        }
    }
    char *whole = read_dump(house.book);
    for (size_t i = COUNT + 1; i > 0; i--) {
        take_back(&house, &past[i - 1]);
    }
    house_drain(&house);
    char *again = read_dump(house.book);
    assert_string_equal(again, whole);
    for (size_t i = 0; i <= COUNT; i++) {
        snapshot_writer_clear(&past[i].snapshot);
        free(past[i].ledger);
    }
    free(again);
    free(whole);
    house_close(&house);
}

static void the_day_holds_what_a_snapshot_must_keep(void **state)
{
    (void)state;
    static const char *const signs[] = {"shelved", "acked", "raised",  "stale",
                                        "q3",      "H9",    "handover"};
    char *whole = whole_ledger();
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strstr(whole, signs[i]) == NULL) {
            fail_msg("there is no \"%s\" in the ledger:\n%s", signs[i], whole);
        }
    }
    free(whole);
}

/* A snapshot is a function of the journal: one that a restart made is the one that was loaded. */
static void a_snapshot_of_what_was_loaded_is_the_same_byte_for_byte(void **state)
{
    (void)state;
    struct house house;
    struct snapshot_writer first = {0}, second = {0};
    struct failure failure = {0};
    house_open(&house, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i < COUNT; i++) {
        append(&house, &day[i]);
        house_drain(&house);
        save(&house, &first);
        house_require(restart(&house, &first, &failure), &failure);
        save(&house, &second);
        assert_int_equal(first.count, second.count);
        assert_memory_equal(first.bytes, second.bytes, first.count);
    }
    snapshot_writer_clear(&first);
    snapshot_writer_clear(&second);
    house_close(&house);
}

/* Half of a snapshot, with the checksum of the half. */
static void every_beginning_of_a_snapshot_is_refused(void **state)
{
    (void)state;
    struct house house;
    struct snapshot_writer writer = {0};
    house_open(&house, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i < COUNT; i++) {
        append(&house, &day[i]);
    }
    house_drain(&house);
    save(&house, &writer);
    size_t whole = writer.count - TRAILER_BYTES;
    for (size_t count = 30; count < whole; count += 61) {
        struct failure failure = {0};
        struct snapshot_writer part = {0};
        snapshot_put_bytes(&part, writer.bytes, count);
        snapshot_end(&part);
        assert_false(restart(&house, &part, &failure));
        assert_int_equal(failure.code, FAILURE_RESOURCE);
        snapshot_writer_clear(&part);
    }
    snapshot_writer_clear(&writer);
    house_close(&house);
}

static void a_snapshot_that_the_ledger_has_not_reached_is_refused(void **state)
{
    (void)state;
    struct house house, behind;
    struct snapshot_writer writer = {0};
    struct failure failure = {0};
    house_open(&house, first_plant, FIRST_AT);
    house_open(&behind, first_plant, FIRST_AT);
    house_drain(&house);
    for (size_t i = 0; i < 5; i++) {
        append(&house, &day[i]);
        append(&behind, &day[i]);
    }
    house_drain(&house);
    save(&house, &writer);
    assert_false(restart(&behind, &writer, &failure));
    assert_non_null(strstr(failure.text, "has not reached"));
    house_close(&house);
    house_close(&behind);
    snapshot_writer_clear(&writer);
}

/* As after another journal was put into the directory. */
static void a_snapshot_of_another_journal_is_refused(void **state)
{
    (void)state;
    struct house house, other;
    struct snapshot_writer writer = {0};
    struct failure failure = {0};
    const struct house_message same_length = {"10T07:00:00", E1,
                                              AT("10T07:00:00") "\"value\":1001}"};
    house_open(&house, first_plant, FIRST_AT);
    house_open(&other, first_plant, FIRST_AT);
    append(&house, &day[0]);
    append(&other, &same_length);
    house_drain(&house);
    house_drain(&other);
    assert_int_equal(pipeline_position(house.pipeline), pipeline_position(other.pipeline));
    save(&house, &writer);
    assert_false(restart(&other, &writer, &failure));
    assert_non_null(strstr(failure.text, "another journal"));
    house_close(&house);
    house_close(&other);
    snapshot_writer_clear(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invariant_4_a_restart_from_any_snapshot_gives_the_same_ledger),
        cmocka_unit_test(invariant_4_a_ledger_taken_back_to_a_snapshot_is_what_it_was),
        cmocka_unit_test(the_day_holds_what_a_snapshot_must_keep),
        cmocka_unit_test(a_snapshot_of_what_was_loaded_is_the_same_byte_for_byte),
        cmocka_unit_test(every_beginning_of_a_snapshot_is_refused),
        cmocka_unit_test(a_snapshot_that_the_ledger_has_not_reached_is_refused),
        cmocka_unit_test(a_snapshot_of_another_journal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
