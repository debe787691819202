#include "decode_row.h"

#include "quantity.h"

#include <string.h>

#define MULTIPLIER_DECIMALS 9

/* What an event of a heat cannot do without, beside the heat itself. */
enum { NEEDS_STATION = 1, NEEDS_STEEL = 2, NEEDS_TO = 4 };

static const struct {
    const char *name;
    enum heat_event_kind kind;
    int needs;
} heat_events[] = {
    {"start", HEAT_START, NEEDS_STATION},
    {"end", HEAT_END, NEEDS_STATION},
    {"tap", HEAT_TAP, 0},
    {"weight", HEAT_WEIGHT, NEEDS_STEEL},
    {"return", HEAT_RETURN, 0},
    {"split", HEAT_SPLIT, NEEDS_TO},
    {"merge", HEAT_MERGE, NEEDS_TO},
    {"renumber", HEAT_RENUMBER, NEEDS_TO},
    {"void", HEAT_VOID, 0},
};
#define HEAT_EVENT_COUNT ((int)(sizeof heat_events / sizeof heat_events[0]))

static const struct {
    const char *name;
    enum meter_event_kind kind;
} meter_events[] = {
    {"exchange", METER_EVENT_EXCHANGE},
    {"multiplier", METER_EVENT_MULTIPLIER},
    {"reset", METER_EVENT_RESET},
};
#define METER_EVENT_COUNT ((int)(sizeof meter_events / sizeof meter_events[0]))

static enum row_need need_if(int needs, int bit)
{
    return (needs & bit) != 0 ? ROW_REQUIRED : ROW_OPTIONAL;
}

static bool read_heat(const struct row *row, struct heat_event *event, int needs)
{
    bool assumed;
    return row_ts(row, &event->ts_us, &assumed) &&
           row_text(row, FIELD_ID, ROW_OPTIONAL, DECODE_ID_MAX, &event->id) &&
           row_station(row, need_if(needs, NEEDS_STATION), &event->station) &&
           row_kilograms(row, FIELD_STEEL_KG, need_if(needs, NEEDS_STEEL), &event->steel_g) &&
           row_kilograms(row, FIELD_PLANNED_KG, ROW_OPTIONAL, &event->planned_g) &&
           row_kilograms(row, FIELD_KG, ROW_OPTIONAL, &event->moved_g) &&
           row_text(row, FIELD_GRADE, ROW_OPTIONAL, CATALOG_ID_MAX, &event->grade) &&
           row_text(row, FIELD_TO, need_if(needs, NEEDS_TO), CATALOG_ID_MAX, &event->to) &&
           row_text(row, FIELD_OF, ROW_OPTIONAL, DECODE_ID_MAX, &event->of);
}

void row_heat(struct row *row)
{
    struct fact fact = {.kind = FACT_HEAT};
    struct heat_event *event = &fact.as.heat;
    event->steel_g = event->planned_g = event->moved_g = -1;
    const char *name = NULL;
    if (!row_text(row, FIELD_HEAT, ROW_REQUIRED, CATALOG_ID_MAX, &event->heat) ||
        !row_text(row, FIELD_EVENT, ROW_REQUIRED, DECODE_TEXT_MAX, &name)) {
        return;
    }
    int found = 0;
    while (found < HEAT_EVENT_COUNT && strcmp(heat_events[found].name, name) != 0) {
        found++;
    }
    if (found == HEAT_EVENT_COUNT) {
        row_refuse(row, OUTCOME_UNKNOWN_EVENT,
                   "event \"%s\" is none of a heat; known: start, end, tap, weight, return, split, "
                   "merge, renumber, void",
                   name);
        return;
    }
    event->kind = heat_events[found].kind;
    if (read_heat(row, event, heat_events[found].needs)) {
        row->sink->fact(row->sink->context, &fact);
    }
}

bool row_crew_id(const struct row *row, const char *id, crew_id *crew)
{
    if (catalog_find_crew(row->catalog, id, crew)) {
        return !row->catalog->crews[crew->index].retired ||
               row_refuse(row, OUTCOME_UNKNOWN_CREW,
                          "crew \"%s\" was taken out of plant.json; put it back to have it on duty",
                          id);
    }
    char known[160] = "";
    for (uint32_t i = 0; i < row->catalog->crew_count; i++) {
        const char *name = row->catalog->crews[i].id;
        if (strlen(known) + strlen(name) + 3 > sizeof known) {
            break;
        }
        strcat(strcat(known, i > 0 ? ", " : ""), name);
    }
    return row_refuse(row, OUTCOME_UNKNOWN_CREW, "crew \"%s\" is not in plant.json; known: %s", id,
                      known);
}

void row_crew(struct row *row)
{
    struct fact fact = {.kind = FACT_CREW};
    const char *name = "takeover", *crew = NULL;
    bool assumed;
    enum row_need need =
        row->mapping->fields[FIELD_EVENT][0].kind == SOURCE_NONE ? ROW_OPTIONAL : ROW_REQUIRED;
    if (!row_text(row, FIELD_EVENT, need, DECODE_TEXT_MAX, &name)) {
        return;
    }
    if (strcmp(name, "takeover") != 0) {
        row_refuse(row, OUTCOME_UNKNOWN_EVENT, "event \"%s\" is none of a crew; known: takeover",
                   name);
        return;
    }
    if (!row_text(row, FIELD_CREW, ROW_REQUIRED, DECODE_TEXT_MAX, &crew) ||
        !row_ts(row, &fact.as.crew.ts_us, &assumed)) {
        return;
    }
    if (row_crew_id(row, crew, &fact.as.crew.crew)) {
        row->sink->fact(row->sink->context, &fact);
    }
}

/* The multiplier as a fraction in lowest terms. */
static bool read_multiplier(const struct row *row, struct meter_event *event)
{
    if (!row_number(row, FIELD_VALUE, ROW_REQUIRED, MULTIPLIER_DECIMALS, true, &event->value_num)) {
        return false;
    }
    if (event->value_num <= 0) {
        return row_refuse(row, OUTCOME_OUT_OF_RANGE, "a multiplier must be more than 0");
    }
    event->value_den = quantity_power_of_ten(MULTIPLIER_DECIMALS);
    int64_t a = event->value_num, b = event->value_den;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    event->value_num /= a;
    event->value_den /= a;
    return true;
}

void row_meter_event(struct row *row)
{
    struct fact fact = {.kind = FACT_METER};
    struct meter_event *event = &fact.as.meter;
    *event = (struct meter_event){
        .final_raw = INT64_MIN, .initial_raw = INT64_MIN, .value_num = 1, .value_den = 1};
    const char *name = NULL;
    bool assumed;
    if (!row_meter(row, &event->meter) ||
        !row_text(row, FIELD_EVENT, ROW_REQUIRED, DECODE_TEXT_MAX, &name) ||
        !row_ts(row, &event->ts_us, &assumed)) {
        return;
    }
    int found = 0;
    while (found < METER_EVENT_COUNT && strcmp(meter_events[found].name, name) != 0) {
        found++;
    }
    if (found == METER_EVENT_COUNT) {
        row_refuse(row, OUTCOME_UNKNOWN_EVENT,
                   "event \"%s\" is none of a meter; known: exchange, multiplier, reset", name);
        return;
    }
    event->kind = meter_events[found].kind;
    unsigned decimals = row->catalog->meters[event->meter.index].decimals;
    bool good =
        event->kind == METER_EVENT_MULTIPLIER
            ? read_multiplier(row, event)
            : row_number(row, FIELD_FINAL, ROW_OPTIONAL, decimals, false, &event->final_raw) &&
                  row_number(row, FIELD_INITIAL, ROW_OPTIONAL, decimals, false,
                             &event->initial_raw);
    if (good) {
        row->sink->fact(row->sink->context, &fact);
    }
}
