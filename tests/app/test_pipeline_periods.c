/* Ten-day periods and months are closed by the journal's time alone: when, and with what, does not
 * tell how often the ledger was shown or the program started in between. */
#include "house.h"
#include "reader.h"

#include <stdlib.h>

#define TEXT_MAX 60000
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A zone in which March ends at 10:00 UTC of the 31st. */
static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"Etc/GMT-14\", \"production_day_start\": \"00:00:00\","
    " \"period_delay_s\": 3600,"
    " \"items\": [{\"id\": \"electricity\", \"unit\": \"kWh\", \"resolution\": \"1\","
    "              \"division\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"E1\", \"item\": \"electricity\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
    "              \"offsets\": {\"A\": 0, \"B\": 1}},"
    " \"quotas\": [{\"id\": \"q1\", \"item\": \"electricity\", \"basis\": \"per_tonne\","
    "               \"target\": \"30\", \"limit\": \"40\"}]}";

#define E1 "plant/S1/LF/electricity/E1"
#define AT(time) "{\"ts\":\"2026-03-" time "Z\","

/* One heat on the 12th; its weight is known on the 23rd only, when its ten days are closed. */
static const struct house_message month[] = {
    {"12T02:00:00", E1, AT("12T02:00:00") "\"value\":100}"},
    {"12T02:10:00", "plant/S1/heat",
     AT("12T02:10:00") "\"heat\":\"H1\",\"event\":\"start\",\"station\":\"LF\"}"},
    {"12T03:00:00", "plant/S1/heat",
     AT("12T03:00:00") "\"heat\":\"H1\",\"event\":\"tap\",\"station\":\"LF\"}"},
    {"12T03:10:00", "plant/S1/heat",
     AT("12T03:10:00") "\"heat\":\"H1\",\"event\":\"end\",\"station\":\"LF\"}"},
    {"12T04:00:00", E1, AT("12T04:00:00") "\"value\":220}"},
    {"20T10:59:59", NULL, NULL},
    {"20T11:00:00", NULL, NULL},
    {"23T02:00:00", "plant/S1/heat",
     AT("23T02:00:00") "\"heat\":\"H1\",\"event\":\"weight\",\"steel_kg\":2000}"},
    {"31T11:00:01", NULL, NULL},
};

static bool write_row(void *context, const struct reader_row *row)
{
    char *text = context;
    for (int i = 0; i < row->column_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, TEXT_MAX - used, "%s%c", row->values[i] == NULL ? "" : row->values[i],
                 i + 1 < row->column_count ? ' ' : '\n');
    }
    return true;
}

static void ask(struct book *book, const char *sql, char text[TEXT_MAX])
{
    struct failure failure = {0};
    text[0] = '\0';
    house_require(reader_query(book_reader(book), sql, NULL, 0, write_row, text, &failure),
                  &failure);
    assert_true(strlen(text) < TEXT_MAX - 1);
}

static void book_in(struct house *house, bool show, bool restart, size_t count)
{
    house_open(house, plant_text, "12T01:00:00");
    for (size_t i = 0; i < count; i++) {
        house_append(house->journal, &month[i]);
        if (show) {
            house_drain(house);
        }
        if (restart) {
            house_begin_again(house);
        }
    }
    house_drain(house);
}

static void ten_days_and_the_month_are_closed_an_hour_after_their_last_shift(void **state)
{
    struct house house;
    char *text = malloc(TEXT_MAX);
    (void)state;
    book_in(&house, false, false, 6);
    ask(house.book, "SELECT period FROM period_document", text);
    assert_string_equal(text, ""); /* a second is missing */
    house_append(house.journal, &month[6]);
    house_drain(&house);
    ask(house.book, "SELECT period, local_time(at_us) FROM period_document", text);
    assert_string_equal(text, "2026-03-X2 2026-03-21T01:00:00+14:00\n");
    house_append(house.journal, &month[8]);
    house_drain(&house);
    ask(house.book, "SELECT period, local_time(at_us) FROM period_document ORDER BY from_day DESC",
        text);
    assert_string_equal(text, "2026-03-X3 2026-04-01T01:00:00+14:00\n"
                              "2026-03-X2 2026-03-21T01:00:00+14:00\n"
                              "2026-03 2026-04-01T01:00:00+14:00\n");
    ask(house.book, "SELECT topic, retain FROM outbox_message WHERE topic LIKE '%/period/%'", text);
    assert_string_equal(text, "heatledger/S1/period/2026-03-X2 1\n"
                              "heatledger/S1/period/2026-03-X3 1\n"
                              "heatledger/S1/period/2026-03 1\n");
    house_close(&house);
    free(text);
}

/* What became known later stands in the month, and not in the ten days that were closed before. */
static void a_late_weight_is_in_the_month_and_not_in_what_was_closed(void **state)
{
    struct house house;
    char *text = malloc(TEXT_MAX);
    (void)state;
    book_in(&house, false, false, COUNT(month));
    ask(house.book, "SELECT json FROM period_document WHERE period = '2026-03-X2'", text);
    assert_non_null(strstr(text, "\"provisional\":true,\"heats\":1,\"steel_kg\":null"));
    assert_non_null(strstr(text, "\"limit\":null,\"balance\":null,\"state\":null"));
    ask(house.book, "SELECT json FROM period_document WHERE period = '2026-03'", text);
    assert_non_null(strstr(text, "\"provisional\":false,\"heats\":1,\"steel_kg\":\"2000\""));
    assert_non_null(strstr(text, "\"used\":\"60\",\"target\":\"60\",\"limit\":\"80\""));
    house_close(&house);
    free(text);
}

static void edge_33_a_close_does_not_tell_how_often_the_program_was_started(void **state)
{
    static const char all[] = "SELECT period, at_us, position, json FROM period_document"
                              " UNION ALL SELECT topic, position, ordinal, payload"
                              " FROM outbox_message WHERE topic LIKE '%/period/%'";
    struct house house;
    char *whole = malloc(TEXT_MAX), *other = malloc(TEXT_MAX);
    (void)state;
    book_in(&house, false, false, COUNT(month));
    ask(house.book, all, whole);
    house_close(&house);
    for (int restart = 0; restart < 2; restart++) {
        book_in(&house, true, restart == 1, COUNT(month));
        ask(house.book, all, other);
        assert_string_equal(whole, other);
        house_close(&house);
    }
    free(other);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_days_and_the_month_are_closed_an_hour_after_their_last_shift),
        cmocka_unit_test(a_late_weight_is_in_the_month_and_not_in_what_was_closed),
        cmocka_unit_test(edge_33_a_close_does_not_tell_how_often_the_program_was_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
