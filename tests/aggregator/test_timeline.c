/* Registers and rates: whose use their curves are. Meter 0 stands at LF. */
#include "register_book.h"

/* DOMAIN 3, test A: 5,400 Nm3 from 07:50 to 08:05. */
static void oxygen_is_split_at_the_shift_change(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "12602485", "07:50:00", "08:05:00");
    read_at(book, "07:50:00", 1000);
    read_at(book, "08:05:00", 6400);
    assert_int_equal(book_sum(book, 0, "12602485", CREW_D), 3600);
    assert_int_equal(book_sum(book, 0, "12602485", CREW_A), 1800);
    assert_int_equal(book_sum(book, 0, NULL, -1), 5400);
    book_close(book);
}

/* DOMAIN 3, test B: 3,700 kWh from 07:50 to 08:20, in Wh. */
static void energy_is_floored_once_at_the_shift_change(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "12602484", "07:50:00", "08:20:00");
    read_at(book, "07:50:00", 0);
    read_at(book, "08:20:00", 3700000);
    assert_int_equal(book_sum(book, 0, "12602484", CREW_D), 1233333);
    assert_int_equal(book_sum(book, 0, "12602484", CREW_A), 2466667);
    book_close(book);
}

/* DOMAIN 3: 07:58:20 -> 51,200 and 08:03:20 -> 51,230 make 51,210 at 08:00. */
static void a_counter_is_linear_at_the_boundary_and_flagged(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:58:20", 51200);
    assert_int_equal(book->count, 0);
    read_at(book, "08:03:20", 51230);
    assert_int_equal(book->count, 1);
    const struct segment *closed = &book->postings[0].segment;
    assert_int_equal(closed->amount_base, 10);
    assert_int_equal(closed->slot.crew.index, CREW_D);
    assert_int_equal(closed->quality, QUALITY_INTERPOLATED);
    assert_int_equal(closed->method, SHARING_NONE);
    assert_int_equal(closed->heat.value, 0);
    assert_true(closed->start_us == clock_at("07:58:20") && closed->end_us == clock_at("08:00:00"));
    assert_int_equal(book_sum(book, 0, "", CREW_A), 20);
    /* What begins between two readings is interpolated, even if a reading ends it. */
    heat_at(book, "H1", "08:10:00", NULL);
    read_at(book, "08:10:00", 51250);
    assert_int_equal(book->count, 2);
    assert_int_equal(last_posting(book)->segment.quality, QUALITY_INTERPOLATED);
    book_close(book);
}

static void a_reading_exactly_on_the_boundary_counts_once(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:50:00", 100);
    read_at(book, "08:00:00", 130);
    assert_int_equal(book->count, 1);
    assert_int_equal(book->postings[0].segment.amount_base, 30);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_MEASURED);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 30);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 0);
    read_at(book, "08:10:00", 150);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 30);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 20);
    book_close(book);
}

static void the_open_cell_is_shown_and_not_posted(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "09:00:00", NULL);
    read_at(book, "08:50:00", 0);
    struct segment_list open = {0};
    aggregator_open(book->aggregator, (meter_id){0}, &open);
    assert_int_equal(open.count, 1);
    assert_int_equal(open.items[0].amount_base, 0);
    segment_list_clear(&open);
    read_at(book, "08:59:59", 90);
    assert_int_equal(book->count, 0);
    read_at(book, "09:10:00", 200);
    assert_int_equal(book->count, 1);
    aggregator_open(book->aggregator, (meter_id){0}, &open);
    assert_int_equal(open.count, 1);
    assert_int_equal(open.items[0].heat.value, 1);
    assert_true(open.items[0].start_us == clock_at("09:00:00"));
    assert_true(open.items[0].end_us == clock_at("09:10:00"));
    assert_int_equal(open.items[0].amount_base + book->postings[0].segment.amount_base, 200);
    segment_list_clear(&open);
    book_close(book);
}

static void idle_use_belongs_to_no_heat_and_the_crew_on_duty(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "09:10:00", "09:20:00");
    heat_at(book, "H2", "09:30:00", "09:40:00");
    read_at(book, "09:00:00", 0);
    read_at(book, "10:00:00", 3600);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 2400);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 600);
    assert_int_equal(book_sum(book, 0, "H2", CREW_A), 600);
    book_close(book);
}

static void heats_at_the_same_station_share_equally_and_the_lowest_ids_take_the_rest(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H3", "09:00:00", "09:30:00");
    heat_at(book, "H1", "09:00:00", "09:30:00");
    heat_at(book, "H2", "09:00:00", "09:30:00");
    read_at(book, "09:00:00", 0);
    read_at(book, "09:30:00", 1001);
    assert_int_equal(book_sum(book, 0, "H1", -1), 334);
    assert_int_equal(book_sum(book, 0, "H2", -1), 334);
    assert_int_equal(book_sum(book, 0, "H3", -1), 333);
    for (size_t i = 0; i < book->count; i++) {
        assert_int_equal(book->postings[i].segment.method, SHARING_EQUAL);
    }
    book_close(book);
}

static void shares_are_made_for_each_piece_of_time_by_itself(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "09:00:00", "09:20:00");
    heat_at(book, "H2", "09:10:00", "09:30:00");
    read_at(book, "09:00:00", 0);
    read_at(book, "09:30:00", 303);
    assert_int_equal(book_sum(book, 0, "H1", -1), 101 + 51);
    assert_int_equal(book_sum(book, 0, "H2", -1), 50 + 101);
    book_close(book);
}

static void a_share_of_nothing_is_not_posted(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "09:00:00", "09:30:00");
    heat_at(book, "H2", "09:00:00", "09:30:00");
    read_at(book, "09:00:00", 0);
    read_at(book, "09:30:00", 1);
    assert_int_equal(book->count, 1);
    assert_int_equal(book_sum(book, 0, "H1", -1), 1);
    book_close(book);
}

static void use_in_a_hole_of_the_roster_is_nobody_s(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF);
    plant_override(plant, day_at("2026-03-10"), DAY_SHIFT, CATALOG_NONE);
    struct book *book = book_open(plant);
    read_at(book, "07:50:00", 0);
    read_at(book, "08:10:00", 1200);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 600);
    assert_int_equal(book_sum(book, 0, "", CATALOG_NONE), 600);
    book_close(book);
}

/* What a main measures is no heat's use, but it has its crews, and late truth corrects it. */
static void a_check_meter_books_to_crews_and_to_no_heat(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF)->role = METER_CHECK;
    struct book *book = book_open(plant);
    heat_at(book, "H1", "07:00:00", "09:00:00");
    read_at(book, "07:50:00", 0);
    read_at(book, "08:10:00", 1200);
    read_at(book, "08:20:00", 1300);
    assert_int_equal(book->count, 1); /* one cut, at 08:00: heats make none */
    assert_int_equal(book_sum(book, 0, "", CREW_D), 600);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 700);
    book_takeover(book, CREW_A, clock_at("08:05:00"));
    assert_int_equal(book_sum(book, 0, "", CREW_D), 900);
    read_at(book, "08:05:00", 800);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 800);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 500);
    assert_int_equal(book_sum(book, 0, NULL, -1), 1300);
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.last_raw, 1300);
    assert_int_equal(shown.booked_base, 1300);
    assert_int_equal(shown.first_ts_us, clock_at("07:50:00"));
    read_at(book, "07:45:00", 0);
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.first_ts_us, clock_at("07:45:00"));
    book_close(book);
}

static void an_uncertain_reading_flags_what_rests_on_it(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:30:00", 0);
    struct reading reading = reading_of(0, clock_at("07:50:00"), 100);
    reading.quality = READING_UNCERTAIN;
    book_reading(book, reading);
    read_at(book, "08:00:00", 150);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_UNCERTAIN);
    reading = reading_of(0, clock_at("16:00:00"), 200);
    reading.ts_assumed = true;
    book_reading(book, reading);
    assert_int_equal(book->postings[1].segment.quality, QUALITY_UNCERTAIN);
    book_close(book);
}

static void use_over_a_gap_is_estimated_and_counted_once(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF)->max_gap_us = 10 * MINUTE_US;
    struct book *book = book_open(plant);
    read_at(book, "07:30:00", 0);
    read_at(book, "08:30:00", 600);
    read_at(book, "08:30:00", 600);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_ESTIMATED);
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.gaps, 1);
    assert_int_equal(shown.outcomes[OUTCOME_DUPLICATE], 1);
    book_close(book);
}

/* What is posted of a quality; a reversal has the quality of what it takes back. */
static int64_t sum_of_quality(const struct book *book, enum quality quality)
{
    int64_t sum = 0;
    for (size_t i = 0; i < book->count; i++) {
        sum += book->postings[i].segment.quality == quality ? book->postings[i].segment.amount_base
                                                            : 0;
    }
    return sum;
}

static void only_the_gap_itself_is_estimated(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF)->max_gap_us = 15 * MINUTE_US;
    struct book *book = book_open(plant);
    read_at(book, "09:00:00", 0);
    read_at(book, "09:05:00", 5);
    read_at(book, "17:05:00", 485); /* a unit a minute, which nobody saw */
    read_at(book, "17:10:00", 490);
    assert_int_equal(sum_of_quality(book, QUALITY_MEASURED), 5);
    assert_int_equal(sum_of_quality(book, QUALITY_ESTIMATED), 480);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 5 + 415);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 65 + 5);
    book_close(book);
}

static void a_late_reading_makes_a_gap_smaller(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF)->max_gap_us = 15 * MINUTE_US;
    struct book *book = book_open(plant);
    read_at(book, "09:00:00", 0);
    read_at(book, "09:40:00", 40);
    read_at(book, "09:10:00", 1);
    read_at(book, "09:41:00", 41);
    assert_int_equal(sum_of_quality(book, QUALITY_MEASURED), 1);
    assert_int_equal(sum_of_quality(book, QUALITY_ESTIMATED), 39);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 41);
    book_close(book);
}

static enum outcome reset_at(struct book *book, enum meter_event_kind kind, const char *time_of_day,
                             int64_t final, int64_t initial)
{
    struct fact fact = {
        .kind = FACT_METER,
        .as.meter = {.ts_us = clock_at(time_of_day),
                     .kind = kind,
                     .final_raw = final,
                     .initial_raw = initial},
    };
    return book_tell(book, &fact);
}

static void an_exchange_counts_both_registers(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "09:00:00", 84000);
    assert_int_equal(reset_at(book, METER_EVENT_EXCHANGE, "09:10:00", 84213, 12), OUTCOME_RESET);
    read_at(book, "09:20:00", 60);
    assert_int_equal(book_sum(book, 0, NULL, -1), 261);
    assert_int_equal(reset_at(book, METER_EVENT_EXCHANGE, "09:10:00", 84213, 12),
                     OUTCOME_DUPLICATE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 261);
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.outcomes[OUTCOME_RESET], 1);
    book_close(book);
}

static void meter_events_that_cannot_be_booked_are_refused(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_RATE, LF);
    struct book *book = book_open(plant);
    assert_int_equal(reset_at(book, METER_EVENT_RESET, "09:00:00", INT64_MIN, 0),
                     OUTCOME_NOT_ALLOWED);
    assert_non_null(book->detail);
    assert_int_equal(reset_at(book, METER_EVENT_MULTIPLIER, "09:00:00", INT64_MIN, 0),
                     OUTCOME_OUT_OF_RANGE); /* a factor of 0 */
    assert_int_equal(book_reading(book, reading_of(0, clock_at("09:00:00"), -1)),
                     OUTCOME_OUT_OF_RANGE);
    assert_non_null(book->detail);
    book_close(book);
    book = book_of_register();
    assert_int_equal(reset_at(book, METER_EVENT_RESET, "09:00:00", INT64_MIN, INT64_MIN),
                     OUTCOME_BAD_FIELD);
    read_at(book, "08:00:00", 100);
    assert_int_equal(reset_at(book, METER_EVENT_EXCHANGE, "09:00:00", 50, 0), OUTCOME_GLITCH);
    assert_non_null(book->detail);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    book_close(book);
}

/* Watched meters are named when their open cell begins anew and when their use has grown. */
static void a_watched_meter_is_named_when_its_open_use_must_be_judged(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    struct effects effects;
    static const struct {
        const char *ts;
        int64_t value;
        size_t opened;
    } rows[] = {
        {"07:31:00", 99, 0},
        {"07:32:00", 100, 1},
        {"07:33:00", 150, 1},
        {"08:01:00", 160, 1},
    };
    read_at(book, "07:30:00", 0);
    aggregator_watch(book->aggregator, (meter_id){0}, 100);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct fact fact = {.kind = FACT_READING,
                            .as.reading = reading_of(0, clock_at(rows[i].ts), rows[i].value)};
        aggregator_begin(book->aggregator, ++book->position);
        aggregator_apply(book->aggregator, &fact, 0, &effects);
        assert_int_equal(effects.opened_count, rows[i].opened);
    }
    aggregator_watch(book->aggregator, (meter_id){0}, INT64_MAX);
    struct fact fact = {.kind = FACT_READING,
                        .as.reading = reading_of(0, clock_at("08:02:00"), 999999)};
    aggregator_apply(book->aggregator, &fact, 0, &effects);
    assert_int_equal(effects.opened_count, 0);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oxygen_is_split_at_the_shift_change),
        cmocka_unit_test(energy_is_floored_once_at_the_shift_change),
        cmocka_unit_test(a_counter_is_linear_at_the_boundary_and_flagged),
        cmocka_unit_test(a_reading_exactly_on_the_boundary_counts_once),
        cmocka_unit_test(the_open_cell_is_shown_and_not_posted),
        cmocka_unit_test(idle_use_belongs_to_no_heat_and_the_crew_on_duty),
        cmocka_unit_test(heats_at_the_same_station_share_equally_and_the_lowest_ids_take_the_rest),
        cmocka_unit_test(shares_are_made_for_each_piece_of_time_by_itself),
        cmocka_unit_test(a_share_of_nothing_is_not_posted),
        cmocka_unit_test(use_in_a_hole_of_the_roster_is_nobody_s),
        cmocka_unit_test(a_check_meter_books_to_crews_and_to_no_heat),
        cmocka_unit_test(an_uncertain_reading_flags_what_rests_on_it),
        cmocka_unit_test(use_over_a_gap_is_estimated_and_counted_once),
        cmocka_unit_test(only_the_gap_itself_is_estimated),
        cmocka_unit_test(a_late_reading_makes_a_gap_smaller),
        cmocka_unit_test(an_exchange_counts_both_registers),
        cmocka_unit_test(meter_events_that_cannot_be_booked_are_refused),
        cmocka_unit_test(a_watched_meter_is_named_when_its_open_use_must_be_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
