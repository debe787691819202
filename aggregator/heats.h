/* The heats of the plant: their events, and what follows from them.
 *
 * A heat's stays, weight, owner and end are a function of the *set* of its events: they are derived
 * again from all of them whenever one comes, so that order and repetition do not matter.
 *
 * Ids are unique within a year: an id that comes back after more than half a year is a new heat. */
#ifndef HEATLEDGER_HEATS_H
#define HEATLEDGER_HEATS_H

#include "calendar.h"
#include "fact.h"
#include "heat.h"
#include "heat_rules.h"
#include "outcome.h"
#include "stays.h"

struct heats;

/* The arguments must outlive the heats. */
struct heats *heats_create(const struct catalog *catalog, const struct heat_rules *rules,
                           struct calendar *calendar);
void heats_destroy(struct heats *heats);

uint32_t heats_count(const struct heats *heats);

/* A heat by its number (1 to heats_count). The pointer lives until the next heat is made. */
const struct heat *heats_get(const struct heats *heats, heat_no no);

/* The heat of that id around that time; a provisional one is made where there is none (`*made`). */
heat_no heats_name(struct heats *heats, const char *id, int64_t ts_us, bool *made);

/* What an event changed: which heat, and from when on the heats at which station are others. */
struct heat_change {
    heat_no heat;
    bool stays_changed;
    station_id station;
    int64_t from_us;
};

/* Enters an event of kind start, end, tap or weight. ACCEPTED, DUPLICATE (nothing changed),
 * CONFLICT (same id, other content: the first is kept), or a refusal with `*detail` set to a
 * sentence that lives for ever. */
enum outcome heats_event(struct heats *heats, const struct heat_event *event,
                         struct heat_change *change, const char **detail);

/* Finds out again who owns the heats whose ownership event lies in [from, to), after the calendar
 * changed; calls `changed` for each whose owner is another now. */
void heats_reown(struct heats *heats, int64_t from_us, int64_t to_us,
                 void (*changed)(void *context, heat_no heat), void *context);

/* The stays of one heat, by station and start: `*count` of them. They live until the next event. */
const struct heat_stay *heats_stays(const struct heats *heats, heat_no no, size_t *count);

/* The timeline of a station. */
const struct stays *heats_at(const struct heats *heats, station_id station);

#endif
