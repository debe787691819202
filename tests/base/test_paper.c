/* The forms of papers, and what makes two papers the same. */
#include "paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_form_has_all_its_fields_and_each_key_once(void **state)
{
    (void)state;
    for (int kind = 0; kind < PAPER_KINDS; kind++) {
        const struct paper_form *form = paper_form((enum paper_kind)kind);
        assert_in_range(form->field_count, 1, PAPER_FIELDS_MAX);
        for (size_t i = 0; i < PAPER_FIELDS_MAX; i++) {
            assert_int_equal(form->fields[i].key != NULL, i < form->field_count);
        }
        for (size_t i = 0; i < form->field_count; i++) {
            assert_string_not_equal(form->fields[i].key, "by");
            assert_string_not_equal(form->fields[i].key, "event");
            assert_string_not_equal(form->fields[i].key, "ts");
            for (size_t j = 0; j < i; j++) {
                assert_string_not_equal(form->fields[i].key, form->fields[j].key);
                assert_int_not_equal(form->fields[i].offset, form->fields[j].offset);
            }
        }
    }
}

static void an_event_finds_its_kind_and_no_other(void **state)
{
    (void)state;
    enum paper_kind found;
    for (int kind = 0; kind < PAPER_KINDS; kind++) {
        const char *event = paper_form((enum paper_kind)kind)->event;
        assert_true(paper_kind_find(event, &found));
        assert_int_equal(found, kind);
    }
    assert_false(paper_kind_find("remark", &found));
    assert_false(paper_kind_find("Revise", &found));
}

static void a_state_is_found_by_its_name(void **state)
{
    (void)state;
    enum paper_state found;
    for (int i = 0; i < PAPER_STATES; i++) {
        assert_true(paper_state_find(paper_state_name((enum paper_state)i), &found));
        assert_int_equal(found, i);
    }
    assert_false(paper_state_find("", &found));
}

/* Fills one field with something that an empty paper has not. */
static void fill(struct paper *paper, const struct paper_field *field)
{
    void *at = paper_at(paper, field);
    switch (field->type) {
    case PAPER_TEXT:
    case PAPER_ID:
    case PAPER_METERS:
        *(const char **)at = field->key;
        return;
    case PAPER_NUMBER:
    case PAPER_COUNT:
    case PAPER_TIME:
        *(int64_t *)at = 7;
        return;
    case PAPER_PERIOD:
        assert_true(period_parse("2026-03-X1", at));
        return;
    case PAPER_CREW:
        *(crew_id *)at = (crew_id){1};
        return;
    case PAPER_ITEM:
        *(item_id *)at = (item_id){1};
        return;
    case PAPER_TYPES:
        break;
    }
    fail();
}

static void each_field_of_a_form_counts_in_what_a_paper_says(void **state)
{
    (void)state;
    for (int kind = 0; kind < PAPER_KINDS; kind++) {
        const struct paper_form *form = paper_form((enum paper_kind)kind);
        struct paper paper = paper_empty((enum paper_kind)kind);
        paper.by = "leader-a";
        uint64_t before = paper_digest(&paper);
        for (size_t i = 0; i < form->field_count; i++) {
            fill(&paper, &form->fields[i]);
            uint64_t after = paper_digest(&paper);
            assert_int_not_equal(before, after);
            before = after;
        }
        paper.by = "leader-b";
        assert_int_not_equal(before, paper_digest(&paper));
    }
}

static void when_it_was_written_and_how_does_not_count(void **state)
{
    (void)state;
    struct paper one = paper_empty(PAPER_APPROVE), other = one;
    one.by = "leader-a";
    one.of = "t-1";
    char by[] = "leader-a", of[] = "t-1";
    other.by = by;
    other.of = of;
    other.ts_us = 99;
    other.text = "{ }";
    assert_int_equal(paper_digest(&one), paper_digest(&other));
}

static void a_text_that_moves_to_the_next_field_is_another_paper(void **state)
{
    (void)state;
    struct paper one = paper_empty(PAPER_CAUSE), other = one;
    one.by = other.by = "leader-a";
    one.reason = "bearing";
    other.action = "bearing";
    assert_int_not_equal(paper_digest(&one), paper_digest(&other));
}

static void spaces_around_a_name_make_no_second_name(void **state)
{
    (void)state;
    assert_true(paper_same_name("li", "li"));
    assert_true(paper_same_name("li", " li  "));
    assert_false(paper_same_name("li", "LI"));
    assert_true(paper_same_name("李", "李 "));
    assert_false(paper_same_name("li", "lin"));
    assert_false(paper_same_name("li", "l i"));
    assert_false(paper_same_name("李", "林"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_has_all_its_fields_and_each_key_once),
        cmocka_unit_test(an_event_finds_its_kind_and_no_other),
        cmocka_unit_test(a_state_is_found_by_its_name),
        cmocka_unit_test(each_field_of_a_form_counts_in_what_a_paper_says),
        cmocka_unit_test(when_it_was_written_and_how_does_not_count),
        cmocka_unit_test(a_text_that_moves_to_the_next_field_is_another_paper),
        cmocka_unit_test(spaces_around_a_name_make_no_second_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
