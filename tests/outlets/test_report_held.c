/* The readings that are held, the messages that brought them, and what a person does about them. */
#include "ledger_fixture.h"
#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEADING "meter,ts,value,kind,reason,last_ts,last_value,amount,unit,position,topic\n"
#define TOPIC "plant/BOF1/LF/electricity/E02"

static void hold(struct ledger_fixture *f, int64_t ts_us, int64_t value_raw)
{
    struct book_held held = {.meter = {F_E02},
                             .ts_us = ts_us,
                             .value_raw = value_raw,
                             .kind = "spike",
                             .reason = "too fast",
                             .last_ts_us = F_AT(8, 0),
                             .last_value_raw = 1000,
                             .amount_base = value_raw - 1000};
    book_held(f->book, &held);
}

static void refuse(struct ledger_fixture *f, uint64_t position, int64_t ts_us, int64_t value_raw)
{
    struct book_reject reject = {.id = {position, 0},
                                 .at_us = F_AT(8, 30),
                                 .topic = TOPIC,
                                 .topic_length = strlen(TOPIC),
                                 .outcome = OUTCOME_SPIKE,
                                 .of_reading = true,
                                 .meter = {F_E02},
                                 .ts_us = ts_us,
                                 .value_raw = value_raw};
    book_reject(f->book, &reject);
}

static char *written(struct ledger_fixture *f,
                     void (*write)(const struct report *report, FILE *out))
{
    struct report report;
    struct failure failure = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_true(
        report_run(book_reader(f->book), "held", &(struct report_filters){0}, &report, &failure));
    write(&report, out);
    fclose(out);
    report_clear(&report);
    return text;
}

static void write_csv(const struct report *report, FILE *out)
{
    table_write_csv(report->table, out);
}

static void a_held_reading_names_the_message_that_brought_it(void **state)
{
    (void)state;
    struct ledger_fixture *f = fixture_open(false);
    book_open_begin(f->book, F_AT(9, 0));
    hold(f, F_AT(8, 10), 500000);
    hold(f, F_AT(8, 20), 600000);
    refuse(f, 20, F_AT(8, 10), 400000); /* the same meter and time, another value */
    refuse(f, 30, F_AT(8, 10), 500000);
    refuse(f, 40, F_AT(8, 10), 500000); /* once more: the first message is meant */
    char *text = written(f, write_csv);
    assert_string_equal(text, HEADING "E02,2026-03-10T08:10:00+08:00,500,spike,too fast,"
                                      "2026-03-10T08:00:00+08:00,1,499,kWh,30," TOPIC "\n"
                                      /* it counted when it came: no message of it was held */
                                      "E02,2026-03-10T08:20:00+08:00,600,spike,too fast,"
                                      "2026-03-10T08:00:00+08:00,1,599,kWh,,\n");
    free(text);
    fixture_close(f);
}

static void the_text_ends_with_the_commands_that_decide(void **state)
{
    (void)state;
    struct ledger_fixture *f = fixture_open(false);
    book_open_begin(f->book, F_AT(9, 0));
    char *text = written(f, report_write_text);
    assert_null(strstr(text, "entry"));
    free(text);
    hold(f, F_AT(8, 10) + 250000, 500000);
    text = written(f, report_write_text);
    assert_non_null(strstr(text, "\n  heatledger entry -c PLANT.json '{\"by\":\"NAME\",\"event\":"
                                 "\"accept\",\"meter\":\"E02\",\"at\":"
                                 "\"2026-03-10T08:10:00.250+08:00\",\"reason\":\"WHY\"}'\n"));
    free(text);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_reading_names_the_message_that_brought_it),
        cmocka_unit_test(the_text_ends_with_the_commands_that_decide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
