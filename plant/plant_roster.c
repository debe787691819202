/* Shifts, crews, the production day, and the roster that joins them. */
#include "memory.h"
#include "plant_part.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

#define OVERRIDES_MAX 100000

static const struct plant_key shift_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"start", PLANT_TEXT, true},
};
static const struct plant_keys shift_keys = {"a shift", shift_key_list,
                                             sizeof shift_key_list / sizeof shift_key_list[0]};
static const struct plant_key crew_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
};
static const struct plant_keys crew_keys = {"a crew", crew_key_list,
                                            sizeof crew_key_list / sizeof crew_key_list[0]};
static const struct plant_key roster_key_list[] = {
    {"epoch", PLANT_TEXT, true},
    {"cycle", PLANT_LIST, true},
    {"offsets", PLANT_OBJECT, true},
    {"overrides", PLANT_LIST, false},
};
static const struct plant_keys roster_keys = {"the roster", roster_key_list,
                                              sizeof roster_key_list / sizeof roster_key_list[0]};
static const struct plant_key override_key_list[] = {
    {"day", PLANT_TEXT, true},
    {"shift", PLANT_TEXT, true},
    {"crew", PLANT_TEXT | PLANT_NULL, true},
};
static const struct plant_keys override_keys = {
    "an override", override_key_list, sizeof override_key_list / sizeof override_key_list[0]};

static int32_t seconds_into_day(int32_t start_s, int32_t day_start_s)
{
    return (start_s - day_start_s + 86400) % 86400;
}

static int compare_shifts(const void *left, const void *right, void *day_start_s)
{
    const struct shift *a = left;
    const struct shift *b = right;
    int32_t start_s = *(const int32_t *)day_start_s;
    int32_t a_s = seconds_into_day(a->start_s, start_s);
    int32_t b_s = seconds_into_day(b->start_s, start_s);
    return (a_s > b_s) - (a_s < b_s);
}

/* Reads the shifts, and puts them in the order of the production day. */
static void read_shifts(struct plant_reader *reader, const cJSON *root, int32_t day_start_s)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "shifts", PLANT_LIST);
    const cJSON *row = NULL;
    bool starts = false;
    bool good = true;
    catalog->shift_count = plant_list_count(reader, list, CATALOG_SHIFTS_MAX);
    catalog->shifts = memory_zeroed(catalog->shift_count, sizeof *catalog->shifts);
    if (catalog->shift_count == 0) {
        if (list != NULL && cJSON_GetArraySize(list) == 0) {
            plant_mistake(reader, list, NULL, "is empty; a plant has at least one shift");
        }
        return;
    }
    struct shift *shift = catalog->shifts;
    cJSON_ArrayForEach(row, list)
    {
        plant_object(reader, row, &shift_keys);
        plant_id(reader, row, "id", shift->id);
        plant_label(reader, row, "name", shift->id, &shift->name);
        if (!plant_time_of_day(reader, row, "start", &shift->start_s)) {
            good = false;
        }
        for (const struct shift *other = catalog->shifts; good && other < shift; other++) {
            if (other->start_s == shift->start_s) {
                good = plant_mistake(reader, row, "start",
                                     "is also the start of shift \"%s\", which would have no "
                                     "length; give each shift a start of its own",
                                     other->id);
            }
        }
        starts = starts || shift->start_s == day_start_s;
        shift++;
    }
    plant_unique_ids(reader, list);
    if (good && !starts) {
        plant_mistake(reader, list, NULL,
                      "no shift starts at the production day's start, %02d:%02d; move "
                      "\"production_day_start\" to the start of a shift",
                      (int)(day_start_s / 3600), (int)(day_start_s / 60 % 60));
    }
    qsort_r(catalog->shifts, catalog->shift_count, sizeof *catalog->shifts, compare_shifts,
            &day_start_s);
}

static void read_crews(struct plant_reader *reader, const cJSON *root)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "crews", PLANT_LIST);
    const cJSON *row = NULL;
    catalog->crew_count = plant_list_count(reader, list, CATALOG_CREWS_MAX);
    catalog->crews = memory_zeroed(catalog->crew_count, sizeof *catalog->crews);
    if (catalog->crew_count == 0) {
        if (list != NULL && cJSON_GetArraySize(list) == 0) {
            plant_mistake(reader, list, NULL, "is empty; a plant has at least one crew");
        }
        return;
    }
    struct crew *crew = catalog->crews;
    cJSON_ArrayForEach(row, list)
    {
        plant_object(reader, row, &crew_keys);
        plant_id(reader, row, "id", crew->id);
        plant_label(reader, row, "name", crew->id, &crew->name);
        crew++;
    }
    plant_unique_ids(reader, list);
}

static bool find_shift(struct plant_reader *reader, const cJSON *value, shift_id *shift)
{
    const struct catalog *catalog = &reader->plant->catalog;
    uint32_t found = 0;
    if (!plant_reference(reader, value, "shift", catalog->shifts, catalog->shift_count,
                         sizeof *catalog->shifts, &found)) {
        return false;
    }
    shift->index = (uint16_t)found;
    return true;
}

static void read_cycle(struct plant_reader *reader, const cJSON *object)
{
    struct roster *roster = &reader->plant->roster;
    const cJSON *list = plant_member(object, "cycle", PLANT_LIST);
    const cJSON *value = NULL;
    uint32_t place = 0;
    roster->cycle_length = plant_list_count(reader, list, ROSTER_CYCLE_MAX);
    if (roster->cycle_length == 0) {
        if (list != NULL && cJSON_GetArraySize(list) == 0) {
            plant_mistake(reader, list, NULL,
                          "is empty; list the shifts of one crew day by day, null for a day off");
        }
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        shift_id *shift = &roster->cycle[place++];
        shift->index = CATALOG_NONE;
        if (cJSON_IsString(value)) {
            find_shift(reader, value, shift);
        } else if (!cJSON_IsNull(value)) {
            plant_mistake(reader, value, NULL, "must be the id of a shift, or null for a day off");
        }
    }
}

static void read_offsets(struct plant_reader *reader, const cJSON *object)
{
    const struct catalog *catalog = &reader->plant->catalog;
    struct roster *roster = &reader->plant->roster;
    const cJSON *offsets = plant_member(object, "offsets", PLANT_OBJECT);
    const cJSON *member = NULL;
    bool given[CATALOG_CREWS_MAX] = {false};
    if (offsets == NULL) {
        return;
    }
    cJSON_ArrayForEach(member, offsets)
    {
        /* The key is what refers here; a text value of that key lets one function look it up. */
        const cJSON key = {.type = cJSON_String, .valuestring = member->string};
        crew_id crew = {0};
        int64_t days = 0;
        if (!catalog_find_crew(catalog, key.valuestring, &crew)) {
            plant_mistake(reader, member, NULL,
                          "there is no crew \"%.32s\"; declare it under \"crews\"",
                          key.valuestring);
        } else if (given[crew.index]) {
            plant_mistake(reader, member, NULL, "the crew is given twice; keep one of them");
        } else if (!cJSON_IsNumber(member)) {
            given[crew.index] = true;
            plant_mistake(reader, member, NULL, "must be a number of days, like 2");
        } else {
            given[crew.index] = true;
            plant_decimal_value(reader, member, 0, -ROSTER_CYCLE_MAX, ROSTER_CYCLE_MAX, &days);
            roster->offset_days[crew.index] = (int32_t)days;
        }
    }
    for (uint32_t i = 0; i < catalog->crew_count; i++) {
        if (!given[i]) {
            roster->offset_days[i] = ROSTER_NO_OFFSET; /* works by overrides and takeovers alone */
        }
    }
}

static void read_override(struct plant_reader *reader, const cJSON *row)
{
    struct roster *roster = &reader->plant->roster;
    const struct catalog *catalog = &reader->plant->catalog;
    struct roster_override override = {.crew = {CATALOG_NONE}};
    const cJSON *shift = plant_member(row, "shift", PLANT_TEXT);
    const cJSON *crew = plant_member(row, "crew", PLANT_TEXT);
    uint32_t found = 0;
    bool good = plant_object(reader, row, &override_keys);
    if (!plant_day(reader, row, "day", &override.day) || shift == NULL ||
        !find_shift(reader, shift, &override.shift)) {
        good = false;
    }
    if (crew != NULL) {
        if (!plant_reference(reader, crew, "crew", catalog->crews, catalog->crew_count,
                             sizeof *catalog->crews, &found)) {
            good = false;
        }
        override.crew.index = (uint16_t)found;
    }
    if (good) {
        roster->overrides[roster->override_count++] = override;
    }
}

static int compare_overrides(const void *left, const void *right)
{
    const struct roster_override *a = left;
    const struct roster_override *b = right;
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return (a->shift.index > b->shift.index) - (a->shift.index < b->shift.index);
}

static void read_overrides(struct plant_reader *reader, const cJSON *object)
{
    struct roster *roster = &reader->plant->roster;
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(object, "overrides", PLANT_LIST);
    const cJSON *row = NULL;
    char day[TIMESTAMP_TEXT_MAX];
    uint32_t count = plant_list_count(reader, list, OVERRIDES_MAX);
    if (count == 0) {
        return;
    }
    roster->overrides = memory_zeroed(count, sizeof *roster->overrides);
    cJSON_ArrayForEach(row, list)
    {
        read_override(reader, row);
    }
    qsort(roster->overrides, roster->override_count, sizeof *roster->overrides, compare_overrides);
    for (uint32_t i = 1; i < roster->override_count; i++) {
        if (compare_overrides(&roster->overrides[i - 1], &roster->overrides[i]) == 0) {
            plant_mistake(reader, list, NULL, "%s, shift \"%s\" is given twice; keep one of them",
                          timestamp_format_day(roster->overrides[i].day, day),
                          catalog->shifts[roster->overrides[i].shift.index].id);
        }
    }
}

void plant_read_roster(struct plant_reader *reader, const cJSON *root)
{
    struct roster *roster = &reader->plant->roster;
    const cJSON *object = plant_member(root, "roster", PLANT_OBJECT);
    plant_time_of_day(reader, root, "production_day_start", &roster->day_start_s);
    read_shifts(reader, root, roster->day_start_s);
    read_crews(reader, root);
    if (object == NULL) {
        return;
    }
    plant_object(reader, object, &roster_keys);
    plant_day(reader, object, "epoch", &roster->epoch_day);
    read_cycle(reader, object);
    read_offsets(reader, object);
    read_overrides(reader, object);
}
