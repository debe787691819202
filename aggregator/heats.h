/* The heats of the plant: their events, and what follows from them.
 *
 * Everything about a heat is a function of the *set* of its events: it is derived again from all of
 * them whenever one comes, so that order and repetition do not matter. That holds for events that
 * change what others mean, too: a void, and a renumbering, which makes two ids one heat.
 *
 * Every id has a number, given when it was first heard of. A heat is kept under one of its numbers
 * (heats_resolve); what is booked names that one.
 *
 * Ids are unique within a year: an id that comes back after more than half a year is a new heat. */
#ifndef HEATLEDGER_HEATS_H
#define HEATLEDGER_HEATS_H

#include "calendar.h"
#include "fact.h"
#include "heat.h"
#include "heat_moves.h"
#include "heat_rules.h"
#include "outcome.h"
#include "posting.h"
#include "stays.h"

struct heats;

/* The arguments must outlive the heats. */
struct heats *heats_create(const struct catalog *catalog, const struct heat_rules *rules,
                           struct calendar *calendar);
void heats_destroy(struct heats *heats);

/* The catalog has more stations than before, behind those that it had. */
void heats_follow(struct heats *heats, uint32_t former_stations);

uint32_t heats_count(const struct heats *heats);

/* A heat by its number (1 to heats_count). The pointer lives until the next number is given. */
const struct heat *heats_get(const struct heats *heats, heat_no no);

/* The number of that id around that time, which a reading names; a provisional heat is made where
 * there is none. `*made`: it must be shown, for it is new, or was none of the books before. */
heat_no heats_name(struct heats *heats, const char *id, int64_t ts_us, bool *made);

/* The number under which the heat is kept whose id has that number; value 0: it is none of the
 * books (void). 0 for 0. */
heat_no heats_resolve(const struct heats *heats, heat_no no);

/* What an event changed. Belongs to the heats and lives until their next event. */
struct heat_change {
    const heat_no *heats; /* to be shown again, those that are gone included */
    size_t heat_count;
    const struct station_change {
        station_id station;
        int64_t from_us; /* from when on other heats are there than before */
    } * stations;
    size_t station_count;
    const heat_no *resolved; /* numbers that resolve to another one than before */
    size_t resolved_count;
    bool weights_changed;     /* the steel of one of `heats` is another */
    enum posting_cause cause; /* of what this books */
};

/* Enters an event. ACCEPTED, DUPLICATE (nothing changed), CONFLICT (same id, other content: the
 * first is kept; or a renumbering that contradicts another: the earlier one is in force),
 * NOT_ALLOWED (a move that cannot be: kept, it counts once it can), or a refusal; `*detail` is then
 * a sentence that lives for ever. Where `*change` lists something it must be booked whatever the
 * outcome is. */
enum outcome heats_event(struct heats *heats, const struct heat_event *event,
                         struct heat_change *change, const char **detail);

/* Finds out again who owns the heats whose ownership event lies in [from, to), after the calendar
 * changed; calls `changed` for each whose owner is another now. */
void heats_reown(struct heats *heats, int64_t from_us, int64_t to_us,
                 void (*changed)(void *context, heat_no heat), void *context);

/* The stays of one heat, by station and start: `*count` of them. They live until the next event. */
const struct heat_stay *heats_stays(const struct heats *heats, heat_no no, size_t *count);

/* Why somebody should look at a heat: up to `max` reasons; returns how many. */
#define HEATS_REVIEWS_MAX 8
size_t heats_reviews(const struct heats *heats, heat_no no, struct heat_review *reviews,
                     size_t max);

/* The timeline of a station. Where steel moved while the heat was there, its stay is cut. */
const struct stays *heats_at(const struct heats *heats, station_id station);

/* Steel that went from heat to heat. */
const struct heat_moves *heats_moves(const struct heats *heats);

/* What changed of them is booked: they are listed as changed no more. */
void heats_moves_taken(struct heats *heats);

#endif
