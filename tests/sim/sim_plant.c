#include "sim_plant.h"

#include "quantity.h"
#include "sim_feature.h"
#include "sim_random.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

/* Offsets of 2026, from the published rules of each country. */
static const struct sim_zone zones[] = {
    {"Asia/Shanghai", {{0, 28800}}, 1, 0},
    {"UTC", {{0, 0}}, 1, 0},
    {"Asia/Kolkata", {{0, 19800}}, 1, 0},
    {"Europe/Berlin",
     {{0, 3600}, {INT64_C(1774746000000000), 7200}, {INT64_C(1792890000000000), 3600}},
     3,
     INT64_C(1774746000000000)},
    {"Europe/Berlin",
     {{0, 3600}, {INT64_C(1774746000000000), 7200}, {INT64_C(1792890000000000), 3600}},
     3,
     INT64_C(1792890000000000)},
    {"America/New_York",
     {{0, -18000}, {INT64_C(1772953200000000), -14400}, {INT64_C(1793512800000000), -18000}},
     3,
     INT64_C(1793512800000000)},
    {"America/New_York",
     {{0, -18000}, {INT64_C(1772953200000000), -14400}, {INT64_C(1793512800000000), -18000}},
     3,
     INT64_C(1772953200000000)},
    {"Australia/Lord_Howe",
     {{0, 39600}, {INT64_C(1775314800000000), 37800}, {INT64_C(1791041400000000), 39600}},
     3,
     INT64_C(1775314800000000)},
};

int32_t sim_zone_offset_s(const struct sim_zone *zone, int64_t ts_us)
{
    int32_t offset_s = zone->steps[0].offset_s;
    for (int i = 1; i < zone->step_count; i++) {
        if (ts_us >= zone->steps[i].at_us) {
            offset_s = zone->steps[i].offset_s;
        }
    }
    return offset_s;
}

int64_t sim_zone_instant(const struct sim_zone *zone, int64_t local_us)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < zone->step_count; i++) {
        int64_t ts_us = local_us - zone->steps[i].offset_s * SECOND;
        if (sim_zone_offset_s(zone, ts_us) == zone->steps[i].offset_s && ts_us < best) {
            best = ts_us;
        }
    }
    for (int i = 1; best == INT64_MAX && i < zone->step_count; i++) {
        int64_t at_us = zone->steps[i].at_us;
        if (local_us >= at_us + zone->steps[i - 1].offset_s * SECOND &&
            local_us < at_us + zone->steps[i].offset_s * SECOND) {
            best = at_us;
        }
    }
    return best;
}

const char *sim_station_name(int station, char text[16])
{
    static const char *const names[SIM_STATIONS_MAX] = {"BOF", "LF", "RH", "CCM"};
    snprintf(text, 16, "%s", names[station]);
    return text;
}

const char *sim_crew_name(int crew, char text[16])
{
    if (crew < 0) {
        text[0] = '\0';
    } else {
        snprintf(text, 16, "%c", 'A' + crew);
    }
    return text;
}

int sim_plant_rostered(const struct sim_plant *plant, int32_t day, int shift)
{
    for (int i = 0; i < plant->override_count; i++) {
        if (plant->overrides[i].day == day && plant->overrides[i].shift == shift) {
            return plant->overrides[i].crew;
        }
    }
    for (int crew = 0; crew < plant->crew_count; crew++) {
        int at = (day - plant->epoch_day + plant->offsets[crew]) % plant->cycle_length;
        at = at < 0 ? at + plant->cycle_length : at;
        if (!plant->relief[crew] && plant->cycle[at] == shift) {
            return crew;
        }
    }
    return SIM_NOBODY;
}

int64_t sim_plant_shift_start(const struct sim_plant *plant, int32_t day, int shift)
{
    int32_t start_s = plant->shifts[shift].start_s;
    int64_t civil_day = day + (start_s < plant->shifts[0].start_s ? 1 : 0);
    return sim_zone_instant(plant->zone, civil_day * DAY + start_s * SECOND);
}

static void make_shifts(struct sim_plant *plant, struct sim_random *random)
{
    /* Starts in seconds of the day, the production day's first shift first. */
    static const struct {
        int count;
        int32_t starts_s[SIM_SHIFTS_MAX];
    } systems[] = {
        {3, {28800, 57600, 0}},
        {3, {23400, 52200, 81000}},
        {2, {28800, 72000}},
        {2, {25200, 68400}},
        {3, {9000, 37800, 66600}},
        {2, {7200, 50400}},
        {4, {21600, 43200, 64800, 0}},
        {3, {28800, 45000, 79200}},
        {1, {0}},
        {2, {61200, 3600}},
        {3, {21661, 50461, 79261}},
    };
    const int chosen = (int)sim_random_between(random, 0, sizeof systems / sizeof *systems - 1);
    plant->shift_count = systems[chosen].count;
    for (int i = 0; i < plant->shift_count; i++) {
        snprintf(plant->shifts[i].id, sizeof plant->shifts[i].id, "s%d", i + 1);
        plant->shifts[i].start_s = systems[chosen].starts_s[i];
    }
}

static void make_roster(struct sim_plant *plant, struct sim_random *random)
{
    int working = (int)sim_random_between(random, plant->shift_count, 4);
    int twice = sim_random_chance(random, 400) ? 2 : 1; /* two days each, then off */
    plant->crew_count = working + (sim_random_chance(random, 400) ? 1 : 0);
    plant->epoch_day =
        (int32_t)(plant->start_us / DAY) + (int32_t)sim_random_between(random, -9, 9);
    plant->cycle_length = working * twice;
    for (int i = 0; i < plant->cycle_length; i++) {
        plant->cycle[i] = i / twice < plant->shift_count ? i / twice : SIM_NOBODY;
    }
    for (int crew = 0; crew < plant->crew_count; crew++) {
        plant->offsets[crew] = crew * twice;
        plant->relief[crew] = crew >= working;
    }
    if (sim_random_chance(random, 150)) {
        plant->relief[sim_random_between(random, 0, working - 1)] =
            true; /* a hole every few days */
    }
    int32_t first_day = (int32_t)(plant->start_us / DAY);
    while (plant->override_count < SIM_OVERRIDES_MAX && sim_random_chance(random, 250)) {
        int32_t day = first_day + plant->override_count;
        int shift = (int)sim_random_between(random, 0, plant->shift_count - 1);
        int crew = sim_random_chance(random, 300)
                       ? SIM_NOBODY
                       : (int)sim_random_between(random, 0, plant->crew_count - 1);
        /* Nobody works two shifts of one day: `check` would have a word to say. */
        for (int other = 0; other < plant->shift_count; other++) {
            if (other != shift && sim_plant_rostered(plant, day, other) == crew) {
                crew = SIM_NOBODY;
            }
        }
        int n = plant->override_count++;
        plant->overrides[n].day = day;
        plant->overrides[n].shift = shift;
        plant->overrides[n].crew = crew;
    }
}

static void make_register(struct sim_meter *meter, struct sim_random *random)
{
    int64_t unit = quantity_power_of_ten(meter->decimals);
    if (sim_random_chance(random, 500)) {
        meter->max_rate_raw_hour = 1000 * unit;
    }
    if (sim_random_chance(random, 350)) {
        /* Far wider than what 60 hours can bring, so that only a real round is one. */
        meter->width_raw = 1000000 * unit;
        meter->max_rate_raw_hour = 1000 * unit;
    } else if (sim_random_chance(random, 250)) {
        meter->reset = sim_random_chance(random, 600) ? SIM_RESET_TO_ZERO : SIM_RESET_UNKNOWN;
        meter->max_rate_raw_hour = 0;
    }
    if (sim_random_chance(random, 300)) {
        meter->sentinel_raw = 9999999 * unit;
    }
    if (sim_random_chance(random, 200) && meter->width_raw == 0) {
        meter->max_raw = 50000000 * unit;
    }
}

static void make_factor(struct sim_meter *meter, struct sim_random *random)
{
    static const struct {
        int64_t num, den;
    } factors[] = {{1, 1}, {1, 1}, {1, 1}, {200, 1}, {1, 2}, {1, 3}, {7, 11}, {40, 1}};
    int chosen = (int)sim_random_between(random, 0, sizeof factors / sizeof *factors - 1);
    meter->factor_num = factors[chosen].num;
    meter->factor_den = factors[chosen].den;
}

static void make_meter(struct sim_plant *plant, int at, struct sim_random *random)
{
    struct sim_meter *meter = &plant->meters[at];
    *meter = (struct sim_meter){.sentinel_raw = INT64_MIN, .factor_num = 1, .factor_den = 1};
    static const enum sim_kind kinds[] = {SIM_REGISTER, SIM_REGISTER, SIM_REGISTER,  SIM_RATE,
                                          SIM_RATE,     SIM_EVENT,    SIM_INCREMENT, SIM_LEVEL};
    meter->kind = kinds[sim_random_between(random, 0, sizeof kinds / sizeof *kinds - 1)];
    snprintf(meter->id, sizeof meter->id, "%c%02d", "RQIEL"[meter->kind], at + 1);
    meter->item = (int)sim_random_between(random, 0, plant->item_count - 1);
    meter->station = (int)sim_random_between(random, 0, plant->station_count - 1);
    meter->check = sim_random_chance(random, 80);
    const struct sim_item *item = &plant->items[meter->item];
    meter->decimals = sim_random_chance(random, 500) ? item->decimals
                                                     : (unsigned)sim_random_between(random, 0, 3);
    if (meter->kind == SIM_LEVEL) {
        /* The scale division of the item must be whole in what the scale shows. */
        meter->decimals = item->decimals;
        meter->division_raw = item->division_base;
    } else {
        make_factor(meter, random);
    }
    if (meter->kind == SIM_REGISTER) {
        make_register(meter, random);
    }
    meter->trapezoid = meter->kind == SIM_RATE && sim_random_chance(random, 400);
    if (meter->kind == SIM_RATE && !meter->trapezoid && sim_random_chance(random, 400)) {
        meter->max_hold_us = sim_random_between(random, 60, 1200) * SECOND;
    }
    bool gaps =
        meter->kind == SIM_REGISTER || meter->kind == SIM_RATE || meter->kind == SIM_INCREMENT;
    if (gaps && sim_random_chance(random, 400)) {
        meter->max_gap_us = sim_random_between(random, 300, 1800) * SECOND;
    }
    meter->scale_num = meter->factor_num * quantity_power_of_ten(item->decimals);
    meter->scale_den = meter->factor_den * quantity_power_of_ten(meter->decimals);
}

static void make_items(struct sim_plant *plant, struct sim_random *random)
{
    static const char *const names[SIM_ITEMS_MAX] = {"electricity", "o2", "femn", "water"};
    plant->item_count = (int)sim_random_between(random, 1, SIM_ITEMS_MAX);
    for (int i = 0; i < plant->item_count; i++) {
        struct sim_item *item = &plant->items[i];
        snprintf(item->id, sizeof item->id, "%s", names[i]);
        item->decimals = (unsigned)sim_random_between(random, 0, 4);
        item->division_base = sim_random_between(random, 1, 20);
    }
}

static void write_meter(FILE *out, const struct sim_plant *plant, const struct sim_meter *meter)
{
    char text[QUANTITY_TEXT_MAX], name[16];
    fprintf(out, "    {\"id\": \"%s\", \"item\": \"%s\", \"station\": \"%s\", \"kind\": \"%s\"",
            meter->id, plant->items[meter->item].id, sim_station_name(meter->station, name),
            (const char *const[]){"register", "rate", "increment", "event", "level"}[meter->kind]);
    if (meter->check) {
        fprintf(out, ", \"role\": \"check\"");
    }
    fprintf(out, ", \"resolution\": \"%s\"", quantity_to_text(1, meter->decimals, text));
    if (meter->factor_den != 1) {
        fprintf(out, ", \"multiplier\": \"%" PRId64 "/%" PRId64 "\"", meter->factor_num,
                meter->factor_den);
    } else if (meter->factor_num != 1) {
        fprintf(out, ", \"multiplier\": %" PRId64, meter->factor_num);
    }
    const struct {
        const char *key;
        int64_t raw;
    } amounts[] = {{"width", meter->width_raw},
                   {"max_rate_per_hour", meter->max_rate_raw_hour},
                   {"max", meter->max_raw}};
    for (int i = 0; i < 3; i++) {
        if (amounts[i].raw != 0) {
            fprintf(out, ", \"%s\": \"%s\"", amounts[i].key,
                    quantity_to_text(amounts[i].raw, meter->decimals, text));
        }
    }
    if (meter->reset != SIM_RESET_NEVER) {
        fprintf(out, ", \"reset\": \"%s\"",
                meter->reset == SIM_RESET_TO_ZERO ? "to_zero" : "unknown");
    }
    if (meter->trapezoid) {
        fprintf(out, ", \"integration\": \"trapezoid\"");
    }
    if (meter->max_hold_us != 0) {
        fprintf(out, ", \"max_hold_s\": %" PRId64, meter->max_hold_us / SECOND);
    }
    if (meter->max_gap_us != 0) {
        fprintf(out, ", \"max_gap_s\": %" PRId64, meter->max_gap_us / SECOND);
    }
    if (meter->sentinel_raw != INT64_MIN) {
        fprintf(out, ", \"sentinels\": [%s]",
                quantity_to_text(meter->sentinel_raw, meter->decimals, text));
    }
    sim_feature_write(out, plant, meter);
    fprintf(out, "}");
}

static void write_roster(FILE *out, const struct sim_plant *plant)
{
    char text[TIMESTAMP_TEXT_MAX], name[16];
    fprintf(out, "  \"roster\": {\"epoch\": \"%s\", \"cycle\": [",
            timestamp_format_day(plant->epoch_day, text));
    for (int i = 0; i < plant->cycle_length; i++) {
        fprintf(out, i == 0 ? "" : ", ");
        if (plant->cycle[i] < 0) {
            fprintf(out, "null");
        } else {
            fprintf(out, "\"%s\"", plant->shifts[plant->cycle[i]].id);
        }
    }
    fprintf(out, "],\n    \"offsets\": {");
    bool first = true;
    for (int crew = 0; crew < plant->crew_count; crew++) {
        if (!plant->relief[crew]) {
            fprintf(out, "%s\"%s\": %d", first ? "" : ", ", sim_crew_name(crew, name),
                    plant->offsets[crew]);
            first = false;
        }
    }
    fprintf(out, "},\n    \"overrides\": [");
    for (int i = 0; i < plant->override_count; i++) {
        int crew = plant->overrides[i].crew;
        fprintf(out, "%s{\"day\": \"%s\", \"shift\": \"%s\", \"crew\": ", i == 0 ? "" : ", ",
                timestamp_format_day(plant->overrides[i].day, text),
                plant->shifts[plant->overrides[i].shift].id);
        fprintf(out, crew < 0 ? "null}" : "\"%s\"}", sim_crew_name(crew, name));
    }
    fprintf(out, "]}");
}

static void write_quotas(FILE *out, const struct sim_plant *plant)
{
    fprintf(out,
            ",\n  \"quotas\": [\n"
            "    {\"id\": \"q1\", \"item\": \"%s\", \"basis\": \"per_tonne\","
            " \"target\": \"0.5\", \"limit\": \"1\", \"carry\": true},\n"
            "    {\"id\": \"q2\", \"item\": \"%s\", \"basis\": \"per_heat\", \"limit\": 90,"
            " \"scopes\": [\"heat\"]},\n"
            "    {\"id\": \"q3\", \"item\": \"%s\", \"basis\": \"per_shift\","
            " \"limit\": 700, \"scopes\": [\"crew\"]},\n"
            "    {\"id\": \"q4\", \"item\": \"%s\", \"basis\": \"linear\","
            " \"fixed\": 300, \"limit\": \"1.5\", \"scopes\": [\"crew\"]},\n"
            "    {\"id\": \"q5\", \"item\": \"%s\", \"basis\": \"per_tonne\","
            " \"view\": \"clock\", \"limit\": \"0.7\", \"scopes\": [\"crew\"]},\n"
            "    {\"id\": \"q6\", \"item\": \"%s\", \"basis\": \"per_ten_days\","
            " \"limit\": 5000}\n  ]",
            plant->items[0].id, plant->items[plant->item_count - 1].id, plant->items[0].id,
            plant->items[plant->item_count - 1].id, plant->items[0].id, plant->items[0].id);
}

static void write_lists(FILE *out, const struct sim_plant *plant)
{
    char text[QUANTITY_TEXT_MAX], other[QUANTITY_TEXT_MAX], name[16];
    fprintf(out, "  \"items\": [\n");
    for (int i = 0; i < plant->item_count; i++) {
        const struct sim_item *item = &plant->items[i];
        fprintf(out,
                "    {\"id\": \"%s\", \"unit\": \"u\", \"resolution\": \"%s\","
                " \"division\": \"%s\"}%s\n",
                item->id, quantity_to_text(1, item->decimals, text),
                quantity_to_text(item->division_base, item->decimals, other),
                i + 1 < plant->item_count ? "," : "");
    }
    fprintf(out, "  ],\n  \"stations\": [");
    for (int i = 0; i < plant->station_count; i++) {
        fprintf(out, "%s{\"id\": \"%s\"%s%s}", i == 0 ? "" : ", ", sim_station_name(i, name),
                plant->last_station[i] ? ", \"last\": true" : "",
                plant->idle_to_next[i] ? ", \"idle\": \"next_heat\"" : "");
    }
    fprintf(out, "],\n  \"meters\": [\n");
    for (int i = 0; i < plant->meter_count; i++) {
        write_meter(out, plant, &plant->meters[i]);
        fprintf(out, "%s%s\n", i + 1 < plant->meter_count ? "," : "",
                plant->comments ? " // a meter, a comment" : "");
    }
    fprintf(out, "  ],\n  \"shifts\": [");
    for (int i = 0; i < plant->shift_count; i++) {
        int32_t start_s = plant->shifts[i].start_s;
        fprintf(out, "%s{\"id\": \"%s\", \"start\": \"%02d:%02d:%02d\"}", i == 0 ? "" : ", ",
                plant->shifts[i].id, start_s / 3600, start_s / 60 % 60, start_s % 60);
    }
    fprintf(out, "],\n  \"crews\": [");
    for (int i = 0; i < plant->crew_count; i++) {
        fprintf(out, "%s{\"id\": \"%s\"}", i == 0 ? "" : ", ", sim_crew_name(i, name));
    }
    fprintf(out, "],\n");
}

static void write_text(struct sim_plant *plant)
{
    size_t length = 0;
    FILE *out = open_memstream(&plant->text, &length);
    int32_t start_s = plant->shifts[0].start_s;
    fprintf(out,
            "%s{\n  \"shop\": \"" SIM_SHOP "\", \"zone\": \"%s\",\n"
            "  \"production_day_start\": \"%02d:%02d:%02d\",\n",
            plant->comments ? "/* one of many */\n" : "", plant->zone->name, start_s / 3600,
            start_s / 60 % 60, start_s % 60);
    write_lists(out, plant);
    write_roster(out, plant);
    write_quotas(out, plant);
    sim_feature_write_tariff(out, plant);
    fprintf(out, "\n}\n");
    fclose(out);
}

void sim_plant_make(struct sim_plant *plant, uint64_t seed, uint64_t disabled)
{
    struct sim_random stream = sim_random_stream(seed, 1, 0);
    struct sim_random *random = &stream;
    *plant = (struct sim_plant){0};
    bool dst = sim_random_chance(random, 400);
    plant->zone = &zones[dst ? sim_random_between(random, 3, 7) : sim_random_between(random, 0, 4)];
    int64_t hours = sim_random_between(random, 6, sim_random_chance(random, 200) ? 48 : 20);
    int64_t length_us = hours * HOUR;
    if (dst) {
        plant->start_us = plant->zone->dst_us - sim_random_between(random, 0, length_us);
    } else {
        plant->start_us =
            INT64_C(1773100800000000) + sim_random_between(random, 0, 200 * 24) * HOUR;
    }
    plant->start_us -= plant->start_us % SECOND;
    plant->end_us = plant->start_us + length_us;
    make_items(plant, random);
    plant->station_count = (int)sim_random_between(random, 1, SIM_STATIONS_MAX);
    plant->last_station[plant->station_count - 1] = plant->station_count > 1;
    plant->meter_count = (int)sim_random_between(random, 2, SIM_METERS_MAX);
    for (int i = 0; i < plant->meter_count; i++) {
        make_meter(plant, i, random);
    }
    make_shifts(plant, random);
    make_roster(plant, random);
    plant->comments = sim_random_chance(random, 500);
    sim_feature_make(plant, seed, disabled);
    write_text(plant);
}
