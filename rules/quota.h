/* A quota: how much of an item a heat, a crew-shift, or the shop in a period may use. */
#ifndef HEATLEDGER_QUOTA_H
#define HEATLEDGER_QUOTA_H

#include "catalog.h"
#include "heat.h"
#include "period.h"
#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

#define QUOTA_POSTS_MAX 8
#define QUOTA_STATIONS_MAX 16
#define QUOTA_METERS_MAX 16
#define QUOTA_VERSIONS_MAX 32  /* of a configuration, … */
#define QUOTA_REVISIONS_MAX 32 /* … and by papers besides */
#define QUOTA_GRADES_MAX 32    /* rates of grades, revised ones too */
#define QUOTA_SEASONS_MAX 12

/* What the allowance is multiplied with, or that it is absolute. */
enum quota_basis {
    QUOTA_PER_TONNE, /* of steel of the heats counted */
    QUOTA_PER_HEAT,
    QUOTA_PER_SHIFT, /* absolute, of a crew-shift */
    QUOTA_LINEAR,    /* of a crew-shift: a fixed amount, and a rate for each tonne of its heats */
    QUOTA_PER_DAY,   /* absolute, of the shop in a period */
    QUOTA_PER_TEN_DAYS,
    QUOTA_PER_MONTH,
    QUOTA_BASES
};

/* Which steel a tonne is a tonne of. */
enum quota_tonnes {
    QUOTA_TONNES_GOOD,   /* the latest weighing, after all moves */
    QUOTA_TONNES_TAPPED, /* what the tap event says, after all moves */
    QUOTA_TONNES_CAST,   /* what the end at a last station says */
    QUOTA_TONNES_KINDS
};

enum quota_view { QUOTA_VIEW_OWNER, QUOTA_VIEW_CLOCK };

/* Two levels that are judged: what the team wants to keep, and what the workshop allows. The
 * stretch is a tighter one, for show and for the settlement; it raises nothing. */
enum quota_level {
    QUOTA_TARGET,
    QUOTA_LIMIT,
    QUOTA_JUDGED_LEVELS,
    QUOTA_STRETCH = QUOTA_JUDGED_LEVELS,
    QUOTA_LEVELS
};

/* The quota was revised: other rates are in force from then on. */
struct quota_version {
    int64_t from_us;
    int64_t rate_e9[QUOTA_LEVELS]; /* as those of struct quota */
    int64_t fixed_e9[QUOTA_LEVELS];
};

/* Heats of a grade have rates of their own from then on. */
struct quota_grade {
    char grade[CATALOG_ID_MAX + 1];
    int64_t from_us;               /* INT64_MIN: from the beginning */
    int64_t rate_e9[QUOTA_LEVELS]; /* all QUOTA_NO_RATE: it has none of its own any more */
};
#define QUOTA_NO_RATE (-1)

/* The rates of some months, of the production day, are multiplied. */
struct quota_season {
    uint16_t months; /* bit 0 is January */
    int64_t factor_e9;
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
    enum quota_view view; /* of its crew-shift balance */
    bool of_heats;        /* judged for each heat; for QUOTA_PER_TONNE and QUOTA_PER_HEAT alone */
    bool of_crews;        /* judged for each crew-shift; never for those of a period */
    bool has_stretch;
    bool carry;      /* what a crew has left of a month goes to its next one; of_crews */
    bool soft;       /* a target that is aimed at: it is never red in a score */
    bool of_process; /* a process target (reporting, calibration), not a result */
    char owner[CATALOG_NAME_MAX + 1]; /* the department that keeps it; "" unknown */
    enum quota_tonnes tonnes;
    int64_t rate_e9[QUOTA_LEVELS];  /* 10^-9 item units a tonne, a heat, a shift or a period, >= 0;
                                       stretch <= target <= limit; from the beginning */
    int64_t fixed_e9[QUOTA_LEVELS]; /* QUOTA_LINEAR: a shift, besides; 10^-9 item units */
    uint32_t version_count;         /* 0: never revised */
    /* by from_us, no two alike */
    struct quota_version versions[QUOTA_VERSIONS_MAX + QUOTA_REVISIONS_MAX];
    uint32_t grade_count;
    struct quota_grade grades[QUOTA_GRADES_MAX]; /* by from_us; no two of a grade alike */
    uint32_t season_count;
    struct quota_season seasons[QUOTA_SEASONS_MAX]; /* no month in two of them */
    uint32_t station_count;                         /* 0: all stations */
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

/* The same of a period: a whole one, counted where its first shift is. */
bool quota_counts_period(const struct quota *quota, struct period period);

/* Whether a quota counts the use at that station. */
bool quota_counts_station(const struct quota *quota, station_id station);

/* Whether a quota counts use of that meter: all of it, or, where the meter serves several stations,
 * what quota_counts_station says. */
bool quota_counts(const struct quota *quota, const struct catalog *catalog, meter_id meter);

/* Whether the quota is the shop's in a period, and in which kind of period. */
bool quota_of_period(const struct quota *quota, enum period_kind *kind);

/* Whether what the heats are allowed makes up what their owner is: per tonne, per heat, linear. */
bool quota_sums_heats(const struct quota *quota);

/* Whether all use counts, idle use and that of heats without a weight too: all but per tonne and
 * per heat. */
bool quota_takes_all(const struct quota *quota);

/* The heat's steel in grams as the quota counts it; -1: unknown. 0: all of it moved. */
int64_t quota_steel_g(const struct quota *quota, const struct heat *heat);

/* The rates (by level) in force at an instant, a version's own first one included; INT64_MIN: from
 * the beginning. They live as long as the quota. Not those of a grade, and of no season. */
const int64_t *quota_rates_e9(const struct quota *quota, int64_t at_us);
const int64_t *quota_fixed_e9(const struct quota *quota, int64_t at_us);

/* The same for heats of a grade ("": unknown). */
const int64_t *quota_grade_rates_e9(const struct quota *quota, int64_t at_us, const char *grade);

/* The factor of a production day's month, 10^-9; without a season 10^9. */
int64_t quota_factor_e9(const struct quota *quota, int32_t day);

/* What something is allowed by. */
struct quota_case {
    int64_t at_us;     /* by the rates in force then … */
    int32_t day;       /* … the season being that of this production day */
    const char *grade; /* of the heat; NULL: it is no heat */
    int64_t steel_g;   /* of the heat, >= 0 where the quota counts tonnes; else ignored */
    int64_t actual_us, nominal_us; /* of a crew-shift of unusual length (the clocks change), > 0
                                      and at most a few days; else 0 */
};

/* Whether the team's target is below the limit. */
bool quota_two_levels(const struct quota *quota, const struct quota_case *of);

/* The allowance in item base units, floored (INTERFACES): of a heat, for per tonne, per heat and
 * linear; of a shift or a period by itself for the others, and of a shift by a linear quota where
 * `grade` is NULL: its fixed amount. What a shift is allowed is floor(rate x actual / nominal).
 * A season's rate is floored to 10^-9 item units first. Saturates at INT64_MAX. */
int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, const struct quota_case *of);

#endif
