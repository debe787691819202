/* The clock on the wall is set while messages come: the engine's time never goes back, and what is
 * due happens once. */
#include "house.h"
#include "reader.h"

static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"Etc/UTC\", \"production_day_start\": \"00:00:00\","
    " \"items\": [{\"id\": \"water\", \"unit\": \"L\", \"resolution\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
    "              \"offsets\": {\"A\": 0, \"B\": 1}}, \"quotas\": []}";

/* The clock goes on over the end of the shift, is set back two hours, passes the end again, is set
 * back and forth once more. `now` is the engine's time then. */
#define WATER "plant/S1/LF/water/W1"
static const struct step {
    struct house_message message;
    const char *now;
} steps[] = {
    {{"11:00:00", WATER, "{\"ts\":\"2026-03-10T11:00:00Z\",\"value\":100}"}, "11:00:00"},
    {{"13:00:00", WATER, "{\"ts\":\"2026-03-10T13:00:00Z\",\"value\":220}"}, "13:00:00"},
    {{"11:05:00", WATER, "{\"ts\":\"2026-03-10T13:05:00Z\",\"value\":225}"}, "13:00:00"},
    {{"12:59:00", NULL, NULL}, "13:00:00"},
    {{"13:01:00", NULL, NULL}, "13:01:00"},
    {{"10:00:00", WATER, "{\"ts\":\"2026-03-10T13:10:00Z\",\"value\":230}"}, "13:01:00"},
    {{"13:02:00", NULL, NULL}, "13:02:00"},
    {{"13:20:00", WATER, "{\"ts\":\"2026-03-10T13:20:00Z\",\"value\":240}"}, "13:20:00"},
};

static bool keep_text(void *context, const struct reader_row *row)
{
    snprintf(context, 40, "%s", row->values[0]);
    return true;
}

static void expect(struct book *book, const char *sql, const char *value)
{
    char text[40] = "";
    struct failure failure = {0};
    assert_true(reader_query(book_reader(book), sql, NULL, 0, keep_text, text, &failure));
    assert_string_equal(text, value);
}

static void a_clock_that_is_set_back_and_forth_ends_a_shift_once(void **state)
{
    (void)state;
    struct house house;
    struct failure failure = {0};
    house_open(&house, plant_text, "10:59:00");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        house_append(house.journal, &steps[i].message);
        house_require(pipeline_drain(house.pipeline, NULL, &failure), &failure);
        assert_true(pipeline_now_us(house.pipeline) == house_us(steps[i].now));
        assert_true(pipeline_due_us(house.pipeline) > pipeline_now_us(house.pipeline));
    }
    house_drain(&house);
    expect(house.book, "SELECT COUNT(*) FROM handover_summary", "1");
    expect(house.book, "SELECT SUM(amount_base) FROM crew_use_clock WHERE shift = 'day'", "60");
    expect(house.book, "SELECT SUM(amount_base) FROM crew_use_clock", "140");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_is_set_back_and_forth_ends_a_shift_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
