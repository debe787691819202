/* A snapshot: the state of the engine at a journal position, as bytes, so that a restart need not
 * read the journal from its start.
 *
 * The bytes are a flat row of numbers and texts in sections, each with a name and a version: a
 * reader that meets another section, or a later version, than the one it knows refuses it by name.
 * Whole numbers are varints (7 bits a byte, the lowest first; signed ones zigzag). What is written
 * by itself is the difference from what came before wherever that is smaller; that is the business
 * of who writes.
 *
 *   the words "heatledger snapshot 1\n"
 *   sections: the byte 0x5C, name, version, what the noun writes
 *   16 bytes: how many bytes came before, and their XXH3 checksum (64 bits each, lowest byte first)
 *
 * Writing never fails: bytes gather in memory, or go where the writer spills them. Reading never
 * trusts: a number beyond its limits, a count that cannot fit into the bytes that are left, a text
 * that is cut off, another section than the one asked for break the reader; from then on it gives
 * the least value that was allowed, and says what was wrong first. */
#ifndef HEATLEDGER_SNAPSHOT_H
#define HEATLEDGER_SNAPSHOT_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAPSHOT_BYTES_MAX (INT64_C(1) << 36) /* of one snapshot: 64 GiB */
#define SNAPSHOT_SECTION_MAX 32               /* bytes of a section's name */
#define SNAPSHOT_TEXT_MAX (1 << 26)           /* bytes of a text: a configuration fits */

/* ---- Writing ---- */

#define SNAPSHOT_SPILL_BYTES ((size_t)64 << 10) /* so many gather before they are spilled */

/* Zeroed: empty, and all bytes stay in memory. */
struct snapshot_writer {
    uint8_t *bytes;
    size_t count, capacity;
    /* Where the bytes go, in order, once there are some; NULL: nowhere. */
    void (*spill)(void *context, const void *bytes, size_t count);
    void *spill_context;
    uint64_t spilled; /* so many have gone … */
    void *checksum;   /* … and what their checksum has come to */
};

/* Begins a snapshot; what the writer held is gone, its memory is used again. */
void snapshot_begin(struct snapshot_writer *writer);

/* A section begins: a name of at most SNAPSHOT_SECTION_MAX bytes, and the version of what follows.
 */
void snapshot_put_section(struct snapshot_writer *writer, const char *name, unsigned version);

void snapshot_put_number(struct snapshot_writer *writer, uint64_t number);
void snapshot_put_signed(struct snapshot_writer *writer, int64_t number);
void snapshot_put_flag(struct snapshot_writer *writer, bool flag);

/* `number` as the difference from another: short where they are close. Any two have one. */
void snapshot_put_from(struct snapshot_writer *writer, int64_t number, int64_t from);

/* An instant, as the difference from another, or "never" (INT64_MAX) or "none" (INT64_MIN), which
 * take one byte. */
void snapshot_put_moment(struct snapshot_writer *writer, int64_t ts_us, int64_t from_us);

/* A text of at most SNAPSHOT_TEXT_MAX bytes; NULL is another than "". */
void snapshot_put_text(struct snapshot_writer *writer, const char *text);

/* So many bytes as they are; their count is not written. */
void snapshot_put_bytes(struct snapshot_writer *writer, const void *bytes, size_t count);

/* Ends the snapshot: `writer->bytes` are `writer->count` bytes that snapshot_open takes; where the
 * writer spills, all of them have gone and it holds none. */
void snapshot_end(struct snapshot_writer *writer);

/* Frees its memory. */
void snapshot_writer_clear(struct snapshot_writer *writer);

/* ---- Reading ---- */

struct snapshot_reader {
    const uint8_t *bytes;
    size_t count, at;
    bool broken;
    char section[SNAPSHOT_SECTION_MAX + 1]; /* the one that is read: for what is said of damage */
    unsigned version;                       /* of that section: at most the one asked for */
    struct failure wrong;                   /* what was wrong first; FAILURE_NONE: nothing */
};

/* Begins to read `bytes`, which must outlive the reader. False where they are no snapshot, cut off
 * or damaged: `failure` says so (FAILURE_RESOURCE), and the reader is broken. */
bool snapshot_open(struct snapshot_reader *reader, const void *bytes, size_t count,
                   struct failure *failure);

/* The section that must stand here, of this version or an earlier one: what an earlier version
 * lacks is the business of who reads it (`reader->version`), for a snapshot may be the only way on
 * (app/snapshots.h). False, and broken, where another stands here, or a later version of it. */
bool snapshot_get_section(struct snapshot_reader *reader, const char *name, unsigned version);

/* A number of at most `most`; a signed one between two bounds; broken beyond. */
uint64_t snapshot_get_number(struct snapshot_reader *reader, uint64_t most);
int64_t snapshot_get_between(struct snapshot_reader *reader, int64_t least, int64_t most);
int64_t snapshot_get_signed(struct snapshot_reader *reader);
bool snapshot_get_flag(struct snapshot_reader *reader);
int64_t snapshot_get_from(struct snapshot_reader *reader, int64_t from);
int64_t snapshot_get_moment(struct snapshot_reader *reader, int64_t from_us);

/* How many elements follow, at most `most`, each of which takes a byte at least: broken, and 0,
 * where so many bytes are not left. So whoever makes room for a count needs no more than a fixed
 * multiple of the snapshot. */
size_t snapshot_get_count(struct snapshot_reader *reader, size_t most);

/* A text of at most `most` bytes, inside the bytes that are read; NULL where none was written, or
 * the reader is broken. */
const char *snapshot_get_text(struct snapshot_reader *reader, size_t most);

/* The same, copied to `text`, an array of `most` + 1 bytes that is zeroed first. */
void snapshot_get_text_into(struct snapshot_reader *reader, char *text, size_t most);

/* So many bytes, inside those that are read; NULL, and broken, where they are not left. */
const void *snapshot_get_bytes(struct snapshot_reader *reader, size_t count);

/* What was read cannot be: breaks the reader. The text names the thing; section and byte are added.
 * Returns false. */
bool snapshot_refuse(struct snapshot_reader *reader, const char *what);

/* Whether everything so far was good. */
bool snapshot_is_good(const struct snapshot_reader *reader);

/* Whether everything was, and nothing is left; what is wrong goes to `failure`. */
bool snapshot_close(struct snapshot_reader *reader, struct failure *failure);

#endif
