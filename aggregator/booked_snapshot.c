/* Words that several nouns save, and what is booked. */
#include "nouns_snapshot.h"

#include "memory.h"

meter_id meter_load(const struct snapshot_names *names, struct snapshot_reader *reader)
{
    uint32_t count = names->catalog->meter_count;
    return (meter_id){(uint32_t)snapshot_get_number(reader, count > 0 ? count - 1 : 0)};
}

heat_no heat_no_load(const struct snapshot_names *names, struct snapshot_reader *reader)
{
    return (heat_no){(uint32_t)snapshot_get_number(reader, names->heat_count)};
}

/* An index below a count, or none: 0 is none. */
static uint16_t index_load(uint32_t count, struct snapshot_reader *reader)
{
    uint64_t number = snapshot_get_number(reader, count);
    return number == 0 ? CATALOG_NONE : (uint16_t)(number - 1);
}

static void index_save(uint16_t index, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, index == CATALOG_NONE ? 0 : (uint64_t)index + 1);
}

void station_save(station_id station, struct snapshot_writer *writer)
{
    index_save(station.index, writer);
}

station_id station_load(const struct snapshot_names *names, struct snapshot_reader *reader)
{
    return (station_id){index_load(names->catalog->station_count, reader)};
}

void slot_save(struct crew_slot slot, int32_t from_day, struct snapshot_writer *writer)
{
    snapshot_put_from(writer, slot.day, from_day);
    snapshot_put_number(writer, slot.shift.index);
    index_save(slot.crew.index, writer);
}

struct crew_slot slot_load(const struct snapshot_names *names, int32_t from_day,
                           struct snapshot_reader *reader)
{
    struct crew_slot slot = {0};
    int64_t day = snapshot_get_from(reader, from_day);
    if (day < INT32_MIN || day > INT32_MAX) {
        snapshot_refuse(reader, "no such production day");
        return slot;
    }
    slot.day = (int32_t)day;
    slot.shift.index = (uint16_t)snapshot_get_number(reader, names->catalog->shift_count - 1);
    slot.crew.index = index_load(names->catalog->crew_count, reader);
    return slot;
}

enum quality quality_load(struct snapshot_reader *reader)
{
    return (enum quality)snapshot_get_number(reader, QUALITY_ESTIMATED);
}

/* What the next segment is the difference from. */
struct booked_state {
    int64_t end_us;
    int32_t day;
    uint64_t position;
};

static void segment_save(const struct booked_segment *booked, meter_id meter,
                         struct booked_state *last, struct snapshot_writer *writer)
{
    const struct segment *segment = &booked->segment;
    snapshot_put_from(writer, segment->meter.index, meter.index);
    station_save(segment->station, writer);
    snapshot_put_number(writer, segment->heat.value);
    slot_save(segment->slot, last->day, writer);
    snapshot_put_from(writer, segment->start_us, last->end_us);
    snapshot_put_from(writer, segment->end_us, segment->start_us);
    snapshot_put_signed(writer, segment->amount_base);
    snapshot_put_number(writer, segment->quality);
    snapshot_put_number(writer, segment->method);
    snapshot_put_from(writer, (int64_t)booked->id.position, (int64_t)last->position);
    snapshot_put_number(writer, booked->id.ordinal);
    *last = (struct booked_state){segment->end_us, segment->slot.day, booked->id.position};
}

static void segment_load(struct booked_segment *booked, meter_id meter, struct booked_state *last,
                         const struct snapshot_names *names, struct snapshot_reader *reader)
{
    struct segment *segment = &booked->segment;
    int64_t index = snapshot_get_from(reader, meter.index);
    if (index < 0 || index >= names->catalog->meter_count) {
        snapshot_refuse(reader, "no such meter");
        return;
    }
    segment->meter.index = (uint32_t)index;
    segment->station = station_load(names, reader);
    segment->heat = heat_no_load(names, reader);
    segment->slot = slot_load(names, last->day, reader);
    segment->start_us = snapshot_get_from(reader, last->end_us);
    segment->end_us = snapshot_get_from(reader, segment->start_us);
    segment->amount_base = snapshot_get_signed(reader);
    segment->quality = quality_load(reader);
    segment->method = (enum sharing_method)snapshot_get_number(reader, SHARING_METHOD_COUNT - 1);
    booked->id.position = (uint64_t)snapshot_get_from(reader, (int64_t)last->position);
    booked->id.ordinal = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    if (segment->end_us < segment->start_us) {
        snapshot_refuse(reader, "a segment ends before it starts");
    }
    *last = (struct booked_state){segment->end_us, segment->slot.day, booked->id.position};
}

void booked_save(const struct booked *booked, meter_id meter, struct snapshot_writer *writer)
{
    struct booked_state last = {0};
    snapshot_put_number(writer, booked->count);
    for (size_t i = 0; i < booked->count; i++) {
        segment_save(&booked->items[i], meter, &last, writer);
    }
}

void booked_load(struct booked *booked, meter_id meter, const struct snapshot_names *names,
                 struct snapshot_reader *reader)
{
    struct booked_state last = {0};
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    *booked = (struct booked){0};
    if (count == 0) {
        return;
    }
    booked->items = memory_zeroed(count, sizeof *booked->items);
    booked->capacity = count;
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        segment_load(&booked->items[i], meter, &last, names, reader);
        booked->count = i + 1;
    }
}

void scales_save(const struct scales *scales, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, scales->count);
    for (size_t i = 0; i < scales->count; i++) {
        const struct scale_change *change = &scales->items[i];
        snapshot_put_signed(writer, change->ts_us);
        snapshot_put_signed(writer, change->scale.num);
        snapshot_put_signed(writer, change->scale.den);
    }
}

void scales_load(struct scales *scales, struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, SCALES_MAX);
    *scales = (struct scales){0};
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct scale_change change = {.ts_us = snapshot_get_signed(reader)};
        change.scale.num = snapshot_get_between(reader, 1, INT64_MAX);
        change.scale.den = snapshot_get_between(reader, 1, INT64_MAX);
        memory_grow(&scales->items, scales->count, &scales->capacity, sizeof *scales->items);
        scales->items[scales->count++] = change;
    }
}
