/* A history that is an array: the newest version of every page. */
#ifndef HEATLEDGER_TESTS_MEMORY_HISTORY_H
#define HEATLEDGER_TESTS_MEMORY_HISTORY_H

#include "history.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

struct memory_page {
    meter_id meter;
    int64_t page;
    int64_t start_us;
    uint8_t *bytes;
    size_t count;
};

/* Pages ascend by (meter, page); one version each, the newest. */
struct memory_history {
    struct history methods; /* give its address to aggregator_set_history */
    struct memory_page *pages;
    size_t count, capacity;
    size_t puts, damaged; /* how often */
};

/* Index of the first page that is not before (meter, page). */
static inline size_t memory_history_place(const struct memory_history *history, meter_id meter,
                                          int64_t page)
{
    size_t low = 0;
    size_t high = history->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct memory_page *at = &history->pages[middle];
        bool before =
            at->meter.index < meter.index || (at->meter.index == meter.index && at->page < page);
        *(before ? &low : &high) = before ? middle + 1 : middle;
    }
    return low;
}

static inline void memory_history_put(void *context, meter_id meter, int64_t page, int64_t start_us,
                                      const void *bytes, size_t count)
{
    struct memory_history *history = context;
    size_t place = memory_history_place(history, meter, page);
    struct memory_page *at = place < history->count ? &history->pages[place] : NULL;
    if (at == NULL || at->meter.index != meter.index || at->page != page) {
        memory_grow(&history->pages, history->count, &history->capacity, sizeof *history->pages);
        at = &history->pages[place];
        memmove(at + 1, at, (history->count - place) * sizeof *at);
        *at = (struct memory_page){.meter = meter, .page = page};
        history->count++;
    }
    free(at->bytes);
    at->start_us = start_us;
    at->bytes = memory_zeroed(count + 1, 1);
    memcpy(at->bytes, bytes, count);
    at->count = count;
    history->puts++;
}

static inline bool memory_history_find(void *context, meter_id meter, int64_t below, int64_t *page)
{
    const struct memory_history *history = context;
    size_t place = memory_history_place(history, meter, below);
    if (place == 0 || history->pages[place - 1].meter.index != meter.index) {
        return false;
    }
    *page = history->pages[place - 1].page;
    return true;
}

static inline const void *memory_history_get(void *context, meter_id meter, int64_t page,
                                             size_t *count)
{
    const struct memory_history *history = context;
    const struct memory_page *at = &history->pages[memory_history_place(history, meter, page)];
    *count = at->count;
    return at->bytes;
}

static inline void memory_history_damaged(void *context, meter_id meter, int64_t page)
{
    (void)meter;
    (void)page;
    ((struct memory_history *)context)->damaged++;
}

/* Its address must not change afterwards. */
static inline void memory_history_init(struct memory_history *history)
{
    *history = (struct memory_history){
        .methods = {.context = history,
                    .put = memory_history_put,
                    .find = memory_history_find,
                    .get = memory_history_get,
                    .damaged = memory_history_damaged},
    };
}

static inline void memory_history_clear(struct memory_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->pages[i].bytes);
    }
    free(history->pages);
    *history = (struct memory_history){0};
}

#endif
