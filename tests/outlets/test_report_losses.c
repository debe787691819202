/* Reports of losses: Pareto, and overruns with their causes. */
#include "paper.h"
#include "reported.h"

static struct price prices[] = {
    {{F_ELECTRICITY}, INT32_MIN, 620000, COSTING_UNKNOWN},
    {{F_FEMN}, INT32_MIN, 8000000, COSTING_UNKNOWN},
};
static struct cause_code causes[] = {
    {"MAN", {"人", "Man"}, CAUSE_CREW},
    {"MEA-02", {"秤零点漂移", "Scale out of zero"}, CAUSE_INSTRUMENTS},
};

static struct costing_rules rules(void)
{
    return (struct costing_rules){
        .prices = prices, .price_count = 2, .causes = causes, .cause_count = 2};
}

static void put_cause(struct ledger_fixture *f, const char *alert, const char *code)
{
    struct paper paper = paper_empty(PAPER_CAUSE);
    paper.by = "leader-a";
    paper.of = alert;
    paper.code = code;
    paper.action = "weighed again";
    paper.text = "{}";
    fixture_begin(f);
    book_paper(f->book, &(struct book_paper){.id = {f->position, f->ordinal++},
                                             .paper_id = "p",
                                             .paper = &paper,
                                             .quota = {CATALOG_NONE},
                                             .state = PAPER_NOTED});
    commit(f);
}

/* ---- Pareto ---- */

#define PARETO                                                                                     \
    "period,kind,key,item,unit,over,overruns,loss,share_pct,cumulated_pct,vital,without_price,"    \
    "provisional\n"

/* A: Mn-Fe 100 kg over on the 10th, 12.5 kg on the 11th, and 0.9 kWh, less than a scale division;
 * B: 300 kWh over, and Mn-Fe far below its limit. */
static void put_losses(struct ledger_fixture *f)
{
    put_slot(f, slot_of(F_DATE, F_DAY, F_A));
    put_slot(f, slot_of(F_DATE, F_MIDDLE, F_B));
    put_slot(f, slot_of(F_DATE + 1, F_DAY, F_A));
    put_balance(f, F_QUOTA_FEMN, slot_of(F_DATE, F_DAY, F_A), 900, 1000, 1100 * UNIT);
    put_balance(f, F_QUOTA_LF, slot_of(F_DATE, F_DAY, F_A), 900, 1000, 1000 * UNIT + 900);
    put_balance(f, F_QUOTA_FEMN, slot_of(F_DATE, F_MIDDLE, F_B), 900, 1000, 500 * UNIT);
    put_balance(f, F_QUOTA_LF, slot_of(F_DATE, F_MIDDLE, F_B), 900, 1000, 1300 * UNIT);
    put_balance(f, F_QUOTA_FEMN, slot_of(F_DATE + 1, F_DAY, F_A), 900, 1000, 1012 * UNIT + 500);
    commit(f);
}

static void losses_stand_in_the_order_of_their_size(void **state)
{
    struct costing_rules costing = rules();
    put_losses(*state);
    expect_csv(*state, "pareto", &costing, (struct report_filters){0},
               PARETO ",quota,femn,femn,kg,112.5,2,900,82.87,82.87,true,,false\n"
                      ",quota,lf,electricity,kWh,300,1,186,17.13,100,false,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.by = "item"},
               PARETO ",item,femn,femn,kg,112.5,2,900,82.87,82.87,true,,false\n"
                      ",item,electricity,electricity,kWh,300,1,186,17.13,100,false,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.by = "crew"},
               PARETO ",crew,A,femn,kg,112.5,2,900,82.87,82.87,true,,false\n"
                      ",crew,B,electricity,kWh,300,1,186,17.13,100,false,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.by = "cause"},
               PARETO ",cause,pending,,,,3,1086,100,100,true,,false\n");
}

/* What B spared does not make A's loss less; the period says which days count. */
static void a_period_narrows_what_is_lost(void **state)
{
    struct costing_rules costing = rules();
    put_losses(*state);
    expect_csv(*state, "pareto", &costing, (struct report_filters){.day = "2026-03-11"},
               PARETO "2026-03-11,quota,femn,femn,kg,12.5,1,100,100,100,true,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.period = "2026-03-X1"},
               PARETO "2026-03-X1,quota,femn,femn,kg,100,1,800,81.14,81.14,true,,false\n"
                      "2026-03-X1,quota,lf,electricity,kWh,300,1,186,18.86,100,false,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.period = "2026-04"}, PARETO);
}

static void what_has_no_price_is_not_weighed_against_the_rest(void **state)
{
    struct costing_rules costing = rules();
    put_losses(*state);
    costing.price_count = 1; /* of electricity alone */
    expect_csv(*state, "pareto", &costing, (struct report_filters){0},
               PARETO ",quota,lf,electricity,kWh,300,1,186,100,100,true,,false\n"
                      ",quota,femn,femn,kg,112.5,2,,,,,femn,false\n");
    expect_words(*state, "pareto", &costing, (struct report_filters){0},
                 "for want of a standard price: femn\n");
}

static void a_fault_of_measurement_is_no_crews_loss(void **state)
{
    struct costing_rules costing = rules();
    put_losses(*state);
    put_cause(*state, "femn/crew/2026-03-10 day A/limit", "MEA-02");
    put_cause(*state, "lf/crew/2026-03-10 middle B/limit", "MAN");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.by = "crew"},
               PARETO ",crew,instruments,femn,kg,100,1,800,73.66,73.66,true,,false\n"
                      ",crew,B,electricity,kWh,300,1,186,17.13,90.79,true,,false\n"
                      ",crew,A,femn,kg,12.5,1,100,9.21,100,false,,false\n");
    expect_csv(*state, "pareto", &costing, (struct report_filters){.by = "cause"},
               PARETO ",cause,MEA-02,femn,kg,100,1,800,73.66,73.66,true,,false\n"
                      ",cause,MAN,electricity,kWh,300,1,186,17.13,90.79,true,,false\n"
                      ",cause,pending,femn,kg,12.5,1,100,9.21,100,false,,false\n");
}

/* ---- Overruns ---- */

#define OVERRUNS                                                                                   \
    "id,quota,scope,period,crew,heat,level,item,unit,used,allowed,over,loss,cause,cause_zh,"       \
    "cause_en,action,charged_to,by,pending\n"

static void put_overruns(struct ledger_fixture *f)
{
    struct crew_slot a = slot_of(F_DATE, F_DAY, F_A), b = slot_of(F_DATE, F_MIDDLE, F_B);
    struct heat heat = fixture_heat(1, "12602485", F_AT(7, 45));
    struct balance of_heat =
        fixture_balance(F_QUOTA_FEMN, 1, a, 680 * UNIT, 690 * UNIT, 700 * UNIT, VERDICT_RED);
    struct balance open =
        fixture_balance(F_QUOTA_FEMN, 0, b, 900 * UNIT, 1000 * UNIT, 2000 * UNIT, VERDICT_RED);
    heat.steel_g = 100 * TONNE_G;
    heat.owner_at_us = F_AT(8, 15);
    heat.owner = a;
    open.provisional = true;
    put_slot(f, a);
    put_slot(f, b);
    book_heat(f->book, &heat, 1);
    book_balance(f->book, &of_heat);
    book_balance(f->book, &open);
    put_balance(f, F_QUOTA_FEMN, a, 900, 1000, 1100 * UNIT);
    put_balance(f, F_QUOTA_LF, a, 900, 1000, 950 * UNIT);
    commit(f);
}

#define A_FEMN                                                                                     \
    "femn/crew/2026-03-10 day A/limit,femn,crew,2026-03-10 day "                                   \
    "A,A,,limit,femn,kg,1100,1000,100,800,"
#define A_HEAT "femn/heat/12602485/limit,femn,heat,12602485,A,12602485,limit,femn,kg,700,690,10,80,"
#define A_LF                                                                                       \
    "lf/crew/2026-03-10 day A/target,lf,crew,2026-03-10 day "                                      \
    "A,A,,target,electricity,kWh,950,900,50,31,"

static void an_overrun_waits_for_its_cause(void **state)
{
    struct costing_rules costing = rules();
    put_overruns(*state);
    expect_csv(*state, "overruns", &costing, (struct report_filters){0},
               OVERRUNS A_FEMN ",,,,,,true\n" A_HEAT ",,,,,,true\n" A_LF ",,,,,,false\n");
    expect_words(*state, "overruns", &costing, (struct report_filters){0},
                 "\"of\":\"femn/crew/2026-03-10 day A/limit\"");
    put_cause(*state, "femn/crew/2026-03-10 day A/limit", "MEA-02");
    put_cause(*state, "femn/heat/12602485/limit", "MAN");
    put_cause(*state, "femn/heat/12602485/limit", "MEA-02"); /* the newest counts */
    expect_csv(
        *state, "overruns", &costing, (struct report_filters){.quota = "femn"},
        OVERRUNS A_FEMN
        "MEA-02,秤零点漂移,Scale out of zero,weighed again,instruments,leader-a,false\n" A_HEAT
        "MEA-02,秤零点漂移,Scale out of zero,weighed again,instruments,leader-a,false\n");
    expect_csv(*state, "overruns", &costing, (struct report_filters){.open = true}, OVERRUNS);
}

static void a_heat_has_the_cause_of_its_crew_shift(void **state)
{
    struct costing_rules costing = rules();
    put_overruns(*state);
    put_cause(*state, "femn/crew/2026-03-10 day A/target", "MAN");
    expect_csv(*state, "overruns", &costing, (struct report_filters){.heat = "12602485"},
               OVERRUNS A_HEAT "MAN,人,Man,weighed again,crew,leader-a,false\n");
    expect_csv(*state, "overruns", &costing, (struct report_filters){.crew = "B"}, OVERRUNS);
}

/* A quota of a month is the shop's: it has a cause, too, and is in no crew's Pareto. */
static void a_period_of_the_shop_is_overrun(void **state)
{
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    struct balance balance = {.quota = {F_QUOTA_LF},
                              .scope = BALANCE_PERIOD,
                              .period = period_of(PERIOD_MONTH, F_DATE),
                              .allowed_known = true,
                              .allowed_target_base = 900 * UNIT,
                              .allowed_limit_base = 1000 * UNIT,
                              .used_base = 1002 * UNIT,
                              .verdict = VERDICT_RED};
    book_balance(f->book, &balance);
    commit(f);
    put_cause(f, "lf/period/2026-03/limit", "MAN");
    expect_csv(f, "overruns", &costing, (struct report_filters){0},
               OVERRUNS "lf/period/2026-03/limit,lf,period,2026-03,,,limit,electricity,kWh,1002,"
                        "1000,2,1.24,MAN,人,Man,weighed again,shop,leader-a,false\n");
    expect_csv(f, "pareto", &costing, (struct report_filters){0}, PARETO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORTED_TEST(losses_stand_in_the_order_of_their_size),
        REPORTED_TEST(a_period_narrows_what_is_lost),
        REPORTED_TEST(what_has_no_price_is_not_weighed_against_the_rest),
        REPORTED_TEST(a_fault_of_measurement_is_no_crews_loss),
        REPORTED_TEST(an_overrun_waits_for_its_cause),
        REPORTED_TEST(a_heat_has_the_cause_of_its_crew_shift),
        REPORTED_TEST(a_period_of_the_shop_is_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
