/* report measures: what a saving measure saved, and whether it pays. */
#include "handed_in.h"
#include "tariff.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
