/* A trouble of the program is on record: in the journal, as an alert, in the handover, and what is
 * told at once is what the outbox tells later. */
#include "trouble.h"

#include "announce.h"
#include "book_trouble.h"
#include "handover.h"
#include "house.h"
#include "log.h"
#include "pipeline_snapshot.h"
#include "reader.h"
#include "report.h"
#include "trouble_note.h"
#include "trouble_watch.h"

#include <stdlib.h>

#define TEXT_MAX 4000

static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"Europe/Berlin\", \"production_day_start\": \"00:00:00\","
    " \"handover_delay_s\": 60,"
    " \"items\": [{\"id\": \"electricity\", \"unit\": \"kWh\", \"resolution\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"E1\", \"item\": \"electricity\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
    "              \"offsets\": {\"A\": 0, \"B\": 1}}}";

static struct house house;
static char text[TEXT_MAX];

static int setup(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_ERROR + 1);
    house_open(&house, plant_text, "07:00:00");
    static const struct house_message tick = {"07:00:00", NULL, NULL};
    house_append(house.journal, &tick);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close(&house);
    return 0;
}

static bool write_row(void *context, const struct reader_row *row)
{
    (void)context;
    for (int i = 0; i < row->column_count; i++) {
        const char *value = row->values[i] == NULL ? "-" : row->values[i];
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", value,
                 i + 1 < row->column_count ? " " : "\n");
    }
    return true;
}

static const char *ask(const char *sql)
{
    struct failure failure = {0};
    text[0] = '\0';
    house_require(reader_query(book_reader(house.book), sql, NULL, 0, write_row, NULL, &failure),
                  &failure);
    return text;
}

static const char *transitions(void)
{
    return ask("SELECT a.scope, a.matter, t.state, (t.at_us / 1000000) % 86400, t.retro, t.reason"
               " FROM alert_transition t JOIN alert_identity a ON a.no = t.alert"
               " ORDER BY t.position, t.ordinal");
}

static const char *outbox(void)
{
    return ask("SELECT topic, payload, retain FROM outbox_message ORDER BY row");
}

static void note_all(struct troubles *troubles, const char *at)
{
    trouble_note_all(troubles, house.journal, house_us(at));
    house_drain(&house);
}

static void the_names_are_those_of_the_ledger(void **state)
{
    (void)state;
    for (int kind = BOOK_SOUND + 1; kind < BOOK_TROUBLES; kind++) {
        const char *name = book_trouble_name((enum book_trouble)kind);
        assert_string_equal(trouble_kind_name((enum trouble_kind)kind), name);
    }
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        const char *name = trouble_kind_name((enum trouble_kind)kind);
        assert_int_equal(trouble_kind_find(name, strlen(name)), kind);
    }
    assert_int_equal(trouble_kind_find("ledger", 6), TROUBLE_NONE);
}

static void edge_34_a_trouble_is_an_alert_from_its_beginning_to_its_end(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    trouble_begin(&troubles, TROUBLE_BACKLOG, "too slow", house_us("08:00:00"));
    note_all(&troubles, "08:00:00");
    assert_string_equal(transitions(), "plant backlog raised 28800 0 too slow\n");
    trouble_begin(&troubles, TROUBLE_BACKLOG, "still", house_us("08:01:00"));
    note_all(&troubles, "08:01:00");
    trouble_end(&troubles, TROUBLE_BACKLOG, house_us("08:02:00"));
    note_all(&troubles, "08:02:00");
    note_all(&troubles, "08:03:00");
    assert_string_equal(transitions(), "plant backlog raised 28800 0 too slow\n"
                                       "plant backlog cleared 28920 0 -\n"
                                       "plant backlog closed 28920 0 -\n");
    struct report report;
    struct failure failure = {0};
    struct report_filters filters = {0};
    house_require(report_run(book_reader(house.book), "alerts", &filters, &report, &failure),
                  &failure);
    assert_int_equal(table_row_count(report.table), 1);
    static const char *const columns[] = {"id", "quota", "scope", "period", "state", "raised_at"};
    static const char *const cells[] = {
        "system/plant/backlog/limit", "system", "plant", "backlog", "closed",
        "2026-03-10T09:00:00+01:00"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        assert_string_equal(table_cell(report.table, 0, table_find(report.table, columns[i])),
                            cells[i]);
    }
    report_clear(&report);
}

/* A journal that is full cannot say so: it says so afterwards. */
static void what_could_not_be_noted_when_it_began_is_noted_with_its_end(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    trouble_begin(&troubles, TROUBLE_JOURNAL_BLOCKED, "no room", house_us("08:00:00"));
    trouble_end(&troubles, TROUBLE_JOURNAL_BLOCKED, house_us("08:02:00"));
    trouble_begin(&troubles, TROUBLE_JOURNAL_BLOCKED, "once more", house_us("08:03:00"));
    trouble_end(&troubles, TROUBLE_JOURNAL_BLOCKED, house_us("08:04:00"));
    note_all(&troubles, "08:05:00");
    assert_string_equal(transitions(), "plant journal_blocked raised 28800 0 no room\n"
                                       "plant journal_blocked cleared 29040 0 -\n"
                                       "plant journal_blocked closed 29040 0 -\n");
}

/* The clock was set back by an hour. */
static void a_trouble_does_not_end_before_it_began(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    trouble_begin(&troubles, TROUBLE_OUTBOX, "too much", house_us("08:00:00"));
    trouble_end(&troubles, TROUBLE_OUTBOX, house_us("07:00:00"));
    note_all(&troubles, "07:00:01");
    assert_string_equal(transitions(), "plant outbox raised 28800 0 too much\n"
                                       "plant outbox cleared 28800 0 -\n"
                                       "plant outbox closed 28800 0 -\n");
}

static void what_is_told_at_once_is_what_the_outbox_tells(void **state)
{
    (void)state;
    char expected[TEXT_MAX];
    struct troubles troubles = {0};
    struct failure failure = {0};
    struct plant *plant = plant_read("plant.json", plant_text, NULL, &failure);
    assert_non_null(plant);
    trouble_begin(&troubles, TROUBLE_LEDGER_FULL, "\"no\" room \xe6\xbb\xa1",
                  house_us("08:00:00") + 1);
    char *told = trouble_alert(&troubles, TROUBLE_LEDGER_FULL, &plant->roster.zone);
    note_all(&troubles, "09:00:00");
    snprintf(expected, sizeof expected,
             "heatledger/S1/alerts/system/plant/ledger_full/limit %s 1\n", told);
    assert_string_equal(outbox(), expected);
    free(told);
    trouble_end(&troubles, TROUBLE_LEDGER_FULL, house_us("10:00:00"));
    told = trouble_alert(&troubles, TROUBLE_LEDGER_FULL, &plant->roster.zone);
    assert_string_equal(told, "");
    free(told);
    note_all(&troubles, "10:00:00");
    assert_string_equal(ask("SELECT COUNT(*), (SELECT payload = '' FROM outbox_message ORDER BY row"
                            " DESC LIMIT 1) FROM outbox_message"),
                        "3 1\n");
    plant_free(plant);
}

static void edge_31_a_trouble_over_a_handover_is_listed_there(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    static const struct house_message later = {"12:00:00", NULL, NULL};
    trouble_begin(&troubles, TROUBLE_BROKER_AWAY, "cut", house_us("08:00:00"));
    note_all(&troubles, "08:00:00");
    house_append(house.journal, &later);
    house_drain(&house);
    ask("SELECT json FROM handover");
    if (strstr(text, "\"quota\":\"system/broker_away\",\"level\":\"limit\",\"state\":\"raised\"") ==
        NULL) {
        fail_msg("%s", text);
    }
}

static void entry(const char *at, const char *rest)
{
    char payload[400];
    struct house_message message = {at, "plant/S1/entry", payload};
    snprintf(payload, sizeof payload,
             "{\"ts\":\"2026-03-10T%sZ\",\"by\":\"li\",\"alert\":\"system/plant/%s}", at, rest);
    house_append(house.journal, &message);
    house_drain(&house);
}

static void a_trouble_is_seen_and_put_aside_like_any_alert(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    trouble_begin(&troubles, TROUBLE_OUTBOX, "much", house_us("08:00:00"));
    note_all(&troubles, "08:00:00");
    entry("08:01:00", "outbox/limit\",\"event\":\"ack\"");
    entry("08:02:00", "outbox/limit\",\"event\":\"shelve\",\"until\":\"2026-03-10T08:30:00Z\","
                      "\"reason\":\"known\"");
    entry("08:31:00", "outbox/target\",\"event\":\"ack\"");
    entry("08:32:00", "backlog/limit\",\"event\":\"ack\"");
    assert_string_equal(transitions(), "plant outbox raised 28800 0 much\n"
                                       "plant outbox acked 28860 0 -\n"
                                       "plant outbox shelved 28920 0 known\n"
                                       "plant outbox raised 30600 0 -\n");
    assert_string_equal(ask("SELECT outcome, count(*) FROM reject GROUP BY 1"), "not_allowed 2\n");
}

static void a_note_that_cannot_be_read_is_listed(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "{",
        "{\"trouble\":\"backlog\",\"from\":\"2026\",\"to\":null,\"text\":\"\"}",
        "{\"trouble\":\"backlog\",\"from\":\"2026-03-10T08:00:00Z\",\"text\":\"\"}",
        ("{\"trouble\":\"backlog\",\"from\":\"2026-03-10T08:00:00Z\","
         "\"to\":\"2026-03-10T07:00:00Z\",\"text\":\"\"}"),
        "{\"trouble\":\"fire\",\"from\":\"2026-03-10T08:00:00Z\",\"to\":null,\"text\":\"\"}",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        struct failure failure = {0};
        struct journal_record record = {.kind = JOURNAL_NOTE,
                                        .arrival_us = house_us("08:00:00"),
                                        .topic = "",
                                        .payload = payloads[i],
                                        .payload_length = strlen(payloads[i])};
        house_require(journal_append(house.journal, &record, &failure), &failure);
    }
    house_drain(&house);
    assert_string_equal(transitions(), "");
    assert_string_equal(ask("SELECT outcome, COUNT(*) FROM reject GROUP BY 1 ORDER BY 1"),
                        "not_supported 1\nundecodable 4\n");
}

/* From its start, and from a snapshot. */
static void a_restart_knows_which_troubles_stand(void **state)
{
    (void)state;
    struct troubles troubles = {0};
    struct failure failure = {0};
    int64_t since_us;
    trouble_begin(&troubles, TROUBLE_LEDGER_DISK, "bad", house_us("08:00:00"));
    note_all(&troubles, "08:00:00");
    house_begin_again(&house);
    house_drain(&house);
    for (int from_snapshot = 0; from_snapshot < 2; from_snapshot++) {
        assert_false(pipeline_trouble(house.pipeline, TROUBLE_LEDGER_FULL, &since_us));
        assert_true(pipeline_trouble(house.pipeline, TROUBLE_LEDGER_DISK, &since_us));
        assert_int_equal(since_us, house_us("08:00:00"));
        struct snapshot_writer writer = {0};
        struct snapshot_reader reader;
        house_require(pipeline_save(house.pipeline, &writer, &failure), &failure);
        house_begin_again(&house);
        house_require(snapshot_open(&reader, writer.bytes, writer.count, &failure) &&
                          pipeline_load(house.pipeline, &reader, &failure),
                      &failure);
        snapshot_writer_clear(&writer);
    }
    /* The next run finds it over. */
    struct troubles next = {0};
    trouble_adopt(&next, TROUBLE_LEDGER_DISK, since_us);
    trouble_of_book(&next, BOOK_SOUND, "", house_us("09:00:00"));
    note_all(&next, "09:00:00");
    assert_string_equal(transitions(), "plant ledger_disk raised 28800 0 bad\n"
                                       "plant ledger_disk cleared 32400 0 -\n"
                                       "plant ledger_disk closed 32400 0 -\n");
}

static void edge_34_a_limit_is_passed_at_it_and_left_at_half_of_it(void **state)
{
    (void)state;
    static const struct {
        bool stands;
        int64_t value;
        bool past;
    } rows[] = {{false, 99, false}, {false, 100, true}, {true, 51, true}, {true, 50, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(trouble_is_past(rows[i].stands, rows[i].value, 100), rows[i].past);
    }
}

static void a_backlog_is_counted_also_while_the_ledger_is_closed(void **state)
{
    (void)state;
    struct backlog backlog = {0};
    static const struct house_message tick = {"08:00:00", NULL, NULL};
    int64_t now_us = house_us("08:01:00");
    house_append(house.journal, &tick);
    uint64_t position = pipeline_position(house.pipeline);
    struct backlog_sight sight =
        backlog_look(&backlog, house.journal, house.pipeline, position, now_us);
    assert_true(sight.bytes > 0);
    assert_int_equal(sight.records, 0); /* not known yet */
    house_drain(&house);
    position = pipeline_position(house.pipeline);
    sight = backlog_look(&backlog, house.journal, house.pipeline, position, now_us);
    assert_int_equal(sight.bytes + sight.records + (uint64_t)sight.age_us, 0);
    for (int i = 0; i < 3; i++) {
        house_append(house.journal, &tick);
    }
    for (int closed = 0; closed < 2; closed++) {
        sight = backlog_look(&backlog, house.journal, closed == 0 ? house.pipeline : NULL, position,
                             now_us);
        assert_int_equal(sight.records, 3);
        assert_int_equal(sight.age_us, TIMESTAMP_MINUTE_US);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_names_are_those_of_the_ledger),
        cmocka_unit_test(edge_34_a_limit_is_passed_at_it_and_left_at_half_of_it),
        TEST(edge_34_a_trouble_is_an_alert_from_its_beginning_to_its_end),
        TEST(what_could_not_be_noted_when_it_began_is_noted_with_its_end),
        TEST(a_trouble_does_not_end_before_it_began),
        TEST(what_is_told_at_once_is_what_the_outbox_tells),
        TEST(edge_31_a_trouble_over_a_handover_is_listed_there),
        TEST(a_trouble_is_seen_and_put_aside_like_any_alert),
        TEST(a_note_that_cannot_be_read_is_listed),
        TEST(a_restart_knows_which_troubles_stand),
        TEST(a_backlog_is_counted_also_while_the_ledger_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
