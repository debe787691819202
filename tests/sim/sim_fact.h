/* What really happened, and what lying meters said: the set of facts that the oracle books and the
 * delivery sends. */
#ifndef HEATLEDGER_SIM_FACT_H
#define HEATLEDGER_SIM_FACT_H

#include "sim_plant.h"

#include <stddef.h>
#include <stdint.h>

#define SIM_FACTS_MAX 12000
#define SIM_NONE INT64_MIN
#define SIM_MIX_ID 20 /* bytes of an id of a heat, ticket or event, NUL included */

/* Every way in which something is disturbed: a row of the table at the end of a run. */
enum sim_disturbance {
    SIM_CLEAN,
    /* in what is said */
    SIM_DIP,
    SIM_ZERO,
    SIM_LONG_DIP,
    SIM_SPIKE,
    SIM_FOREIGN,
    SIM_CONFLICT,
    SIM_UNCERTAIN,
    SIM_BAD_VALUE,
    SIM_BAD_QUALITY,
    SIM_SENTINEL,
    SIM_RANGE,
    SIM_GAP,
    SIM_EXCHANGE,
    SIM_RESET_MESSAGE,
    SIM_MULTIPLIER,
    SIM_FALL,
    SIM_VOID,
    SIM_TAKEOVER,
    SIM_WEIGHT,
    SIM_EVENT_VOID,
    SIM_HEAT_VOIDED,
    SIM_RENUMBER,
    SIM_MOVE,
    SIM_JUMP,
    SIM_SILENT_FALL,
    SIM_REJECT,
    SIM_ENTERED,
    SIM_ROSTER,
    /* in how it comes */
    SIM_DELAY,
    SIM_LATE,
    SIM_LATE_EVENT,
    SIM_OUTAGE,
    SIM_ADVANCE,
    SIM_DUPLICATE,
    SIM_REDELIVERY,
    SIM_TWICE_IN_BATCH,
    SIM_RETAINED,
    SIM_FUTURE,
    SIM_UNKNOWN_METER,
    SIM_UNKNOWN_TOPIC,
    SIM_BROKEN_JSON,
    SIM_CLOCK,
    SIM_TICK,
    SIM_RESTART,
    SIM_REOPEN,
    SIM_FORGOTTEN,
    SIM_KILL,
    /* of the plant */
    SIM_SHARING,
    SIM_NEXT_HEAT,
    SIM_TWO_WAY,
    SIM_TARIFF,
    SIM_DISTURBANCE_COUNT
};

struct sim_disturbance_info {
    const char *name;
    int per_mille; /* of what it applies to */
};
extern const struct sim_disturbance_info sim_disturbances[SIM_DISTURBANCE_COUNT];

enum sim_fact_kind {
    SIM_FACT_READING,
    SIM_FACT_HEAT,
    SIM_FACT_CREW,
    SIM_FACT_METER,
    SIM_FACT_ENTRY
};
enum sim_entry { SIM_ENTRY_ACCEPT, SIM_ENTRY_REJECT, SIM_ENTRY_READING, SIM_ENTRY_ROSTER };
enum sim_heat_event {
    SIM_HEAT_START,
    SIM_HEAT_END,
    SIM_HEAT_TAP,
    SIM_HEAT_WEIGHT,
    SIM_HEAT_RETURN,
    SIM_HEAT_SPLIT,
    SIM_HEAT_MERGE,
    SIM_HEAT_RENUMBER,
    SIM_HEAT_VOID
};
enum sim_fact_quality { SIM_GOOD, SIM_UNSURE, SIM_BAD };

struct sim_fact {
    uint32_t serial; /* names its streams of chance */
    enum sim_fact_kind kind;
    enum sim_disturbance disturbance;
    int64_t ts_us;
    /* readings and events of meters */
    int meter;
    int64_t value_raw;
    int64_t from_us; /* SIM_NONE: not given */
    int64_t seq;     /* -1: not given */
    enum sim_fact_quality quality;
    const char *garbage; /* stands in place of the value; NULL: none */
    bool held, refused;  /* by the rules of the texts: books nothing */
    bool jump; /* the register goes on from here, though it cannot have come here by itself */
    char heat[SIM_MIX_ID], id[SIM_MIX_ID], void_id[SIM_MIX_ID];
    bool is_reset;   /* SIM_FACT_METER: a reset, else an exchange … */
    int64_t percent; /* … but where it is not 0: another multiplier, in hundredths */
    int64_t final_raw, initial_raw;
    /* heats and crews */
    enum sim_heat_event event;
    int station;     /* -1: not given */
    int64_t steel_g; /* weight, or what is moved; -1: not given */
    char to[SIM_MIX_ID], of[SIM_MIX_ID];
    int crew;
    /* entries; of a reading: ts_us is its time */
    enum sim_entry entry;
    int64_t said_us; /* when it was entered */
    int32_t day;
    int shift;
};

struct sim_facts {
    struct sim_fact *rows;
    size_t count;
    uint32_t serial;
    uint64_t disabled; /* bit by sim_disturbance */
    uint64_t counts[SIM_DISTURBANCE_COUNT];
    uint64_t readings;
    bool late;      /* some of them come hours late: a part of the seeds */
    bool rewrites;  /* some say long afterwards what had been: voids, other numbers */
    bool forgotten; /* some come once more, long afterwards */
};

/* Whether that disturbance happens, by its row in the table. */
struct sim_random;
bool sim_disturbed(const struct sim_facts *facts, enum sim_disturbance disturbance,
                   struct sim_random *random);

/* Appends a blank fact, which stays where it is until the next one. NULL beyond SIM_FACTS_MAX. */
struct sim_fact *sim_facts_add(struct sim_facts *facts, enum sim_fact_kind kind, int64_t ts_us);

/* The heats, takeovers, readings and meter events of a seed. */
void sim_truth_make(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts);

/* Parts of it. */
void sim_truth_heats(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts);
void sim_truth_moves(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts);
void sim_truth_entries(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts);
void sim_truth_takeovers(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts);
void sim_truth_register(const struct sim_plant *plant, int meter, uint64_t seed,
                        struct sim_facts *facts);
void sim_truth_meter(const struct sim_plant *plant, int meter, uint64_t seed,
                     struct sim_facts *facts);

/* The instants at which a meter is read: ascending, distinct; some of them on the instants of
 * facts that are there already. Returns their number, at most SIM_INSTANTS_MAX. */
#define SIM_INSTANTS_MAX 700
size_t sim_truth_instants(const struct sim_plant *plant, struct sim_random *random,
                          struct sim_facts *facts, int64_t *instants_us);

#endif
