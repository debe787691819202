/* What fell out of memory comes back: with a history behind it a timeline books what it would have
 * booked had it never let go of anything. */
#include "aggregator_state.h"
#include "register_book.h"
#include "timeline.h"

#include "late_story.h"

#define SEEDS 60
#define HOURS 30

static void shelf_close(struct shelf *shelf)
{
    shelf_close_by(shelf, book_close);
}

/* A reading every `step_s`, a unit a second, from 08:30 of the day on. */
static void run_register(struct book *book, int64_t from_s, int64_t to_s, int64_t step_s)
{
    for (int64_t s = from_s; s < to_s; s += step_s) {
        book_reading(book, reading_of(0, clock_at("08:30:00") + s * TIMESTAMP_SECOND_US, s));
    }
}

/* ---- Never trimmed, or trimmed and brought back ---- */

static void add(struct story *story, int64_t ts_us, struct fact fact)
{
    int64_t late_us = 0;
    if (story_below(story, 25) == 0) { /* hours, up to a day */
        late_us = story_below(story, 24 * 60) * MINUTE_US;
    } else if (story_below(story, 5) == 0) {
        late_us = story_below(story, 20) * MINUTE_US;
    }
    story_add(story, ts_us + late_us, fact);
}

static void add_heats(struct story *story, int64_t from_us)
{
    for (int64_t at_us = from_us; at_us < from_us + HOURS * TIMESTAMP_HOUR_US;) {
        char *heat = story->heats[story->heat_count];
        snprintf(heat, sizeof story->heats[0], "H%u", (unsigned)story->heat_count++);
        int64_t end_us = at_us + (5 + story_below(story, 90)) * 37 * TIMESTAMP_SECOND_US;
        uint16_t station = story_below(story, 2) == 0 ? LF : BOF;
        add(story, at_us, heat_fact(HEAT_START, heat, station, at_us));
        add(story, end_us, heat_fact(HEAT_END, heat, station, end_us));
        at_us = end_us + story_below(story, 150) * 41 * TIMESTAMP_SECOND_US;
        if (story->heat_count == ROWS(story->heats)) {
            return;
        }
    }
}

/* Readings on whole minutes, so that a stored curve has them all: dips, gaps, doubts, repeats. */
static void add_readings(struct story *story, const struct plant *plant, uint32_t m,
                         int64_t from_us)
{
    int64_t value = 1000;
    int64_t minute = story_below(story, 30);
    while (minute < HOURS * 60) {
        enum meter_kind kind = plant->meters[m].kind;
        int64_t raw = value;
        value += story_below(story, 60);
        if (kind == METER_REGISTER && story_below(story, 40) == 0) {
            raw = story_below(story, value); /* a dip */
        } else if (kind == METER_REGISTER && story_below(story, 60) == 0) {
            raw = value + 100000; /* a spike */
        } else if (kind == METER_LEVEL) {
            value -= story_below(story, 90);
            value = value < 200 ? 3000 : value; /* a refill */
            raw = value;
        } else if (kind == METER_RATE) {
            raw = story_below(story, 5000);
        }
        struct reading reading = reading_of(m, from_us + minute * MINUTE_US, raw);
        reading.quality = story_below(story, 30) == 0 ? READING_UNCERTAIN : READING_GOOD;
        add(story, reading.ts_us, reading_fact(reading));
        if (story_below(story, 20) == 0) {
            add(story, reading.ts_us, reading_fact(reading));
        }
        if (story_below(story, 40) == 0) {
            reading.value_raw += 1 + story_below(story, 3);
            add(story, reading.ts_us, reading_fact(reading));
        }
        minute += story_below(story, 80) == 0 ? 15 + story_below(story, 200) : 1;
    }
}

static struct plant *plant_of_all_kinds(void)
{
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF)->max_gap_us = 10 * MINUTE_US;
    struct meter *meter = plant_meter(plant, METER_REGISTER, BOF);
    meter->max_rate_raw_hour = 60 * 200;
    meter->scale_num = 7;
    meter->scale_den = 3;
    meter = plant_meter(plant, METER_RATE, LF);
    meter->max_hold_us = 5 * MINUTE_US;
    meter->scale_den = 7;
    plant_meter(plant, METER_RATE, BOF)->integration = METER_TRAPEZOID;
    plant_meter(plant, METER_LEVEL, LF)->division_raw = 10;
    return plant;
}

static void story_make(struct story *story, uint64_t seed, const struct plant *plant)
{
    story_open(story, seed);
    int64_t from_us = story->from_us;
    add_heats(story, from_us);
    for (int i = 0; i < 4; i++) {
        int64_t ts_us = from_us + story_below(story, HOURS * 3600) * TIMESTAMP_SECOND_US;
        uint16_t crew = (uint16_t)story_below(story, PLANT_CREWS);
        add(story, ts_us, (struct fact){.kind = FACT_CREW, .as.crew = {ts_us, {crew}}});
    }
    for (uint32_t m = 0; m < plant->catalog.meter_count; m++) {
        add_readings(story, plant, m, from_us);
    }
}

static void compare(uint64_t seed, size_t fact, struct book *whole, struct book *trimmed)
{
    story_same_net(seed, fact, whole, trimmed);
    for (uint32_t m = 0; m < whole->plant->catalog.meter_count; m++) {
        struct meter_state shown;
        aggregator_meter(trimmed->aggregator, (meter_id){m}, &shown);
        assert_int_equal(book_sum(trimmed, m, NULL, -1), shown.booked_base);
    }
}

static void check_seed(uint64_t seed)
{
    struct plant *plant = plant_of_all_kinds();
    struct story story;
    story_make(&story, seed, plant);
    struct book *whole = book_open(plant);
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant));
    story_tell(&story, seed, 512, whole, shelf.book, compare);
    assert_int_equal(whole->count, shelf.book->count);
    assert_true(shelf.history.puts > 5 * HOURS);
    story_close(&story, whole);
    shelf_close(&shelf);
}

static void with_a_reading_a_minute_nothing_is_lost_by_letting_go(void **state)
{
    (void)state;
    story_each_seed(SEEDS, check_seed);
}

/* ---- What comes long after the exact window ---- */

/* Idle but for H1 from 09:00 to 09:10:30 and H2 from then to 09:20; six hours pass. */
static void open_a_morning(struct shelf *shelf, int64_t step_s)
{
    shelf_open(shelf, book_of_register());
    heat_at(shelf->book, "H1", "09:00:00", "09:10:30");
    heat_at(shelf->book, "H2", "09:10:30", "09:20:00");
    run_register(shelf->book, 0, 6 * 3600, step_s);
}

static void edge_12_a_reading_hours_late_changes_its_two_neighbours_only(void **state)
{
    (void)state;
    struct shelf shelf;
    open_a_morning(&shelf, 60);
    struct book *book = shelf.book;
    size_t before = book->count;
    /* 10 s before the boundary the meter was 30 further than the line. */
    assert_int_equal(read_at(book, "09:10:20", 2450), OUTCOME_LATE);
    assert_int_equal(book->count, before + 4); /* two reversed, two posted */
    for (size_t i = before; i < book->count; i++) {
        assert_true(book->postings[i].cause == POSTING_REVERSAL ||
                    book->postings[i].cause == POSTING_LATE_READING);
        assert_true(book->postings[i].segment.start_us >= clock_at("09:00:00"));
        assert_true(book->postings[i].segment.end_us <= clock_at("09:20:00"));
    }
    assert_int_equal(book_sum(book, 0, "H1", -1), 2452 - 1800);
    assert_int_equal(book_sum(book, 0, "H2", -1), 3000 - 2452);
    assert_int_equal(book_sum(book, 0, NULL, -1), 6 * 3600 - 60);
    /* Again it is nothing new, and so is one that lies on the line. */
    assert_int_equal(read_at(book, "09:10:20", 2450), OUTCOME_DUPLICATE);
    assert_int_equal(read_at(book, "09:15:30", 2730), OUTCOME_LATE);
    assert_int_equal(book->count, before + 4);
    shelf_close(&shelf);
}

/* A heat of the morning is told in the afternoon: its postings carry why, what was is reversed. */
static void edge_13_a_heat_of_the_morning_told_in_the_afternoon_is_booked(void **state)
{
    (void)state;
    struct shelf shelf;
    open_a_morning(&shelf, 10);
    struct book *book = shelf.book;
    size_t before = book->count;
    assert_int_equal(book_heat(book, HEAT_START, "H3", LF, clock_at("10:00:07")), OUTCOME_ACCEPTED);
    assert_int_equal(book_heat(book, HEAT_END, "H3", LF, clock_at("10:31:13")), OUTCOME_ACCEPTED);
    assert_null(book->detail);
    assert_int_equal(book_sum(book, 0, "H3", -1), 31 * 60 + 6);
    assert_int_equal(book_sum(book, 0, "H1", -1), 630);
    assert_int_equal(book_sum(book, 0, NULL, -1), 6 * 3600 - 10);
    for (size_t i = before; i < book->count; i++) {
        const struct posting *posting = &book->postings[i];
        assert_true(posting->cause == POSTING_REVERSAL || posting->cause == POSTING_LATE_EVENT ||
                    posting->cause == POSTING_CLOSED);
        /* The ends of H3 lie between two points of the stored curve. */
        assert_true(posting->cause != POSTING_LATE_EVENT ||
                    posting->segment.quality >= QUALITY_INTERPOLATED);
    }
    shelf_close(&shelf);
}

static void edge_19_a_takeover_of_yesterday_moves_what_was_booked(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_of_register());
    struct book *book = shelf.book;
    run_register(book, 0, 30 * 3600, 10);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 8 * 3600);
    assert_int_equal(book_takeover(book, CREW_B, clock_at("15:51:40")), OUTCOME_ACCEPTED);
    assert_null(book->detail);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 8 * 3600 + 500);
    assert_int_equal(book->postings[book->count - 2].cause, POSTING_ROSTER);
    assert_int_equal(book_takeover(book, CREW_D, clock_at("20:00:00")), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 4 * 3600 + 500);
    assert_int_equal(book_sum(book, 0, NULL, -1), 30 * 3600 - 10);
    shelf_close(&shelf);
}

static void an_earlier_first_reading_that_comes_next_day_is_the_baseline(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_of_register());
    struct book *book = shelf.book;
    run_register(book, 3600, 30 * 3600, 10);
    assert_int_equal(read_at(book, "08:30:00", 0), OUTCOME_BASELINE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 30 * 3600 - 10);
    assert_int_equal(read_at(book, "07:30:00", 0), OUTCOME_BASELINE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 30 * 3600 - 10);
    shelf_close(&shelf);
}

/* The new register was read within the minute of the exchange, of which nobody told for hours: of
 * that minute the last reading of the old one counts, too. */
static void edge_08_an_exchange_told_hours_late_counts_both_registers(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_of_register());
    struct book *book = shelf.book;
    run_register(book, 0, 3600, 60);
    for (int64_t s = 3630; s < 6 * 3600; s += 60) {
        book_reading(book,
                     reading_of(0, clock_at("08:30:00") + s * TIMESTAMP_SECOND_US, 100000 + s));
    }
    const struct fact exchange = {.kind = FACT_METER,
                                  .as.meter = {.ts_us = clock_at("09:30:20"),
                                               .kind = METER_EVENT_EXCHANGE,
                                               .final_raw = 3620,
                                               .initial_raw = 103620}};
    assert_int_equal(book_tell(book, &exchange), OUTCOME_LATE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 5 * 3600 + 59 * 60 + 30);
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.booked_base, 5 * 3600 + 59 * 60 + 30);
    shelf_close(&shelf);
}

/* What the meter did between two points of the stored curve is on the line between them. */
static void what_is_brought_back_is_exact_where_the_meter_moved_evenly(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_of_register());
    struct book *book = shelf.book;
    run_register(book, 0, 20 * 3600, 10);
    static char ids[100][8];
    for (int64_t n = 0; n < 100; n++) {
        int64_t start_us =
            clock_at("08:40:00") + (n * 7919 % 1000) * (MINUTE_US + TIMESTAMP_SECOND_US);
        snprintf(ids[n], sizeof ids[n], "H%02d", (int)n);
        book_heat(book, HEAT_START, ids[n], LF, start_us);
        book_heat(book, HEAT_END, ids[n], LF, start_us + 61 * TIMESTAMP_SECOND_US);
        assert_int_equal(book_sum(book, 0, ids[n], -1), 61);
    }
    assert_int_equal(book_sum(book, 0, NULL, -1), 20 * 3600 - 10);
    shelf_close(&shelf);
}

static void what_is_older_than_the_reach_is_refused_and_told(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_of_register());
    struct book *book = shelf.book;
    for (int64_t day = 0; day < 450; day++) {
        book_reading(book, reading_of(0, clock_at("08:30:00") + day * TIMESTAMP_DAY_US, day * 24));
    }
    int64_t edge_us = clock_at("08:30:00") + 49 * TIMESTAMP_DAY_US;
    assert_int_equal(book_reading(book, reading_of(0, edge_us - 1, 49 * 24)), OUTCOME_TOO_LATE);
    assert_int_equal(book_reading(book, reading_of(0, edge_us + TIMESTAMP_HOUR_US, 49 * 24)),
                     OUTCOME_LATE);
    assert_int_equal(book_heat(book, HEAT_START, "H1", LF, edge_us - TIMESTAMP_DAY_US),
                     OUTCOME_TOO_LATE);
    assert_non_null(book->detail);
    assert_int_equal(book_sum(book, 0, NULL, -1), 449 * 24);
    shelf_close(&shelf);
}

/* ---- Memory and pages ---- */

static size_t bytes_of(const struct timeline *timeline)
{
    return sizeof *timeline + timeline->curve.capacity * sizeof *timeline->curve.samples +
           timeline->mark_capacity * sizeof *timeline->marks +
           timeline->booked.capacity * sizeof *timeline->booked.items + timeline->writer.capacity +
           timeline->loaded_capacity * sizeof *timeline->loaded;
}

static void a_meter_read_every_ten_seconds_takes_little_memory(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct meter *meter = plant_meter(plant, METER_REGISTER, LF);
    meter->role = METER_CHECK; /* no heats */
    struct memory_history history;
    memory_history_init(&history);
    struct book *book = book_open(plant);
    struct timeline timeline;
    timeline_init(&timeline, (meter_id){0}, meter);
    timeline.history = &history.methods;
    const struct attribution attribution = {.calendar = aggregator_calendar(book->aggregator),
                                            .catalog = &plant->catalog};
    struct posting_sink sink = {0};
    size_t most = 0;
    for (int64_t s = 0; s < 48 * 3600; s += 10) {
        struct sample sample = {.ts_us = clock_at("08:30:00") + s * TIMESTAMP_SECOND_US +
                                         s * 7919 % 500 * 1000,
                                .raw = s * 120 + s * 31 % 700,
                                .seq = -1};
        timeline_insert(&timeline, &attribution, &sample, POSTING_LATE_READING, &sink);
        most = bytes_of(&timeline) > most ? bytes_of(&timeline) : most;
    }
    size_t stored = 0;
    for (size_t i = 0; i < history.count; i++) {
        stored += history.pages[i].count;
    }
    print_message("in memory %zu bytes at most (a sample takes %zu), %zu pages of %zu bytes\n",
                  most, sizeof(struct point), history.count, stored / history.count);
    size_t others = sizeof(struct meter_book) - sizeof timeline + sizeof(struct tip);
    assert_true(most + others <= 4096);
    assert_true(history.count >= 46 && history.puts == history.count);
    assert_true(stored / history.count <= 60 * 4 + 64);
    free(sink.items);
    timeline_clear(&timeline);
    memory_history_clear(&history);
    book_close(book);
}

/* Only pages that became others are put again. (What came into a page late, as its marks did, is
 * sorted in when it comes back for the first time.) */
static void what_is_brought_back_and_not_changed_is_not_put_again(void **state)
{
    (void)state;
    struct shelf shelf;
    open_a_morning(&shelf, 60);
    assert_int_equal(read_at(shelf.book, "08:35:00", 300), OUTCOME_DUPLICATE);
    size_t puts = shelf.history.puts;
    assert_int_equal(read_at(shelf.book, "09:05:00", 2100), OUTCOME_DUPLICATE);
    assert_int_equal(shelf.history.puts, puts);
    assert_int_equal(read_at(shelf.book, "09:05:30", 2135), OUTCOME_LATE);
    assert_int_equal(shelf.history.puts, puts + 1);
    shelf_close(&shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_reading_a_minute_nothing_is_lost_by_letting_go),
        cmocka_unit_test(edge_12_a_reading_hours_late_changes_its_two_neighbours_only),
        cmocka_unit_test(edge_13_a_heat_of_the_morning_told_in_the_afternoon_is_booked),
        cmocka_unit_test(edge_19_a_takeover_of_yesterday_moves_what_was_booked),
        cmocka_unit_test(an_earlier_first_reading_that_comes_next_day_is_the_baseline),
        cmocka_unit_test(edge_08_an_exchange_told_hours_late_counts_both_registers),
        cmocka_unit_test(what_is_brought_back_is_exact_where_the_meter_moved_evenly),
        cmocka_unit_test(what_is_older_than_the_reach_is_refused_and_told),
        cmocka_unit_test(a_meter_read_every_ten_seconds_takes_little_memory),
        cmocka_unit_test(what_is_brought_back_and_not_changed_is_not_put_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
