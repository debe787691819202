/* Reports that are worked out by costing rules: settlement and variance. */
#include "reported.h"

/* What the reports are made by: a bonus of 1,000 yuan, prices of both items. */
static struct price prices[] = {
    {{F_ELECTRICITY}, INT32_MIN, 620000, COSTING_UNKNOWN},
    {{F_FEMN}, INT32_MIN, 8000000, COSTING_UNKNOWN},
    {{F_FEMN}, F_DATE, 8000000, 9000000},
};
static uint16_t item_class[] = {CATALOG_NONE, 0};
static struct cost_class classes[] = {{.id = "bought", .controllable = false}};

static struct costing_rules rules(void)
{
    struct costing_rules rules = {.prices = prices,
                                  .price_count = 3,
                                  .classes = classes,
                                  .class_count = 1,
                                  .item_class = item_class,
                                  .settlement = {.given = true,
                                                 .period = PERIOD_TEN_DAYS,
                                                 .pool_e4 = 4000,
                                                 .bonus_fen = 100000,
                                                 .line_count = 2,
                                                 .lines = {{"femn", 60000}, {"lf", 40000}}}};
    for (int i = 0; i < CATALOG_CREWS_MAX; i++) {
        rules.settlement.crew_bonus_fen[i] = COSTING_UNKNOWN;
    }
    return rules;
}

static void refuse(struct ledger_fixture *f, const struct costing_rules *costing,
                   struct report_filters filters, const char *says)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;

    assert_false(
        report_run_for(book_reader(f->book), "settlement", &plant, &filters, &report, &failure));
    assert_non_null(strstr(failure.text, says));
}

#define SETTLEMENT                                                                                 \
    "period,crew,line,unit,used,target,limit,weight,points,pool,returned,forfeited,provisional,"   \
    "veto,reward,person,share\n"

/* Mn-Fe: (1397.9 - 1368) / (1397.9 - 1357.96) of 60 points. */
static void a_crew_is_settled_by_its_lines_and_in_all(void **state)
{
    struct costing_rules costing = rules();
    const char *expected =
        SETTLEMENT "2026-03-X1,A,femn,kg,1368,1357.96,1397.9,60,44.917,240,179.67,60.33,true,,,,\n"
                   "2026-03-X1,A,lf,kWh,4760,7189.2,7189.2,40,40,160,160,0,true,,,,\n"
                   "2026-03-X1,A,,,,,,100,84.917,400,339.67,60.33,true,,,,\n";
    expect_csv(*state, "settlement", &costing, (struct report_filters){0}, expected);
    expect_csv(*state, "settlement", &costing, (struct report_filters){.period = "2026-03"},
               expected);
    expect_csv(*state, "settlement", &costing, (struct report_filters){.period = "2026-04"},
               SETTLEMENT);
    expect_csv(*state, "settlement", &costing, (struct report_filters){.crew = "B"}, SETTLEMENT);
}

static void a_crew_may_have_a_bonus_of_its_own(void **state)
{
    struct costing_rules costing = rules();
    costing.settlement.crew_bonus_fen[F_A] = 200001;
    expect_csv(*state, "settlement", &costing, (struct report_filters){0},
               SETTLEMENT
               "2026-03-X1,A,femn,kg,1368,1357.96,1397.9,60,44.917,480,359.34,120.66,true,,,,\n"
               "2026-03-X1,A,lf,kWh,4760,7189.2,7189.2,40,40,320,320,0,true,,,,\n"
               "2026-03-X1,A,,,,,,100,84.917,800,679.34,120.66,true,,,,\n");
}

/* A quota of which the crew has no balance is not known, so nothing is settled. */
static void what_is_not_known_is_not_settled(void **state)
{
    struct costing_rules costing = rules();
    costing.settlement.line_count = 3;
    costing.settlement.lines[2] = (struct settlement_rule_line){"o2", 0};
    expect_csv(*state, "settlement", &costing, (struct report_filters){0},
               SETTLEMENT "2026-03-X1,A,femn,kg,1368,1357.96,1397.9,60,44.917,240,,,true,,,,\n"
                          "2026-03-X1,A,lf,kWh,4760,7189.2,7189.2,40,40,160,,,true,,,,\n"
                          "2026-03-X1,A,o2,,,,,0,,0,,,true,,,,\n"
                          "2026-03-X1,A,,,,,,100,,400,,,true,,,,\n");
}

static void wrong_questions_are_refused(void **state)
{
    struct costing_rules costing = rules();
    refuse(*state, &costing, (struct report_filters){.period = "March"}, "2026-03-X1");
    refuse(*state, &costing, (struct report_filters){.heat = "1"}, "takes no --heat");
    costing.settlement.given = false;
    refuse(*state, &costing, (struct report_filters){0}, "has no \"settlement\"");
}

/* A paper about crew A in a period. */
static void hand_in(struct ledger_fixture *f, enum paper_kind kind, const char *period,
                    int64_t tonnes_e9)
{
    struct failure failure;
    struct paper paper = paper_empty(kind);
    assert_true(period_parse(period, &paper.period));
    paper.crew.index = F_A;
    paper.by = "workshop";
    paper.code = "safety";
    paper.reason = "no helmet";
    paper.tonnes_e9 = tonnes_e9;
    paper.text = "{}";
    fixture_begin(f);
    book_paper(f->book, &(struct book_paper){.id = {f->position, f->ordinal++},
                                             .paper_id = "p",
                                             .paper = &paper,
                                             .quota = {CATALOG_NONE},
                                             .state = PAPER_NOTED});
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
}

static void a_veto_of_a_day_forfeits_its_ten_days_and_the_points_stay(void **state)
{
    struct costing_rules costing = rules();
    hand_in(*state, PAPER_VETO, "2026-03-11", PAPER_NOT_GIVEN);
    hand_in(*state, PAPER_VETO, "2026-03-09", PAPER_NOT_GIVEN);
    expect_csv(*state, "settlement", &costing, (struct report_filters){0},
               SETTLEMENT "2026-03-X1,A,femn,kg,1368,1357.96,1397.9,60,44.917,240,0,240,true,"
                          "safety: no helmet,,,\n"
                          "2026-03-X1,A,lf,kWh,4760,7189.2,7189.2,40,40,160,0,160,true,"
                          "safety: no helmet,,,\n"
                          "2026-03-X1,A,,,,,,100,84.917,400,0,400,true,safety: no helmet,,,\n");
}

static void expect_reward(struct ledger_fixture *f, const struct costing_rules *costing,
                          const char *veto_and_reward)
{
    char expected[600];
    const char *returned = strstr(veto_and_reward, "safety") != NULL ? "0,400" : "339.67,60.33";
    snprintf(expected, sizeof expected, ",,,,,100,84.917,400,%s,true,%s,,\n", returned,
             veto_and_reward);
    char *text = csv_of(f, "settlement", costing, (struct report_filters){0});
    if (strstr(text, expected) == NULL) {
        fail_msg("\"%s\" is missing in:\n%s", expected, text);
    }
    free(text);
}

/* 199.7 t: 15% of 150 t are 22.5 t, and two full ones are 45 t. */
static void steel_over_the_plan_is_rewarded_in_full_steps(void **state)
{
    struct costing_rules costing = rules();
    costing.settlement.step_threshold_e2 = costing.settlement.step_e2 = 1500;
    costing.settlement.step_reward_fen = 50000;
    expect_reward(*state, &costing, ","); /* nothing was planned */
    hand_in(*state, PAPER_PLAN, "2026-03-X1", INT64_C(199700000000));
    expect_reward(*state, &costing, ",0");
    hand_in(*state, PAPER_PLAN, "2026-03-X1", INT64_C(150000000000));
    expect_reward(*state, &costing, ",1000");
    hand_in(*state, PAPER_PLAN, "2026-03-X1", INT64_C(173700000000));
    expect_reward(*state, &costing, ",0");                       /* 14.96% */
    hand_in(*state, PAPER_PLAN, "2026-03", INT64_C(1000000000)); /* of another period */
    expect_reward(*state, &costing, ",0");
    hand_in(*state, PAPER_PLAN, "2026-03-X1", INT64_C(150000000000));
    hand_in(*state, PAPER_VETO, "2026-03", PAPER_NOT_GIVEN);
    expect_reward(*state, &costing, "safety: no helmet,0");
}

#define VARIANCE                                                                                   \
    "period,crew,quota,item,unit,used,allowed,standard_price,actual_price,usage_variance,"         \
    "price_variance,total_variance,effect,controllable,provisional\n"

static void use_and_price_are_kept_apart(void **state)
{
    struct costing_rules costing = rules();
    const char *rows = "A,femn,femn,kg,1368,1397.9,8,9,-239.2,1368,1128.8,F,false,true\n";
    char expected[512];
    snprintf(expected, sizeof expected,
             VARIANCE "2026-03-10,%s2026-03-10,A,lf,electricity,kWh,4760,7189.2,0.62,,-1506.1,,,F,"
                      "true,true\n",
             rows);
    expect_csv(*state, "variance", &costing, (struct report_filters){0}, expected);
    snprintf(expected, sizeof expected, VARIANCE "2026-Q1,%s", rows);
    expect_csv(*state, "variance", &costing,
               (struct report_filters){.period = "2026-Q1", .quota = "femn"}, expected);
    costing.price_count = 0;
    expect_csv(*state, "variance", &costing, (struct report_filters){.quota = "femn"},
               VARIANCE "2026-03-10,A,femn,femn,kg,1368,1397.9,,,,,,,false,true\n");
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(a_crew_is_settled_by_its_lines_and_in_all),
        DEMO_TEST(a_crew_may_have_a_bonus_of_its_own),
        DEMO_TEST(what_is_not_known_is_not_settled),
        DEMO_TEST(a_veto_of_a_day_forfeits_its_ten_days_and_the_points_stay),
        DEMO_TEST(steel_over_the_plan_is_rewarded_in_full_steps),
        DEMO_TEST(wrong_questions_are_refused),
        DEMO_TEST(use_and_price_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
