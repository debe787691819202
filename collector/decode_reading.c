#include "decode_row.h"

#include "failure.h"
#include "local_time.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

#define LISTED_MAX 8        /* names in a message about an unknown one */
#define METERS_LOOKED 10000 /* how many are looked through to make that list */

/* Appends `name` to a list in a message; false once it is full. */
static bool list(char *text, size_t size, int *count, const char *name)
{
    if (*count == LISTED_MAX) {
        return false;
    }
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", *count > 0 ? ", " : "", name);
    (*count)++;
    return true;
}

static bool unknown_meter(const struct row *row, const char *id)
{
    const struct catalog *catalog = row->catalog;
    struct field found;
    station_id station;
    char names[320] = "";
    int count = 0;
    bool narrowed = row_find(row, FIELD_STATION, &found) && found.text != NULL &&
                    catalog_find_station(
                        catalog, text_arena_copy(row->arena, found.text, found.length), &station);
    for (uint32_t i = 0; i < catalog->meter_count && i < METERS_LOOKED; i++) {
        if (!catalog->meters[i].retired &&
            (!narrowed || catalog->meters[i].station.index == station.index) &&
            !list(names, sizeof names, &count, catalog->meters[i].id)) {
            break;
        }
    }
    return row_refuse(
        row, OUTCOME_UNKNOWN_METER, "meter \"%s\" is not in plant.json; known%s%s: %s", id,
        narrowed ? " at station " : "", narrowed ? catalog->stations[station.index].id : "",
        count > 0 ? names : "none");
}

/* The usual case: the id of a meter of the catalog, which needs no checks and no copy. */
static bool find_meter(const struct row *row, meter_id *meter)
{
    struct field found;
    const char *id;
    size_t length;
    return row_find(row, FIELD_METER, &found) && row_plain(row, &found, &id, &length) &&
           catalog_find_meter_text(row->catalog, id, length, meter) &&
           !row->catalog->meters[meter->index].retired;
}

bool row_meter(const struct row *row, meter_id *meter)
{
    const char *id = NULL;
    if (find_meter(row, meter)) {
        return true;
    }
    if (!row_text(row, FIELD_METER, ROW_REQUIRED, DECODE_TEXT_MAX, &id)) {
        return false;
    }
    if (!catalog_find_meter(row->catalog, id, meter)) {
        return unknown_meter(row, id);
    }
    return !row->catalog->meters[meter->index].retired ||
           row_refuse(row, OUTCOME_UNKNOWN_METER,
                      "meter \"%s\" was taken out of plant.json; put it back to have it booked",
                      id);
}

bool row_station(const struct row *row, enum row_need need, station_id *station)
{
    const char *id = NULL;
    *station = (station_id){CATALOG_NONE};
    if (!row_text(row, FIELD_STATION, need, DECODE_TEXT_MAX, &id)) {
        return false;
    }
    if (id == NULL) {
        return true;
    }
    if (catalog_find_station(row->catalog, id, station)) {
        return !row->catalog->stations[station->index].retired ||
               row_refuse(row, OUTCOME_UNKNOWN_STATION,
                          "station \"%s\" was taken out of plant.json; put it back to have it "
                          "booked",
                          id);
    }
    char names[320] = "";
    int count = 0;
    for (uint32_t i = 0; i < row->catalog->station_count; i++) {
        if (!row->catalog->stations[i].retired &&
            !list(names, sizeof names, &count, row->catalog->stations[i].id)) {
            break;
        }
    }
    return row_refuse(row, OUTCOME_UNKNOWN_STATION,
                      "station \"%s\" is not in plant.json; known: %s", id, names);
}

/* Where the message says of the meter what the configuration says too, they must agree. */
static bool agrees(const struct row *row, enum mapping_field field, const struct meter *meter,
                   const char *configured)
{
    const char *said = NULL;
    if (!row_may_have(row, field) || row_says(row, field, configured)) {
        return true;
    }
    if (!row_text(row, field, ROW_OPTIONAL, DECODE_TEXT_MAX, &said)) {
        return false;
    }
    return said == NULL || strcmp(said, configured) == 0 ||
           row_refuse(row, OUTCOME_NOT_ALLOWED,
                      "the message has meter \"%s\" at %s \"%s\", plant.json has %s \"%s\"",
                      meter->id, mapping_field_name(field), said, mapping_field_name(field),
                      configured);
}

static bool configured_so(const struct row *row, const struct meter *meter)
{
    const struct catalog *catalog = row->catalog;
    bool placed = meter->station.index < catalog->station_count;
    return (!placed ||
            agrees(row, FIELD_STATION, meter, catalog->stations[meter->station.index].id)) &&
           agrees(row, FIELD_ITEM, meter, catalog->items[meter->item.index].id);
}

/* What a message says of the unit is no more than a check: amounts are in the unit of the item. A
 * rate is written in a unit an hour, which has many names (kW), so that nothing can be said. */
static bool read_unit(const struct row *row, const struct meter *meter)
{
    const char *said = NULL;
    const char *unit = row->catalog->items[meter->item.index].unit;
    if (!row_may_have(row, FIELD_UNIT) || meter->kind == METER_RATE ||
        row_says(row, FIELD_UNIT, unit)) {
        return true;
    }
    if (!row_text(row, FIELD_UNIT, ROW_OPTIONAL, DECODE_TEXT_MAX, &said)) {
        return false;
    }
    return said == NULL || strcmp(said, unit) == 0 ||
           row_refuse(row, OUTCOME_NOT_ALLOWED,
                      "the message has the value of meter \"%s\" in \"%s\", plant.json has it in "
                      "\"%s\"",
                      meter->id, said, unit);
}

static bool read_quality(const struct row *row, struct reading *reading)
{
    const char *quality = NULL;
    if (!row_may_have(row, FIELD_QUALITY) || row_says(row, FIELD_QUALITY, "good")) {
        return true;
    }
    if (!row_text(row, FIELD_QUALITY, ROW_OPTIONAL, DECODE_TEXT_MAX, &quality)) {
        return false;
    }
    if (quality == NULL || strcmp(quality, "good") == 0) {
        return true;
    }
    if (strcmp(quality, "bad") == 0) {
        return row_refuse(row, OUTCOME_BAD_QUALITY, "the sender says the value is bad");
    }
    bool uncertain = strcmp(quality, "uncertain") == 0;
    reading->quality = uncertain ? READING_UNCERTAIN : READING_GOOD;
    return uncertain ||
           row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is \"%s\", must be good, uncertain or bad",
                      row_where(row, FIELD_QUALITY), quality);
}

static bool in_range(const struct row *row, const struct meter *meter, int64_t value_raw)
{
    char value[QUANTITY_TEXT_MAX], low[QUANTITY_TEXT_MAX], high[QUANTITY_TEXT_MAX];
    for (uint32_t i = 0; i < meter->sentinel_count; i++) {
        if (meter->sentinels_raw[i] == value_raw) {
            return row_refuse(row, OUTCOME_BAD_VALUE,
                              "%s means \"no value\" at meter \"%s\" (a sentinel of plant.json)",
                              quantity_to_text(value_raw, meter->decimals, value), meter->id);
        }
    }
    if (value_raw >= meter->min_raw && value_raw <= meter->max_raw) {
        return true;
    }
    return row_refuse(
        row, OUTCOME_OUT_OF_RANGE, "%s is outside the range of meter \"%s\", %s to %s",
        quantity_to_text(value_raw, meter->decimals, value), meter->id,
        meter->min_raw == INT64_MIN ? "any"
                                    : quantity_to_text(meter->min_raw, meter->decimals, low),
        meter->max_raw == INT64_MAX ? "any"
                                    : quantity_to_text(meter->max_raw, meter->decimals, high));
}

/* The value in the meter's raw units. A message that only cancels an event has none. */
static bool read_value(const struct row *row, const struct meter *meter, struct reading *reading)
{
    struct field found;
    bool there = row_find_or_null(row, FIELD_VALUE, &found);
    if (reading->void_id != NULL && (!there || row_is_null(&found))) {
        reading->value_raw = INT64_MIN;
        return true;
    }
    if (there && row_is_null(&found)) {
        return row_refuse(row, OUTCOME_BAD_VALUE, "\"%s\" is null", row_where(row, FIELD_VALUE));
    }
    return row_number(row, FIELD_VALUE, ROW_REQUIRED, meter->decimals, false,
                      &reading->value_raw) &&
           in_range(row, meter, reading->value_raw);
}

/* The time of the message as the label of a period. One that came without a time ends now. */
static bool read_period(const struct row *row, const struct meter *meter, struct reading *reading)
{
    enum mapping_label label = reading->ts_assumed ? MAPPING_LABEL_END : row->mapping->label;
    if (meter->kind != METER_INCREMENT) {
        return row_refuse(row, OUTCOME_NOT_ALLOWED,
                          "the mapping gives each reading a period, but meter \"%s\" is of kind "
                          "%s: only increments have one",
                          meter->id, meter_kind_name(meter->kind));
    }
    REQUIRE(row->limits->zone != NULL);
    local_time_period(row->limits->zone, label, &row->mapping->period, reading->ts_us,
                      &reading->from_us, &reading->ts_us);
    int64_t ahead_us = reading->ts_us - row->record->arrival_us;
    return ahead_us <= row->limits->skew_us ||
           row_refuse(row, OUTCOME_FUTURE,
                      "the period of \"%s\" ends %lld s ahead of its arrival; is \"label\" of the "
                      "mapping right?",
                      row_where(row, FIELD_TS), (long long)(ahead_us / TIMESTAMP_SECOND_US));
}

static bool read_times(const struct row *row, const struct meter *meter, struct reading *reading)
{
    bool from_given = false;
    row->clock->uncertain = false;
    if (!row_ts(row, &reading->ts_us, &reading->ts_assumed) ||
        !row_time(row, FIELD_FROM, &reading->from_us, &from_given)) {
        return false;
    }
    if (row->clock->uncertain) {
        reading->quality = READING_UNCERTAIN;
    }
    if (row->mapping->label != MAPPING_LABEL_NONE) {
        return read_period(row, meter, reading);
    }
    if (!from_given) {
        reading->from_us = INT64_MIN;
        return true;
    }
    if (meter->kind != METER_INCREMENT) {
        return row_refuse(row, OUTCOME_NOT_ALLOWED,
                          "\"%s\" starts an increment, but meter \"%s\" is of kind %s",
                          row_where(row, FIELD_FROM), meter->id, meter_kind_name(meter->kind));
    }
    return reading->from_us <= reading->ts_us ||
           row_refuse(row, OUTCOME_BAD_TIME, "\"%s\" is later than \"%s\"",
                      row_where(row, FIELD_FROM), row_where(row, FIELD_TS));
}

/* What names an event: allowed where the meter counts single events. */
static bool read_names(const struct row *row, const struct meter *meter, struct reading *reading)
{
    if (!row_may_have(row, FIELD_HEAT) && !row_may_have(row, FIELD_ID) &&
        !row_may_have(row, FIELD_VOID)) {
        return true;
    }
    bool single = meter->kind == METER_INCREMENT || meter->kind == METER_EVENT;
    if (!row_text(row, FIELD_HEAT, ROW_OPTIONAL, CATALOG_ID_MAX, &reading->heat) ||
        !row_text(row, FIELD_ID, ROW_OPTIONAL, DECODE_ID_MAX, &reading->id) ||
        !row_text(row, FIELD_VOID, ROW_OPTIONAL, DECODE_ID_MAX, &reading->void_id)) {
        return false;
    }
    const char *not_allowed = reading->heat != NULL      ? "a heat"
                              : reading->void_id != NULL ? "a cancellation (void)"
                                                         : NULL;
    return single || not_allowed == NULL ||
           row_refuse(row, OUTCOME_NOT_ALLOWED,
                      "%s is named, but meter \"%s\" is of kind %s: only increments and events "
                      "may name one",
                      not_allowed, meter->id, meter_kind_name(meter->kind));
}

static bool read_sequence(const struct row *row, struct reading *reading)
{
    if (!row_may_have(row, FIELD_SEQ)) {
        return true;
    }
    return row_number(row, FIELD_SEQ, ROW_OPTIONAL, 0, true, &reading->seq) &&
           (reading->seq >= -1 || row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" must not be negative",
                                             row_where(row, FIELD_SEQ)));
}

/* Whose reading it is, and that the message does not say otherwise of that meter. */
static bool read_meter(struct row *row, meter_id *id)
{
    if (row->match->route != NULL && row->match->route->named) {
        *id = row->match->route->meter;
        return true;
    }
    if (!row_meter(row, id)) {
        return false;
    }
    row->meter = id;
    if (!configured_so(row, &row->catalog->meters[id->index])) {
        return false;
    }
    if (row->mapping->named_by_topic) {
        row->match->route =
            topic_routes_add(row->routes, row->record->topic, row->record->topic_length,
                             (struct topic_route){row->mapping, true, *id});
    }
    return true;
}

void row_reading(struct row *row)
{
    struct fact fact = {.kind = FACT_READING};
    struct reading *reading = &fact.as.reading;
    reading->seq = -1;
    reading->retained = row->record->retain;
    if (!read_meter(row, &reading->meter)) {
        return;
    }
    row->meter = &reading->meter;
    const struct meter *meter = &row->catalog->meters[reading->meter.index];
    if (read_names(row, meter, reading) && read_unit(row, meter) && read_quality(row, reading) &&
        read_value(row, meter, reading) && read_times(row, meter, reading) &&
        read_sequence(row, reading)) {
        row->sink->fact(row->sink->context, &fact);
    }
}
