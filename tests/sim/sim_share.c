#include "sim_share.h"

#include "quantity.h"

#include <string.h>

#define REACH_US (7 * 24 * INT64_C(3600000000)) /* for how long idle use waits */

/* The rule in force; NULL: none is. */
static const struct sim_rule *rule_at(const struct sim_meter *meter, int64_t ts_us)
{
    const struct sim_rule *rule = NULL;
    for (int i = 0; i < meter->rule_count; i++) {
        rule = meter->rules[i].from_us <= ts_us ? &meter->rules[i] : rule;
    }
    return rule;
}

bool sim_share_serves(const struct sim_plant *plant, int meter, int station, int64_t ts_us)
{
    const struct sim_rule *rule = rule_at(&plant->meters[meter], ts_us);
    if (rule == NULL || rule->part_count == 0) {
        return plant->meters[meter].station == station;
    }
    bool serves = false;
    for (int i = 0; i < rule->part_count; i++) {
        serves = serves || rule->parts[i].station == station;
    }
    return serves;
}

/* Largest remainder; of equal ones the first. Of a negative amount as of its size. */
static void apportion(int64_t amount_base, const int64_t *weights, size_t count, int64_t *parts)
{
    quantity_wide sum = 0, left = amount_base < 0 ? -amount_base : amount_base, whole = left;
    bool more[SIM_SHARES_MAX] = {false};
    for (size_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        parts[i] = (int64_t)(whole * weights[i] / sum);
        left -= parts[i];
    }
    for (; left > 0; left--) {
        size_t best = count;
        for (size_t i = 0; i < count; i++) {
            if (!more[i] &&
                (best == count || whole * weights[i] % sum > whole * weights[best] % sum)) {
                best = i;
            }
        }
        more[best] = true;
        parts[best]++;
    }
    for (size_t i = 0; amount_base < 0 && i < count; i++) {
        parts[i] = -parts[i];
    }
}

struct served {
    int stations[SIM_STATIONS_MAX]; /* by id */
    int64_t weights[SIM_STATIONS_MAX];
    size_t count;
};

static void serve(struct served *served, int station, int64_t weight)
{
    char name[16], other[16];
    size_t at = 0;
    for (; at < served->count && served->stations[at] != station; at++) {
    }
    if (at < served->count) {
        served->weights[at] += weight;
        return;
    }
    for (; at > 0 && strcmp(sim_station_name(served->stations[at - 1], name),
                            sim_station_name(station, other)) > 0;
         at--) {
        served->stations[at] = served->stations[at - 1];
        served->weights[at] = served->weights[at - 1];
    }
    served->stations[at] = station;
    served->weights[at] = weight;
    served->count++;
}

static bool waits(const struct sim_sharing *sharing, int meter, int station)
{
    enum sim_idle idle = sharing->plant->meters[meter].idle;
    return idle == SIM_IDLE_NEXT ||
           (idle == SIM_IDLE_AS_STATION && sharing->plant->idle_to_next[station]);
}

/* Idle use of some stations: the heat that starts next where idle use waits, else nobody's. */
static size_t idle(const struct sim_sharing *sharing, int meter, const int *stations, size_t count,
                   int64_t ts_us, int64_t amount_base, struct sim_share *share)
{
    const struct sim_stay *next = NULL;
    for (size_t i = 0; i < sharing->context->stay_count; i++) {
        const struct sim_stay *stay = &sharing->context->stays[i];
        bool here = false;
        for (size_t k = 0; k < count; k++) {
            here = here || (stations[k] == stay->station && waits(sharing, meter, stations[k]));
        }
        if (here && stay->start_us > ts_us && stay->start_us <= ts_us + REACH_US &&
            stay->end_us > stay->start_us &&
            (next == NULL || stay->start_us < next->start_us ||
             (stay->start_us == next->start_us && strcmp(stay->heat, next->heat) < 0))) {
            next = stay;
        }
    }
    *share = (struct sim_share){next == NULL ? "" : next->heat, amount_base};
    return 1;
}

static int64_t weighed_g(const struct sim_ledger *ledger, const char *heat)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        if (strcmp(ledger->steels[i].heat, heat) == 0) {
            return ledger->steels[i].weighed_g > 0 ? ledger->steels[i].weighed_g : 0;
        }
    }
    return 0;
}

/* The heats at all the stations together. */
static size_t divide_heats(struct sim_sharing *sharing, int meter, const struct served *served,
                           bool by_weight, int64_t ts_us, int64_t amount_base,
                           struct sim_share *shares)
{
    int64_t weights[SIM_SHARES_MAX], parts[SIM_SHARES_MAX], sum = 0;
    size_t count = 0;
    for (size_t s = 0; s < served->count; s++) {
        const char *heats[SIM_PRESENT_MAX];
        size_t there = sim_context_present(sharing->context, served->stations[s], ts_us, heats);
        for (size_t i = 0; i < there; i++) {
            size_t at = count++;
            for (; at > 0 && strcmp(shares[at - 1].heat, heats[i]) > 0; at--) {
                shares[at] = shares[at - 1];
            }
            shares[at].heat = heats[i];
        }
    }
    if (count == 0) {
        return idle(sharing, meter, served->stations, served->count, ts_us, amount_base, shares);
    }
    for (size_t i = 0; i < count; i++) {
        weights[i] = by_weight && count > 1 ? weighed_g(sharing->ledger, shares[i].heat) : 1;
        sum += weights[i];
    }
    if (sum == 0) { /* nobody's weight is known: idle until one is */
        shares[0] = (struct sim_share){"", amount_base};
        return 1;
    }
    apportion(amount_base, weights, count, parts);
    for (size_t i = 0; i < count; i++) {
        shares[i].amount_base = parts[i];
    }
    return count;
}

/* What a sub-meter has moved up to an instant: it stands still before its first reading and behind
 * its last. */
static int64_t moved_at(struct sim_sharing *sharing, int meter, int64_t ts_us)
{
    struct sim_curve *curve = &sharing->curves[meter];
    if (!sharing->known[meter]) {
        sim_curve_make(sharing->plant, sharing->facts, meter, curve);
        sharing->known[meter] = true;
    }
    if (curve->count == 0) {
        return 0;
    }
    int64_t first_us = curve->points[0].ts_us, last_us = curve->points[curve->count - 1].ts_us;
    ts_us = ts_us < first_us ? first_us : ts_us > last_us ? last_us : ts_us;
    return sim_curve_at(curve, ts_us);
}

static int64_t part_weight(struct sim_sharing *sharing, const struct sim_rule *rule, int part,
                           int64_t from_us, int64_t to_us)
{
    const char *heats[SIM_PRESENT_MAX];
    if (rule->key == SIM_KEY_SUBMETER) {
        int sub = rule->parts[part].meter;
        int64_t moved = moved_at(sharing, sub, to_us) - moved_at(sharing, sub, from_us);
        return moved > 0 ? moved : 0;
    }
    bool anybody =
        sim_context_present(sharing->context, rule->parts[part].station, from_us, heats) > 0;
    return rule->key == SIM_KEY_POWER && !anybody ? 0 : rule->parts[part].weight;
}

size_t sim_share_divide(struct sim_sharing *sharing, int meter, int64_t from_us, int64_t to_us,
                        int64_t amount_base, struct sim_share shares[SIM_SHARES_MAX])
{
    const struct sim_meter *about = &sharing->plant->meters[meter];
    const struct sim_rule *rule = rule_at(about, from_us);
    struct served served = {.count = 0};
    int64_t parts[SIM_STATIONS_MAX], sum = 0;
    for (int i = 0; rule != NULL && i < rule->part_count; i++) {
        int64_t weight =
            rule->key < SIM_KEY_RATIO ? 0 : part_weight(sharing, rule, i, from_us, to_us);
        serve(&served, rule->parts[i].station, weight);
        sum += weight;
    }
    if (served.count == 0) {
        serve(&served, about->station, 0);
    }
    if (rule == NULL || rule->key < SIM_KEY_RATIO) {
        bool by_weight = rule != NULL && rule->key == SIM_KEY_TONNAGE;
        return divide_heats(sharing, meter, &served, by_weight, from_us, amount_base, shares);
    }
    if (sum == 0) {
        /* No sub-meter moved: idle. Nobody is where power is installed: idle, which may wait for
         * who comes there. */
        int powered[SIM_STATIONS_MAX];
        size_t stations = 0;
        for (int i = 0; i < rule->part_count && rule->key != SIM_KEY_SUBMETER; i++) {
            if (rule->parts[i].weight > 0) {
                powered[stations++] = rule->parts[i].station;
            }
        }
        return idle(sharing, meter, powered, stations, from_us, amount_base, shares);
    }
    apportion(amount_base, served.weights, served.count, parts);
    size_t count = 0;
    for (size_t i = 0; i < served.count; i++) {
        struct served one = {.stations = {served.stations[i]}, .count = 1};
        if (parts[i] != 0) {
            count += divide_heats(sharing, meter, &one, false, from_us, parts[i], &shares[count]);
        }
    }
    return count;
}
