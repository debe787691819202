/* Outcomes in a snapshot: by name. */
#include "outcome_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void begin(struct snapshot_writer *writer)
{
    *writer = (struct snapshot_writer){0};
    snapshot_begin(writer);
    snapshot_put_section(writer, "outcomes", 1);
}

static void open_it(struct snapshot_reader *reader, struct snapshot_writer *writer)
{
    snapshot_end(writer);
    assert_true(snapshot_open(reader, writer->bytes, writer->count, NULL));
    assert_true(snapshot_get_section(reader, "outcomes", 1));
}

static void numbers_mean_what_they_meant_when_they_were_saved(void **state)
{
    (void)state;
    struct snapshot_writer writer;
    struct snapshot_reader reader;
    struct outcome_names names;
    begin(&writer);
    outcome_names_save(&writer);
    for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
        snapshot_put_number(&writer, i);
    }
    open_it(&reader, &writer);
    outcome_names_load(&names, &reader);
    for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
        assert_int_equal(outcome_names_get(&names, &reader), i);
    }
    assert_true(snapshot_close(&reader, NULL));
    snapshot_writer_clear(&writer);
}

/* As an earlier program had them: fewer, and in another order. */
static void other_numbers_find_their_outcomes_by_name(void **state)
{
    (void)state;
    struct snapshot_writer writer;
    struct snapshot_reader reader;
    struct outcome_names names;
    begin(&writer);
    snapshot_put_number(&writer, 2);
    snapshot_put_text(&writer, outcome_info(OUTCOME_SPIKE)->name);
    snapshot_put_text(&writer, outcome_info(OUTCOME_ACCEPTED)->name);
    snapshot_put_number(&writer, 1);
    snapshot_put_number(&writer, 0);
    snapshot_put_number(&writer, 2);
    open_it(&reader, &writer);
    outcome_names_load(&names, &reader);
    assert_int_equal(outcome_names_get(&names, &reader), OUTCOME_ACCEPTED);
    assert_int_equal(outcome_names_get(&names, &reader), OUTCOME_SPIKE);
    assert_true(snapshot_is_good(&reader));
    outcome_names_get(&names, &reader); /* it named two */
    assert_false(snapshot_is_good(&reader));
    snapshot_writer_clear(&writer);
}

static void an_outcome_of_a_newer_program_is_refused(void **state)
{
    (void)state;
    struct snapshot_writer writer;
    struct snapshot_reader reader;
    struct outcome_names names;
    struct failure failure = {0};
    begin(&writer);
    snapshot_put_number(&writer, 1);
    snapshot_put_text(&writer, "teleported");
    open_it(&reader, &writer);
    outcome_names_load(&names, &reader);
    assert_false(snapshot_close(&reader, &failure));
    assert_non_null(strstr(failure.text, "an outcome that this version does not know"));
    snapshot_writer_clear(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_mean_what_they_meant_when_they_were_saved),
        cmocka_unit_test(other_numbers_find_their_outcomes_by_name),
        cmocka_unit_test(an_outcome_of_a_newer_program_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
