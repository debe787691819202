/* How long it takes from the arrival of what made an alert until the broker has the message about
 * it: METRIC_ALERT_DELAY. Three threads meet here for each alert: the engine that makes it, the
 * sender that reads it from the outbox, and Paho's, which hears that the broker has it.
 *
 * What a former run of the program left in the outbox is not measured. */
#ifndef HEATLEDGER_ALERT_DELAY_H
#define HEATLEDGER_ALERT_DELAY_H

#include "metric.h"
#include "posting.h"

#define ALERT_DELAY_MAX                                                                            \
    4096 /* under way at once; METRIC_ALERT_UNMEASURED counts what is beyond                       \
          */

struct alert_delay;

/* `metrics` must outlive it. */
struct alert_delay *alert_delay_create(struct metrics *metrics);
void alert_delay_destroy(struct alert_delay *delay);

/* The message `id`, which goes to the outbox now, is about an alert that something made which
 * arrived at `arrival_us` (UTC, by our own clock). Ids ascend; one that does not was told before,
 * by an engine that had to begin again. */
void alert_delay_made(struct alert_delay *delay, struct effect_id id, int64_t arrival_us);

/* The outbox has the message `id` ("POSITION-ORDINAL") in this row; all rows are told, in order. */
void alert_delay_row(struct alert_delay *delay, const char *id, int64_t row);

/* The broker has all rows up to this one since `now_us`. */
void alert_delay_taken(struct alert_delay *delay, int64_t row, int64_t now_us);

#endif
