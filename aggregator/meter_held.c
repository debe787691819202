#include "meter_held.h"

#include "aggregator_state.h"

size_t meter_held_list(const struct aggregator *aggregator, meter_id meter, struct meter_held *list,
                       size_t capacity)
{
    static const char *const kinds[SAMPLE_KIND_COUNT] = {
        [SAMPLE_GLITCH] = "glitch", [SAMPLE_SPIKE] = "spike", [SAMPLE_FALL] = "fall"};
    const struct meter_book *book = aggregator_look(aggregator, meter);
    struct held_reading held[METER_HELD_MAX];

    if (!aggregator_has_timeline(book->meter)) {
        return 0;
    }
    const struct curve *curve = &book->timeline.curve;
    capacity = capacity < METER_HELD_MAX ? capacity : METER_HELD_MAX;
    size_t count = curve_held(curve, held, capacity);
    count = count < capacity ? count : capacity;
    for (size_t i = 0; i < count; i++) {
        const char *kind = kinds[held[i].kind];
        list[i].reading = held[i];
        list[i].kind = kind != NULL ? kind : "held";
        sample_explain(curve, held[i].index, list[i].reason, sizeof list[i].reason);
    }
    return count;
}
