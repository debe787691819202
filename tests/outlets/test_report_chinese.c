/* Reports in Chinese: every column of every report has a heading, ids become names. */
#include "ledger_fixture.h"
#include "report.h"
#include "report_chinese.h"
#include "report_kind.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_column_of_every_report_has_a_chinese_heading(void **state)
{
    char names[1024], *rest = NULL;
    int missing = 0;
    (void)state;
    assert_true(strlen(report_names()) < sizeof names);
    snprintf(names, sizeof names, "%s", report_names());
    for (char *name = strtok_r(names, ", ", &rest); name != NULL;
         name = strtok_r(NULL, ", ", &rest)) {
        const struct report_kind *kind = report_kind_find(name);
        assert_non_null(kind);
        for (int i = 0; i < kind->column_count; i++) {
            const char *column = kind->columns[i].name;
            if (strcmp(report_chinese_heading(column), column) == 0) {
                print_error("report %s: column %s\n", name, column);
                missing++;
            }
        }
    }
    assert_int_equal(missing, 0);
}

static void expect_text(struct ledger_fixture *f, const char *name, bool chinese,
                        const char *const *says)
{
    struct failure failure = {0};
    struct report report;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    const struct report_filters filters = {.chinese = chinese};

    if (!report_run(book_reader(f->book), name, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    report_write_text(&report, out);
    fclose(out);
    report_clear(&report);
    for (; *says != NULL; says++) {
        if (strstr(text, *says) == NULL) {
            fail_msg("\"%s\" is not in:\n%s", *says, text);
        }
    }
    free(text);
}

static void ids_and_states_are_shown_by_their_names(void **state)
{
    expect_text(
        *state, "quotas", true,
        (const char *const[]){"定额", "暂定", "锰铁定额", "LF电耗", "甲", "黄", "绿", "是", NULL});
    expect_text(*state, "crews", true,
                (const char *const[]){"班次", "白班", "中班", "乙", "锰铁", "电", NULL});
}

static void without_chinese_ids_stay(void **state)
{
    expect_text(*state, "quotas", false,
                (const char *const[]){"quota", "femn", "amber", "provisional", NULL});
}

/* Programs read CSV: it is the same in both languages. */
static void csv_stays_as_it_is(void **state)
{
    struct ledger_fixture *f = *state;
    char *texts[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        const struct report_filters filters = {.chinese = i == 1};
        struct failure failure = {0};
        struct report report;
        size_t length = 0;
        FILE *out = open_memstream(&texts[i], &length);
        assert_true(report_run(book_reader(f->book), "quotas", &filters, &report, &failure));
        table_write_csv(report.table, out);
        fclose(out);
        report_clear(&report);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_of_every_report_has_a_chinese_heading),
        DEMO_TEST(ids_and_states_are_shown_by_their_names),
        DEMO_TEST(without_chinese_ids_stay),
        DEMO_TEST(csv_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
