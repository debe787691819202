/* What a backup holds: the text file `manifest` in it, written last, so that a directory without
 * one is no backup, or one that was not finished.
 *
 *   heatledger backup 1
 *   version 0.1.0                             of the program that made it
 *   made 2026-03-10T08:00:00+00:00
 *   position 123456                           up to which the ledger has booked the journal
 *   now 2026-03-10T07:59:58.5+00:00           arrival of the newest record that is booked
 *   begin 0                                   of the journal
 *   end 123984
 *   file 00d1c5a37e0f98ab 40960 ledger.db     XXH3 of 64 bits, bytes, path
 *   …
 *   sum 4cf1b8de02a35a17                      XXH3 of all lines before */
#ifndef HEATLEDGER_BACKUP_MANIFEST_H
#define HEATLEDGER_BACKUP_MANIFEST_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BACKUP_MANIFEST "manifest"
#define BACKUP_LEDGER "ledger.db"
#define BACKUP_PLANT "plant.json"
#define BACKUP_JOURNAL "journal"
#define BACKUP_SNAPSHOTS "snapshots"
#define BACKUP_NAME_MAX 64       /* bytes of a file's path in the backup, NUL included */
#define BACKUP_VERSION_MAX 32    /* bytes, NUL included */
#define BACKUP_FILES_MAX 1000000 /* journal files of 64 MiB: 60 TB */

struct backup_manifest {
    char version[BACKUP_VERSION_MAX];
    int64_t made_us, now_us;
    uint64_t position, begin, end;
    struct backup_file {
        char path[BACKUP_NAME_MAX];
        uint64_t bytes, sum;
    } * files;
    size_t count, capacity;
};

/* One more file; its path must not be longer than BACKUP_NAME_MAX allows. Valid until the next. */
struct backup_file *backup_manifest_add(struct backup_manifest *manifest, const char *path);

/* Its text, which the caller frees. */
char *backup_manifest_text(const struct backup_manifest *manifest, size_t *length);

/* Reads one; `path` is for messages. Fails with FAILURE_RESOURCE where the text is damaged, or is
 * of a newer form. */
bool backup_manifest_parse(struct backup_manifest *manifest, const char *text, size_t length,
                           const char *path, struct failure *failure);

/* Of all files. */
uint64_t backup_manifest_bytes(const struct backup_manifest *manifest);

void backup_manifest_clear(struct backup_manifest *manifest);

#endif
