/* The calendar: who is on duty at any instant, from the roster and from the takeovers that really
 * happened. A function of the roster and the *set* of takeovers: their order of arrival does not
 * matter.
 *
 * A takeover by the crew that is rostered for a shift, less than half a shift before or after its
 * rostered start, moves that start (the earliest such takeover counts). Any other takeover replaces
 * the crew on duty until the shift ends. */
#ifndef HEATLEDGER_CALENDAR_H
#define HEATLEDGER_CALENDAR_H

#include "outcome.h"
#include "posting.h"
#include "roster.h"

#include <stdbool.h>
#include <stdint.h>

struct calendar;

/* `roster` and `catalog` must outlive the calendar. */
struct calendar *calendar_create(const struct roster *roster, const struct catalog *catalog);
void calendar_destroy(struct calendar *calendar);

/* The roster with which the calendar was made has other overrides than `former` had, and nothing
 * else. True: others than before may be on duty from `*from_us` until `*to_us`. */
bool calendar_follow(struct calendar *calendar, const struct roster *former, int64_t *from_us,
                     int64_t *to_us);

/* One crew on duty without a change, [start, end). */
struct duty {
    int64_t start_us, end_us;
    struct crew_slot slot;
};
struct duty calendar_duty_at(struct calendar *calendar, int64_t ts_us);

/* The shift (whatever its crews) that contains an instant, as takeovers moved it: its slot carries
 * the rostered crew. */
struct duty calendar_shift_at(struct calendar *calendar, int64_t ts_us);

/* As rostered or moved, for a shift known by its day and name. */
struct duty calendar_shift(struct calendar *calendar, int32_t day, shift_id shift);

/* Enters a takeover. ACCEPTED: somebody else is on duty from `*from_us` until `*to_us` than was
 * before; NO_EFFECT, DUPLICATE: nothing changes. */
enum outcome calendar_takeover(struct calendar *calendar, int64_t ts_us, crew_id crew,
                               int64_t *from_us, int64_t *to_us);

/* A correction of the roster: who was meant to be on duty in a shift, said by a person. It stands
 * for what the configuration says, and takeovers count from it. */
struct roster_correction {
    int32_t day;
    shift_id shift;
    crew_id crew;   /* index CATALOG_NONE: nobody */
    int64_t ts_us;  /* when it was entered */
    const char *by; /* who; never NULL, copied */
};

/* Enters a correction. Of several for one shift the latest counts, of equal times the one whose
 * `by` sorts last, then the highest crew: the order of their arrival does not matter. ACCEPTED:
 * somebody else is on duty from `*from_us` until `*to_us` than was before; DUPLICATE: it counts
 * already; NO_EFFECT: a later one counts, or nobody's duty is another by it. */
enum outcome calendar_correct(struct calendar *calendar, const struct roster_correction *correction,
                              int64_t *from_us, int64_t *to_us);

#endif
