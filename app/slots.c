#include "slots.h"

#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>
#include <uthash.h>

struct slot_key {
    int32_t day;
    uint16_t shift, crew;
};

struct slot_known {
    struct slot_key key;
    UT_hash_handle hh;
};

struct slots {
    struct calendar *calendar;
    struct slot_known *known;
    struct slot_noted { /* every crew-shift ever noted: corrections come after its end, too */
        struct slot_times times;
        bool gone; /* nobody of that crew was on duty in that shift after all */
    } * noted;
    size_t noted_count, noted_capacity;
    struct slot_times *pending;
    size_t pending_count, pending_capacity;
    struct slot_key last; /* what was noted last is mostly noted again */
};

struct slots *slots_create(struct calendar *calendar)
{
    struct slots *slots = memory_zeroed(1, sizeof *slots);
    slots->calendar = calendar;
    slots->last.day = INT32_MIN;
    return slots;
}

void slots_destroy(struct slots *slots)
{
    if (slots == NULL) {
        return;
    }
    struct slot_known *known = NULL;
    struct slot_known *next = NULL;
    HASH_ITER(hh, slots->known, known, next)
    {
        HASH_DEL(slots->known, known);
        free(known);
    }
    free(slots->noted);
    free(slots->pending);
    free(slots);
}

/* Whether the crew-shift is new; it is known from now on. */
static bool slots_know(struct slots *slots, struct crew_slot slot)
{
    struct slot_key key = {slot.day, slot.shift.index, slot.crew.index};
    struct slot_known *known = NULL;
    /* The hash reads the key byte by byte, which the analyzer takes for other memory.
     * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    HASH_FIND(hh, slots->known, &key, sizeof key, known);
    if (known != NULL) {
        return false;
    }
    known = memory_zeroed(1, sizeof *known);
    known->key = key;
    HASH_ADD(hh, slots->known, key, sizeof key, known);
    return true;
}

bool slots_note(struct slots *slots, struct crew_slot slot, int64_t ts_us, struct slot_times *times)
{
    struct slot_key key = {slot.day, slot.shift.index, slot.crew.index};
    if (key.day == slots->last.day && key.shift == slots->last.shift &&
        key.crew == slots->last.crew) {
        return false;
    }
    slots->last = key;
    if (!slots_know(slots, slot)) {
        return false;
    }
    struct duty duty = calendar_duty_at(slots->calendar, ts_us);
    *times = (struct slot_times){slot, duty.start_us, duty.end_us};
    memory_grow(&slots->pending, slots->pending_count, &slots->pending_capacity,
                sizeof *slots->pending);
    slots->pending[slots->pending_count++] = *times;
    memory_grow(&slots->noted, slots->noted_count, &slots->noted_capacity, sizeof *slots->noted);
    slots->noted[slots->noted_count++] = (struct slot_noted){.times = *times};
    return true;
}

static bool ends_before(const struct slot_times *a, const struct slot_times *b)
{
    if (a->end_us != b->end_us) {
        return a->end_us < b->end_us;
    }
    if (a->slot.day != b->slot.day) {
        return a->slot.day < b->slot.day;
    }
    if (a->slot.shift.index != b->slot.shift.index) {
        return a->slot.shift.index < b->slot.shift.index;
    }
    return a->slot.crew.index < b->slot.crew.index;
}

/* Index of the pending one that ends first; pending_count: none. */
static size_t first_to_end(const struct slots *slots)
{
    size_t first = slots->pending_count;
    for (size_t i = 0; i < slots->pending_count; i++) {
        if (first == slots->pending_count ||
            ends_before(&slots->pending[i], &slots->pending[first])) {
            first = i;
        }
    }
    return first;
}

int64_t slots_next_end_us(const struct slots *slots)
{
    size_t first = first_to_end(slots);
    return first < slots->pending_count ? slots->pending[first].end_us : TIMESTAMP_NEVER_US;
}

bool slots_pop_ended(struct slots *slots, int64_t now_us, struct slot_times *ended)
{
    size_t first = first_to_end(slots);
    if (first == slots->pending_count || slots->pending[first].end_us > now_us) {
        return false;
    }
    *ended = slots->pending[first];
    slots->pending[first] = slots->pending[--slots->pending_count];
    return true;
}

/* The first time in its shift at which that crew is on duty; false: it never is. */
static bool find_duty(struct slots *slots, struct crew_slot slot, struct duty *duty)
{
    struct duty shift = calendar_shift(slots->calendar, slot.day, slot.shift);
    for (int64_t at_us = shift.start_us; at_us < shift.end_us; at_us = duty->end_us) {
        *duty = calendar_duty_at(slots->calendar, at_us);
        if (crew_slot_equal(duty->slot, slot)) {
            return true;
        }
    }
    return false;
}

/* What is still pending ends when it ends now. */
static void refresh_pending(struct slots *slots, const struct slot_times *times)
{
    for (size_t i = 0; i < slots->pending_count; i++) {
        if (crew_slot_equal(slots->pending[i].slot, times->slot)) {
            slots->pending[i] = *times;
        }
    }
}

void slots_refresh(struct slots *slots, int64_t from_us, int64_t to_us,
                   void (*changed)(void *context, const struct slot_times *times, bool gone),
                   void *context)
{
    for (size_t i = 0; i < slots->noted_count; i++) {
        struct slot_noted *noted = &slots->noted[i];
        if (noted->times.start_us > to_us || noted->times.end_us < from_us) {
            continue;
        }
        struct duty duty = {0};
        bool gone = !find_duty(slots, noted->times.slot, &duty);
        bool moved =
            !gone && (duty.start_us != noted->times.start_us || duty.end_us != noted->times.end_us);
        if (moved) {
            noted->times.start_us = duty.start_us;
            noted->times.end_us = duty.end_us;
            refresh_pending(slots, &noted->times);
        }
        if (moved || gone != noted->gone) {
            noted->gone = gone;
            changed(context, &noted->times, gone);
        }
    }
}

void slots_list(const struct slots *slots,
                void (*one)(void *context, const struct slot_times *times), void *context)
{
    for (size_t i = 0; i < slots->noted_count; i++) {
        if (!slots->noted[i].gone) {
            one(context, &slots->noted[i].times);
        }
    }
}

/* ---- As bytes of a snapshot ---- */

#define SECTION "crew-shifts"
#define VERSION 1

static bool is_pending(const struct slots *slots, struct crew_slot slot)
{
    for (size_t i = 0; i < slots->pending_count; i++) {
        if (crew_slot_equal(slots->pending[i].slot, slot)) {
            return true;
        }
    }
    return false;
}

void slots_save(const struct slots *slots, struct snapshot_writer *writer)
{
    int64_t from_us = 0;
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, slots->noted_count);
    for (size_t i = 0; i < slots->noted_count; i++) {
        const struct slot_noted *noted = &slots->noted[i];
        snapshot_put_signed(writer, noted->times.slot.day);
        snapshot_put_number(writer, noted->times.slot.shift.index);
        snapshot_put_number(writer, noted->times.slot.crew.index);
        snapshot_put_moment(writer, noted->times.start_us, from_us);
        snapshot_put_moment(writer, noted->times.end_us, noted->times.start_us);
        snapshot_put_flag(writer, noted->gone);
        snapshot_put_flag(writer, is_pending(slots, noted->times.slot));
        from_us = noted->times.start_us;
    }
}

static bool slot_is_of(const struct slot_times *times, const struct catalog *catalog)
{
    return times->slot.shift.index < catalog->shift_count &&
           (times->slot.crew.index < catalog->crew_count || times->slot.crew.index == CATALOG_NONE);
}

void slots_load(struct slots *slots, const struct catalog *catalog, struct snapshot_reader *reader)
{
    int64_t from_us = 0;
    snapshot_get_section(reader, SECTION, VERSION);
    size_t count = snapshot_get_count(reader, SIZE_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct slot_noted noted = {0};
        noted.times.slot.day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
        noted.times.slot.shift.index = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
        noted.times.slot.crew.index = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
        noted.times.start_us = snapshot_get_moment(reader, from_us);
        noted.times.end_us = snapshot_get_moment(reader, noted.times.start_us);
        noted.gone = snapshot_get_flag(reader);
        bool pending = snapshot_get_flag(reader);
        from_us = noted.times.start_us;
        if (!snapshot_is_good(reader) || !slot_is_of(&noted.times, catalog) ||
            !slots_know(slots, noted.times.slot)) {
            snapshot_refuse(reader, "a crew-shift that the calendar cannot have, or a second one");
            return;
        }
        memory_grow(&slots->noted, slots->noted_count, &slots->noted_capacity,
                    sizeof *slots->noted);
        slots->noted[slots->noted_count++] = noted;
        if (pending) {
            memory_grow(&slots->pending, slots->pending_count, &slots->pending_capacity,
                        sizeof *slots->pending);
            slots->pending[slots->pending_count++] = noted.times;
        }
    }
}
