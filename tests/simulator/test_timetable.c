#include "timetable.h"

#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER                                                                                     \
    "k,heat_id,owner,charge,blow_s,blow_e,tap_s,tap_e,lf_s,lf_e,cc_s,cc_e,steel_kg,hot_metal_kg,"  \
    "femn_kg,fesi_kg,al_kg,sial_kg,tc_pcs,o2_nm3,lf_kwh\n"
#define T(clock) "2026-03-10T" clock ":00+08:00"
#define TIMES                                                                                      \
    T("07:45")                                                                                     \
    "," T("07:50") "," T("08:05") "," T("08:10") "," T("08:15") "," T("08:30") "," T(              \
        "09:00") "," T("09:15") "," T("09:55")
#define AMOUNTS "99600,108564,682,446,20,82,4,5400,4100"

static bool read_text(const char *text, struct timetable *timetable, struct failure *failure)
{
    return timetable_read("day.csv", text, strlen(text), timetable, failure);
}

static void reads_times_and_amounts_by_column_name(void **state)
{
    struct timetable timetable;
    struct failure failure = {0};
    int64_t cast_end_us;

    (void)state;
    assert_true(read_text(HEADER "0,12602485,A," TIMES "," AMOUNTS "\n", &timetable, &failure));
    assert_int_equal(timetable.heat_count, 1);
    assert_string_equal(timetable.heats[0].id, "12602485");
    assert_true(timestamp_parse(T("09:55"), strlen(T("09:55")), &cast_end_us));
    assert_int_equal(timetable.heats[0].time_us[TIMETABLE_CAST_END], cast_end_us);
    assert_int_equal(timetable.heats[0].amount[TIMETABLE_STEEL_KG], 99600);
    assert_int_equal(timetable.heats[0].amount[TIMETABLE_THERMOCOUPLE_PCS], 4);
    assert_int_equal(timetable.heats[0].amount[TIMETABLE_LF_KWH], 4100);
    timetable_clear(&timetable);
}

static void columns_may_stand_in_another_order_and_lines_may_end_in_crlf(void **state)
{
    struct timetable timetable;
    struct failure failure = {0};

    (void)state;
    assert_true(
        read_text("lf_kwh,o2_nm3,tc_pcs,sial_kg,al_kg,fesi_kg,femn_kg,hot_metal_kg,"
                  "steel_kg,charge,blow_s,blow_e,tap_s,tap_e,lf_s,lf_e,cc_s,cc_e,heat_id\r\n"
                  "\r\n"
                  "4100,5400,4,82,20,446,682,108564,99600," TIMES ",12602485\r\n",
                  &timetable, &failure));
    assert_string_equal(timetable.heats[0].id, "12602485");
    assert_int_equal(timetable.heats[0].amount[TIMETABLE_LF_KWH], 4100);
    timetable_clear(&timetable);
}

static void heats_come_out_in_order_of_charge(void **state)
{
    struct timetable timetable;
    struct failure failure = {0};
    const char *text = HEADER
        "1,late,A,2026-03-10T08:25:00+08:00,2026-03-10T08:30:00+08:00,2026-03-10T08:45:00+08:00,"
        "2026-03-10T08:50:00+08:00,2026-03-10T08:55:00+08:00,2026-03-10T09:10:00+08:00,"
        "2026-03-10T09:40:00+08:00,2026-03-10T09:55:00+08:00,2026-03-10T10:35:00+08:00," AMOUNTS
        "\n0,early,A," TIMES "," AMOUNTS;

    (void)state;
    assert_true(read_text(text, &timetable, &failure));
    assert_int_equal(timetable.heat_count, 2);
    assert_string_equal(timetable.heats[0].id, "early");
    assert_string_equal(timetable.heats[1].id, "late");
    timetable_clear(&timetable);
}

static const struct broken {
    const char *text;
    const char *part; /* of the message */
} broken[] = {
    {"", "day.csv: no heats"},
    {HEADER, "day.csv: no heats"},
    {"k,heat_id\n", "day.csv:1: column charge is missing"},
    {"heat_id,heat_id\n", "day.csv:1: column heat_id stands twice"},
    {HEADER "0,12602485,A," TIMES ",99600\n", "day.csv:2: 13 columns; 21 as in the header"},
    {HEADER "0,,A," TIMES "," AMOUNTS "\n", "day.csv:2: heat_id: \"\" is no heat id"},
    {HEADER "0,1 2,A," TIMES "," AMOUNTS "\n", "day.csv:2: heat_id: \"1 2\" is no heat id"},
    {HEADER "0,a\\b,A," TIMES "," AMOUNTS "\n", "day.csv:2: heat_id:"},
    {HEADER "0,\"12602485\",A," TIMES "," AMOUNTS "\n", "day.csv:2: a quote"},
    {HEADER "0,12345678901234567890123456789,A," TIMES "," AMOUNTS "\n",
     "1 to 28 printable ASCII characters"},
    {HEADER "0,1,A,7:45,," TIMES ",1,2,3,4,5,6,7\n", "day.csv:2: charge: \"7:45\" is no time"},
    {HEADER "0,1,A," TIMES ",99.6,1,1,1,1,1,1,1,1\n",
     "day.csv:2: steel_kg: \"99.6\" is no amount; a whole number"},
    {HEADER "0,1,A," TIMES ",1,1,1,1,1,1,1,1,-1\n", "day.csv:2: lf_kwh: \"-1\" is no amount"},
    {HEADER "0,1,A," TIMES ",1,1,1,1,1,1,1001,1,1\n",
     "day.csv:2: tc_pcs: \"1001\" is no amount; a whole number from 0 to 1000"},
    {HEADER "0,1,A," TIMES ",1000000001,1,1,1,1,1,1,1,1\n", "day.csv:2: steel_kg:"},
    {HEADER "0,1,A,2026-03-10T07:51:00+08:00" /* after the blow's start */
            ",2026-03-10T07:50:00+08:00,2026-03-10T08:05:00+08:00,2026-03-10T08:10:00+08:00,"
            "2026-03-10T08:15:00+08:00,2026-03-10T08:30:00+08:00,2026-03-10T09:00:00+08:00,"
            "2026-03-10T09:15:00+08:00,2026-03-10T09:55:00+08:00," AMOUNTS "\n",
     "day.csv:2: blow_s: heat 1 has its blow_s before its charge"},
    {HEADER "0,1,A,2026-03-10T07:45:00+08:00"
            ",2026-03-10T07:50:00+08:00,2026-03-10T08:05:00+08:00,2026-03-10T08:10:00+08:00,"
            "2026-03-10T08:15:00+08:00,2026-03-10T08:30:00+08:00,2026-03-10T08:30:00+08:00,"
            "2026-03-10T09:15:00+08:00,2026-03-10T09:55:00+08:00," AMOUNTS "\n",
     "day.csv:2: lf_e: heat 1 has its lf_e at its lf_s; after it would be right"},
    {HEADER "0,1,A," TIMES "," AMOUNTS "\n0,1,A," TIMES "," AMOUNTS "\n",
     "day.csv: heat_id: heat 1 stands in two lines"},
};

static void mistakes_are_named_with_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct timetable timetable;
        struct failure failure = {0};

        assert_false(read_text(broken[i].text, &timetable, &failure));
        assert_int_equal(failure.code, FAILURE_INPUT);
        assert_int_equal(timetable.heat_count, 0);
        if (strstr(failure.text, broken[i].part) == NULL) {
            fail_msg("row %zu: expected \"%s\" in \"%s\"", i, broken[i].part, failure.text);
        }
    }
}

static void a_file_that_is_not_there_is_named(void **state)
{
    struct timetable timetable;
    struct failure failure = {0};

    (void)state;
    assert_false(timetable_load("/nonexistent/day.csv", &timetable, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "/nonexistent/day.csv: cannot be read: No such file"));
}

static void a_directory_is_no_timetable(void **state)
{
    struct timetable timetable;
    struct failure failure = {0};

    (void)state;
    assert_false(timetable_load("/", &timetable, &failure));
    assert_non_null(strstr(failure.text, "/: cannot be read: Is a directory"));
}

static void a_file_of_many_heats_is_read_whole(void **state)
{
    enum { HEATS = 2000 };
    char path[] = "/tmp/heatledger-timetable-XXXXXX";
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    struct timetable timetable;
    struct failure failure = {0};

    (void)state;
    assert_non_null(file);
    fputs(HEADER, file);
    for (int i = 0; i < HEATS; i++) {
        fprintf(file, "%d,heat%d,A," TIMES "," AMOUNTS "\n", i, i);
    }
    assert_int_equal(fclose(file), 0);
    bool good = timetable_load(path, &timetable, &failure);
    unlink(path);
    assert_true(good);
    assert_int_equal(timetable.heat_count, HEATS);
    timetable_clear(&timetable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times_and_amounts_by_column_name),
        cmocka_unit_test(columns_may_stand_in_another_order_and_lines_may_end_in_crlf),
        cmocka_unit_test(heats_come_out_in_order_of_charge),
        cmocka_unit_test(mistakes_are_named_with_line_and_column),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_directory_is_no_timetable),
        cmocka_unit_test(a_file_of_many_heats_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
