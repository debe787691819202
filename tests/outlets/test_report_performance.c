/* Reports of performance: ranking, energy against its baseline, earned value, stations. */
#include "paper.h"
#include "reported.h"

static struct price prices[] = {
    {{F_ELECTRICITY}, INT32_MIN, 620000, COSTING_UNKNOWN},
    {{F_FEMN}, INT32_MIN, 8000000, COSTING_UNKNOWN},
};
static struct price electricity_of_one_yuan[] = {
    {{F_ELECTRICITY}, INT32_MIN, 1000000, COSTING_UNKNOWN},
};

static struct costing_rules rules(void)
{
    return (struct costing_rules){.prices = prices, .price_count = 2};
}

/* ---- Ranking ---- */

#define RANKING                                                                                    \
    "period,rank,crew,quota,unit,heats,steel_kg,used,rate,normalised,gap,quality,estimated_pct,"   \
    "few_heats,other_grades,without_price,provisional\n"

/* A makes the easy grade, B the hard one: on one mix B is the better (costing's own example). */
static void put_race(struct ledger_fixture *f)
{
    struct crew_slot a = slot_of(F_DATE, F_DAY, F_A), b = slot_of(F_DATE, F_MIDDLE, F_B);
    put_slot(f, a);
    put_slot(f, b);
    put_heat(f, 1, a, "easy", 90, F_M02, 900 * UNIT);
    put_heat(f, 2, a, "hard", 10, F_M02, 200 * UNIT);
    put_heat(f, 3, b, "easy", 10, F_M02, 90 * UNIT);
    put_heat(f, 4, b, "hard", 90, F_M02, 1710 * UNIT);
    put_heat(f, 5, b, "hard", -1, F_M02, 9999 * UNIT); /* not weighed: counts nowhere */
    fixture_post(f, fixture_segment(F_E02, 1, a, F_AT(8, 0), F_AT(8, 30), 1000 * UNIT));
    commit(f);
}

static void crews_are_ranked_on_one_mix_of_grades(void **state)
{
    struct costing_rules costing = rules();
    put_race(*state);
    expect_csv(*state, "ranking", &costing, (struct report_filters){.quota = "femn", .heats = "2"},
               RANKING ",1,B,femn,kg,2,100000,1800,18,14,0,M,0,false,false,,false\n"
                       ",2,A,femn,kg,2,100000,1100,11,15,1,M,0,false,false,,false\n");
    expect_words(*state, "ranking", &costing,
                 (struct report_filters){.quota = "femn", .heats = "2"},
                 "the worst against the best: 1 kg/t");
    expect_csv(*state, "ranking", &costing, (struct report_filters){.quota = "femn"},
               RANKING ",,A,femn,kg,2,100000,1100,11,,,M,0,true,false,,false\n"
                       ",,B,femn,kg,2,100000,1800,18,,,M,0,true,false,,false\n");
    expect_csv(*state, "ranking", &costing,
               (struct report_filters){.quota = "femn", .period = "2026-04"}, RANKING);
}

/* A tonne of A costs 8 yuan of Mn-Fe a kg, and 620 yuan of electricity in its easy grade. */
static void without_a_quota_crews_are_ranked_by_cost(void **state)
{
    struct costing_rules costing = rules();
    put_race(*state);
    expect_csv(*state, "ranking", &costing, (struct report_filters){.heats = "1"},
               RANKING ",1,B,,yuan,2,100000,14400,144,112,0,M,0,false,false,,false\n"
                       ",2,A,,yuan,2,100000,9420,94.2,123.444444,11.444444,M,0,false,false,,"
                       "false\n");
    costing.price_count = 1; /* of electricity alone */
    expect_csv(*state, "ranking", &costing, (struct report_filters){.heats = "1"},
               RANKING
               ",1,B,,yuan,2,100000,0,0,0,0,M,0,false,false,femn,false\n"
               ",2,A,,yuan,2,100000,620,6.2,3.444444,3.444444,M,0,false,false,femn,false\n");
}

/* ---- Energy against its baseline ---- */

#define ENPI                                                                                       \
    "item,station,day,shift,crew,unit,steel_kg,used,per_tonne,baseline_from,fixed,slope,r2,"       \
    "points,advised,expected,difference,cusum,improvement_pct,provisional\n"

/* A crew-shift with one heat of that steel, whose electricity is partly used without a heat. */
static void put_shift(struct ledger_fixture *f, uint32_t no, int32_t day, int64_t steel_t,
                      int64_t used_kwh)
{
    struct crew_slot slot = slot_of(day, F_DAY, F_A);
    put_slot(f, slot);
    put_heat(f, no, slot, "Q235", steel_t, F_E02, (used_kwh - 1000) * UNIT);
    fixture_post(f, fixture_segment(F_E03, 0, slot, F_AT(8, 0), F_AT(9, 0), 1000 * UNIT));
}

static struct energy_baseline given[] = {
    {.item = {F_ELECTRICITY},
     .station = {CATALOG_NONE},
     .from_day = INT32_MIN,
     .fixed_e6 = INT64_C(12000000000),
     .per_tonne_e6 = 35000000},
    {.item = {F_ELECTRICITY},
     .station = {CATALOG_NONE},
     .from_day = F_DATE + 3,
     .fitted = true,
     .fit_from_day = F_DATE,
     .fit_until_day = F_DATE + 2},
};

static const struct {
    int64_t steel_t, used_kwh;
} worked[] = {{1200, 54300}, {1180, 52900}, {1210, 54900}, {1150, 53000}};

static void put_worked(struct ledger_fixture *f)
{
    for (uint32_t i = 0; i < 4; i++) {
        put_shift(f, i + 1, F_DATE + (int32_t)i, worked[i].steel_t, worked[i].used_kwh);
    }
    commit(f);
}

/* DOMAIN 5: E = 12,000 + 35 t; CUSUM 300, -100, 450, 1,200. */
static void domain_5_cusum_of_four_crew_shifts(void **state)
{
    struct costing_rules costing = rules();
    costing.baselines = given;
    costing.baseline_count = 1;
    put_worked(*state);
    expect_csv(*state, "enpi", &costing, (struct report_filters){.item = "electricity"},
               ENPI
               "electricity,,2026-03-10,day,A,kWh,1200000,54300,45.25,,12000,35,,,,54000,300,300,"
               "-0.56,false\n"
               "electricity,,2026-03-11,day,A,kWh,1180000,52900,44.830508,,12000,35,,,,53300,-400,"
               "-100,0.75,false\n"
               "electricity,,2026-03-12,day,A,kWh,1210000,54900,45.371901,,12000,35,,,,54350,550,"
               "450,-1.01,false\n"
               "electricity,,2026-03-13,day,A,kWh,1150000,53000,46.086957,,12000,35,,,,52250,750,"
               "1200,-1.44,false\n"
               "electricity,,,,,kWh,4740000,215100,45.379747,,,,,,,213900,1200,,-0.56,false\n");
    expect_words(*state, "enpi", &costing, (struct report_filters){0},
                 "where it rises, energy is wasted");
}

/* The line through the first two points: 70 kWh/t, -29,700 kWh. The sum begins anew. */
static void another_baseline_begins_its_sum_anew(void **state)
{
    struct costing_rules costing = rules();
    costing.baselines = given;
    costing.baseline_count = 2;
    put_worked(*state);
    expect_csv(*state, "enpi", &costing,
               (struct report_filters){.item = "electricity", .day = "2026-03-13"},
               ENPI
               "electricity,,2026-03-13,day,A,kWh,1150000,53000,46.086957,2026-03-13,-29700,70,1,2,"
               "false,50800,2200,2200,-4.33,false\n"
               "electricity,,,,,kWh,1150000,53000,46.086957,,,,,,,50800,2200,,-4.33,false\n");
    expect_words(*state, "enpi", &costing, (struct report_filters){0}, "nobody should be judged");
}

/* At the furnace alone; there is no baseline for it. A heat that is not weighed has no figure. */
static void without_a_baseline_or_a_weight_nothing_is_judged(void **state)
{
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    costing.baselines = given;
    costing.baseline_count = 1;
    put_shift(f, 1, F_DATE, 1000, 41000);
    put_shift(f, 2, F_DATE + 1, -1, 51000);
    commit(f);
    expect_csv(f, "enpi", &costing, (struct report_filters){.item = "electricity", .station = "LF"},
               ENPI "electricity,LF,2026-03-10,day,A,kWh,1000000,40000,40,,,,,,,,,,,false\n"
                    "electricity,LF,2026-03-11,day,A,kWh,,50000,,,,,,,,,,,,false\n");
    expect_csv(f, "enpi", &costing, (struct report_filters){.day = "2026-03-11"},
               ENPI "electricity,,2026-03-11,day,A,kWh,,51000,,,12000,35,,,,,,,,false\n");
    expect_csv(f, "enpi", &costing, (struct report_filters){.crew = "B"}, ENPI);
}

/* ---- Earned value ---- */

#define PROGRESS                                                                                   \
    "period,crew,planned_t,done_t,standard_cost_t,planned_value,earned_value,actual_cost,"         \
    "cost_variance,schedule_variance,cost_index,schedule_index,at_completion,without_price,"       \
    "provisional\n"

/* DOMAIN 1, T II: 800 of 900 t for 2,480,000 yuan, at 3,080 yuan/t. */
static void domain_1_earned_value_of_800_of_900_tonnes(void **state)
{
    struct planned_steel plans[] = {
        {period_of(PERIOD_MONTH, F_DATE), {CATALOG_NONE}, 900 * TONNE_G}};
    struct costing_rules costing = {
        .prices = electricity_of_one_yuan, .price_count = 1, .plans = plans, .plan_count = 1};
    struct ledger_fixture *f = *state;
    struct crew_slot a = slot_of(F_DATE, F_DAY, F_A);
    put_slot(f, a);
    put_heat(f, 1, a, "", 800, F_E02, 0);
    put_balance(f, F_QUOTA_LF, a, 2464000, 2464000, 2480000 * UNIT);
    put_balance(f, F_QUOTA_FEMN, a, 1, 1, UNIT);
    commit(f);
    const char *march = PROGRESS "2026-03,,900,800,3080,2772000,2464000,2480000,-16000,-308000,"
                                 "0.9935,0.8889,2790000,femn,false\n";
    expect_csv(f, "progress", &costing, (struct report_filters){0}, march);
    expect_csv(f, "progress", &costing, (struct report_filters){.period = "2026-03"}, march);
    expect_csv(f, "progress", &costing, (struct report_filters){.period = "2026-03", .crew = "A"},
               PROGRESS "2026-03,A,,800,3080,,2464000,2480000,-16000,,0.9935,,,femn,false\n");
    expect_csv(f, "progress", &costing, (struct report_filters){.period = "2026-04"},
               PROGRESS "2026-04,,,0,,,,,,,,,,,false\n");
}

/* What people plan later takes the place of what the configuration plans. */
static void a_paper_changes_the_plan(void **state)
{
    struct planned_steel plans[] = {
        {period_of(PERIOD_MONTH, F_DATE), {CATALOG_NONE}, 900 * TONNE_G}};
    struct costing_rules costing = {.plans = plans, .plan_count = 1};
    struct ledger_fixture *f = *state;
    struct paper paper = paper_empty(PAPER_PLAN);
    paper.by = "planner";
    paper.text = "{}";
    paper.period = plans[0].period;
    paper.tonnes_e9 = INT64_C(1000500000000);
    book_paper(f->book, &(struct book_paper){.id = {f->position, f->ordinal++},
                                             .paper_id = "p",
                                             .paper = &paper,
                                             .quota = {CATALOG_NONE},
                                             .state = PAPER_NOTED});
    commit(f);
    expect_csv(f, "progress", &costing, (struct report_filters){0},
               PROGRESS "2026-03,,1000.5,0,,,,,,,,,,,false\n");
}

/* ---- Stations ---- */

#define KPI                                                                                        \
    "day,shift,crew,station,planned_min,production_min,run_min,heats,good_heats,reworked,"         \
    "availability,effectiveness,quality_ratio,oee,provisional\n"

static void put_stay(struct ledger_fixture *f, uint32_t heat, uint16_t station, uint16_t visit,
                     int64_t start_us, int64_t end_us)
{
    book_stay(f->book, &(struct heat_stay){{heat}, {station}, visit, start_us, end_us});
}

/* DOMAIN 5: of 480 min the station ran 360, with 12 heats of 28 min, of which 11 are good. */
static void domain_5_overall_equipment_effectiveness(void **state)
{
    int64_t run_us[] = {0, 28 * TIMESTAMP_MINUTE_US};
    struct costing_rules costing = {.station_run_us = run_us, .station_count = 2};
    struct ledger_fixture *f = *state;
    struct crew_slot a = slot_of(F_DATE, F_DAY, F_A);
    put_slot(f, a);
    for (uint32_t i = 1; i <= 12; i++) {
        int64_t start_us = F_AT(8, 0) + (int64_t)(i - 1) * 40 * TIMESTAMP_MINUTE_US;
        put_heat(f, i, a, "Q235", i == 12 ? 0 : 100, F_E02, 1);
        put_stay(f, i, F_LF, 1, start_us, start_us + 30 * TIMESTAMP_MINUTE_US);
    }
    commit(f);
    expect_csv(f, "kpi", &costing, (struct report_filters){0},
               KPI "2026-03-10,day,A,LF,480,360,28,12,11,0,0.75,0.9333,0.9167,0.6417,false\n");
    costing.station_count = 0; /* nobody has said how long a heat should take */
    expect_csv(f, "kpi", &costing, (struct report_filters){.station = "LF"},
               KPI "2026-03-10,day,A,LF,480,360,,12,11,0,0.75,,0.9167,,false\n");
    expect_csv(f, "kpi", &costing, (struct report_filters){.station = "BOF"}, KPI);
}

/* Two heats at once are one production time; a heat counts where it leaves, and there again when it
 * comes a second time. One that is not weighed leaves the quality open. */
static void stays_are_cut_at_the_shift_and_never_count_twice(void **state)
{
    struct costing_rules costing = {0};
    struct ledger_fixture *f = *state;
    struct crew_slot a = slot_of(F_DATE, F_DAY, F_A), b = slot_of(F_DATE, F_MIDDLE, F_B);
    put_slot(f, a);
    put_slot(f, b);
    put_heat(f, 1, a, "", 100, F_E02, 1);
    put_heat(f, 2, b, "", -1, F_E02, 1);
    put_stay(f, 1, F_LF, 1, F_AT(9, 0), F_AT(10, 0));
    put_stay(f, 2, F_LF, 1, F_AT(9, 30), F_AT(11, 0));
    put_stay(f, 1, F_LF, 2, F_AT(15, 0), F_AT(16, 0)); /* leaves as the next shift starts */
    put_stay(f, 2, F_LF, 2, F_AT(15, 30), F_AT(17, 0));
    commit(f);
    expect_csv(f, "kpi", &costing, (struct report_filters){0},
               KPI "2026-03-10,day,A,LF,480,180,,2,,0,0.375,,,,false\n"
                   "2026-03-10,middle,B,LF,480,60,,2,,2,0.125,,,,false\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORTED_TEST(crews_are_ranked_on_one_mix_of_grades),
        REPORTED_TEST(without_a_quota_crews_are_ranked_by_cost),
        REPORTED_TEST(domain_5_cusum_of_four_crew_shifts),
        REPORTED_TEST(another_baseline_begins_its_sum_anew),
        REPORTED_TEST(without_a_baseline_or_a_weight_nothing_is_judged),
        REPORTED_TEST(domain_1_earned_value_of_800_of_900_tonnes),
        REPORTED_TEST(a_paper_changes_the_plan),
        REPORTED_TEST(domain_5_overall_equipment_effectiveness),
        REPORTED_TEST(stays_are_cut_at_the_shift_and_never_count_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
