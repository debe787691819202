/* What happens to heats beside coming and going: weights corrected, events and heats void, other
 * numbers, steel that goes from one to another. */
#include "sim_fact.h"

#include "sim_random.h"

#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000000)
#define HEATS_MAX 512
#define REWRITES_PER_MILLE 500 /* of the seeds */

/* A heat as its events tell, by its first id. */
struct told {
    char id[SIM_MIX_ID];
    int64_t first_us, last_us;
    int64_t arrival_us; /* first start at a last station; SIM_NONE: none */
    bool moved;         /* steel of it moves, or comes to it */
};

struct tale {
    const struct sim_plant *plant;
    struct sim_facts *facts;
    struct sim_random random;
    struct told heats[HEATS_MAX];
    size_t count;
    size_t own; /* facts that were there before */
};

static struct told *told_of(struct tale *tale, const struct sim_fact *fact)
{
    for (size_t i = 0; i < tale->count; i++) {
        if (strcmp(tale->heats[i].id, fact->heat) == 0) {
            return &tale->heats[i];
        }
    }
    if (tale->count == HEATS_MAX) {
        return NULL;
    }
    struct told *told = &tale->heats[tale->count++];
    *told = (struct told){
        .first_us = fact->ts_us, .last_us = fact->ts_us, .arrival_us = SIM_NONE, .moved = false};
    memcpy(told->id, fact->heat, sizeof told->id);
    return told;
}

static void gather(struct tale *tale)
{
    for (size_t i = 0; i < tale->facts->count; i++) {
        const struct sim_fact *fact = &tale->facts->rows[i];
        struct told *told = fact->kind == SIM_FACT_HEAT ? told_of(tale, fact) : NULL;
        if (told == NULL) {
            continue;
        }
        bool start = fact->event == SIM_HEAT_START;
        told->first_us = start && fact->ts_us < told->first_us ? fact->ts_us : told->first_us;
        told->last_us = fact->ts_us > told->last_us ? fact->ts_us : told->last_us;
        if (start && tale->plant->last_station[fact->station] &&
            (told->arrival_us == SIM_NONE || fact->ts_us < told->arrival_us)) {
            told->arrival_us = fact->ts_us;
        }
    }
}

static struct sim_fact *add(struct tale *tale, enum sim_disturbance disturbance,
                            enum sim_heat_event event, const char *heat, int64_t ts_us)
{
    char id[SIM_MIX_ID];
    memcpy(id, heat, sizeof id);
    struct sim_fact *fact = sim_facts_add(tale->facts, SIM_FACT_HEAT, ts_us);
    if (fact != NULL) {
        memcpy(fact->heat, id, sizeof fact->heat);
        fact->event = event;
        fact->disturbance = disturbance;
        snprintf(fact->id, sizeof fact->id, "h%u", fact->serial);
        tale->facts->counts[disturbance]++;
    }
    return fact;
}

/* Whether an instant is another move's: which of the two comes first is nowhere said. */
static bool is_taken(const struct tale *tale, int64_t ts_us)
{
    for (size_t i = tale->own; i < tale->facts->count; i++) {
        if (tale->facts->rows[i].ts_us == ts_us) {
            return true;
        }
    }
    return false;
}

static void move_steel(struct tale *tale, struct told *told)
{
    struct sim_random *random = &tale->random;
    struct told *to = &tale->heats[sim_random_between(random, 0, (int64_t)tale->count - 1)];
    int64_t low_us = told->first_us + 1;
    int64_t high_us = told->last_us + 40 * MINUTE;
    enum sim_heat_event event =
        (enum sim_heat_event)sim_random_between(random, SIM_HEAT_RETURN, SIM_HEAT_MERGE);
    bool regular = event == SIM_HEAT_RETURN && sim_random_chance(random, 800);
    if (regular && told->arrival_us != SIM_NONE && told->arrival_us - 1 < high_us) {
        high_us = told->arrival_us - 1;
    }
    low_us -= event == SIM_HEAT_RETURN && !regular ? 30 * MINUTE : 0;
    if (high_us <= low_us) {
        return;
    }
    int64_t ts_us = sim_random_between(random, low_us, high_us);
    if (sim_random_chance(random, 300) && ts_us - ts_us % MINUTE > low_us) {
        ts_us -= ts_us % MINUTE;
    }
    if (to == told || is_taken(tale, ts_us) || ts_us == told->first_us ||
        ts_us == told->arrival_us) {
        return;
    }
    int64_t kg = sim_random_between(random, 1000, sim_random_chance(random, 100) ? 150000 : 60000);
    bool aimless = event == SIM_HEAT_RETURN && sim_random_chance(random, 150);
    bool whole = event == SIM_HEAT_MERGE && sim_random_chance(random, 500);
    struct sim_fact *fact = add(tale, SIM_MOVE, event, told->id, ts_us);
    if (fact != NULL) {
        fact->steel_g = whole ? -1 : kg * 1000 + sim_random_between(random, 0, 999);
        memcpy(fact->to, aimless ? "" : to->id, aimless ? 1 : sizeof fact->to);
        told->moved = true;
        to->moved = to->moved || !aimless;
    }
}

/* A part of the events names the new number. */
static void renumber(struct tale *tale, const struct told *told)
{
    struct sim_random *random = &tale->random;
    char to[SIM_MIX_ID] = "", from[SIM_MIX_ID];
    memcpy(from, told->id, sizeof from);
    int times = sim_random_chance(random, 250) ? 2 : 1;
    for (int i = 0; i < times; i++) {
        int64_t ts_us = sim_random_between(random, told->first_us, told->last_us + 30 * MINUTE);
        snprintf(to, sizeof to, "%.12s%c", from, "ra"[i]);
        if (sim_random_chance(random, 300)) {
            snprintf(to, sizeof to, "%c%u", "AY"[i], tale -> facts -> serial);
        }
        int part = (int)sim_random_between(random, 0, 1) * 400;
        for (size_t n = 0; n < tale->own; n++) {
            struct sim_fact *fact = &tale->facts->rows[n];
            if (fact->kind == SIM_FACT_HEAT && strcmp(fact->heat, from) == 0 &&
                sim_random_chance(random, part)) {
                memcpy(fact->heat, to, sizeof fact->heat);
            }
        }
        struct sim_fact *fact = add(tale, SIM_RENUMBER, SIM_HEAT_RENUMBER, from, ts_us);
        if (fact == NULL) {
            return;
        }
        memcpy(fact->to, to, sizeof fact->to);
        memcpy(from, to, sizeof from);
    }
}

static void cancel(struct tale *tale, size_t row, int depth)
{
    struct sim_random *random = &tale->random;
    const struct sim_fact what = tale->facts->rows[row];
    int64_t ts_us = what.ts_us + sim_random_between(random, -5, 30) * MINUTE;
    struct sim_fact *fact = add(tale, SIM_EVENT_VOID, SIM_HEAT_VOID, what.heat, ts_us);
    if (fact == NULL) {
        return;
    }
    memcpy(fact->of, what.id, sizeof fact->of);
    if (depth < 2 && sim_random_chance(random, 250)) {
        cancel(tale, (size_t)(fact - tale->facts->rows), depth + 1);
    }
}

static bool is_moved(struct tale *tale, const char *heat)
{
    for (size_t i = 0; i < tale->count; i++) {
        if (strcmp(tale->heats[i].id, heat) == 0) {
            return tale->heats[i].moved;
        }
    }
    return true; /* under another number */
}

static void cancel_some(struct tale *tale)
{
    size_t count = tale->facts->count;
    for (size_t i = 0; i < count; i++) {
        const struct sim_fact *fact = &tale->facts->rows[i];
        /* Whether a heat that never started may be returned is nowhere said. */
        bool can = fact->kind == SIM_FACT_HEAT && fact->id[0] != '\0' &&
                   ((fact->event != SIM_HEAT_START && fact->event != SIM_HEAT_RENUMBER) ||
                    !is_moved(tale, fact->heat));
        if (can && sim_disturbed(tale->facts, SIM_EVENT_VOID, &tale->random)) {
            cancel(tale, i, 0);
        }
    }
}

void sim_truth_moves(const struct sim_plant *plant, uint64_t seed, struct sim_facts *facts)
{
    static struct tale tale;
    memset(&tale, 0, sizeof tale);
    tale.plant = plant;
    tale.facts = facts;
    tale.random = sim_random_stream(seed, 7, 0);
    tale.own = facts->count;
    gather(&tale);
    for (size_t i = 0; i < tale.count; i++) {
        if (sim_disturbed(facts, SIM_WEIGHT, &tale.random)) {
            int64_t ts_us =
                tale.heats[i].last_us + sim_random_between(&tale.random, 1, 60) * MINUTE;
            struct sim_fact *fact =
                add(&tale, SIM_WEIGHT, SIM_HEAT_WEIGHT, tale.heats[i].id, ts_us);
            if (fact != NULL) {
                fact->steel_g = sim_random_between(&tale.random, 90000, 110000) * 1000;
            }
        }
        int64_t moves = sim_random_between(&tale.random, 1, 3);
        for (int64_t n = 0; n < moves; n++) {
            if (sim_disturbed(facts, SIM_MOVE, &tale.random)) {
                move_steel(&tale, &tale.heats[i]);
            }
        }
    }
    if (!sim_random_chance(&tale.random, REWRITES_PER_MILLE)) {
        return;
    }
    facts->rewrites = true;
    for (size_t i = 0; i < tale.count; i++) {
        if (sim_disturbed(facts, SIM_RENUMBER, &tale.random)) {
            renumber(&tale, &tale.heats[i]);
        } else if (!tale.heats[i].moved && sim_disturbed(facts, SIM_HEAT_VOIDED, &tale.random)) {
            struct told *told = &tale.heats[i];
            int64_t ts_us = told->last_us + sim_random_between(&tale.random, -20, 60) * MINUTE;
            add(&tale, SIM_HEAT_VOIDED, SIM_HEAT_VOID, told->id, ts_us);
        }
    }
    cancel_some(&tale);
}
