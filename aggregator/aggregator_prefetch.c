/* Where there are many meters, what a reading needs is far away in memory. What the readings of a
 * message need is asked for together, so that they wait once: the tips first; then where their next
 * points go or, where a tip takes no more, what the ordinary way begins with. */
#include "aggregator_state.h"

#include "failure.h"

static void ask_for(const void *block, size_t bytes)
{
    const char *line = block;
    for (size_t i = 0; i < bytes; i += TIP_LINE_BYTES) {
        __builtin_prefetch(line + i, 1);
    }
}

static bool needs_book(const struct aggregator *aggregator, meter_id meter)
{
    return aggregator->tips[meter.index].room == 0;
}

/* The oldest samples, which may be let go, and the end, where more are put. */
static void ask_for_samples(const struct meter_book *book)
{
    const struct curve *curve = &book->timeline.curve;
    const struct page_writer *writer = &book->timeline.writer;
    if (curve->count == 0) {
        return;
    }
    size_t room = curve->capacity - curve->count;
    size_t oldest = curve->count < TIP_POINTS ? curve->count : TIP_POINTS;
    size_t more = room < TIP_POINTS ? room : TIP_POINTS;
    ask_for(curve->samples, oldest * sizeof *curve->samples);
    ask_for(&curve->samples[curve->count - 1], (1 + more) * sizeof *curve->samples);
    ask_for(book->timeline.marks, sizeof *book->timeline.marks);
    if (writer->count < writer->capacity) {
        ask_for(&writer->bytes[writer->count], 1);
    }
}

void aggregator_prefetch(const struct aggregator *aggregator, const meter_id *meters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        REQUIRE(meters[i].index < aggregator->catalog->meter_count);
        ask_for(&aggregator->tips[meters[i].index], TIP_LINE_BYTES);
    }
    for (size_t i = 0; i < count; i++) {
        const struct tip *tip = &aggregator->tips[meters[i].index];
        if (!needs_book(aggregator, meters[i])) {
            ask_for(&tip->points[tip->waiting], 1);
            continue;
        }
        ask_for(tip->points, sizeof tip->points);
        ask_for(&aggregator->meters[meters[i].index], sizeof *aggregator->meters);
        ask_for(&aggregator->catalog->meters[meters[i].index], sizeof(struct meter));
    }
    for (size_t i = 0; i < count; i++) {
        if (needs_book(aggregator, meters[i])) {
            ask_for_samples(&aggregator->meters[meters[i].index]);
        }
    }
}
