/* The journal: every message, in order of arrival, before the broker is told that we have it.
 *
 * A directory of segment files, preallocated and memory-mapped. A record's position is the number
 * of bytes before it since the journal began; it never changes and is the identity from which all
 * effects are named. Appending is safe from several threads; one thread reads. A record is complete
 * once its length is not zero, so a reader needs no lock.
 *
 * A segment that is full and read through is packed (zstd, `zstd -d` gives it back), and let go of
 * when it is old enough (journal_retire). Readers need not know which are packed. */
#ifndef HEATLEDGER_JOURNAL_H
#define HEATLEDGER_JOURNAL_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_TOPIC_MAX 65535
#define JOURNAL_PAYLOAD_MAX (16u << 20)
#define JOURNAL_SEGMENT_DEFAULT (64u << 20) /* bytes */
#define JOURNAL_SEGMENT_MIN (64u << 10)

enum journal_kind {
    JOURNAL_MESSAGE = 1, /* from the broker, or from a recording */
    JOURNAL_CONFIG,      /* payload: zone table and plant.json text, app/plant_record.h */
    JOURNAL_TICK,        /* time passed without a message while a timer was due */
    JOURNAL_ENTRY,       /* what a person entered other than by MQTT */
    JOURNAL_OVERSIZE,    /* a message beyond the payload limit; the payload holds its beginning */
    JOURNAL_SKIP,        /* a record before this one is left out: it crashes the engine, skips.h */
    JOURNAL_NOTE,        /* a trouble of the program began, or is over: app/trouble_note.h */
};

struct journal_record {
    enum journal_kind kind;
    uint8_t qos;
    bool retain, dup;
    bool fresh; /* since the record before it the broker has begun a new session with us */
    uint16_t packet_id;
    uint32_t session;   /* counts connections, 0: none */
    int64_t arrival_us; /* UTC */
    const char *topic;  /* not ended with NUL */
    size_t topic_length;
    const void *payload;
    size_t payload_length;
    uint64_t position; /* set when appended and when read */
    uint64_t next;     /* position of the record behind it; set when read */
};

struct journal;
struct journal_disk; /* journal_disk.h */

/* What a record survives that journal_append has taken. */
enum journal_durability {
    JOURNAL_PROCESS, /* kill -9 of the process; a power cut after journal_sync */
    JOURNAL_GROUP,   /* the same, and a thread of the journal syncs within `sync_ms` */
    JOURNAL_POWER,   /* a power cut: journal_append returns when the record is on the disk */
};

#define JOURNAL_SYNC_DEFAULT_MS 20
#define JOURNAL_KEEP_DEFAULT_DAYS 400

struct journal_settings {
    size_t segment_bytes; /* of new segments; at least JOURNAL_SEGMENT_MIN */
    enum journal_durability durability;
    uint32_t sync_ms;                /* with JOURNAL_GROUP; 1 or more */
    bool compress;                   /* segments that are full and read through are packed */
    uint32_t keep_days;              /* journal_retire spares what is younger; 1 or more */
    const struct journal_disk *disk; /* NULL: the system's */
};

/* Opens (creates) the journal in directory `path` for appending and reading. A torn tail (a record
 * of the last segment whose checksum does not hold) is cut and its length given in `*cut_bytes`; a
 * bad checksum elsewhere is a failure: of this call in the last segment, where the disk is known to
 * have held the record complete, and of journal_read in older ones. What a killed process left
 * unfinished of a segment being packed is removed. Only one process may have the journal open so (a
 * lock file says so in the failure). */
struct journal *journal_open_with(const char *path, const struct journal_settings *settings,
                                  uint64_t *cut_bytes, struct failure *failure);

/* The same at JOURNAL_PROCESS, without a thread of its own: nothing is packed. */
struct journal *journal_open(const char *path, size_t segment_bytes, uint64_t *cut_bytes,
                             struct failure *failure);

/* For looking only, also while a daemon appends: sees what was complete when it is asked. */
struct journal *journal_open_reading(const char *path, struct failure *failure);

void journal_close(struct journal *journal);

/* Appends one record and sets its position. False where no room can be allocated (disk full, file
 * system read-only): nothing was written, and it may be tried again; and after a sync has failed,
 * where every further try fails too. */
bool journal_append(struct journal *journal, struct journal_record *record,
                    struct failure *failure);

/* False while the next segment cannot be allocated. It is allocated when the present one is half
 * full, so that there is time to make room before an append fails. */
bool journal_has_room(struct journal *journal, struct failure *failure);

/* Makes everything appended before the call survive a power cut. After a failure what the disk
 * holds is unknown: this and every append fail from then on. */
bool journal_sync(struct journal *journal, struct failure *failure);

/* The same for what stands before `position`; costs nothing where that was synced already. */
bool journal_sync_before(struct journal *journal, uint64_t position, struct failure *failure);

/* Segments that the reader has in memory, where they are packed on the disk. */
#define JOURNAL_HELD 2

/* Reads the record at `position`, or the first one behind it where `position` is the first byte of
 * a segment (0 reads the first record of all). Returns 1: read, and the pointers of `record` stay
 * valid until the reader has come to JOURNAL_HELD other segments; 0: the end, nothing there yet;
 * -1: the journal is damaged there, no longer kept, or its file cannot be opened. */
int journal_read(struct journal *journal, uint64_t position, struct journal_record *record,
                 struct failure *failure);

/* Position of the first record kept, and the end: what the next append will get, or the first byte
 * of a record that has to go into a new segment. A journal opened for reading tells the end that it
 * found when it was opened, or that journal_read has reached since. */
uint64_t journal_begin(const struct journal *journal);
uint64_t journal_end(const struct journal *journal);

/* Whether records before the first one kept were let go of, and how many days records are kept. */
bool journal_is_shortened(const struct journal *journal);
uint32_t journal_keep_days(const struct journal *journal);

/* Lets go of the oldest segments that end at or before `position` and whose records all arrived
 * more than `keep_days` before `now_us`; journal_begin is then the first record of what is left.
 * `position` is the oldest that anybody will ever read from again (that of the oldest snapshot
 * kept). To be called by the thread that reads, which is not in these segments any more: one in
 * which it still is, or that is being packed, stays until the next call. `now_us`: UTC, in the
 * clock of the records' arrival. False where a file cannot be looked at or removed: nothing behind
 * it was. */
bool journal_retire(struct journal *journal, uint64_t position, int64_t now_us,
                    struct failure *failure);

/* How many records were appended since it was opened, and up to where all is on the disk: may be
 * asked from any thread. */
uint64_t journal_appended(const struct journal *journal);
uint64_t journal_synced(const struct journal *journal);

/* Waits until there is something at `position`, at most `timeout_ms`; true where there is. */
bool journal_wait(struct journal *journal, uint64_t position, int timeout_ms);

/* Ends all waits at once, for stopping. */
void journal_wake(struct journal *journal);

#endif
