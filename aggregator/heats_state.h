/* The heats' inside, shared by heats*.c only. */
#ifndef HEATLEDGER_HEATS_STATE_H
#define HEATLEDGER_HEATS_STATE_H

#include "heat_aliases.h"
#include "heat_stays.h"
#include "heats.h"

struct heat_state {
    struct heat heat;
    const char *own_id;
    int64_t around_us; /* latest time heard of */
    int64_t named_us;  /* earliest reading that names it; TIMESTAMP_NEVER_US: none */
    struct heat_note_list notes;
    struct heat_stays stays;
    uint32_t resolved; /* what heats_resolve says */
    bool told;         /* an event of its own counts */
    bool mentioned;    /* any event counts */
    uint32_t same_id;  /* number of the previous heat with this id, 0: none */
    bool ownerless;    /* it ended, and nothing says whose it is */
    bool touched;      /* on the list */
};

struct heat_by_id {
    char id[CATALOG_ID_MAX + 1];
    uint32_t latest; /* number of the latest heat with this id */
    UT_hash_handle hh;
};

struct heat_list {
    heat_no *items;
    size_t count, capacity;
};

struct heats {
    const struct catalog *catalog;
    const struct heat_rules *rules;
    struct calendar *calendar;
    struct heat_state *states; /* number - 1 */
    size_t count, capacity;
    struct heat_steel *steel; /* number - 1 */
    size_t steel_count, steel_capacity;
    struct heat_by_id *by_id;
    struct heat_notes notes;
    struct heat_aliases aliases;
    struct heat_moves moves;
    struct stays *at; /* by station */
    bool any_last_station;
    int64_t newest_us;   /* of all events */
    int64_t deadline_us; /* when the next stay ends by itself; TIMESTAMP_NEVER_US: none does */
    /* What the event in hand changes. */
    struct heat_list touched;
    struct heat_list resolved;
    struct station_change *stations;
    size_t station_count, station_capacity;
    bool weights_changed;
};

struct heat_state *heats_state(const struct heats *heats, uint32_t no);

/* heats.c: what is known of an id; made if need be. */
struct heat_by_id *heats_id(struct heats *heats, const char *id);

/* heats.c: the number of that id around that time, given if there is none yet. */
uint32_t heats_number(struct heats *heats, const char *id, int64_t ts_us);

/* heats_derive.c: takes note that a number, and all ids of the same heat, must be derived again. */
void heats_touch(struct heats *heats, uint32_t no);

/* heats_derive.c: derives again what was touched. */
void heats_derive(struct heats *heats);

/* heats_derive.c: finds out what the tap and the last station say that a heat weighs; the rest of
 * it is known. */
void heats_derive_weights(struct heats *heats, uint32_t no);

/* heats_derive.c: finds out who owns a heat. */
void heats_derive_owner(const struct heats *heats, struct heat *heat);

#endif
