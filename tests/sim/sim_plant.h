/* A random plant: what the oracle must know of it, and its plant.json. */
#ifndef HEATLEDGER_SIM_PLANT_H
#define HEATLEDGER_SIM_PLANT_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_ITEMS_MAX 4
#define SIM_STATIONS_MAX 4
#define SIM_METERS_MAX 8
#define SIM_SHIFTS_MAX 4
#define SIM_CREWS_MAX 5
#define SIM_OVERRIDES_MAX 4
#define SIM_TARIFF_PARTS_MAX 7
#define SIM_TARIFF_BANDS 3
#define SIM_NOBODY (-1)
#define SIM_SHOP "S7"

enum sim_kind { SIM_REGISTER, SIM_RATE, SIM_INCREMENT, SIM_EVENT, SIM_LEVEL, SIM_KIND_COUNT };
/* By what a meter's use is divided over heats. */
enum sim_key {
    SIM_KEY_TIME,
    SIM_KEY_HEAT_COUNT,
    SIM_KEY_TONNAGE,
    SIM_KEY_RATIO,
    SIM_KEY_POWER,
    SIM_KEY_SUBMETER
};
#define SIM_PARTS_MAX 4
#define SIM_RULES_MAX 3
struct sim_rule {
    int64_t from_us; /* INT64_MIN: since ever */
    enum sim_key key;
    int part_count; /* 0: the meter's own station */
    struct {
        int station, meter; /* SIM_KEY_SUBMETER: that meter, at its station */
        int64_t weight;
    } parts[SIM_PARTS_MAX];
};
enum sim_idle { SIM_IDLE_AS_STATION, SIM_IDLE_NOBODY, SIM_IDLE_NEXT };

enum sim_reset { SIM_RESET_NEVER, SIM_RESET_TO_ZERO, SIM_RESET_UNKNOWN };

struct sim_item {
    char id[16];
    unsigned decimals;
    int64_t division_base;
};

struct sim_meter {
    char id[16];
    int item, station;
    enum sim_kind kind;
    bool check;
    unsigned decimals;              /* of what it shows */
    int64_t factor_num, factor_den; /* item units for one unit shown */
    int64_t scale_num, scale_den;   /* base units for one raw unit */
    int64_t width_raw;              /* 0: never round */
    int64_t max_rate_raw_hour;      /* 0: no limit */
    int64_t max_raw;                /* 0: no limit; more is refused */
    enum sim_reset reset;
    bool trapezoid;
    int64_t max_hold_us, max_gap_us; /* 0: none */
    int64_t division_raw;            /* levels */
    int64_t sentinel_raw;            /* INT64_MIN: none */
    bool two_way;
    int rule_count; /* 0: equal shares */
    struct sim_rule rules[SIM_RULES_MAX];
    enum sim_idle idle;
};

/* A zone as plain numbers, written down by hand: not read by the product's code. */
struct sim_zone {
    const char *name;
    struct {
        int64_t at_us;
        int32_t offset_s;
    } steps[3];
    int step_count;
    int64_t dst_us; /* an instant at which the clocks change; 0: never */
};

struct sim_plant {
    const struct sim_zone *zone;
    int64_t start_us, end_us; /* plant time */
    int item_count, station_count, meter_count, shift_count, crew_count;
    struct sim_item items[SIM_ITEMS_MAX];
    struct sim_meter meters[SIM_METERS_MAX];
    struct {
        char id[16];
        int32_t start_s;
    } shifts[SIM_SHIFTS_MAX]; /* the first starts the production day */
    bool last_station[SIM_STATIONS_MAX], idle_to_next[SIM_STATIONS_MAX];
    int32_t epoch_day;
    int cycle_length;
    int cycle[2 * SIM_CREWS_MAX]; /* shift, or SIM_NOBODY: off */
    int offsets[SIM_CREWS_MAX];
    bool relief[SIM_CREWS_MAX]; /* stands in no cycle */
    int override_count;
    struct {
        int32_t day;
        int shift, crew;
    } overrides[SIM_OVERRIDES_MAX];
    int tariff_item, tariff_count; /* of one item; 0 parts of the day: none has a tariff */
    int32_t tariff_starts_s[SIM_TARIFF_PARTS_MAX]; /* on the wall clock, the first at midnight */
    bool comments;
    char *text; /* plant.json */
};

/* Makes the plant of a seed, without the features of `disabled` (bit by sim_disturbance); `text` is
 * the caller's. */
void sim_plant_make(struct sim_plant *plant, uint64_t seed, uint64_t disabled);

/* Names by number, in a buffer of 16 bytes. */
const char *sim_station_name(int station, char text[16]);
const char *sim_crew_name(int crew, char text[16]);

/* The instant at which the wall clock shows `local_us`: the earlier one of two, the jump for one
 * that is skipped. */
int64_t sim_zone_instant(const struct sim_zone *zone, int64_t local_us);
int32_t sim_zone_offset_s(const struct sim_zone *zone, int64_t ts_us);

/* The crew that the roster has for a shift of a production day; SIM_NOBODY: a hole. */
int sim_plant_rostered(const struct sim_plant *plant, int32_t day, int shift);

/* When that shift starts. */
int64_t sim_plant_shift_start(const struct sim_plant *plant, int32_t day, int shift);

#endif
