/* The timetable of a simulated plant: one row a heat, read from a CSV file with a header.
 *
 * The columns are found by name, in any order; columns that are not named here (`k`, `owner`) are
 * passed over. Times are RFC 3339, amounts whole numbers in the unit that the column's name ends
 * with. */
#ifndef HEATLEDGER_TIMETABLE_H
#define HEATLEDGER_TIMETABLE_H

#include "catalog.h"
#include "failure.h"

#include <stddef.h>
#include <stdint.h>

#define TIMETABLE_HEATS_MAX 100000
#define TIMETABLE_BYTES_MAX (64u << 20)
#define TIMETABLE_AMOUNT_MAX INT64_C(1000000000) /* of any column; more is a unit mixed up */
#define TIMETABLE_PIECES_MAX INT64_C(1000)       /* of thermocouples in a heat */

/* A heat id leaves room for the suffix of a plant's copy ("-999"). */
#define TIMETABLE_HEAT_ID_MAX (CATALOG_ID_MAX - 4)

/* The instants of a heat, in the order in which they come. */
enum timetable_time {
    TIMETABLE_CHARGE,
    TIMETABLE_BLOW_START,
    TIMETABLE_BLOW_END,
    TIMETABLE_TAP_START,
    TIMETABLE_TAP_END,
    TIMETABLE_LF_START,
    TIMETABLE_LF_END,
    TIMETABLE_CAST_START,
    TIMETABLE_CAST_END,
    TIMETABLE_TIME_COUNT
};

enum timetable_amount {
    TIMETABLE_STEEL_KG,
    TIMETABLE_HOT_METAL_KG,
    TIMETABLE_FEMN_KG,
    TIMETABLE_FESI_KG,
    TIMETABLE_AL_KG,
    TIMETABLE_SIAL_KG,
    TIMETABLE_THERMOCOUPLE_PCS,
    TIMETABLE_O2_NM3,
    TIMETABLE_LF_KWH,
    TIMETABLE_AMOUNT_COUNT
};

struct timetable_heat {
    char id[TIMETABLE_HEAT_ID_MAX + 1]; /* printable, without quotes and backslashes */
    int64_t time_us[TIMETABLE_TIME_COUNT];
    int64_t amount[TIMETABLE_AMOUNT_COUNT]; /* >= 0, whole units */
};

struct timetable {
    size_t heat_count;
    struct timetable_heat *heats; /* by charge, ids unique */
};

/* Reads the text of a timetable. `name` stands for it in messages. On success `timetable` owns
 * its heats (timetable_clear); on failure it is empty and the text of `failure` names line and
 * column and says what would be right. */
bool timetable_read(const char *name, const char *text, size_t length, struct timetable *timetable,
                    struct failure *failure);

/* The same from a file; one that cannot be read is FAILURE_INPUT too: it was named on the command
 * line. */
bool timetable_load(const char *path, struct timetable *timetable, struct failure *failure);

void timetable_clear(struct timetable *timetable);

#endif
