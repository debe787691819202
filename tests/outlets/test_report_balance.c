/* The balance of a main meter against its parts, shift by shift. */
#include "handover.h"
#include "ledger_fixture.h"
#include "meter_balance.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define KWH 1000 /* base units */
#define HEADING                                                                                    \
    "day,shift,main,parts,main_amount,parts_amount,difference,percent,within_band,incomplete\n"
#define DAY "2026-03-10,day,E01,E02;E03,"
#define MIDDLE "2026-03-10,middle,E01,E02;E03,"

struct balance_fixture {
    struct ledger_fixture *f;
    struct meter_balance balance; /* main E01 = parts E02 + E03 */
    char part_ids[32];
};

/* The plant has its balance from the second version of its configuration on. */
static void begin(struct balance_fixture *b, int64_t band_e4)
{
    *b = (struct balance_fixture){.f = fixture_open(false)};
    snprintf(b->part_ids, sizeof b->part_ids, "E02;E03");
    b->balance = (struct meter_balance){.id = "shop",
                                        .name = {"全厂", "Shop"},
                                        .item = {F_ELECTRICITY},
                                        .main_id = "E01",
                                        .part_ids = b->part_ids,
                                        .band_e4 = band_e4};
    meter_sum_add(&b->balance.main, (meter_id){F_E01}, 1);
    meter_sum_add(&b->balance.parts, (meter_id){F_E02}, 1);
    meter_sum_add(&b->balance.parts, (meter_id){F_E03}, 1);
    b->f->plant.version = 2;
    b->f->plant.balances = &b->balance;
    b->f->plant.balance_count = 1;
    book_plant(b->f->book, &b->f->plant);
    book_slot(b->f->book, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(16, 0));
    book_open_begin(b->f->book, F_AT(16, 1));
}

static void end(struct balance_fixture *b)
{
    fixture_close(b->f);
    meter_sum_clear(&b->balance.main);
    meter_sum_clear(&b->balance.parts);
}

static void read_between(struct balance_fixture *b, uint32_t meter, int64_t first_us,
                         int64_t last_us)
{
    struct book_meter_state state = {
        .meter = {meter}, .first_ts_us = first_us, .last_ts_us = last_us, .last_alive_us = last_us};
    book_meter_state(b->f->book, &state);
}

static void use(struct balance_fixture *b, uint32_t meter, int64_t amount_base)
{
    fixture_post(b->f, fixture_segment(meter, 0, fixture_slot(F_DAY, F_A), F_AT(8, 0), F_AT(16, 0),
                                       amount_base));
}

/* Everything that has use in the day shift was read from its start to its end. */
static void read_all(struct balance_fixture *b)
{
    read_between(b, F_E01, F_AT(7, 0), F_AT(16, 0));
    read_between(b, F_E02, F_AT(8, 0), F_AT(16, 1));
    read_between(b, F_E03, F_AT(0, 0), F_AT(16, 0));
}

static void expect_at(struct balance_fixture *b, int64_t now_us, struct report_filters filters,
                      const char *expected)
{
    struct report report;
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_true(fixture_commit(b->f, now_us, &failure));
    if (!report_run(book_reader(b->f->book), "balance", &filters, &report, &failure)) {
        fail_msg("%s", failure.text);
    }
    table_write_csv(report.table, out);
    fclose(out);
    report_clear(&report);
    assert_string_equal(text, expected);
    free(text);
}

static void expect(struct balance_fixture *b, const char *expected)
{
    expect_at(b, F_AT(16, 1), (struct report_filters){0}, expected);
}

/* Books of a day shift in which all was read: what E01, E02 and E03 used (0: nothing is booked),
 * and the line of the report behind the names. */
static void check_shift(int64_t band_e4, const int64_t use_base[3], const char *line)
{
    struct balance_fixture b;
    char expected[300];
    begin(&b, band_e4);
    read_all(&b);
    for (uint32_t i = 0; i < 3; i++) {
        static const uint32_t meters[] = {F_E01, F_E02, F_E03};
        if (use_base[i] != 0) {
            use(&b, meters[i], use_base[i]);
        }
    }
    snprintf(expected, sizeof expected, HEADING DAY "%s\n", line);
    expect(&b, expected);
    end(&b);
}

static void what_the_parts_do_not_show_is_the_loss(void **state)
{
    (void)state;
    const int64_t use_base[] = {10000 * KWH, 4000 * KWH, 5700 * KWH};
    const int64_t a_bit_more[] = {10000 * KWH + 1, 4000 * KWH, 0};
    check_shift(30000, use_base, "10000,9700,300,3,true,false"); /* 3.0% is in a band of 3.0% */
    check_shift(29999, use_base, "10000,9700,300,3,false,false");
    check_shift(METER_BALANCE_NO_BAND, a_bit_more, "10000.001,4000,6000.001,60,,false");
}

static void coefficients_count_with_their_sign(void **state)
{
    (void)state;
    struct balance_fixture b;
    begin(&b, 20000);
    meter_sum_add(&b.balance.parts, (meter_id){F_E02}, 1);  /* twice */
    meter_sum_add(&b.balance.parts, (meter_id){F_E03}, -2); /* taken off once */
    b.f->plant.version = 3;
    book_plant(b.f->book, &b.f->plant);
    read_all(&b);
    use(&b, F_E01, 5000 * KWH);
    use(&b, F_E02, 4000 * KWH);
    use(&b, F_E03, 3000 * KWH);
    expect(&b, HEADING DAY "5000,5000,0,0,true,false\n");
    end(&b);
}

static void edge_28_parts_above_the_main_are_reported_with_their_sign(void **state)
{
    (void)state;
    const int64_t use_base[] = {10000 * KWH, 4000 * KWH, 6500 * KWH};
    check_shift(20000, use_base, "10000,10500,-500,-5,false,false");
}

static void edge_27_an_input_that_was_not_read_makes_it_unknown_never_0(void **state)
{
    (void)state;
    struct balance_fixture b;
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 10000 * KWH);
    use(&b, F_E02, 4000 * KWH);
    read_between(&b, F_E03, F_AT(5, 0), F_AT(8, 0)); /* silent since the shift began */
    expect(&b, HEADING DAY "10000,,,,,true\n");
    end(&b);
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E02, 4000 * KWH);
    use(&b, F_E03, 5700 * KWH);
    read_between(&b, F_E01, F_AT(16, 0), F_AT(16, 0)); /* begins when the shift is over */
    expect(&b, HEADING DAY ",9700,,,,true\n");
    end(&b);
    begin(&b, 20000); /* nothing has ever come of any */
    expect(&b, HEADING DAY ",,,,,true\n");
    end(&b);
}

static void an_input_that_was_read_in_part_makes_it_incomplete(void **state)
{
    (void)state;
    static const struct {
        int64_t first_us, last_us;
        const char *incomplete;
    } rows[] = {
        {F_AT(8, 0), F_AT(16, 0), "false\n"},
        {F_AT(8, 0), F_AT(16, 0) - 1, "true\n"},
        {F_AT(8, 0) + 1, F_AT(16, 0), "true\n"},
        {F_AT(9, 0), F_AT(10, 0), "true\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct balance_fixture b;
        char expected[200];
        begin(&b, 20000);
        read_all(&b);
        read_between(&b, F_E02, rows[i].first_us, rows[i].last_us);
        use(&b, F_E01, 10000 * KWH);
        use(&b, F_E02, 9900 * KWH);
        snprintf(expected, sizeof expected, "%s%s", HEADING DAY "10000,9900,100,1,true,",
                 rows[i].incomplete);
        expect(&b, expected);
        end(&b);
    }
}

static void use_over_a_gap_is_estimated_and_makes_it_incomplete(void **state)
{
    (void)state;
    struct balance_fixture b;
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 10000 * KWH);
    struct segment gap =
        fixture_segment(F_E02, 0, fixture_slot(F_DAY, F_A), F_AT(9, 0), F_AT(11, 0), 9900 * KWH);
    gap.quality = QUALITY_ESTIMATED;
    struct effect_id id = fixture_post(b.f, gap);
    expect(&b, HEADING DAY "10000,9900,100,1,true,true\n");
    /* The missing readings come: the estimate is taken back and what was measured stands. */
    fixture_begin(b.f);
    fixture_reverse(b.f, id, gap);
    gap.quality = QUALITY_CORRECTED;
    gap.amount_base = 9750 * KWH;
    fixture_post(b.f, gap);
    expect(&b, HEADING DAY "10000,9750,250,2.5,false,false\n");
    end(&b);
}

static void a_shift_without_use_of_the_main_has_no_percentage(void **state)
{
    (void)state;
    const int64_t of_a_part[] = {0, 5 * KWH, 0};
    const int64_t nothing[] = {0, 0, 0};
    check_shift(20000, of_a_part, "0,5,-5,,false,false");
    check_shift(20000, nothing, "0,0,0,,true,false");
}

static void a_shift_that_runs_is_shown_once_something_is_used_in_it(void **state)
{
    (void)state;
    struct balance_fixture b;
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 100 * KWH);
    use(&b, F_E02, 100 * KWH);
    book_slot(b.f->book, fixture_slot(F_MIDDLE, F_B), F_AT(16, 0), F_AT(24, 0));
    expect(&b, HEADING DAY "100,100,0,0,true,false\n");
    fixture_begin(b.f);
    read_between(&b, F_E02, F_AT(8, 0), F_AT(16, 30));
    book_open_begin(b.f->book, F_AT(16, 30));
    struct segment open =
        fixture_segment(F_E02, 0, fixture_slot(F_MIDDLE, F_B), F_AT(16, 0), F_AT(16, 30), 7 * KWH);
    book_open_segment(b.f->book, &open);
    expect_at(&b, F_AT(16, 30), (struct report_filters){0},
              HEADING DAY "100,100,0,0,true,false\n" MIDDLE ",,,,,true\n");
    end(&b);
}

static void filters_choose_shifts_items_and_meters(void **state)
{
    (void)state;
    static const struct {
        struct report_filters filters;
        bool found;
    } rows[] = {
        {{.day = "2026-03-10", .shift = "day"}, true},
        {{.day = "2026-03-11"}, false},
        {{.shift = "night"}, false},
        {{.item = "electricity"}, true},
        {{.item = "femn"}, false},
        {{.meter = "E03"}, true},
        {{.meter = "M02"}, false},
        {{.from = "2026-03-10T08:00:00+08:00", .to = "2026-03-10T08:00:01+08:00"}, true},
        {{.from = "2026-03-10T08:00:01+08:00"}, false},
        {{.to = "2026-03-10T08:00:00+08:00"}, false},
    };
    struct balance_fixture b;
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 100 * KWH);
    use(&b, F_E02, 100 * KWH);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_at(&b, F_AT(16, 1), rows[i].filters,
                  rows[i].found ? HEADING DAY "100,100,0,0,true,false\n" : HEADING);
        fixture_begin(b.f);
    }
    end(&b);
}

static bool keep_count(void *context, const struct reader_row *row)
{
    snprintf(context, 16, "%s", row->values[0]);
    return false;
}

static void expect_rows(struct balance_fixture *b, const char *sql, const char *wanted)
{
    struct failure failure = {0};
    char count[16] = "";
    if (!reader_query(book_reader(b->f->book), sql, NULL, 0, keep_count, count, &failure)) {
        fail_msg("%s", failure.text);
    }
    assert_string_equal(count, wanted);
}

static void check_meters_count_in_no_view_and_no_other_report(void **state)
{
    (void)state;
    struct balance_fixture b;
    struct report report;
    struct failure failure = {0};
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 10000 * KWH);
    assert_true(fixture_commit(b.f, F_AT(16, 1), &failure));
    expect_rows(&b, "SELECT COUNT(*) FROM heat_use", "0");
    expect_rows(&b, "SELECT COUNT(*) FROM crew_use_clock", "0");
    expect_rows(&b, "SELECT COUNT(*) FROM crew_use_owner", "0");
    expect_rows(&b, "SELECT COUNT(*) FROM posting WHERE meter = 'E01'", "1");
    static const char *const names[] = {"heats", "crews", "quotas"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(report_run(book_reader(b.f->book), names[i], &(struct report_filters){0},
                               &report, &failure));
        assert_int_equal(table_row_count(report.table), 0);
        report_clear(&report);
    }
    end(&b);
}

static void the_handover_shows_what_does_not_balance(void **state)
{
    (void)state;
    struct balance_fixture b;
    struct failure failure = {0};
    begin(&b, 20000);
    read_all(&b);
    use(&b, F_E01, 10000 * KWH);
    use(&b, F_E02, 10500 * KWH);
    assert_true(fixture_commit(b.f, F_AT(16, 1), &failure));
    char *json = handover_json(book_reader(b.f->book), F_DATE, "day", &failure);
    assert_non_null(json);
    assert_non_null(strstr(json, "{\"balance\":\"shop\",\"name_zh\":\"全厂\",\"name_en\":\"Shop\","
                                 "\"item\":\"electricity\",\"unit\":\"kWh\",\"main\":\"E01\","
                                 "\"parts\":\"E02;E03\",\"main_amount\":\"10000\","
                                 "\"parts_amount\":\"10500\",\"difference\":\"-500\","
                                 "\"percent\":\"-5\",\"within_band\":false,"
                                 "\"incomplete\":false}"));
    free(json);
    end(&b);
    begin(&b, 60000); /* within its band it is no news */
    read_all(&b);
    use(&b, F_E01, 10000 * KWH);
    use(&b, F_E02, 10500 * KWH);
    assert_true(fixture_commit(b.f, F_AT(16, 1), &failure));
    json = handover_json(book_reader(b.f->book), F_DATE, "day", &failure);
    assert_non_null(strstr(json, "\"balances\":[]"));
    free(json);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_parts_do_not_show_is_the_loss),
        cmocka_unit_test(coefficients_count_with_their_sign),
        cmocka_unit_test(edge_28_parts_above_the_main_are_reported_with_their_sign),
        cmocka_unit_test(edge_27_an_input_that_was_not_read_makes_it_unknown_never_0),
        cmocka_unit_test(an_input_that_was_read_in_part_makes_it_incomplete),
        cmocka_unit_test(use_over_a_gap_is_estimated_and_makes_it_incomplete),
        cmocka_unit_test(a_shift_without_use_of_the_main_has_no_percentage),
        cmocka_unit_test(a_shift_that_runs_is_shown_once_something_is_used_in_it),
        cmocka_unit_test(filters_choose_shifts_items_and_meters),
        cmocka_unit_test(check_meters_count_in_no_view_and_no_other_report),
        cmocka_unit_test(the_handover_shows_what_does_not_balance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
