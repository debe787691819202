/* The aggregator as a whole: what each fact says it did. */
#include "plant_fixture_book.h"

static struct book *book_of_two(void)
{
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF);
    plant_meter(plant, METER_EVENT, LF);
    return book_open(plant);
}

static enum outcome apply(struct book *book, struct fact fact, int64_t arrival_us,
                          struct effects *effects)
{
    aggregator_begin(book->aggregator, ++book->position);
    return aggregator_apply(book->aggregator, &fact, arrival_us, effects);
}

static void a_takeover_names_the_heats_whose_owner_is_another_now(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    struct effects effects;
    book_heat(book, HEAT_TAP, "H1", CATALOG_NONE, clock_at("15:40:00"));
    book_heat(book, HEAT_TAP, "H2", CATALOG_NONE, clock_at("15:55:00"));
    struct fact early = {.kind = FACT_CREW, .as.crew = {clock_at("15:50:00"), {CREW_B}}};
    assert_int_equal(apply(book, early, 0, &effects), OUTCOME_ACCEPTED);
    assert_true(effects.calendar_changed);
    assert_int_equal(effects.heat_count, 1);
    assert_int_equal(effects.heats[0].value, 2);
    const struct heats *heats = aggregator_heats(book->aggregator);
    assert_int_equal(heats_get(heats, (heat_no){2})->owner.crew.index, CREW_B);
    assert_int_equal(heats_get(heats, (heat_no){1})->owner.crew.index, CREW_A);
    struct fact again = {.kind = FACT_CREW, .as.crew = {clock_at("15:58:00"), {CREW_B}}};
    assert_int_equal(apply(book, again, 0, &effects), OUTCOME_NO_EFFECT);
    assert_false(effects.calendar_changed);
    assert_int_equal(effects.heat_count, 0);
    book_close(book);
}

static void a_heat_that_only_a_reading_names_is_made_known(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    struct effects effects;
    struct reading reading = reading_of(1, clock_at("09:00:00"), 5);
    reading.heat = "H1";
    struct fact fact = {.kind = FACT_READING, .as.reading = reading};
    apply(book, fact, 0, &effects);
    assert_int_equal(effects.heat_count, 1);
    assert_int_equal(effects.posting_count, 1);
    assert_int_equal(effects.postings[0].segment.heat.value, effects.heats[0].value);
    apply(book, fact, 0, &effects);
    assert_int_equal(effects.heat_count, 0);
    assert_int_equal(effects.posting_count, 0);
    book_close(book);
}

/* An event that is refused makes no heat of which nobody hears: a reading that names it later is
 * the first to do so, and tells. */
static void a_refused_event_leaves_no_heat_behind(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    struct heat_event start = heat_event_of(HEAT_START, "H1", LF, clock_at("09:00:00"));
    start.id = "e-1";
    book_tell(book, &(struct fact){.kind = FACT_HEAT, .as.heat = start});
    start.heat = "H2";
    assert_int_equal(book_tell(book, &(struct fact){.kind = FACT_HEAT, .as.heat = start}),
                     OUTCOME_CONFLICT);
    struct reading reading = reading_of(1, clock_at("09:05:00"), 5);
    reading.heat = "H2";
    assert_int_equal(book_reading(book, reading), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 1, "H2", -1), 5);
    book_close(book);
}

static void a_retained_reading_counts_and_is_no_sign_of_life(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    struct effects effects;
    struct meter_state shown;
    struct reading reading = reading_of(0, clock_at("09:00:00"), 5);
    reading.retained = true;
    struct fact fact = {.kind = FACT_READING, .as.reading = reading};
    apply(book, fact, 111, &effects);
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_true(shown.last_alive_us == TIMESTAMP_NEVER_US);
    assert_true(shown.last_ts_us == TIMESTAMP_NEVER_US); /* a kept copy is no live value */
    fact.as.reading.retained = false;
    fact.as.reading.ts_us += MINUTE_US;
    apply(book, fact, 222, &effects);
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.last_alive_us, 222);
    assert_int_equal(shown.last_raw, 5);
    book_close(book);
}

static void a_meter_that_never_spoke_shows_nothing(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    struct meter_state shown;
    for (uint32_t m = 0; m < 2; m++) {
        aggregator_meter(book->aggregator, (meter_id){m}, &shown);
        assert_true(shown.last_ts_us == TIMESTAMP_NEVER_US);
        assert_int_equal(shown.booked_base, 0);
    }
    aggregator_count(book->aggregator, (meter_id){0}, OUTCOME_BAD_VALUE);
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.outcomes[OUTCOME_BAD_VALUE], 1);
    book_close(book);
}

/* Whatever a meter says, over however long a gap, the books go on and never go round. */
static void a_meter_that_lies_is_refused_or_counted_and_breaks_nothing(void **state)
{
    (void)state;
    static const struct {
        enum meter_kind kind;
        int64_t scale_num, largest;
    } cases[] = {
        {METER_REGISTER, 1, INT64_C(1) << 53},  {METER_REGISTER, 1024, INT64_C(1) << 43},
        {METER_RATE, 1, INT64_C(1) << 43},      {METER_RATE, 1024, INT64_C(1) << 33},
        {METER_INCREMENT, 1, INT64_C(1) << 43}, {METER_EVENT, 1024, INT64_C(1) << 33},
    };
    static const char *const times[] = {"2048-01-01T00:00:00Z", "2049-01-01T00:00:00Z",
                                        "2049-01-01T00:00:01Z", "2050-01-01T00:00:00Z"};
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct plant *plant = plant_create();
        struct meter *meter = plant_meter(plant, cases[i].kind, LF);
        meter->scale_num = cases[i].scale_num;
        meter->integration = METER_TRAPEZOID;
        struct book *book = book_open(plant);
        for (size_t t = 0; t < ROWS(times); t++) {
            static const int64_t more[] = {1, INT64_MAX};
            for (size_t m = 0; m < ROWS(more); m++) {
                int64_t raw = more[m] == 1 ? cases[i].largest + 1 : INT64_MAX;
                assert_int_equal(book_reading(book, reading_of(0, at(times[t]), raw)),
                                 OUTCOME_OUT_OF_RANGE);
                assert_non_null(book->detail);
            }
            enum outcome outcome =
                book_reading(book, reading_of(0, at(times[t]), t % 2 == 0 ? 0 : cases[i].largest));
            assert_false(outcome_info(outcome)->refused);
        }
        assert_true(book_sum(book, 0, NULL, -1) > 0);
        book_close(book);
    }
}

static void a_reset_to_what_no_register_shows_is_refused(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    static const struct {
        int64_t final, initial;
    } cases[] = {{INT64_MIN, -1}, {INT64_MIN, INT64_MAX}, {-1, 0}, {INT64_MAX, 0}};
    book_reading(book, reading_of(0, clock_at("09:00:00"), 100));
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter_event event = {.ts_us = clock_at("09:10:00"),
                                    .kind = METER_EVENT_EXCHANGE,
                                    .final_raw = cases[i].final,
                                    .initial_raw = cases[i].initial};
        assert_int_equal(book_tell(book, &(struct fact){.kind = FACT_METER, .as.meter = event}),
                         OUTCOME_OUT_OF_RANGE);
    }
    book_reading(book, reading_of(0, clock_at("09:20:00"), 130));
    assert_int_equal(book_sum(book, 0, NULL, -1), 30);
    book_close(book);
}

static void an_increment_of_decades_is_refused(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_INCREMENT, LF);
    struct book *book = book_open(plant);
    struct reading reading = reading_of(0, clock_at("09:00:00"), 10);
    reading.from_us = reading.ts_us - 401 * TIMESTAMP_DAY_US;
    assert_int_equal(book_reading(book, reading), OUTCOME_OUT_OF_RANGE);
    reading.from_us = reading.ts_us - 400 * TIMESTAMP_DAY_US;
    assert_int_equal(book_reading(book, reading), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 10);
    book_close(book);
}

static void what_is_not_booked_yet_says_so(void **state)
{
    (void)state;
    struct book *book = book_of_two();
    assert_int_equal(
        book_tell(book, &(struct fact){.kind = FACT_ENTRY, .as.entry.kind = ENTRY_OTHER}),
        OUTCOME_NOT_SUPPORTED);
    assert_non_null(book->detail);
    assert_int_equal(book_heat(book, HEAT_RETURN, "H1", CATALOG_NONE, clock_at("09:00:00")),
                     OUTCOME_BAD_FIELD);
    assert_non_null(book->detail);
    assert_int_equal(book_reading(book, reading_of(0, clock_at("09:00:00"), 1)), OUTCOME_BASELINE);
    assert_null(book->detail);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_takeover_names_the_heats_whose_owner_is_another_now),
        cmocka_unit_test(a_heat_that_only_a_reading_names_is_made_known),
        cmocka_unit_test(a_refused_event_leaves_no_heat_behind),
        cmocka_unit_test(a_retained_reading_counts_and_is_no_sign_of_life),
        cmocka_unit_test(a_meter_that_never_spoke_shows_nothing),
        cmocka_unit_test(a_meter_that_lies_is_refused_or_counted_and_breaks_nothing),
        cmocka_unit_test(a_reset_to_what_no_register_shows_is_refused),
        cmocka_unit_test(an_increment_of_decades_is_refused),
        cmocka_unit_test(what_is_not_booked_yet_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
