#include "alert_delay.h"

#include "memory.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct under_way {
    struct effect_id id;
    int64_t arrival_us, row;
};

/* Numbers [taken, found) have a row, [found, made) have none yet; a number modulo the limit is its
 * place. */
struct alert_delay {
    struct metrics *metrics;
    pthread_mutex_t lock;
    uint64_t taken, found, made;
    struct effect_id last; /* the newest that was made, measured or not */
    bool any;
    struct under_way places[ALERT_DELAY_MAX];
};

struct alert_delay *alert_delay_create(struct metrics *metrics)
{
    struct alert_delay *delay = memory_zeroed(1, sizeof *delay);
    delay->metrics = metrics;
    pthread_mutex_init(&delay->lock, NULL);
    return delay;
}

void alert_delay_destroy(struct alert_delay *delay)
{
    if (delay != NULL) {
        pthread_mutex_destroy(&delay->lock);
        free(delay);
    }
}

static bool before(struct effect_id a, struct effect_id b)
{
    return a.position < b.position || (a.position == b.position && a.ordinal < b.ordinal);
}

void alert_delay_made(struct alert_delay *delay, struct effect_id id, int64_t arrival_us)
{
    pthread_mutex_lock(&delay->lock);
    bool fresh = !delay->any || before(delay->last, id);
    if (fresh) {
        delay->any = true;
        delay->last = id;
    }
    if (fresh && delay->made - delay->taken < ALERT_DELAY_MAX) {
        delay->places[delay->made++ % ALERT_DELAY_MAX] =
            (struct under_way){.id = id, .arrival_us = arrival_us};
    } else if (fresh) {
        metric_add(delay->metrics, METRIC_ALERT_UNMEASURED, 0, 1);
    }
    pthread_mutex_unlock(&delay->lock);
}

void alert_delay_row(struct alert_delay *delay, const char *id, int64_t row)
{
    struct effect_id told;
    if (sscanf(id, "%" SCNu64 "-%" SCNu32, &told.position, &told.ordinal) != 2) {
        return;
    }
    pthread_mutex_lock(&delay->lock);
    while (delay->found < delay->made) {
        struct under_way *next = &delay->places[delay->found % ALERT_DELAY_MAX];
        if (before(told, next->id)) {
            break; /* that one is about no alert */
        }
        next->row = before(next->id, told) ? INT64_MAX : row; /* a row of its own never comes */
        delay->found++;
        if (next->row == row) {
            break;
        }
    }
    pthread_mutex_unlock(&delay->lock);
}

void alert_delay_taken(struct alert_delay *delay, int64_t row, int64_t now_us)
{
    pthread_mutex_lock(&delay->lock);
    while (delay->taken < delay->found) {
        const struct under_way *first = &delay->places[delay->taken % ALERT_DELAY_MAX];
        if (first->row != INT64_MAX && first->row > row) {
            break;
        }
        if (first->row != INT64_MAX) {
            metric_observe(delay->metrics, METRIC_ALERT_DELAY, now_us - first->arrival_us);
        }
        delay->taken++;
    }
    pthread_mutex_unlock(&delay->lock);
}
