/* Snapshots as files: written whole or not at all. */
#ifndef HEATLEDGER_SNAPSHOT_FILE_H
#define HEATLEDGER_SNAPSHOT_FILE_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes a file of `count` bytes: to `path`.new first, which is synced and renamed, and the folder
 * synced; whatever stood at `path` stands there until then. False (FAILURE_RESOURCE): nothing is at
 * `path` that was not there before. */
bool snapshot_file_write(const char *path, const void *bytes, size_t count,
                         struct failure *failure);

/* The same a piece after another: begins the file (NULL: it cannot be made), adds to it, ends it.
 * What goes wrong while adding is told at the end; either way the file is gone from memory then.
 * snapshot_file_add fits `spill` of snapshot_writer. */
struct snapshot_file;
struct snapshot_file *snapshot_file_begin(const char *path, struct failure *failure);
void snapshot_file_add(void *file, const void *bytes, size_t count);
bool snapshot_file_end(struct snapshot_file *file, struct failure *failure);

/* Gives it up: nothing is at its path that was not there before. */
void snapshot_file_drop(struct snapshot_file *file);

/* Reads a file of at most SNAPSHOT_BYTES_MAX bytes into `*bytes`, which the caller frees. */
bool snapshot_file_read(const char *path, uint8_t **bytes, size_t *count, struct failure *failure);

#endif
