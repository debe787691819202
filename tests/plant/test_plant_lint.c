/* Warnings and remarks: configurations that work and still are not what a plant expects. */
#include "plant.h"
#include "plant_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN(start)                                                                               \
    "{\"shop\": \"S\", \"zone\": \"UTC\", \"production_day_start\": \"" start "\",\n"              \
    "\"items\": [{\"id\": \"e\", \"unit\": \"kWh\"}, {\"id\": \"f\", \"unit\": \"kg\"}],\n"        \
    "\"stations\": [{\"id\": \"LF\", \"last\": true}, {\"id\": \"AUX\"}],\n"                       \
    "\"meters\": [{\"id\": \"E\", \"item\": \"e\", \"station\": \"LF\", \"kind\": "                \
    "\"register\"},\n"                                                                             \
    "{\"id\": \"F\", \"item\": \"f\", \"station\": \"LF\", \"kind\": \"event\", \"role\": "        \
    "\"check\"}],\n"
#define THREE_SHIFTS                                                                               \
    "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}, {\"id\": \"middle\", \"start\": "       \
    "\"16:00\"}, {\"id\": \"night\", \"start\": \"00:00\"}],\n"
#define FOUR_CREWS                                                                                 \
    "\"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}, {\"id\": \"C\"}, {\"id\": \"D\"}],\n"
#define ROSTER(overrides)                                                                          \
    "\"roster\": {\"epoch\": \"2026-03-10\",\n"                                                    \
    "\"cycle\": [\"day\", \"day\", \"middle\", \"middle\", \"night\", \"night\", null, null],\n"   \
    "\"offsets\": {\"A\": 0, \"B\": 2, \"C\": 4, \"D\": 6},\n"                                     \
    "\"overrides\": [" overrides "]}"
#define QUOTA(more)                                                                                \
    ",\n\"quotas\": [{\"id\": \"q\", \"basis\": \"per_tonne\", \"limit\": 1, " more "}]"

static const struct {
    const char *text;
    uint32_t warnings, remarks;
    const char *what; /* a part of the output; NULL: nothing */
} rows[] = {
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("") "}", 0, 0, "ok"},
    /* DOMAIN's trap: with the cut at midnight the middle shift ends when the night shift starts. */
    {BEGIN("00:00") THREE_SHIFTS FOUR_CREWS ROSTER("") "}", 1, 0,
     "x.json:9: roster.cycle[4]: warning: \"night\" follows \"middle\" of the day before after "
     "0 h 00 min; a crew needs 8 h"},
    /* A is on day duty on 2026-03-10 and again in the middle. */
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER(
         "{\"day\": \"2026-03-10\", \"shift\": \"middle\", \"crew\": \"A\"}") "}",
     1, 0,
     "x.json:11: roster.overrides: warning: on 2026-03-10 crew \"A\" works shift \"middle\" with "
     "0 h 00 min of rest after shift \"day\""},
    /* C leaves the night of the 10th at 08:00, when the day of the 11th starts. */
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER(
         "{\"day\": \"2026-03-11\", \"shift\": \"day\", \"crew\": \"C\"}") "}",
     1, 0,
     "on 2026-03-11 crew \"C\" works shift \"day\" with 0 h 00 min of rest after shift \"night\""},
    /* D is off until the 12th. */
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER(
         "{\"day\": \"2026-03-10\", \"shift\": \"middle\", \"crew\": \"D\"}") "}",
     0, 0, "ok"},
    /* Nobody at all, as declared, is no mistake. */
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER(
         "{\"day\": \"2026-03-10\", \"shift\": \"middle\", \"crew\": null}") "}",
     0, 0, "ok"},
    /* Two overrides that follow each other are reported once. */
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER(
         "{\"day\": \"2026-03-11\", \"shift\": \"day\", \"crew\": \"D\"},"
         "{\"day\": \"2026-03-11\", \"shift\": \"middle\", \"crew\": \"D\"}") "}",
     1, 0, "crew \"D\" works shift \"middle\" with 0 h 00 min of rest after shift \"day\""},
    /* A shop that rests at weekends: use is then nobody's. A crew without an offset is a relief. */
    {BEGIN(
         "08:00") "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}],\n"
                  "\"crews\": [{\"id\": \"A\"}, {\"id\": \"relief\"}],\n"
                  "\"roster\": {\"epoch\": \"2026-03-09\", \"cycle\": [\"day\", \"day\", \"day\", "
                  "\"day\", \"day\", null, null], \"offsets\": {\"A\": 0}}}",
     1, 0,
     "roster: warning: shift \"day\" has no crew (use is then booked to nobody) on 2 of the 7 days "
     "of the cycle, first on 2026-03-14"},
    /* One crew that stands for everybody. */
    {BEGIN("08:00") "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": "
                    "\"A\"}], \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], "
                    "\"offsets\": {\"A\": 0}}}",
     0, 0, "ok"},
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("") QUOTA("\"item\": \"f\"") "}", 1, 0,
     "quotas[q]: warning: counts no meter"},
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("")
         QUOTA("\"item\": \"e\", \"stations\": [\"AUX\"]") "}",
     1, 0, "quotas[q]: warning: counts no meter"},
    {BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("") QUOTA("\"item\": \"e\"") "}", 0, 0, "ok"},
};

static char *check(const char *text, uint32_t counts[PLANT_SEVERITY_COUNT])
{
    char directory[] = "/tmp/heatledger-lint-XXXXXX";
    char path[64];
    char *output = NULL;
    size_t length = 0;
    struct failure failure = {0};
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/x.json", directory);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    FILE *out = open_memstream(&output, &length);
    assert_true(plant_check_counted(path, out, counts, &failure));
    fclose(out);
    remove(path);
    remove(directory);
    return output;
}

static void each_warning_is_given_once_and_says_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
        char *output = check(rows[i].text, counts);
        if (counts[PLANT_MISTAKE] != 0 || counts[PLANT_WARNING] != rows[i].warnings ||
            counts[PLANT_REMARK] != rows[i].remarks || strstr(output, rows[i].what) == NULL) {
            fail_msg("row %zu, wanted %s, got\n%s", i, rows[i].what, output);
        }
        free(output);
    }
}

static void a_shop_without_a_last_station_is_remarked(void **state)
{
    (void)state;
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    char text[4096] =
        BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("") QUOTA("\"item\": \"e\"") "}";
    char *last = strstr(text, ", \"last\": true");
    assert_non_null(last);
    memset(last, ' ', strlen(", \"last\": true"));
    char *output = check(text, counts);
    assert_int_equal(counts[PLANT_MISTAKE] + counts[PLANT_WARNING], 0);
    assert_int_equal(counts[PLANT_REMARK], 1);
    assert_non_null(strstr(output, "stations: remark: no station is \"last\": true"));
    free(output);
}

static void a_quota_on_cast_steel_needs_a_last_station(void **state)
{
    (void)state;
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    char text[4096] = BEGIN("08:00") THREE_SHIFTS FOUR_CREWS ROSTER("")
        QUOTA("\"item\": \"e\", \"tonnes\": \"cast\"") "}";
    char *output = check(text, counts);
    assert_int_equal(counts[PLANT_WARNING], 0);
    free(output);
    char *last = strstr(text, ", \"last\": true");
    assert_non_null(last);
    memset(last, ' ', strlen(", \"last\": true"));
    memset(counts, 0, sizeof counts);
    output = check(text, counts);
    assert_int_equal(counts[PLANT_WARNING], 1);
    assert_non_null(strstr(output, "quotas[q].tonnes: warning: counts cast steel, and no station"));
    free(output);
}

static void all_mistakes_come_at_once_in_the_order_of_lines(void **state)
{
    (void)state;
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    char *output =
        check("{\"shop\": 1,\n\"quotas\": [{}],\n\"meters\": [7],\n\"items\": 2}", counts);
    long last = 0;
    uint32_t lines = 0;
    for (char *line = output; *line != '\0'; line = strchr(line, '\n') + 1) {
        const char *place = strstr(line, "x.json:");
        assert_non_null(place);
        long number = strtol(place + strlen("x.json:"), NULL, 10);
        assert_true(number >= last);
        last = number;
        lines++;
    }
    assert_int_equal(counts[PLANT_MISTAKE], lines);
    assert_true(lines > 8);
    assert_null(strstr(output, ": ok"));
    free(output);
}

static void more_mistakes_than_are_kept_are_counted(void **state)
{
    (void)state;
    static char text[20000];
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    strcpy(text, "{\"items\": [");
    for (int i = 0; i < 500; i++) {
        strcat(text, "1,");
    }
    strcat(text, "1]}");
    char *output = check(text, counts);
    assert_true(counts[PLANT_MISTAKE] >= 501);
    assert_non_null(strstr(output, "... and "));
    free(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_warning_is_given_once_and_says_where),
        cmocka_unit_test(a_shop_without_a_last_station_is_remarked),
        cmocka_unit_test(a_quota_on_cast_steel_needs_a_last_station),
        cmocka_unit_test(all_mistakes_come_at_once_in_the_order_of_lines),
        cmocka_unit_test(more_mistakes_than_are_kept_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
