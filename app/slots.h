/* The crew-shifts that exist: when each starts and ends, and which have ended by now. */
#ifndef HEATLEDGER_SLOTS_H
#define HEATLEDGER_SLOTS_H

#include "calendar.h"
#include "snapshot.h"

#include <stdbool.h>
#include <stdint.h>

struct slots;

/* `calendar` must outlive the slots. */
struct slots *slots_create(struct calendar *calendar);
void slots_destroy(struct slots *slots);

struct slot_times {
    struct crew_slot slot;
    int64_t start_us, end_us;
};

/* Takes note of the crew-shift on duty at an instant, for which `slot` was booked. True where it is
 * new: `*times` is filled, and it is pending until slots_pop_ended returns it. */
bool slots_note(struct slots *slots, struct crew_slot slot, int64_t ts_us,
                struct slot_times *times);

/* The earliest end among those pending; TIMESTAMP_NEVER_US: none. */
int64_t slots_next_end_us(const struct slots *slots);

/* Takes one crew-shift that ended at or before `now_us`, earliest end first, then by slot. */
bool slots_pop_ended(struct slots *slots, int64_t now_us, struct slot_times *ended);

/* The calendar changed in [from, to]: brings every crew-shift that touches it up to date, ended
 * ones included; calls `changed` for each whose times are others, and for each that is `gone`:
 * nobody of that crew was on duty in that shift after all (or, not gone, is again). */
void slots_refresh(struct slots *slots, int64_t from_us, int64_t to_us,
                   void (*changed)(void *context, const struct slot_times *times, bool gone),
                   void *context);

/* Tells every crew-shift that was ever noted, but those that are gone. */
void slots_list(const struct slots *slots,
                void (*one)(void *context, const struct slot_times *times), void *context);

/* As bytes of a snapshot, and back into slots that were just created: what is loaded names crews
 * and shifts of `catalog` alone. Where it cannot be, the reader is broken. */
void slots_save(const struct slots *slots, struct snapshot_writer *writer);
void slots_load(struct slots *slots, const struct catalog *catalog, struct snapshot_reader *reader);

#endif
