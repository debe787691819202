#include "sim_fact.h"

#include "sim_feature.h"
#include "sim_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_SEEDS_PER_MILLE 120
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (3600 * SECOND)

const struct sim_disturbance_info sim_disturbances[SIM_DISTURBANCE_COUNT] = {
    [SIM_CLEAN] = {"clean", 0},
    [SIM_DIP] = {"dip", 12},
    [SIM_ZERO] = {"transient zero", 8},
    [SIM_LONG_DIP] = {"long dip", 2},
    [SIM_SPIKE] = {"spike", 12},
    [SIM_FOREIGN] = {"foreign register", 3},
    [SIM_CONFLICT] = {"conflict", 12},
    [SIM_UNCERTAIN] = {"uncertain", 15},
    [SIM_BAD_VALUE] = {"null, NaN, empty", 12},
    [SIM_BAD_QUALITY] = {"bad quality", 8},
    [SIM_SENTINEL] = {"sentinel", 12},
    [SIM_RANGE] = {"out of range", 8},
    [SIM_GAP] = {"gap", 4},
    [SIM_EXCHANGE] = {"exchange", 250},
    [SIM_RESET_MESSAGE] = {"reset message", 150},
    [SIM_MULTIPLIER] = {"multiplier", 200},
    [SIM_FALL] = {"true fall", 6},
    [SIM_VOID] = {"void", 40},
    [SIM_TAKEOVER] = {"takeover", 500},
    [SIM_WEIGHT] = {"weight corrected", 100},
    [SIM_EVENT_VOID] = {"void of a heat's event", 25},
    [SIM_HEAT_VOIDED] = {"void of a heat", 30},
    [SIM_RENUMBER] = {"renumber", 80},
    [SIM_MOVE] = {"return, split, merge", 150},
    [SIM_JUMP] = {"jump borne out", 700},
    [SIM_SILENT_FALL] = {"fall that a person accepts", 700},
    [SIM_REJECT] = {"reading that a person rejects", 8},
    [SIM_ENTERED] = {"reading that a person enters", 8},
    [SIM_ROSTER] = {"roster corrected", 200},
    [SIM_DELAY] = {"delay", 40},
    [SIM_LATE] = {"hours late", 12},
    [SIM_LATE_EVENT] = {"event hours late", 60},
    [SIM_OUTAGE] = {"outage", 350},
    [SIM_ADVANCE] = {"stamped ahead", 20},
    [SIM_DUPLICATE] = {"duplicate", 30},
    [SIM_REDELIVERY] = {"redelivery (DUP)", 15},
    [SIM_TWICE_IN_BATCH] = {"twice in a batch", 20},
    [SIM_RETAINED] = {"retained copy", 10},
    [SIM_FUTURE] = {"future", 5},
    [SIM_UNKNOWN_METER] = {"unknown meter", 4},
    [SIM_UNKNOWN_TOPIC] = {"unknown topic", 4},
    [SIM_BROKEN_JSON] = {"broken JSON", 4},
    [SIM_CLOCK] = {"clock step", 5},
    [SIM_TICK] = {"tick", 20},
    [SIM_RESTART] = {"restart", 4},
    [SIM_REOPEN] = {"restart, journal opened again", 2},
    [SIM_FORGOTTEN] = {"copy, hours afterwards", 10},
    [SIM_KILL] = {"killed before a commit", 2},
    [SIM_SHARING] = {"meter with a sharing key", 400},
    [SIM_NEXT_HEAT] = {"idle to the next heat", 300},
    [SIM_TWO_WAY] = {"two-way register", 500},
    [SIM_TARIFF] = {"item with a tariff", 250},
};

bool sim_disturbed(const struct sim_facts *facts, enum sim_disturbance disturbance,
                   struct sim_random *random)
{
    bool chosen = sim_random_chance(random, sim_disturbances[disturbance].per_mille);
    return chosen && (facts->disabled >> disturbance & 1) == 0;
}

struct sim_fact *sim_facts_add(struct sim_facts *facts, enum sim_fact_kind kind, int64_t ts_us)
{
    if (facts->count == SIM_FACTS_MAX) {
        return NULL;
    }
    struct sim_fact *fact = &facts->rows[facts->count++];
    *fact = (struct sim_fact){
        .serial = facts->serial++,
        .kind = kind,
        .ts_us = ts_us,
        .from_us = SIM_NONE,
        .seq = -1,
        .station = -1,
        .steel_g = -1,
        .crew = SIM_NOBODY,
    };
    return fact;
}

static void add_heat_event(struct sim_facts *facts, struct sim_random *random, const char *heat,
                           enum sim_heat_event event, int station, int64_t ts_us, int64_t steel_g)
{
    struct sim_fact *fact = sim_facts_add(facts, SIM_FACT_HEAT, ts_us);
    if (fact == NULL) {
        return;
    }
    memcpy(fact->heat, heat, sizeof fact->heat);
    fact->event = event;
    fact->station = station;
    fact->steel_g = steel_g;
    if (sim_random_chance(random, 700)) {
        snprintf(fact->id, sizeof fact->id, "h%u", fact->serial);
    }
}

/* A time near `ts_us`, often a round one, now and then exactly the start of a shift. */
static int64_t natural_time(const struct sim_plant *plant, struct sim_random *random, int64_t ts_us)
{
    if (sim_random_chance(random, 40)) {
        int32_t day = (int32_t)(ts_us / (24 * HOUR));
        for (int shift = 0; shift < plant->shift_count; shift++) {
            int64_t start_us = sim_plant_shift_start(plant, day, shift);
            if (llabs(start_us - ts_us) < HOUR) {
                return start_us;
            }
        }
    }
    static const int64_t steps_us[] = {MINUTE, SECOND, 1000, 1};
    int64_t step_us = steps_us[sim_random_between(random, 0, 3)];
    return ts_us - ts_us % step_us;
}

/* One visit; returns when it ends. */
static int64_t add_visit(const struct sim_plant *plant, struct sim_random *random,
                         struct sim_facts *facts, const char *heat, int station, int64_t start_us,
                         bool ends)
{
    int64_t end_us =
        natural_time(plant, random, start_us + sim_random_between(random, 4, 50) * MINUTE);
    add_heat_event(facts, random, heat, SIM_HEAT_START, station, start_us, -1);
    if (end_us <= start_us) {
        end_us = start_us + MINUTE;
    }
    if (ends) {
        bool weighed = sim_random_chance(random, 150);
        add_heat_event(facts, random, heat, SIM_HEAT_END, station, end_us,
                       weighed ? sim_random_between(random, 90000, 110000) * 1000 : -1);
    }
    return end_us;
}

static void add_heat(const struct sim_plant *plant, struct sim_random *random,
                     struct sim_facts *facts, int number, int64_t at_us)
{
    char heat[SIM_MIX_ID] = "";
    /* Ids whose order by text is not that of their first event. */
    snprintf(heat, sizeof heat, "%c%d", "ZHB"[sim_random_between(random, 0, 2)], 100 + number);
    int64_t at = natural_time(plant, random, at_us);
    bool left_open = sim_random_chance(random, 30) && at_us > plant->end_us - 3 * HOUR;
    for (int station = 0; station < plant->station_count; station++) {
        if (sim_random_chance(random, 200)) {
            continue;
        }
        int64_t end_us = add_visit(plant, random, facts, heat, station, at, !left_open);
        if (left_open) {
            return;
        }
        if (station == 0 && sim_random_chance(random, 850)) {
            int64_t tap_us = natural_time(plant, random, end_us);
            /* Two weighings of one instant: which counts is nowhere said. */
            bool known = sim_random_chance(random, 850) && facts->count > 0 &&
                         facts->rows[facts->count - 1].steel_g < 0;
            add_heat_event(facts, random, heat, SIM_HEAT_TAP, station, tap_us,
                           known ? sim_random_between(random, 95000, 105000) * 1000 : -1);
        }
        if (sim_random_chance(random, 150) && !plant->last_station[station]) {
            int64_t again_us =
                natural_time(plant, random, end_us + sim_random_between(random, 3, 20) * MINUTE);
            end_us = add_visit(plant, random, facts, heat, station, again_us, true);
        }
        at = natural_time(plant, random, end_us + sim_random_between(random, 1, 15) * MINUTE);
    }
}

void sim_truth_heats(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts)
{
    struct sim_random random = sim_random_stream(seed, 2, 0);
    int64_t spacing_min = sim_random_between(&random, 15, 70);
    int64_t at_us = plant->start_us + sim_random_between(&random, -30, 60) * MINUTE;
    for (int number = 0; at_us < plant->end_us; number++) {
        add_heat(plant, &random, facts, number, at_us);
        at_us += sim_random_between(&random, spacing_min / 2, spacing_min * 3 / 2) * MINUTE;
    }
}

/* A crew that stands in none of the shifts from `day`, `shift` - 1 to + 1; SIM_NOBODY: none. */
static int crew_off_duty(const struct sim_plant *plant, int32_t day, int shift)
{
    for (int crew = plant->crew_count - 1; crew >= 0; crew--) {
        bool works = false;
        for (int step = -1; step <= 1; step++) {
            int other = shift + step;
            int32_t other_day = other < 0 ? day - 1 : other == plant->shift_count ? day + 1 : day;
            other = (other + plant->shift_count) % plant->shift_count;
            works = works || sim_plant_rostered(plant, other_day, other) == crew;
        }
        if (!works) {
            return crew;
        }
    }
    return SIM_NOBODY;
}

static void add_takeover(struct sim_facts *facts, int64_t ts_us, int crew)
{
    struct sim_fact *fact = crew == SIM_NOBODY ? NULL : sim_facts_add(facts, SIM_FACT_CREW, ts_us);
    if (fact != NULL) {
        fact->crew = crew;
        fact->disturbance = SIM_TAKEOVER;
        facts->counts[SIM_TAKEOVER]++;
    }
}

/* At most one takeover a change: early, late, punctual, a stand-in from the start, from the middle,
 * or the crew on duty once more. */
static void take_over(const struct sim_plant *plant, struct sim_random *random,
                      struct sim_facts *facts, int32_t day, int shift)
{
    int64_t start_us = sim_plant_shift_start(plant, day, shift);
    bool last = shift + 1 == plant->shift_count;
    int64_t end_us = sim_plant_shift_start(plant, last ? day + 1 : day, last ? 0 : shift + 1);
    int rostered = sim_plant_rostered(plant, day, shift);
    int64_t length_us = end_us - start_us;
    int64_t off_us =
        sim_random_between(random, 1, 55) * MINUTE + sim_random_between(random, 0, 59) * SECOND;
    int stand_in = crew_off_duty(plant, day, shift);
    int before = sim_plant_rostered(plant, shift == 0 ? day - 1 : day,
                                    shift == 0 ? plant->shift_count - 1 : shift - 1);
    if (before == rostered ||
        sim_plant_rostered(plant, last ? day + 1 : day, last ? 0 : shift + 1) == rostered) {
        return; /* a crew that stays for two shifts: which change it means is nowhere said */
    }
    switch (sim_random_between(random, 0, 5)) {
    case 0:
        add_takeover(facts, start_us - off_us, rostered);
        break;
    case 1:
        add_takeover(facts, start_us + off_us, rostered);
        break;
    case 2:
        add_takeover(facts, start_us, rostered);
        break;
    case 3:
        add_takeover(facts, start_us, stand_in);
        break;
    case 4:
        add_takeover(facts, start_us + length_us * 35 / 100, stand_in);
        break;
    default:
        add_takeover(facts, end_us - length_us * 30 / 100, rostered);
        break;
    }
}

void sim_truth_takeovers(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts)
{
    struct sim_random random = sim_random_stream(seed, 3, 0);
    int32_t first = (int32_t)(plant->start_us / (24 * HOUR)) - 1;
    int32_t last = (int32_t)(plant->end_us / (24 * HOUR)) + 1;
    for (int32_t day = first; day <= last; day++) {
        for (int shift = 0; shift < plant->shift_count; shift++) {
            int64_t start_us = sim_plant_shift_start(plant, day, shift);
            if (start_us > plant->start_us + HOUR && start_us < plant->end_us - HOUR &&
                sim_disturbed(facts, SIM_TAKEOVER, &random)) {
                take_over(plant, &random, facts, day, shift);
            }
        }
    }
}

static int compare_instants(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

size_t sim_truth_instants(const struct sim_plant *plant, struct sim_random *random,
                          struct sim_facts *facts, int64_t *instants_us)
{
    static const int64_t intervals_s[] = {20, 30, 60, 60, 120, 300, 600, 900};
    static const int64_t jitters_us[] = {1, 1, SECOND, 1000, 1};
    int64_t interval_us = intervals_s[sim_random_between(random, 0, 7)] * SECOND;
    int kind = (int)sim_random_between(random, 0, 4);
    int64_t least_us = (plant->end_us - plant->start_us) / (SIM_INSTANTS_MAX / 2);
    interval_us = interval_us < least_us ? least_us - least_us % SECOND : interval_us;
    size_t count = 0;
    int64_t at_us = plant->start_us + sim_random_between(random, 0, 20) * MINUTE;
    while (at_us < plant->end_us && count < SIM_INSTANTS_MAX - 100) {
        int64_t jitter_us = kind < 2 ? 0 : sim_random_between(random, 0, interval_us / 2);
        instants_us[count++] = at_us + jitter_us - jitter_us % jitters_us[kind];
        at_us += interval_us;
        if (sim_disturbed(facts, SIM_GAP, random)) {
            at_us += sim_random_between(random, 2, 90) * MINUTE;
            facts->counts[SIM_GAP]++;
        }
    }
    /* Readings exactly on what happens: changes of shifts, starts and ends of heats. */
    size_t regular = count;
    bool precise = sim_random_chance(random, 400);
    for (size_t i = 0; precise && i < facts->count && count < SIM_INSTANTS_MAX; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if ((fact->kind == SIM_FACT_HEAT || fact->kind == SIM_FACT_CREW) && regular > 0 &&
            fact->ts_us > instants_us[0] && fact->ts_us < plant->end_us &&
            sim_random_chance(random, 250)) {
            instants_us[count++] = fact->ts_us;
        }
    }
    qsort(instants_us, count, sizeof *instants_us, compare_instants);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        if (distinct == 0 || instants_us[i] > instants_us[distinct - 1]) {
            instants_us[distinct++] = instants_us[i];
        }
    }
    return distinct;
}

/* Other transformers. Not where the texts leave open what that means: a gap has to be told from
 * what it is cut into, the integral of a ramp is cut at no whole number, and whether a reset begins
 * a new floor is not said where the era did not begin with a whole number; so one change a meter.
 */
static void change_multiplier(const struct sim_plant *plant, int meter, uint64_t seed,
                              struct sim_facts *facts)
{
    static const int64_t percents[] = {50, 150, 200, 120, 25, 300, 33, 100};
    const struct sim_meter *about = &plant->meters[meter];
    struct sim_random random = sim_random_stream(seed, 8, (uint64_t)meter);
    for (int i = 0; i < 1; i++) {
        int64_t ts_us = sim_random_between(&random, plant->start_us, plant->end_us);
        int64_t percent = percents[sim_random_between(&random, 0, 7)];
        if (!sim_disturbed(facts, SIM_MULTIPLIER, &random) || about->max_gap_us != 0 ||
            about->trapezoid || about->reset != SIM_RESET_NEVER) {
            continue;
        }
        struct sim_fact *fact =
            sim_facts_add(facts, SIM_FACT_METER, natural_time(plant, &random, ts_us) + i);
        if (fact != NULL) {
            fact->meter = meter;
            fact->percent = percent;
            fact->disturbance = SIM_MULTIPLIER;
            facts->counts[SIM_MULTIPLIER]++;
        }
    }
}

void sim_truth_make(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts)
{
    struct sim_random random = sim_random_stream(seed, 6, 0);
    facts->late = sim_random_chance(&random, LATE_SEEDS_PER_MILLE) || facts->late;
    facts->forgotten = sim_feature_chosen(seed, SIM_FORGOTTEN, facts->disabled);
    facts->rewrites = facts->forgotten;
    sim_truth_heats(plant, seed, facts);
    sim_truth_moves(plant, seed, facts);
    sim_truth_takeovers(plant, seed, facts);
    for (int meter = 0; meter < plant->meter_count; meter++) {
        size_t before = facts->count;
        if (plant->meters[meter].kind == SIM_REGISTER) {
            sim_truth_register(plant, meter, seed, facts);
        } else {
            sim_truth_meter(plant, meter, seed, facts);
        }
        facts->readings += facts->count - before;
        change_multiplier(plant, meter, seed, facts);
        facts->counts[SIM_SHARING] += plant->meters[meter].rule_count > 0;
        facts->counts[SIM_NEXT_HEAT] += plant->meters[meter].idle == SIM_IDLE_NEXT;
        facts->counts[SIM_TWO_WAY] += plant->meters[meter].two_way;
        facts->counts[SIM_TARIFF] +=
            plant->tariff_count > 0 && plant->meters[meter].item == plant->tariff_item;
    }
    for (int station = 0; station < plant->station_count; station++) {
        facts->counts[SIM_NEXT_HEAT] += plant->idle_to_next[station];
    }
    sim_truth_entries(plant, seed, facts);
}
