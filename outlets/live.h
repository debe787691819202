/* What is at each station now: told to boards at most once a second, retained, never history. */
#ifndef HEATLEDGER_LIVE_H
#define HEATLEDGER_LIVE_H

#include "failure.h"
#include "reader.h"

#include <stdbool.h>

struct sender;

/* Hands the sender one message a station, for ROOT/live/STATION: the heats that are there, since
 * when, their use at this station so far, and every quota that judges them. */
bool live_publish(struct reader *reader, struct sender *sender, const char *root,
                  struct failure *failure);

#endif
