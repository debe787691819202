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

/* Reads a file of at most SNAPSHOT_BYTES_MAX bytes into `*bytes`, which the caller frees. */
bool snapshot_file_read(const char *path, uint8_t **bytes, size_t *count, struct failure *failure);

#endif
