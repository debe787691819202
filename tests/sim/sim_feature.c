#include "sim_feature.h"

#include "sim_random.h"
#include "timestamp.h"

#include <inttypes.h>

#define PURPOSE 40 /* streams from here on, one a feature */
#define MINUTE INT64_C(60000000)

/* Of a thousand seeds. */
static const int chosen_per_mille[SIM_DISTURBANCE_COUNT] = {
    [SIM_SHARING] = 250,  [SIM_NEXT_HEAT] = 200, [SIM_TWO_WAY] = 150,     [SIM_JUMP] = 200,
    [SIM_REJECT] = 150,   [SIM_ENTERED] = 150,   [SIM_SILENT_FALL] = 150, [SIM_ROSTER] = 150,
    [SIM_FORGOTTEN] = 80, [SIM_KILL] = 80,       [SIM_TARIFF] = 250,
};

bool sim_feature_chosen(uint64_t seed, enum sim_disturbance feature, uint64_t disabled)
{
    struct sim_random random = sim_random_stream(seed, PURPOSE, feature);
    return sim_random_chance(&random, chosen_per_mille[feature]) && (disabled >> feature & 1) == 0;
}

static struct sim_random stream_of(uint64_t seed, enum sim_disturbance feature, int number)
{
    return sim_random_stream(seed, PURPOSE + 1 + (uint64_t)feature, (uint64_t)number);
}

/* Sub-meters are of lower numbers, so that there is no circle. */
static void add_submeters(const struct sim_plant *plant, int meter, struct sim_random *random,
                          struct sim_rule *rule)
{
    for (int other = 0; other < meter && rule->part_count < SIM_PARTS_MAX; other++) {
        enum sim_kind kind = plant->meters[other].kind;
        bool can = kind == SIM_REGISTER || kind == SIM_RATE || kind == SIM_LEVEL;
        if (can && sim_random_chance(random, 700)) {
            rule->parts[rule->part_count].meter = other;
            rule->parts[rule->part_count++].station = plant->meters[other].station;
        }
    }
}

static void add_stations(const struct sim_plant *plant, struct sim_random *random,
                         struct sim_rule *rule)
{
    for (int station = 0; station < plant->station_count; station++) {
        if (sim_random_chance(random, 650)) {
            rule->parts[rule->part_count].station = station;
            rule->parts[rule->part_count++].weight = sim_random_between(random, 0, 9);
        }
    }
    if (rule->part_count > 0) {
        rule->parts[0].weight++;
    }
}

static void make_rule(const struct sim_plant *plant, int meter, struct sim_random *random,
                      struct sim_rule *rule)
{
    enum sim_key key = (enum sim_key)sim_random_between(random, 0, SIM_KEY_SUBMETER);
    *rule = (struct sim_rule){.key = key};
    if (key == SIM_KEY_SUBMETER) {
        add_submeters(plant, meter, random, rule);
    } else if (key == SIM_KEY_RATIO || key == SIM_KEY_POWER || sim_random_chance(random, 600)) {
        add_stations(plant, random, rule);
    }
    if (rule->part_count == 0 && key >= SIM_KEY_RATIO) {
        rule->key = SIM_KEY_TONNAGE;
    }
}

static void make_sharing(struct sim_plant *plant, int number, struct sim_random *random)
{
    struct sim_meter *meter = &plant->meters[number];
    int count = sim_random_chance(random, 400) ? (int)sim_random_between(random, 2, 3) : 1;
    int64_t from_us = INT64_MIN;
    for (int i = 0; i < count; i++) {
        struct sim_rule *rule = &meter->rules[meter->rule_count];
        make_rule(plant, number, random, rule);
        rule->from_us = from_us;
        meter->rule_count++;
        int64_t low_us = from_us == INT64_MIN ? plant->start_us : from_us;
        int64_t left_min = (plant->end_us - low_us) / MINUTE;
        from_us = low_us + sim_random_between(random, 1, left_min < 1 ? 1 : left_min) * MINUTE;
    }
    /* The first key may begin some time, too: equal shares before. */
    if (count == 1 && sim_random_chance(random, 200)) {
        meter->rules[0].from_us = from_us;
    }
}

/* Parts of the day with prices of their own, on whole minutes. */
static void make_tariff(struct sim_plant *plant, struct sim_random *random)
{
    int32_t start_s = 0;
    plant->tariff_item = (int)sim_random_between(random, 0, plant->item_count - 1);
    while (plant->tariff_count < SIM_TARIFF_PARTS_MAX && start_s < 86400) {
        plant->tariff_starts_s[plant->tariff_count++] = start_s;
        start_s += 60 * (int32_t)sim_random_between(random, 20, 600);
    }
}

void sim_feature_make(struct sim_plant *plant, uint64_t seed, uint64_t disabled)
{
    bool shares = sim_feature_chosen(seed, SIM_SHARING, disabled);
    bool waits = sim_feature_chosen(seed, SIM_NEXT_HEAT, disabled);
    bool two_way = sim_feature_chosen(seed, SIM_TWO_WAY, disabled);
    if (sim_feature_chosen(seed, SIM_TARIFF, disabled)) {
        struct sim_random random = stream_of(seed, SIM_TARIFF, 0);
        make_tariff(plant, &random);
    }
    for (int i = 0; waits && i < plant->station_count; i++) {
        struct sim_random random = stream_of(seed, SIM_NEXT_HEAT, i);
        plant->idle_to_next[i] = sim_random_chance(&random, 500);
    }
    for (int i = 0; i < plant->meter_count; i++) {
        struct sim_meter *meter = &plant->meters[i];
        struct sim_random random = stream_of(seed, SIM_SHARING, i);
        if (shares && !meter->check && sim_random_chance(&random, 500)) {
            make_sharing(plant, i, &random);
        }
        random = stream_of(seed, SIM_NEXT_HEAT, 100 + i);
        if (waits && !meter->check && sim_random_chance(&random, 300)) {
            meter->idle = sim_random_chance(&random, 600) ? SIM_IDLE_NEXT : SIM_IDLE_NOBODY;
        }
        random = stream_of(seed, SIM_TWO_WAY, i);
        meter->two_way = two_way && meter->kind == SIM_REGISTER && meter->width_raw == 0 &&
                         meter->reset == SIM_RESET_NEVER && sim_random_chance(&random, 600);
    }
}

static void write_parts(FILE *out, const struct sim_plant *plant, const struct sim_rule *rule)
{
    char name[16];
    bool weights = rule->key == SIM_KEY_RATIO || rule->key == SIM_KEY_POWER;
    if (rule->part_count == 0) {
        return;
    }
    fprintf(out, ", \"%s\": %c", rule->key == SIM_KEY_SUBMETER ? "meters" : "stations",
            weights ? '{' : '[');
    for (int i = 0; i < rule->part_count; i++) {
        fprintf(out, "%s\"%s\"", i == 0 ? "" : ", ",
                rule->key == SIM_KEY_SUBMETER ? plant->meters[rule->parts[i].meter].id
                                              : sim_station_name(rule->parts[i].station, name));
        if (weights) {
            fprintf(out, ": %" PRId64, rule->parts[i].weight);
        }
    }
    putc(weights ? '}' : ']', out);
}

static void write_hours(FILE *out, const struct sim_plant *plant, int part)
{
    int32_t from_s = plant->tariff_starts_s[part];
    int32_t to_s = part + 1 < plant->tariff_count ? plant->tariff_starts_s[part + 1] : 86400;
    fprintf(out, "\"%02d:%02d-%02d:%02d\"", from_s / 3600, from_s / 60 % 60, to_s / 3600,
            to_s / 60 % 60);
}

void sim_feature_write_tariff(FILE *out, const struct sim_plant *plant)
{
    if (plant->tariff_count == 0) {
        return;
    }
    fprintf(out, ",\n  \"tariffs\": [{\"item\": \"%s\", \"seasons\": [{\"bands\": [",
            plant->items[plant->tariff_item].id);
    for (int band = 0; band < SIM_TARIFF_BANDS && band < plant->tariff_count; band++) {
        fprintf(out, "%s{\"id\": \"b%d\", \"price\": \"0.%d\", \"hours\": [", band == 0 ? "" : ", ",
                band, 3 + 3 * band);
        for (int part = band; part < plant->tariff_count; part += SIM_TARIFF_BANDS) {
            fprintf(out, part == band ? "" : ", ");
            write_hours(out, plant, part);
        }
        fprintf(out, "]}");
    }
    fprintf(out, "]}]}]");
}

void sim_feature_write(FILE *out, const struct sim_plant *plant, const struct sim_meter *meter)
{
    static const char *const words[] = {"time",  "heat_count", "tonnage",
                                        "ratio", "power",      "submeter"};
    char text[TIMESTAMP_TEXT_MAX];
    if (meter->two_way) {
        fprintf(out, ", \"two_way\": true");
    }
    if (meter->idle != SIM_IDLE_AS_STATION) {
        fprintf(out, ", \"idle\": \"%s\"", meter->idle == SIM_IDLE_NEXT ? "next_heat" : "idle");
    }
    for (int i = 0; i < meter->rule_count; i++) {
        const struct sim_rule *rule = &meter->rules[i];
        fprintf(out, "%s{\"key\": \"%s\"", i == 0 ? ", \"sharing\": [" : ", ", words[rule->key]);
        if (rule->from_us != INT64_MIN) {
            fprintf(out, ", \"from\": \"%s\"", timestamp_format(rule->from_us, 0, text));
        }
        write_parts(out, plant, rule);
        fprintf(out, "}%s", i + 1 == meter->rule_count ? "]" : "");
    }
}
