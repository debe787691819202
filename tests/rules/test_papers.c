/* Sequences of papers, and what becomes of them. */
#include "papers.h"

#include "revisions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define E9 INT64_C(1000000000)

static struct item items[] = {
    {.id = "femn", .unit = "kg", .decimals = 3, .division_base = 1000},
    {.id = "electricity", .unit = "kWh", .decimals = 0, .division_base = 1},
};
static struct crew crews[] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static const struct catalog catalog = {
    .item_count = 2, .items = items, .crew_count = 3, .crews = crews};

/* Papers, quotas, and what each crew is said to have left. */
struct desk {
    struct papers papers;
    struct zone zone;
    struct quota quotas[3];
    struct papers_ground ground;
    int64_t left_base[3];
    bool known;
    uint64_t position;
    struct paper_answer answer;
};

static bool left_of(const void *context, quota_id quota, crew_id crew, struct period period,
                    int64_t *left_base)
{
    const struct desk *desk = context;
    (void)quota;
    (void)period;
    *left_base = desk->left_base[crew.index];
    return desk->known;
}

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    for (int i = 0; i < 3; i++) {
        desk->quotas[i] = (struct quota){.of_crews = true, .rate_e9 = {2 * E9, 3 * E9}};
    }
    desk->zone = zone_fixed("UTC", 0);
    strcpy(desk->quotas[0].id, "femn");
    strcpy(desk->quotas[1].id, "power");
    strcpy(desk->quotas[2].id, "heats");
    desk->quotas[1].item.index = 1;
    desk->quotas[2].of_crews = false;
    desk->ground = (struct papers_ground){.catalog = &catalog,
                                          .zone = &desk->zone,
                                          .quotas = desk->quotas,
                                          .quota_count = 3,
                                          .left = left_of,
                                          .context = desk};
    desk->known = true;
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    papers_clear(&desk->papers);
    free(desk);
    return 0;
}

/* Hands a paper in; what became of it, as text: the state, or the outcome and why. */
static const char *hand_in(struct desk *desk, const struct paper *paper)
{
    static char text[PAPERS_DETAIL_MAX + 64];
    papers_take(&desk->papers, &desk->ground, (struct effect_id){desk->position++, 0}, paper,
                &desk->answer);
    const struct outcome_info *info = outcome_info(desk->answer.outcome);
    bool taken = desk->answer.outcome == OUTCOME_ACCEPTED;
    (void)snprintf(text, sizeof text, "%s%s%s",
                   taken ? paper_state_name(desk->answer.state) : info->name,
                   desk->answer.detail[0] != '\0' ? ": " : "", desk->answer.detail);
    return text;
}

static struct paper form(enum paper_kind kind, const char *by, const char *id, const char *of)
{
    struct paper paper = paper_empty(kind);
    paper.by = by;
    paper.id = id;
    paper.of = of;
    return paper;
}

static struct paper transfer(const char *by, const char *id, uint16_t crew, uint16_t to_crew,
                             int64_t kg)
{
    struct paper paper = form(PAPER_TRANSFER, by, id, NULL);
    paper.quota = "femn";
    paper.crew.index = crew;
    paper.to_crew.index = to_crew;
    paper.amount_e9 = kg * E9;
    paper.reason = "swap";
    assert_true(period_parse("2026-03", &paper.period));
    return paper;
}

static const char *hand_in_transfer(struct desk *desk, const char *id, uint16_t crew,
                                    uint16_t to_crew, int64_t kg)
{
    struct paper paper = transfer("wang", id, crew, to_crew, kg);
    return hand_in(desk, &paper);
}

static const char *approve(struct desk *desk, const char *by, const char *of)
{
    struct paper paper = form(PAPER_APPROVE, by, NULL, of);
    return hand_in(desk, &paper);
}

static const char *decline(struct desk *desk, const char *by, const char *of)
{
    struct paper paper = form(PAPER_DECLINE, by, NULL, of);
    paper.reason = "no";
    return hand_in(desk, &paper);
}

static struct paper revise(const char *id, int64_t from_us, int64_t target_e9, int64_t limit_e9)
{
    struct paper paper = form(PAPER_REVISE, "wang", id, NULL);
    paper.quota = "femn";
    paper.from_us = from_us;
    paper.target_e9 = target_e9;
    paper.limit_e9 = limit_e9;
    paper.reason = "new slag";
    return paper;
}

static const char *hand_in_revision(struct desk *desk, const char *id, int64_t from_us,
                                    int64_t target_e9, int64_t limit_e9)
{
    struct paper paper = revise(id, from_us, target_e9, limit_e9);
    return hand_in(desk, &paper);
}

#define assert_begins(text, start) assert_memory_equal(text, start, strlen(start))

static void a_proposal_is_in_force_with_the_second_name(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    assert_string_equal(hand_in_transfer(desk, "t1", 0, 1, 10), "proposed");
    assert_string_equal(approve(desk, "li", "t1"), "proposed");
    assert_null(desk->answer.in_force);
    assert_string_equal(approve(desk, "zhao", "t1"), "in_force");
    assert_non_null(desk->answer.in_force);
    assert_int_equal(desk->answer.in_force->amount_base, 10000);
    assert_int_equal(desk->answer.quota.index, 0);
}

static void who_proposed_may_be_one_of_the_two_names_by_an_approval(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    assert_string_equal(hand_in_transfer(desk, "t1", 0, 1, 10), "proposed");
    assert_string_equal(approve(desk, "wang", "t1"), "proposed");
    assert_string_equal(approve(desk, "li", "t1"), "in_force");
}

static void one_name_twice_is_refused(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    hand_in_transfer(desk, "t1", 0, 1, 10);
    approve(desk, "li", "t1");
    assert_string_equal(approve(desk, "li", "t1"),
                        "not_allowed: li has approved \"t1\" already: the second name must be "
                        "another one");
    assert_int_equal(papers_find(&desk->papers, "t1")->state, PAPER_PROPOSED);
    assert_string_equal(approve(desk, "Li", "t1"), "in_force");
}

static void what_is_decided_is_not_decided_again(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    hand_in_transfer(desk, "t1", 0, 1, 1);
    approve(desk, "li", "t1");
    approve(desk, "zhao", "t1");
    assert_string_equal(approve(desk, "wu", "t1"), "not_allowed: paper \"t1\" is in force already");
    assert_string_equal(decline(desk, "wu", "t1"), "not_allowed: paper \"t1\" is in force already");
    hand_in_transfer(desk, "t2", 0, 1, 1);
    assert_string_equal(decline(desk, "wu", "t2"), "declined");
    assert_string_equal(approve(desk, "li", "t2"),
                        "not_allowed: paper \"t2\" was declined already");
    assert_begins(approve(desk, "li", "t3"), "not_allowed: \"of\" is \"t3\", which is no paper");
}

static void a_paper_without_an_id_is_named_by_its_position(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    desk->position = 4711;
    hand_in_transfer(desk, NULL, 0, 1, 1);
    assert_string_equal(desk->answer.id, "4711-0");
    assert_string_equal(approve(desk, "li", "4711-0"), "proposed");
}

static void an_id_is_taken_once(void **state)
{
    struct desk *desk = *state;
    hand_in_transfer(desk, "t1", 0, 1, 10);
    assert_string_equal(hand_in_transfer(desk, "t1", 0, 1, 10), "duplicate");
    assert_string_equal(hand_in_transfer(desk, "t1", 0, 1, 11),
                        "not_allowed: id \"t1\" is that of another paper, a transfer: papers need "
                        "an id of their own");
    assert_begins(hand_in_revision(desk, "t1", 5, E9, E9), "not_allowed: id \"t1\"");
    assert_int_equal(papers_find(&desk->papers, "t1")->amount_base, 10000);
    /* one that was refused has not taken its id */
    assert_begins(hand_in_transfer(desk, "t2", 0, 0, 10), "bad_field: \"to_crew\"");
    assert_string_equal(hand_in_transfer(desk, "t2", 0, 1, 10), "proposed");
}

static void a_transfer_beyond_what_is_left_is_refused_with_both_numbers(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 9999;
    hand_in_transfer(desk, "t1", 0, 1, 10);
    approve(desk, "li", "t1");
    assert_string_equal(approve(desk, "zhao", "t1"),
                        "not_allowed: crew A would give 10 kg of quota femn in 2026-03, and has "
                        "9.999 kg left of it");
    /* it waits, and the same name may try again when there is more */
    desk->left_base[0] = 10000;
    assert_string_equal(approve(desk, "zhao", "t1"), "in_force");
}

static void what_was_given_before_is_left_no_more(void **state)
{
    struct desk *desk = *state;
    desk->left_base[0] = 10000;
    hand_in_transfer(desk, "t1", 0, 1, 6);
    approve(desk, "li", "t1");
    assert_string_equal(approve(desk, "zhao", "t1"), "in_force");
    hand_in_transfer(desk, "t2", 0, 2, 5);
    approve(desk, "li", "t2");
    assert_string_equal(approve(desk, "zhao", "t2"),
                        "not_allowed: crew A would give 5 kg of quota femn in 2026-03, and has 4 "
                        "kg left of it");
    /* who was given may give on */
    hand_in_transfer(desk, "t3", 1, 2, 6);
    approve(desk, "li", "t3");
    assert_string_equal(approve(desk, "zhao", "t3"), "in_force");
}

static void a_part_of_a_period_has_less_by_what_the_whole_gave(void **state)
{
    struct desk *desk = *state;
    struct period month, ten_days, april;
    desk->left_base[0] = 10000;
    hand_in_transfer(desk, "t1", 0, 1, 6);
    approve(desk, "li", "t1");
    approve(desk, "zhao", "t1");
    assert_true(period_parse("2026-03", &month));
    assert_true(period_parse("2026-03-X1", &ten_days));
    assert_true(period_parse("2026-04", &april));
    const quota_id femn = {0};
    assert_int_equal(papers_transferred_base(&desk->papers, femn, (crew_id){0}, month), -6000);
    assert_int_equal(papers_transferred_base(&desk->papers, femn, (crew_id){0}, ten_days), -6000);
    assert_int_equal(papers_transferred_base(&desk->papers, femn, (crew_id){0}, april), 0);
    assert_int_equal(papers_transferred_base(&desk->papers, femn, (crew_id){1}, month), 6000);
    assert_int_equal(papers_transferred_base(&desk->papers, femn, (crew_id){1}, ten_days), 0);
    assert_int_equal(papers_transferred_base(&desk->papers, (quota_id){1}, (crew_id){0}, month), 0);
}

static void nothing_is_transferred_on_a_guess(void **state)
{
    struct desk *desk = *state;
    desk->known = false;
    desk->left_base[0] = 10000;
    hand_in_transfer(desk, "t1", 0, 1, 1);
    approve(desk, "li", "t1");
    assert_begins(approve(desk, "zhao", "t1"),
                  "not_allowed: what crew A is allowed of quota femn in 2026-03 is not known yet");
}

static void a_transfer_names_two_crews_a_quota_of_crews_and_what_can_be_counted(void **state)
{
    struct desk *desk = *state;
    struct paper paper = transfer("wang", NULL, 0, 0, 1);
    assert_begins(hand_in(desk, &paper), "bad_field: \"to_crew\" is \"crew\"");
    paper = transfer("wang", NULL, 0, 1, 0);
    assert_begins(hand_in(desk, &paper), "bad_field: \"amount\" must be more than 0");
    paper = transfer("wang", NULL, 0, 1, 1);
    paper.quota = "heats";
    assert_begins(hand_in(desk, &paper), "not_allowed: quota heats is held against no crew-shifts");
    paper.quota = "gold";
    assert_string_equal(hand_in(desk, &paper), "bad_field: quota \"gold\" is not in plant.json");
    paper.quota = "power";
    paper.amount_e9 = E9 / 2;
    assert_string_equal(hand_in(desk, &paper),
                        "bad_field: \"amount\" is 0.5, finer than item electricity is counted: 1 "
                        "kWh");
}

static void a_revision_changes_what_is_in_force_from_its_instant(void **state)
{
    struct desk *desk = *state;
    assert_string_equal(hand_in_revision(desk, "r1", 100, PAPER_NOT_GIVEN, 5 * E9), "proposed");
    approve(desk, "li", "r1");
    assert_string_equal(approve(desk, "zhao", "r1"), "in_force");
    struct quota *quotas = revisions_make(desk->quotas, 3, &desk->papers);
    assert_int_equal(quota_rates_e9(&quotas[0], 99)[QUOTA_LIMIT], 3 * E9);
    assert_int_equal(quota_rates_e9(&quotas[0], 100)[QUOTA_LIMIT], 5 * E9);
    assert_int_equal(quota_rates_e9(&quotas[0], 100)[QUOTA_TARGET], 5 * E9);
    assert_int_equal(quotas[1].version_count, 0);
    free(quotas);
}

static void revisions_stand_between_versions_in_whatever_order_they_come(void **state)
{
    struct desk *desk = *state;
    struct quota *plain = &desk->quotas[0];
    plain->version_count = 2;
    plain->versions[0] = (struct quota_version){.from_us = 50, .rate_e9 = {20, 30}};
    plain->versions[1] = (struct quota_version){.from_us = 150, .rate_e9 = {40, 60}};
    plain->versions[0].fixed_e9[QUOTA_LIMIT] = 7;
    const int64_t from_us[] = {200, 100, 10};
    for (int i = 0; i < 3; i++) {
        char id[] = {'r', (char)('0' + i), '\0'};
        hand_in_revision(desk, id, from_us[i], from_us[i], from_us[i] + 1);
        approve(desk, "li", id);
        assert_string_equal(approve(desk, "zhao", id), "in_force");
    }
    struct quota *quotas = revisions_make(desk->quotas, 3, &desk->papers);
    static const struct {
        int64_t at_us, limit_e9;
    } expected[] = {{9, 3 * E9}, {10, 11}, {49, 11}, {50, 30}, {100, 101}, {150, 60}, {200, 201}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(quota_rates_e9(&quotas[0], expected[i].at_us)[QUOTA_LIMIT],
                         expected[i].limit_e9);
    }
    assert_int_equal(quota_fixed_e9(&quotas[0], 100)[QUOTA_LIMIT], 7);
    free(quotas);
}

static void a_revision_that_cannot_be_is_refused(void **state)
{
    struct desk *desk = *state;
    desk->quotas[0].version_count = 1;
    desk->quotas[0].versions[0] = (struct quota_version){.from_us = 50, .rate_e9 = {20, 30}};
    assert_begins(hand_in_revision(desk, "r0", 60, 4, 3),
                  "bad_field: \"target\" is greater than \"limit\"");
    assert_begins(hand_in_revision(desk, "r0", 50, 3, 4),
                  "not_allowed: quota femn has other rates from 1970-01-01T00:00:00.000050");
    desk->quotas[0].retired = true;
    assert_begins(hand_in_revision(desk, "r0", 60, 3, 4), "bad_field: quota \"femn\" is not in");
}

static void of_two_revisions_from_one_instant_only_one_comes_into_force(void **state)
{
    struct desk *desk = *state;
    hand_in_revision(desk, "r1", 100, 1, 2);
    hand_in_revision(desk, "r2", 100, 3, 4);
    approve(desk, "li", "r1");
    approve(desk, "zhao", "r1");
    struct quota *quotas = revisions_make(desk->quotas, 3, &desk->papers);
    desk->ground.quotas = quotas; /* as the rules do */
    approve(desk, "li", "r2");
    assert_begins(approve(desk, "zhao", "r2"), "not_allowed: quota femn has other rates from");
    desk->ground.quotas = desk->quotas;
    free(quotas);
}

static void as_many_revisions_as_are_kept_and_no_more(void **state)
{
    struct desk *desk = *state;
    for (int i = 0; i <= QUOTA_REVISIONS_MAX; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r%d", i);
        const char *said = hand_in_revision(desk, id, 100 + i, 1, 2);
        if (i == QUOTA_REVISIONS_MAX) {
            assert_begins(said, "not_allowed: quota femn was revised 32 times by papers");
            break;
        }
        assert_string_equal(said, "proposed");
        approve(desk, "li", id);
        assert_string_equal(approve(desk, "zhao", id), "in_force");
    }
}

static const char *open_slip_of(struct desk *desk, const char *id, int64_t tonnes_e9,
                                int64_t rate_e9, int64_t limit_e9)
{
    struct paper paper = form(PAPER_SLIP, "li", id, NULL);
    paper.item.index = 0;
    paper.crew.index = 0;
    paper.order = "P-77";
    paper.tonnes_e9 = tonnes_e9;
    paper.rate_e9 = rate_e9;
    paper.limit_e9 = limit_e9;
    paper.opening_e9 = 5 * E9;
    return hand_in(desk, &paper);
}

static const char *open_slip(struct desk *desk, const char *id, int64_t rate_e9, int64_t limit_e9)
{
    return open_slip_of(desk, id, 50 * E9, rate_e9, limit_e9);
}

static const char *of_slip(struct desk *desk, enum paper_kind kind, const char *of, int64_t kg,
                           const char *approved_by)
{
    struct paper paper = form(kind, "li", NULL, of);
    paper.amount_e9 = kg * E9;
    paper.approved_by = approved_by;
    return hand_in(desk, &paper);
}

static void a_slip_is_drawn_on_up_to_its_limit_and_further_with_another_name(void **state)
{
    struct desk *desk = *state;
    assert_string_equal(open_slip(desk, "s1", 2 * E9, PAPER_NOT_GIVEN), "open");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s1", 100, NULL), "open");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s1", 1, NULL),
                        "not_allowed: goes 1 kg over the limit of slip \"s1\", which is 100 kg: "
                        "\"approved_by\" must be somebody else than \"by\"");
    assert_begins(of_slip(desk, PAPER_ISSUE, "s1", 1, "li"), "not_allowed: goes 1 kg over");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s1", 1, "zhao"), "open");
    /* what was given back may be drawn again */
    assert_string_equal(of_slip(desk, PAPER_PUT_BACK, "s1", 11, NULL), "open");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s1", 10, NULL), "open");
    assert_begins(of_slip(desk, PAPER_ISSUE, "s1", 1, NULL), "not_allowed: goes 1 kg over");
}

static void no_more_is_given_back_or_left_than_there_was(void **state)
{
    struct desk *desk = *state;
    open_slip(desk, "s1", PAPER_NOT_GIVEN, 100 * E9);
    of_slip(desk, PAPER_ISSUE, "s1", 20, NULL);
    assert_begins(of_slip(desk, PAPER_PUT_BACK, "s1", 26, NULL),
                  "not_allowed: \"amount\" is 26 kg, but of slip \"s1\" there can be 25 kg");
    assert_string_equal(of_slip(desk, PAPER_PUT_BACK, "s1", 5, NULL), "open");
    assert_begins(of_slip(desk, PAPER_CLOSE_SLIP, "s1", 21, NULL), "not_allowed: \"amount\" is 21");
    assert_string_equal(of_slip(desk, PAPER_CLOSE_SLIP, "s1", 20, NULL), "closed");
    assert_string_equal(of_slip(desk, PAPER_CLOSE_SLIP, "s1", 20, NULL),
                        "not_allowed: slip \"s1\" is closed");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s1", 1, NULL),
                        "not_allowed: slip \"s1\" is closed");
    assert_string_equal(of_slip(desk, PAPER_ISSUE, "s2", 1, NULL),
                        "not_allowed: \"of\" is \"s2\", which is no slip");
}

static void a_slip_has_a_limit_or_a_rate(void **state)
{
    struct desk *desk = *state;
    assert_begins(open_slip(desk, "s1", PAPER_NOT_GIVEN, PAPER_NOT_GIVEN), "bad_field: a slip");
    assert_begins(open_slip(desk, "s1", E9, E9), "bad_field: a slip needs a \"rate\"");
    assert_begins(open_slip_of(desk, "s1", INT64_MAX, INT64_MAX, PAPER_NOT_GIVEN), "out_of_range");
    /* 50 t x 0.000123456789 = 0.00617283945 kg: floored to the gram */
    assert_string_equal(open_slip(desk, "s1", 123456, PAPER_NOT_GIVEN), "open");
    assert_int_equal(papers_find(&desk->papers, "s1")->slip.limit_base, 6);
}

static void nobody_approves_a_slip(void **state)
{
    struct desk *desk = *state;
    open_slip(desk, "s1", E9, PAPER_NOT_GIVEN);
    assert_string_equal(approve(desk, "li", "s1"),
                        "not_allowed: \"of\" is \"s1\", a slip, which nobody has to approve");
}

static void what_needs_nobody_is_noted(void **state)
{
    struct desk *desk = *state;
    struct paper veto = form(PAPER_VETO, "li", "v1", NULL);
    veto.crew.index = 0;
    veto.code = "safety";
    assert_true(period_parse("2026-03", &veto.period));
    assert_string_equal(hand_in(desk, &veto), "noted");
    assert_string_equal(hand_in(desk, &veto), "duplicate");
    veto.id = NULL;
    veto.code = "lateness";
    assert_string_equal(hand_in(desk, &veto),
                        "bad_field: \"code\" is \"lateness\", must be \"safety\" or \"quality\"");
    struct paper plan = form(PAPER_PLAN, "li", NULL, NULL);
    plan.tonnes_e9 = E9;
    plan.period = veto.period;
    assert_string_equal(hand_in(desk, &plan), "noted");
}

static void a_measure_may_say_another_thing_later(void **state)
{
    struct desk *desk = *state;
    struct paper measure = form(PAPER_MEASURE, "li", "m1", NULL);
    measure.name = "VFD";
    measure.item.index = 1;
    measure.from_us = 5;
    measure.amount_e9 = E9;
    assert_string_equal(hand_in(desk, &measure), "noted");
    measure.amount_e9 = 2 * E9;
    assert_string_equal(hand_in(desk, &measure), "noted");
    assert_string_equal(hand_in(desk, &measure), "duplicate");
    struct paper veto = form(PAPER_VETO, "li", "m1", NULL);
    veto.code = "safety";
    assert_begins(hand_in(desk, &veto), "not_allowed: id \"m1\" is that of another paper");
}

static void the_oldest_that_is_settled_makes_room(void **state)
{
    struct desk *desk = *state;
    struct paper plan = form(PAPER_PLAN, "li", NULL, NULL);
    assert_true(period_parse("2026-03", &plan.period));
    hand_in_transfer(desk, "t1", 0, 1, 1);
    for (int i = 1; i < PAPERS_MAX; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "p%d", i);
        plan.id = id;
        plan.tonnes_e9 = i;
        hand_in(desk, &plan);
    }
    assert_int_equal(HASH_COUNT(desk->papers.table), PAPERS_MAX);
    plan.id = "more";
    assert_string_equal(hand_in(desk, &plan), "noted");
    assert_int_equal(HASH_COUNT(desk->papers.table), PAPERS_MAX);
    assert_non_null(papers_find(&desk->papers, "t1"));
    assert_null(papers_find(&desk->papers, "p1"));
    assert_non_null(papers_find(&desk->papers, "p2"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_proposal_is_in_force_with_the_second_name),
        TEST(who_proposed_may_be_one_of_the_two_names_by_an_approval),
        TEST(one_name_twice_is_refused),
        TEST(what_is_decided_is_not_decided_again),
        TEST(a_paper_without_an_id_is_named_by_its_position),
        TEST(an_id_is_taken_once),
        TEST(a_transfer_beyond_what_is_left_is_refused_with_both_numbers),
        TEST(what_was_given_before_is_left_no_more),
        TEST(a_part_of_a_period_has_less_by_what_the_whole_gave),
        TEST(nothing_is_transferred_on_a_guess),
        TEST(a_transfer_names_two_crews_a_quota_of_crews_and_what_can_be_counted),
        TEST(a_revision_changes_what_is_in_force_from_its_instant),
        TEST(revisions_stand_between_versions_in_whatever_order_they_come),
        TEST(a_revision_that_cannot_be_is_refused),
        TEST(of_two_revisions_from_one_instant_only_one_comes_into_force),
        TEST(as_many_revisions_as_are_kept_and_no_more),
        TEST(a_slip_is_drawn_on_up_to_its_limit_and_further_with_another_name),
        TEST(no_more_is_given_back_or_left_than_there_was),
        TEST(a_slip_has_a_limit_or_a_rate),
        TEST(nobody_approves_a_slip),
        TEST(what_needs_nobody_is_noted),
        TEST(a_measure_may_say_another_thing_later),
        TEST(the_oldest_that_is_settled_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
