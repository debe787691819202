/* The second opinion: from the complete set of facts, sorted, to who used what. Brute force, and
 * written from the texts alone; it shares no code with the rooms it judges. */
#ifndef HEATLEDGER_SIM_ORACLE_H
#define HEATLEDGER_SIM_ORACLE_H

#include "sim_fact.h"

/* An amount of one item from one meter to one heat and crew-shift. Qualities are places in
 * "MIUCSE": the best and the worst that the texts allow. */
struct sim_row {
    int meter;
    char heat[SIM_MIX_ID]; /* empty: idle */
    int32_t day;
    int shift, crew; /* crew SIM_NOBODY: a hole */
    int64_t amount_base;
    int quality_best, quality_worst;
};

/* The same before it is summed: use that begins at an instant. */
struct sim_use {
    struct sim_row row;
    int64_t start_us;
    bool open; /* up to a meter's last reading, with no boundary there */
};

/* A heat with events of its own. */
struct sim_steel {
    char heat[SIM_MIX_ID];
    int64_t steel_g;   /* after all moves; -1: unknown */
    int64_t weighed_g; /* before them */
    int moves;         /* in which it gave or took; those of heats it took from count, too */
    bool made, came;   /* never weighed, but split off from another; steel came */
};

/* Who owns a heat. */
struct sim_owner {
    char heat[SIM_MIX_ID];
    int32_t day;
    int shift, crew;
};

struct sim_ledger {
    struct sim_row *rows; /* summed, without zeros, in no order */
    size_t row_count, row_capacity;
    struct sim_owner *owners; /* of the heats that were tapped */
    size_t owner_count, owner_capacity;
    struct sim_use *uses;
    size_t use_count, use_capacity;
    struct sim_steel *steels;
    size_t steel_count, steel_capacity;
    /* Meters with two samples in one minute of the clock: what comes hours late finds only one of
     * them, for the past is kept a sample a minute. */
    bool dense[SIM_METERS_MAX];
    /* Increments that are divided by sub-meters: one that comes after an outage finds what those
     * moved at boundaries alone. */
    bool guessed[SIM_METERS_MAX];
    size_t ambiguous; /* lies that the longest chain of a register does not tell from the truth */
};

/* Books the facts. The caller clears the ledger. */
void sim_oracle_book(const struct sim_plant *plant, const struct sim_facts *facts,
                     struct sim_ledger *ledger);
void sim_ledger_clear(struct sim_ledger *ledger);

/* The facts as they stand after all voids and renumberings: dead events are gone, each heat has its
 * last number, readings that name a void heat name none. The caller frees `rows`. */
void sim_heats_resolve(const struct sim_facts *facts, struct sim_facts *resolved);

/* Whether a heat of that id is in the books. */
bool sim_heats_stands(const struct sim_facts *resolved, const char *id);

/* Fills the ledger's steels from resolved facts: the weight of the latest weighing. */
void sim_heats_weigh(const struct sim_facts *resolved, struct sim_ledger *ledger);

/* Moves steel, and use along with it. */
void sim_heats_move(const struct sim_plant *plant, const struct sim_facts *resolved,
                    struct sim_ledger *ledger);

/* Who is on duty, and which heats are where. */
struct sim_slot {
    int64_t start_us;
    int32_t day;
    int shift, crew;
};
struct sim_stay {
    char heat[SIM_MIX_ID];
    int station;
    int64_t start_us, end_us; /* INT64_MAX: still there */
};
#define SIM_SLOTS_MAX 64
#define SIM_STAYS_MAX 1024
#define SIM_CUTS_MAX 1024
struct sim_context {
    struct sim_slot slots[SIM_SLOTS_MAX];
    size_t slot_count;
    struct sim_stay stays[SIM_STAYS_MAX];
    size_t stay_count;
    struct {
        int station;
        int64_t ts_us;
    } cuts[SIM_CUTS_MAX]; /* steel leaves a heat that stands there */
    size_t cut_count;
};
void sim_context_make(const struct sim_plant *plant, const struct sim_facts *facts,
                      struct sim_context *context);
const struct sim_slot *sim_context_slot(const struct sim_context *context, int64_t ts_us);

/* The heats at a station at an instant, by id; returns their number, at most SIM_PRESENT_MAX. */
#define SIM_PRESENT_MAX 64
size_t sim_context_present(const struct sim_context *context, int station, int64_t ts_us,
                           const char *heats[SIM_PRESENT_MAX]);

/* What a meter has measured as a curve. */
struct sim_point {
    int64_t ts_us;
    int64_t value_raw; /* rates: what it told */
    int64_t c_base;    /* registers and levels: the curve here */
    int64_t sum_raw;   /* registers and levels: used since the first point */
    bool unsure;
    bool loss; /* what lies between the point before and this one is not known for sure */
    bool said; /* a person entered or accepted it, or the register jumped here: up to C */
};
#define SIM_POINTS_MAX 1000
#define SIM_CHANGES_MAX 8
struct sim_curve {
    const struct sim_meter *meter;
    struct sim_point points[SIM_POINTS_MAX];
    size_t count;
    size_t ambiguous;
    const struct sim_fact *changes[SIM_CHANGES_MAX]; /* of the multiplier, in order of time */
    size_t change_count;
    const struct sim_facts *facts;
    int number;
};
/* How many hundredths of its configured multiplier a meter has at an instant. */
int64_t sim_curve_percent(const struct sim_facts *facts, int meter, int64_t ts_us);
void sim_curve_make(const struct sim_plant *plant, const struct sim_facts *facts, int meter,
                    struct sim_curve *curve);
int64_t sim_curve_at(const struct sim_curve *curve, int64_t ts_us);

#endif
