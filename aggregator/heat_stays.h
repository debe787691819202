/* Where a heat was, from its notes.
 *
 * A stay that is longer than the plant's longest (`heats.stay_max_h`) and that no end closes, ends
 * by itself. What a station's timeline shows ends there at once; what is told of the heat stays
 * open until an event of any heat shows that so much time has passed: a function of the events, not
 * of the clock. */
#ifndef HEATLEDGER_HEAT_STAYS_H
#define HEATLEDGER_HEAT_STAYS_H

#include "heat.h"
#include "heat_notes.h"

struct stay_list {
    struct heat_stay *items; /* by station, start */
    size_t count, capacity;
};
void stay_list_clear(struct stay_list *list);

struct heat_stays {
    struct stay_list told;  /* as reports show them */
    struct stay_list cut;   /* as the stations' timelines hold them: cut where steel moved, too */
    int64_t deadline_us;    /* when an open stay ends by itself; TIMESTAMP_NEVER_US: none does */
    int64_t timed_out_us;   /* where the last that ended by itself ended; INT64_MIN: none did */
    int64_t timed_start_us; /* where it began */
    uint16_t timed_station;
};
void heat_stays_clear(struct heat_stays *stays);

/* The stays that follow from notes in order. `max_us`: the longest stay, 0: no limit; `newest_us`:
 * the newest event of any heat. */
void heat_stays_derive(struct heat_stays *stays, heat_no heat, const struct heat_note_list *notes,
                       int64_t max_us, int64_t newest_us);

/* The first instant from which on two lists differ at a station; TIMESTAMP_NEVER_US: they do not.
 */
int64_t stay_list_differs_us(const struct stay_list *a, const struct stay_list *b,
                             uint16_t station);

#endif
