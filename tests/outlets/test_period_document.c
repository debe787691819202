/* The document of a period: what was signed does not change; what is another today stands beside it
 * with its cause. */
#include "costing_rules.h"
#include "ledger_fixture.h"
#include "period_document.h"
#include "period_parts.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIGNED_AT_US (F_AT(8, 0) + 25 * TIMESTAMP_HOUR_US)
#define LATER_US (SIGNED_AT_US + TIMESTAMP_HOUR_US)

static uint16_t item_class[] = {CATALOG_NONE, CATALOG_NONE};

static struct costing_rules rules(void)
{
    struct costing_rules rules = {.item_class = item_class,
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

static struct period ten_days(void)
{
    return period_of(PERIOD_TEN_DAYS, F_DATE);
}

/* Closes the ten days with F_DATE in the batch that is open. */
static void sign(struct ledger_fixture *f, const struct costing_rules *costing)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    char *json =
        period_document_json(book_reader(f->book), &plant, ten_days(), SIGNED_AT_US, &failure);
    if (json == NULL) {
        fail_msg("%s", failure.text);
    }
    fixture_begin(f);
    book_period_document(f->book, ten_days(), SIGNED_AT_US, f->position, json);
    free(json);
    assert_true(fixture_commit(f, SIGNED_AT_US, &failure));
}

enum form { JSON, TEXT, HTML };

static char *written_of(struct ledger_fixture *f, const struct costing_rules *costing,
                        struct period period, enum form form, enum handover_language language)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    struct period_document *document =
        period_document_read(book_reader(f->book), &plant, period, &failure);
    if (document == NULL) {
        fail_msg("%s", failure.text);
    }
    FILE *out = open_memstream(&text, &length);
    if (form == JSON) {
        period_document_write_json(document, out);
    } else if (form == TEXT) {
        period_document_write_text(document, language, out);
    } else {
        period_document_write_html(document, language, out);
    }
    fclose(out);
    period_document_free(document);
    return text;
}

static char *written(struct ledger_fixture *f, enum form form, enum handover_language language)
{
    struct costing_rules costing = rules();
    return written_of(f, &costing, ten_days(), form, language);
}

static void expect(char *text, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (strstr(text, *parts) == NULL) {
            fputs(text, stderr);
            fail_msg("\"%s\" is missing", *parts);
        }
    }
    free(text);
}

static void a_period_that_is_not_closed_is_shown_as_it_is(void **state)
{
    const char *const parts[] = {
        "{\"id\":\"period/2026-03-X1\",\"period\":\"2026-03-X1\",\"kind\":\"ten_days\","
        "\"shop\":\"BOF1\",\"shop_name\":{\"zh\":\"一炼钢\",\"en\":\"Shop 1\"},"
        "\"from\":\"2026-03-01\",\"to\":\"2026-03-10\",\"as_of\":\"2026-03-10T16:00:30+08:00\","
        "\"provisional\":true,\"heats\":2,\"steel_kg\":\"199700\",",
        "{\"crew\":\"A\",\"crew_shifts\":1,\"heats\":2,\"heats_weighed\":2,"
        "\"steel_kg\":\"199700\"}",
        "{\"crew\":\"A\",\"quota\":\"femn\",\"view\":\"owner\",\"item\":\"femn\",\"unit\":\"kg\","
        "\"used\":\"1368\",\"target\":\"1357.96\",\"limit\":\"1397.9\",\"balance\":\"29.9\","
        "\"state\":\"amber\",\"provisional\":true}",
        "{\"crew\":\"A\",\"item\":\"electricity\",\"unit\":\"kWh\",\"amount\":\"5760.001\","
        "\"quality\":\"E\",\"estimated_pct\":\"17.36\"}",
        "\"line\":\"\",\"unit\":\"\",\"used\":null,\"target\":null,\"limit\":null,"
        "\"weight\":\"100\",\"points\":\"84.917\",\"pool\":\"400\",\"returned\":\"339.67\","
        "\"forfeited\":\"60.33\"",
        NULL};
    char *text = written(*state, JSON, HANDOVER_ENGLISH);
    assert_null(strstr(text, "\"since\""));
    expect(text, parts);
}

static void a_month_that_settles_by_the_month_is_not_settled_in_its_ten_days(void **state)
{
    struct costing_rules costing = rules();
    const char *const ten[] = {"\"settlement\":[]", NULL};
    const char *const month[] = {"{\"period\":\"2026-03\",\"crew\":\"A\",\"line\":\"femn\"", NULL};
    costing.settlement.period = PERIOD_MONTH;
    expect(written_of(*state, &costing, ten_days(), JSON, HANDOVER_ENGLISH), ten);
    expect(written_of(*state, &costing, period_of(PERIOD_MONTH, F_DATE), JSON, HANDOVER_ENGLISH),
           month);
}

static void what_nothing_changed_says_so(void **state)
{
    struct costing_rules costing = rules();
    const char *const json[] = {"\"since\":[]}", "\"as_of\":\"2026-03-11T09:00:00+08:00\"", NULL};
    const char *const text[] = {"\nChanged since it was closed: nothing\n", NULL};
    const char *const chinese[] = {"\n结账后变更: 无\n", "甲", "锰铁定额", NULL};
    sign(*state, &costing);
    expect(written(*state, JSON, HANDOVER_ENGLISH), json);
    expect(written(*state, TEXT, HANDOVER_ENGLISH), text);
    expect(written(*state, TEXT, HANDOVER_CHINESE), chinese);
}

/* 30.9 kg came late: over the limit of 1,397.9 kg, so nothing of that line is returned. */
static void post_late(struct ledger_fixture *f)
{
    struct failure failure;
    struct segment late =
        fixture_segment(F_M02, 2, fixture_slot(F_DAY, F_A), F_AT(15, 31), F_AT(15, 31), 30900);
    struct balance femn = fixture_balance(F_QUOTA_FEMN, 0, fixture_slot(F_DAY, F_A), 1357960,
                                          1397900, 1398900, VERDICT_RED);
    fixture_begin(f);
    book_posting(f->book, &(struct posting){.id = {f->position, f->ordinal++},
                                            .segment = late,
                                            .cause = POSTING_LATE_READING,
                                            .reverses = EFFECT_NONE});
    book_balance(f->book, &femn);
    assert_true(fixture_commit(f, LATER_US, &failure));
}

static void what_was_signed_stays_and_the_difference_stands_beside_it(void **state)
{
    struct costing_rules costing = rules();
    sign(*state, &costing);
    char *before = written(*state, JSON, HANDOVER_ENGLISH);
    post_late(*state);
    char *after = written(*state, JSON, HANDOVER_ENGLISH);
    size_t made = (size_t)(strstr(before, ",\n\"since\":") - before);
    assert_int_equal(strncmp(before, after, made), 0);
    const char *const json[] = {
        "{\"part\":\"quotas\",\"crew\":\"A\",\"quota\":\"femn\",\"line\":null,\"item\":\"femn\","
        "\"unit\":\"kg\",\"figure\":\"used\",\"signed\":\"1368\",\"now\":\"1398.9\","
        "\"difference\":\"30.9\",\"why\":\"late_reading\"}",
        "\"figure\":\"state\",\"signed\":\"amber\",\"now\":\"red\",\"difference\":null,"
        "\"why\":\"late_reading\"}",
        "\"figure\":\"amount\",\"signed\":\"1368\",\"now\":\"1398.9\"",
        "\"line\":\"femn\",\"item\":null,\"unit\":\"kg\",\"figure\":\"returned\","
        "\"signed\":\"179.67\",\"now\":\"0\",\"difference\":\"-179.67\",\"why\":\"late_reading\"}",
        "\"line\":\"\",\"item\":null,\"unit\":\"\",\"figure\":\"points\",\"signed\":\"84.917\","
        "\"now\":\"40\",\"difference\":\"-44.917\"",
        NULL};
    const char *const chinese[] = {"迟到读数", "返还", "结账后变更\n", NULL};
    assert_null(strstr(after, "\"quota\":\"lf\",\"line\":null,\"item\":\"electricity\",\"unit\":"
                              "\"kWh\",\"figure\"")); /* nothing of it is another */
    expect(after, json);
    expect(written(*state, TEXT, HANDOVER_CHINESE), chinese);
    free(before);
}

static void a_late_weight_is_told_as_the_cause_of_steel_and_limits(void **state)
{
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    struct failure failure;
    struct heat heat = fixture_heat(2, "12602496", F_AT(15, 5));
    const char *const json[] = {
        "\"figure\":\"steel_kg\",\"signed\":\"199700\",\"now\":\"199600\",\"difference\":\"-100\","
        "\"why\":\"heats\"}",
        "\"quota\":\"femn\",\"line\":null,\"item\":\"femn\",\"unit\":\"kg\",\"figure\":\"limit\","
        "\"signed\":\"1397.9\",\"now\":\"1397.2\",\"difference\":\"-0.7\",\"why\":\"heats\"}",
        NULL};
    sign(f, &costing);
    heat.steel_g = 100000000;
    heat.owner_at_us = F_AT(15, 35);
    heat.owner = fixture_slot(F_DAY, F_A);
    struct balance femn = fixture_balance(F_QUOTA_FEMN, 0, fixture_slot(F_DAY, F_A), 1357280,
                                          1397200, 1368000, VERDICT_AMBER);
    fixture_begin(f);
    book_heat(f->book, &heat, f->position);
    book_balance(f->book, &femn);
    assert_true(fixture_commit(f, LATER_US, &failure));
    expect(written(f, JSON, HANDOVER_ENGLISH), json);
}

static void a_page_holds_names_as_text(void **state)
{
    struct ledger_fixture *f = *state;
    const char *const parts[] = {"<html lang=\"zh\">",        "<h1>期间结算书", "<td>锰铁定额</td>",
                                 "<td class=\"n\">1368</td>", "</html>",        NULL};
    expect(written(f, HTML, HANDOVER_CHINESE), parts);
}

static void a_period_of_which_nothing_is_known_is_refused(void **state)
{
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    const struct report_plant plant = {.rules = &costing, .catalog = &f->catalog};
    struct failure failure = {0};
    assert_null(period_document_read(book_reader(f->book), &plant,
                                     period_of(PERIOD_MONTH, F_DATE + 60), &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "nothing of 2026-05"));
}

static void the_report_has_a_row_a_figure(void **state)
{
    struct ledger_fixture *f = *state;
    struct costing_rules costing = rules();
    const struct report_plant plant = {.rules = &costing, .catalog = &f->catalog};
    const struct report_filters filters = {.crew = "A"};
    struct failure failure = {0};
    struct report report;
    char *text = NULL;
    size_t length = 0;
    const char *const parts[] = {
        "period,part,crew,quota,line,item,unit,figure,signed,now,difference,why\n"
        "2026-03-X1,crews,A,,,,,heats,2,2,0,\n",
        "2026-03-X1,quotas,A,femn,,femn,kg,used,1368,1398.9,30.9,late_reading\n", NULL};
    sign(f, &costing);
    post_late(f);
    if (!report_run_for(book_reader(f->book), "period", &plant, &filters, &report, &failure)) {
        fail_msg("%s", failure.text);
    }
    FILE *out = open_memstream(&text, &length);
    table_write_csv(report.table, out);
    fclose(out);
    report_clear(&report);
    expect(text, parts);
}

static bool is_column(const struct period_part *part, const char *name)
{
    int count = 0;
    const struct table_column *columns = period_part_columns(part, &count);
    for (int i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void what_is_compared_is_there(void **state)
{
    (void)state;
    for (int i = 0; i < period_part_count; i++) {
        const struct period_part *part = &period_parts[i];
        for (int k = 0; k < PERIOD_KEYS_MAX && part->keys[k] != NULL; k++) {
            assert_true(is_column(part, part->keys[k]));
        }
        for (int k = 0; k < PERIOD_FIGURES_MAX && part->figures[k] != NULL; k++) {
            assert_true(is_column(part, part->figures[k]));
        }
    }
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(a_period_that_is_not_closed_is_shown_as_it_is),
        DEMO_TEST(a_month_that_settles_by_the_month_is_not_settled_in_its_ten_days),
        DEMO_TEST(what_nothing_changed_says_so),
        DEMO_TEST(what_was_signed_stays_and_the_difference_stands_beside_it),
        DEMO_TEST(a_late_weight_is_told_as_the_cause_of_steel_and_limits),
        DEMO_TEST(a_page_holds_names_as_text),
        DEMO_TEST(a_period_of_which_nothing_is_known_is_refused),
        DEMO_TEST(the_report_has_a_row_a_figure),
        cmocka_unit_test(what_is_compared_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
