/* What a configuration says about money, energy, plans and rewards: constant tables that plant/
 * fills and the other nouns of this room are given. Items and crews are those of the catalog;
 * quotas are named, since they are the rules' own. */
#ifndef HEATLEDGER_COSTING_RULES_H
#define HEATLEDGER_COSTING_RULES_H

#include "catalog.h"
#include "period.h"

#include <stdbool.h>
#include <stdint.h>

#define COSTING_SOURCE_MAX 64
#define COSTING_LINES_MAX 32
#define COSTING_PATH_MAX 255
#define COSTING_UNKNOWN INT64_C(-1)

/* Prices of an item from a production day on. */
struct price {
    item_id item;
    int32_t from_day;    /* INT32_MIN: since ever */
    int64_t standard_e6; /* 10^-6 yuan a unit, or COSTING_UNKNOWN */
    int64_t actual_e6;   /* as bought, or COSTING_UNKNOWN */
};

enum energy_measure { ENERGY_COAL, ENERGY_CO2, ENERGY_MEASURES };

/* A published literal: kgce, or kg CO2, for a unit of an item, from a production day on. */
struct energy_factor {
    item_id item;
    enum energy_measure measure;
    char basis[CATALOG_ID_MAX + 1]; /* "calorific" (当量), "equivalent" (等价), or any other word;
                                       one basis is used at a time: struct costing_rules */
    int32_t from_day;
    int64_t factor_e6;
    char source[COSTING_SOURCE_MAX + 1]; /* who published it */
};

/* One of the classes of cost: material, energy, wages, overhead. */
struct cost_class {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    bool controllable; /* by the team: only then it counts in a team's score */
};

/* Whom an overrun with this cause is charged to. */
enum cause_charge { CAUSE_CREW, CAUSE_INSTRUMENTS, CAUSE_NOBODY };

/* 5M1E: MAN, MAC, MAT, MTD, ENV, MEA, with subcodes. */
struct cause_code {
    char code[CATALOG_ID_MAX + 1]; /* "MEA-02" */
    struct label name;
    enum cause_charge charge;
};

/* Steel that is planned for a period, of the shop or of one crew. */
struct planned_steel {
    struct period period;
    crew_id crew; /* CATALOG_NONE: the shop */
    int64_t steel_g;
};

/* What an item's use is held against, in the whole shop or at one station, from a production day
 * on: E = fixed + per_tonne x t of a crew-shift, given, or fitted to what some days showed. A row
 * more says that something has changed for good, so that the old line means nothing any more. */
struct energy_baseline {
    item_id item;
    station_id station; /* CATALOG_NONE: the whole shop */
    int32_t from_day;   /* INT32_MIN: since ever */
    bool fitted;
    int32_t fit_from_day, fit_until_day; /* fitted: to the days [from, until) */
    int64_t fixed_e6, per_tonne_e6;      /* else: 10^-6 units, >= 0 */
};

struct settlement_rule_line {
    char quota[CATALOG_ID_MAX + 1];
    int64_t weight_e3;
};

/* How a crew is settled with: DOMAIN 4 is the default but for the bonus, which is 0. */
struct settlement_rule {
    bool given;
    enum period_kind period; /* day, ten_days or month */
    int64_t pool_e4;         /* the part of the bonus that is at risk, 10^-4 */
    int64_t bonus_fen;       /* of a crew for a period */
    int64_t
        crew_bonus_fen[CATALOG_CREWS_MAX]; /* of a crew with its own; COSTING_UNKNOWN: as above */
    uint32_t line_count;
    struct settlement_rule_line lines[COSTING_LINES_MAX];
    int64_t step_threshold_e2, step_e2, step_reward_fen; /* stepped rewards; step_e2 0: none */
    char people_file[COSTING_PATH_MAX + 1]; /* absolute: who a crew is; empty: not told here */
};

struct allocation;

struct costing_rules {
    struct price *prices;          /* by item, then from_day */
    struct energy_factor *factors; /* by measure, item, then from_day; one basis a measure */
    uint32_t price_count, factor_count;
    struct cost_class *classes;
    struct cause_code *causes;
    uint32_t class_count, cause_count;
    uint16_t *item_class; /* by item; CATALOG_NONE: of no class */
    struct planned_steel *plans;
    struct allocation *allocations; /* allocation.h */
    uint32_t plan_count, allocation_count;
    int64_t *station_run_us; /* by station: planned run time of a heat there; 0: not said */
    struct energy_baseline *baselines; /* by item, station, then from_day */
    uint32_t station_count, baseline_count;
    struct settlement_rule settlement;
};

/* Releases the tables; the struct itself is the caller's. */
void costing_rules_clear(struct costing_rules *rules);

/* The row in force on a production day; NULL: none is. */
const struct price *costing_price(const struct costing_rules *rules, item_id item, int32_t day);
const struct energy_factor *costing_factor(const struct costing_rules *rules,
                                           enum energy_measure measure, item_id item, int32_t day);

/* The cause with that code; NULL: there is none. */
const struct cause_code *costing_cause(const struct costing_rules *rules, const char *code);

/* The baseline in force on a production day; NULL: there is none. */
const struct energy_baseline *costing_baseline(const struct costing_rules *rules, item_id item,
                                               station_id station, int32_t day);

/* The steel planned for exactly that period; -1: nothing is planned. */
int64_t costing_planned_g(const struct costing_rules *rules, struct period period, crew_id crew);

#endif
