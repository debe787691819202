/* Signed things do not change; what is another today stands beside them. */
#include "handover.h"
#include "ledger_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The demo, handed over at 16:01. */
static int open_signed(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;

    fixture_demo(f);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    char *json = handover_json(book_reader(f->book), F_DATE, "day", &failure);
    assert_non_null(json);
    fixture_begin(f);
    book_handover(f->book, F_DATE, (shift_id){F_DAY}, F_AT(16, 1), f->position, json);
    free(json);
    assert_true(fixture_commit(f, F_AT(16, 1), &failure));
    *state = f;
    return 0;
}

static int close_signed(void **state)
{
    fixture_close(*state);
    return 0;
}

static char *written(struct ledger_fixture *f, bool json, enum handover_language language)
{
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    struct handover *handover = handover_read_signed(book_reader(f->book), F_DATE, "day", &failure);

    if (handover == NULL) {
        fail_msg("%s", failure.text);
    }
    FILE *out = open_memstream(&text, &length);
    if (json) {
        handover_write_json(handover, out);
    } else {
        handover_write_text(handover, language, out);
    }
    fclose(out);
    handover_free(handover);
    return text;
}

static void expect(char *text, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (strstr(text, *parts) == NULL) {
            fail_msg("\"%s\" is missing in:\n%s", *parts, text);
        }
    }
    free(text);
}

/* 30 kg more came late: over the limit of 1,397.9 kg. */
static void post_late(struct ledger_fixture *f)
{
    struct failure failure;
    struct segment late =
        fixture_segment(F_M02, 2, fixture_slot(F_DAY, F_A), F_AT(15, 31), F_AT(15, 31), 30900);

    fixture_begin(f);
    book_posting(f->book, &(struct posting){.id = {f->position, f->ordinal++},
                                            .segment = late,
                                            .cause = POSTING_LATE_READING,
                                            .reverses = EFFECT_NONE});
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
}

static void what_nothing_changed_says_so(void **state)
{
    const char *const json[] = {"\"since\":[]}", NULL};
    const char *const text[] = {"\nChanged since then: nothing\n", NULL};
    const char *const chinese[] = {"\n此后变更: 无\n", NULL};

    expect(written(*state, true, HANDOVER_ENGLISH), json);
    expect(written(*state, false, HANDOVER_ENGLISH), text);
    expect(written(*state, false, HANDOVER_CHINESE), chinese);
}

static void what_was_signed_stays_and_the_difference_stands_beside_it(void **state)
{
    const char *const json[] = {
        "\"item\":\"femn\",\"name_zh\":\"锰铁\",\"name_en\":\"Mn-Fe\",\"unit\":\"kg\","
        "\"clock\":\"1368\",\"owner\":\"1368\"",
        "\"figure\":\"owner\",\"signed\":\"1368\",\"now\":\"1398.9\",\"difference\":\"30.9\","
        "\"state_signed\":\"amber\",\"state_now\":\"red\",\"why\":\"late_reading\"",
        "\"figure\":\"clock\",\"signed\":\"1368\",\"now\":\"1398.9\"", NULL};
    const char *const text[] = {
        "A     Mn-Fe            1368      1368  kg     6.850275  1357.96  1397.9  amber  C",
        "A     Mn-Fe  owner     1368  1398.9        30.9  kg    amber         red        late",
        NULL};
    const char *const chinese[] = {"归属", "迟到读数", "红", NULL};

    post_late(*state);
    char *whole = written(*state, true, HANDOVER_ENGLISH);
    assert_null(strstr(strstr(whole, "\"since\":"), "\"quota\":\"femn\"")); /* the item says it */
    free(whole);
    expect(written(*state, true, HANDOVER_ENGLISH), json);
    expect(written(*state, false, HANDOVER_ENGLISH), text);
    expect(written(*state, false, HANDOVER_CHINESE), chinese);
}

/* Use that was booked to nobody in that shift before is B's. */
static void edge_19_a_crew_that_had_none_of_it_signed_0(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct segment idle =
        fixture_segment(F_E03, 0, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(16, 0), 7000);
    const char *const json[] = {
        "{\"crew\":\"B\",\"quota\":null,\"item\":\"electricity\",\"name_zh\":\"电\","
        "\"name_en\":\"electricity\",\"unit\":\"kWh\",\"figure\":\"clock\",\"signed\":\"0\","
        "\"now\":\"7\",\"difference\":\"7\"",
        "\"why\":\"roster\"", NULL};

    idle.slot.crew.index = F_B;
    fixture_begin(f);
    book_posting(f->book, &(struct posting){.id = {f->position, f->ordinal++},
                                            .segment = idle,
                                            .cause = POSTING_ROSTER,
                                            .reverses = EFFECT_NONE});
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
}

static void a_corrected_weight_changes_the_steel(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct heat heat = fixture_heat(2, "12602496", F_AT(15, 5));
    const char *const json[] = {
        "\"name_en\":\"steel\",\"unit\":\"kg\",\"figure\":\"steel_kg\",\"signed\":\"199700\","
        "\"now\":\"199600\",\"difference\":\"-100\",\"state_signed\":null,\"state_now\":null,"
        "\"why\":\"heats\"",
        NULL};

    heat.steel_g = 100000000;
    heat.owner_at_us = F_AT(15, 35);
    heat.owner = fixture_slot(F_DAY, F_A);
    fixture_begin(f);
    book_heat(f->book, &heat, 0);
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
}

static void post_closed(struct ledger_fixture *f, uint32_t heat, int64_t amount_base)
{
    fixture_post(f, fixture_segment(F_M02, heat, fixture_slot(F_DAY, F_A), F_AT(15, 31),
                                    F_AT(15, 31), amount_base));
}

/* Nothing was corrected: the first that came of it came when the summary stood already. */
static void what_came_after_the_handover_is_not_said_to_be_in_time(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    const char *const json[] = {"\"now\":\"1373\",\"difference\":\"5\","
                                "\"state_signed\":\"amber\",\"state_now\":\"amber\","
                                "\"why\":\"after_handover\"",
                                NULL};
    const char *const text[] = {"came after the handover", NULL};

    fixture_begin(f);
    post_closed(f, 2, 5000);
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
    expect(written(f, false, HANDOVER_ENGLISH), text);
}

/* 5 kg without a heat are the crew's, and no quota per tonne counts them. */
static void a_quota_that_counts_another_amount_than_the_item_is_told_by_itself(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    const char *const json[] = {
        "\"quota\":null,\"item\":\"femn\",\"name_zh\":\"锰铁\",\"name_en\":\"Mn-Fe\","
        "\"unit\":\"kg\",\"figure\":\"owner\",\"signed\":\"1368\",\"now\":\"1403.9\","
        "\"difference\":\"35.9\",\"state_signed\":null,\"state_now\":null",
        "\"quota\":\"femn\",\"item\":\"femn\",\"name_zh\":\"锰铁定额\",\"name_en\":\"Mn-Fe\","
        "\"unit\":\"kg\",\"figure\":\"used\",\"signed\":\"1368\",\"now\":\"1398.9\","
        "\"difference\":\"30.9\",\"state_signed\":\"amber\",\"state_now\":\"red\"",
        NULL};

    fixture_begin(f);
    post_closed(f, 2, 30900);
    post_closed(f, 0, 5000);
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
}

static void edge_19_a_crew_that_was_not_there_was_allowed_nothing(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    const char *const json[] = {
        "\"crew\":\"B\",\"quota\":\"lf\",\"item\":\"electricity\",\"name_zh\":\"LF电耗\","
        "\"name_en\":\"LF electricity\",\"unit\":\"kWh\",\"figure\":\"target\",\"signed\":\"0\","
        "\"now\":\"100\",\"difference\":\"100\",\"state_signed\":null,\"state_now\":null,"
        "\"why\":\"roster\"",
        NULL};
    struct balance balance =
        fixture_balance(F_QUOTA_LF, 0, fixture_slot(F_DAY, F_B), 100000, 100000, 0, VERDICT_GREEN);

    fixture_begin(f);
    book_slot(f->book, fixture_slot(F_DAY, F_B), F_AT(12, 0), F_AT(16, 0));
    book_balance(f->book, &balance);
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
}

/* A weighing that came late, and a heat that was owned by another crew until then. */
static void other_heats_are_named_beside_what_was_booked(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct heat heat = fixture_heat(2, "12602496", F_AT(15, 5));
    const char *const json[] = {"\"figure\":\"owner\",\"signed\":\"1368\",\"now\":\"687\","
                                "\"difference\":\"-681\",\"state_signed\":\"amber\","
                                "\"state_now\":\"green\",\"why\":\"after_handover;heats\"",
                                NULL};

    fixture_begin(f);
    book_heat(f->book, &heat, 0);
    post_closed(f, 1, 5000);
    assert_true(fixture_commit(f, F_AT(17, 20), &failure));
    expect(written(f, true, HANDOVER_ENGLISH), json);
}

static void before_it_is_made_there_is_nothing_signed(void **state)
{
    struct failure failure = {0};
    struct handover *handover = handover_read_signed(
        book_reader(((struct ledger_fixture *)*state)->book), F_DATE, "middle", &failure);
    char *text = NULL;
    size_t length = 0;

    assert_non_null(handover);
    FILE *out = open_memstream(&text, &length);
    handover_write_json(handover, out);
    fclose(out);
    assert_null(strstr(text, "\"since\":["));
    free(text);
    handover_free(handover);
}

#define SIGNED_TEST(name) cmocka_unit_test_setup_teardown(name, open_signed, close_signed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNED_TEST(what_nothing_changed_says_so),
        SIGNED_TEST(what_was_signed_stays_and_the_difference_stands_beside_it),
        SIGNED_TEST(edge_19_a_crew_that_had_none_of_it_signed_0),
        SIGNED_TEST(a_corrected_weight_changes_the_steel),
        SIGNED_TEST(what_came_after_the_handover_is_not_said_to_be_in_time),
        SIGNED_TEST(a_quota_that_counts_another_amount_than_the_item_is_told_by_itself),
        SIGNED_TEST(edge_19_a_crew_that_was_not_there_was_allowed_nothing),
        SIGNED_TEST(other_heats_are_named_beside_what_was_booked),
        SIGNED_TEST(before_it_is_made_there_is_nothing_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
