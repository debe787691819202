/* Reports of what was handed in: pick slips, and the register of saving measures. */
#include "costing_rules.h"
#include "handover.h"
#include "ledger_fixture.h"
#include "report.h"
#include "tariff.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define E9(units) ((units)*INT64_C(1000000000))
#define YUAN(yuan) E9(yuan)

static struct price prices[] = {{{F_ELECTRICITY}, INT32_MIN, 500000, COSTING_UNKNOWN}};
static uint16_t item_class[] = {CATALOG_NONE, CATALOG_NONE};

static struct costing_rules rules(void)
{
    return (struct costing_rules){.prices = prices, .price_count = 1, .item_class = item_class};
}

static struct paper paper(enum paper_kind kind, const char *id, const char *of, int64_t ts_us)
{
    struct paper paper = paper_empty(kind);
    paper.by = "keeper";
    paper.id = id;
    paper.of = of;
    paper.ts_us = ts_us;
    paper.text = "{}";
    return paper;
}

static void hand_in(struct ledger_fixture *f, const struct paper *handed_in)
{
    enum paper_state state = handed_in->kind == PAPER_SLIP         ? PAPER_OPEN
                             : handed_in->kind == PAPER_CLOSE_SLIP ? PAPER_CLOSED
                                                                   : PAPER_NOTED;
    const struct book_paper taken = {.id = {f->position, f->ordinal++},
                                     .paper_id = handed_in->id,
                                     .paper = handed_in,
                                     .quota = {CATALOG_NONE},
                                     .state = state,
                                     .taken_at_us = handed_in->ts_us};
    book_paper(f->book, &taken);
}

static void expect_by(struct ledger_fixture *f, const struct costing_rules *costing,
                      const char *name, struct report_filters filters, const char *const *columns,
                      const char *expected)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;
    char text[4096];
    size_t length = 0;

    if (!report_run_for(book_reader(f->book), name, &plant, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    text[0] = '\0';
    for (size_t row = 0; row < table_row_count(report.table); row++) {
        for (size_t i = 0; columns[i] != NULL; i++) {
            const char *cell = table_cell(report.table, row, table_find(report.table, columns[i]));
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       i > 0 ? "," : "", cell == NULL ? "" : cell);
        }
        length += (size_t)snprintf(text + length, sizeof text - length, "\n");
    }
    report_clear(&report);
    assert_string_equal(text, expected);
}

static void expect_csv(struct ledger_fixture *f, const char *name, struct report_filters filters,
                       const char *const *columns, const char *expected)
{
    struct costing_rules costing = rules();
    expect_by(f, &costing, name, filters, columns, expected);
}

/* Pick slips */

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

/* Saving measures. The night of each day is nobody's; A works by day, B in the evening. */

#define DAYS 10
#define START_DAY 5 /* the measure begins with it */

static int64_t day_at(int day, int hour)
{
    return F_AT(hour, 0) + day * TIMESTAMP_DAY_US;
}

/* A crew-shift that made so many tonnes and used so much electricity, at LF by a heat, the rest at
 * BOF by nobody. */
static void work(struct ledger_fixture *f, int day, bool evening, int64_t tonnes, int64_t kwh)
{
    struct crew_slot slot = {
        .day = F_DATE + day, .shift = {evening ? F_MIDDLE : F_DAY}, .crew = {evening ? F_B : F_A}};
    int hour = evening ? 16 : 8;
    uint32_t no = (uint32_t)(1 + 2 * day + evening);
    char id[16];
    snprintf(id, sizeof id, "H%u", no);
    struct heat heat = fixture_heat(no, id, day_at(day, hour));
    heat.steel_g = tonnes * 1000000;
    heat.owner_at_us = day_at(day, hour + 1);
    heat.owner = slot;
    heat.ended_us = day_at(day, hour + 2);
    book_slot(f->book, slot, day_at(day, hour), day_at(day, hour + 8));
    book_heat(f->book, &heat, 1);
    fixture_post(f, fixture_segment(F_E02, no, slot, day_at(day, hour), day_at(day, hour + 1),
                                    kwh * 1000 - 1000));
    fixture_post(f,
                 fixture_segment(F_E03, 0, slot, day_at(day, hour), day_at(day, hour + 1), 1000));
}

static struct paper measure(struct ledger_fixture *f)
{
    struct paper measure = paper(PAPER_MEASURE, "fan", NULL, day_at(START_DAY, 7));
    (void)f;
    measure.name = "frequency converter";
    measure.item.index = F_ELECTRICITY;
    measure.from_us = day_at(START_DAY, 8);
    measure.amount_e9 = YUAN(40000);
    measure.sunk_e9 = YUAN(12000);
    measure.saving_e9 = YUAN(90000);
    measure.life_years = 10;
    measure.hurdle_e9 = E9(12);
    return measure;
}

/* E = 100 + 35 t exactly before; `saved` less in each crew-shift since, of days of ten crew-shifts
 * in all of each. */
static void work_all(struct ledger_fixture *f, int days, int64_t saved)
{
    for (int day = 0; day < days; day++) {
        for (int evening = 0; evening < 2; evening++) {
            int64_t tonnes = 100 + 10 * day + 5 * evening;
            work(f, day, evening != 0, tonnes, 100 + 35 * tonnes - (day >= START_DAY ? saved : 0));
        }
    }
}

static void finish(struct ledger_fixture *f)
{
    struct failure failure;
    assert_true(fixture_commit(f, day_at(DAYS, 8), &failure));
}

static const char *const measured_columns[] = {"measure",
                                               "baseline",
                                               "baseline_fixed",
                                               "baseline_per_tonne",
                                               "baseline_shifts",
                                               "baseline_r2",
                                               "shifts",
                                               "saving_units",
                                               "price",
                                               "saving_yuan",
                                               NULL};
static const char *const judged_columns[] = {
    "investment", "sunk",    "stated_saving", "return_pct", "gain",    "payback_years",
    "npv",        "irr_pct", "break_even_t",  "accept",     "missing", NULL};

/* 18 kWh in each of ten crew-shifts of eight hours: 180 kWh in 10/3 days, 19,710 a year, at 0.5
 * yuan. Formula 18: 9,855 / 40,000; 19: 9,855 - 4,800; 9: 40,000 / 9,855; 10: of 188,887.5 t a
 * year. */
static void a_measured_saving_is_judged(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0}, measured_columns,
               "fan,before,100,35,10,1,10,180,0.5,9855\n");
    expect_csv(f, "measures", (struct report_filters){0}, judged_columns,
               "40000,12000,90000,24.64,5055,4.06,15682.95,20.96,92000,true,\n");
    expect_csv(f, "measures", (struct report_filters){.item = "femn"}, judged_columns, "");
}

/* Stated is not measured: 8 kWh make 10.95% of the investment, below the hurdle of 12%. */
static void what_was_stated_does_not_count(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    work_all(f, DAYS, 8);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0},
               (const char *const[]){"stated_saving", "saving_yuan", "return_pct", "accept", NULL},
               "90000,4380,10.95,false\n");
}

static void too_few_crew_shifts_since_the_start_say_nothing(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    work_all(f, DAYS - 1, 18);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0}, measured_columns,
               "fan,before,100,35,10,1,8,,,\n");
    expect_csv(f, "measures", (struct report_filters){0}, judged_columns,
               "40000,12000,90000,,,,,,,,8 crew-shifts since the start; it takes 10\n");
}

static void too_few_crew_shifts_before_the_start_say_nothing(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    registered.from_us = day_at(3, 12); /* within a crew-shift: it counts on neither side */
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0},
               (const char *const[]){"baseline_shifts", "shifts", "saving_yuan", "accept",
                                     "missing", NULL},
               "6,13,,,6 crew-shifts before the start; a baseline takes 10, of different "
               "tonnages\n");
}

/* A heat that is not weighed leaves its crew-shift out, on either side. */
static void a_crew_shift_with_unknown_steel_is_no_point(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    work_all(f, DAYS, 18);
    struct heat heat = fixture_heat(1, "H1", day_at(0, 8));
    heat.owner_at_us = day_at(0, 9);
    heat.owner = fixture_slot(F_DAY, F_A);
    heat.ended_us = day_at(0, 10);
    book_heat(f->book, &heat, 1);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0},
               (const char *const[]){"baseline_shifts", "shifts", "saving_yuan", NULL}, "9,10,\n");
}

static void a_measure_of_some_meters_counts_those_alone(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    registered.meters = "E02";
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0}, measured_columns,
               "fan,before,99,35,10,1,10,180,0.5,9855\n"); /* E03 used 1 kWh a crew-shift */
}

/* A line of the configuration, by which 200 kWh more were to be expected. */
static void a_given_baseline_takes_the_place_of_the_year_before(void **state)
{
    struct ledger_fixture *f = *state;
    struct energy_baseline given = {.item = {F_ELECTRICITY},
                                    .station = {CATALOG_NONE},
                                    .from_day = INT32_MIN,
                                    .fixed_e6 = 300000000,
                                    .per_tonne_e6 = 35000000};
    struct costing_rules costing = rules();
    struct paper registered = measure(f);
    costing.baselines = &given;
    costing.baseline_count = 1;
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_by(f, &costing, "measures", (struct report_filters){0}, measured_columns,
              "fan,given,300,35,0,,10,2180,0.5,119355\n");
    given.fitted = true;
    given.fit_from_day = F_DATE;
    given.fit_until_day = F_DATE + 4;
    expect_by(f, &costing, "measures", (struct report_filters){0}, measured_columns,
              "fan,fitted,100,35,8,1,10,,,\n");
}

/* An item with a tariff has no one price: what a unit cost since the start counts. */
static void without_a_price_the_tariff_tells_what_a_unit_cost(void **state)
{
    static struct tariff tariff = {
        .version_count = 1,
        .versions[0] = {.from_us = INT64_MIN,
                        .season_count = 1,
                        .seasons[0] = {.months = 0xfff,
                                       .band_count = 1,
                                       .bands[0] = {.id = "flat", .price_e6 = 400000},
                                       .window_count = 1}}};
    static const char *const figures[] = {"price", "saving_yuan", "missing", NULL};
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    struct paper registered = measure(f);
    costing.price_count = 0;
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_by(f, &costing, "measures", (struct report_filters){0}, figures,
              ",,the item has no price\n");
    f->items[F_ELECTRICITY].tariff = &tariff;
    expect_by(f, &costing, "measures", (struct report_filters){0}, figures, "0.4,7884,\n");
}

static void a_later_paper_of_a_measure_replaces_it(void **state)
{
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    registered.amount_e9 = YUAN(100000);
    registered.hurdle_e9 = PAPER_NOT_GIVEN;
    registered.life_years = PAPER_NOT_GIVEN;
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0}, judged_columns,
               "100000,12000,90000,9.86,,10.15,,,,,no hurdle_pct to judge by\n");
}

static void each_figure_tells_its_formula(void **state)
{
    static const char *const said[] = {"formulas", "source", NULL};
    struct ledger_fixture *f = *state;
    struct paper registered = measure(f);
    registered.life_years = PAPER_NOT_GIVEN;
    work_all(f, DAYS, 18);
    hand_in(f, &registered);
    finish(f);
    expect_csv(f, "measures", (struct report_filters){0}, said,
               "18 incremental return R = (C1 - C2) / (I2 - I1); 19 equivalent cost Z = C + I Rc; "
               "9 static payback; 10 break-even Q = I Rc / saving a tonne; 14 sunk cost left out,"
               "engineering economics (DOMAIN.md 1b), by number\n");
    expect_csv(f, "measures", (struct report_filters){.chinese = true}, said,
               "18 增量投资收益率 R=(C1-C2)/(I2-I1); 19 折算费用 Z=C+I·Rc; 9 静态投资回收期; "
               "10 盈亏平衡产量 Q=I·Rc/吨钢节约额; 14 沉没成本不计入,"
               "工程经济学（DOMAIN.md 1b），按公式编号\n");
}

static int set_up(void **state)
{
    *state = fixture_open(false);
    return 0;
}

#define PAPER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAPER_TEST(example_the_hopper_weighed_27_kg_less_than_the_slip_says),
        PAPER_TEST(an_open_slip_shows_what_was_weighed_so_far),
        PAPER_TEST(a_corrected_weighing_corrects_the_difference),
        PAPER_TEST(what_no_meter_weighs_is_not_known),
        PAPER_TEST(amounts_beyond_all_bounds_are_unknown),
        PAPER_TEST(the_handover_lists_the_slips_that_are_open),
        PAPER_TEST(a_measured_saving_is_judged),
        PAPER_TEST(what_was_stated_does_not_count),
        PAPER_TEST(too_few_crew_shifts_since_the_start_say_nothing),
        PAPER_TEST(too_few_crew_shifts_before_the_start_say_nothing),
        PAPER_TEST(a_crew_shift_with_unknown_steel_is_no_point),
        PAPER_TEST(a_measure_of_some_meters_counts_those_alone),
        PAPER_TEST(a_given_baseline_takes_the_place_of_the_year_before),
        PAPER_TEST(without_a_price_the_tariff_tells_what_a_unit_cost),
        PAPER_TEST(a_later_paper_of_a_measure_replaces_it),
        PAPER_TEST(each_figure_tells_its_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
