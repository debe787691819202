/* What steel took along: what each heat used, and what is booked of each move. */
#include "nouns_snapshot.h"

#include "memory.h"
#include "moves.h"

#define SECTION "moves"
#define VERSION 1

static void parts_save(const struct heat_parts *parts, struct snapshot_writer *writer)
{
    struct heat_part last = {0};
    snapshot_put_number(writer, parts->count);
    for (size_t i = 0; i < parts->count; i++) {
        const struct heat_part *part = &parts->items[i];
        snapshot_put_number(writer, part->meter.index);
        station_save(part->station, writer);
        slot_save(part->slot, last.slot.day, writer);
        snapshot_put_from(writer, part->start_us, last.start_us);
        snapshot_put_signed(writer, part->amount_base);
        snapshot_put_number(writer, part->quality);
        last = *part;
    }
}

static void parts_load(struct heat_parts *parts, const struct snapshot_names *names,
                       struct snapshot_reader *reader)
{
    struct heat_part part = {0};
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    if (count == 0) {
        return;
    }
    parts->items = memory_zeroed(count, sizeof *parts->items);
    parts->capacity = count;
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        part.meter = meter_load(names, reader);
        part.station = station_load(names, reader);
        part.slot = slot_load(names, part.slot.day, reader);
        part.start_us = snapshot_get_from(reader, part.start_us);
        part.amount_base = snapshot_get_signed(reader);
        part.quality = quality_load(reader);
        parts->items[parts->count++] = part;
    }
}

void moves_save(const struct moves *moves, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, moves->use.count);
    for (size_t i = 0; i < moves->use.count; i++) {
        parts_save(&moves->use.of[i], writer);
    }
    snapshot_put_number(writer, moves->count);
    for (size_t i = 0; i < moves->count; i++) {
        const struct booked_move *move = &moves->booked[i];
        snapshot_put_number(writer, move->from.value);
        snapshot_put_number(writer, move->to.value);
        parts_save(&move->parts, writer);
        booked_save(&move->booked, (meter_id){0}, writer);
    }
}

void moves_load(struct moves *moves, const struct snapshot_names *names,
                struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    size_t count = snapshot_get_count(reader, names->heat_count);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        memory_grow(&moves->use.of, i, &moves->use.capacity, sizeof *moves->use.of);
        moves->use.of[i] = (struct heat_parts){0};
        moves->use.count = i + 1;
        parts_load(&moves->use.of[i], names, reader);
    }
    count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        memory_grow(&moves->booked, i, &moves->capacity, sizeof *moves->booked);
        struct booked_move *move = &moves->booked[i];
        *move = (struct booked_move){0};
        moves->count = i + 1;
        move->from = heat_no_load(names, reader);
        move->to = heat_no_load(names, reader);
        parts_load(&move->parts, names, reader);
        booked_load(&move->booked, (meter_id){0}, names, reader);
    }
}
