/* What makes sense by itself but not together. */
#include "plant_part.h"
#include "timestamp.h"

#include <string.h>

#define REST_LEAST_S 28800 /* 8 h */
#define DAY_S 86400

/* A shift's start and end in seconds after the start of the production day. */
static int32_t shift_begin_s(const struct plant *plant, uint32_t shift)
{
    int32_t start_s = plant->catalog.shifts[shift].start_s;
    return (start_s - plant->roster.day_start_s + DAY_S) % DAY_S;
}

static int32_t shift_end_s(const struct plant *plant, uint32_t shift)
{
    return shift + 1 < plant->catalog.shift_count ? shift_begin_s(plant, shift + 1) : DAY_S;
}

static uint32_t crews_in_slot(const struct plant *plant, int32_t day, uint32_t shift)
{
    const struct roster *roster = &plant->roster;
    uint32_t count = 0;
    for (uint32_t crew = 0; crew < plant->catalog.crew_count; crew++) {
        count += roster_cycle_shift(roster, (crew_id){(uint16_t)crew}, day).index == shift;
    }
    return count;
}

/* Every shift of every day of the cycle has one crew: holes and double cover are counted over one
 * cycle, in which everything repeats. */
static void lint_cover(struct plant_reader *reader, const cJSON *roster_object)
{
    const struct plant *plant = reader->plant;
    const uint32_t length = plant->roster.cycle_length;
    char day_text[TIMESTAMP_TEXT_MAX];
    for (uint32_t shift = 0; shift < plant->catalog.shift_count; shift++) {
        uint32_t days[2] = {0, 0};
        int32_t first[2] = {0, 0};
        for (uint32_t day = 0; day < length; day++) {
            uint32_t crews = crews_in_slot(plant, plant->roster.epoch_day + (int32_t)day, shift);
            uint32_t kind = crews > 1;
            if (crews != 1 && days[kind]++ == 0) {
                first[kind] = plant->roster.epoch_day + (int32_t)day;
            }
        }
        for (uint32_t kind = 0; kind < 2; kind++) {
            if (days[kind] == 0) {
                continue;
            }
            /* A hole is what a plant that rests has: its use is nobody's. Two crews are a mistake.
             */
            plant_find(reader, kind == 0 ? PLANT_WARNING : PLANT_MISTAKE, roster_object, NULL,
                       "shift \"%s\" has %s on %u of the %u days of the cycle, first on %s; check "
                       "\"cycle\" and \"offsets\"",
                       plant->catalog.shifts[shift].id,
                       kind == 0 ? "no crew (use is then booked to nobody)" : "several crews",
                       (unsigned)days[kind], (unsigned)length,
                       timestamp_format_day(first[kind], day_text));
        }
    }
}

/* Rest between the working days of the cycle, by the clock on the wall. */
static void lint_cycle_rest(struct plant_reader *reader, const cJSON *cycle)
{
    const struct plant *plant = reader->plant;
    const struct roster *roster = &plant->roster;
    for (uint32_t from = 0; from < roster->cycle_length; from++) {
        uint32_t to = from + 1;
        if (roster->cycle[from].index == CATALOG_NONE) {
            continue;
        }
        while (roster->cycle[to % roster->cycle_length].index == CATALOG_NONE) {
            to++;
        }
        uint32_t before = roster->cycle[from].index;
        uint32_t after = roster->cycle[to % roster->cycle_length].index;
        int64_t rest_s =
            (int64_t)(to - from) * DAY_S + shift_begin_s(plant, after) - shift_end_s(plant, before);
        if (rest_s < REST_LEAST_S) {
            const cJSON *place = cJSON_GetArrayItem(cycle, (int)(to % roster->cycle_length));
            plant_find(reader, PLANT_WARNING, place, NULL,
                       "\"%s\" follows \"%s\" of the day before after %d h %02d min; a crew needs "
                       "8 h of rest (put a day off between them, or move the production day's "
                       "start so that night is its last shift)",
                       plant->catalog.shifts[after].id, plant->catalog.shifts[before].id,
                       (int)(rest_s / 3600), (int)(rest_s / 60 % 60));
        }
    }
}

static bool is_override(const struct roster *roster, int32_t day, uint32_t shift)
{
    for (uint32_t i = 0; i < roster->override_count; i++) {
        if (roster->overrides[i].day == day && roster->overrides[i].shift.index == shift) {
            return true;
        }
    }
    return false;
}

/* Rest of a crew around a shift that an override gave it. */
static void lint_override_rest(struct plant_reader *reader, const cJSON *list,
                               const struct roster_override *override)
{
    const struct plant *plant = reader->plant;
    const struct catalog *catalog = &plant->catalog;
    char day_text[TIMESTAMP_TEXT_MAX];
    for (int32_t day = -1; day <= 1; day++) {
        for (uint32_t shift = 0; shift < catalog->shift_count; shift++) {
            uint32_t own = override->shift.index;
            crew_id crew = roster_crew(&plant->roster, catalog, override->day + day,
                                       (shift_id){(uint16_t)shift});
            bool later = day > 0 || (day == 0 && shift > own);
            if (crew.index != override->crew.index || (day == 0 && shift == own) ||
                /* of two overrides the later one reports */
                (later && is_override(&plant->roster, override->day + day, shift))) {
                continue;
            }
            int32_t rest_s =
                later ? day * DAY_S + shift_begin_s(plant, shift) - shift_end_s(plant, own)
                      : -day * DAY_S + shift_begin_s(plant, own) - shift_end_s(plant, shift);
            if (rest_s < REST_LEAST_S) {
                plant_find(reader, PLANT_WARNING, list, NULL,
                           "on %s crew \"%s\" works shift \"%s\" with %d h %02d min of rest %s "
                           "shift \"%s\"; a crew needs 8 h",
                           timestamp_format_day(override->day, day_text),
                           catalog->crews[crew.index].id, catalog->shifts[own].id,
                           (int)(rest_s / 3600), (int)(rest_s / 60 % 60),
                           later ? "before" : "after", catalog->shifts[shift].id);
            }
        }
    }
}

static void lint_roster(struct plant_reader *reader, const cJSON *root)
{
    const struct roster *roster = &reader->plant->roster;
    const cJSON *object = plant_member(root, "roster", PLANT_OBJECT);
    const cJSON *overrides = plant_member(object, "overrides", PLANT_LIST);
    lint_cover(reader, object);
    if (reader->plant->catalog.crew_count == 1 || reader->plant->catalog.shift_count == 1) {
        return; /* one crew, or one shift, stands for everybody: nobody's rest can be told */
    }
    lint_cycle_rest(reader, plant_member(object, "cycle", PLANT_LIST));
    for (uint32_t i = 0; i < roster->override_count; i++) {
        if (roster->overrides[i].crew.index != CATALOG_NONE) {
            lint_override_rest(reader, overrides, &roster->overrides[i]);
        }
    }
}

static void lint_quotas(struct plant_reader *reader, const cJSON *root)
{
    const struct plant *plant = reader->plant;
    const cJSON *row = plant_member(root, "quotas", PLANT_LIST);
    row = row == NULL ? NULL : row->child;
    for (uint32_t i = 0; i < plant->quota_count && row != NULL; i++, row = row->next) {
        bool counts = false;
        for (uint32_t meter = 0; meter < plant->catalog.meter_count && !counts; meter++) {
            counts = quota_counts(&plant->quotas[i], &plant->catalog, (meter_id){meter});
        }
        if (!counts) {
            plant_find(reader, PLANT_WARNING, row, NULL,
                       "counts no meter, so it never judges anything; check that item \"%s\" has "
                       "a meter of role \"book\" at the quota's stations",
                       plant->catalog.items[plant->quotas[i].item.index].id);
        }
    }
}

static bool has_last_station(const struct catalog *catalog)
{
    bool last = false;
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        last = last || catalog->stations[i].last;
    }
    return last;
}

/* Cast steel is what the end at a last station says. */
static void lint_cast(struct plant_reader *reader, const cJSON *root)
{
    const struct plant *plant = reader->plant;
    const cJSON *row = plant_member(root, "quotas", PLANT_LIST);
    bool last = has_last_station(&plant->catalog);
    row = row == NULL ? NULL : row->child;
    for (uint32_t i = 0; i < plant->quota_count && row != NULL; i++, row = row->next) {
        if (plant->quotas[i].tonnes == QUOTA_TONNES_CAST && !last) {
            plant_find(reader, PLANT_WARNING, row, "tonnes",
                       "counts cast steel, and no station is \"last\": true, so it is never known "
                       "and nothing is allowed; mark the caster, or count good or tapped steel");
        }
    }
}

static void lint_stations(struct plant_reader *reader, const cJSON *root)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "stations", PLANT_LIST);
    bool last = has_last_station(catalog);
    bool of_heats = false;
    for (uint32_t i = 0; i < reader->plant->quota_count; i++) {
        of_heats = of_heats || reader->plant->quotas[i].of_heats;
    }
    if (of_heats && !last) {
        plant_find(reader, PLANT_REMARK, list, NULL,
                   "no station is \"last\": true, so a heat counts as ended, and its alerts are "
                   "closed, whenever it is at no station; mark the station at which heats leave "
                   "the shop");
    }
}

void plant_lint(struct plant_reader *reader, const cJSON *root)
{
    lint_roster(reader, root);
    lint_quotas(reader, root);
    lint_cast(reader, root);
    lint_stations(reader, root);
}
