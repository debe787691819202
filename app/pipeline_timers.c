/* What time alone brings about: crew-shifts end, shifts are handed over, periods closed. Timers
 * fire in order of their time, each with the time at which it was due, so that the spacing of
 * records and ticks is irrelevant. */
#include "announce.h"
#include "handover.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stdlib.h>

/* Where the clocks change within a shift its hours are not those of the wall clock: 7 or 9. */
static void size_shift(struct pipeline *pipeline, struct crew_slot slot)
{
    const struct plant *plant = pipeline->plant;
    const struct zone *zone = &plant->roster.zone;
    bool last = slot.shift.index + 1u == plant->catalog.shift_count;
    shift_id next = {last ? 0 : (uint16_t)(slot.shift.index + 1)};
    int64_t start_us = roster_shift_start_us(&plant->roster, &plant->catalog, slot.day, slot.shift);
    int64_t end_us =
        roster_shift_start_us(&plant->roster, &plant->catalog, slot.day + (last ? 1 : 0), next);
    int64_t shift_s = zone_offset_s(zone, end_us) - zone_offset_s(zone, start_us);
    int64_t actual_us = end_us - start_us;
    rules_slot_start(pipeline->rules, slot, start_us);
    int64_t nominal_us = actual_us + shift_s * TIMESTAMP_SECOND_US;
    if (shift_s != 0 && actual_us > 0 && nominal_us > 0) {
        rules_slot_length(pipeline->rules, slot, actual_us, nominal_us);
    }
}

void pipeline_slot(struct pipeline *pipeline, struct crew_slot slot, int64_t ts_us)
{
    struct slot_times times;
    if (!slots_note(pipeline->slots, slot, ts_us, &times)) {
        return;
    }
    size_shift(pipeline, slot);
    if (pipeline->writing) {
        pipeline_batch(pipeline);
        book_slot(pipeline->book, times.slot, times.start_us, times.end_us);
    }
}

static void write_slot(void *context, const struct slot_times *times, bool gone)
{
    struct pipeline *pipeline = context;
    rules_slot_absent(pipeline->rules, times->slot, gone);
    if (!pipeline->writing) {
        return;
    }
    pipeline_batch(pipeline);
    if (gone) {
        book_slot_gone(pipeline->book, times->slot);
    } else {
        book_slot(pipeline->book, times->slot, times->start_us, times->end_us);
    }
}

/* Looks up again what the timers rest on: the shift of now, and the one to be handed over. */
static void read_calendar(struct pipeline *pipeline)
{
    struct calendar *calendar = aggregator_calendar(pipeline->aggregator);
    pipeline->present_shift = calendar_duty_at(calendar, pipeline->now_us);
    const struct crew_slot *slot = &pipeline->handover_shift.slot;
    pipeline->handover_shift = calendar_shift(calendar, slot->day, slot->shift);
    pipeline->handover_due_us =
        pipeline->handover_shift.end_us + pipeline->plant->handover_delay_us;
    pipeline_periods_follow(pipeline);
}

void pipeline_calendar_changed(struct pipeline *pipeline, int64_t from_us, int64_t to_us)
{
    slots_refresh(pipeline->slots, from_us, to_us, write_slot, pipeline);
    read_calendar(pipeline);
}

void pipeline_timers_start(struct pipeline *pipeline)
{
    pipeline->present_shift = (struct duty){0};
    pipeline->handover_due_us = TIMESTAMP_NEVER_US;
    pipeline_periods_start(pipeline);
    silences_start(&pipeline->silences, pipeline->plant->catalog.meter_count);
}

/* Meters that were never heard of have the time of their limit from now on; those that have no
 * limit any more are not silent. */
void pipeline_timers_follow(struct pipeline *pipeline)
{
    const struct catalog *catalog = &pipeline->plant->catalog;
    if (pipeline->handover_due_us == TIMESTAMP_NEVER_US) {
        return; /* nothing is pending: no record told the time yet */
    }
    read_calendar(pipeline);
    pipeline_silence_start(pipeline, pipeline->now_us);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (catalog->meters[i].stale_us == 0) {
            rules_meter_silent(pipeline->rules, (meter_id){i}, false);
        }
    }
}

/* The first record that follows the configuration tells what time it is. */
static void start_with(struct pipeline *pipeline, int64_t now_us)
{
    struct calendar *calendar = aggregator_calendar(pipeline->aggregator);
    pipeline->handover_shift = calendar_shift_at(calendar, now_us);
    pipeline_periods_begin(pipeline, pipeline->handover_shift.slot.day);
    read_calendar(pipeline);
    pipeline_silence_start(pipeline, now_us);
}

/* The summary rests on everything up to this moment, what is open included; it is kept, and told.
 */
static void write_handover(struct pipeline *pipeline, struct crew_slot slot)
{
    const struct plant *plant = pipeline->plant;
    const char *shift = plant->catalog.shifts[slot.shift.index].id;
    pipeline_batch(pipeline);
    pipeline_write_open(pipeline);
    char *json =
        book_good(pipeline->book, &pipeline->failure)
            ? handover_json(book_reader(pipeline->book), slot.day, shift, &pipeline->failure)
            : NULL;
    if (json == NULL) {
        return;
    }
    book_handover(pipeline->book, slot.day, slot.shift, pipeline->handover_due_us,
                  pipeline->record->position, json);
    if (!pipeline->muted) {
        announce_handover(pipeline->book, pipeline_message_id(pipeline), plant->broker.root,
                          slot.day, shift, json);
    }
    free(json);
}

static void fire_handover(struct pipeline *pipeline)
{
    struct crew_slot slot = pipeline->handover_shift.slot;
    if (pipeline->writing) {
        write_handover(pipeline, slot);
    }
    struct calendar *calendar = aggregator_calendar(pipeline->aggregator);
    pipeline->handover_shift = calendar_shift_at(calendar, pipeline->handover_shift.end_us);
    pipeline->handover_due_us =
        pipeline->handover_shift.end_us + pipeline->plant->handover_delay_us;
}

int64_t pipeline_due_us(const struct pipeline *pipeline)
{
    if (pipeline->plant == NULL) {
        return TIMESTAMP_NEVER_US;
    }
    const int64_t dues_us[] = {slots_next_end_us(pipeline->slots), rules_due_us(pipeline->rules),
                               silences_due_us(&pipeline->silences), pipeline->handover_due_us,
                               pipeline->period_due_us};
    int64_t first_us = TIMESTAMP_NEVER_US;
    for (size_t i = 0; i < sizeof dues_us / sizeof dues_us[0]; i++) {
        first_us = dues_us[i] < first_us ? dues_us[i] : first_us;
    }
    return first_us;
}

void pipeline_timers_fire(struct pipeline *pipeline, int64_t now_us)
{
    if (pipeline->handover_due_us == TIMESTAMP_NEVER_US) {
        start_with(pipeline, now_us);
    }
    if (now_us >= pipeline->present_shift.end_us || now_us < pipeline->present_shift.start_us) {
        pipeline->present_shift =
            calendar_duty_at(aggregator_calendar(pipeline->aggregator), now_us);
    }
    pipeline_slot(pipeline, pipeline->present_shift.slot, pipeline->present_shift.start_us);
    int64_t due_us = 0;
    while ((due_us = pipeline_due_us(pipeline)) <= now_us) {
        struct slot_times ended;
        if (slots_pop_ended(pipeline->slots, due_us, &ended)) {
            struct calendar *calendar = aggregator_calendar(pipeline->aggregator);
            rules_slot_ended(pipeline->rules, ended.slot);
            rules_begin_day(pipeline->rules, calendar_shift_at(calendar, due_us).slot.day);
            pipeline_judge(pipeline, due_us);
        } else if (rules_due_us(pipeline->rules) <= due_us) {
            rules_unshelve(pipeline->rules, due_us, pipeline_take_transition, pipeline);
        } else if (silences_due_us(&pipeline->silences) <= due_us) {
            pipeline_silence_fire(pipeline, due_us);
        } else if (pipeline->handover_due_us <= due_us) {
            fire_handover(pipeline);
        } else {
            pipeline_periods_fire(pipeline);
        }
    }
}
