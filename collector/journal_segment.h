/* A segment of the journal: one preallocated, memory-mapped file.
 *
 * A header of SEGMENT_HEADER bytes, then records at offsets that are multiples of 8. A record is
 *
 *   0  word      length of the whole record without padding (32 bits), kind, qos, flags
 *   8  checksum  XXH3 of all that follows, mixed with the word and the position
 *  16  arrival   microseconds UTC
 *  24  session, 28 topic length, 30 packet id
 *  32  topic, payload
 *
 * The word is written last, in one store: 0 means "nothing here yet", all ones "go on in the next
 * segment". Numbers are in the byte order of the machine; the header's magic tells it. */
#ifndef HEATLEDGER_JOURNAL_SEGMENT_H
#define HEATLEDGER_JOURNAL_SEGMENT_H

#include "journal.h"
#include "journal_disk.h"

#define SEGMENT_HEADER 64
#define SEGMENT_NAME_MAX 32
#define SEGMENT_SIZE_MAX (UINT64_C(1) << 31)       /* of what is taken for a segment */
#define SEGMENT_BASE_MAX ((uint64_t)INT64_MAX / 2) /* positions stay far from going round */

struct segment {
    uint64_t base; /* position of the file's first byte */
    size_t size;
    int fd;             /* -1: only read, or complete on the disk */
    unsigned char *map; /* NULL: packed on the disk, and not in memory */
    const struct journal_disk *disk;
    bool packed; /* the disk has it packed; these three under the journal's append lock */
    bool held;   /* the reader has been there lately */
    bool busy;   /* being packed or removed */
};

/* Creates DIR/NAME (replacing it) with all its room allocated, so that a full disk shows here and
 * nowhere else, and maps it. */
bool segment_create(const struct journal_disk *disk, int directory_fd, const char *name,
                    uint64_t base, size_t size, struct segment *segment, struct failure *failure);

/* Maps an existing file; fails where it is no segment or has another base. */
bool segment_open(const struct journal_disk *disk, int directory_fd, const char *name,
                  uint64_t base, bool writable, struct segment *segment, struct failure *failure);

/* Whether `map` begins as a segment of this base and size does. */
bool segment_header_holds(const struct segment *segment);

/* Arrival of the first record, where its fixed part stands in the `length` bytes that the segment
 * begins with. */
bool segment_first_arrival(const unsigned char *bytes, size_t length, int64_t *arrival_us);

void segment_close(struct segment *segment);

/* The file name of a segment by its base: sixteen hex digits and ".journal". */
void segment_name(uint64_t base, char name[SEGMENT_NAME_MAX]);
bool segment_name_parse(const char *name, uint64_t *base);

/* Bytes that a record takes, padding included. */
size_t segment_record_size(size_t topic_length, size_t payload_length);

/* Whether so many bytes fit at `offset`, with the end mark behind them. */
bool segment_fits(const struct segment *segment, size_t offset, size_t record_size);

/* Writes a record, its word last. It must fit. */
void segment_write(struct segment *segment, size_t offset, const struct journal_record *record);
void segment_write_end(struct segment *segment, size_t offset);

enum segment_look { SEGMENT_NOTHING, SEGMENT_RECORD, SEGMENT_END, SEGMENT_BAD };

/* What stands at `offset`; fills `record` for SEGMENT_RECORD. */
enum segment_look segment_look_at(const struct segment *segment, size_t offset,
                                  struct journal_record *record);

/* Zeroes everything from `offset` on; returns how many bytes from there to the last one that was
 * not zero. */
size_t segment_cut(struct segment *segment, size_t offset);

/* How far the file is known to be on the disk, as an offset. Once that is all of it, its descriptor
 * is closed: a long journal would keep too many files open. */
size_t segment_synced(const struct segment *segment);
/* Says so in the header, for a copy that is yet to be written. */
void segment_set_synced(struct segment *segment, size_t end);
bool segment_sync(struct segment *segment, size_t end, struct failure *failure);

#endif
