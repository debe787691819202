#include "journal_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define RECORD_HEADER 32
#define RECORD_END UINT64_MAX
#define MAGIC UINT64_C(0x31304c4e524a4c48) /* "HLJRNL01" where the low byte stands first */

struct segment_header {
    uint64_t magic, base, size;
    _Atomic uint64_t synced;
};
_Static_assert(sizeof(struct segment_header) <= SEGMENT_HEADER, "the header has its room");

/* The fixed part of a record behind its word and checksum. */
struct record_fixed {
    int64_t arrival_us;
    uint32_t session;
    uint16_t topic_length, packet_id;
};
_Static_assert(sizeof(struct record_fixed) == 16, "no padding on the disk");

static struct segment_header *header_of(const struct segment *segment)
{
    return (struct segment_header *)(void *)segment->map;
}

static _Atomic uint64_t *word_at(const struct segment *segment, size_t offset)
{
    return (_Atomic uint64_t *)(void *)(segment->map + offset);
}

void segment_name(uint64_t base, char name[SEGMENT_NAME_MAX])
{
    snprintf(name, SEGMENT_NAME_MAX, "%016" PRIx64 ".journal", base);
}

bool segment_name_parse(const char *name, uint64_t *base)
{
    char again[SEGMENT_NAME_MAX];
    *base = strtoull(name, NULL, 16); /* what is no such number gives another name */
    segment_name(*base, again);
    return strcmp(name, again) == 0;
}

static bool map(struct segment *segment, const char *name, int protection, struct failure *failure)
{
    void *address = segment->disk->map(segment->fd, segment->size, protection);
    if (address == MAP_FAILED) {
        int error = errno;
        close(segment->fd);
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot map %s: %s", name,
                           strerror(error));
    }
    segment->map = address;
    return true;
}

bool segment_create(const struct journal_disk *disk, int directory_fd, const char *name,
                    uint64_t base, size_t size, struct segment *segment, struct failure *failure)
{
    *segment = (struct segment){.base = base, .size = size, .disk = disk};
    segment->fd = disk->open(directory_fd, name, O_RDWR | O_CREAT | O_TRUNC);
    if (segment->fd < 0) {
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot create %s: %s", name,
                           strerror(errno));
    }
    if (disk->allocate(segment->fd, (off_t)size) != 0) {
        int error = errno;
        close(segment->fd);
        disk->unlink(directory_fd, name);
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: cannot allocate %zu bytes for %s: %s; make room on its disk",
                           size, name, strerror(error));
    }
    if (!map(segment, name, PROT_READ | PROT_WRITE, failure)) {
        disk->unlink(directory_fd, name);
        return false;
    }
    struct segment_header *header = header_of(segment);
    header->magic = MAGIC;
    header->base = base;
    header->size = size;
    atomic_store_explicit(&header->synced, SEGMENT_HEADER, memory_order_relaxed);
    if (disk->sync(segment->fd) != 0) {
        int error = errno;
        segment_close(segment);
        disk->unlink(directory_fd, name);
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot write %s: %s", name,
                           strerror(error));
    }
    return true;
}

bool segment_header_holds(const struct segment *segment)
{
    const struct segment_header *header = header_of(segment);
    return segment->size >= SEGMENT_HEADER && header->magic == MAGIC &&
           header->base == segment->base && header->size == segment->size &&
           segment->base <= SEGMENT_BASE_MAX;
}

bool segment_open(const struct journal_disk *disk, int directory_fd, const char *name,
                  uint64_t base, bool writable, struct segment *segment, struct failure *failure)
{
    struct stat status;
    *segment = (struct segment){.base = base, .disk = disk};
    segment->fd = disk->open(directory_fd, name, writable ? O_RDWR : O_RDONLY);
    if (segment->fd < 0 || fstat(segment->fd, &status) != 0) {
        int error = errno;
        if (segment->fd >= 0) {
            close(segment->fd);
        }
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot open %s: %s", name,
                           strerror(error));
    }
    segment->size = (size_t)status.st_size;
    if (status.st_size < SEGMENT_HEADER) {
        close(segment->fd);
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: %s is damaged: it has %zu bytes, fewer than its header", name,
                           segment->size);
    }
    if (!map(segment, name, writable ? PROT_READ | PROT_WRITE : PROT_READ, failure)) {
        return false;
    }
    if (!segment_header_holds(segment)) {
        segment_close(segment);
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: %s is damaged: its header is not that of a segment of this "
                           "name, machine and size",
                           name);
    }
    if (!writable || segment_synced(segment) == segment->size) {
        close(segment->fd);
        segment->fd = -1;
    }
    return true;
}

void segment_close(struct segment *segment)
{
    if (segment->map != NULL) {
        munmap(segment->map, segment->size);
    }
    if (segment->fd >= 0) {
        close(segment->fd);
    }
    segment->map = NULL;
    segment->fd = -1;
}

size_t segment_record_size(size_t topic_length, size_t payload_length)
{
    return (RECORD_HEADER + topic_length + payload_length + 7) & ~(size_t)7;
}

bool segment_fits(const struct segment *segment, size_t offset, size_t record_size)
{
    return offset + record_size + sizeof(uint64_t) <= segment->size;
}

/* Binds the checksum of the contents to the word and to the place in the journal. */
static uint64_t mix(uint64_t contents, uint64_t word, uint64_t position)
{
    return contents ^ word * UINT64_C(0x9e3779b97f4a7c15) ^ position * UINT64_C(0xc2b2ae3d27d4eb4f);
}

void segment_write(struct segment *segment, size_t offset, const struct journal_record *record)
{
    unsigned char *at = segment->map + offset;
    struct record_fixed fixed = {.arrival_us = record->arrival_us,
                                 .session = record->session,
                                 .topic_length = (uint16_t)record->topic_length,
                                 .packet_id = record->packet_id};
    size_t length = RECORD_HEADER + record->topic_length + record->payload_length;
    uint64_t word = (uint64_t)length | (uint64_t)record->kind << 32 | (uint64_t)record->qos << 40 |
                    (uint64_t)record->retain << 48 | (uint64_t)record->dup << 49 |
                    (uint64_t)record->fresh << 50;
    memcpy(at + 16, &fixed, sizeof fixed);
    if (record->topic_length > 0) {
        memcpy(at + RECORD_HEADER, record->topic, record->topic_length);
    }
    if (record->payload_length > 0) {
        memcpy(at + RECORD_HEADER + record->topic_length, record->payload, record->payload_length);
    }
    uint64_t checksum =
        mix(XXH3_64bits(at + 16, length - 16), word, segment->base + (uint64_t)offset);
    memcpy(at + 8, &checksum, sizeof checksum);
    atomic_store_explicit(word_at(segment, offset), word, memory_order_release);
}

void segment_write_end(struct segment *segment, size_t offset)
{
    atomic_store_explicit(word_at(segment, offset), RECORD_END, memory_order_release);
}

enum segment_look segment_look_at(const struct segment *segment, size_t offset,
                                  struct journal_record *record)
{
    if (offset % 8 != 0 || offset < SEGMENT_HEADER || offset + sizeof(uint64_t) > segment->size) {
        return SEGMENT_BAD;
    }
    uint64_t word = atomic_load_explicit(word_at(segment, offset), memory_order_acquire);
    if (word == 0) {
        return SEGMENT_NOTHING;
    }
    if (word == RECORD_END) {
        return SEGMENT_END;
    }
    const unsigned char *at = segment->map + offset;
    size_t length = (size_t)(word & UINT32_MAX);
    struct record_fixed fixed;
    uint64_t checksum;
    /* As segment_fits: behind every record there is room for the end mark. */
    if (length < RECORD_HEADER || !segment_fits(segment, offset, (length + 7) & ~(size_t)7)) {
        return SEGMENT_BAD;
    }
    memcpy(&checksum, at + 8, sizeof checksum);
    memcpy(&fixed, at + 16, sizeof fixed);
    if (checksum != mix(XXH3_64bits(at + 16, length - 16), word, segment->base + offset) ||
        fixed.topic_length > length - RECORD_HEADER) {
        return SEGMENT_BAD;
    }
    record->kind = (enum journal_kind)(word >> 32 & 0xff);
    record->qos = (uint8_t)(word >> 40 & 0xff);
    record->retain = (word >> 48 & 1) != 0;
    record->dup = (word >> 49 & 1) != 0;
    record->fresh = (word >> 50 & 1) != 0;
    record->packet_id = fixed.packet_id;
    record->session = fixed.session;
    record->arrival_us = fixed.arrival_us;
    record->topic = (const char *)at + RECORD_HEADER;
    record->topic_length = fixed.topic_length;
    record->payload = at + RECORD_HEADER + fixed.topic_length;
    record->payload_length = length - RECORD_HEADER - fixed.topic_length;
    record->position = segment->base + offset;
    record->next = record->position + ((length + 7) & ~(size_t)7);
    return SEGMENT_RECORD;
}

bool segment_first_arrival(const unsigned char *bytes, size_t length, int64_t *arrival_us)
{
    struct record_fixed fixed;
    uint64_t word;
    if (length < SEGMENT_HEADER + RECORD_HEADER) {
        return false;
    }
    memcpy(&word, bytes + SEGMENT_HEADER, sizeof word);
    memcpy(&fixed, bytes + SEGMENT_HEADER + 16, sizeof fixed);
    *arrival_us = fixed.arrival_us;
    return word != 0 && word != RECORD_END;
}

/* Zeroes what is not zero in [offset, end); returns the offset behind the last such byte, or 0. */
static size_t zero_range(struct segment *segment, size_t offset, size_t end)
{
    static const unsigned char zeros[4096];
    size_t last = 0;
    for (size_t at = offset; at < end;) {
        size_t length = end - at < sizeof zeros ? end - at : sizeof zeros;
        unsigned char *page = segment->map + at;
        if (memcmp(page, zeros, length) != 0) {
            size_t tail = length;
            while (page[tail - 1] == 0) {
                tail--;
            }
            last = at + tail;
            memset(page, 0, length);
        }
        at += length;
    }
    return last;
}

size_t segment_cut(struct segment *segment, size_t offset)
{
    /* Room that was never written is a hole to SEEK_DATA: it need not be read. */
    size_t last = offset, at = offset;
    while (at < segment->size) {
        off_t data = lseek(segment->fd, (off_t)at, SEEK_DATA);
        if (data < 0) {
            break;
        }
        off_t hole = lseek(segment->fd, data, SEEK_HOLE);
        size_t start = (size_t)data < at ? at : (size_t)data;
        size_t end = hole < 0 || (size_t)hole > segment->size ? segment->size : (size_t)hole;
        size_t found = zero_range(segment, start, end);
        last = found > last ? found : last;
        at = end;
    }
    return last - offset;
}

size_t segment_synced(const struct segment *segment)
{
    return (size_t)atomic_load_explicit(&header_of(segment)->synced, memory_order_acquire);
}

void segment_set_synced(struct segment *segment, size_t end)
{
    atomic_store_explicit(&header_of(segment)->synced, end, memory_order_release);
}

bool segment_sync(struct segment *segment, size_t end, struct failure *failure)
{
    if (segment->fd < 0) {
        return true;
    }
    if (segment->disk->sync_data(segment->fd) != 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: cannot sync the segment at %016" PRIx64
                           ": %s; nothing more is "
                           "taken, for what the disk holds is unknown",
                           segment->base, strerror(errno));
    }
    /* Reaches the disk with the next sync: until then the mark is only too low. Whoever sees it
     * sees the records before it too. */
    segment_set_synced(segment, end);
    if (end == segment->size) {
        close(segment->fd);
        segment->fd = -1;
    }
    return true;
}
