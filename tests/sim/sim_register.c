/* Registers: a true course of use, what the register shows of it, and the lies in between. */
#include "sim_fact.h"

#include "quantity.h"
#include "sim_feature.h"
#include "sim_random.h"
#include "sim_reading.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (3600 * SECOND)

/* One reading of the meter itself. An era begins with the first one, an exchange, a reset. */
struct own {
    int64_t ts_us, shown_raw;
    int64_t era_raw; /* what the register showed when the era began */
    int era;
    bool jump; /* it cannot have come here by itself, and goes on from here */
};

struct course {
    const struct sim_meter *meter;
    int number;
    struct sim_random random;
    struct sim_facts *facts;
    struct own own[SIM_INSTANTS_MAX];
    size_t count;
    int64_t unit_raw;
    int64_t rate_raw_hour;
    bool numbered; /* its readings have a seq */
    bool may_jump, may_fall;
    bool backward; /* two-way: what it counts now counts negative */
    struct sim_random jumps;
};

/* What was used in `length_us`, at most 600 units an hour in any stretch, so that a limit of 1,000
 * is never near. */
static int64_t rise_raw(struct course *course, int64_t length_us)
{
    if (sim_random_chance(&course->random, 60)) {
        course->rate_raw_hour =
            sim_random_chance(&course->random, 200)
                ? 0
                : sim_random_between(&course->random, 1, 400) * course->unit_raw;
    }
    if (course->meter->two_way && sim_random_chance(&course->jumps, 100)) {
        course->backward = !course->backward;
    }
    int64_t most = 600 * course->unit_raw;
    int64_t rate =
        course->rate_raw_hour + sim_random_between(&course->random, 0, course->rate_raw_hour / 2);
    rate = rate > most ? most : rate;
    rate = course->backward ? -rate : rate;
    return (int64_t)((quantity_wide)rate * length_us / HOUR);
}

static int64_t first_shown(struct course *course)
{
    const struct sim_meter *meter = course->meter;
    struct sim_random *random = &course->random;
    int64_t low = sim_random_between(random, 1000, 9000) * course->unit_raw;
    if (meter->width_raw != 0 && sim_random_chance(random, 700)) {
        return meter->width_raw - low / 9;
    }
    return low + sim_random_between(random, 0, 999);
}

/* Between two own readings the meter is exchanged, or reset by hand. Returns the new era's start.
 */
static int64_t meter_event(struct course *course, int64_t last_raw, int64_t from_us, int64_t to_us,
                           bool is_reset, int64_t *shown_raw)
{
    struct sim_random *random = &course->random;
    int64_t at_us = from_us + sim_random_between(random, 1, to_us - from_us - 1);
    int64_t final_raw = last_raw + rise_raw(course, at_us - from_us);
    if (course->meter->width_raw != 0) {
        final_raw %= course->meter->width_raw;
    }
    int64_t initial_raw = sim_random_between(random, 1000, 3000) * course->unit_raw;
    struct sim_fact *fact = sim_facts_add(course->facts, SIM_FACT_METER, at_us);
    if (fact != NULL) {
        fact->meter = course->number;
        fact->is_reset = is_reset;
        fact->final_raw = final_raw;
        fact->initial_raw = initial_raw;
        fact->disturbance = is_reset ? SIM_RESET_MESSAGE : SIM_EXCHANGE;
        course->facts->counts[fact->disturbance]++;
    }
    *shown_raw = initial_raw + rise_raw(course, to_us - at_us);
    return initial_raw;
}

/* Whether, and at which reading, the register jumps; 0: nowhere. Far from its ends and from what
 * else happens to it, for three readings behind a jump must bear it out. */
static size_t choose_jump(struct course *course, size_t count, size_t exchange_at, size_t reset_at,
                          bool *falls)
{
    const struct sim_meter *meter = course->meter;
    struct sim_random *random = &course->jumps;
    bool can = count > 20 && meter->reset == SIM_RESET_NEVER && meter->width_raw == 0;
    size_t at = count > 20 ? (size_t)sim_random_between(random, 5, (int64_t)count - 8) : 0;
    bool jumps = sim_disturbed(course->facts, SIM_JUMP, random) && course->may_jump &&
                 meter->max_rate_raw_hour != 0;
    *falls = !jumps && sim_disturbed(course->facts, SIM_SILENT_FALL, random) && course->may_fall &&
             !meter->two_way;
    bool near_exchange = exchange_at != 0 && at + 9 > exchange_at && at < exchange_at + 9;
    bool near_reset = reset_at != 0 && at + 9 > reset_at && at < reset_at + 9;
    return can && (jumps || *falls) && !near_exchange && !near_reset ? at : 0;
}

/* The register goes on far above, further than it can have come in the whole run, or below, where a
 * person says that it does. */
static void jump(struct course *course, bool falls, int64_t rise, struct own *now)
{
    struct sim_random *random = &course->jumps;
    int64_t far_raw = sim_random_between(random, 100000, 200000) * course->unit_raw;
    now->shown_raw =
        falls ? sim_random_between(random, 0, now->era_raw / 2) : now->shown_raw + rise + far_raw;
    now->era_raw = now->shown_raw;
    course->facts->counts[falls ? SIM_SILENT_FALL : SIM_JUMP]++;
    struct sim_fact *fact = falls ? sim_facts_add(course->facts, SIM_FACT_ENTRY, now->ts_us) : NULL;
    if (fact != NULL) {
        fact->meter = course->number;
        fact->entry = SIM_ENTRY_ACCEPT;
        fact->said_us = now->ts_us + sim_random_between(random, 1, 2 * MINUTE);
        fact->disturbance = SIM_SILENT_FALL;
    }
}

static void make_own(struct course *course, const int64_t *instants_us, size_t count)
{
    const struct sim_meter *meter = course->meter;
    struct sim_random *random = &course->random;
    size_t exchange_at = 0, reset_at = 0;
    if (count > 20 && meter->reset == SIM_RESET_NEVER) {
        if (sim_disturbed(course->facts, SIM_EXCHANGE, random)) {
            exchange_at = (size_t)sim_random_between(random, 5, (int64_t)count - 6);
        }
        if (meter->width_raw == 0 && sim_disturbed(course->facts, SIM_RESET_MESSAGE, random)) {
            reset_at = (size_t)sim_random_between(random, 5, (int64_t)count - 6);
        }
    }
    bool falls = false;
    size_t jump_at = choose_jump(course, count, exchange_at, reset_at, &falls);
    struct own now = {instants_us[0], first_shown(course), 0, 0, false};
    now.era_raw = now.shown_raw;
    course->own[course->count++] = now;
    for (size_t i = 1; i < count; i++) {
        int64_t from_us = now.ts_us;
        now.ts_us = instants_us[i];
        int64_t rise = rise_raw(course, now.ts_us - from_us);
        now.jump = i == jump_at && i > 0;
        bool eventful = (i == exchange_at || i == reset_at) && now.ts_us - from_us > 2;
        if (now.jump) {
            now.era++;
            jump(course, falls, rise, &now);
        } else if (eventful) {
            now.era++;
            now.era_raw = meter_event(course, now.shown_raw, from_us, now.ts_us, i == reset_at,
                                      &now.shown_raw);
        } else if (meter->reset != SIM_RESET_NEVER && rise < now.shown_raw &&
                   sim_disturbed(course->facts, SIM_FALL, random)) {
            now.era++;
            now.shown_raw = sim_random_between(random, 0, rise);
            now.era_raw = now.shown_raw;
            course->facts->counts[SIM_FALL]++;
        } else {
            now.shown_raw += rise;
        }
        if (meter->width_raw != 0) {
            now.shown_raw %= meter->width_raw;
        }
        course->own[course->count++] = now;
    }
}

static struct sim_fact *lie(struct course *course, enum sim_disturbance kind, int64_t ts_us,
                            int64_t value_raw)
{
    struct sim_fact *fact = sim_reading_add(course->facts, course->number, ts_us, value_raw);
    if (fact != NULL) {
        fact->disturbance = kind;
        fact->held = true;
        course->facts->counts[kind]++;
    }
    return fact;
}

/* A value below everything of this era, that no round of the register explains; -1: there is none.
 */
static int64_t below(struct course *course, size_t i)
{
    const struct own *own = &course->own[i];
    int64_t width = course->meter->width_raw;
    if (course->meter->reset != SIM_RESET_NEVER || own->shown_raw < own->era_raw ||
        course->meter->two_way || own->era_raw < 8) {
        return -1;
    }
    int64_t low = own->era_raw / 2 + sim_random_between(&course->random, 0, own->era_raw / 4);
    return width != 0 && width - own->shown_raw + low < width / 5 ? -1 : low;
}

/* A value that the meter's greatest rate does not reach within the whole run; -1: there is none. */
static int64_t beyond(struct course *course, size_t i)
{
    const struct sim_meter *meter = course->meter;
    int64_t high = course->own[i].shown_raw +
                   sim_random_between(&course->random, 80000, 200000) * course->unit_raw;
    if (meter->max_rate_raw_hour == 0 || (meter->width_raw != 0 && high >= meter->width_raw)) {
        return -1;
    }
    return high;
}

static void lie_once(struct course *course, size_t i, int64_t ts_us)
{
    struct sim_random *random = &course->random;
    int64_t low = below(course, i);
    int64_t high = beyond(course, i);
    if (low >= 0 && sim_disturbed(course->facts, SIM_DIP, random)) {
        lie(course, SIM_DIP, ts_us, low);
    } else if (low >= 0 && course->meter->width_raw == 0 &&
               sim_disturbed(course->facts, SIM_ZERO, random)) {
        lie(course, SIM_ZERO, ts_us, 0);
    } else if (high >= 0 && sim_disturbed(course->facts, SIM_SPIKE, random)) {
        lie(course, SIM_SPIKE, ts_us, high);
    }
}

/* A long silence of the true register in which it shows something low. */
static void lie_long(struct course *course, size_t i)
{
    int64_t length_us = course->own[i + 1].ts_us - course->own[i].ts_us;
    int64_t low = below(course, i);
    if (low < 0 || length_us < 10 * MINUTE || !sim_random_chance(&course->random, 300)) {
        return;
    }
    int64_t count = sim_random_between(&course->random, 2, 12);
    for (int64_t n = 1; n <= count; n++) {
        lie(course, SIM_LONG_DIP, course->own[i].ts_us + length_us * n / (count + 1), low + n);
    }
}

/* Another register under the same id, a reading behind each of ours. Returns how many. */
static size_t lie_foreign(struct course *course, size_t i)
{
    int64_t other = beyond(course, i);
    other = other < 0 ? below(course, i) : other;
    size_t count = (size_t)sim_random_between(&course->random, 3, 9);
    if (other < 0 || i + count + 2 >= course->count ||
        course->own[i + count + 2].era != course->own[i].era) {
        return 0;
    }
    for (size_t n = i; n < i + count; n++) {
        int64_t length_us = course->own[n + 1].ts_us - course->own[n].ts_us;
        if (length_us > 2) {
            lie(course, SIM_FOREIGN, course->own[n].ts_us + length_us / 2, other++);
        }
    }
    return count;
}

static void add_lies(struct course *course)
{
    for (size_t i = 1; i + 4 < course->count; i++) {
        const struct own *own = &course->own[i];
        int64_t length_us = own[1].ts_us - own->ts_us;
        bool jumped = own->jump || own[-1].jump || (i > 1 && own[-2].jump) ||
                      (i > 2 && own[-3].jump) || (i > 3 && own[-4].jump);
        if (own[3].era != own[-1].era || length_us < 3 || jumped) {
            continue;
        }
        if (sim_disturbed(course->facts, SIM_FOREIGN, &course->random)) {
            i += lie_foreign(course, i);
        } else if (length_us > 10 * MINUTE && (course->facts->disabled >> SIM_LONG_DIP & 1) == 0) {
            lie_long(course, i);
        } else {
            lie_once(course, i, own->ts_us + sim_random_between(&course->random, 1, length_us - 1));
        }
    }
}

/* The same instant with another value, which the neighbours allow as well. */
static void add_conflict(struct course *course, size_t i)
{
    const struct own *own = &course->own[i];
    if (i == 0 || i + 1 == course->count || own[-1].era != own[1].era ||
        own[-1].shown_raw > own->shown_raw || own->shown_raw > own[1].shown_raw) {
        return;
    }
    int64_t other = sim_random_between(&course->random, own[-1].shown_raw, own[1].shown_raw);
    quantity_wide limit = (quantity_wide)900 * course->unit_raw;
    if (other == own->shown_raw ||
        (quantity_wide)(other - own[-1].shown_raw) * HOUR > limit * (own->ts_us - own[-1].ts_us) ||
        (quantity_wide)(own[1].shown_raw - other) * HOUR > limit * (own[1].ts_us - own->ts_us)) {
        return;
    }
    sim_reading_conflict(course->facts, &course->random, course->number, own->ts_us, other,
                         course->numbered ? (int64_t)i : -1);
}

void sim_truth_register(const struct sim_plant *plant, int meter, uint64_t seed,
                        struct sim_facts *facts)
{
    static struct course course;
    int64_t instants_us[SIM_INSTANTS_MAX];
    course = (struct course){
        .meter = &plant->meters[meter],
        .number = meter,
        .random = sim_random_stream(seed, 4, (uint64_t)meter),
        .facts = facts,
        .unit_raw = quantity_power_of_ten(plant->meters[meter].decimals),
        .jumps = sim_random_stream(seed, 33, (uint64_t)meter),
        .may_jump = sim_feature_chosen(seed, SIM_JUMP, facts->disabled) && !facts->late,
        .may_fall = sim_feature_chosen(seed, SIM_SILENT_FALL, facts->disabled) && !facts->late,
    };
    size_t count = sim_truth_instants(plant, &course.random, facts, instants_us);
    if (count == 0) {
        return;
    }
    course.numbered = sim_random_chance(&course.random, 300);
    course.rate_raw_hour = sim_random_between(&course.random, 1, 400) * course.unit_raw;
    make_own(&course, instants_us, count);
    for (size_t i = 0; i < course.count; i++) {
        struct sim_fact *fact =
            sim_reading_add(facts, meter, course.own[i].ts_us, course.own[i].shown_raw);
        if (fact != NULL) {
            fact->seq = course.numbered ? (int64_t)i : -1;
            fact->jump = course.own[i].jump;
            sim_reading_blur(facts, &course.random, fact);
        }
        if (sim_disturbed(facts, SIM_CONFLICT, &course.random)) {
            add_conflict(&course, i);
        }
        if (i + 1 < course.count) {
            sim_reading_refused(plant, facts, &course.random, meter, course.own[i].ts_us,
                                course.own[i + 1].ts_us);
        }
    }
    add_lies(&course);
}
