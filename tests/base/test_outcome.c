/* Outcomes and the other named enums: each value has a name of its own. */
#include "outcome.h"
#include "posting.h"
#include "verdict.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum outcome outcome_number(int number)
{
    return (enum outcome)number;
}

static void every_outcome_has_a_name_and_a_meaning(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_info *info = outcome_info(outcome_number(i));
        assert_non_null(info->name);
        assert_true(strlen(info->name) > 0);
        assert_non_null(info->meaning);
        assert_true(strlen(info->meaning) > 10);
        for (const char *letter = info->name; *letter != '\0'; letter++) {
            assert_true(islower((unsigned char)*letter) || *letter == '_');
        }
    }
}

static void no_two_outcomes_share_a_name_or_a_meaning(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(outcome_info(outcome_number(i))->name,
                                    outcome_info(outcome_number(other))->name);
            assert_string_not_equal(outcome_info(outcome_number(i))->meaning,
                                    outcome_info(outcome_number(other))->meaning);
        }
    }
}

static void an_outcome_is_taken_or_held_or_refused(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_info *info = outcome_info(outcome_number(i));
        bool held = i == OUTCOME_GLITCH || i == OUTCOME_SPIKE;
        assert_int_equal(info->held, held);
        assert_int_equal(info->refused, i >= OUTCOME_CONFLICT);
    }
}

static void causes_methods_and_verdicts_have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 0; i < POSTING_CAUSE_COUNT; i++) {
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(posting_cause_name((enum posting_cause)i),
                                    posting_cause_name((enum posting_cause)other));
        }
    }
    for (int i = 0; i < SHARING_METHOD_COUNT; i++) {
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(sharing_method_name((enum sharing_method)i),
                                    sharing_method_name((enum sharing_method)other));
        }
    }
    assert_string_equal(verdict_name(VERDICT_UNKNOWN), "");
    assert_string_equal(verdict_name(VERDICT_GREEN), "green");
    assert_string_equal(verdict_name(VERDICT_AMBER), "amber");
    assert_string_equal(verdict_name(VERDICT_RED), "red");
    assert_string_equal(balance_scope_name(BALANCE_HEAT), "heat");
    assert_string_equal(balance_scope_name(BALANCE_CREW), "crew");
    assert_string_equal(alert_level_name(ALERT_TARGET), "target");
    assert_string_equal(alert_level_name(ALERT_LIMIT), "limit");
    assert_string_equal(alert_state_name(ALERT_RAISED), "raised");
    assert_string_equal(alert_state_name(ALERT_ACKED), "acked");
    assert_string_equal(alert_state_name(ALERT_SHELVED), "shelved");
    assert_string_equal(alert_state_name(ALERT_CLEARED), "cleared");
    assert_string_equal(alert_state_name(ALERT_CLOSED), "closed");
}

static void qualities_are_ordered_as_their_letters(void **state)
{
    (void)state;
    assert_int_equal(strlen(QUALITY_LETTERS), QUALITY_ESTIMATED + 1);
    assert_int_equal(QUALITY_LETTERS[QUALITY_MEASURED], 'M');
    assert_int_equal(QUALITY_LETTERS[QUALITY_INTERPOLATED], 'I');
    assert_int_equal(QUALITY_LETTERS[QUALITY_UNCERTAIN], 'U');
    assert_int_equal(QUALITY_LETTERS[QUALITY_CORRECTED], 'C');
    assert_int_equal(QUALITY_LETTERS[QUALITY_SUBSTITUTED], 'S');
    assert_int_equal(QUALITY_LETTERS[QUALITY_ESTIMATED], 'E');
}

static void crew_slots_are_equal_in_all_three_parts(void **state)
{
    (void)state;
    struct crew_slot slot = {20522, {1}, {2}};
    struct crew_slot day = {20523, {1}, {2}};
    struct crew_slot shift = {20522, {0}, {2}};
    struct crew_slot crew = {20522, {1}, {CATALOG_NONE}};
    assert_true(crew_slot_equal(slot, slot));
    assert_false(crew_slot_equal(slot, day));
    assert_false(crew_slot_equal(slot, shift));
    assert_false(crew_slot_equal(slot, crew));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_has_a_name_and_a_meaning),
        cmocka_unit_test(no_two_outcomes_share_a_name_or_a_meaning),
        cmocka_unit_test(an_outcome_is_taken_or_held_or_refused),
        cmocka_unit_test(causes_methods_and_verdicts_have_names_of_their_own),
        cmocka_unit_test(qualities_are_ordered_as_their_letters),
        cmocka_unit_test(crew_slots_are_equal_in_all_three_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
