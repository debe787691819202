/* What a share depends on comes hours late, when memory has let go of it: it is divided again as if
 * nothing had been forgotten. */
#include "sharing_plant.h"

#include "late_story.h"

#define SEEDS 40
#define HOURS 20
#define HEATS 40
#define LATE_HEATS (6 * 60) /* minutes */

enum { SHARED, SUB_LF, SUB_BOF, PIECES, METERS };

static void shelf_close(struct shelf *shelf)
{
    shelf_close_by(shelf, close_with_keys);
}

/* SHARED at CCM is divided by what a sub-meter at LF and another at BOF moved; so are PIECES. */
static struct plant *plant_with_submeters(enum meter_kind kind)
{
    struct plant *plant = plant_create();
    struct meter *meters[METERS] = {
        [SHARED] = plant_meter(plant, METER_REGISTER, CCM),
        [SUB_LF] = plant_meter(plant, METER_REGISTER, LF),
        [SUB_BOF] = plant_meter(plant, kind, BOF),
        [PIECES] = plant_meter(plant, METER_INCREMENT, CCM),
    };
    meters[SUB_LF]->role = METER_CHECK;
    meters[SUB_BOF]->role = METER_CHECK;
    for (int i = 0; i < METERS; i += PIECES) {
        struct sharing_rule *rule = add_rule(meters[i], SHARING_SUBMETER, INT64_MIN);
        add_part(rule, LF, SUB_LF, 0);
        add_part(rule, BOF, SUB_BOF, 0);
    }
    return plant;
}

/* ---- One sub-meter that is late ---- */

static int64_t minute_us(int64_t minute)
{
    return clock_at("09:00:00") + minute * MINUTE_US;
}

static void show(struct book *book, uint32_t meter, int64_t minute, int64_t value)
{
    book_reading(book, reading_of(meter, minute_us(minute), value));
}

/* Two hours: 10 a minute are shared; the one at LF moves 5 a minute. In truth all 600 of the one at
 * BOF moved by minute 29; it is silent until minute 40, and says so in minute `told`. Heats H1 and
 * H3 at LF, H2 and H4 at BOF, change in minute 30. */
static void two_hours(struct book *book, int64_t told, int64_t step_s)
{
    for (int i = 0; i < 2; i++) {
        uint16_t station = i == 0 ? LF : BOF;
        book_heat(book, HEAT_START, i == 0 ? "H1" : "H2", station, minute_us(0));
        book_heat(book, HEAT_END, i == 0 ? "H1" : "H2", station, minute_us(30));
        book_heat(book, HEAT_START, i == 0 ? "H3" : "H4", station, minute_us(30));
    }
    for (int64_t s = 0; s <= 120 * 60; s += step_s) {
        int64_t ts_us = minute_us(0) + s * TIMESTAMP_SECOND_US;
        book_reading(book, reading_of(SHARED, ts_us, 60000 + 10 * s));
        book_reading(book, reading_of(SUB_LF, ts_us, 7000 + 5 * s));
        if (s == 0 || s >= 40 * 60) {
            book_reading(book, reading_of(SUB_BOF, ts_us, s == 0 ? 0 : 36000));
        }
        if (s == told * 60) {
            show(book, SUB_BOF, 29, 36000);
        }
    }
}

static int64_t part_of(const struct book *book, uint32_t meter, const char *heat)
{
    return book_sum(book, meter, heat, -1);
}

static void edge_12_a_submeter_71_minutes_late_gives_the_shares_of_one_in_time(void **state)
{
    static const int64_t told[] = {29, 41, 100};
    (void)state;
    for (size_t i = 0; i < ROWS(told); i++) {
        struct shelf shelf;
        shelf_open(&shelf, book_open(plant_with_submeters(METER_REGISTER)));
        struct book *book = shelf.book;
        two_hours(book, told[i], 60);
        assert_int_equal(part_of(book, SHARED, "H1"), 3600);
        assert_int_equal(part_of(book, SHARED, "H2"), 14400);
        assert_int_equal(part_of(book, SHARED, "H3"), 54000);
        assert_int_equal(part_of(book, SHARED, "H4"), 0);
        assert_null(book->detail);
        shelf_close(&shelf);
    }
}

/* What is divided again is reversed and posted again, with the reason. */
static void edge_12_what_a_late_submeter_divides_again_is_posted_with_cause_shares(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant_with_submeters(METER_REGISTER)));
    struct book *book = shelf.book;
    two_hours(book, 121, 60);
    size_t before = book->count;
    int64_t all = part_of(book, SHARED, NULL);
    show(book, SUB_BOF, 29, 36000);
    assert_true(book->count > before);
    for (size_t i = before; i < book->count; i++) {
        const struct posting *posting = &book->postings[i];
        assert_true(posting->segment.meter.index == SHARED);
        assert_true(posting->cause == POSTING_REVERSAL || posting->cause == POSTING_SHARES);
        assert_true(posting->segment.start_us == minute_us(0));
    }
    assert_int_equal(part_of(book, SHARED, NULL), all);
    assert_int_equal(part_of(book, SHARED, "H1"), 3600);
    shelf_close(&shelf);
}

/* The stored curve has a point a minute; what was pinned from all readings stays as it was where
 * the late reading says nothing new. */
static void edge_12_a_late_submeter_leaves_the_shares_behind_it_exact(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant_with_submeters(METER_REGISTER)));
    struct book *book = shelf.book;
    for (int64_t s = 0; s <= 3 * 3600; s += 10) {
        int64_t ts_us = minute_us(0) + s * TIMESTAMP_SECOND_US;
        if (s == 3600) {
            book_heat(book, HEAT_START, "H1", LF, ts_us + 25 * TIMESTAMP_SECOND_US);
        }
        book_reading(book, reading_of(SHARED, ts_us, 10 * s));
        book_reading(book, reading_of(SUB_LF, ts_us, s < 3630 ? 0 : 5 * (s - 3630)));
        book_reading(book, reading_of(SUB_BOF, ts_us, s));
    }
    size_t before = book->count;
    /* It lies on the line. */
    show(book, SUB_LF, 30, 0);
    book_reading(book, reading_of(SUB_LF, minute_us(61) + 5 * TIMESTAMP_SECOND_US, 5 * 35));
    assert_int_equal(book->count, before);
    shelf_close(&shelf);
}

/* The old register showed more when it was exchanged than was heard of it: a constant for all that
 * comes behind, whether memory has it or not. */
static void edge_08_an_exchange_of_a_submeter_hours_late_divides_one_cell_again(void **state)
{
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant_with_submeters(METER_REGISTER)));
    struct book *book = shelf.book;
    for (int64_t minute = 0; minute <= 240; minute++) {
        if (minute % 30 == 0) {
            const char *const heats[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
            if (minute > 0) {
                book_heat(book, HEAT_END, heats[minute / 30 - 1], LF, minute_us(minute));
            }
            book_heat(book, HEAT_START, heats[minute / 30], LF, minute_us(minute));
        }
        show(book, SHARED, minute, 20 * minute);
        show(book, SUB_LF, minute, minute < 50 ? 10 * minute : 10 * (minute - 50));
        show(book, SUB_BOF, minute, 10 * minute);
    }
    struct fact fact = {.kind = FACT_METER,
                        .as.meter = {.meter = {SUB_LF},
                                     .ts_us = minute_us(50) - TIMESTAMP_SECOND_US,
                                     .kind = METER_EVENT_EXCHANGE,
                                     .final_raw = 1100,
                                     .initial_raw = 0}};
    assert_int_equal(book_tell(book, &fact), OUTCOME_LATE);
    assert_int_equal(part_of(book, SHARED, "1"), 300);
    /* 290 - 300 + 1100 - 490 + 100 = 900 beside 300 */
    assert_int_equal(part_of(book, SHARED, "2"), 450);
    for (int i = 3; i < 8; i++) {
        char heat[2] = {(char)('0' + i), 0};
        assert_int_equal(part_of(book, SHARED, heat), 300);
    }
    assert_int_equal(part_of(book, SHARED, NULL), 4800);
    shelf_close(&shelf);
}

/* The shared meter was read two days later than its sub-meter: what the sub-meter may still say is
 * further back than the shared meter reaches. It is said, not left out in silence. */
static void edge_12_what_cannot_be_divided_again_is_said(void **state)
{
    static const int64_t days[] = {0, 200, 400};
    (void)state;
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant_with_submeters(METER_REGISTER)));
    struct book *book = shelf.book;
    for (size_t i = 0; i < ROWS(days); i++) {
        int64_t minute = days[i] * 24 * 60;
        show(book, SUB_LF, minute, 100000 * (int64_t)i);
        show(book, SUB_BOF, minute, 100000 * (int64_t)i);
        show(book, SHARED, minute, 1000000 * (int64_t)i);
    }
    show(book, SHARED, 402 * 24 * 60, 3000000);
    int64_t all = part_of(book, SHARED, NULL);
    size_t before = book->count;
    assert_int_equal(book_reading(book, reading_of(SUB_LF, minute_us(24 * 60), 90000)),
                     OUTCOME_LATE);
    assert_non_null(book->detail);
    assert_non_null(strstr(book->detail, "more than 400 days"));
    assert_true(book->count > before); /* what is within reach is divided again */
    assert_int_equal(part_of(book, SHARED, NULL), all);
    assert_int_equal(all, 3000000);
    shelf_close(&shelf);
}

/* ---- Never trimmed, or trimmed and brought back ---- */

/* `late`: it may come up to `late` minutes after its time, one in ten does. */
static void add(struct story *story, int64_t ts_us, int64_t late, struct fact fact)
{
    int64_t late_us = story_below(story, 10) == 0 ? story_below(story, late) * MINUTE_US : 0;
    story_add(story, ts_us + late_us, fact);
}

static void add_heats(struct story *story)
{
    for (int i = 0; i < HEATS; i++) {
        uint16_t station = i % 2 == 0 ? LF : BOF;
        int64_t start_us = story->from_us + (i / 2 * 60 + story_below(story, 40)) * MINUTE_US;
        int64_t end_us = start_us + (5 + story_below(story, 60)) * 37 * TIMESTAMP_SECOND_US;
        snprintf(story->heats[i], sizeof story->heats[0], "H%d", i);
        add(story, start_us, LATE_HEATS, heat_fact(HEAT_START, story->heats[i], station, start_us));
        add(story, end_us, LATE_HEATS, heat_fact(HEAT_END, story->heats[i], station, end_us));
    }
}

/* On whole minutes, so that a stored curve has them all: dips, jumps, gaps, doubts. */
static void add_readings(struct story *story, const struct plant *plant, uint32_t meter)
{
    enum meter_kind kind = plant->meters[meter].kind;
    int64_t value = 1000;
    for (int64_t minute = story_below(story, 30); minute < HOURS * 60; minute++) {
        int64_t ts_us = story->from_us + minute * MINUTE_US;
        int64_t raw = value;
        value += story_below(story, 60);
        if (kind == METER_REGISTER && story_below(story, 40) == 0) {
            raw = story_below(story, value); /* a dip */
        } else if (kind == METER_REGISTER && story_below(story, 60) == 0) {
            raw = value + 100000; /* a jump */
        } else if (kind != METER_REGISTER) {
            raw = story_below(story, 5000);
        }
        struct reading reading = reading_of(meter, ts_us, raw);
        reading.quality = story_below(story, 30) == 0 ? READING_UNCERTAIN : READING_GOOD;
        add(story, ts_us, 12 * 60, reading_fact(reading));
        minute += story_below(story, 40) == 0 ? 5 + story_below(story, 60) : 0;
    }
}

/* Exchanges, other multipliers, decisions: of the sub-meters. */
static void add_lies(struct story *story)
{
    for (int i = 0; i < 12; i++) {
        uint32_t meter = SUB_LF + (uint32_t)story_below(story, 2);
        int64_t ts_us = story->from_us + story_below(story, HOURS * 60) * MINUTE_US;
        struct fact event = {.kind = FACT_METER,
                             .as.meter = {.meter = {meter},
                                          .ts_us = ts_us,
                                          .kind = METER_EVENT_MULTIPLIER,
                                          .final_raw = INT64_MIN,
                                          .initial_raw = INT64_MIN,
                                          .value_num = 1 + story_below(story, 3),
                                          .value_den = 1 + story_below(story, 3)}};
        if (i % 3 == 1) {
            event.as.meter.kind = METER_EVENT_EXCHANGE;
            event.as.meter.final_raw = story_below(story, 60000);
            event.as.meter.initial_raw = story_below(story, 500);
        } else if (i % 3 == 2) {
            event = (struct fact){.kind = FACT_ENTRY,
                                  .as.entry = {.kind = i % 2 == 0 ? ENTRY_ACCEPT : ENTRY_REJECT,
                                               .ts_us = ts_us,
                                               .meter = {meter},
                                               .at_us = ts_us,
                                               .value_raw = INT64_MIN,
                                               .by = "a",
                                               .event = "",
                                               .text = ""}};
        }
        add(story, ts_us, 8 * 60, event);
    }
}

static void check_seed(uint64_t seed)
{
    static const enum meter_kind kinds[] = {METER_REGISTER, METER_RATE, METER_LEVEL};
    struct plant *plant = plant_with_submeters(kinds[seed % ROWS(kinds)]);
    struct story story;
    story_open(&story, seed);
    plant->meters[SUB_LF].max_rate_raw_hour = 60 * 200;
    plant->meters[SUB_BOF].max_hold_us = 5 * MINUTE_US;
    plant->meters[SUB_BOF].division_raw = 10;
    plant->meters[SHARED].max_gap_us = 30 * MINUTE_US;
    add_heats(&story);
    for (uint32_t meter = 0; meter < METERS; meter++) {
        add_readings(&story, plant, meter);
    }
    add_lies(&story);
    struct book *whole = book_open(plant);
    struct shelf shelf;
    shelf_open(&shelf, book_open(plant));
    story_tell(&story, seed, 64, whole, shelf.book, story_same_net);
    assert_true(shelf.history.puts > HOURS);
    story_close(&story, whole);
    shelf_close(&shelf);
}

static void late_truth_about_submeters_divides_as_if_nothing_was_forgotten(void **state)
{
    (void)state;
    story_each_seed(SEEDS, check_seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_12_a_submeter_71_minutes_late_gives_the_shares_of_one_in_time),
        cmocka_unit_test(edge_12_what_a_late_submeter_divides_again_is_posted_with_cause_shares),
        cmocka_unit_test(edge_12_a_late_submeter_leaves_the_shares_behind_it_exact),
        cmocka_unit_test(edge_08_an_exchange_of_a_submeter_hours_late_divides_one_cell_again),
        cmocka_unit_test(edge_12_what_cannot_be_divided_again_is_said),
        cmocka_unit_test(late_truth_about_submeters_divides_as_if_nothing_was_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
