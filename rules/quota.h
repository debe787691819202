/* A quota: how much of an item a heat or a crew-shift may use. */
#ifndef HEATLEDGER_QUOTA_H
#define HEATLEDGER_QUOTA_H

#include "catalog.h"
#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

#define QUOTA_POSTS_MAX 8
#define QUOTA_STATIONS_MAX 16
#define QUOTA_METERS_MAX 16
#define QUOTA_VERSIONS_MAX 32

/* What the allowance is multiplied with. */
enum quota_basis {
    QUOTA_PER_TONNE, /* of good steel of the heats counted */
    QUOTA_PER_HEAT,
    QUOTA_PER_SHIFT, /* absolute */
};

enum quota_view { QUOTA_VIEW_OWNER, QUOTA_VIEW_CLOCK };

/* Two levels: what the team wants to keep, and what the workshop allows. */
enum quota_level { QUOTA_TARGET, QUOTA_LIMIT, QUOTA_LEVELS };

/* The quota was revised: other rates are in force from then on. */
struct quota_version {
    int64_t from_us;
    int64_t rate_e9[QUOTA_LEVELS]; /* as those of struct quota */
};

/* The first crew-shifts for which a quota counts, or does not count any more. */
struct quota_bound {
    int32_t day; /* 0: there is no bound */
    shift_id shift;
};

struct quota {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    item_id item;
    enum quota_basis basis;
    enum quota_view view;          /* of its crew-shift balance */
    bool of_heats;                 /* judged for each heat; never for QUOTA_PER_SHIFT */
    bool of_crews;                 /* judged for each crew-shift */
    int64_t rate_e9[QUOTA_LEVELS]; /* 10^-9 item units a tonne, a heat or a shift, >= 0;
                                      target <= limit; from the beginning */
    uint32_t version_count;        /* 0: never revised */
    struct quota_version versions[QUOTA_VERSIONS_MAX]; /* by from_us, no two alike */
    uint32_t station_count;                            /* 0: all stations */
    station_id stations[QUOTA_STATIONS_MAX];
    uint32_t meter_count; /* 0: all booking meters of the item */
    meter_id meters[QUOTA_METERS_MAX];
    uint32_t post_count;
    char posts[QUOTA_POSTS_MAX][CATALOG_NAME_MAX + 1]; /* responsible posts, for alerts */
    struct quota_bound from, until; /* counts crew-shifts in [from, until), heats by their owner */
    bool retired;                   /* is in the present configuration no more */
};

/* Whether a quota counts that crew-shift: what it owns or, in the clock view, what was used under
 * it. One that came or went within the life of the ledger counts whole shifts and whole heats
 * (rules.h). */
bool quota_counts_slot(const struct quota *quota, struct crew_slot slot);

/* Whether a quota counts the use at that station. */
bool quota_counts_station(const struct quota *quota, station_id station);

/* Whether a quota counts use of that meter: all of it, or, where the meter serves several stations,
 * what quota_counts_station says. */
bool quota_counts(const struct quota *quota, const struct catalog *catalog, meter_id meter);

/* The rates (by level) in force at an instant, a version's own first one included; INT64_MIN: from
 * the beginning. They live as long as the quota. */
const int64_t *quota_rates_e9(const struct quota *quota, int64_t at_us);

/* The allowance in item base units, floored (INTERFACES): of `steel_g` grams for per tonne, of
 * one heat or one shift otherwise (steel_g is ignored), by the rates in force at `at_us`. Saturates
 * at INT64_MAX. */
int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, int64_t at_us, int64_t steel_g);

/* The same of a per-shift quota for a shift of another length than usual (the clocks change):
 * floor(rate x actual / nominal). Both lengths are > 0 and at most a few days. */
int64_t quota_allowed_shift_base(const struct quota *quota, const struct catalog *catalog,
                                 enum quota_level level, int64_t at_us, int64_t actual_us,
                                 int64_t nominal_us);

#endif
