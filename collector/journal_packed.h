/* A segment as it is kept once it is full and read through: one zstd frame of the whole file, in
 * a file of the segment's name and ".zst". `zstd -d` gives the segment back. */
#ifndef HEATLEDGER_JOURNAL_PACKED_H
#define HEATLEDGER_JOURNAL_PACKED_H

#include "journal_segment.h"

#include <stdatomic.h>

#define PACKED_TEMPORARY "pack.tmp" /* a packed file until it is complete on the disk */

void packed_name(uint64_t base, char name[SEGMENT_NAME_MAX]);
bool packed_name_parse(const char *name, uint64_t *base);

/* Packs the segment, which must be complete and synced, reads it back and compares, and only then
 * lets the packed file take the place of the other one. A crash at any point leaves at least one of
 * them whole. Gives up, with a failure, where `stop` becomes true; the segment is then as before,
 * as after any failure. Takes about a third of a second for 64 MiB. */
bool packed_write(int directory_fd, const struct segment *segment, const atomic_bool *stop,
                  struct failure *failure);

/* Fills the segment from the packed file's header; its contents stay on the disk. */
bool packed_open(const struct journal_disk *disk, int directory_fd, uint64_t base,
                 struct segment *segment, struct failure *failure);

/* Brings the contents of a packed segment into memory: sets its map, which can only be read. */
bool packed_load(int directory_fd, struct segment *segment, struct failure *failure);

/* Arrival of the first record of a packed segment that is not in memory. */
bool packed_first_arrival(int directory_fd, const struct segment *segment, int64_t *arrival_us,
                          struct failure *failure);

#endif
