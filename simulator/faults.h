/* What goes wrong on a simulated day: between a plant and whoever hears it stands a chain of
 * faults, each of which passes on, changes, drops, repeats or delays the messages that it is given.
 *
 * The faults are those of the demo day (docs/operations.md lists them); their times are wall clock
 * of the day of the first message. One whose meter or heat the plant does not have does not
 * happen; of a plant of several copies the first one has them. Pure and deterministic. */
#ifndef HEATLEDGER_FAULTS_H
#define HEATLEDGER_FAULTS_H

#include "plant_day.h"

#define FAULTS_HELD_BYTES_MAX ((size_t)512 << 20) /* of delayed messages */

struct faults;

/* `catalog` and `zone` must outlive the faults, as must what `sink` points to. */
struct faults *faults_create(const struct catalog *catalog, const struct zone *zone,
                             const struct plant_day_sink *sink);
void faults_destroy(struct faults *faults);

/* Where the plant's messages go, in order of time: the entry of the chain. The messages come out of
 * it in order of arrival; `at_us` is the arrival, what the payload says of its time is kept. */
struct plant_day_sink faults_sink(struct faults *faults);

/* The day is over: what is still held back goes out, so that nothing is lost. False with the
 * sink's failure. */
bool faults_finish(struct faults *faults, struct failure *failure);

#endif
