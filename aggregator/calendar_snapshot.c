#include "nouns_snapshot.h"

#include "calendar_state.h"
#include "memory.h"

#define SECTION "calendar"
#define VERSION 1

void calendar_save(const struct calendar *calendar, struct snapshot_writer *writer)
{
    int64_t last_us = 0;
    int32_t last_day = 0;
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, calendar->takeover_count);
    for (size_t i = 0; i < calendar->takeover_count; i++) {
        const struct takeover *takeover = &calendar->takeovers[i];
        snapshot_put_from(writer, takeover->ts_us, last_us);
        snapshot_put_number(writer, takeover->crew.index);
        last_us = takeover->ts_us;
    }
    snapshot_put_number(writer, calendar->correction_count);
    for (size_t i = 0; i < calendar->correction_count; i++) {
        const struct correction *correction = &calendar->corrections[i];
        slot_save((struct crew_slot){correction->day, correction->shift, correction->crew},
                  last_day, writer);
        snapshot_put_signed(writer, correction->ts_us);
        snapshot_put_text(writer, correction->by);
        last_day = correction->day;
    }
}

static void takeovers_load(struct calendar *calendar, struct snapshot_reader *reader)
{
    int64_t last_us = 0;
    size_t count = snapshot_get_count(reader, SIZE_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct takeover takeover = {.ts_us = snapshot_get_from(reader, last_us)};
        takeover.crew.index =
            (uint16_t)snapshot_get_number(reader, calendar->catalog->crew_count - 1);
        if (i > 0 && takeover.ts_us < last_us) {
            snapshot_refuse(reader, "takeovers are not in order of time");
        }
        memory_grow(&calendar->takeovers, calendar->takeover_count, &calendar->takeover_capacity,
                    sizeof *calendar->takeovers);
        calendar->takeovers[calendar->takeover_count++] = takeover;
        last_us = takeover.ts_us;
    }
}

static void corrections_load(struct calendar *calendar, struct snapshot_reader *reader)
{
    const struct snapshot_names names = {.catalog = calendar->catalog};
    int32_t last_day = 0;
    size_t count = snapshot_get_count(reader, SIZE_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct crew_slot slot = slot_load(&names, last_day, reader);
        struct correction correction = {.day = slot.day, .shift = slot.shift, .crew = slot.crew};
        correction.ts_us = snapshot_get_signed(reader);
        const char *by = snapshot_get_text(reader, SNAPSHOT_TEXT_MAX);
        if (by == NULL) {
            snapshot_refuse(reader, "a correction of the roster that nobody made");
            return;
        }
        correction.by = memory_text(by);
        memory_grow(&calendar->corrections, calendar->correction_count,
                    &calendar->correction_capacity, sizeof *calendar->corrections);
        calendar->corrections[calendar->correction_count++] = correction;
        last_day = correction.day;
    }
}

void calendar_load(struct calendar *calendar, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    takeovers_load(calendar, reader);
    corrections_load(calendar, reader);
    calendar->last = (struct duty){0};
}
