#include "heat_schedule.h"

#include "failure.h"
#include "memory.h"
#include "meter_profile.h"

#include <stdlib.h>

/* Within an instant the first row comes first: a station is left before it is entered. */
static const struct milestone {
    enum timetable_time when;
    const char *event;
    enum scheduled_station station;
    bool with_steel;
} milestones[] = {
    {TIMETABLE_CAST_END, "end", SCHEDULED_CCM, false},
    {TIMETABLE_LF_END, "end", SCHEDULED_LF, false},
    {TIMETABLE_TAP_END, "tap", SCHEDULED_BOF, true},
    {TIMETABLE_TAP_END, "end", SCHEDULED_BOF, false},
    {TIMETABLE_CAST_START, "start", SCHEDULED_CCM, false},
    {TIMETABLE_LF_START, "start", SCHEDULED_LF, false},
    {TIMETABLE_CHARGE, "start", SCHEDULED_BOF, false},
};
#define MILESTONE_COUNT (sizeof milestones / sizeof milestones[0])

static const char *const station_names[SCHEDULED_STATION_COUNT] = {
    [SCHEDULED_BOF] = "BOF",
    [SCHEDULED_LF] = "LF",
    [SCHEDULED_CCM] = "CCM",
};

struct builder {
    struct heat_schedule schedule;
    size_t capacity;
};

static void add(struct builder *builder, struct scheduled row)
{
    struct heat_schedule *schedule = &builder->schedule;

    memory_grow(&schedule->rows, schedule->count, &builder->capacity, sizeof *schedule->rows);
    schedule->rows[schedule->count++] = row;
}

static void add_milestones(struct builder *builder, const struct timetable_heat *heat, size_t index)
{
    for (unsigned i = 0; i < MILESTONE_COUNT; i++) {
        add(builder, (struct scheduled){
                         .at_us = heat->time_us[milestones[i].when],
                         .kind = SCHEDULED_HEAT_EVENT,
                         .rank = i,
                         .heat = index,
                         .event = milestones[i].event,
                         .station = milestones[i].station,
                         .with_steel = milestones[i].with_steel,
                     });
    }
}

/* Pieces divide the stay at the LF into equal parts, so that none lies on its ends. */
static void add_pieces(struct builder *builder, const struct timetable_heat *heat, size_t index,
                       size_t profile)
{
    int64_t pieces = heat->amount[TIMETABLE_THERMOCOUPLE_PCS];
    int64_t start_us = heat->time_us[TIMETABLE_LF_START];
    int64_t stay_us = heat->time_us[TIMETABLE_LF_END] - start_us;

    for (int64_t piece = 1; piece <= pieces; piece++) {
        add(builder, (struct scheduled){
                         .at_us = start_us + stay_us * piece / (pieces + 1),
                         .kind = SCHEDULED_WEIGHING,
                         .rank = MILESTONE_COUNT + (unsigned)profile,
                         .heat = index,
                         .profile = profile,
                         .amount = 1,
                         .piece = (unsigned)piece,
                     });
    }
}

static void add_weighings(struct builder *builder, const struct timetable_heat *heat, size_t index)
{
    size_t count;
    const struct meter_profile *profiles = meter_profiles(&count);

    for (size_t i = 0; i < count; i++) {
        const struct meter_profile *profile = &profiles[i];
        int64_t amount = profile->constant != 0 ? profile->constant : heat->amount[profile->what];

        if (profile->behaviour == PROFILE_PIECES) {
            add_pieces(builder, heat, index, i);
        }
        if (profile->behaviour != PROFILE_WEIGHED || amount == 0) {
            continue;
        }
        add(builder, (struct scheduled){
                         .at_us = heat->time_us[profile->when],
                         .kind = SCHEDULED_WEIGHING,
                         .rank = MILESTONE_COUNT + (unsigned)i,
                         .heat = index,
                         .profile = i,
                         .amount = amount,
                         .piece = 1,
                     });
    }
}

static int compare_rows(const void *left, const void *right)
{
    const struct scheduled *a = left, *b = right;

    if (a->at_us != b->at_us) {
        return a->at_us < b->at_us ? -1 : 1;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->heat != b->heat) {
        return a->heat < b->heat ? -1 : 1;
    }
    return (a->piece > b->piece) - (a->piece < b->piece);
}

struct heat_schedule heat_schedule_make(const struct timetable *timetable)
{
    struct builder builder = {0};

    for (size_t i = 0; i < timetable->heat_count; i++) {
        add_milestones(&builder, &timetable->heats[i], i);
        add_weighings(&builder, &timetable->heats[i], i);
    }
    REQUIRE(builder.schedule.rows != NULL);
    qsort(builder.schedule.rows, builder.schedule.count, sizeof *builder.schedule.rows,
          compare_rows);
    return builder.schedule;
}

void heat_schedule_clear(struct heat_schedule *schedule)
{
    free(schedule->rows);
    *schedule = (struct heat_schedule){0};
}

const char *heat_schedule_station(enum scheduled_station station)
{
    return station_names[station];
}
