/* Another configuration within the life of the ledger: the tables have new rows behind the old
 * ones, which kept their places. */
#include "aggregator_state.h"
#include "large.h"
#include "sharing.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

/* Books for the meters that are new, and the rows of the others where they are now. */
static void follow_meters(struct aggregator *aggregator, uint32_t former_count)
{
    const struct catalog *catalog = aggregator->catalog;
    struct meter_book *books =
        large_zeroed(catalog->meter_count, sizeof *books, _Alignof(struct meter_book));
    for (uint32_t i = 0; i < former_count; i++) { /* tips hold what stands in the meters' rows */
        tip_settle(&aggregator->tips[i], &aggregator->meters[i]);
    }
    free(aggregator->tips);
    aggregator->tips = large_zeroed(catalog->meter_count, sizeof *aggregator->tips, TIP_BYTES);
    memcpy(books, aggregator->meters, former_count * sizeof *books);
    free(aggregator->meters);
    aggregator->meters = books;
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        struct meter_book *book = &books[i];
        if (i >= former_count) {
            aggregator_book_init(book, (meter_id){i}, &catalog->meters[i]);
            continue;
        }
        book->meter = &catalog->meters[i];
        if (aggregator_has_timeline(book->meter)) {
            book->timeline.curve.meter = book->meter;
        } else {
            pieces_follow(book->pieces, book->meter);
        }
    }
}

/* Meters that have another sharing key from some time on: their open use must end there. */
static void follow_sharing(struct aggregator *aggregator, const struct catalog *former)
{
    for (uint32_t i = 0; i < former->meter_count; i++) {
        const struct sharing *was = former->meters[i].sharing;
        const struct sharing *now = aggregator->catalog->meters[i].sharing;
        uint32_t known = was != NULL ? was->rule_count : 0;
        if (now != NULL && now->rule_count > known) {
            aggregator_recut_meter(aggregator, (meter_id){i}, now->rules[known].from_us,
                                   TIMESTAMP_NEVER_US, POSTING_SHARES);
        }
    }
}

/* Meters whose item has a tariff, or had one: what is open of their use must end where the price
 * changes now. What is closed stays as it was cut: its cost is worked out from its times. */
static void follow_tariffs(struct aggregator *aggregator, const struct catalog *former)
{
    const struct catalog *catalog = aggregator->catalog;
    for (uint32_t i = 0; i < former->meter_count; i++) {
        const struct meter_book *book = &aggregator->meters[i];
        uint16_t item = book->meter->item.index;
        bool priced = catalog->items[item].tariff != NULL ||
                      (item < former->item_count && former->items[item].tariff != NULL);
        if (!priced || !aggregator_has_timeline(book->meter) || book->timeline.mark_count == 0) {
            continue;
        }
        int64_t from_us = book->timeline.marks[book->timeline.mark_count - 1].ts_us + 1;
        submeters_recut(aggregator->attribution.submeters, &aggregator->attribution, (meter_id){i},
                        from_us);
        aggregator_recut_meter(aggregator, (meter_id){i}, from_us, TIMESTAMP_NEVER_US,
                               POSTING_SHARES);
    }
}

void aggregator_follow(struct aggregator *aggregator, const struct catalog *former,
                       const struct roster *former_roster, struct effects *effects)
{
    /* Which meters share by which is looked at again, as after an entry. */
    static const struct fact anything = {.kind = FACT_ENTRY};
    const struct submeters_curves curves = aggregator_curves(aggregator);
    int64_t from_us = 0;
    int64_t to_us = 0;
    aggregator_effects_begin(aggregator);
    follow_meters(aggregator, former->meter_count);
    submeters_follow(&aggregator->attribution.submeters, aggregator->catalog, former->meter_count,
                     &curves);
    heats_follow(aggregator->heats, former->station_count);
    follow_sharing(aggregator, former);
    if (calendar_follow(aggregator->calendar, former_roster, &from_us, &to_us)) {
        aggregator_duty_changed(aggregator, from_us, to_us);
    }
    follow_tariffs(aggregator, former);
    aggregator_share_again(aggregator, &anything);
    aggregator_effects_end(aggregator, effects);
}
