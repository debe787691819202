/* Pages: what they say comes back as it was, in few bytes, and damage is refused. */
#include "page.h"
#include "plant_fixture.h"

static struct sample register_sample(int64_t ts_us, int64_t raw)
{
    return (struct sample){.ts_us = ts_us, .raw = raw, .seq = -1, .kind = SAMPLE_NORMAL};
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* C is not kept in a page; all else is. */
static void assert_same_sample(const struct sample *a, const struct sample *b)
{
    assert_true(a->ts_us == b->ts_us && a->raw == b->raw && a->seq == b->seq &&
                a->kind == b->kind && a->uncertain == b->uncertain && a->gap == b->gap &&
                a->loss == b->loss && a->entered == b->entered && a->decided == b->decided);
}

static struct sample any_sample(uint64_t *random, const struct sample *before)
{
    static const int64_t steps_us[] = {0, 1, 999, 1000, 60000000, 3600000000, -5000000};
    struct sample sample = {
        .ts_us = before->ts_us + steps_us[random_next(random) % ROWS(steps_us)],
        .raw = random_next(random) % 9 == 0 ? INT64_MIN
                                            : before->raw + (int64_t)(random_next(random) % 5000),
        .seq = random_next(random) % 5 == 0 ? -1 : before->seq + 1,
        .kind = (uint8_t)(random_next(random) % SAMPLE_ACCEPT),
        .uncertain = random_next(random) % 4 == 0,
        .gap = random_next(random) % 4 == 0,
        .loss = random_next(random) % 4 == 0,
        .entered = random_next(random) % 4 == 0,
        .decided = random_next(random) % 4 == 0,
    };
    return sample;
}

static void whatever_is_written_comes_back(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static struct sample samples[COUNT];
    uint64_t random = 7;
    struct page_writer writer = {0};
    struct sample before = register_sample(clock_at("08:00:00"), 1234567);
    for (size_t i = 0; i < COUNT; i++) {
        samples[i] = i == 0 ? before : any_sample(&random, &samples[i - 1]);
        page_add_sample(&writer, &samples[i]);
    }
    struct past past = {0};
    assert_true(page_read(writer.bytes, writer.count, (meter_id){0}, &past));
    assert_int_equal(past.sample_count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_same_sample(&past.samples[i], &samples[i]);
    }
    past_clear(&past);
    page_clear(&writer);
}

/* What C cannot be worked out without stands at the first sample of a page. */
static void the_first_sample_brings_its_fraction_and_its_reference(void **state)
{
    (void)state;
    struct sample first = register_sample(clock_at("08:00:00"), 50);
    first.c_rest = INT64_C(7199999999);
    first.reference_raw = 55;
    struct page_writer writer = {0};
    page_add_sample(&writer, &first);
    struct past past = {0};
    assert_true(page_read(writer.bytes, writer.count, (meter_id){0}, &past));
    assert_int_equal(past.samples[0].c_rest, first.c_rest);
    assert_int_equal(past.samples[0].reference_raw, 55);
    past_clear(&past);
    page_clear(&writer);
}

static void marks_and_bookings_come_back_in_full(void **state)
{
    (void)state;
    struct page_writer writer = {0};
    const struct mark marks[] = {
        {clock_at("08:00:00"), 0, QUALITY_MEASURED, QUALITY_ESTIMATED, MARK_GAP},
        {clock_at("08:10:07"), 0, QUALITY_INTERPOLATED, QUALITY_UNCERTAIN, MARK_BOUNDARY},
        {clock_at("07:00:00"), 0, QUALITY_ESTIMATED, QUALITY_CORRECTED, MARK_BOUNDARY},
    };
    const struct booked_segment booked = {
        .segment = {.meter = {3},
                    .station = {2},
                    .heat = {77},
                    .slot = {20522, {1}, {CATALOG_NONE}},
                    .start_us = marks[0].ts_us,
                    .end_us = marks[1].ts_us,
                    .amount_base = -123456789,
                    .quality = QUALITY_ESTIMATED,
                    .method = SHARING_EQUAL},
        .id = {.position = UINT64_MAX / 3, .ordinal = 12},
    };
    for (size_t i = 0; i < ROWS(marks); i++) {
        page_add_mark(&writer, &marks[i]);
        page_add_booked(&writer, &booked);
    }
    struct past past = {0};
    assert_true(page_read(writer.bytes, writer.count, (meter_id){3}, &past));
    assert_int_equal(past.mark_count, ROWS(marks));
    assert_int_equal(past.booked.count, ROWS(marks));
    for (size_t i = 0; i < ROWS(marks); i++) {
        assert_true(
            past.marks[i].ts_us == marks[i].ts_us && past.marks[i].quality == marks[i].quality &&
            past.marks[i].before == marks[i].before && past.marks[i].reason == marks[i].reason);
        const struct segment *got = &past.booked.items[i].segment;
        const struct segment *was = &booked.segment;
        assert_true(got->meter.index == 3 && got->station.index == 2 && got->heat.value == 77 &&
                    crew_slot_equal(got->slot, was->slot) && got->start_us == was->start_us &&
                    got->end_us == was->end_us && got->amount_base == was->amount_base &&
                    got->quality == was->quality && got->method == was->method);
        assert_true(past.booked.items[i].id.position == booked.id.position &&
                    past.booked.items[i].id.ordinal == 12);
    }
    past_clear(&past);
    page_clear(&writer);
}

/* A day of a register of some 0.4 MW in Wh, one point a minute. */
static void a_point_of_a_register_takes_at_most_four_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int64_t jitter_us, unit_us;
    } rows[] = {
        {"at whole seconds", 0, 1},
        {"with a jitter of whole seconds", 3, TIMESTAMP_SECOND_US},
        {"with a jitter of milliseconds", 400, 1000},
    };
    for (size_t r = 0; r < ROWS(rows); r++) {
        uint64_t random = 11;
        struct page_writer writer = {0};
        int64_t raw = 51234567;
        size_t points = 24 * 60;
        for (size_t i = 0; i < points; i++) {
            int64_t off =
                rows[r].jitter_us == 0 ? 0 : (int64_t)random_next(&random) % rows[r].jitter_us;
            raw += 6000 + (int64_t)(random_next(&random) % 1500);
            struct sample sample = register_sample(
                clock_at("00:00:50") + (int64_t)i * MINUTE_US + off * rows[r].unit_us, raw);
            page_add_sample(&writer, &sample);
        }
        print_message("a point %s takes %u.%02u bytes\n", rows[r].what,
                      (unsigned)(writer.count / points),
                      (unsigned)(writer.count % points * 100 / points));
        assert_true(writer.count <= 4 * points);
        page_clear(&writer);
    }
}

/* Whatever the bytes are, reading ends, and what it gives is within its limits. */
static void a_damaged_page_is_refused_or_harmless(void **state)
{
    (void)state;
    struct page_writer writer = {0};
    struct sample sample = register_sample(clock_at("08:00:00"), 5);
    sample.kind = SAMPLE_RESET;
    page_add_sample(&writer, &sample);
    for (uint32_t cut = 1; cut < writer.count; cut++) {
        struct past past = {0};
        assert_false(page_read(writer.bytes, cut, (meter_id){0}, &past));
        past_clear(&past);
    }
    page_clear(&writer);
    uint64_t random = 3;
    size_t refused = 0;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[48];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)random_next(&random);
        }
        struct past past = {0};
        refused += !page_read(bytes, random_next(&random) % sizeof bytes, (meter_id){0}, &past);
        for (size_t i = 0; i + 1 < past.sample_count; i++) {
            assert_true(past.samples[i].kind < SAMPLE_KIND_COUNT);
        }
        past_clear(&past);
    }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_written_comes_back),
        cmocka_unit_test(the_first_sample_brings_its_fraction_and_its_reference),
        cmocka_unit_test(marks_and_bookings_come_back_in_full),
        cmocka_unit_test(a_point_of_a_register_takes_at_most_four_bytes),
        cmocka_unit_test(a_damaged_page_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
