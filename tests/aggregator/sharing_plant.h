/* Sharing keys for the meters of the test plant, and what the books hold by station. */
#ifndef HEATLEDGER_TESTS_SHARING_PLANT_H
#define HEATLEDGER_TESTS_SHARING_PLANT_H

#include "plant_fixture_book.h"
#include "sharing.h"

/* One more rule of a meter, from an instant on. */
static inline struct sharing_rule *add_rule(struct meter *meter, enum sharing_method method,
                                            int64_t from_us)
{
    if (meter->sharing == NULL) {
        meter->sharing = memory_zeroed(1, sizeof *meter->sharing);
    }
    struct sharing_rule *rule = &meter->sharing->rules[meter->sharing->rule_count++];
    *rule = (struct sharing_rule){.from_us = from_us, .method = method};
    return rule;
}

static inline void add_part(struct sharing_rule *rule, uint16_t station, uint32_t meter,
                            int64_t weight)
{
    rule->parts[rule->part_count++] = (struct sharing_part){{station}, {meter}, weight};
}

/* The plant belongs to the book; its keys do not. */
static inline void close_with_keys(struct book *book)
{
    for (uint32_t i = 0; i < book->plant->catalog.meter_count; i++) {
        free(book->plant->meters[i].sharing);
    }
    book_close(book);
}

static inline void weigh(struct book *book, const char *heat, int64_t ts_us, int64_t steel_g)
{
    struct fact fact = {.kind = FACT_HEAT,
                        .as.heat = heat_event_of(HEAT_WEIGHT, heat, CATALOG_NONE, ts_us)};
    fact.as.heat.steel_g = steel_g;
    assert_int_equal(book_tell(book, &fact), OUTCOME_ACCEPTED);
}

/* What stands in the books, open use included, under a heat ("": idle) at a station, by a method
 * (SHARING_METHOD_COUNT: any). */
static inline int64_t shared_sum(const struct book *book, uint32_t meter, const char *heat,
                                 uint16_t station, enum sharing_method method)
{
    struct segment_list all = {0};
    int64_t sum = 0;
    for (size_t i = 0; i < book->count; i++) {
        segment_list_add(&all, &book->postings[i].segment);
    }
    aggregator_open(book->aggregator, (meter_id){meter}, &all);
    for (size_t i = 0; i < all.count; i++) {
        const struct segment *part = &all.items[i];
        const char *id = part->heat.value == 0
                             ? ""
                             : heats_get(aggregator_heats(book->aggregator), part->heat)->id;
        if (part->meter.index == meter && part->station.index == station && strcmp(id, heat) == 0 &&
            (method == SHARING_METHOD_COUNT || part->method == method)) {
            sum += part->amount_base;
        }
    }
    segment_list_clear(&all);
    return sum;
}

#endif
