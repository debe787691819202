/* What the tests of reports that are worked out share: a book to write by hand, and a report of it
 * as it is read. */
#ifndef HEATLEDGER_TESTS_REPORTED_H
#define HEATLEDGER_TESTS_REPORTED_H

#include "costing_rules.h"
#include "ledger_fixture.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TONNE_G INT64_C(1000000)
#define UNIT INT64_C(1000) /* base units of both items */

static inline int set_up(void **state)
{
    *state = fixture_open(false);
    return 0;
}

static inline int tear_down(void **state)
{
    fixture_close(*state);
    return 0;
}

static inline void commit(struct ledger_fixture *f)
{
    struct failure failure = {0};
    if (!fixture_commit(f, F_AT(8, 0) + 100 * TIMESTAMP_DAY_US, &failure)) {
        fail_msg("%s", failure.text);
    }
}

/* The report as CSV; the caller's. */
static inline char *csv_of(struct ledger_fixture *f, const char *name,
                           const struct costing_rules *costing, struct report_filters filters)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!report_run_for(book_reader(f->book), name, &plant, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    table_write_csv(report.table, out);
    fclose(out);
    report_clear(&report);
    return text;
}

static inline void expect_csv(struct ledger_fixture *f, const char *name,
                              const struct costing_rules *costing, struct report_filters filters,
                              const char *expected)
{
    char *text = csv_of(f, name, costing, filters);
    assert_string_equal(text, expected);
    free(text);
}

/* The text for people holds these words. */
static inline void expect_words(struct ledger_fixture *f, const char *name,
                                const struct costing_rules *costing, struct report_filters filters,
                                const char *words)
{
    const struct report_plant plant = {.rules = costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_true(report_run_for(book_reader(f->book), name, &plant, &filters, &report, &failure));
    report_write_text(&report, out);
    fclose(out);
    report_clear(&report);
    if (strstr(text, words) == NULL) {
        fail_msg("no \"%s\" in: %s", words, text);
    }
    free(text);
}

static inline struct crew_slot slot_of(int32_t day, uint16_t shift, uint16_t crew)
{
    return (struct crew_slot){.day = day, .shift = {shift}, .crew = {crew}};
}

static inline void put_slot(struct ledger_fixture *f, struct crew_slot slot)
{
    int64_t start_us = F_AT(8, 0) + (slot.day - F_DATE) * TIMESTAMP_DAY_US +
                       slot.shift.index * 8 * TIMESTAMP_HOUR_US;
    book_slot(f->book, slot, start_us, start_us + 8 * TIMESTAMP_HOUR_US);
}

/* A crew-shift's balance in whole units. */
static inline void put_balance(struct ledger_fixture *f, uint16_t quota, struct crew_slot slot,
                               int64_t target, int64_t limit, int64_t used_base)
{
    struct balance balance =
        fixture_balance(quota, 0, slot, target * UNIT, limit * UNIT, used_base, VERDICT_AMBER);
    book_balance(f->book, &balance);
}

/* A heat of the crew with that steel and use; its number is its id. */
static inline void put_heat(struct ledger_fixture *f, uint32_t no, struct crew_slot owner,
                            const char *grade, int64_t steel_t, uint32_t meter, int64_t used_base)
{
    char id[16];
    snprintf(id, sizeof id, "%u", no);
    struct heat heat = fixture_heat(no, id, F_AT(8, 0) + no);
    heat.steel_g = steel_t < 0 ? -1 : steel_t * TONNE_G;
    heat.owner_at_us = heat.first_start_us;
    heat.owner = owner;
    heat.ended_us = heat.first_start_us + TIMESTAMP_HOUR_US;
    snprintf(heat.grade, sizeof heat.grade, "%s", grade);
    book_heat(f->book, &heat, 1);
    fixture_post(f,
                 fixture_segment(meter, no, owner, heat.first_start_us, heat.ended_us, used_base));
}

#define REPORTED_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
