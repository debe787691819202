/* How long the engine lets messages gather before it books them together. A commit costs about the
 * same with one message as with hundreds; but who waits for an alert waits for all of it. So a
 * batch is begun a fixed time after the one before it was begun, or at once where that is past: the
 * first message after a quiet moment is not kept waiting. Batches that take long leave as long a
 * rest. */
#ifndef HEATLEDGER_GATHER_H
#define HEATLEDGER_GATHER_H

#include <stdint.h>

#define GATHER_US 20000 /* from one batch to the next: at most 50 commits a second */

/* Microseconds to rest at `now_us` where the last batch was begun at `begun_us` and done at
 * `ended_us` (all of one steady clock; zeros: there was none): never more than GATHER_US, and 0
 * once there was rest enough. */
int64_t gather_rest_us(int64_t begun_us, int64_t ended_us, int64_t now_us);

#endif
