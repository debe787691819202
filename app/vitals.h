/* The daemon's vital signs: its numbers (metric.h), which are read from all rooms and written into
 * DIR/metrics.prom, and what the service manager hears (health.h). Of the engine's thread. */
#ifndef HEATLEDGER_VITALS_H
#define HEATLEDGER_VITALS_H

#include "engine.h"
#include "sender.h"
#include "subscriber.h"
#include "trouble_watch.h"

#include <stddef.h>

#define VITALS_STATUS_MAX 512 /* bytes of a line of the log */

struct vitals;

/* `engine` must outlive it, but for the parts that it opens and closes. `measured`: the arrival of
 * records is by our own clock, so that alerts can be measured by it. */
struct vitals *vitals_create(const char *directory, const struct engine *engine, bool measured);
void vitals_destroy(struct vitals *vitals);

/* Who is to look on while a pipeline works: belongs to the vitals. */
const struct pipeline_watch *vitals_watch(const struct vitals *vitals);

/* From now on there are these two; NULL: not any more. */
void vitals_connect(struct vitals *vitals, struct subscriber *subscriber, struct sender *sender);

/* Has a look at the troubles between two batches, too. */
void vitals_watch_troubles(struct vitals *vitals, struct trouble_watch *troubles);

/* Why the engine does not get on though records wait, where a restart would not help; the text is
 * the caller's. NULL: it gets on. */
void vitals_wait(struct vitals *vitals, const char *why);

/* A turn of the engine's loop; costs nothing worth a thought where nothing is due. */
void vitals_turn(struct vitals *vitals);

/* The daemon ends in order. */
void vitals_stop(struct vitals *vitals);

/* Reads all numbers now, and gives the most telling ones as key=value for the log. */
void vitals_status(struct vitals *vitals, char text[VITALS_STATUS_MAX]);

#endif
