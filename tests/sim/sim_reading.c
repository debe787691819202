#include "sim_reading.h"

#include "quantity.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

struct sim_fact *sim_reading_add(struct sim_facts *facts, int meter, int64_t ts_us,
                                 int64_t value_raw)
{
    struct sim_fact *fact = sim_facts_add(facts, SIM_FACT_READING, ts_us);
    if (fact != NULL) {
        fact->meter = meter;
        fact->value_raw = value_raw;
    }
    return fact;
}

void sim_reading_blur(struct sim_facts *facts, struct sim_random *random, struct sim_fact *fact)
{
    if (sim_disturbed(facts, SIM_UNCERTAIN, random)) {
        fact->quality = SIM_UNSURE;
        facts->counts[SIM_UNCERTAIN]++;
    }
}

void sim_reading_conflict(struct sim_facts *facts, struct sim_random *random, int meter,
                          int64_t ts_us, int64_t value_raw, int64_t seq)
{
    struct sim_fact *fact = sim_reading_add(facts, meter, ts_us, value_raw);
    if (fact == NULL) {
        return;
    }
    fact->disturbance = SIM_CONFLICT;
    fact->seq = seq < 0 ? -1 : seq + sim_random_between(random, 0, 2) * 1000;
    fact->quality = sim_random_chance(random, 300) ? SIM_UNSURE : SIM_GOOD;
    facts->counts[SIM_CONFLICT]++;
}

void sim_reading_refused(const struct sim_plant *plant, struct sim_facts *facts,
                         struct sim_random *random, int meter, int64_t after_us, int64_t before_us)
{
    static const char *const garbage[] = {"null", "\"\"", "\"NaN\"", "\"n/a\"", "true", "\"12,5\""};
    static const enum sim_disturbance kinds[] = {SIM_BAD_VALUE, SIM_BAD_QUALITY, SIM_SENTINEL,
                                                 SIM_RANGE};
    const struct sim_meter *about = &plant->meters[meter];
    for (int i = 0; i < 4; i++) {
        bool can = (kinds[i] != SIM_SENTINEL || about->sentinel_raw != INT64_MIN) &&
                   (kinds[i] != SIM_RANGE || about->max_raw != 0);
        if (!sim_disturbed(facts, kinds[i], random) || !can || before_us - after_us < 3) {
            continue;
        }
        int64_t ts_us = after_us + sim_random_between(random, 1, before_us - after_us - 1);
        struct sim_fact *fact = sim_reading_add(facts, meter, ts_us, 0);
        if (fact == NULL) {
            return;
        }
        fact->disturbance = kinds[i];
        fact->refused = true;
        fact->garbage =
            kinds[i] == SIM_BAD_VALUE ? garbage[sim_random_between(random, 0, 5)] : NULL;
        fact->quality = kinds[i] == SIM_BAD_QUALITY ? SIM_BAD : SIM_GOOD;
        if (kinds[i] == SIM_SENTINEL) {
            fact->value_raw = about->sentinel_raw;
        } else if (kinds[i] == SIM_RANGE) {
            fact->value_raw = about->max_raw + sim_random_between(random, 1, 1000);
        }
        facts->counts[kinds[i]]++;
    }
}

static void make_rate(struct sim_facts *facts, struct sim_random *random, int meter,
                      int64_t unit_raw, const int64_t *instants_us, size_t count)
{
    int64_t value_raw = 0;
    for (size_t i = 0; i < count; i++) {
        if (sim_random_chance(random, 300)) {
            value_raw =
                sim_random_chance(random, 150) ? 0 : sim_random_between(random, 0, 500 * unit_raw);
        }
        struct sim_fact *fact = sim_reading_add(facts, meter, instants_us[i], value_raw);
        if (fact == NULL) {
            return;
        }
        sim_reading_blur(facts, random, fact);
        if (sim_disturbed(facts, SIM_CONFLICT, random)) {
            sim_reading_conflict(facts, random, meter, instants_us[i],
                                 value_raw + sim_random_between(random, 1, 90), -1);
        }
    }
}

static void name_heat(const struct sim_facts *facts, struct sim_random *random,
                      struct sim_fact *fact)
{
    if (!sim_random_chance(random, 200)) {
        return;
    }
    if (sim_random_chance(random, 100)) {
        snprintf(fact->heat, sizeof fact->heat, "Q%d", (int)sim_random_between(random, 1, 3));
        return;
    }
    const struct sim_fact *other =
        &facts->rows[sim_random_between(random, 0, (int64_t)facts->count - 1)];
    if (other->kind == SIM_FACT_HEAT) {
        memcpy(fact->heat, other->heat, sizeof fact->heat);
    }
}

static void cancel(struct sim_facts *facts, struct sim_random *random, int meter,
                   const struct sim_fact *what)
{
    char id[SIM_MIX_ID];
    memcpy(id, what->id, sizeof id);
    int64_t ts_us = what->ts_us + sim_random_between(random, 0, 4) * MINUTE;
    struct sim_fact *fact = sim_reading_add(facts, meter, ts_us, 0);
    if (fact != NULL) {
        memcpy(fact->void_id, id, sizeof id);
        fact->disturbance = SIM_VOID;
        facts->counts[SIM_VOID]++;
    }
}

static void make_events(struct sim_facts *facts, struct sim_random *random, int meter,
                        int64_t unit_raw, const int64_t *instants_us, size_t count)
{
    bool tickets = sim_random_chance(random, 600);
    for (size_t i = 0; i < count; i++) {
        if (!sim_random_chance(random, 500)) {
            continue;
        }
        struct sim_fact *fact = sim_reading_add(facts, meter, instants_us[i],
                                                sim_random_between(random, 1, 900 * unit_raw));
        if (fact == NULL) {
            return;
        }
        sim_reading_blur(facts, random, fact);
        name_heat(facts, random, fact);
        if (tickets) {
            snprintf(fact->id, sizeof fact->id, "t%u", fact->serial);
            if (sim_disturbed(facts, SIM_VOID, random)) {
                cancel(facts, random, meter, fact);
            }
        }
    }
}

static void make_increments(struct sim_facts *facts, struct sim_random *random, int meter,
                            int64_t unit_raw, const int64_t *instants_us, size_t count)
{
    bool spans = sim_random_chance(random, 500);
    bool named = sim_random_chance(random, 500);
    for (size_t i = 0; i < count; i++) {
        struct sim_fact *fact = sim_reading_add(facts, meter, instants_us[i],
                                                sim_random_between(random, 0, 90 * unit_raw));
        if (fact == NULL) {
            return;
        }
        sim_reading_blur(facts, random, fact);
        if (named) {
            name_heat(facts, random, fact);
        }
        if (spans) {
            int64_t before_us = i == 0 ? instants_us[0] - MINUTE : instants_us[i - 1];
            fact->from_us = sim_random_chance(random, 700)
                                ? before_us
                                : instants_us[i] - sim_random_between(random, 0, 30) * MINUTE;
        }
    }
}

static void make_level(struct sim_facts *facts, struct sim_random *random,
                       const struct sim_meter *meter, int number, const int64_t *instants_us,
                       size_t count)
{
    int64_t division = meter->division_raw;
    int64_t level = 100000 + sim_random_between(random, 0, 900000);
    int64_t noise = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t kind = sim_random_between(random, 0, 9);
        if (kind == 0 || level < 50 * division) {
            level += sim_random_between(random, 1, 40) * division * 10;
        } else if (kind < 6 && level > 40 * division) {
            level -= sim_random_between(random, 1, 40 * division);
        }
        noise = sim_random_between(random, 0, division - 1);
        struct sim_fact *fact =
            sim_reading_add(facts, number, instants_us[i], level + (kind < 8 ? 0 : noise));
        if (fact == NULL) {
            return;
        }
        sim_reading_blur(facts, random, fact);
    }
}

void sim_truth_meter(const struct sim_plant *plant, int meter, uint64_t seed,
                     struct sim_facts *facts)
{
    int64_t instants_us[SIM_INSTANTS_MAX];
    const struct sim_meter *about = &plant->meters[meter];
    struct sim_random random = sim_random_stream(seed, 5, (uint64_t)meter);
    int64_t unit_raw = quantity_power_of_ten(about->decimals);
    size_t count = sim_truth_instants(plant, &random, facts, instants_us);
    if (about->kind == SIM_RATE) {
        make_rate(facts, &random, meter, unit_raw, instants_us, count);
    } else if (about->kind == SIM_EVENT) {
        make_events(facts, &random, meter, unit_raw, instants_us, count);
    } else if (about->kind == SIM_INCREMENT) {
        make_increments(facts, &random, meter, unit_raw, instants_us, count);
    } else {
        make_level(facts, &random, about, meter, instants_us, count);
    }
    for (size_t i = 0; i + 1 < count; i++) {
        sim_reading_refused(plant, facts, &random, meter, instants_us[i], instants_us[i + 1]);
    }
}
