/* What time alone brings about: crew-shifts end, shifts are handed over. Timers fire in order of
 * their time, each with the time at which it was due, so that the spacing of records and ticks is
 * irrelevant. */
#include "announce.h"
#include "handover.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stdlib.h>

void pipeline_slot(struct pipeline *pipeline, struct crew_slot slot, int64_t ts_us)
{
    struct slot_times times;
    if (slots_note(pipeline->slots, slot, ts_us, &times) && pipeline->writing) {
        pipeline_batch(pipeline);
        book_slot(pipeline->book, times.slot, times.start_us, times.end_us);
    }
}

static void write_slot(void *context, const struct slot_times *times)
{
    struct pipeline *pipeline = context;
    if (pipeline->writing) {
        pipeline_batch(pipeline);
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
}

void pipeline_calendar_changed(struct pipeline *pipeline)
{
    slots_refresh(pipeline->slots, write_slot, pipeline);
    read_calendar(pipeline);
}

void pipeline_timers_start(struct pipeline *pipeline)
{
    pipeline->present_shift = (struct duty){0};
    pipeline->handover_due_us = TIMESTAMP_NEVER_US;
}

/* The first record that follows the configuration tells what time it is. */
static void start_with(struct pipeline *pipeline, int64_t now_us)
{
    struct calendar *calendar = aggregator_calendar(pipeline->aggregator);
    pipeline->handover_shift = calendar_shift_at(calendar, now_us);
    read_calendar(pipeline);
}

/* The summary rests on everything up to this moment, what is open included; it is kept, and told.
 */
static void write_handover(struct pipeline *pipeline, struct crew_slot slot)
{
    const struct plant *plant = pipeline->plant;
    const char *shift = plant->catalog.shifts[slot.shift.index].id;
    pipeline_batch(pipeline);
    pipeline_write_open(pipeline);
    char *json = handover_json(book_reader(pipeline->book), slot.day, shift, &pipeline->failure);
    if (json == NULL) {
        return;
    }
    book_handover(pipeline->book, slot.day, slot.shift, pipeline->handover_due_us, json);
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
    int64_t slot_us = slots_next_end_us(pipeline->slots);
    return slot_us < pipeline->handover_due_us ? slot_us : pipeline->handover_due_us;
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
            rules_slot_ended(pipeline->rules, ended.slot);
            pipeline_judge(pipeline, due_us);
        } else {
            fire_handover(pipeline);
        }
    }
}
