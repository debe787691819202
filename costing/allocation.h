/* An allocation: what a quota may use in a year, quarter or month (or any other period), divided
 * down to finer periods, to shifts, and to stations, crews and posts (指标分解到人), by the steel
 * that is planned, in whole base units that add up at every level (DOMAIN 4).
 *
 * Time is divided first, level by level; each of the finest periods is then divided over the parts.
 * So what a crew may use in a month is the sum of what it may use in the month's days, and the
 * crews of a month add up to the month as the days do. */
#ifndef HEATLEDGER_ALLOCATION_H
#define HEATLEDGER_ALLOCATION_H

#include "catalog.h"
#include "costing_rules.h"
#include "period.h"
#include "plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALLOCATION_LEVELS_MAX 6
#define ALLOCATION_PARTS_MAX 64
#define ALLOCATION_FIXED_MAX 512
#define ALLOCATION_WISHES_MAX 256
#define ALLOCATION_NODES_MAX 50000
#define ALLOCATION_NO_PART SIZE_MAX
#define ALLOCATION_BY_STEEL INT64_C(-1)

/* Below the kinds of periods: the shifts of a day, each with the crew of the roster. */
#define ALLOCATION_SHIFT ((int)PERIOD_KINDS)

enum allocation_holder { HELD_BY_SHOP, HELD_BY_STATION, HELD_BY_CREW, HELD_BY_POST };

/* Who has a part of each of the finest periods. Parts of one whole are of one kind. */
struct allocation_part {
    enum allocation_holder holder;
    char id[CATALOG_NAME_MAX + 1]; /* of a station or crew; a post's name */
    crew_id crew;                  /* CATALOG_NONE: none */
    int64_t weight_e3;             /* ALLOCATION_BY_STEEL: by the crew's planned steel */
    size_t first_part, part_count; /* its own parts, behind it in the same array */
};

/* A period whose amount is said, not worked out. */
struct allocation_fixed {
    struct period period;
    int64_t amount_base;
};

/* What a crew (CATALOG_NONE: all) has at least, from above, or asks for, from below, in a period:
 * item units for a tonne, 10^-9. For re-allocation.h. */
struct allocation_wish {
    struct period period;
    crew_id crew;
    int64_t rate_e9;
};

/* Where a node of the plan's tree stands. */
struct allocation_place {
    size_t parent; /* of the root: itself */
    int level;     /* enum period_kind, or ALLOCATION_SHIFT */
    struct period period;
    shift_id shift;    /* CATALOG_NONE: a whole period */
    crew_id crew;      /* of the shift, or the nearest crew among the parts; CATALOG_NONE: none */
    size_t part;       /* ALLOCATION_NO_PART: a period or shift */
    int64_t planned_g; /* steel; -1: not planned */
};

struct allocation {
    char quota[CATALOG_ID_MAX + 1];
    item_id item;
    struct period period;
    int64_t amount_base;
    int level_count, levels[ALLOCATION_LEVELS_MAX]; /* below the period, from coarse to fine */
    int64_t shift_weight_e3[CATALOG_SHIFTS_MAX];
    size_t root_part_count, part_count;
    struct allocation_part parts[ALLOCATION_PARTS_MAX]; /* those of the shop first */
    uint32_t fixed_count;
    struct allocation_fixed *fixed;
    int32_t frozen_days; /* re-allocation leaves so many days from today on as they are */
    uint32_t floor_count, proposal_count;
    struct allocation_wish *floors, *proposals;
    bool per_tonne; /* the quota has one rate a tonne all the period long, so that it can be revised
                     */
    int64_t target_e9, limit_e9;     /* that rate as configured, item units a tonne … */
    int64_t season_e9;               /* … and by what its season multiplies it */
    struct plan_node *nodes;         /* the tree; nodes[0] is the whole period */
    struct allocation_place *places; /* of the nodes */
    size_t node_count;
};

void allocation_clear(struct allocation *allocation);

/* Who works when: the roster's crew of a shift; index CATALOG_NONE: nobody, so that no steel is
 * planned for it. */
struct allocation_roster {
    crew_id (*crew_of)(const void *context, int32_t day, shift_id shift);
    const void *context;
    uint32_t shift_count;
};

enum allocation_result {
    ALLOCATION_DONE,
    ALLOCATION_UNPLANNED,  /* nothing is planned, so that there is nothing to divide by */
    ALLOCATION_HOLE,       /* other parts of the same whole are planned, this is not */
    ALLOCATION_MISMATCH,   /* the planned parts do not add up to the planned whole */
    ALLOCATION_NO_PERIOD,  /* what is fixed is none of the periods */
    ALLOCATION_TOO_MANY,   /* nodes, or parts of one node */
    ALLOCATION_OVER_FIXED, /* more is fixed than there is */
    ALLOCATION_UNDER_FIXED,
    ALLOCATION_NO_WEIGHT,
    ALLOCATION_RESULTS
};

/* What is wrong, and where. */
struct allocation_trouble {
    struct period period;
    crew_id crew;                   /* of a hole; CATALOG_NONE: the shop */
    int64_t whole_g, parts_g;       /* of a mismatch */
    int64_t whole_base, fixed_base; /* of what is fixed */
};

/* The steel planned for the allocation's period: its own row, or the sum of those below; -1: not
 * known. */
int64_t allocation_planned_g(const struct costing_rules *rules,
                             const struct allocation *allocation);

/* The steel planned for a crew-shift: the crew's own row of that day, what an allocation has
 * divided down to it, or its part of the day, of so many equal ones; -1: nothing is. */
int64_t allocation_planned_shift_g(const struct costing_rules *rules, int32_t day, shift_id shift,
                                   crew_id crew, uint32_t shift_count);

/* Makes the tree and divides the amount down it. Parts of a whole are planned all or none; where
 * none is, days share by their number, shifts by their weights. Called once, on success the tree
 * is the allocation's. */
enum allocation_result allocation_divide(struct allocation *allocation,
                                         const struct costing_rules *rules,
                                         const struct allocation_roster *roster,
                                         struct allocation_trouble *trouble);

/* Another tonnage is planned for one of its periods (crew CATALOG_NONE), or for a crew in a period,
 * in the shifts or parts that are the crew's there: planned steel changes below and above, amounts
 * do not. False: the tree has no such period or crew, so that nothing follows from it. */
bool allocation_replan(struct allocation *allocation, struct period period, crew_id crew,
                       int64_t steel_g);

/* A line of the plan: what someone may use in a period or shift. */
struct allocation_line {
    int level;
    struct period period;
    shift_id shift; /* CATALOG_NONE: a whole period */
    enum allocation_holder holder;
    crew_id crew;      /* the holder, or to whom the post belongs; CATALOG_NONE: none */
    size_t part;       /* ALLOCATION_NO_PART: of the shop, or a crew of the roster */
    int64_t planned_g; /* -1: not planned */
    int64_t amount_base;
    bool fixed;
};

/* All of them, coarse periods first, each period's shop before its holders; to be freed.
 * `amounts_base` (NULL: as divided) has one amount a node, as of a re-allocation. */
struct allocation_line *allocation_lines(const struct allocation *allocation,
                                         const int64_t *amounts_base, size_t *count);

/* "shift", or as period_kind_name. */
const char *allocation_level_name(int level);
const char *allocation_holder_name(enum allocation_holder holder);

#endif
