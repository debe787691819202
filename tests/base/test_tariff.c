/* Tariffs: which price is in force, and when the next one begins. */
#include "tariff.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))
#define HOURS(count) ((count)*3600)

enum { VALLEY, FLAT, PEAK, SHARP };

/* Valley 23-07, flat 07-10, peak 10-15 (July and August: 12-14 of it sharp), flat 15-23; from 1
 * June 2026 the flat price is another. */
static void make(struct tariff *tariff)
{
    static const struct tariff_season plain = {.months = 0xFFF & ~(3u << 6),
                                               .band_count = 3,
                                               .bands = {{"valley", {"", ""}, 300000},
                                                         {"flat", {"", ""}, 600000},
                                                         {"peak", {"", ""}, 900000}},
                                               .window_count = 5,
                                               .windows = {{0, VALLEY},
                                                           {HOURS(7), FLAT},
                                                           {HOURS(10), PEAK},
                                                           {HOURS(15), FLAT},
                                                           {HOURS(23), VALLEY}}};
    static const struct tariff_season summer = {.months = 3u << 6,
                                                .band_count = 4,
                                                .bands = {{"valley", {"", ""}, 300000},
                                                          {"flat", {"", ""}, 600000},
                                                          {"peak", {"", ""}, 900000},
                                                          {"sharp", {"", ""}, 1200000}},
                                                .window_count = 7,
                                                .windows = {{0, VALLEY},
                                                            {HOURS(7), FLAT},
                                                            {HOURS(10), PEAK},
                                                            {HOURS(12), SHARP},
                                                            {HOURS(14), PEAK},
                                                            {HOURS(15), FLAT},
                                                            {HOURS(23), VALLEY}}};
    memset(tariff, 0, sizeof *tariff);
    tariff->version_count = 2;
    for (int i = 0; i < 2; i++) {
        tariff->versions[i].season_count = 2;
        tariff->versions[i].seasons[0] = plain;
        tariff->versions[i].seasons[1] = summer;
    }
    tariff->versions[0].from_us = INT64_MIN;
    assert_true(timestamp_parse("2026-06-01T12:30:00+08:00", 25, &tariff->versions[1].from_us));
    tariff->versions[1].seasons[0].bands[FLAT].price_e6 = 650000;
}

static int64_t instant(const char *text)
{
    int64_t ts_us = 0;
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

static void a_price_is_in_force_at_every_instant(void **state)
{
    static const struct {
        const char *at, *band;
        int64_t price_e6;
        const char *next;
    } rows[] = {
        {"2026-03-10T00:00:00+08:00", "valley", 300000, "2026-03-10T07:00:00+08:00"},
        {"2026-03-10T06:59:59+08:00", "valley", 300000, "2026-03-10T07:00:00+08:00"},
        {"2026-03-10T07:00:00+08:00", "flat", 600000, "2026-03-10T10:00:00+08:00"},
        {"2026-03-10T12:00:00+08:00", "peak", 900000, "2026-03-10T15:00:00+08:00"},
        {"2026-03-10T23:30:00+08:00", "valley", 300000, "2026-03-11T00:00:00+08:00"},
        {"2026-06-01T12:29:59+08:00", "peak", 900000, "2026-06-01T12:30:00+08:00"},
        {"2026-06-01T12:30:00+08:00", "peak", 900000, "2026-06-01T15:00:00+08:00"},
        {"2026-06-01T15:00:00+08:00", "flat", 650000, "2026-06-01T23:00:00+08:00"},
        {"2026-06-30T23:30:00+08:00", "valley", 300000, "2026-07-01T00:00:00+08:00"},
        {"2026-07-01T13:00:00+08:00", "sharp", 1200000, "2026-07-01T14:00:00+08:00"},
        {"1999-12-31T23:30:00+08:00", "valley", 300000, "2000-01-01T00:00:00+08:00"},
    };
    struct zone zone = zone_fixed("Asia/Shanghai", HOURS(8));
    struct tariff tariff;
    (void)state;
    make(&tariff);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct tariff_band *band = tariff_at(&tariff, &zone, instant(rows[i].at));
        assert_string_equal(band->id, rows[i].band);
        assert_int_equal(band->price_e6, rows[i].price_e6);
        assert_int_equal(tariff_next_us(&tariff, &zone, instant(rows[i].at)),
                         instant(rows[i].next));
    }
}

/* Summer time begins on 29 March at 02:00 and ends on 25 October at 03:00: walking from boundary to
 * boundary, every minute has the band of its boundary. */
static void between_two_boundaries_the_band_is_the_same(void **state)
{
    struct zone zone = zone_fixed("Europe/Madrid", 3600);
    struct tariff tariff;
    (void)state;
    make(&tariff);
    zone.transitions[1] = (struct zone_transition){instant("2026-03-29T01:00:00Z"), 7200};
    zone.transitions[2] = (struct zone_transition){instant("2026-10-25T01:00:00Z"), 3600};
    zone.transition_count = 3;
    for (uint32_t version = 0; version < 2; version++) { /* windows that start in the odd hours */
        for (uint32_t season = 0; season < 2; season++) {
            tariff.versions[version].seasons[season].windows[1].start_s = HOURS(2) + 1800;
        }
    }
    int64_t next_us = instant("2026-03-27T00:00:00Z");
    const struct tariff_band *band = NULL;
    for (int64_t at_us = next_us; at_us < instant("2026-11-01T00:00:00Z");
         at_us += TIMESTAMP_MINUTE_US) {
        if (at_us >= next_us) {
            assert_true(at_us < next_us + TIMESTAMP_MINUTE_US);
            band = tariff_at(&tariff, &zone, at_us);
            next_us = tariff_next_us(&tariff, &zone, at_us);
            assert_true(next_us > at_us);
            assert_true(next_us <= at_us + 26 * TIMESTAMP_HOUR_US);
        }
        if (tariff_at(&tariff, &zone, at_us)->price_e6 != band->price_e6) {
            char text[TIMESTAMP_TEXT_MAX];
            fail_msg("another band at %s", timestamp_format(at_us, 0, text));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_is_in_force_at_every_instant),
        cmocka_unit_test(between_two_boundaries_the_band_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
