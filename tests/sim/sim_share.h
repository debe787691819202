/* Whose use it is where a meter has a sharing key, and to whom idle use goes: from
 * docs/configuration.md, "Sharing". */
#ifndef HEATLEDGER_SIM_SHARE_H
#define HEATLEDGER_SIM_SHARE_H

#include "sim_oracle.h"

#define SIM_SHARES_MAX (SIM_STATIONS_MAX * SIM_PRESENT_MAX)

struct sim_share {
    const char *heat; /* empty: idle */
    int64_t amount_base;
};

struct sim_sharing {
    const struct sim_plant *plant;
    const struct sim_facts *facts;
    const struct sim_context *context;
    const struct sim_ledger *ledger;         /* the steels, as weighed */
    struct sim_curve curves[SIM_METERS_MAX]; /* of sub-meters, as they are needed */
    bool known[SIM_METERS_MAX];
};

/* Whether heats of a station have a share in a meter at an instant. */
bool sim_share_serves(const struct sim_plant *plant, int meter, int station, int64_t ts_us);

/* Divides what a meter moved from one instant to another, between which nobody comes or goes.
 * Returns the number of shares; they add up to the amount. */
size_t sim_share_divide(struct sim_sharing *sharing, int meter, int64_t from_us, int64_t to_us,
                        int64_t amount_base, struct sim_share shares[SIM_SHARES_MAX]);

#endif
