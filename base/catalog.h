/* The plant's vocabulary: items, stations, meters, shifts and crews, as constant tables.
 *
 * plant/plant.h makes it from plant.json; every room reads it, none changes it. An id is an index
 * into its table, of a type of its own, so that a crew cannot be booked as a station.
 *
 * A row that is `retired` was in a former configuration of the ledger and is in the present one no
 * more: it keeps its index, since what is booked names it, and takes nothing new. */
#ifndef HEATLEDGER_CATALOG_H
#define HEATLEDGER_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CATALOG_ID_MAX 32 /* bytes of an id in the configuration or of a heat, NUL not counted */
#define CATALOG_NAME_MAX 64
#define CATALOG_UNIT_MAX 15
#define CATALOG_ITEMS_MAX 1024
#define CATALOG_STATIONS_MAX 1024
#define CATALOG_METERS_MAX 1000000
#define CATALOG_SHIFTS_MAX 12
#define CATALOG_CREWS_MAX 64
#define CATALOG_SENTINELS_MAX 8
#define CATALOG_NONE UINT16_MAX

typedef struct {
    uint16_t index;
} item_id;
typedef struct {
    uint16_t index;
} station_id;
typedef struct {
    uint16_t index;
} shift_id;
typedef struct {
    uint16_t index; /* CATALOG_NONE: nobody on duty (a hole in the roster) */
} crew_id;
typedef struct {
    uint32_t index;
} meter_id;

/* What shop people read, in both languages; either falls back to the id. */
struct label {
    char zh[CATALOG_NAME_MAX + 1];
    char en[CATALOG_NAME_MAX + 1];
};

struct tariff;

struct item {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    char unit[CATALOG_UNIT_MAX + 1]; /* "kWh", "kg", "Nm3", "pcs" */
    uint8_t decimals;                /* base unit = unit x 10^-decimals */
    int64_t division_base;           /* one scale division, > 0: over means over by at least this */
    bool recovered;                  /* gas or steam won back: a credit */
    int64_t price_e6;                /* 10^-6 yuan a unit; -1 unknown */
    int64_t coal_gce_e6;             /* 10^-6 kgce a unit (standard coal); -1 unknown */
    int64_t co2_kg_e6;               /* 10^-6 kg CO2 a unit; -1 unknown */
    struct tariff *tariff;           /* tariff.h; NULL: one price at all times. The catalog's */
    bool retired;
};

struct station {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    bool last;         /* a heat that ended here has ended everywhere */
    bool idle_to_next; /* use without a heat goes to the heat that comes next */
    bool retired;
};

struct shift {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    int32_t start_s; /* local seconds after midnight */
};

struct crew {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    bool retired;
};

#define METER_KINDS 5
enum meter_kind { METER_REGISTER, METER_RATE, METER_INCREMENT, METER_EVENT, METER_LEVEL };
enum meter_role { METER_BOOK, METER_CHECK };
enum meter_idle { METER_IDLE_AS_STATION, METER_IDLE_KEPT, METER_IDLE_TO_NEXT };
enum meter_integration { METER_STEP, METER_TRAPEZOID };
enum meter_reset {
    METER_RESET_NEVER,   /* a fall is a glitch until somebody says otherwise */
    METER_RESET_TO_ZERO, /* a fall is a reset, what the register then shows is use */
    METER_RESET_UNKNOWN, /* a fall is a reset to an unknown value: a loss flag */
};

struct sharing;

struct meter {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    item_id item;
    station_id station;
    enum meter_kind kind;
    enum meter_role role;
    uint8_t decimals;                   /* raw unit = unit x 10^-decimals */
    int64_t scale_num, scale_den;       /* item base units = floor(raw x num / den), both > 0 */
    int64_t width_raw;                  /* a register starts again at 0 after width - 1; 0: never */
    int64_t max_rate_raw_hour;          /* more than this in an hour is no use; 0: no limit */
    int64_t min_raw, max_raw;           /* outside is refused; INT64_MIN/MAX: no limit */
    enum meter_reset reset;             /* registers */
    uint32_t reset_after;               /* a fall is a reset once so many readings stay low; 0, 1 */
    bool two_way;                       /* registers: a fall is use that went the other way */
    enum meter_integration integration; /* rates; a rate is in item units an hour */
    int64_t max_hold_us;                /* rates: a value holds at most this long; 0: no limit */
    int64_t max_gap_us;                 /* longer between samples: use is estimated; 0: no limit */
    int64_t stale_us;                   /* silent for longer: stale; 0: never */
    int64_t division_raw;               /* levels: a change by less than this is noise, > 0 */
    uint32_t sentinel_count;
    int64_t sentinels_raw[CATALOG_SENTINELS_MAX]; /* values that mean "no value" */
    enum meter_idle idle;                         /* whose the use without a heat is */
    struct sharing *sharing; /* sharing.h; NULL: equal shares at its station. The catalog's */
    bool retired;
};

struct catalog {
    char shop[CATALOG_ID_MAX + 1];
    struct label shop_name;
    uint32_t item_count, station_count, meter_count, shift_count, crew_count;
    struct item *items;
    struct station *stations;
    struct meter *meters;
    struct shift *shifts; /* in the order of the production day: shifts[0] starts it */
    struct crew *crews;
    struct catalog_index *meter_index; /* built by catalog_index_build */
};

/* Builds the look-up of meters by id. Call once after filling `meters`; ids must be unique. */
void catalog_index_build(struct catalog *catalog);

/* Releases the tables and the index; the struct itself is the caller's. */
void catalog_clear(struct catalog *catalog);

/* Look-ups by id: false where there is none. meters: hashed; the others: a walk of a short table */
bool catalog_find_meter(const struct catalog *catalog, const char *id, meter_id *found);
bool catalog_find_meter_text(const struct catalog *catalog, const char *text, size_t length,
                             meter_id *found); /* `text` need not end with NUL */
bool catalog_find_item(const struct catalog *catalog, const char *id, item_id *found);
bool catalog_find_station(const struct catalog *catalog, const char *id, station_id *found);
bool catalog_find_shift(const struct catalog *catalog, const char *id, shift_id *found);
bool catalog_find_crew(const struct catalog *catalog, const char *id, crew_id *found);

/* Names of the enums as they stand in plant.json ("register", "check", "to_zero" …). */
const char *meter_kind_name(enum meter_kind kind);
const char *meter_role_name(enum meter_role role);

#endif
