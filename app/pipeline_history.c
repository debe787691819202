/* The history of the meters: pages in the ledger.
 *
 * A record sees what stood before it and what it has put itself, while it is taken for the first
 * time and whenever the journal is read again: then the ledger has the versions of later records,
 * too. What it puts is written, once a page, when it is done with. */
#include "memory.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

/* As far back as late truth of a meter is taken (REACH_US of the aggregator, 400 days), and a
 * month, since it looks at what stands around it. */
#define PRUNE_REACH_US (431 * TIMESTAMP_DAY_US)

/* Where among the pages that the record in hand has put, which stand by meter and number, the first
 * one stands that is not before this one. Meters are gone through in their order: it is nearly
 * always the end. */
static size_t put_place(const struct pipeline *pipeline, meter_id meter, int64_t page)
{
    size_t low = 0;
    size_t high = pipeline->put_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct book_page *put = &pipeline->put[middle];
        bool before =
            put->meter.index != meter.index ? put->meter.index < meter.index : put->page < page;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

static bool is_put(const struct pipeline *pipeline, size_t place, meter_id meter, int64_t page)
{
    return place < pipeline->put_count && pipeline->put[place].meter.index == meter.index &&
           pipeline->put[place].page == page;
}

static void history_put(void *context, meter_id meter, int64_t page, int64_t start_us,
                        const void *bytes, size_t count)
{
    struct pipeline *pipeline = context;
    size_t place = put_place(pipeline, meter, page);
    if (!is_put(pipeline, place, meter, page)) {
        memory_grow(&pipeline->put, pipeline->put_count, &pipeline->put_capacity,
                    sizeof *pipeline->put);
        memmove(&pipeline->put[place + 1], &pipeline->put[place],
                (pipeline->put_count - place) * sizeof *pipeline->put);
        pipeline->put[place] = (struct book_page){.meter = meter, .page = page};
        pipeline->put_count++;
    }
    struct book_page *put = &pipeline->put[place];
    free(put->bytes);
    put->position = pipeline->record->position;
    put->start_us = start_us;
    put->bytes = memory_zeroed(count + 1, 1);
    memcpy(put->bytes, bytes, count);
    put->count = count;
}

static bool history_find(void *context, meter_id meter, int64_t below, int64_t *page)
{
    struct pipeline *pipeline = context;
    bool found = book_page_find(pipeline->book, meter, below, pipeline->record->position, page);
    size_t place = put_place(pipeline, meter, below);
    const struct book_page *put = place > 0 ? &pipeline->put[place - 1] : NULL;
    if (put != NULL && put->meter.index == meter.index && (!found || put->page > *page)) {
        *page = put->page;
        found = true;
    }
    return found;
}

static const void *history_get(void *context, meter_id meter, int64_t page, size_t *count)
{
    struct pipeline *pipeline = context;
    size_t place = put_place(pipeline, meter, page);
    const struct book_page *put = &pipeline->got;
    if (is_put(pipeline, place, meter, page)) {
        put = &pipeline->put[place];
    } else {
        pipeline->got.meter = meter;
        pipeline->got.page = page;
        book_page_get(pipeline->book, pipeline->record->position, &pipeline->got);
    }
    *count = put->count;
    return put->bytes;
}

static void history_damaged(void *context, meter_id meter, int64_t page)
{
    struct pipeline *pipeline = context;
    failure_set(&pipeline->failure, FAILURE_RESOURCE,
                "page %lld of the stored curve of meter %s is damaged (wanted at position %llu of "
                "the journal): make the ledger again from the journal",
                (long long)page, pipeline->plant->catalog.meters[meter.index].id,
                (unsigned long long)pipeline->record->position);
}

void pipeline_history_start(struct pipeline *pipeline)
{
    pipeline->history = (struct history){
        .context = pipeline,
        .put = history_put,
        .find = history_find,
        .get = history_get,
        .damaged = history_damaged,
    };
    aggregator_set_history(pipeline->aggregator, &pipeline->history);
}

void pipeline_history_write(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->put_count; i++) {
        if (pipeline->writing) {
            pipeline_batch(pipeline);
            book_page(pipeline->book, &pipeline->put[i]);
        }
        free(pipeline->put[i].bytes);
    }
    pipeline->put_count = 0;
}

void pipeline_prune_before(struct pipeline *pipeline, uint64_t position)
{
    book_prune_before(pipeline->book, position, PRUNE_REACH_US);
}

void pipeline_history_clear(struct pipeline *pipeline)
{
    pipeline->writing = false;
    pipeline_history_write(pipeline);
    free(pipeline->put);
    free(pipeline->got.bytes);
}
