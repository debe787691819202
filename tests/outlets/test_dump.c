#include "dump.h"
#include "ledger_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* To be freed. */
static char *dump_of(struct ledger_fixture *f, bool history)
{
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (!dump_write(book_reader(f->book), history, out, &failure)) {
        fail_msg("%s", failure.text);
    }
    fclose(out);
    return text;
}

static struct ledger_fixture *demo(void)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;

    fixture_demo(f);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    return f;
}

static void the_net_ledger_is_a_fact_a_line(void **state)
{
    struct ledger_fixture *f = demo();
    char *text = dump_of(f, false);

    (void)state;
    assert_string_equal(
        text, "heatledger dump 1\n"
              "use\telectricity\tE02\t12602485\t2026-03-10\tday\tA\t4100\tM\n"
              "use\telectricity\tE02\t12602496\t2026-03-10\tday\tA\t600\tM\n"
              "use\telectricity\tE02\t12602496\t2026-03-10\tmiddle\tB\t60\tM\n"
              "use\telectricity\tE03\t\t2026-03-10\tday\tA\t1000.001\tE\n"
              "use\tfemn\tM02\t12602485\t2026-03-10\tday\tA\t682\tC\n"
              "use\tfemn\tM02\t12602496\t2026-03-10\tday\tA\t686\tM\n"
              "heat\t12602485\tQ235\t99600\t2026-03-10T08:15:00+08:00\t2026-03-10\tday\tA\t"
              "2026-03-10T07:45:00+08:00\t2026-03-10T09:55:00+08:00\t0\n"
              "heat\t12602496\t\t100100\t2026-03-10T15:35:00+08:00\t2026-03-10\tday\tA\t"
              "2026-03-10T15:05:00+08:00\t\t0\n"
              "stay\t12602485\tBOF\t1\t2026-03-10T07:45:00+08:00\t2026-03-10T08:15:00+08:00\n"
              "stay\t12602485\tLF\t1\t2026-03-10T08:30:00+08:00\t2026-03-10T09:00:00+08:00\n"
              "stay\t12602496\tBOF\t1\t2026-03-10T15:05:00+08:00\t2026-03-10T15:35:00+08:00\n"
              "stay\t12602496\tLF\t1\t2026-03-10T15:55:00+08:00\t\n"
              "balance\tfemn\theat\t12602485\t2026-03-10\tday\tA\t677.28\t697.2\t682\tamber\t0\n"
              "balance\tlf\theat\t12602496\t2026-03-10\tday\tA\t3603.6\t3603.6\t660\tgreen\t1\n"
              "balance\tfemn\tcrew\t\t2026-03-10\tday\tA\t1357.96\t1397.9\t1368\tamber\n"
              "balance\tlf\tcrew\t\t2026-03-10\tday\tA\t7189.2\t7189.2\t4760\tgreen\n"
              "meter\tE02\telectricity\t4760\n"
              "meter\tE03\telectricity\t1000.001\n"
              "meter\tM02\tfemn\t1368\n");
    free(text);
    fixture_close(f);
}

/* The same facts, heard of in one order or the other, with or without a correction. */
static char *dump_in_order(bool turned)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    struct segment use[2];
    struct failure failure;
    const char *ids[2] = {"h-one", "h-two"};

    for (uint32_t i = 0; i < 2; i++) {
        uint32_t which = turned ? 1 - i : i;
        struct heat heat = fixture_heat(i + 1, ids[which], F_AT(8, 0));
        book_heat(f->book, &heat, 0);
        use[which] = fixture_segment(F_M02, i + 1, a, F_AT(9, 0), F_AT(9, 0), 1000 * (which + 1));
    }
    if (turned) {
        struct segment wrong = use[0];
        wrong.slot = fixture_slot(F_MIDDLE, F_B);
        fixture_reverse(f, fixture_post(f, wrong), wrong);
        fixture_post(f, use[1]);
        fixture_post(f, use[0]);
    } else {
        fixture_post(f, use[0]);
        fixture_post(f, use[1]);
    }
    assert_true(fixture_commit(f, turned ? F_AT(10, 0) : F_AT(11, 0), &failure));
    char *text = dump_of(f, false);
    fixture_close(f);
    return text;
}

static void the_order_of_arrival_leaves_no_trace(void **state)
{
    char *straight = dump_in_order(false), *turned = dump_in_order(true);

    (void)state;
    assert_string_equal(straight, turned);
    assert_non_null(strstr(straight, "use\tfemn\tM02\th-two\t2026-03-10\tday\tA\t2\tM\n"));
    assert_null(strstr(straight, "\tB\t"));
    free(straight);
    free(turned);
}

static void check_meters_stand_apart_from_use(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    struct segment wrong = fixture_segment(F_E01, 0, a, F_AT(8, 0), F_AT(9, 0), 5000);
    struct failure failure;

    (void)state;
    fixture_reverse(f, fixture_post(f, wrong), wrong);
    wrong.amount_base = 4000;
    wrong.quality = QUALITY_CORRECTED;
    fixture_post(f, wrong);
    fixture_post(f, fixture_segment(F_E02, 0, a, F_AT(8, 0), F_AT(9, 0), 3000));
    book_open_begin(f->book, F_AT(9, 1));
    struct segment open = fixture_segment(F_E01, 0, a, F_AT(9, 0), F_AT(9, 1), 250);
    book_open_segment(f->book, &open);
    assert_true(fixture_commit(f, F_AT(9, 1), &failure));
    char *text = dump_of(f, false);
    assert_string_equal(text, "heatledger dump 1\n"
                              "use\telectricity\tE02\t\t2026-03-10\tday\tA\t3\tM\n"
                              "check\telectricity\tE01\t2026-03-10\tday\tA\t4.25\tC\n");
    free(text);
    fixture_close(f);
}

static void history_has_every_entry_with_its_identity(void **state)
{
    struct ledger_fixture *f = demo();
    char *text = dump_of(f, true);
    const char *const lines[] = {
        "posting\t10\t0\tM02\t12602485\t2026-03-10\tday\tA\t2026-03-10T08:10:00+08:00\t"
        "2026-03-10T08:10:00+08:00\t690000\tM\tnone\tclosed\t\t\t1\n",
        "posting\t10\t1\tM02\t12602485\t2026-03-10\tday\tA\t2026-03-10T08:10:00+08:00\t"
        "2026-03-10T08:10:00+08:00\t-690000\tM\tnone\treversal\t10\t0\t1\n",
        "heat-version\t1\t1\t12602485\tQ235\t99600\t\t",
        "alert\t10\t7\tfemn\theat\t12602485\t\t\t\ttarget\traised\t"
        "2026-03-10T08:15:00+08:00\t682000\t677280\t0\t",
        "reject\t10\t10\t2026-03-10T10:00:00+08:00\tplant/BOF1/LF/electricity/E99\t"
        "unknown_meter\t",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("\"%s\" is missing in:\n%s", lines[i], text);
        }
    }
    free(text);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_net_ledger_is_a_fact_a_line),
        cmocka_unit_test(the_order_of_arrival_leaves_no_trace),
        cmocka_unit_test(check_meters_stand_apart_from_use),
        cmocka_unit_test(history_has_every_entry_with_its_identity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
