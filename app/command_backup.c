#include "backup.h"
#include "backup_manifest.h"
#include "commands.h"
#include "file_copy.h"
#include "journal.h"
#include "journal_copy.h"
#include "memory.h"
#include "options.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SHARE_DEFAULT_PERCENT 50
#define SNAPSHOT_SUFFIX ".snap"
#define SNAPSHOT_DAY '-'                /* POSITION-DAY.snap */
#define SPARE_BYTES (UINT64_C(4) << 20) /* for names, the manifest, what is rounded up */

/* One backup being made. */
struct work {
    const char *directory, *target;
    struct backup *ledger;
    struct backup_manifest manifest;
    struct file_copying copying;
    char from[FILE_COPY_PATH_MAX], to[FILE_COPY_PATH_MAX]; /* of the file in hand */
};

static bool paths(struct work *work, const char *folder, const char *name, struct failure *failure)
{
    const char *slash = folder[0] != '\0' ? "/" : "";
    int from =
        snprintf(work->from, sizeof work->from, "%s/%s%s%s", work->directory, folder, slash, name);
    int to = snprintf(work->to, sizeof work->to, "%s/%s%s%s", work->target, folder, slash, name);
    return (from < (int)sizeof work->from && to < (int)sizeof work->to) ||
           failure_set(failure, FAILURE_INPUT, "backup: the path of %s is too long", name);
}

static struct backup_file *add(struct work *work, const char *folder, const char *name)
{
    char path[BACKUP_NAME_MAX];
    snprintf(path, sizeof path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", name);
    return backup_manifest_add(&work->manifest, path);
}

/* ---- The parts ---- */

/* A snapshot that the copied ledger has reached. One that the daemon lets go of at this moment is
 * passed over: a newer one is there. */
static bool copy_snapshot(struct work *work, const char *name, struct failure *failure)
{
    uint64_t bytes = 0, sum = 0;
    if (!paths(work, BACKUP_SNAPSHOTS, name, failure)) {
        return false;
    }
    if (!file_copy(work->from, work->to, &work->copying, &bytes, &sum, failure)) {
        return access(work->from, F_OK) != 0 && errno == ENOENT &&
               (unlink(work->to) == 0 || errno == ENOENT);
    }
    struct backup_file *file = add(work, BACKUP_SNAPSHOTS, name);
    file->bytes = bytes;
    file->sum = sum;
    return true;
}

static bool is_snapshot(const char *name, uint64_t position)
{
    char *end = NULL;
    uint64_t at = strtoull(name, &end, 10);
    return end != name && (*end == SNAPSHOT_SUFFIX[0] || *end == SNAPSHOT_DAY) &&
           strchr(name, SNAPSHOT_SUFFIX[0]) != NULL &&
           strcmp(strchr(name, SNAPSHOT_SUFFIX[0]), SNAPSHOT_SUFFIX) == 0 && at <= position &&
           strlen(name) + sizeof BACKUP_SNAPSHOTS < BACKUP_NAME_MAX;
}

static bool copy_snapshots(struct work *work, struct failure *failure)
{
    uint64_t position = work->manifest.position;
    if (!paths(work, "", BACKUP_SNAPSHOTS, failure)) {
        return false;
    }
    DIR *directory = opendir(work->from);
    bool good = true;
    if (directory == NULL) {
        return true; /* none was made yet */
    }
    if (mkdir(work->to, 0750) != 0) {
        good = failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", work->to,
                           strerror(errno));
    }
    for (const struct dirent *entry; good && (entry = readdir(directory)) != NULL;) {
        good = !is_snapshot(entry->d_name, position) || copy_snapshot(work, entry->d_name, failure);
    }
    closedir(directory);
    return good && paths(work, "", BACKUP_SNAPSHOTS, failure) &&
           file_sync_directory(work->to, failure);
}

static bool write_text(struct work *work, const char *name, const char *text, size_t length,
                       uint64_t *sum, struct failure *failure)
{
    struct file_out out;
    if (!paths(work, "", name, failure) || !file_out_open(&out, work->to, false, failure)) {
        return false;
    }
    bool good = file_out_write(&out, text, length, failure);
    return file_out_close(&out, good, sum, failure);
}

/* plant.json in force, as the journal has it. */
static bool write_plant(struct work *work, struct failure *failure)
{
    const char *text = backup_about(work->ledger)->configuration_text;
    uint64_t sum = 0;
    if (text == NULL) {
        return true;
    }
    if (!write_text(work, BACKUP_PLANT, text, strlen(text), &sum, failure)) {
        return false;
    }
    struct backup_file *file = add(work, "", BACKUP_PLANT);
    file->bytes = strlen(text);
    file->sum = sum;
    return true;
}

static bool copy_ledger(struct work *work, struct failure *failure)
{
    uint64_t done = 0, before = 0, bytes = 0, sum = 0;
    int got = 1;
    while (got == 1) {
        got = backup_step(work->ledger, FILE_COPY_PIECE, &done, failure);
        file_copying_done(&work->copying, done - before);
        before = done;
    }
    struct backup *ledger = work->ledger;
    work->ledger = NULL;
    if (!backup_end(ledger, got < 0 ? NULL : failure) || got < 0 ||
        !paths(work, "", BACKUP_LEDGER, failure) ||
        !file_sum(work->to, true, &work->copying, &bytes, &sum, failure)) {
        return false;
    }
    struct backup_file *file = add(work, "", BACKUP_LEDGER);
    file->bytes = bytes;
    file->sum = sum;
    return true;
}

/* The file of the journal that is in hand. */
static bool copy_segment(struct work *work, const struct journal_copy *journal, void *room,
                         struct failure *failure)
{
    struct file_out out;
    uint64_t at = 0, sum = 0;
    ssize_t got = 0;
    bool good = true;
    if (!paths(work, BACKUP_JOURNAL, journal->name, failure) ||
        !file_out_open(&out, work->to, true, failure)) {
        return false;
    }
    while (good && (got = journal_copy_read(journal, at, room, FILE_COPY_PIECE)) > 0) {
        good = file_out_write(&out, room, (size_t)got, failure);
        at += (uint64_t)got;
        file_copying_done(&work->copying, (uint64_t)got);
    }
    if (got < 0) {
        good = failure_set(failure, FAILURE_RESOURCE, "%s: cannot be read: %s", work->from,
                           strerror(errno));
    }
    if (!file_out_close(&out, good, &sum, failure)) {
        return false;
    }
    struct backup_file *file = add(work, BACKUP_JOURNAL, journal->name);
    file->bytes = out.bytes;
    file->sum = sum;
    return true;
}

static bool copy_journal(struct work *work, struct failure *failure)
{
    struct journal_copy journal;
    int got = 0;
    if (!paths(work, "", BACKUP_JOURNAL, failure)) {
        return false;
    }
    if (mkdir(work->to, 0750) != 0) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", work->to,
                           strerror(errno));
    }
    if (!journal_copy_open(&journal, work->from, work->manifest.end, failure)) {
        return false;
    }
    void *room = memory_zeroed(FILE_COPY_PIECE, 1);
    bool good = true;
    while (good && (got = journal_copy_next(&journal, failure)) == 1) {
        good = copy_segment(work, &journal, room, failure);
    }
    free(room);
    journal_copy_close(&journal);
    return good && got == 0 && paths(work, "", BACKUP_JOURNAL, failure) &&
           file_sync_directory(work->to, failure);
}

/* Up to where the journal stands now, which is behind the copied ledger. */
static bool look_at_journal(struct work *work, struct failure *failure)
{
    if (!paths(work, "", BACKUP_JOURNAL, failure)) {
        return false;
    }
    struct journal *journal = journal_open_reading(work->from, failure);
    if (journal == NULL) {
        return false;
    }
    work->manifest.begin = journal_begin(journal);
    work->manifest.end = journal_end(journal);
    journal_close(journal);
    return work->manifest.position <= work->manifest.end ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: the ledger is ahead of its journal (%" PRIu64 " > %" PRIu64
                       "): start the daemon, which says what to do",
                       work->directory, work->manifest.position, work->manifest.end);
}

/* What it takes must be free before anything is written. */
static bool look_for_room(struct work *work, struct failure *failure)
{
    struct statvfs disk;
    uint64_t ledger = backup_about(work->ledger)->bytes;
    uint64_t journal = journal_copy_size(work->from, work->manifest.end);
    uint64_t needed = ledger + journal + SPARE_BYTES;
    work->copying.all_bytes = 2 * ledger + journal; /* the ledger is read once more */
    if (statvfs(work->target, &disk) != 0) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be looked at: %s", work->target,
                           strerror(errno));
    }
    uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return free_bytes >= needed ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: the backup takes %" PRIu64 " MiB, and %" PRIu64 " MiB are free: make "
                       "room, or name a directory on another disk",
                       work->target, needed >> 20, free_bytes >> 20);
}

/* Last: what has no manifest is no backup. */
static bool write_manifest(struct work *work, struct failure *failure)
{
    static const char fresh[] = BACKUP_MANIFEST ".new";
    char path[FILE_COPY_PATH_MAX];
    size_t length = 0;
    uint64_t sum = 0;
    char *text = backup_manifest_text(&work->manifest, &length);
    bool good = file_sync_directory(work->target, failure) &&
                write_text(work, fresh, text, length, &sum, failure);
    free(text);
    if (!good) {
        return false;
    }
    snprintf(path, sizeof path, "%s", work->to);
    if (!paths(work, "", BACKUP_MANIFEST, failure)) {
        return false;
    }
    return (rename(path, work->to) == 0 ||
            failure_set(failure, FAILURE_RESOURCE, "%s: cannot be named: %s", work->to,
                        strerror(errno))) &&
           file_sync_directory(work->target, failure);
}

/* Without its beginning the journal is worth nothing unless a snapshot goes on from there. */
static bool can_go_on(const struct work *work, struct failure *failure)
{
    const struct backup_manifest *manifest = &work->manifest;
    bool whole = false;
    for (size_t i = 0; i < manifest->count; i++) {
        const char *path = manifest->files[i].path;
        uint64_t position = 0;
        char first[BACKUP_NAME_MAX];
        snprintf(first, sizeof first, "%s/%016x.journal", BACKUP_JOURNAL, 0);
        whole = whole || strncmp(path, first, strlen(first)) == 0 ||
                (sscanf(path, BACKUP_SNAPSHOTS "/%" SCNu64, &position) == 1 &&
                 position >= manifest->begin);
    }
    return whole || failure_set(failure, FAILURE_RESOURCE,
                                "%s: the journal's beginning is gone, and no snapshot stands "
                                "behind what is left of it: let the daemon make one, and try again",
                                work->directory);
}

static bool make(struct work *work, struct failure *failure)
{
    const struct backup_about *about = backup_about(work->ledger);
    work->manifest.made_us = wall_clock_us();
    work->manifest.position = about->position;
    work->manifest.now_us = about->now_us;
    snprintf(work->manifest.version, sizeof work->manifest.version, "%s", HEATLEDGER_VERSION);
    return look_at_journal(work, failure) && look_for_room(work, failure) &&
           copy_snapshots(work, failure) && write_plant(work, failure) &&
           copy_ledger(work, failure) && copy_journal(work, failure) && can_go_on(work, failure) &&
           write_manifest(work, failure);
}

/* ---- The command ---- */

static bool share_parse(const char *text, int *percent, struct failure *failure)
{
    char *end = NULL;
    long value = text == NULL ? SHARE_DEFAULT_PERCENT : strtol(text, &end, 10);
    if (text != NULL && (end == text || *end != '\0' || value < 1 || value > 100)) {
        return failure_set(failure, FAILURE_INPUT,
                           "--share %s: percent of the time that the disk is kept busy, 1 to 100",
                           text);
    }
    *percent = (int)value;
    return true;
}

static void say_done(const struct work *work)
{
    char now[TIMESTAMP_TEXT_MAX];
    const struct backup_manifest *manifest = &work->manifest;
    printf("%s: %zu files, %" PRIu64 " MiB; the ledger at position %" PRIu64 " (%s), the journal "
           "to %" PRIu64 "\nnext: heatledger restore %s -d NEWDIR, to see that it can be used\n",
           work->target, manifest->count, backup_manifest_bytes(manifest) >> 20, manifest->position,
           timestamp_format(manifest->now_us, 0, now), manifest->end, work->target);
}

static bool run(struct work *work, int share_percent, struct failure *failure)
{
    bool made = false;
    if (!paths(work, "", BACKUP_LEDGER, failure)) {
        return false;
    }
    if (access(work->from, F_OK) != 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: no ledger here; -d names the directory "
                           "of `run`",
                           work->from);
    }
    if (!file_make_empty_directory(work->target, &made, failure)) {
        return false;
    }
    file_copying_begin(&work->copying, "backup", share_percent);
    work->ledger = backup_begin(work->from, work->to, failure);
    bool good = work->ledger != NULL && make(work, failure);
    file_copying_end(&work->copying);
    if (work->ledger != NULL) {
        backup_end(work->ledger, NULL);
    }
    if (good) {
        say_done(work);
    } else {
        file_remove_all(work->target, made);
    }
    backup_manifest_clear(&work->manifest);
    return good;
}

bool command_backup(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL, *share_text = NULL;
    int share_percent = 0;
    const struct option options[] = {
        {"-d", "DIR", &directory, NULL, true, "the ledger's directory"},
        {"--share", "PERCENT", &share_text, NULL, false,
         "of the time at most that the disk is kept busy, 50 by default"},
    };
    const struct command_usage usage = {
        .synopsis = "backup -d DIR TARGET [--share PERCENT]",
        .description =
            "Copies a ledger, its journal, its snapshots and plant.json into the directory\n"
            "TARGET, which must be empty or not there, while the daemon goes on. The copy is of\n"
            "one moment; its file `manifest`, which is written last, says of which, and lists\n"
            "every file with its checksum. A backup that fails is removed; one that was killed\n"
            "has no manifest, and is refused by `restore`.\n"
            "Example: heatledger backup -d /var/lib/heatledger /backup/$(date +%F)",
        .options = options,
        .option_count = 2,
        .operand_min = 1,
        .operand_max = 1,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure) || helped) {
        return helped;
    }
    if (!share_parse(share_text, &share_percent, failure)) {
        return false;
    }
    struct work work = {.directory = directory, .target = operands[0]};
    return run(&work, share_percent, failure);
}
