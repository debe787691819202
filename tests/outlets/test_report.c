#include "ledger_fixture.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The report as CSV; fails the test where it fails. To be freed. */
static char *csv_of(struct ledger_fixture *f, const char *name, struct report_filters filters)
{
    struct report report;
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (!report_run(book_reader(f->book), name, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    table_write_csv(report.table, out);
    fclose(out);
    report_clear(&report);
    return text;
}

static void expect_csv(struct ledger_fixture *f, const char *name, struct report_filters filters,
                       const char *expected)
{
    char *text = csv_of(f, name, filters);

    assert_string_equal(text, expected);
    free(text);
}

static void heats_show_each_item_with_owner_and_quota(void **state)
{
    expect_csv(*state, "heats", (struct report_filters){0},
               "heat,item,unit,amount,quality,estimated_pct,owner_crew,owner_day,owner_shift,grade,"
               "steel_kg,per_tonne,target,limit,state\n"
               ",electricity,kWh,1000.001,E,100,,,,,,,,,\n"
               "12602485,electricity,kWh,4100,M,0,A,2026-03-10,day,Q235,99600,41.164659,,,\n"
               "12602485,femn,kg,682,C,0,A,2026-03-10,day,Q235,99600,6.84739,677.28,697.2,amber\n"
               "12602496,electricity,kWh,660,M,0,A,2026-03-10,day,,100100,6.593407,,,\n"
               "12602496,femn,kg,686,M,0,A,2026-03-10,day,,100100,6.853147,,,\n");
}

static void heats_at_a_station_show_the_quota_of_that_station(void **state)
{
    expect_csv(
        *state, "heats", (struct report_filters){.station = "LF", .heat = "12602496"},
        "heat,item,unit,amount,quality,estimated_pct,owner_crew,owner_day,owner_shift,grade,"
        "steel_kg,per_tonne,target,limit,state\n"
        "12602496,electricity,kWh,660,M,0,A,2026-03-10,day,,100100,6.593407,3603.6,3603.6,green\n");
}

#define CREWS_HEADING                                                                              \
    "day,shift,crew,item,unit,amount,quality,estimated_pct,steel_kg,per_tonne,target,limit,state," \
    "provisional\n"

static void crews_on_duty_answer_for_what_was_used_in_their_shift(void **state)
{
    expect_csv(*state, "crews", (struct report_filters){0},
               CREWS_HEADING
               "2026-03-10,day,A,electricity,kWh,5700.001,E,17.54,199700,28.542819,,,,true\n"
               "2026-03-10,day,A,femn,kg,1368,C,0,199700,6.850275,,,,true\n"
               "2026-03-10,middle,B,electricity,kWh,60,M,0,0,,,,,true\n");
}

static void owners_answer_for_their_heats_and_for_idle_use_on_duty(void **state)
{
    expect_csv(*state, "crews", (struct report_filters){.view = "owner"},
               CREWS_HEADING
               "2026-03-10,day,A,electricity,kWh,5760.001,E,17.36,199700,28.84327,,,,true\n"
               "2026-03-10,day,A,femn,kg,1368,C,0,199700,6.850275,1357.96,1397.9,amber,true\n");
    expect_csv(
        *state, "crews", (struct report_filters){.view = "owner", .station = "LF"},
        CREWS_HEADING
        "2026-03-10,day,A,electricity,kWh,4760,M,0,199700,23.835754,7189.2,7189.2,green,true\n");
    /* narrowed to one heat, no quota counts the row */
    expect_csv(*state, "crews",
               (struct report_filters){.view = "owner", .station = "LF", .heat = "12602496"},
               CREWS_HEADING "2026-03-10,day,A,electricity,kWh,660,M,0,199700,3.304957,,,,true\n");
}

static void use_of_a_heat_without_an_owner_has_no_crew_yet(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct heat heat = fixture_heat(3, "new", F_AT(15, 50));

    fixture_begin(f);
    book_heat(f->book, &heat, 0);
    fixture_post(
        f, fixture_segment(F_M02, 3, fixture_slot(F_DAY, F_A), F_AT(15, 51), F_AT(15, 51), 5000));
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect_csv(f, "crews", (struct report_filters){.view = "owner", .heat = "new"},
               CREWS_HEADING ",,,femn,kg,5,M,0,,,,,,true\n");
    expect_csv(f, "crews", (struct report_filters){.heat = "new"},
               CREWS_HEADING "2026-03-10,day,A,femn,kg,5,M,0,199700,0.025038,,,,true\n");
}

static void quotas_show_every_balance(void **state)
{
    expect_csv(*state, "quotas", (struct report_filters){0},
               "quota,scope,period,crew,heat,item,unit,view,allowed_target,allowed_limit,used,"
               "balance,forecast,state,provisional\n"
               "femn,crew,2026-03-10 day A,A,,femn,kg,owner,1357.96,1397.9,1368,29.9,,amber,true\n"
               "femn,heat,12602485,A,12602485,femn,kg,owner,677.28,697.2,682,15.2,,amber,false\n"
               "lf,crew,2026-03-10 day A,A,,electricity,kWh,owner,7189.2,7189.2,4760,2429.2,,green,"
               "true\n"
               "lf,heat,12602496,A,12602496,electricity,kWh,owner,3603.6,3603.6,660,2943.6,,green,"
               "true\n");
}

#define ALERTS_HEADING                                                                             \
    "id,quota,level,state,raised_at,cleared_at,closed_at,acked_by,scope,period,heat,crew,used,"    \
    "allowed,responsible,retro\n"
#define ALERT_OF_CREW                                                                              \
    "femn/crew/2026-03-10 day A/target,femn,target,raised,2026-03-10T15:35:00+08:00,,,,crew,"      \
    "2026-03-10 day A,,A,1368,1357.96,alloyer;foreman,false\n"

static void alerts_show_their_life(void **state)
{
    expect_csv(*state, "alerts", (struct report_filters){0},
               ALERTS_HEADING ALERT_OF_CREW
               "femn/heat/12602485/target,femn,target,closed,2026-03-10T08:15:00+08:00,,"
               "2026-03-10T09:55:00+08:00,,heat,12602485,12602485,A,682,677.28,alloyer;foreman,"
               "false\n");
    expect_csv(*state, "alerts", (struct report_filters){.open = true},
               ALERTS_HEADING ALERT_OF_CREW);
}

static void an_alert_that_rose_again_is_not_cleared(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    const enum alert_state states[] = {ALERT_CLEARED, ALERT_RAISED};

    fixture_begin(f);
    for (int i = 0; i < 2; i++) {
        struct alert_transition step = {.quota = {F_QUOTA_FEMN},
                                        .scope = BALANCE_CREW,
                                        .slot = fixture_slot(F_DAY, F_A),
                                        .slot_known = true,
                                        .level = ALERT_TARGET,
                                        .state = states[i],
                                        .at_us = F_AT(15, 40 + i),
                                        .used_base = 1,
                                        .allowed_base = 2,
                                        .retro = true};
        book_alert(f->book, (struct effect_id){f->position, f->ordinal++}, &step);
    }
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect_csv(f, "alerts", (struct report_filters){.open = true},
               ALERTS_HEADING
               "femn/crew/2026-03-10 day A/target,femn,target,raised,2026-03-10T15:41:00+08:00,,,,"
               "crew,2026-03-10 day A,,A,0.001,0.002,alloyer;foreman,true\n");
}

static void meters_show_what_came_and_who_is_silent(void **state)
{
    expect_csv(*state, "meters", (struct report_filters){0},
               "meter,item,station,kind,role,last_ts,last_value,readings,duplicates,conflicts,"
               "late,glitches,spikes,resets,gaps,held,refused,stale,booked\n"
               "E01,electricity,BOF,register,check,,,0,0,0,0,0,0,0,0,0,0,true,0\n"
               "E02,electricity,LF,register,book,2026-03-10T16:00:30+08:00,123456.789,12,1,0,0,0,0,"
               "0,0,0,0,false,4760\n"
               "E03,electricity,BOF,register,book,2026-03-10T15:30:00+08:00,5,12,1,0,0,0,0,0,0,0,"
               "0,true,1000.001\n"
               "M02,femn,BOF,event,book,2026-03-10T15:30:00+08:00,686,12,1,0,0,0,0,0,0,0,0,true,"
               "1368\n");
}

/* 5 kg without a heat stand in the row, and a quota per tonne does not count them: its verdict is
 * about another amount. */
static void a_verdict_stands_beside_the_amount_that_was_judged_alone(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;

    expect_csv(f, "crews",
               (struct report_filters){.item = "femn", .day = "2026-03-10", .view = "owner"},
               CREWS_HEADING
               "2026-03-10,day,A,femn,kg,1368,C,0,199700,6.850275,1357.96,1397.9,amber,true\n");
    fixture_begin(f);
    fixture_post(
        f, fixture_segment(F_M02, 0, fixture_slot(F_DAY, F_A), F_AT(15, 31), F_AT(15, 31), 5000));
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect_csv(f, "crews",
               (struct report_filters){.item = "femn", .day = "2026-03-10", .view = "owner"},
               CREWS_HEADING "2026-03-10,day,A,femn,kg,1373,C,0,199700,6.875313,,,,true\n");
}

static void edge_19_a_crew_that_was_not_there_after_all_has_no_quota(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct report report;
    struct balance balance =
        fixture_balance(F_QUOTA_LF, 0, fixture_slot(F_DAY, F_B), 100000, 100000, 0, VERDICT_GREEN);

    fixture_begin(f);
    book_balance(f->book, &balance);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    assert_true(
        report_run(book_reader(f->book), "quotas",
                   &(struct report_filters){.day = "2026-03-10", .shift = "day", .crew = "B"},
                   &report, &failure));
    assert_int_equal(table_row_count(report.table), 0);
    report_clear(&report);
}

static void a_crew_with_a_heat_of_unknown_weight_has_no_use_per_tonne(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct heat heat = fixture_heat(2, "12602496", F_AT(15, 5));

    heat.owner_at_us = F_AT(15, 35);
    heat.owner = fixture_slot(F_DAY, F_A);
    fixture_begin(f);
    book_heat(f->book, &heat, 0);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect_csv(
        f, "crews", (struct report_filters){.item = "femn", .day = "2026-03-10", .view = "owner"},
        CREWS_HEADING "2026-03-10,day,A,femn,kg,1368,C,0,99600,,1357.96,1397.9,amber,true\n");
}

static void a_held_reading_among_the_rejects_says_what_became_of_it(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct book_held held = {.meter = {F_E02},
                             .ts_us = F_AT(12, 0),
                             .value_raw = 5,
                             .kind = "spike",
                             .reason = "",
                             .last_ts_us = F_AT(11, 0)};
    struct book_reject reject = {.at_us = F_AT(12, 0),
                                 .topic = "t",
                                 .topic_length = 1,
                                 .outcome = OUTCOME_SPIKE,
                                 .of_reading = true,
                                 .meter = {F_E02},
                                 .ts_us = F_AT(12, 0),
                                 .value_raw = 5};

    fixture_begin(f);
    reject.id = (struct effect_id){f->position, f->ordinal++};
    book_reject(f->book, &reject);
    reject.id = (struct effect_id){f->position, f->ordinal++};
    reject.ts_us = F_AT(11, 30);
    book_reject(f->book, &reject);
    book_open_begin(f->book, F_DEMO_NOW_US);
    book_held(f->book, &held);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect_csv(f, "rejects", (struct report_filters){.from = "2026-03-10T11:00:00"},
               "position,at,topic,outcome,detail,payload,state,nth\n"
               "20,2026-03-10T12:00:00+08:00,t,spike,,,held,1\n"
               "20,2026-03-10T12:00:00+08:00,t,spike,,,settled,2\n");
}

static void rejects_show_the_message_in_printable_form(void **state)
{
    expect_csv(*state, "rejects", (struct report_filters){0},
               "position,at,topic,outcome,detail,payload,state,nth\n"
               "10,2026-03-10T10:00:00+08:00,plant/BOF1/LF/electricity/E99,unknown_meter,"
               "\"meter \"\"E99\"\" is not in plant.json\",\"{\"\"v\"\":1,\\x01\\xff}\",,1\n");
}

static void times_choose_whole_heats_and_whole_shifts(void **state)
{
    /* the first heat is owned at 08:15; idle use belongs to the shift that starts at 08:00 */
    struct {
        const char *name, *from, *to;
        int rows;
    } cases[] = {
        {"heats", "2026-03-10T08:15:00+08:00", NULL, 4},
        {"heats", "2026-03-10T08:15:01+08:00", NULL, 2},
        {"heats", NULL, "2026-03-10T00:15:00Z", 1},
        {"heats", NULL, "2026-03-10T15:35:01", 5},
        {"crews", "2026-03-10T16:00:00", NULL, 1},
        {"crews", "2026-03-10T16:00:01", NULL, 0},
        {"crews", "2026-03-10", "2026-03-10T16:00:00", 2},
        {"quotas", "2026-03-10T15:35:00", NULL, 1},
        {"alerts", "2026-03-10T15:35:00", NULL, 1},
        {"rejects", NULL, "2026-03-10T10:00:00", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = csv_of(*state, cases[i].name,
                            (struct report_filters){.from = cases[i].from, .to = cases[i].to});
        int lines = -1;
        for (const char *at = text; *at != '\0'; at++) {
            lines += *at == '\n';
        }
        if (lines != cases[i].rows) {
            fail_msg("case %zu: %d rows, not %d:\n%s", i, lines, cases[i].rows, text);
        }
        free(text);
    }
}

static void wrong_questions_are_refused_with_what_would_be_right(void **state)
{
    struct ledger_fixture *f = *state;
    struct {
        const char *name;
        struct report_filters filters;
        const char *text;
    } cases[] = {
        {"heat", {0}, "unknown report \"heat\"; there are: heats, crews, quotas"},
        {"heats", {.item = "gold"}, "--item: \"gold\" is not known here; there are: electricity"},
        {"crews", {.crew = "Z"}, "--crew: \"Z\" is not known here; there are: A, B"},
        {"crews", {.shift = "late"}, "there are: day, middle, night"},
        {"crews", {.view = "mine"}, "right would be clock or owner"},
        {"heats", {.day = "10.3.2026"}, "a production day such as"},
        {"heats", {.from = "yesterday"}, "a time such as"},
        {"meters", {.heat = "1"}, "report meters takes no --heat; it takes: item station meter"},
        {"heats", {.open = true}, "report heats takes no --open"},
        {"heats", {.view = "clock"}, "report heats takes no --view"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report report;
        struct failure failure = {0};
        assert_false(
            report_run(book_reader(f->book), cases[i].name, &cases[i].filters, &report, &failure));
        assert_int_equal(failure.code, FAILURE_INPUT);
        if (strstr(failure.text, cases[i].text) == NULL) {
            fail_msg("case %zu: %s", i, failure.text);
        }
    }
}

static void json_has_the_time_of_the_ledger_and_typed_cells(void **state)
{
    struct ledger_fixture *f = *state;
    struct report report;
    struct failure failure;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct report_filters filters = {.meter = "E02"};

    assert_true(report_run(book_reader(f->book), "meters", &filters, &report, &failure));
    report_write_json(&report, out);
    fclose(out);
    assert_string_equal(
        text, "{\"as_of\":\"2026-03-10T16:00:30+08:00\",\"rows\":[\n"
              "{\"meter\":\"E02\",\"item\":\"electricity\",\"station\":\"LF\","
              "\"kind\":\"register\",\"role\":\"book\",\"last_ts\":\"2026-03-10T16:00:30+08:00\","
              "\"last_value\":\"123456.789\",\"readings\":12,\"duplicates\":1,\"conflicts\":0,"
              "\"late\":0,\"glitches\":0,\"spikes\":0,\"resets\":0,\"gaps\":0,\"held\":0,"
              "\"refused\":0,\"stale\":false,\"booked\":\"4760\"}\n]}\n");
    report_clear(&report);
    free(text);
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

/* Lines of a CSV below its heading, each with the columns that are told apart here. */
static void expect_amounts(struct ledger_fixture *f, const char *name,
                           struct report_filters filters, const char *expected)
{
    static const char *const told[] = {"heat", "day", "crew", "amount"};
    struct report report;
    struct failure failure = {0};
    char text[1000] = "";

    assert_true(report_run(book_reader(f->book), name, &filters, &report, &failure));
    for (size_t row = 0; row < table_row_count(report.table); row++) {
        for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
            int column = table_seek(report.table, told[i]);
            const char *cell = column < 0 ? NULL : table_cell(report.table, row, column);
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s",
                     cell == NULL ? "" : cell, column < 0 ? "" : " ");
        }
        strcat(text, "| ");
    }
    report_clear(&report);
    assert_string_equal(text, expected);
}

/* Heat 12602496 of the 10th uses 50 kWh on the 11th; heat 3 uses 7 kWh on the 10th, and is the
 * 11th's; 11 kWh are idle then. */
static void a_day_has_the_use_that_is_its_own_wherever_it_was(void **state)
{
    struct ledger_fixture *f = *state;
    struct failure failure;
    struct crew_slot next = fixture_slot(F_DAY, F_B);
    struct heat third = fixture_heat(3, "3", F_AT(15, 0));
    static const char day10[] = "2026-03-10", day11[] = "2026-03-11";
    static const char from11[] = "2026-03-11T08:00:00+08:00", to11[] = "2026-03-11T16:00:00+08:00";

    next.day = F_DATE + 1;
    third.owner = next;
    third.owner_at_us = F_AT(33, 0);
    fixture_begin(f);
    book_heat(f->book, &third, 0);
    book_slot(f->book, next, F_AT(32, 0), F_AT(40, 0));
    fixture_post(f, fixture_segment(F_E02, 2, next, F_AT(32, 0), F_AT(32, 30), 50000));
    fixture_post(f, fixture_segment(F_E02, 0, next, F_AT(32, 30), F_AT(33, 0), 11000));
    fixture_post(
        f, fixture_segment(F_E02, 3, fixture_slot(F_DAY, F_A), F_AT(15, 0), F_AT(15, 5), 7000));
    assert_true(fixture_commit(f, F_AT(40, 0), &failure));

#define OF_LF .item = "electricity", .station = "LF"
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .day = day11}, "2026-03-11 B 61 | ");
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .view = "owner", .day = day11},
                   "2026-03-11 B 18 | ");
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .from = from11, .to = to11},
                   "2026-03-11 B 61 | ");
    expect_amounts(f, "crews",
                   (struct report_filters){OF_LF, .view = "owner", .from = from11, .to = to11},
                   "2026-03-11 B 18 | ");
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .view = "owner", .day = day10},
                   "2026-03-10 A 4810 | ");
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .view = "owner", .to = from11},
                   "2026-03-10 A 4810 | ");
    expect_amounts(f, "crews", (struct report_filters){OF_LF, .view = "owner"},
                   "2026-03-10 A 4810 | 2026-03-11 B 18 | ");
    expect_amounts(f, "heats", (struct report_filters){OF_LF, .day = day11}, " 11 | 3 7 | ");
    expect_amounts(f, "heats", (struct report_filters){OF_LF, .from = from11, .to = to11},
                   " 11 | 3 7 | ");
    expect_amounts(f, "heats", (struct report_filters){OF_LF, .day = day10},
                   "12602485 4100 | 12602496 710 | ");
    expect_amounts(f, "heats", (struct report_filters){OF_LF, .to = from11},
                   "12602485 4100 | 12602496 710 | ");
    expect_amounts(f, "heats", (struct report_filters){OF_LF, .from = to11}, "");
#undef OF_LF
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(heats_show_each_item_with_owner_and_quota),
        DEMO_TEST(heats_at_a_station_show_the_quota_of_that_station),
        DEMO_TEST(crews_on_duty_answer_for_what_was_used_in_their_shift),
        DEMO_TEST(owners_answer_for_their_heats_and_for_idle_use_on_duty),
        DEMO_TEST(use_of_a_heat_without_an_owner_has_no_crew_yet),
        DEMO_TEST(a_day_has_the_use_that_is_its_own_wherever_it_was),
        DEMO_TEST(quotas_show_every_balance),
        DEMO_TEST(alerts_show_their_life),
        DEMO_TEST(an_alert_that_rose_again_is_not_cleared),
        DEMO_TEST(meters_show_what_came_and_who_is_silent),
        DEMO_TEST(a_verdict_stands_beside_the_amount_that_was_judged_alone),
        DEMO_TEST(edge_19_a_crew_that_was_not_there_after_all_has_no_quota),
        DEMO_TEST(a_crew_with_a_heat_of_unknown_weight_has_no_use_per_tonne),
        DEMO_TEST(a_held_reading_among_the_rejects_says_what_became_of_it),
        DEMO_TEST(rejects_show_the_message_in_printable_form),
        DEMO_TEST(times_choose_whole_heats_and_whole_shifts),
        DEMO_TEST(wrong_questions_are_refused_with_what_would_be_right),
        DEMO_TEST(json_has_the_time_of_the_ledger_and_typed_cells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
