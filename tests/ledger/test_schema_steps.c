/* A ledger of an earlier version is brought to the present tables by statements, without losing
 * what it holds, and copied aside before. */
#include "book_former.h"
#include "ledger_fixture.h"
#include "reader.h"
#include "schema.h"
#include "schema_1.h"
#include "scratch.h"

#include <sqlite3.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger_rows.h"

#define PATH_MAX_HERE (SCRATCH_PATH_MAX + 64)

static void run(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s\n%s", sqlite3_errmsg(database), sql);
    }
}

/* A ledger of version 1 with something in it. */
static void make_version_1(const char *path)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    for (const char *const *sql = schema_of_1; *sql != NULL; sql++) {
        run(database, *sql);
    }
    run(database,
        "CREATE VIEW posting AS SELECT position FROM entry_posting;"
        "INSERT INTO heat_version VALUES (1, 1, '12602485', 'Q235', 70000, NULL, 5, NULL,"
        " NULL, NULL, NULL, NULL, 0, 0, 0, 1);"
        "INSERT INTO entry_posting VALUES (40, 0, 1, 1, 1, 1, 20522, 1, 1, 10, 20, 4711, 0,"
        " 0, 0, NULL, NULL, 1, 30);"
        "INSERT INTO reject VALUES (50, 0, 5, 'plant/S/a', 'malformed', 'no', x'7b'),"
        " (51, 0, 6, 'plant/S/b', 'malformed', 'no', x'7b'),"
        " (52, 0, 7, 'plant/S/a', 'malformed', 'again', x'7b');"
        "INSERT INTO outbox_message VALUES (7, 40, 0, 'heatledger/S/a', '{}', 1);"
        "UPDATE progress SET position = 60, now_us = 61;"
        "PRAGMA user_version = 1; PRAGMA application_id = 0x48544c47");
    sqlite3_close(database);
}

struct place {
    char directory[SCRATCH_PATH_MAX], path[PATH_MAX_HERE];
};

static void begin(struct place *place)
{
    scratch_make(place->directory);
    snprintf(place->path, sizeof place->path, "%s/ledger.db", place->directory);
    make_version_1(place->path);
}

static int64_t number_in(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

static void a_ledger_of_version_1_is_brought_to_the_present_tables(void **state)
{
    struct place place;
    struct failure failure = {0};
    struct book_former former;
    const char *lost = NULL;

    (void)state;
    begin(&place);
    assert_true(book_former_find(place.path, &former, &failure));
    assert_true(former.found); /* to be made again where the journal is whole */
    if (!book_former_migrate(place.path, &lost, &failure)) {
        fail_msg("%s", failure.text);
    }
    assert_non_null(strstr(lost, "which readings refused messages held"));
    assert_true(book_former_find(place.path, &former, &failure));
    assert_false(former.found); /* the tables are, word for word, those of a new ledger */
    struct book *book = book_open(place.path, &failure);
    assert_non_null(book);
    assert_int_equal(book_position(book), 60);
    struct reader *reader = book_reader(book);
    expect_rows(reader, "SELECT position, amount_base FROM entry_posting", "40|4711\n");
    expect_rows(reader, "SELECT heat, version, id, steel_g, position FROM heat_version",
                "1|1|12602485|70000|0\n");
    expect_rows(reader, "SELECT position, topic, nth, meter FROM reject ORDER BY position",
                "50|plant/S/a|1|null\n51|plant/S/b|1|null\n52|plant/S/a|2|null\n");
    expect_rows(reader, "SELECT row, topic FROM outbox", "7|heatledger/S/a\n");
    book_close(book);
    scratch_remove(place.directory);
}

/* A crew-shift opens with what its heats do not say: all of a quota that is of crews alone. */
static void what_balances_allow_opens_the_quota_accounts(void **state)
{
    struct place place;
    struct failure failure = {0};
    const char *lost = NULL;
    sqlite3 *database = NULL;

    (void)state;
    begin(&place);
    assert_int_equal(sqlite3_open(place.path, &database), SQLITE_OK);
    run(database, "INSERT INTO heat VALUES (1, '12602485', '', 99600000, NULL, 5, 6, 20522, 1, 2,"
                  "  NULL, 0, 0, 0, 1);"
                  "INSERT INTO heat_balance VALUES (1, 1, 20522, 1, 2, 677280, 697200, 682000,"
                  "  'amber', 1);"
                  "INSERT INTO crew_balance VALUES (1, 20522, 1, 2, 677280, 697200, 682000,"
                  "  'amber', 1), (2, 20522, 1, 2, 50, 60, 7, 'green', 1),"
                  "  (3, 20522, 1, 2, NULL, NULL, 7, '', 1)");
    sqlite3_close(database);
    assert_true(book_former_migrate(place.path, &lost, &failure));
    struct book *book = book_open(place.path, &failure);
    assert_non_null(book);
    expect_rows(book_reader(book),
                "SELECT e.position, t.quota, f.kind, t.kind, t.heat, t.day, t.crew, e.target_base,"
                "  e.limit_base, e.cause FROM quota_entry_row e"
                " JOIN quota_account_row f ON f.no = e.from_account"
                " JOIN quota_account_row t ON t.no = e.to_account ORDER BY t.quota",
                "0|1|workshop|heat|1|0|0|677280|697200|earned\n"
                "0|2|workshop|crew|0|20522|2|50|60|earned\n");
    book_close(book);
    scratch_remove(place.directory);
}

static void it_is_copied_aside_before(void **state)
{
    struct place place;
    struct failure failure = {0};
    const char *lost = NULL;
    char aside[PATH_MAX_HERE + 32];

    (void)state;
    begin(&place);
    assert_true(book_former_migrate(place.path, &lost, &failure));
    snprintf(aside, sizeof aside, "%s.version-1", place.path);
    assert_int_equal(number_in(aside, "PRAGMA user_version"), 1);
    assert_int_equal(number_in(aside, "SELECT amount_base FROM entry_posting"), 4711);
    assert_int_equal(number_in(aside, "SELECT COUNT(*) FROM reject"), 3);
    /* a second one stands beside the first */
    assert_int_equal(unlink(place.path), 0);
    make_version_1(place.path);
    assert_true(book_former_migrate(place.path, &lost, &failure));
    snprintf(aside, sizeof aside, "%s.version-1-2", place.path);
    assert_int_equal(number_in(aside, "PRAGMA user_version"), 1);
    scratch_remove(place.directory);
}

static void a_step_that_fails_leaves_the_ledger_as_it_was(void **state)
{
    struct place place;
    struct failure failure = {0};
    const char *lost = NULL;
    sqlite3 *database = NULL;

    (void)state;
    begin(&place);
    assert_int_equal(sqlite3_open(place.path, &database), SQLITE_OK);
    run(database, "CREATE INDEX held_reading_meter ON held_reading (meter)"); /* is in the way */
    sqlite3_close(database);
    assert_false(book_former_migrate(place.path, &lost, &failure));
    assert_non_null(strstr(failure.text, "held_reading_meter already exists"));
    assert_int_equal(number_in(place.path, "PRAGMA user_version"), 1);
    assert_int_equal(number_in(place.path, "SELECT COUNT(*) FROM reject"), 3);
    assert_int_equal(
        number_in(place.path, "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'former%'"), 0);
    assert_int_equal(number_in(place.path, "SELECT COUNT(*) FROM posting"), 1);
    scratch_remove(place.directory);
}

static void tables_of_no_version_are_not_taken_for_the_present_ones(void **state)
{
    struct place place;
    struct failure failure = {0};
    const char *lost = NULL;
    sqlite3 *database = NULL;

    (void)state;
    begin(&place);
    assert_int_equal(sqlite3_open(place.path, &database), SQLITE_OK);
    run(database, "ALTER TABLE station RENAME COLUMN last TO ultimate");
    sqlite3_close(database);
    assert_false(book_former_migrate(place.path, &lost, &failure));
    assert_non_null(strstr(failure.text, "not those of any version"));
    assert_int_equal(number_in(place.path, "PRAGMA user_version"), 1);
    scratch_remove(place.directory);
}

static void a_ledger_whose_disk_has_no_room_for_the_copy_is_not_touched(void **state)
{
    struct place place;
    struct failure failure = {0};
    const char *lost = NULL;
    char aside[PATH_MAX_HERE + 32];

    (void)state;
    begin(&place);
    snprintf(aside, sizeof aside, "%s.version-1-journal", place.path);
    assert_int_equal(mkdir(aside, 0700), 0); /* the copy cannot be written */
    assert_false(book_former_migrate(place.path, &lost, &failure));
    assert_non_null(strstr(failure.text, "is copied to"));
    assert_int_equal(number_in(place.path, "PRAGMA user_version"), 1);
    scratch_remove(place.directory);
}

static void views_that_are_others_are_made_anew(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    sqlite3 *database = NULL;

    (void)state;
    fixture_post(f, fixture_segment(F_E02, 0, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(9, 0), 7));
    commit_or_fail(f, F_AT(9, 0));
    book_close(f->book);
    assert_int_equal(sqlite3_open(f->path, &database), SQLITE_OK);
    run(database, "DROP VIEW heat_use; CREATE VIEW heat_use AS SELECT 1 AS one;"
                  "CREATE VIEW of_a_former_version AS SELECT 2 AS two");
    sqlite3_close(database);
    assert_null(reader_open(f->directory, &failure));
    assert_non_null(strstr(failure.text, "that brings it up to date"));
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    expect_rows(book_reader(f->book),
                "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'view'"
                " AND name = 'of_a_former_version'",
                "0\n");
    expect_rows(book_reader(f->book), "SELECT COUNT(*) FROM heat_use", "1\n");
    expect_rows(book_reader(f->book), "SELECT amount_base FROM entry_posting", "7\n");
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ledger_of_version_1_is_brought_to_the_present_tables),
        cmocka_unit_test(what_balances_allow_opens_the_quota_accounts),
        cmocka_unit_test(it_is_copied_aside_before),
        cmocka_unit_test(a_step_that_fails_leaves_the_ledger_as_it_was),
        cmocka_unit_test(tables_of_no_version_are_not_taken_for_the_present_ones),
        cmocka_unit_test(a_ledger_whose_disk_has_no_room_for_the_copy_is_not_touched),
        cmocka_unit_test(views_that_are_others_are_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
