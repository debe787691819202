#include "meter_profile.h"

/* Plausible figures of a 100 t shop; only those of the timetable carry meaning. */
static const struct meter_profile profiles[] = {
    {.id = "E01", .behaviour = PROFILE_TOTAL, .initial = 420000, .per_hour = 90},
    {.id = "E02", .behaviour = PROFILE_LF, .initial = 84213},
    {.id = "E03", .behaviour = PROFILE_STEADY, .initial = 31872, .per_hour = 820},
    {.id = "E04", .behaviour = PROFILE_STEADY, .initial = 55310, .per_hour = 1450},
    {.id = "E05", .behaviour = PROFILE_STEADY, .initial = 27644, .per_hour = 640},
    {.id = "E06", .behaviour = PROFILE_STEADY, .initial = 9120, .per_hour = 110},
    {.id = "E07", .behaviour = PROFILE_STEADY, .initial = 18455, .per_hour = 530},
    {.id = "W01", .behaviour = PROFILE_TOTAL, .initial = 77120, .per_hour = 6},
    {.id = "W02", .behaviour = PROFILE_STEADY, .initial = 40377, .per_hour = 150},
    {.id = "W03", .behaviour = PROFILE_STEADY, .initial = 36090, .per_hour = 210},
    {.id = "S01", .behaviour = PROFILE_STEADY, .initial = 5120, .per_hour = 12},
    {.id = "S02", .behaviour = PROFILE_STEADY, .initial = 1890, .per_hour = 4},
    {.id = "G01", .behaviour = PROFILE_BLOW, .initial = 51200},
    {.id = "G02", .behaviour = PROFILE_STEADY, .initial = 22415, .per_hour = 900},
    {.id = "G03", .behaviour = PROFILE_STEADY, .initial = 3108, .per_hour = 45},
    {.id = "G04", .behaviour = PROFILE_STEADY, .initial = 2755, .per_hour = 30},
    {.id = "G05", .behaviour = PROFILE_STEADY, .initial = 64001, .per_hour = 11500},
    {.id = "G06", .behaviour = PROFILE_STEADY, .initial = 8246, .per_hour = 380},
    {.id = "A01", .behaviour = PROFILE_STEADY, .initial = 12933, .per_hour = 2100},
    {.id = "M01",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_CHARGE,
     .what = TIMETABLE_HOT_METAL_KG},
    {.id = "M02",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_TAP_START,
     .what = TIMETABLE_FEMN_KG},
    {.id = "M03",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_TAP_START,
     .what = TIMETABLE_FESI_KG},
    {.id = "M04",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_TAP_START,
     .what = TIMETABLE_AL_KG},
    {.id = "M05",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_TAP_START,
     .what = TIMETABLE_SIAL_KG},
    {.id = "M06", .behaviour = PROFILE_WEIGHED, .when = TIMETABLE_CHARGE, .constant = 4800},
    {.id = "M07",
     .behaviour = PROFILE_WEIGHED,
     .when = TIMETABLE_TAP_END,
     .what = TIMETABLE_STEEL_KG},
    {.id = "C01", .behaviour = PROFILE_PIECES},
};

const struct meter_profile *meter_profiles(size_t *count)
{
    *count = sizeof profiles / sizeof profiles[0];
    return profiles;
}

bool meter_profile_is_register(const struct meter_profile *profile)
{
    return profile->behaviour != PROFILE_WEIGHED && profile->behaviour != PROFILE_PIECES;
}
