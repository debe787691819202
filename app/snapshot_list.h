/* Which snapshots a ledger directory has: DIR/snapshots/POSITION.snap, and, of those that are kept
 * for long, POSITION-DAY.snap. */
#ifndef HEATLEDGER_SNAPSHOT_LIST_H
#define HEATLEDGER_SNAPSHOT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAPSHOT_LIST_NAME_MAX 64 /* of a file in the directory, NUL included */

struct snapshot_entry {
    uint64_t position;
    bool base;   /* kept as long as the journal behind it */
    int32_t day; /* of a base: the engine's day (UTC) at that position */
};

struct snapshot_list {
    struct snapshot_entry *entries; /* the newest first */
    size_t count, capacity;
};

/* Reads the directory; an empty list where it cannot be read. snapshot_list_clear frees it. */
void snapshot_list_read(struct snapshot_list *list, const char *directory);
void snapshot_list_clear(struct snapshot_list *list);

/* Removes what a killed program had begun to write there. Nobody writes one meanwhile. */
void snapshot_list_sweep(const char *directory);

/* The name of its file. */
void snapshot_list_name(const struct snapshot_entry *entry, char name[SNAPSHOT_LIST_NAME_MAX]);

/* The newest base of `day` or before; NULL: there is none. */
const struct snapshot_entry *snapshot_list_base(const struct snapshot_list *list, int32_t day);

#endif
