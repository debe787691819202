/* Use is cut where its price changes, so that each posting lies in one band of a tariff: registers,
 * rates and increments, those that name a heat too; through late truth, snapshots, moves, and
 * another tariff within the life of a ledger. */
#include "snapshot_sides.h"
#include "tariff_fixture.h"

#include "plant_fixture_book.h"

#define SEEDS 60
#define FACTS 1500

static const int32_t ten_and_three[] = {0, 600, 900}; /* 00:00, 10:00, 15:00 */

static struct book *open_book(enum meter_kind kind)
{
    struct plant *plant = plant_create();
    plant->items[0].tariff = tariff_by_minutes(ten_and_three, 3);
    plant_meter(plant, kind, LF);
    return book_open(plant);
}

static void close_book(struct book *book)
{
    free(book->plant->items[0].tariff);
    book_close(book);
}

static void expect_posting(const struct book *book, size_t at, const char *from, const char *to,
                           int64_t amount_base, const char *heat)
{
    assert_true(at < book->count);
    const struct segment *segment = &book->postings[at].segment;
    const char *id = segment->heat.value == 0
                         ? ""
                         : heats_get(aggregator_heats(book->aggregator), segment->heat)->id;
    assert_int_equal(segment->start_us, clock_at(from));
    assert_int_equal(segment->end_us, clock_at(to));
    assert_int_equal(segment->amount_base, amount_base);
    assert_string_equal(id, heat);
}

static void a_register_is_cut_where_the_price_changes(void **state)
{
    (void)state;
    struct book *book = open_book(METER_REGISTER);
    book_reading(book, reading_of(0, clock_at("09:00:00"), 1000));
    book_reading(book, reading_of(0, clock_at("10:30:00"), 1100));
    book_reading(book, reading_of(0, clock_at("15:00:00"), 1200));
    assert_int_equal(book->count, 2);
    expect_posting(book, 0, "09:00:00", "10:00:00", 66, "");
    expect_posting(book, 1, "10:00:00", "15:00:00", 134, "");
    close_book(book);
}

static void an_increment_that_names_a_heat_is_cut_too(void **state)
{
    (void)state;
    struct book *book = open_book(METER_INCREMENT);
    struct reading reading = reading_of(0, clock_at("15:30:00"), 1000);
    reading.from_us = clock_at("09:30:00");
    reading.heat = "H1";
    book_reading(book, reading);
    assert_int_equal(book->count, 3);
    expect_posting(book, 0, "09:30:00", "10:00:00", 83, "H1");
    expect_posting(book, 1, "10:00:00", "15:00:00", 833, "H1");
    expect_posting(book, 2, "15:00:00", "15:30:00", 84, "H1");
    close_book(book);
}

static void a_check_meter_costs_nothing_and_is_not_cut(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant->items[0].tariff = tariff_by_minutes(ten_and_three, 3);
    plant_meter(plant, METER_REGISTER, LF)->role = METER_CHECK;
    struct book *book = book_open(plant);
    book_reading(book, reading_of(0, clock_at("08:00:00"), 0));
    book_reading(book, reading_of(0, clock_at("16:00:00"), 800));
    assert_int_equal(book->count, 1);
    expect_posting(book, 0, "08:00:00", "16:00:00", 800, "");
    close_book(book);
}

static void a_sample_late_by_hours_corrects_the_mark_of_a_band(void **state)
{
    (void)state;
    struct book *book = open_book(METER_REGISTER);
    book_reading(book, reading_of(0, clock_at("09:00:00"), 1000));
    book_reading(book, reading_of(0, clock_at("11:00:00"), 1200));
    book_reading(book, reading_of(0, clock_at("15:30:00"), 1400));
    expect_posting(book, 0, "09:00:00", "10:00:00", 100, "");
    size_t before = book->count;
    book_reading(book, reading_of(0, clock_at("10:00:00"), 1180));
    bool corrected = false;
    for (size_t i = before; i < book->count; i++) {
        corrected = corrected || book->postings[i].segment.amount_base == 180;
    }
    assert_true(corrected);
    assert_int_equal(book_sum(book, 0, NULL, -1), 400);
    close_book(book);
}

/* ---- Another tariff within the life of a ledger ---- */

static void follow_with(struct book *book, struct tariff *tariff)
{
    struct catalog former = book->plant->catalog;
    struct item items[1];
    struct effects effects;
    memcpy(items, book->plant->items, sizeof items);
    former.items = items;
    book->plant->items[0].tariff = tariff;
    aggregator_begin(book->aggregator, ++book->position);
    aggregator_follow(book->aggregator, &former, &book->plant->roster, &effects);
    for (size_t i = 0; i < effects.posting_count; i++) {
        book_keep(book, &effects.postings[i], (uint32_t)i);
    }
    free(items[0].tariff);
}

static void edge_35_what_is_open_is_cut_by_a_new_tariff_at_once(void **state)
{
    (void)state;
    struct book *book = open_book(METER_REGISTER);
    static const int32_t eleven[] = {0, 660};
    follow_with(book, NULL);
    book_reading(book, reading_of(0, clock_at("09:00:00"), 1000));
    book_reading(book, reading_of(0, clock_at("12:00:00"), 1300));
    assert_int_equal(book->count, 0);
    follow_with(book, tariff_by_minutes(eleven, 2));
    assert_int_equal(book->count, 1);
    expect_posting(book, 0, "09:00:00", "11:00:00", 200, "");
    book_reading(book, reading_of(0, clock_at("12:10:00"), 1310));
    assert_int_equal(book->count, 1);
    follow_with(book, tariff_by_minutes(ten_and_three, 3)); /* 10:00 is past, and stays so */
    assert_int_equal(book->count, 1);
    book_reading(book, reading_of(0, clock_at("15:00:00"), 1500));
    assert_int_equal(book->count, 2);
    expect_posting(book, 1, "11:00:00", "15:00:00", 300, "");
    close_book(book);
}

static void a_tariff_that_goes_cuts_no_more(void **state)
{
    (void)state;
    struct book *book = open_book(METER_REGISTER);
    book_reading(book, reading_of(0, clock_at("09:00:00"), 1000));
    follow_with(book, NULL);
    book_reading(book, reading_of(0, clock_at("15:30:00"), 1300));
    assert_int_equal(book->count, 0);
    book_reading(book, reading_of(0, clock_at("16:00:00"), 1420));
    assert_int_equal(book->count, 1);
    expect_posting(book, 0, "09:00:00", "16:00:00", 420, "");
    close_book(book);
}

/* ---- Any history ---- */

/* A segment of the whole meter's time, not one that steel took along, lies in one band. */
static void assert_in_one_band(const struct plant *plant, const struct segment *segment)
{
    const struct tariff *tariff = plant->items[0].tariff;
    if (tariff != NULL && segment->end_us > segment->start_us) {
        assert_true(tariff_next_us(tariff, &plant->roster.zone, segment->start_us) >=
                    segment->end_us);
    }
}

struct sums {
    int64_t of_meter[ANY_METERS];
};

static void take(struct sums *sums, const struct plant *plant, const struct effects *effects)
{
    for (size_t i = 0; i < effects->posting_count; i++) {
        const struct posting *posting = &effects->postings[i];
        sums->of_meter[posting->segment.meter.index] += posting->segment.amount_base;
        if (posting->cause != POSTING_REVERSAL) {
            assert_in_one_band(plant, &posting->segment);
        }
    }
}

static void assert_conserved(const struct aggregator *aggregator, const struct plant *plant,
                             const struct sums *posted)
{
    for (uint32_t i = 0; i < ANY_METERS; i++) {
        struct meter_state shown;
        struct segment_list open = {0};
        int64_t sum = posted->of_meter[i];
        aggregator_meter(aggregator, (meter_id){i}, &shown);
        aggregator_open(aggregator, (meter_id){i}, &open);
        for (size_t k = 0; k < open.count; k++) {
            sum += open.items[k].amount_base;
            assert_in_one_band(plant, &open.items[k]);
        }
        assert_int_equal(sum, shown.booked_base);
        segment_list_clear(&open);
    }
}

/* Steps of a history with two changes of the tariff: with, without, with another. */
static void change_tariff(struct run *run, struct sums *sums, uint64_t number)
{
    struct plant *plant = run->any.plant;
    struct catalog former = plant->catalog;
    struct item items[1];
    struct effects effects[SIDES];
    memcpy(items, plant->items, sizeof items);
    former.items = items;
    plant->items[0].tariff = number == 0 ? NULL : tariff_any(number);
    run->position++;
    for (size_t i = 0; i < SIDES; i++) {
        aggregator_begin(run->sides[i].aggregator, run->position);
        aggregator_follow(run->sides[i].aggregator, &former, &plant->roster, &effects[i]);
        aggregator_set_history(run->sides[i].aggregator, &run->sides[i].history.methods);
        assert_same_effects(&effects[i], &effects[NEVER]);
    }
    take(sums, plant, &effects[NEVER]);
    free(items[0].tariff);
}

static void tell_facts(struct run *run, struct sums *sums, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        const struct fact fact = any_fact(&run->any);
        struct effects effects[SIDES];
        run->position++;
        for (size_t i = 0; i < SIDES; i++) {
            aggregator_begin(run->sides[i].aggregator, run->position);
            aggregator_apply(run->sides[i].aggregator, &fact, run->any.now_us, &effects[i]);
            assert_same_effects(&effects[i], &effects[NEVER]);
        }
        take(sums, run->any.plant, &effects[NEVER]);
    }
}

/* The one that goes on from snapshots begins anew from what the other saved. */
static void go_on_from_a_snapshot(struct run *run)
{
    struct snapshot_writer saved = {0};
    struct failure failure = {0};
    struct side *side = &run->sides[LOADED];
    save(run->sides[SAVED].aggregator, &saved);
    aggregator_destroy(side->aggregator);
    side->aggregator = create(run->any.plant);
    if (!load(side->aggregator, &saved, &failure)) {
        fail_msg("%s", failure.text);
    }
    aggregator_set_history(side->aggregator, &side->history.methods);
    snapshot_writer_clear(&saved);
}

static void any_history_lies_in_bands_adds_up_and_survives_snapshots(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct run run = {.position = 0};
        struct sums sums = {{0}};
        any_open(&run.any, seed);
        run.any.plant->items[0].tariff = tariff_any(seed);
        for (size_t i = 0; i < SIDES; i++) {
            side_open(&run.sides[i], run.any.plant);
        }
        for (uint64_t part = 0; part < 3; part++) {
            tell_facts(&run, &sums, FACTS / 6);
            go_on_from_a_snapshot(&run);
            tell_facts(&run, &sums, FACTS / 6);
            assert_conserved(run.sides[NEVER].aggregator, run.any.plant, &sums);
            change_tariff(&run, &sums, part == 0 ? 0 : 1000 * part + seed);
            assert_conserved(run.sides[LOADED].aggregator, run.any.plant, &sums);
        }
        assert_same_to_others(run.sides[NEVER].aggregator, run.sides[LOADED].aggregator);
        assert_same_history(&run.sides[NEVER].history, &run.sides[LOADED].history);
        for (size_t i = 0; i < SIDES; i++) {
            aggregator_destroy(run.sides[i].aggregator);
            memory_history_clear(&run.sides[i].history);
        }
        free(run.any.plant->items[0].tariff);
        any_close(&run.any);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_register_is_cut_where_the_price_changes),
        cmocka_unit_test(an_increment_that_names_a_heat_is_cut_too),
        cmocka_unit_test(a_check_meter_costs_nothing_and_is_not_cut),
        cmocka_unit_test(a_sample_late_by_hours_corrects_the_mark_of_a_band),
        cmocka_unit_test(edge_35_what_is_open_is_cut_by_a_new_tariff_at_once),
        cmocka_unit_test(a_tariff_that_goes_cuts_no_more),
        cmocka_unit_test(any_history_lies_in_bands_adds_up_and_survives_snapshots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
