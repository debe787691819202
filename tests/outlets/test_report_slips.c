/* report slips: what was drawn by a pick slip, and what the hoppers weighed. */
#include "handed_in.h"
#include "handover.h"

static void open_slip(struct ledger_fixture *f, const char *id, uint16_t crew)
{
    struct paper slip = paper(PAPER_SLIP, id, NULL, F_AT(8, 0));
    slip.item.index = F_FEMN;
    slip.crew.index = crew;
    slip.order = "SC-0310-1";
    slip.tonnes_e9 = E9(1200);
    slip.rate_e9 = 4 * E9(1) + E9(1) / 2;
    slip.opening_e9 = E9(300);
    hand_in(f, &slip);
}

static void draw(struct ledger_fixture *f, enum paper_kind kind, const char *id, int64_t units,
                 const char *approved_by)
{
    struct paper drawn = paper(kind, id, "LL-1", F_AT(9, 0));
    drawn.amount_e9 = E9(units);
    drawn.approved_by = approved_by;
    hand_in(f, &drawn);
}

static void close_slip(struct ledger_fixture *f, int64_t ts_us)
{
    struct paper closed = paper(PAPER_CLOSE_SLIP, "LL-1-end", "LL-1", ts_us);
    closed.amount_e9 = E9(340);
    hand_in(f, &closed);
}

static void weigh(struct ledger_fixture *f, uint16_t crew, int64_t at_us, int64_t kilograms)
{
    fixture_post(
        f, fixture_segment(F_M02, 0, fixture_slot(F_DAY, crew), at_us, at_us, kilograms * 1000));
}

static void commit(struct ledger_fixture *f)
{
    struct failure failure;
    assert_true(fixture_commit(f, F_AT(17, 0), &failure));
}

static const char *const slip_columns[] = {"slip",
                                           "order",
                                           "crew",
                                           "item",
                                           "unit",
                                           "tonnes",
                                           "rate",
                                           "limit",
                                           "issued",
                                           "over",
                                           "put_back",
                                           "opening",
                                           "closing",
                                           "consumed",
                                           "weighed",
                                           "difference",
                                           "difference_pct",
                                           "state",
                                           "over_approved_by",
                                           NULL};

/* DOMAIN 1, T II: limit 1,200 t x 4.5 = 5,400; 300 + 5,500 - 60 - 340 = 5,400 consumed; the 100 kg
 * over the limit were approved; the hopper weighed 5,373: 27 kg, 0.5%. */
static void example_the_hopper_weighed_27_kg_less_than_the_slip_says(void **state)
{
    struct ledger_fixture *f = *state;
    open_slip(f, "LL-1", F_A);
    draw(f, PAPER_ISSUE, "LL-1-1", 5400, NULL);
    draw(f, PAPER_ISSUE, "LL-1-2", 100, "foreman");
    draw(f, PAPER_PUT_BACK, "LL-1-3", 60, NULL);
    weigh(f, F_A, F_AT(8, 0), 5000); /* at the opening: counts */
    weigh(f, F_A, F_AT(12, 0), 373);
    weigh(f, F_A, F_AT(15, 30), 70); /* at the closing: does not */
    weigh(f, F_B, F_AT(12, 0), 9);   /* another crew's */
    close_slip(f, F_AT(15, 30));
    commit(f);
    expect_csv(f, "slips", (struct report_filters){0}, slip_columns,
               "LL-1,SC-0310-1,A,femn,kg,1200,4.5,5400,5500,40,60,300,340,5400,5373,27,0.5,closed,"
               "foreman\n");
    expect_csv(f, "slips", (struct report_filters){.open = true}, slip_columns, "");
    expect_csv(f, "slips", (struct report_filters){.crew = "B"}, slip_columns, "");
    expect_csv(f, "slips", (struct report_filters){.item = "electricity"}, slip_columns, "");
}

/* What is in the bins is not known while a slip is open: nor what was consumed. */
static void an_open_slip_shows_what_was_weighed_so_far(void **state)
{
    struct ledger_fixture *f = *state;
    open_slip(f, "LL-1", F_A);
    draw(f, PAPER_ISSUE, "LL-1-1", 400, NULL);
    weigh(f, F_A, F_AT(12, 0), 373);
    commit(f);
    const char *expected = "LL-1,SC-0310-1,A,femn,kg,1200,4.5,5400,400,0,0,300,,,373,,,open,\n";
    expect_csv(f, "slips", (struct report_filters){0}, slip_columns, expected);
    expect_csv(f, "slips", (struct report_filters){.open = true, .crew = "A", .item = "femn"},
               slip_columns, expected);
}

/* A weighing that is taken back is not weighed. */
static void a_corrected_weighing_corrects_the_difference(void **state)
{
    struct ledger_fixture *f = *state;
    struct segment wrong =
        fixture_segment(F_M02, 0, fixture_slot(F_DAY, F_A), F_AT(12, 0), F_AT(12, 0), 400000);
    open_slip(f, "LL-1", F_A);
    draw(f, PAPER_ISSUE, "LL-1-1", 400, NULL);
    fixture_reverse(f, fixture_post(f, wrong), wrong);
    weigh(f, F_A, F_AT(12, 0), 360);
    close_slip(f, F_AT(15, 30));
    commit(f);
    expect_csv(f, "slips", (struct report_filters){0}, slip_columns,
               "LL-1,SC-0310-1,A,femn,kg,1200,4.5,5400,400,0,0,300,340,360,360,0,0,closed,\n");
}

/* A limit may be given as it is. What nobody weighs is not known, and not 0. */
static void what_no_meter_weighs_is_not_known(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper slip = paper(PAPER_SLIP, "LL-2", NULL, F_AT(8, 0));
    slip.item.index = F_FEMN;
    slip.crew.index = F_A;
    slip.order = "SC-0310-2";
    slip.tonnes_e9 = E9(1200);
    slip.limit_e9 = E9(5000);
    f->meters[F_M02].item.index = F_ELECTRICITY;
    f->plant.version = 2;
    book_plant(f->book, &f->plant);
    hand_in(f, &slip);
    commit(f);
    expect_csv(f, "slips", (struct report_filters){0}, slip_columns,
               "LL-2,SC-0310-2,A,femn,kg,1200,,5000,0,0,0,0,,,,,,open,\n");
}

/* Mistyped amounts are as large as numbers get: what they add up to is unknown, and nothing breaks,
 * neither here nor in the handover. */
static void amounts_beyond_all_bounds_are_unknown(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure = {0};
    book_slot(f->book, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(16, 0));
    open_slip(f, "LL-1", F_A);
    draw(f, PAPER_ISSUE, "LL-1-1", 9000000000, "foreman");
    draw(f, PAPER_ISSUE, "LL-1-2", 9000000000, "foreman");
    commit(f);
    expect_csv(f, "slips", (struct report_filters){0}, slip_columns,
               "LL-1,SC-0310-1,A,femn,kg,1200,4.5,5400,,,0,300,,,,,,open,foreman\n");
    char *json = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"slip\":\"LL-1\""));
    free(json);
}

static void the_handover_lists_the_slips_that_are_open(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure = {0};
    book_slot(f->book, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(16, 0));
    open_slip(f, "LL-1", F_A);
    open_slip(f, "LL-2", F_B);
    draw(f, PAPER_ISSUE, "LL-1-1", 400, NULL);
    close_slip(f, F_AT(16, 0)); /* not before the shift's end */
    commit(f);
    char *json = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"slip\":\"LL-1\""));
    assert_non_null(strstr(json, "\"issued\":\"400\""));
    assert_non_null(strstr(json, "\"slip\":\"LL-2\""));
    free(json);
    fixture_begin(f);
    struct paper closed = paper(PAPER_CLOSE_SLIP, "LL-2-end", "LL-2", F_AT(15, 59));
    closed.amount_e9 = 0;
    hand_in(f, &closed);
    commit(f);
    json = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(strstr(json, "\"slip\":\"LL-1\""));
    assert_null(strstr(json, "\"slip\":\"LL-2\""));
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAPER_TEST(example_the_hopper_weighed_27_kg_less_than_the_slip_says),
        PAPER_TEST(an_open_slip_shows_what_was_weighed_so_far),
        PAPER_TEST(a_corrected_weighing_corrects_the_difference),
        PAPER_TEST(what_no_meter_weighs_is_not_known),
        PAPER_TEST(amounts_beyond_all_bounds_are_unknown),
        PAPER_TEST(the_handover_lists_the_slips_that_are_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
