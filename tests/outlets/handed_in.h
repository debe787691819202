/* What the tests of reports of papers share: a book into which papers are handed in, and columns of
 * a report as they are read. */
#ifndef HEATLEDGER_TESTS_HANDED_IN_H
#define HEATLEDGER_TESTS_HANDED_IN_H

#include "costing_rules.h"
#include "ledger_fixture.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define E9(units) ((units)*INT64_C(1000000000))
#define YUAN(yuan) E9(yuan)

static struct price prices[] = {{{F_ELECTRICITY}, INT32_MIN, 500000, COSTING_UNKNOWN}};
static uint16_t item_class[] = {CATALOG_NONE, CATALOG_NONE};

static inline struct costing_rules rules(void)
{
    return (struct costing_rules){.prices = prices, .price_count = 1, .item_class = item_class};
}

static inline struct paper paper(enum paper_kind kind, const char *id, const char *of,
                                 int64_t ts_us)
{
    struct paper paper = paper_empty(kind);
    paper.by = "keeper";
    paper.id = id;
    paper.of = of;
    paper.ts_us = ts_us;
    paper.text = "{}";
    return paper;
}

static inline void hand_in(struct ledger_fixture *f, const struct paper *handed_in)
{
    enum paper_state state = handed_in->kind == PAPER_SLIP         ? PAPER_OPEN
                             : handed_in->kind == PAPER_CLOSE_SLIP ? PAPER_CLOSED
                                                                   : PAPER_NOTED;
    const struct book_paper taken = {.id = {f->position, f->ordinal++},
                                     .paper_id = handed_in->id,
                                     .paper = handed_in,
                                     .quota = {CATALOG_NONE},
                                     .state = state,
                                     .taken_at_us = handed_in->ts_us};
    book_paper(f->book, &taken);
}

static inline void expect_by(struct ledger_fixture *f, const struct costing_rules *costing,
                             const char *name, struct report_filters filters,
                             const char *const *columns, const char *expected)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;
    char text[4096];
    size_t length = 0;

    if (!report_run_for(book_reader(f->book), name, &plant, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    text[0] = '\0';
    for (size_t row = 0; row < table_row_count(report.table); row++) {
        for (size_t i = 0; columns[i] != NULL; i++) {
            const char *cell = table_cell(report.table, row, table_find(report.table, columns[i]));
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       i > 0 ? "," : "", cell == NULL ? "" : cell);
        }
        length += (size_t)snprintf(text + length, sizeof text - length, "\n");
    }
    report_clear(&report);
    assert_string_equal(text, expected);
}

static inline void expect_csv(struct ledger_fixture *f, const char *name,
                              struct report_filters filters, const char *const *columns,
                              const char *expected)
{
    struct costing_rules costing = rules();
    expect_by(f, &costing, name, filters, columns, expected);
}

static inline int set_up(void **state)
{
    *state = fixture_open(false);
    return 0;
}

#define PAPER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

#endif
