#include "page.h"

#include "failure.h"
#include "memory.h"
#include "point.h"

#include <stdlib.h>

#define VARINT_BYTES_MAX 10
#define RECORD_BYTES_MAX 80 /* none is longer */
#define PAGE_STEP_BYTES 16

enum page_tag {
    TAG_SAMPLE = 0, /* + unit of its time */
    TAG_ODD_SAMPLE = 3,
    TAG_MARK = 6,
    TAG_BOOKED = 7,
};
#define TAG_BITS 3

/* Units of time, the coarsest first. */
static const int64_t units_us[] = {1000000, 1000, 1};

enum sample_flag {
    FLAG_UNCERTAIN = 1,
    FLAG_GAP = 2,
    FLAG_LOSS = 4,
    FLAG_SEQ = 8,        /* not the number one expects: follows */
    FLAG_REST = 16,      /* c_rest follows */
    FLAG_REFERENCE = 32, /* reference_raw - raw follows */
    FLAG_ENTERED = 64,
    FLAG_DECIDED = 128,
    FLAG_FINAL = 256,
    FLAGS_ALL = 511,
};

/* Differences wrap, so that any two numbers have one. */
static int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

static void make_room(struct page_writer *writer)
{
    if (writer->capacity - writer->count >= RECORD_BYTES_MAX) {
        return;
    }
    uint32_t capacity = writer->capacity + writer->capacity / 8;
    uint32_t least = writer->count + RECORD_BYTES_MAX + PAGE_STEP_BYTES;
    capacity = capacity < least ? least : capacity;
    uint8_t *bytes = realloc(writer->bytes, capacity);
    REQUIRE(bytes != NULL);
    writer->bytes = bytes;
    writer->capacity = capacity;
}

static void write_number(struct page_writer *writer, uint64_t value)
{
    while (value >= 0x80) {
        writer->bytes[writer->count++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    writer->bytes[writer->count++] = (uint8_t)value;
}

static void write_signed(struct page_writer *writer, int64_t value)
{
    write_number(writer, zigzag(value));
}

/* The difference and, in its lowest bits, the tag: 67 bits at most, so the tag stands in the first
 * byte with the lowest 4 bits of the difference. */
static void write_head(struct page_writer *writer, enum page_tag tag, int64_t difference)
{
    uint64_t value = zigzag(difference);
    uint8_t first = (uint8_t)((value & 0x0F) << TAG_BITS | (unsigned)tag);
    value >>= 4;
    writer->bytes[writer->count++] = value != 0 ? (uint8_t)(first | 0x80) : first;
    if (value != 0) {
        write_number(writer, value);
    }
}

static unsigned unit_of(int64_t difference_us)
{
    unsigned unit = 0;
    while (difference_us % units_us[unit] != 0) {
        unit++;
    }
    return unit;
}

void page_add_sample(struct page_writer *writer, const struct sample *sample)
{
    struct page_state *last = &writer->last;
    make_room(writer);
    int64_t step_us = minus(sample->ts_us, last->sample_us);
    int64_t change_us = minus(step_us, last->step_us);
    unsigned unit = unit_of(change_us);
    int64_t seq_step = minus(sample->seq, last->seq);
    /* One that may become the first of what is read: C is worked out from it. */
    bool founds = last->sample_us == 0 || step_us < 0;
    unsigned flags = (sample->uncertain ? FLAG_UNCERTAIN : 0) | (sample->gap ? FLAG_GAP : 0) |
                     (sample->loss ? FLAG_LOSS : 0) | (sample->entered ? FLAG_ENTERED : 0) |
                     (sample->decided ? FLAG_DECIDED : 0) | (sample->final ? FLAG_FINAL : 0) |
                     (seq_step != last->seq_step ? FLAG_SEQ : 0) |
                     (founds && sample->c_rest != 0 ? FLAG_REST : 0) |
                     (founds && sample->reference_raw != 0 ? FLAG_REFERENCE : 0);
    bool odd = flags != 0 || sample->kind != SAMPLE_NORMAL;
    write_head(writer, (odd ? TAG_ODD_SAMPLE : TAG_SAMPLE) + unit, change_us / units_us[unit]);
    if (odd) {
        write_number(writer, flags);
        write_number(writer, sample->kind);
    }
    write_signed(writer, minus(sample->raw, last->raw));
    if ((flags & FLAG_SEQ) != 0) {
        write_signed(writer, seq_step);
    }
    if ((flags & FLAG_REST) != 0) {
        write_signed(writer, sample->c_rest);
    }
    if ((flags & FLAG_REFERENCE) != 0) {
        write_signed(writer, minus(sample->reference_raw, sample->raw));
    }
    last->sample_us = sample->ts_us;
    last->step_us = step_us;
    last->raw = sample->raw;
    last->seq = sample->seq;
    last->seq_step = seq_step;
}

void page_add_mark(struct page_writer *writer, const struct mark *mark)
{
    make_room(writer);
    write_head(writer, TAG_MARK, minus(mark->ts_us, writer->last.mark_us));
    write_number(writer, (unsigned)mark->quality | (unsigned)mark->before << 3 |
                             (unsigned)mark->reason << 6);
    writer->last.mark_us = mark->ts_us;
}

void page_add_booked(struct page_writer *writer, const struct booked_segment *booked)
{
    const struct segment *segment = &booked->segment;
    struct page_state *last = &writer->last;
    make_room(writer);
    write_head(writer, TAG_BOOKED, minus(segment->start_us, last->booked_us));
    write_signed(writer, minus(segment->end_us, segment->start_us));
    write_signed(writer, segment->amount_base);
    write_number(writer, segment->heat.value);
    write_number(writer, segment->station.index);
    write_signed(writer, minus(segment->slot.day, last->day));
    write_number(writer, segment->slot.shift.index);
    write_number(writer, segment->slot.crew.index);
    write_number(writer, (unsigned)segment->quality | (unsigned)segment->method << 3);
    write_signed(writer, minus((int64_t)booked->id.position, (int64_t)last->position));
    write_number(writer, booked->id.ordinal);
    last->booked_us = segment->end_us;
    last->day = segment->slot.day;
    last->position = booked->id.position;
}

void page_restart(struct page_writer *writer)
{
    writer->count = 0;
    writer->last = (struct page_state){0};
}

void page_clear(struct page_writer *writer)
{
    free(writer->bytes);
    *writer = (struct page_writer){0};
}

/* Reading. A number that is cut off, or too large for what it says, breaks the page. */
struct page_reader {
    const uint8_t *bytes;
    size_t count, at;
    bool broken;
    struct page_state last;
};

static uint64_t read_number(struct page_reader *reader, uint64_t most)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 7 * VARINT_BYTES_MAX; shift += 7) {
        if (reader->at == reader->count) {
            break;
        }
        uint8_t byte = reader->bytes[reader->at++];
        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            reader->broken |= value > most;
            return value;
        }
    }
    reader->broken = true;
    return 0;
}

static int64_t read_signed(struct page_reader *reader)
{
    return unzigzag(read_number(reader, UINT64_MAX));
}

static unsigned read_head(struct page_reader *reader, int64_t *difference)
{
    uint8_t first = reader->bytes[reader->at++];
    uint64_t value = (uint64_t)(first >> TAG_BITS & 0x0F);
    if ((first & 0x80) != 0) {
        value |= read_number(reader, UINT64_MAX >> 4) << 4;
    }
    *difference = unzigzag(value);
    return first & ((1U << TAG_BITS) - 1);
}

static void read_sample(struct page_reader *reader, unsigned tag, int64_t difference,
                        struct past *past)
{
    struct page_state *last = &reader->last;
    bool odd = tag >= TAG_ODD_SAMPLE;
    int64_t unit_us = units_us[odd ? tag - TAG_ODD_SAMPLE : tag];
    uint64_t flags = odd ? read_number(reader, FLAGS_ALL) : 0;
    struct sample sample = {.kind = SAMPLE_NORMAL};
    if (odd) {
        sample.kind = (uint8_t)read_number(reader, SAMPLE_ACCEPT - 1);
    }
    last->step_us = plus(last->step_us, (int64_t)((uint64_t)difference * (uint64_t)unit_us));
    last->sample_us = plus(last->sample_us, last->step_us);
    last->raw = plus(last->raw, read_signed(reader));
    if ((flags & FLAG_SEQ) != 0) {
        last->seq_step = read_signed(reader);
    }
    last->seq = plus(last->seq, last->seq_step);
    sample.ts_us = last->sample_us;
    sample.raw = last->raw;
    sample.seq = last->seq;
    sample.c_rest = (flags & FLAG_REST) != 0 ? read_signed(reader) : 0;
    sample.reference_raw =
        (flags & FLAG_REFERENCE) != 0 ? plus(sample.raw, read_signed(reader)) : 0;
    sample.uncertain = (flags & FLAG_UNCERTAIN) != 0;
    sample.gap = (flags & FLAG_GAP) != 0;
    sample.loss = (flags & FLAG_LOSS) != 0;
    sample.entered = (flags & FLAG_ENTERED) != 0;
    sample.decided = (flags & FLAG_DECIDED) != 0;
    sample.final = (flags & FLAG_FINAL) != 0;
    if (sample.ts_us < 0 || sample.ts_us > POINT_TS_MAX_US) {
        reader->broken = true;
        return;
    }
    memory_grow(&past->samples, past->sample_count, &past->sample_capacity, sizeof sample);
    past->samples[past->sample_count++] = sample;
}

static void read_mark(struct page_reader *reader, int64_t difference, struct past *past)
{
    uint64_t what = read_number(reader, UINT8_MAX);
    struct mark mark = {
        .ts_us = plus(reader->last.mark_us, difference),
        .quality = (enum quality)(what & 7),
        .before = (enum quality)(what >> 3 & 7),
        .reason = (what >> 6 & 1) != 0 ? MARK_GAP : MARK_BOUNDARY,
    };
    reader->broken |=
        mark.quality > QUALITY_ESTIMATED || mark.before > QUALITY_ESTIMATED || what >> 7 != 0;
    reader->last.mark_us = mark.ts_us;
    memory_grow(&past->marks, past->mark_count, &past->mark_capacity, sizeof mark);
    past->marks[past->mark_count++] = mark;
}

static void read_booked(struct page_reader *reader, int64_t difference, meter_id meter,
                        struct past *past)
{
    struct page_state *last = &reader->last;
    struct booked_segment booked = {.segment.meter = meter};
    struct segment *segment = &booked.segment;
    segment->start_us = plus(last->booked_us, difference);
    segment->end_us = plus(segment->start_us, read_signed(reader));
    segment->amount_base = read_signed(reader);
    segment->heat.value = (uint32_t)read_number(reader, UINT32_MAX);
    segment->station.index = (uint16_t)read_number(reader, UINT16_MAX);
    int64_t day = plus(last->day, read_signed(reader));
    segment->slot.day = (int32_t)day;
    segment->slot.shift.index = (uint16_t)read_number(reader, UINT16_MAX);
    segment->slot.crew.index = (uint16_t)read_number(reader, UINT16_MAX);
    uint64_t what = read_number(reader, UINT8_MAX);
    segment->quality = (enum quality)(what & 7);
    segment->method = (enum sharing_method)(what >> 3);
    booked.id.position = (uint64_t)plus((int64_t)last->position, read_signed(reader));
    booked.id.ordinal = (uint32_t)read_number(reader, UINT32_MAX);
    reader->broken |= day < INT32_MIN || day > INT32_MAX || segment->end_us <= segment->start_us ||
                      segment->quality > QUALITY_ESTIMATED ||
                      segment->method >= SHARING_METHOD_COUNT;
    last->booked_us = segment->end_us;
    last->day = segment->slot.day;
    last->position = booked.id.position;
    memory_grow(&past->booked.items, past->booked.count, &past->booked.capacity, sizeof booked);
    past->booked.items[past->booked.count++] = booked;
}

bool page_read(const void *bytes, size_t count, meter_id meter, struct past *past)
{
    struct page_reader reader = {.bytes = bytes, .count = count};
    while (reader.at < reader.count && !reader.broken) {
        int64_t difference = 0;
        unsigned tag = read_head(&reader, &difference);
        if (tag == TAG_BOOKED) {
            read_booked(&reader, difference, meter, past);
        } else if (tag == TAG_MARK) {
            read_mark(&reader, difference, past);
        } else {
            read_sample(&reader, tag, difference, past);
        }
    }
    return !reader.broken;
}

void past_clear(struct past *past)
{
    free(past->samples);
    free(past->marks);
    booked_clear(&past->booked);
    *past = (struct past){0};
}
