#include "ledger_fixture.h"
#include "proof.h"

#include <sqlite3.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct seen {
    int held;
    char broken[2000]; /* "what: left <> right" a line */
    char rows[4000];
};

static void see(void *context, const struct proof_row *row)
{
    struct seen *seen = context;
    size_t used = strlen(seen->broken), all = strlen(seen->rows);

    snprintf(seen->rows + all, sizeof seen->rows - all, "%s: %s, %s\n", row->what, row->left,
             row->right);
    if (row->holds) {
        seen->held++;
    } else {
        snprintf(seen->broken + used, sizeof seen->broken - used, "%s: %s <> %s\n", row->what,
                 row->left, row->right);
    }
}

static struct seen prove(struct reader *reader)
{
    struct seen seen = {0};
    struct failure failure = {0};

    if (!proof_run(reader, see, &seen, &failure)) {
        fail_msg("%s", failure.text);
    }
    return seen;
}

static void a_true_ledger_holds_in_every_check(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;

    (void)state;
    fixture_demo(f);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    struct seen seen = prove(book_reader(f->book));
    assert_string_equal(seen.broken, "");
    assert_int_equal(seen.held, 3 * 2 + 4 + 7 + 2 + 5);
    assert_non_null(strstr(seen.rows, "electricity: heats and idle = crews on duty: "
                                      "5760.001 kWh, 5760.001 kWh\n"));
    assert_non_null(
        strstr(seen.rows, "meter E02: booked and open = its curve: 4760 kWh, 4760 kWh\n"));
    fixture_close(f);
}

/* Each change to the file, and what must be said of it. */
static const struct {
    const char *sql, *found;
} cases[] = {
    {"DELETE FROM heat WHERE id = '12602485'",
     "femn: heats and idle = crews on duty: 686 kg <> 1368 kg\n"},
    {"DELETE FROM crew WHERE id = 'B'",
     "electricity: crews on duty = owners: 5700.001 kWh <> 5760.001 kWh\n"},
    {"UPDATE entry_posting SET amount_base = amount_base - 1 WHERE ordinal = 1",
     "femn: crews on duty = meters: 1368 kg <> 1367.999 kg\n"},
    {"UPDATE entry_posting SET amount_base = 4100001 WHERE amount_base = 4100000",
     "meter E02: booked and open = its curve: 4760.001 kWh <> 4760 kWh\n"},
    {"DELETE FROM open_segment", "meter E02: booked and open = its curve: 4700 kWh <> 4760 kWh\n"},
    {"UPDATE entry_posting SET meter = (SELECT no FROM meter WHERE id = 'E01')"
     " WHERE amount_base = 600000",
     "meter E01: booked and open = its curve: 600 kWh <> 0 kWh\n"},
    {"UPDATE entry_posting SET meter = (SELECT no FROM meter WHERE id = 'E01')"
     " WHERE amount_base = 600000",
     "entries of check meters that name a heat: 1 <> 0\n"},
    {"UPDATE entry_posting SET crew = 2 WHERE ordinal = 1",
     "reversals that do not take back one posting exactly: 1 <> 0\n"},
    {"UPDATE entry_posting SET reverses_ordinal = 77 WHERE ordinal = 1",
     "reversals that do not take back one posting exactly: 1 <> 0\n"},
    {"INSERT INTO entry_posting SELECT 11, ordinal, meter, station, item, heat, day, shift,"
     " crew, start_us, end_us, amount_base, quality, method, cause, reverses_position,"
     " reverses_ordinal, configuration, booked_at_us FROM entry_posting WHERE ordinal = 1",
     "postings that are taken back twice: 1 <> 0\n"},
    {"UPDATE entry_posting SET start_us = end_us + 1 WHERE amount_base = 4100000",
     "postings that end before they start: 1 <> 0\n"},
    {"UPDATE heat_balance SET used_base = 681999 WHERE used_base = 682000",
     "balances of heats that are not what the quota counts: 1 <> 0\n"},
    {"UPDATE crew_balance SET used_base = used_base + 1",
     "balances of crew-shifts that are not what the quota counts: 2 <> 0\n"},
    {"UPDATE quota_kind SET tonnes = 'cast'", /* which is not known of any heat */
     "balances of crew-shifts that are not what the quota counts: "},
    {"INSERT INTO period_balance (quota, from_day, until_day, period, used_base, state,"
     " provisional) VALUES (1, 20522, 20523, '2026-03-10', 1, '', 0)",
     "balances of periods that are not what the quota counts: 1 <> 0\n"},
    {"UPDATE quota_entry_row SET limit_base = limit_base - 1 WHERE limit_base = 697200",
     "heats whose entries are not what their balance allows: 1 <> 0\n"},
    {"DELETE FROM quota_entry_row WHERE limit_base = 3585600",
     "crew-shifts whose entries, and those of their heats, are not what their balance allows: "
     "1 <> 0\n"},
    {"DELETE FROM quota_account_row WHERE kind = 'workshop' AND quota = 1",
     "entries of quotas between accounts of different ones: 2 <> 0\n"},
    {"UPDATE quota_account_row SET heat = 77 WHERE heat = 1",
     "quota femn: issued by the workshop = held by the accounts: 1397.9 kg <> 700.7 kg\n"},
    {"UPDATE heat SET gone = 1 WHERE id = '12602485'",
     "heats that are gone and hold an allowance: 2 <> 0\n"},
    {"UPDATE heat SET steel_g = NULL WHERE id = '12602496'",
     "balances of crew-shifts that are not what the quota counts: 2 <> 0\n"},
};

static void every_kind_of_tampering_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_fixture *f = fixture_open(true);
        struct failure failure;
        sqlite3 *database = NULL;
        fixture_demo(f);
        assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
        assert_int_equal(sqlite3_open(f->path, &database), SQLITE_OK);
        if (sqlite3_exec(database, cases[i].sql, NULL, NULL, NULL) != SQLITE_OK) {
            fail_msg("case %zu: %s", i, sqlite3_errmsg(database));
        }
        assert_true(sqlite3_changes(database) > 0);
        sqlite3_close(database);
        struct seen seen = prove(book_reader(f->book));
        if (strstr(seen.broken, cases[i].found) == NULL) {
            fail_msg("case %zu: \"%s\" is not found, but:\n%s", i, cases[i].found, seen.broken);
        }
        fixture_close(f);
    }
}

static void sums_beyond_the_integers_are_a_failure(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    struct failure failure = {0};
    struct seen seen = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fixture_post(f, fixture_segment(F_E02, 0, a, F_AT(9, 0), F_AT(9, 0), INT64_MAX - 5));
    }
    assert_true(fixture_commit(f, F_AT(9, 0), &failure));
    assert_false(proof_run(book_reader(f->book), see, &seen, &failure));
    assert_non_null(strstr(failure.text, "integer overflow"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_true_ledger_holds_in_every_check),
        cmocka_unit_test(every_kind_of_tampering_is_found),
        cmocka_unit_test(sums_beyond_the_integers_are_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
