#include "plant_day.h"

#include "heat_schedule.h"
#include "memory.h"
#include "meter_profile.h"
#include "quantity.h"
#include "register_curve.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_US (5 * TIMESTAMP_SECOND_US)
#define MARGIN_US (5 * TIMESTAMP_MINUTE_US)
#define SUFFIX_MAX 5 /* "-999" and NUL */
#define TOPIC_MAX (6 * (CATALOG_ID_MAX + 1) + 8)
#define PAYLOAD_MAX 512

/* A meter of one copy of the plant. */
struct channel {
    bool present;
    const struct meter *meter;
    const struct item *item;
    char topic[TOPIC_MAX];
};

struct run {
    const struct plant_day *day;
    const struct plant_day_sink *sink;
    size_t profile_count;
    const struct meter_profile *profiles;
    struct channel *channels; /* copy x profile */
    char heat_topic[TOPIC_MAX];
    struct register_curves *curves;
    struct heat_schedule schedule;
    int64_t *edges_us; /* instants to be sampled besides the grid, ascending */
    size_t edge_count;
};

static void suffix_of(unsigned copy, char suffix[SUFFIX_MAX])
{
    suffix[0] = '\0';
    if (copy > 1) {
        snprintf(suffix, SUFFIX_MAX, "-%u", copy % (PLANT_DAY_COPIES_MAX + 1));
    }
}

void plant_day_span(const struct timetable *timetable, int64_t *start_us, int64_t *end_us)
{
    int64_t first_us = INT64_MAX, last_us = INT64_MIN;

    for (size_t i = 0; i < timetable->heat_count; i++) {
        const int64_t *time_us = timetable->heats[i].time_us;

        first_us = time_us[TIMETABLE_CHARGE] < first_us ? time_us[TIMETABLE_CHARGE] : first_us;
        last_us = time_us[TIMETABLE_CAST_END] > last_us ? time_us[TIMETABLE_CAST_END] : last_us;
    }
    REQUIRE(timetable->heat_count > 0);
    *start_us = (first_us / MARGIN_US) * MARGIN_US - MARGIN_US;
    *end_us = ((last_us + MARGIN_US - 1) / MARGIN_US) * MARGIN_US + MARGIN_US;
}

/* ---- the configuration's part ---- */

static bool bind_channel(struct run *run, unsigned copy, size_t profile, struct failure *failure)
{
    const struct catalog *catalog = run->day->catalog;
    const struct meter_profile *row = &run->profiles[profile];
    struct channel *channel = &run->channels[(copy - 1) * run->profile_count + profile];
    enum meter_kind wanted = meter_profile_is_register(row) ? METER_REGISTER : METER_EVENT;
    char id[METER_PROFILE_ID_MAX + SUFFIX_MAX], suffix[SUFFIX_MAX];
    meter_id found;

    suffix_of(copy, suffix);
    snprintf(id, sizeof id, "%s%s", row->id, suffix);
    if (!catalog_find_meter(catalog, id, &found)) {
        if (copy == 1) {
            run->sink->missing(run->sink->context, id);
        } else if (run->channels[profile].present) {
            return failure_set(failure, FAILURE_INPUT,
                               "meter \"%s\" of copy %u of the plant is not in the configuration; "
                               "`simulate --copies N --write-plant FILE` writes one that has all",
                               id, copy);
        }
        return true;
    }
    channel->meter = &catalog->meters[found.index];
    channel->item = &catalog->items[channel->meter->item.index];
    if (channel->meter->kind != wanted) {
        return failure_set(failure, FAILURE_INPUT,
                           "meter \"%s\" is of kind \"%s\" in the configuration; the simulated "
                           "one is of kind \"%s\"",
                           id, meter_kind_name(channel->meter->kind), meter_kind_name(wanted));
    }
    snprintf(channel->topic, sizeof channel->topic, "plant/%s/%s/%s/%s", catalog->shop,
             catalog->stations[channel->meter->station.index].id, channel->item->id, id);
    channel->present = true;
    return true;
}

static bool bind_stations(const struct run *run, unsigned copy, struct failure *failure)
{
    for (enum scheduled_station i = 0; i < SCHEDULED_STATION_COUNT; i++) {
        char id[CATALOG_ID_MAX + 1], suffix[SUFFIX_MAX];
        station_id found;

        suffix_of(copy, suffix);
        snprintf(id, sizeof id, "%s%s", heat_schedule_station(i), suffix);
        if (!catalog_find_station(run->day->catalog, id, &found)) {
            return failure_set(
                failure, FAILURE_INPUT,
                "station \"%s\" is not in the configuration; a simulated plant "
                "needs BOF, LF and CCM, and copy n those with \"-n\" behind (`simulate "
                "--copies N --write-plant FILE` writes them)",
                id);
        }
    }
    return true;
}

static bool bind(struct run *run, struct failure *failure)
{
    run->profiles = meter_profiles(&run->profile_count);
    run->channels = memory_zeroed(run->day->copies * run->profile_count, sizeof *run->channels);
    snprintf(run->heat_topic, sizeof run->heat_topic, "plant/%s/heat", run->day->catalog->shop);
    for (unsigned copy = 1; copy <= run->day->copies; copy++) {
        if (!bind_stations(run, copy, failure)) {
            return false;
        }
        for (size_t profile = 0; profile < run->profile_count; profile++) {
            if (!bind_channel(run, copy, profile, failure)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- the instants ---- */

static int compare_instant(const void *left, const void *right)
{
    int64_t a, b;

    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

/* Heat events, both ends of each blow, shift boundaries. */
static void collect_edges(struct run *run)
{
    const struct timetable *timetable = run->day->timetable;
    size_t most = run->schedule.count + 2 * timetable->heat_count + run->day->boundary_count;
    int64_t *edges_us = memory_zeroed(most, sizeof *edges_us);
    size_t count = 0;

    for (size_t i = 0; i < run->schedule.count; i++) {
        if (run->schedule.rows[i].kind == SCHEDULED_HEAT_EVENT) {
            edges_us[count++] = run->schedule.rows[i].at_us;
        }
    }
    for (size_t i = 0; i < timetable->heat_count; i++) {
        edges_us[count++] = timetable->heats[i].time_us[TIMETABLE_BLOW_START];
        edges_us[count++] = timetable->heats[i].time_us[TIMETABLE_BLOW_END];
    }
    for (size_t i = 0; i < run->day->boundary_count; i++) {
        edges_us[count++] = run->day->boundaries_us[i];
    }
    qsort(edges_us, count, sizeof *edges_us, compare_instant);
    run->edges_us = edges_us;
    run->edge_count = count;
}

/* ---- the messages ---- */

/* Thousandths of a unit → what the meter shows, in its own resolution and before its multiplier. */
static int64_t shown_raw(const struct channel *channel, int64_t thousandths)
{
    const struct meter *meter = channel->meter;
    int64_t base, raw;

    REQUIRE(quantity_multiply_divide(thousandths, quantity_power_of_ten(channel->item->decimals),
                                     REGISTER_CURVE_SCALE, &base));
    REQUIRE(quantity_multiply_divide(base, meter->scale_den, meter->scale_num, &raw));
    return raw;
}

static void format_time(const struct run *run, int64_t ts_us, char text[TIMESTAMP_TEXT_MAX])
{
    timestamp_format(ts_us, zone_offset_s(run->day->zone, ts_us), text);
}

static bool send_registers(struct run *run, int64_t at_us, struct failure *failure)
{
    char time[TIMESTAMP_TEXT_MAX], value[QUANTITY_TEXT_MAX], payload[PAYLOAD_MAX];

    register_curves_advance(run->curves, at_us);
    format_time(run, at_us, time);
    for (size_t i = 0; i < run->day->copies * run->profile_count; i++) {
        const struct channel *channel = &run->channels[i];
        size_t profile = i % run->profile_count;

        if (!channel->present || !meter_profile_is_register(&run->profiles[profile])) {
            continue;
        }
        int64_t used = register_curves_used(run->curves, profile);
        int64_t raw = shown_raw(channel, run->profiles[profile].initial * REGISTER_CURVE_SCALE) +
                      shown_raw(channel, used);

        if (channel->meter->width_raw > 0) {
            raw %= channel->meter->width_raw;
        }
        quantity_to_text(raw, channel->meter->decimals, value);
        snprintf(payload, sizeof payload, "{\"ts\":\"%s\",\"value\":%s}", time, value);
        struct plant_message message = {at_us, channel->topic, payload};
        if (!run->sink->message(run->sink->context, &message, failure)) {
            return false;
        }
    }
    return true;
}

static bool send_heat_event(struct run *run, const struct scheduled *row, const char *suffix,
                            struct failure *failure)
{
    const struct timetable_heat *heat = &run->day->timetable->heats[row->heat];
    const char *station = heat_schedule_station(row->station);
    char time[TIMESTAMP_TEXT_MAX], steel[64] = "", payload[PAYLOAD_MAX];

    format_time(run, row->at_us, time);
    if (row->with_steel) {
        snprintf(steel, sizeof steel, ",\"steel_kg\":%lld",
                 (long long)heat->amount[TIMETABLE_STEEL_KG]);
    }
    snprintf(payload, sizeof payload,
             "{\"ts\":\"%s\",\"heat\":\"%s%s\",\"event\":\"%s\",\"station\":\"%s%s\"%s,"
             "\"id\":\"%s%s-%s-%s\"}",
             time, heat->id, suffix, row->event, station, suffix, steel, heat->id, suffix, station,
             row->event);
    struct plant_message message = {row->at_us, run->heat_topic, payload};
    return run->sink->message(run->sink->context, &message, failure);
}

static bool send_weighing(struct run *run, const struct scheduled *row, unsigned copy,
                          const char *suffix, struct failure *failure)
{
    const struct channel *channel = &run->channels[(copy - 1) * run->profile_count + row->profile];
    const struct timetable_heat *heat = &run->day->timetable->heats[row->heat];
    char time[TIMESTAMP_TEXT_MAX], value[QUANTITY_TEXT_MAX], payload[PAYLOAD_MAX];

    if (!channel->present) {
        return true;
    }
    format_time(run, row->at_us, time);
    quantity_to_text(shown_raw(channel, row->amount * REGISTER_CURVE_SCALE),
                     channel->meter->decimals, value);
    snprintf(payload, sizeof payload,
             "{\"ts\":\"%s\",\"value\":%s,\"heat\":\"%s%s\",\"id\":\"%s%s-%s-%u\"}", time, value,
             heat->id, suffix, heat->id, suffix, run->profiles[row->profile].id, row->piece);
    struct plant_message message = {row->at_us, channel->topic, payload};
    return run->sink->message(run->sink->context, &message, failure);
}

static bool send_scheduled(struct run *run, const struct scheduled *row, struct failure *failure)
{
    for (unsigned copy = 1; copy <= run->day->copies; copy++) {
        char suffix[SUFFIX_MAX];

        suffix_of(copy, suffix);
        if (row->kind == SCHEDULED_HEAT_EVENT ? !send_heat_event(run, row, suffix, failure)
                                              : !send_weighing(run, row, copy, suffix, failure)) {
            return false;
        }
    }
    return true;
}

static bool send_all(struct run *run, int64_t start_us, int64_t end_us, struct failure *failure)
{
    int64_t grid_us = start_us;
    size_t edge = 0, row = 0;

    while (edge < run->edge_count && run->edges_us[edge] < start_us) {
        edge++;
    }
    for (;;) {
        int64_t edge_us = edge < run->edge_count ? run->edges_us[edge] : INT64_MAX;
        int64_t row_us = row < run->schedule.count ? run->schedule.rows[row].at_us : INT64_MAX;
        int64_t sample_us = grid_us < edge_us ? grid_us : edge_us;
        int64_t now_us = sample_us < row_us ? sample_us : row_us;

        if (now_us > end_us) {
            return true;
        }
        if (sample_us == now_us && !send_registers(run, now_us, failure)) {
            return false;
        }
        for (; row < run->schedule.count && run->schedule.rows[row].at_us == now_us; row++) {
            if (!send_scheduled(run, &run->schedule.rows[row], failure)) {
                return false;
            }
        }
        grid_us += grid_us == now_us ? SAMPLE_US : 0;
        while (edge < run->edge_count && run->edges_us[edge] == now_us) {
            edge++;
        }
    }
}

bool plant_day_run(const struct plant_day *day, const struct plant_day_sink *sink,
                   struct failure *failure)
{
    struct run run = {.day = day, .sink = sink};
    int64_t start_us, end_us;

    REQUIRE(day->copies >= 1 && day->copies <= PLANT_DAY_COPIES_MAX);
    plant_day_span(day->timetable, &start_us, &end_us);
    bool good = bind(&run, failure);

    if (good) {
        run.schedule = heat_schedule_make(day->timetable);
        run.curves = register_curves_create(day->timetable, start_us);
        collect_edges(&run);
        good = send_all(&run, start_us, end_us, failure);
    }
    register_curves_destroy(run.curves);
    heat_schedule_clear(&run.schedule);
    free(run.edges_us);
    free(run.channels);
    return good;
}
