#include "ledger_fixture.h"
#include "reader.h"

#include <sqlite3.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger_rows.h"

static void what_is_committed_is_there_after_opening_again(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure;

    (void)state;
    fixture_demo(f);
    commit_or_fail(f, F_DEMO_NOW_US);
    book_close(f->book);
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    assert_int_equal(book_position(f->book), 10);
    struct reader *reader = reader_open(f->directory, &failure);
    assert_non_null(reader);
    expect_rows(reader, "SELECT COUNT(*) FROM posting", "7\n");
    expect_rows(reader, "SELECT position, now_us, shown_position, as_of_us FROM progress",
                "10|1773129630000000|10|1773129630000000\n");
    reader_close(reader);
    fixture_close(f);
}

static void public_views_show_names_and_base_units(void **state)
{
    struct ledger_fixture *f = fixture_open(false);

    (void)state;
    fixture_demo(f);
    commit_or_fail(f, F_DEMO_NOW_US);
    struct reader *reader = book_reader(f->book);
    expect_rows(reader, "SELECT * FROM posting WHERE ordinal = 1",
                "10|1|M02|BOF|femn|12602485|2026-03-10|day|A|1773101400000000|1773101400000000|"
                "-690000|kg|0.001|M|none|reversal|10|0|1|1773101460000000\n");
    expect_rows(reader, "SELECT * FROM heat_use WHERE heat = '12602496' AND item = 'electricity'",
                "12602496|electricity|kWh|0.001|660000|M|0|2026-03-10|day|A||100100000\n");
    expect_rows(reader, "SELECT * FROM crew_use_clock WHERE crew = 'B'",
                "2026-03-10|middle|B|electricity|kWh|0.001|60000|M|0\n");
    expect_rows(reader, "SELECT * FROM crew_use_owner WHERE item = 'electricity'",
                "2026-03-10|day|A|electricity|kWh|0.001|5760001|E|1000001\n");
    expect_rows(reader, "SELECT * FROM quota_balance WHERE scope = 'crew' AND quota = 'femn'",
                "femn|crew|2026-03-10 day A|null|2026-03-10|day|A|femn|kg|0.001|owner|1357960|"
                "1397900|1368000|29900|amber|1\n");
    expect_rows(reader, "SELECT id, state, closed_at_us, used_base FROM alert WHERE scope = 'heat'",
                "femn/heat/12602485/target|closed|1773107700000000|682000\n");
    fixture_close(f);
}

static void a_balance_that_is_gone_and_no_other_is_forgotten(void **state)
{
    static const char balances[] = "SELECT quota, scope, period FROM quota_balance ORDER BY 2, 1";
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);

    (void)state;
    fixture_demo(f);
    struct balance heat = fixture_balance(F_QUOTA_LF, 2, a, 0, 0, 0, VERDICT_GREEN);
    struct balance crew = fixture_balance(F_QUOTA_FEMN, 0, a, 0, 0, 0, VERDICT_GREEN);
    heat.gone = crew.gone = true;
    book_balance(f->book, &heat);
    book_balance(f->book, &crew);
    commit_or_fail(f, F_DEMO_NOW_US);
    expect_rows(book_reader(f->book), balances, "lf|crew|2026-03-10 day A\nfemn|heat|12602485\n");
    fixture_begin(f);
    book_balances_clear(f->book);
    commit_or_fail(f, F_DEMO_NOW_US);
    expect_rows(book_reader(f->book), balances, "");
    fixture_close(f);
}

static void a_batch_is_written_whole_or_not_at_all(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct segment use =
        fixture_segment(F_M02, 0, fixture_slot(F_DAY, F_A), F_AT(9, 0), F_AT(9, 0), 5000);
    struct failure failure = {0};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    fixture_begin(f);
    fixture_post(f, use);
    f->ordinal--; /* the same identity again */
    fixture_post(f, use);
    fixture_post(f, use);
    assert_false(fixture_commit(f, F_AT(9, 0), &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, f->path));
    assert_non_null(strstr(failure.text, "a posting cannot be written: UNIQUE constraint failed"));
    book_close(f->book);
    f->book = book_open(f->path, &failure);
    assert_int_equal(book_position(f->book), 10);
    expect_rows(book_reader(f->book), "SELECT COUNT(*) FROM entry_posting", "0\n");
    fixture_close(f);
}

static void use_stands_at_the_station_where_it_was_whatever_meter_measured_it(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    struct segment use = fixture_segment(F_E03, 0, a, F_AT(9, 0), F_AT(9, 5), 700);
    (void)state;

    use.station.index = F_LF; /* the meter itself stands at BOF */
    fixture_post(f, use);
    book_open_begin(f->book, F_AT(9, 6));
    book_open_segment(f->book, &use);
    commit_or_fail(f, F_AT(9, 6));
    expect_rows(book_reader(f->book), "SELECT station FROM posting WHERE meter = 'E03'", "LF\n");
    expect_rows(book_reader(f->book),
                "SELECT st.id FROM open_segment s JOIN station st ON st.no = s.station", "LF\n");
    fixture_close(f);
}

static void the_first_failure_sticks(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct segment use =
        fixture_segment(F_M02, 0, fixture_slot(F_DAY, F_A), F_AT(9, 0), F_AT(9, 0), 5000);
    struct failure failure = {0}, again = {0};

    (void)state;
    fixture_post(f, use);
    f->ordinal--;
    fixture_post(f, use);
    fixture_demo(f); /* must neither write nor stop the program */
    assert_false(fixture_commit(f, F_AT(9, 0), &failure));
    fixture_begin(f);
    assert_false(fixture_commit(f, F_AT(9, 0), &again));
    assert_string_equal(failure.text, again.text);
    fixture_close(f);
}

static void a_lock_that_is_let_go_does_not_lose_the_batch(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    sqlite3 *other = NULL;
    sqlite3_stmt *read = NULL;

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    /* a stranger reads slowly while the book writes */
    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(other, "SELECT * FROM item", -1, &read, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(read), SQLITE_ROW);
    fixture_begin(f);
    fixture_demo(f);
    commit_or_fail(f, F_DEMO_NOW_US);
    sqlite3_finalize(read);
    sqlite3_close(other);
    assert_int_equal(book_position(f->book), 20);
    fixture_close(f);
}

static void a_heat_that_changes_gets_a_version_and_one_that_does_not_gets_none(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct heat heat = fixture_heat(1, "h", F_AT(8, 0));

    (void)state;
    book_heat(f->book, &heat, 0);
    book_heat(f->book, &heat, 0);
    heat.steel_g = 99600000;
    book_heat(f->book, &heat, 0);
    heat.owner_at_us = F_AT(8, 15);
    heat.owner = fixture_slot(F_DAY, F_A);
    book_heat(f->book, &heat, 0);
    book_heat(f->book, &heat, 0);
    commit_or_fail(f, F_AT(8, 15));
    expect_rows(book_reader(f->book),
                "SELECT version, id, steel_g, owner_at_us, owner_crew FROM heat_version",
                "1|h|null|null|null\n2|h|99600000|null|null\n3|h|99600000|1773101700000000|1\n");
    expect_rows(book_reader(f->book), "SELECT no, steel_g FROM heat", "0|null\n1|99600000\n");
    fixture_close(f);
}

static void stays_are_replaced_as_a_whole(void **state)
{
    struct ledger_fixture *f = fixture_open(false);

    (void)state;
    book_stay(f->book, &(struct heat_stay){{1}, {F_LF}, 1, F_AT(8, 0), F_AT(9, 0)});
    book_stay(f->book, &(struct heat_stay){{1}, {F_LF}, 2, F_AT(10, 0), TIMESTAMP_NEVER_US});
    book_stay(f->book, &(struct heat_stay){{2}, {F_LF}, 1, F_AT(9, 0), F_AT(10, 0)});
    book_stays_clear(f->book, (heat_no){1});
    book_stay(f->book, &(struct heat_stay){{1}, {F_BOF}, 1, F_AT(8, 0), TIMESTAMP_NEVER_US});
    commit_or_fail(f, F_AT(11, 0));
    expect_rows(book_reader(f->book),
                "SELECT s.heat, st.id, s.visit, s.end_us IS NULL FROM stay s"
                " JOIN station st ON st.no = s.station",
                "1|BOF|1|1\n2|LF|1|0\n");
    fixture_close(f);
}

static void open_use_of_a_meter_stays_until_it_is_forgotten(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    struct segment use = fixture_segment(F_E02, 0, a, F_AT(9, 0), F_AT(9, 5), 700);

    (void)state;
    book_open_begin(f->book, F_AT(9, 5));
    book_open_segment(f->book, &use);
    commit_or_fail(f, F_AT(9, 5));
    expect_rows(book_reader(f->book), "SELECT amount_base FROM crew_use_clock", "700\n");
    fixture_begin(f);
    fixture_post(f, use);
    use.amount_base = 11;
    book_open_begin(f->book, F_AT(9, 6));
    book_open_forget(f->book, use.meter);
    book_open_segment(f->book, &use);
    commit_or_fail(f, F_AT(9, 6));
    expect_rows(book_reader(f->book), "SELECT amount_base FROM crew_use_clock", "711\n");
    fixture_begin(f);
    book_open_begin(f->book, F_AT(9, 7));
    commit_or_fail(f, F_AT(9, 7));
    expect_rows(book_reader(f->book), "SELECT amount_base FROM crew_use_clock", "711\n");
    fixture_begin(f);
    book_open_begin(f->book, F_AT(9, 8));
    book_open_forget_all(f->book);
    commit_or_fail(f, F_AT(9, 8));
    expect_rows(book_reader(f->book), "SELECT amount_base FROM crew_use_clock", "700\n");
    fixture_close(f);
}

static void the_outbox_forgets_what_was_sent_and_never_counts_again(void **state)
{
    struct ledger_fixture *f = fixture_open(false);

    (void)state;
    book_outbox(f->book, (struct effect_id){7, 0}, "a/1", "{}", true);
    book_outbox(f->book, (struct effect_id){7, 1}, "a/2", "{\"x\":1}", false);
    commit_or_fail(f, F_AT(8, 0));
    expect_rows(book_reader(f->book), "SELECT row, id, topic, payload, retain FROM outbox",
                "1|7-0|a/1|{}|1\n2|7-1|a/2|{\"x\":1}|0\n");
    fixture_begin(f);
    book_outbox_sent(f->book, 2);
    commit_or_fail(f, F_AT(8, 0));
    fixture_begin(f);
    book_outbox(f->book, (struct effect_id){8, 0}, "a/3", "{}", true);
    commit_or_fail(f, F_AT(8, 0));
    expect_rows(book_reader(f->book), "SELECT row, id FROM outbox", "3|8-0\n");
    fixture_close(f);
}

static void refused_messages_are_kept_up_to_a_limit(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    char payload[BOOK_REJECT_PAYLOAD_MAX + 50];

    (void)state;
    memset(payload, 'x', sizeof payload);
    book_reject(f->book, &(struct book_reject){.id = {5, 0},
                                               .at_us = 1,
                                               .topic = "plant/xyz",
                                               .topic_length = 5,
                                               .outcome = OUTCOME_TOO_LARGE,
                                               .detail = "d",
                                               .payload = payload,
                                               .payload_length = sizeof payload});
    book_reject(f->book,
                &(struct book_reject){.id = {5, 1}, .at_us = 1, .outcome = OUTCOME_BAD_TIME});
    commit_or_fail(f, F_AT(8, 0));
    expect_rows(book_reader(f->book), "SELECT topic, outcome, length(payload) FROM reject",
                "plant|too_large|1024\n|bad_time|0\n");
    fixture_close(f);
}

static void counts_and_handovers_come_back(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct outcome_counts counts = {.of = {[OUTCOME_ACCEPTED] = 5, [OUTCOME_LATE] = 2}};

    (void)state;
    book_outcomes(f->book, &counts);
    book_handover(f->book, F_DATE, (shift_id){F_DAY}, F_AT(16, 1), f->position, "{\"a\":1}");
    commit_or_fail(f, F_AT(16, 1));
    expect_rows(book_reader(f->book), "SELECT * FROM outcome_count WHERE count <> 0",
                "accepted|5\nlate|2\n");
    expect_rows(book_reader(f->book), "SELECT * FROM handover",
                "2026-03-10|day|1773129660000000|{\"a\":1}\n");
    fixture_close(f);
}

static void nobody_on_duty_is_a_crew_without_a_name(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot hole = fixture_slot(F_DAY, CATALOG_NONE);

    (void)state;
    fixture_post(f, fixture_segment(F_M02, 0, hole, F_AT(9, 0), F_AT(9, 0), 5000));
    commit_or_fail(f, F_AT(9, 0));
    expect_rows(book_reader(f->book), "SELECT day, shift, crew, amount_base FROM crew_use_clock",
                "2026-03-10|day||5000\n");
    fixture_close(f);
}

static void a_later_configuration_renames_and_keeps_what_was_used(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure;

    (void)state;
    fixture_demo(f);
    commit_or_fail(f, F_DEMO_NOW_US);
    /* E02 is gone, the items have changed places, LF has another name */
    struct item femn = f->items[F_FEMN];
    f->items[1] = f->items[0];
    f->items[0] = femn;
    f->meters[0] = f->meters[2];
    f->meters[0].item.index = 0;
    f->catalog.meter_count = 1;
    snprintf(f->stations[F_LF].name.en, sizeof f->stations[F_LF].name.en, "Ladle furnace");
    f->quotas[F_QUOTA_FEMN].item.index = 0;
    f->quotas[F_QUOTA_LF].item.index = 1;
    f->plant.version = 2;
    fixture_begin(f);
    book_plant(f->book, &f->plant);
    struct segment use =
        fixture_segment(0, 0, fixture_slot(F_MIDDLE, F_B), F_AT(17, 0), F_AT(17, 0), 9);
    use.station.index = F_BOF;
    fixture_post(f, use);
    commit_or_fail(f, F_AT(17, 0));
    struct reader *reader = book_reader(f->book);
    expect_rows(reader, "SELECT meter, item, configuration FROM posting WHERE amount_base = 9",
                "M02|femn|2\n");
    expect_rows(reader, "SELECT DISTINCT item, configuration FROM posting WHERE meter = 'E02'",
                "electricity|1\n");
    expect_rows(reader, "SELECT name_en, configuration FROM station WHERE id = 'LF'",
                "Ladle furnace|2\n");
    /* after a restart the version is known: given outside of a transaction, nothing is written */
    book_close(f->book);
    f->book = book_open(f->path, &failure);
    book_plant(f->book, &f->plant);
    fixture_begin(f);
    struct segment more =
        fixture_segment(0, 0, fixture_slot(F_MIDDLE, F_B), F_AT(17, 1), F_AT(17, 1), 8);
    more.station.index = F_BOF;
    fixture_post(f, more);
    commit_or_fail(f, F_AT(17, 1));
    expect_rows(book_reader(f->book),
                "SELECT meter, station, shift, crew FROM posting"
                " WHERE amount_base = 8",
                "M02|BOF|middle|B\n");
    expect_rows(book_reader(f->book), "SELECT COUNT(*) FROM configuration", "2\n");
    fixture_close(f);
}

static void a_new_resolution_of_a_booked_item_is_refused(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure = {0};

    (void)state;
    fixture_demo(f);
    commit_or_fail(f, F_DEMO_NOW_US);
    f->items[F_FEMN].decimals = 0;
    f->plant.version = 2;
    fixture_begin(f);
    book_plant(f->book, &f->plant);
    assert_false(fixture_commit(f, F_DEMO_NOW_US, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "item \"femn\" is booked with 3 decimals, the "
                                         "configuration now says 0"));
    fixture_close(f);
}

static void a_directory_that_is_not_there_is_named(void **state)
{
    struct failure failure = {0};

    (void)state;
    assert_null(book_open("/nonexistent/ledger.db", &failure));
    assert_string_equal(failure.text,
                        "/nonexistent/ledger.db: cannot be opened: unable to open database file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_committed_is_there_after_opening_again),
        cmocka_unit_test(public_views_show_names_and_base_units),
        cmocka_unit_test(a_balance_that_is_gone_and_no_other_is_forgotten),
        cmocka_unit_test(a_batch_is_written_whole_or_not_at_all),
        cmocka_unit_test(use_stands_at_the_station_where_it_was_whatever_meter_measured_it),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(a_lock_that_is_let_go_does_not_lose_the_batch),
        cmocka_unit_test(a_heat_that_changes_gets_a_version_and_one_that_does_not_gets_none),
        cmocka_unit_test(stays_are_replaced_as_a_whole),
        cmocka_unit_test(open_use_of_a_meter_stays_until_it_is_forgotten),
        cmocka_unit_test(the_outbox_forgets_what_was_sent_and_never_counts_again),
        cmocka_unit_test(refused_messages_are_kept_up_to_a_limit),
        cmocka_unit_test(counts_and_handovers_come_back),
        cmocka_unit_test(nobody_on_duty_is_a_crew_without_a_name),
        cmocka_unit_test(a_later_configuration_renames_and_keeps_what_was_used),
        cmocka_unit_test(a_new_resolution_of_a_booked_item_is_refused),
        cmocka_unit_test(a_directory_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
