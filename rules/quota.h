/* A quota: how much of an item a heat or a crew-shift may use. */
#ifndef HEATLEDGER_QUOTA_H
#define HEATLEDGER_QUOTA_H

#include "catalog.h"

#include <stdbool.h>
#include <stdint.h>

#define QUOTA_POSTS_MAX 8
#define QUOTA_STATIONS_MAX 16
#define QUOTA_METERS_MAX 16

/* What the allowance is multiplied with. */
enum quota_basis {
    QUOTA_PER_TONNE, /* of good steel of the heats counted */
    QUOTA_PER_HEAT,
    QUOTA_PER_SHIFT, /* absolute */
};

enum quota_view { QUOTA_VIEW_OWNER, QUOTA_VIEW_CLOCK };

/* Two levels: what the team wants to keep, and what the workshop allows. */
enum quota_level { QUOTA_TARGET, QUOTA_LIMIT, QUOTA_LEVELS };

struct quota {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    item_id item;
    enum quota_basis basis;
    enum quota_view view;          /* of its crew-shift balance */
    bool of_heats;                 /* judged for each heat; never for QUOTA_PER_SHIFT */
    bool of_crews;                 /* judged for each crew-shift */
    int64_t rate_e9[QUOTA_LEVELS]; /* 10^-9 item units a tonne, a heat or a shift, >= 0;
                                      target <= limit */
    uint32_t station_count;        /* 0: all stations */
    station_id stations[QUOTA_STATIONS_MAX];
    uint32_t meter_count; /* 0: all booking meters of the item */
    meter_id meters[QUOTA_METERS_MAX];
    uint32_t post_count;
    char posts[QUOTA_POSTS_MAX][CATALOG_NAME_MAX + 1]; /* responsible posts, for alerts */
};

/* Whether a quota counts the use of that meter. */
bool quota_counts(const struct quota *quota, const struct catalog *catalog, meter_id meter);

/* The allowance in item base units, floored (INTERFACES): of `steel_g` grams for per tonne, of
 * one heat or one shift otherwise (steel_g is ignored). Saturates at INT64_MAX. */
int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, int64_t steel_g);

#endif
