#include "aggregator.h"
#include "book_copy.h"
#include "explain_journal_state.h"
#include "pipeline_snapshot.h"
#include "quantity.h"
#include "snapshot_list.h"
#include "snapshots.h"

#include <stdio.h>

static quantity_wide common_divisor(quantity_wide a, quantity_wide b)
{
    while (b != 0) {
        quantity_wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A factor of the books, as the message that brought it said it: what the configured one was
 * multiplied by. */
static bool multiplier_of(const struct meter *meter, struct scale scale, int64_t *num, int64_t *den)
{
    static const struct scales none = {0};
    struct scale configured = scales_at(&none, meter, INT64_MIN);
    quantity_wide over = (quantity_wide)scale.num * configured.den;
    quantity_wide under = (quantity_wide)scale.den * configured.num;
    quantity_wide divisor = common_divisor(over, under);
    over /= divisor;
    under /= divisor;
    *num = (int64_t)over;
    *den = (int64_t)under;
    return over <= INT64_MAX && under <= INT64_MAX;
}

static void take_scales(struct explain_journal *explain, const struct aggregator *aggregator,
                        uint32_t meter_count)
{
    for (uint32_t i = 0; i < meter_count; i++) {
        meter_id meter = {i};
        const struct scales *scales = aggregator_scales(aggregator, meter);
        for (size_t k = 0; explain->meters[i].is && scales != NULL && k < scales->count; k++) {
            int64_t num = 0, den = 0;
            if (multiplier_of(&explain->plant->catalog.meters[i], scales->items[k].scale, &num,
                              &den)) {
                explain_journal_scaled(explain, meter, scales->items[k].ts_us, num, den);
            }
        }
    }
}

/* A pipeline of the snapshot, over a book that is nobody's. */
static bool take_from(struct explain_journal *explain, const struct snapshots *snapshots,
                      uint64_t position, struct failure *failure)
{
    struct book *book = book_temporary(failure);
    if (book == NULL) {
        return false;
    }
    book_begin(book);
    struct pipeline *pipeline = NULL;
    if (book_commit(book, position, 0, failure)) {
        book_begin(book);
        pipeline = snapshots_load_at(snapshots, position, explain->journal, book, failure);
    }
    if (pipeline != NULL) {
        take_scales(explain, pipeline_aggregator(pipeline),
                    pipeline_plant(pipeline)->catalog.meter_count);
        pipeline_destroy(pipeline);
    }
    book_close(book);
    return pipeline != NULL;
}

bool explain_journal_former(struct explain_journal *explain, struct failure *failure)
{
    struct snapshots snapshots;
    struct snapshot_list list;
    if (!snapshots_open(&snapshots, explain->directory, failure)) {
        return false;
    }
    bool taken = false;
    snapshot_list_read(&list, snapshots.directory);
    for (size_t i = list.count; i > 0 && !taken; i--) {
        uint64_t position = list.entries[i - 1].position;
        taken = position >= journal_begin(explain->journal) &&
                take_from(explain, &snapshots, position, failure);
    }
    snapshot_list_clear(&list);
    if (!taken && failure->code == FAILURE_NONE) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: no snapshot tells which factors the meters had before the journal begins",
                    snapshots.directory);
    }
    return taken;
}
