/* The same books, worked out without any skill: all facts are there at once, sorted by hand, and
 * every amount is looked up by brute force. Shares no code with the aggregator; knows the demo
 * plant alone (three shifts of eight hours that start at 00:00 UTC, crews by phase). */
#ifndef HEATLEDGER_TESTS_NAIVE_ORACLE_H
#define HEATLEDGER_TESTS_NAIVE_ORACLE_H

#include "plant_fixture_book.h"
#include "tariff.h"

#define NAIVE_STAYS_MAX 64
#define NAIVE_READINGS_MAX 512
#define NAIVE_TAKEOVERS_MAX 8
#define NAIVE_CUTS_MAX 512
#define NAIVE_SHIFT_US (8 * TIMESTAMP_HOUR_US)

struct naive_stay {
    char heat[CATALOG_ID_MAX + 1];
    uint16_t station;
    int64_t start_us, end_us;
};

struct naive_takeover {
    int64_t ts_us;
    uint16_t crew;
};

struct naive_reading {
    int64_t ts_us, from_us, raw; /* from_us INT64_MIN: not given */
    char heat[CATALOG_ID_MAX + 1];
};

/* The whole truth: what counts, without anything cancelled, beaten or repeated. */
struct naive_truth {
    const struct plant *plant;
    struct naive_stay stays[NAIVE_STAYS_MAX];
    size_t stay_count;
    struct naive_takeover takeovers[NAIVE_TAKEOVERS_MAX]; /* by time; times differ */
    size_t takeover_count;
    struct naive_reading readings[PLANT_METERS_MAX][NAIVE_READINGS_MAX]; /* by time */
    size_t reading_count[PLANT_METERS_MAX];
    int64_t from_us, to_us;      /* everything lies in between */
    const struct tariff *tariff; /* of all meters, the same every day; NULL: none */
};

/* Shifts are numbered through: 3 x production day + shift. */
static inline uint16_t naive_rostered(const struct naive_truth *truth, int64_t number)
{
    for (int64_t crew = 0; crew < PLANT_CREWS; crew++) {
        int64_t phase = (number / 3 - truth->plant->roster.epoch_day + 2 * crew + 8000) % 8;
        if (phase < 6 && phase / 2 == number % 3) {
            return (uint16_t)crew;
        }
    }
    return CATALOG_NONE;
}

static inline int64_t naive_shift_start_us(const struct naive_truth *truth, int64_t number)
{
    int64_t start_us = number * NAIVE_SHIFT_US;
    if (naive_rostered(truth, number) == naive_rostered(truth, number - 1)) {
        return start_us;
    }
    for (size_t i = 0; i < truth->takeover_count; i++) {
        int64_t away_us = truth->takeovers[i].ts_us - start_us;
        if (truth->takeovers[i].crew == naive_rostered(truth, number) &&
            away_us < NAIVE_SHIFT_US / 2 && away_us > -NAIVE_SHIFT_US / 2) {
            return truth->takeovers[i].ts_us;
        }
    }
    return start_us;
}

static inline struct crew_slot naive_slot(const struct naive_truth *truth, int64_t ts_us)
{
    int64_t number = ts_us / NAIVE_SHIFT_US + 1;
    while (naive_shift_start_us(truth, number) > ts_us) {
        number--;
    }
    struct crew_slot slot = {
        (int32_t)(number / 3), {(uint16_t)(number % 3)}, {naive_rostered(truth, number)}};
    for (size_t i = 0; i < truth->takeover_count; i++) {
        int64_t taken_us = truth->takeovers[i].ts_us;
        if (taken_us >= naive_shift_start_us(truth, number) && taken_us <= ts_us) {
            slot.crew.index = truth->takeovers[i].crew;
        }
    }
    return slot;
}

/* Adds the instants at which the price may be another: midnights are among them. */
static inline size_t naive_price_cuts(const struct naive_truth *truth,
                                      int64_t cuts_us[NAIVE_CUTS_MAX], size_t count)
{
    const struct tariff_season *season =
        truth->tariff != NULL ? &truth->tariff->versions[0].seasons[0] : NULL;
    for (int64_t day = truth->from_us / TIMESTAMP_DAY_US - 1;
         season != NULL && day <= truth->to_us / TIMESTAMP_DAY_US + 1; day++) {
        for (uint32_t i = 0; i < season->window_count; i++) {
            cuts_us[count++] = day * TIMESTAMP_DAY_US - 8 * TIMESTAMP_HOUR_US +
                               season->windows[i].start_s * TIMESTAMP_SECOND_US;
        }
    }
    return count;
}

/* Every instant at which use at a station (or, `crews_alone`, of a named heat) may change hands, or
 * its price. */
static inline size_t naive_cuts(const struct naive_truth *truth, uint16_t station, bool crews_alone,
                                int64_t cuts_us[NAIVE_CUTS_MAX])
{
    int64_t raw_us[NAIVE_CUTS_MAX];
    size_t raw = 0;
    for (int64_t number = truth->from_us / NAIVE_SHIFT_US - 1;
         number <= truth->to_us / NAIVE_SHIFT_US + 1; number++) {
        raw_us[raw++] = naive_shift_start_us(truth, number);
    }
    for (size_t i = 0; i < truth->takeover_count; i++) {
        raw_us[raw++] = truth->takeovers[i].ts_us;
    }
    size_t crew_cuts = raw;
    for (size_t i = 0; i < truth->stay_count && !crews_alone; i++) {
        if (truth->stays[i].station == station) {
            raw_us[raw++] = truth->stays[i].start_us;
            raw_us[raw++] = truth->stays[i].end_us;
        }
    }
    raw = naive_price_cuts(truth, raw_us, raw);
    size_t count = 0;
    for (size_t i = 0; i < raw; i++) {
        bool counts = i >= crew_cuts || !crew_slot_equal(naive_slot(truth, raw_us[i]),
                                                         naive_slot(truth, raw_us[i] - 1));
        size_t at = count;
        for (size_t k = 0; k < count; k++) {
            counts = counts && cuts_us[k] != raw_us[i];
        }
        if (!counts) {
            continue;
        }
        for (; at > 0 && cuts_us[at - 1] > raw_us[i]; at--) {
            cuts_us[at] = cuts_us[at - 1];
        }
        cuts_us[at] = raw_us[i];
        count++;
    }
    return count;
}

/* Gives an amount to whoever is there at `ts_us`. */
static inline void naive_give(const struct naive_truth *truth, uint32_t meter, const char *named,
                              int64_t ts_us, int64_t amount, struct net *net)
{
    struct crew_slot slot = naive_slot(truth, ts_us);
    if (named[0] != '\0') {
        net_add(net, meter, named, slot, amount);
        return;
    }
    const char *heats[NAIVE_STAYS_MAX];
    int64_t count = 0;
    for (size_t i = 0; i < truth->stay_count; i++) {
        const struct naive_stay *stay = &truth->stays[i];
        if (stay->station == truth->plant->meters[meter].station.index && stay->start_us <= ts_us &&
            ts_us < stay->end_us) {
            heats[count++] = stay->heat;
        }
    }
    if (count == 0) {
        net_add(net, meter, "", slot, amount);
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t lower = 0; /* heats with a lower id */
        for (int64_t k = 0; k < count; k++) {
            lower += strcmp(heats[k], heats[i]) < 0;
        }
        net_add(net, meter, heats[i], slot, amount / count + (lower < amount % count));
    }
}

__extension__ typedef __int128 naive_wide;

/* C at a time, from all samples before it. */
static inline int64_t naive_register_at(const struct naive_truth *truth, uint32_t m, int64_t ts_us)
{
    const struct meter *meter = &truth->plant->meters[m];
    const struct naive_reading *rows = truth->readings[m];
    int64_t raw = 0; /* since the first sample */
    int64_t c = 0;   /* at the last sample that counts */
    size_t last = 0; /* that sample */
    for (size_t i = 1; i < truth->reading_count[m]; i++) {
        int64_t moved = rows[i].raw - rows[last].raw;
        if (moved < 0 && meter->width_raw > 0 && moved + meter->width_raw <= meter->width_raw / 4) {
            moved += meter->width_raw;
        }
        if (moved < 0) {
            continue; /* a glitch */
        }
        int64_t next = (raw + moved) * meter->scale_num / meter->scale_den;
        if (rows[i].ts_us > ts_us) {
            return c + (int64_t)((naive_wide)(next - c) * (ts_us - rows[last].ts_us) /
                                 (rows[i].ts_us - rows[last].ts_us));
        }
        raw += moved;
        c = next;
        last = i;
    }
    return c;
}

static inline int64_t naive_rate_at(const struct naive_truth *truth, uint32_t m, int64_t ts_us)
{
    const struct meter *meter = &truth->plant->meters[m];
    const struct naive_reading *rows = truth->readings[m];
    naive_wide twice = 0; /* twice the area, in raw x us */
    for (size_t i = 0; i + 1 < truth->reading_count[m] && rows[i].ts_us < ts_us; i++) {
        int64_t whole = rows[i + 1].ts_us - rows[i].ts_us;
        int64_t elapsed = ts_us < rows[i + 1].ts_us ? ts_us - rows[i].ts_us : whole;
        if (meter->integration == METER_TRAPEZOID) {
            twice += (naive_wide)2 * rows[i].raw * elapsed;
            naive_wide rise = (naive_wide)(rows[i + 1].raw - rows[i].raw) * elapsed * elapsed;
            naive_wide part = rise / whole;
            twice += part * whole > rise ? part - 1 : part; /* floor of a fall, too */
        } else {
            bool held = meter->max_hold_us > 0 && elapsed > meter->max_hold_us;
            twice += (naive_wide)2 * rows[i].raw * (held ? meter->max_hold_us : elapsed);
        }
    }
    return (int64_t)(twice * meter->scale_num /
                     ((naive_wide)2 * meter->scale_den * TIMESTAMP_HOUR_US));
}

static inline int64_t naive_c_at(const struct naive_truth *truth, uint32_t m, int64_t ts_us)
{
    return truth->plant->meters[m].kind == METER_RATE ? naive_rate_at(truth, m, ts_us)
                                                      : naive_register_at(truth, m, ts_us);
}

/* A register or a rate: the curve between the cuts. */
static inline void naive_curve(const struct naive_truth *truth, uint32_t m, struct net *net)
{
    size_t count = truth->reading_count[m];
    if (count == 0) {
        return;
    }
    int64_t cuts_us[NAIVE_CUTS_MAX];
    size_t cuts = naive_cuts(truth, truth->plant->meters[m].station.index, false, cuts_us);
    int64_t end_us = truth->readings[m][count - 1].ts_us;
    int64_t at_us = truth->readings[m][0].ts_us;
    for (size_t i = 0; i <= cuts; i++) {
        int64_t next_us = i < cuts && cuts_us[i] < end_us ? cuts_us[i] : end_us;
        if (next_us > at_us) {
            naive_give(truth, m, "", at_us,
                       naive_c_at(truth, m, next_us) - naive_c_at(truth, m, at_us), net);
            at_us = next_us;
        }
    }
}

/* Increments and events, each by itself. */
static inline void naive_pieces(const struct naive_truth *truth, uint32_t m, struct net *net)
{
    const struct meter *meter = &truth->plant->meters[m];
    const struct naive_reading *rows = truth->readings[m];
    for (size_t i = 0; i < truth->reading_count[m]; i++) {
        int64_t amount = rows[i].raw * meter->scale_num / meter->scale_den;
        int64_t from_us = rows[i].from_us;
        for (size_t k = 0; k < i && rows[i].from_us == INT64_MIN; k++) {
            from_us = rows[k].ts_us < rows[i].ts_us ? rows[k].ts_us : from_us;
        }
        if (meter->kind == METER_EVENT || from_us == INT64_MIN || from_us == rows[i].ts_us) {
            naive_give(truth, m, rows[i].heat, rows[i].ts_us, amount, net);
            continue;
        }
        int64_t cuts_us[NAIVE_CUTS_MAX];
        size_t cuts = naive_cuts(truth, meter->station.index, rows[i].heat[0] != '\0', cuts_us);
        int64_t at_us = from_us;
        int64_t done = 0;
        for (size_t k = 0; k <= cuts; k++) {
            int64_t next_us = k < cuts && cuts_us[k] < rows[i].ts_us ? cuts_us[k] : rows[i].ts_us;
            if (next_us > at_us) {
                int64_t through =
                    (int64_t)((naive_wide)amount * (next_us - from_us) / (rows[i].ts_us - from_us));
                naive_give(truth, m, rows[i].heat, at_us, through - done, net);
                done = through;
                at_us = next_us;
            }
        }
    }
}

static inline struct net naive_net(const struct naive_truth *truth)
{
    struct net net = {0};
    for (uint32_t m = 0; m < truth->plant->catalog.meter_count; m++) {
        enum meter_kind kind = truth->plant->meters[m].kind;
        kind == METER_REGISTER || kind == METER_RATE ? naive_curve(truth, m, &net)
                                                     : naive_pieces(truth, m, &net);
    }
    net_settle(&net);
    return net;
}

#endif
