/* What people enter: readings that they read or reject, and who was meant to be on duty. */
#include "quantity.h"
#include "sim_feature.h"
#include "sim_random.h"

#include <stdlib.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

struct entering {
    const struct sim_plant *plant;
    struct sim_facts *facts;
    struct sim_random random;
    size_t told; /* facts that were there before */
};

static struct sim_fact *enter(struct entering *entering, enum sim_disturbance disturbance,
                              enum sim_entry entry, int64_t ts_us, int64_t said_us)
{
    struct sim_fact *fact = sim_facts_add(entering->facts, SIM_FACT_ENTRY, ts_us);
    if (fact != NULL) {
        fact->entry = entry;
        fact->said_us = said_us;
        fact->disturbance = disturbance;
        entering->facts->counts[disturbance]++;
    }
    return fact;
}

/* Whether a meter's readings follow each other without an event or a jump. */
static bool is_plain(const struct entering *entering, int meter)
{
    enum sim_kind kind = entering->plant->meters[meter].kind;
    bool plain = kind == SIM_REGISTER || kind == SIM_RATE || kind == SIM_LEVEL;
    for (size_t i = 0; plain && i < entering->told; i++) {
        const struct sim_fact *fact = &entering->facts->rows[i];
        plain = fact->meter != meter ||
                (!fact->jump && fact->kind != SIM_FACT_ENTRY &&
                 (fact->kind != SIM_FACT_METER || fact->percent != 0)) ||
                fact->kind == SIM_FACT_HEAT || fact->kind == SIM_FACT_CREW;
    }
    return plain;
}

/* Whether anything else is said of that meter and instant. */
static bool is_alone(const struct entering *entering, int meter, int64_t ts_us,
                     const struct sim_fact *but)
{
    for (size_t i = 0; i < entering->facts->count; i++) {
        const struct sim_fact *fact = &entering->facts->rows[i];
        if (fact != but && fact->meter == meter && fact->ts_us == ts_us &&
            (fact->kind == SIM_FACT_READING || fact->kind == SIM_FACT_METER ||
             fact->kind == SIM_FACT_ENTRY)) {
            return false;
        }
    }
    return true;
}

/* The reading of a meter that counts and follows another; NULL: none does. */
static const struct sim_fact *next_own(const struct entering *entering, int meter, int64_t after_us)
{
    const struct sim_fact *next = NULL;
    for (size_t i = 0; i < entering->told; i++) {
        const struct sim_fact *fact = &entering->facts->rows[i];
        if (fact->kind == SIM_FACT_READING && fact->meter == meter && !fact->refused &&
            !fact->held && fact->ts_us > after_us && (next == NULL || fact->ts_us < next->ts_us)) {
            next = fact;
        }
    }
    return next;
}

static void reject_some(struct entering *entering, int meter)
{
    const struct sim_fact *first = next_own(entering, meter, INT64_MIN);
    for (size_t i = 0; first != NULL && i < entering->told; i++) {
        const struct sim_fact *fact = &entering->facts->rows[i];
        int64_t ts_us = fact->ts_us;
        bool can = fact->kind == SIM_FACT_READING && fact->meter == meter && !fact->refused &&
                   ts_us > first->ts_us;
        if (!can || !sim_disturbed(entering->facts, SIM_REJECT, &entering->random) ||
            !is_alone(entering, meter, ts_us, fact)) {
            continue;
        }
        int64_t said_us = ts_us + sim_random_between(&entering->random, 1, 2 * MINUTE);
        struct sim_fact *entry = enter(entering, SIM_REJECT, SIM_ENTRY_REJECT, ts_us, said_us);
        if (entry != NULL) {
            entry->meter = meter;
        }
    }
}

/* A person reads the meter between two of its own readings. */
static void read_some(struct entering *entering, int meter)
{
    const struct sim_fact *own = next_own(entering, meter, INT64_MIN);
    for (size_t n = 0; own != NULL && n < SIM_INSTANTS_MAX; n++) {
        const struct sim_fact *next = next_own(entering, meter, own->ts_us);
        const struct sim_fact before = *own;
        own = next;
        if (next == NULL || !sim_disturbed(entering->facts, SIM_ENTERED, &entering->random)) {
            continue;
        }
        int64_t length_us = next->ts_us - before.ts_us;
        bool clean = before.disturbance == SIM_CLEAN && next->disturbance == SIM_CLEAN;
        int64_t rise = next->value_raw - before.value_raw;
        bool level = entering->plant->meters[meter].kind == SIM_LEVEL;
        if (!clean || length_us < 2 * SECOND || level ||
            (rise < 0 && !entering->plant->meters[meter].two_way)) {
            continue;
        }
        int64_t part_us = sim_random_between(&entering->random, 1, length_us - 1);
        int64_t ts_us = before.ts_us + part_us;
        int64_t value_raw = before.value_raw + (int64_t)((quantity_wide)rise * part_us / length_us);
        int64_t said_us = ts_us + sim_random_between(&entering->random, 1, 2 * MINUTE);
        struct sim_fact *entry =
            is_alone(entering, meter, ts_us, NULL)
                ? enter(entering, SIM_ENTERED, SIM_ENTRY_READING, ts_us, said_us)
                : NULL;
        if (entry != NULL) {
            entry->meter = meter;
            entry->value_raw = value_raw;
        }
    }
}

static bool any_takeover(const struct entering *entering, int64_t from_us, int64_t to_us)
{
    for (size_t i = 0; i < entering->told; i++) {
        const struct sim_fact *fact = &entering->facts->rows[i];
        if (fact->kind == SIM_FACT_CREW && fact->ts_us >= from_us && fact->ts_us < to_us) {
            return true;
        }
    }
    return false;
}

/* Shifts near which nobody took over: which change a takeover meant would be open. */
static void correct_roster(struct entering *entering)
{
    const struct sim_plant *plant = entering->plant;
    struct sim_random *random = &entering->random;
    int32_t first = (int32_t)(plant->start_us / DAY) - 1, last = (int32_t)(plant->end_us / DAY) + 1;
    for (int32_t day = first; day <= last; day++) {
        for (int shift = 0; shift < plant->shift_count; shift++) {
            int64_t start_us = sim_plant_shift_start(plant, day, shift);
            int64_t reach_us = 2 * DAY / plant->shift_count + 2 * HOUR;
            if (start_us < plant->start_us - DAY || start_us > plant->end_us ||
                !sim_disturbed(entering->facts, SIM_ROSTER, random) ||
                any_takeover(entering, start_us - reach_us, start_us + 2 * reach_us)) {
                continue;
            }
            int times = sim_random_chance(random, 250) ? 2 : 1;
            for (int i = 0; i < times; i++) {
                int64_t said_us = start_us + sim_random_between(random, -3 * HOUR, 9 * HOUR) + i;
                struct sim_fact *entry =
                    enter(entering, SIM_ROSTER, SIM_ENTRY_ROSTER, said_us, said_us);
                if (entry != NULL) {
                    entry->day = day;
                    entry->shift = shift;
                    entry->crew = sim_random_chance(random, 200)
                                      ? SIM_NOBODY
                                      : (int)sim_random_between(random, 0, plant->crew_count - 1);
                    entering->facts->rewrites = true;
                }
            }
        }
    }
}

void sim_truth_entries(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts)
{
    struct entering entering = {plant, facts, sim_random_stream(seed, 34, 0), facts->count};
    bool rejects = sim_feature_chosen(seed, SIM_REJECT, facts->disabled) && !facts->late;
    bool reads = sim_feature_chosen(seed, SIM_ENTERED, facts->disabled) && !facts->late;
    for (int meter = 0; (rejects || reads) && meter < plant->meter_count; meter++) {
        if (!is_plain(&entering, meter)) {
            continue;
        }
        if (rejects) {
            reject_some(&entering, meter);
        }
        if (reads) {
            read_some(&entering, meter);
        }
    }
    if (sim_feature_chosen(seed, SIM_ROSTER, facts->disabled)) {
        entering.random = sim_random_stream(seed, 35, 0);
        correct_roster(&entering);
    }
}
