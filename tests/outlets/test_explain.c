#include "explain.h"
#include "ledger_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct explanation explain(struct ledger_fixture *f, const struct explain_question *question)
{
    struct explanation explanation;
    struct failure failure = {0};

    if (!explanation_read(book_reader(f->book), question, &explanation, &failure)) {
        fail_msg("%s", failure.text);
    }
    return explanation;
}

static void refuse(struct ledger_fixture *f, const struct explain_question *question,
                   enum failure_code code, const char *part)
{
    struct explanation explanation;
    struct failure failure = {0};

    assert_false(explanation_read(book_reader(f->book), question, &explanation, &failure));
    assert_int_equal(failure.code, code);
    if (strstr(failure.text, part) == NULL) {
        fail_msg("\"%s\" is missing in: %s", part, failure.text);
    }
}

static const char *figure_cell(const struct explanation *explanation, size_t row, const char *name)
{
    const struct table *figures = explanation->figures.table;
    return table_cell(figures, row, table_find(figures, name));
}

static int64_t sum_of(const struct explanation *explanation, int64_t figure)
{
    int64_t sum_base = 0;
    for (size_t i = 0; i < table_row_count(explanation->postings); i++) {
        if (explanation_number(explanation, i, EXPLAIN_FIGURE, -1) == figure &&
            explanation_text(explanation, i, EXPLAIN_UNDONE) == NULL) {
            sum_base += explanation_number(explanation, i, EXPLAIN_AMOUNT_BASE, 0);
        }
    }
    return sum_base;
}

static void a_posting_that_was_taken_back_stands_beside_what_came_for_it(void **state)
{
    struct explanation e =
        explain(*state, &(struct explain_question){.heat = "12602485", .item = "femn"});

    assert_string_equal(figure_cell(&e, 0, "amount"), "682");
    assert_int_equal(table_row_count(e.postings), 2);
    assert_string_equal(explanation_text(&e, 0, EXPLAIN_AMOUNT), "690");
    assert_non_null(explanation_text(&e, 0, EXPLAIN_UNDONE));
    assert_string_equal(explanation_text(&e, 1, EXPLAIN_AMOUNT), "682");
    assert_null(explanation_text(&e, 1, EXPLAIN_UNDONE));
    assert_string_equal(explanation_text(&e, 1, EXPLAIN_QUALITY), "C");
    assert_int_equal(sum_of(&e, 0), 682000);
    explanation_clear(&e);
}

static void what_is_open_is_part_of_the_figure(void **state)
{
    struct explanation e =
        explain(*state, &(struct explain_question){.heat = "12602496", .station = "LF"});

    assert_string_equal(figure_cell(&e, 0, "amount"), "660");
    assert_int_equal(table_row_count(e.postings), 2);
    assert_null(explanation_text(&e, 1, EXPLAIN_POSITION));
    assert_int_equal(sum_of(&e, 0), 660000);
    explanation_clear(&e);
}

static void each_figure_of_a_crew_shift_has_its_own_postings(void **state)
{
    static const char *const views[] = {"clock", "owner"};
    static const int64_t electricity_base[] = {5700001, 5760001};

    for (int i = 0; i < 2; i++) {
        struct explanation e = explain(
            *state,
            &(struct explain_question){.day = "2026-03-10", .shift = "day", .view = views[i]});
        assert_int_equal(table_row_count(e.figures.table), 2);
        assert_string_equal(figure_cell(&e, 0, "item"), "electricity");
        assert_int_equal(sum_of(&e, 0), electricity_base[i]);
        assert_int_equal(sum_of(&e, 1), 1368000);
        explanation_clear(&e);
    }
}

static void a_window_of_a_meter_holds_what_touches_it(void **state)
{
    struct explanation e =
        explain(*state, &(struct explain_question){.meter = "E02",
                                                   .from = "2026-03-10T08:40:00+08:00",
                                                   .to = "2026-03-10T09:00:00+08:00"});

    assert_string_equal(figure_cell(&e, 0, "amount"), "4100");
    assert_int_equal(table_row_count(e.postings), 1);
    explanation_clear(&e);
    refuse(*state,
           &(struct explain_question){.meter = "E02",
                                      .from = "2026-03-10T09:00:00+08:00",
                                      .to = "2026-03-10T09:30:00+08:00"},
           FAILURE_CHECK, "no such number");
}

static void a_window_is_told_in_times_or_refused_with_what_would_be_right(void **state)
{
    refuse(*state,
           &(struct explain_question){.meter = "E02", .from = "yesterday", .to = "2026-03-11"},
           FAILURE_INPUT, "--from: \"yesterday\" is not known here; right would be a time");
    refuse(
        *state,
        &(struct explain_question){.meter = "E02", .from = "2026-03-10", .to = "2026-03-10T12:00"},
        FAILURE_INPUT, "--to: \"2026-03-10T12:00\"");
    refuse(*state,
           &(struct explain_question){.meter = "E02", .from = "2026-03-11", .to = "2026-03-10"},
           FAILURE_INPUT, "is not behind --from");
}

/* The postings of the old number were taken back; they are this heat's all the same. */
static void edge_22_a_heat_is_found_by_the_number_it_had(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct heat former = fixture_heat(3, "12602400", F_AT(15, 5));
    struct segment segment =
        fixture_segment(F_M02, 3, fixture_slot(F_DAY, F_A), F_AT(15, 31), F_AT(15, 31), 9000);

    former.gone = true;
    former.keeper.value = 2;
    fixture_begin(f);
    book_heat(f->book, &former, 0);
    struct effect_id first = fixture_post(f, segment);
    assert_true(fixture_commit(f, F_AT(17, 0), &failure));
    fixture_begin(f);
    fixture_reverse(f, first, segment);
    segment.heat.value = 2;
    book_posting(f->book, &(struct posting){.id = {f->position, f->ordinal++},
                                            .segment = segment,
                                            .cause = POSTING_RENUMBER,
                                            .reverses = EFFECT_NONE});
    assert_true(fixture_commit(f, F_AT(17, 1), &failure));
    struct explanation e =
        explain(f, &(struct explain_question){.heat = "12602400", .item = "femn"});
    assert_string_equal(figure_cell(&e, 0, "heat"), "12602496");
    assert_string_equal(figure_cell(&e, 0, "amount"), "695");
    assert_int_equal(sum_of(&e, 0), 695000);
    assert_int_equal(table_row_count(e.postings), 3);
    explanation_clear(&e);
}

static void an_alert_stands_for_what_it_counted(void **state)
{
    struct explanation e =
        explain(*state, &(struct explain_question){.alert = "femn/heat/12602485/target"});

    assert_int_equal(e.kind, EXPLAIN_HEATS);
    assert_string_equal(table_cell(e.alert, 0, table_find(e.alert, "state")), "closed");
    assert_string_equal(figure_cell(&e, 0, "amount"), "682");
    explanation_clear(&e);
    e = explain(*state, &(struct explain_question){.alert = "femn/crew/2026-03-10 day A/target"});
    assert_int_equal(e.kind, EXPLAIN_CREWS);
    assert_string_equal(figure_cell(&e, 0, "amount"), "1368");
    explanation_clear(&e);
    refuse(*state, &(struct explain_question){.alert = "femn/heat/1/limit"}, FAILURE_CHECK,
           "report alerts");
}

static void what_came_after_the_handover_says_so(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;

    fixture_begin(f);
    book_handover(f->book, F_DATE, (shift_id){F_DAY}, F_AT(16, 1), f->position, "{}");
    fixture_post(
        f, fixture_segment(F_M02, 2, fixture_slot(F_DAY, F_A), F_AT(15, 31), F_AT(15, 31), 5000));
    assert_true(fixture_commit(f, F_AT(17, 0), &failure));
    struct explanation e =
        explain(f, &(struct explain_question){.heat = "12602496", .item = "femn"});
    assert_int_equal(table_row_count(e.postings), 2);
    assert_null(explanation_text(&e, 0, EXPLAIN_SIGNED_AT));
    assert_string_equal(explanation_text(&e, 1, EXPLAIN_SIGNED_AT), "2026-03-10T16:01:00+08:00");
    explanation_clear(&e);
}

static void what_is_not_there_or_not_asked_is_refused(void **state)
{
    refuse(*state, &(struct explain_question){.item = "femn"}, FAILURE_INPUT, "--heat H");
    refuse(*state, &(struct explain_question){.day = "2026-03-10"}, FAILURE_INPUT, "--shift S");
    refuse(*state, &(struct explain_question){.heat = "1", .meter = "E02"}, FAILURE_INPUT, "say");
    refuse(*state, &(struct explain_question){.heat = "1"}, FAILURE_CHECK, "no such number");
    refuse(*state, &(struct explain_question){.heat = "12602485", .item = "gold"}, FAILURE_INPUT,
           "gold");
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(a_window_is_told_in_times_or_refused_with_what_would_be_right),
        DEMO_TEST(edge_22_a_heat_is_found_by_the_number_it_had),
        DEMO_TEST(a_posting_that_was_taken_back_stands_beside_what_came_for_it),
        DEMO_TEST(what_is_open_is_part_of_the_figure),
        DEMO_TEST(each_figure_of_a_crew_shift_has_its_own_postings),
        DEMO_TEST(a_window_of_a_meter_holds_what_touches_it),
        DEMO_TEST(an_alert_stands_for_what_it_counted),
        DEMO_TEST(what_came_after_the_handover_says_so),
        DEMO_TEST(what_is_not_there_or_not_asked_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
