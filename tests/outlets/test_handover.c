#include "handover.h"
#include "ledger_fixture.h"
#include "paper.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* To be freed. */
static char *text_of(struct ledger_fixture *f, enum handover_language language)
{
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    struct handover *handover = handover_read(book_reader(f->book), F_DATE, "day", &failure);

    if (handover == NULL) {
        fail_msg("%s", failure.text);
    }
    FILE *out = open_memstream(&text, &length);
    handover_write_text(handover, language, out);
    fclose(out);
    handover_free(handover);
    return text;
}

static void expect_lines(char *text, const char *const *lines)
{
    for (; *lines != NULL; lines++) {
        if (strstr(text, *lines) == NULL) {
            fail_msg("\"%s\" is missing in:\n%s", *lines, text);
        }
    }
    free(text);
}

static void text_tells_the_next_crew_what_it_takes_over(void **state)
{
    const char *const lines[] = {
        "SHIFT HANDOVER  Shop 1 (BOF1)\n",
        "2026-03-10 day  2026-03-10T08:00:00+08:00 to 2026-03-10T16:00:00+08:00\n",
        "provisional",
        "2 heats owned, 199700 kg of steel\n",
        "12602485  Q235   A     2026-03-10T08:15:00+08:00     99600  yes\n",
        "12602496         A     2026-03-10T15:35:00+08:00    100100  no\n",
        "12602496  LF       2026-03-10T15:55:00+08:00  A     electricity   600  kWh\n",
        "A     Mn-Fe            1368      1368  kg     6.850275  1357.96  1397.9  amber  C",
        "A     LF electricity  owner  4700   7189.2  7189.2   2489.2  kWh   green  operator\n",
        "Mn-Fe  target  raised        A     2026-03-10T15:35:00+08:00       1368       1357.96  kg",
        "E03    E03   electricity  BOF      2026-03-10T15:30:00+08:00\n",
        NULL,
    };

    expect_lines(text_of(*state, HANDOVER_ENGLISH), lines);
}

static void text_in_chinese_keeps_its_columns(void **state)
{
    const char *const lines[] = {
        "交接班记录  一炼钢 (BOF1)\n",
        "本班炉次 2 炉，钢水 199700 kg\n",
        "甲    锰铁      1368      1368  kg     6.850275  1357.96  1397.9  黄    C",
        "甲    LF电耗    归属  4700   7189.2  7189.2  2489.2  kWh   绿    operator\n",
        NULL,
    };

    expect_lines(text_of(*state, HANDOVER_CHINESE), lines);
}

static void use_after_the_end_belongs_to_the_next_shift(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    char *text = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    const char *const day[] = {
        /* 60 kWh are open since 16:00: not here, though A owns the heat */
        "\"station\":\"LF\",\"name_zh\":\"精炼炉\",\"name_en\":\"LF\",\"item\":\"electricity\","
        "\"unit\":\"kWh\",\"clock\":\"4700\",\"owner\":\"4700\"",
        "\"as_of\":\"2026-03-10T16:00:00+08:00\",\"provisional\":true,\"heats\":2,"
        "\"steel_kg\":\"199700\",\"causes_pending\":0,\"slips_open\":0",
        "\"quota\":\"lf\",\"name_zh\":\"LF电耗\",\"name_en\":\"LF electricity\",\"view\":\"owner\","
        "\"item\":\"electricity\",\"stations\":\"LF\",\"unit\":\"kWh\",\"used\":\"4700\"",
        NULL,
    };
    const char *const middle[] = {
        "\"crew\":\"B\",\"station\":\"LF\",\"name_zh\":\"精炼炉\",\"name_en\":\"LF\","
        "\"item\":\"electricity\",\"unit\":\"kWh\",\"clock\":\"60\",\"owner\":\"0\"",
        "\"as_of\":\"2026-03-10T16:00:30+08:00\"",
        "\"heats_tapped\":[]",
        NULL,
    };

    assert_non_null(text);
    expect_lines(text, day);
    text = handover_json(book_reader(f->book), F_DATE, "middle", &failure);
    assert_non_null(text);
    expect_lines(text, middle);
}

static void put_paper(struct ledger_fixture *f, enum paper_kind kind, int64_t ts_us, const char *of)
{
    struct paper paper = paper_empty(kind);

    paper.ts_us = ts_us;
    paper.by = "leader-a";
    paper.of = of;
    paper.text = "{}";
    book_paper(f->book, &(struct book_paper){.id = {f->position, f->ordinal++},
                                             .paper_id = of == NULL ? "slip-1" : "p",
                                             .paper = &paper,
                                             .quota = {CATALOG_NONE},
                                             .state = PAPER_NOTED});
}

/* A's two quotas are over their limits, one is explained after the shift; a slip is closed then. */
static void what_waits_for_somebody_is_counted(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct crew_slot a = fixture_slot(F_DAY, F_A);
    const char *const day[] = {"\"causes_pending\":2,\"slips_open\":1", NULL};
    const char *const middle[] = {"\"causes_pending\":1,\"slips_open\":0", NULL};
    const char *const zh[] = {"超耗原因待填：2；未结限额领料单：1\n", NULL};

    for (uint16_t quota = 0; quota < 2; quota++) {
        struct balance red = fixture_balance(quota, 0, a, 1000, 1000, 3000, VERDICT_RED);
        book_balance(f->book, &red);
    }
    put_paper(f, PAPER_SLIP, F_AT(9, 0), NULL);
    put_paper(f, PAPER_CAUSE, F_AT(16, 0), "lf/crew/2026-03-10 day A/limit");
    put_paper(f, PAPER_CLOSE_SLIP, F_AT(16, 0), "slip-1");
    char *text = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(text);
    expect_lines(text, day);
    expect_lines(text_of(f, HANDOVER_CHINESE), zh);
    text = handover_json(book_reader(f->book), F_DATE, "middle", &failure);
    assert_non_null(text);
    expect_lines(text, middle);
}

static void what_became_known_later_does_not_move_the_end(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct alert_transition later = {.quota = {F_QUOTA_FEMN},
                                     .scope = BALANCE_CREW,
                                     .slot = fixture_slot(F_DAY, F_A),
                                     .slot_known = true,
                                     .level = ALERT_TARGET,
                                     .state = ALERT_CLEARED,
                                     .at_us = F_AT(16, 0)};

    /* cleared in the second in which the next shift starts, and a use of that second */
    fixture_begin(f);
    book_alert(f->book, (struct effect_id){f->position, f->ordinal++}, &later);
    fixture_post(f, fixture_segment(F_M02, 1, fixture_slot(F_MIDDLE, F_B), F_AT(16, 0), F_AT(16, 0),
                                    90000000));
    assert_true(fixture_commit(f, F_AT(20, 0), &failure));
    const char *const lines[] = {
        "Mn-Fe  target  raised        A     2026-03-10T15:35:00+08:00       1368       1357.96  kg",
        "A     Mn-Fe            1368      1368  kg     6.850275  1357.96  1397.9  amber  C",
        NULL,
    };
    expect_lines(text_of(f, HANDOVER_ENGLISH), lines);
}

/* used - allowed against one scale division, 1 kg = 1000 base units: rules.h */
static void verdicts_count_from_one_division_over(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    static const struct {
        int64_t target_base, limit_base;
        const char *state;
    } cases[] = {
        {1368000, 1368000, "green"}, {1367001, 1367001, "green"}, {1367000, 1368000, "amber"},
        {1300000, 1367001, "amber"}, {1300000, 1367000, "red"},   {1367000, 1367000, "red"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct balance balance =
            fixture_balance(F_QUOTA_FEMN, 0, fixture_slot(F_DAY, F_A), cases[i].target_base,
                            cases[i].limit_base, 0, VERDICT_UNKNOWN);
        char expected[64];
        fixture_begin(f);
        book_balance(f->book, &balance);
        assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
        snprintf(expected, sizeof expected, "\"state\":\"%s\",\"responsible\":\"alloyer",
                 cases[i].state);
        char *text = handover_json(book_reader(f->book), F_DATE, "day", &failure);
        const char *const lines[] = {expected, NULL};
        expect_lines(text, lines);
    }
}

/* The pipeline makes the summary inside its transaction, when the time of the last commit is past.
 */
static void inside_the_transaction_the_present_time_counts(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;
    const char *const lines[] = {
        "\"as_of\":\"2026-03-10T16:00:00+08:00\"",
        "{\"heat\":\"12602496\",\"station\":\"LF\",\"since\":\"2026-03-10T15:55:00+08:00\"", NULL};

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    fixture_begin(f);
    fixture_demo(f);
    char *text = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(text);
    expect_lines(text, lines);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    fixture_close(f);
}

/* Days without a message have shifts, too: the roster tells when they were. */
static void a_shift_in_which_nothing_happened_is_empty(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    const char *const night[] = {
        "\"from\":\"2026-03-11T00:00:00+08:00\",\"to\":\"2026-03-11T08:00:00+08:00\"",
        "\"provisional\":false,\"heats\":0,\"steel_kg\":null", "\"crews\":[]", NULL};
    const char *const middle[] = {
        "\"from\":\"2026-03-11T16:00:00+08:00\",\"to\":\"2026-03-12T00:00:00+08:00\"",
        "\"quotas\":[]", NULL};

    fixture_begin(f);
    assert_true(fixture_commit(f, F_AT(96, 0), &failure));
    char *text = handover_json(book_reader(f->book), F_DATE, "night", &failure);
    assert_non_null(text);
    expect_lines(text, night);
    text = handover_json(book_reader(f->book), F_DATE + 1, "middle", &failure);
    assert_non_null(text);
    expect_lines(text, middle);
    assert_null(handover_json(book_reader(f->book), F_DATE - 1, "night", &failure));
    assert_null(handover_json(book_reader(f->book), F_DATE + 90, "night", &failure));
}

static void a_shift_the_ledger_does_not_know_is_refused(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure = {0};

    assert_null(handover_json(book_reader(f->book), F_DATE + 1, "day", &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_string_equal(failure.text, "the ledger has no shift \"day\" of 2026-03-11; "
                                      "its last one is 2026-03-10 middle");
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(text_tells_the_next_crew_what_it_takes_over),
        DEMO_TEST(text_in_chinese_keeps_its_columns),
        DEMO_TEST(use_after_the_end_belongs_to_the_next_shift),
        DEMO_TEST(what_waits_for_somebody_is_counted),
        DEMO_TEST(what_became_known_later_does_not_move_the_end),
        DEMO_TEST(verdicts_count_from_one_division_over),
        cmocka_unit_test(inside_the_transaction_the_present_time_counts),
        DEMO_TEST(a_shift_in_which_nothing_happened_is_empty),
        DEMO_TEST(a_shift_the_ledger_does_not_know_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
