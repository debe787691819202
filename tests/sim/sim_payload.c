#include "sim_payload.h"

#include "quantity.h"
#include "timestamp.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

void sim_payload_time(FILE *out, struct sim_random *random, int64_t ts_us)
{
    static const int offsets_min[] = {0, 0, 480, -300, 330, 60};
    int offset_min = offsets_min[sim_random_between(random, 0, 5)];
    time_t seconds = (time_t)(ts_us / 1000000 + offset_min * 60);
    int64_t fraction_us = ts_us % 1000000;
    struct tm parts;
    gmtime_r(&seconds, &parts);
    fprintf(out, "\"%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1,
            parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    if (fraction_us != 0) {
        fprintf(out, ".%06" PRId64, fraction_us);
    }
    int size_min = offset_min < 0 ? -offset_min : offset_min;
    if (offset_min == 0) {
        fprintf(out, sim_random_chance(random, 500) ? "Z\"" : "+00:00\"");
    } else {
        fprintf(out, "%c%02d:%02d\"", offset_min < 0 ? '-' : '+', size_min / 60, size_min % 60);
    }
}

static void write_value(FILE *out, struct sim_random *random, int64_t value_raw, unsigned decimals)
{
    char text[QUANTITY_TEXT_MAX];
    quantity_to_text(value_raw, decimals, text);
    int64_t unit = quantity_power_of_ten(decimals);
    if (sim_random_chance(random, 30) && value_raw % (unit * 1000) == 0) {
        fprintf(out, "%" PRId64 "e+03", value_raw / unit / 1000);
    } else if (sim_random_chance(random, 150)) {
        fprintf(out, "\"%s\"", text);
    } else {
        fprintf(out, "%s", text);
    }
}

static void write_reading(FILE *out, const struct sim_plant *plant, struct sim_random *random,
                          const struct sim_fact *fact)
{
    unsigned decimals = plant->meters[fact->meter].decimals;
    if (fact->void_id[0] != '\0') {
        fprintf(out, ",\"void\":\"%s\"", fact->void_id);
        return;
    }
    fprintf(out, ",\"value\":");
    if (fact->garbage != NULL) {
        fprintf(out, "%s", fact->garbage);
    } else {
        write_value(out, random, fact->value_raw, decimals);
    }
    if (fact->from_us != SIM_NONE) {
        fprintf(out, ",\"from\":");
        sim_payload_time(out, random, fact->from_us);
    }
    if (fact->quality != SIM_GOOD || sim_random_chance(random, 50)) {
        fprintf(out, ",\"quality\":\"%s\"",
                (const char *const[]){"good", "uncertain", "bad"}[fact->quality]);
    }
    if (fact->seq >= 0) {
        fprintf(out, ",\"seq\":%" PRId64, fact->seq);
    }
    if (fact->heat[0] != '\0') {
        fprintf(out, ",\"heat\":\"%s\"", fact->heat);
    }
}

static void write_heat(FILE *out, const struct sim_fact *fact)
{
    static const char *const events[] = {"start", "end",   "tap",      "weight", "return",
                                         "split", "merge", "renumber", "void"};
    char name[16], text[QUANTITY_TEXT_MAX];
    bool moves = fact->event >= SIM_HEAT_RETURN && fact->event <= SIM_HEAT_MERGE;
    fprintf(out, ",\"heat\":\"%s\",\"event\":\"%s\"", fact->heat, events[fact->event]);
    if (fact->station >= 0) {
        fprintf(out, ",\"station\":\"%s\"", sim_station_name(fact->station, name));
    }
    if (fact->steel_g >= 0) {
        fprintf(out, ",\"%s\":%s", moves ? "kg" : "steel_kg",
                quantity_to_text(fact->steel_g, 3, text));
    }
    if (fact->to[0] != '\0') {
        fprintf(out, ",\"to\":\"%s\"", fact->to);
    }
    if (fact->of[0] != '\0') {
        fprintf(out, ",\"of\":\"%s\"", fact->of);
    }
}

static void write_meter_event(FILE *out, const struct sim_plant *plant, const struct sim_fact *fact)
{
    char text[QUANTITY_TEXT_MAX];
    const struct sim_meter *meter = &plant->meters[fact->meter];
    if (fact->percent != 0) {
        fprintf(out, ",\"meter\":\"%s\",\"event\":\"multiplier\",\"value\":%s", meter->id,
                quantity_to_text(fact->percent, 2, text));
        return;
    }
    fprintf(out, ",\"meter\":\"%s\",\"event\":\"%s\"", meter->id,
            fact->is_reset ? "reset" : "exchange");
    if (!fact->is_reset) {
        fprintf(out, ",\"final\":%s", quantity_to_text(fact->final_raw, meter->decimals, text));
    }
    fprintf(out, ",\"initial\":%s", quantity_to_text(fact->initial_raw, meter->decimals, text));
}

static void write_entry(FILE *out, const struct sim_plant *plant, struct sim_random *random,
                        const struct sim_fact *fact)
{
    static const char *const events[] = {"accept", "reject", "reading", "roster"};
    char text[QUANTITY_TEXT_MAX], name[16], day[TIMESTAMP_TEXT_MAX];
    fprintf(out, ",\"by\":\"leader-%c\",\"event\":\"%s\",\"reason\":\"a word\"",
            "ab"[fact->serial % 2], events[fact->entry]);
    if (fact->entry == SIM_ENTRY_ROSTER) {
        fprintf(out,
                ",\"day\":\"%s\",\"shift\":\"%s\",\"crew\":", timestamp_format_day(fact->day, day),
                plant->shifts[fact->shift].id);
        fprintf(out, fact->crew < 0 ? "null" : "\"%s\"", sim_crew_name(fact->crew, name));
        return;
    }
    fprintf(out, ",\"meter\":\"%s\",\"at\":", plant->meters[fact->meter].id);
    sim_payload_time(out, random, fact->ts_us);
    if (fact->entry == SIM_ENTRY_READING) {
        fprintf(out, ",\"value\":%s",
                quantity_to_text(fact->value_raw, plant->meters[fact->meter].decimals, text));
    }
}

void sim_payload_fact(FILE *out, const struct sim_plant *plant, struct sim_random *random,
                      const struct sim_fact *fact, int64_t ts_us, bool with_meter)
{
    char name[16];
    fprintf(out, "{\"ts\":");
    sim_payload_time(out, random, fact->kind == SIM_FACT_ENTRY ? fact->said_us : ts_us);
    if (with_meter) {
        fprintf(out, ",\"meter\":\"%s\"", plant->meters[fact->meter].id);
    }
    if (fact->kind == SIM_FACT_READING) {
        write_reading(out, plant, random, fact);
    } else if (fact->kind == SIM_FACT_HEAT) {
        write_heat(out, fact);
    } else if (fact->kind == SIM_FACT_METER) {
        write_meter_event(out, plant, fact);
    } else if (fact->kind == SIM_FACT_ENTRY) {
        write_entry(out, plant, random, fact);
    } else {
        fprintf(out, ",\"event\":\"takeover\",\"crew\":\"%s\"", sim_crew_name(fact->crew, name));
    }
    if (fact->id[0] != '\0') {
        fprintf(out, ",\"id\":\"%s\"", fact->id);
    }
    fprintf(out, "}");
}

void sim_payload_topic(char topic[96], const struct sim_plant *plant, const struct sim_fact *fact)
{
    static const char *const ends[] = {[SIM_FACT_READING] = "readings",
                                       [SIM_FACT_HEAT] = "heat",
                                       [SIM_FACT_CREW] = "crew",
                                       [SIM_FACT_METER] = "meter",
                                       [SIM_FACT_ENTRY] = "entry"};
    char name[16];
    if (fact->kind == SIM_FACT_READING) {
        const struct sim_meter *meter = &plant->meters[fact->meter];
        snprintf(topic, 96, "plant/" SIM_SHOP "/%s/%s/%s", sim_station_name(meter->station, name),
                 plant->items[meter->item].id, meter->id);
    } else {
        snprintf(topic, 96, "plant/" SIM_SHOP "/%s", ends[fact->kind]);
    }
}
