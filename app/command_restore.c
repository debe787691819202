#include "backup_manifest.h"
#include "book_former.h"
#include "commands.h"
#include "file_copy.h"
#include "journal.h"
#include "options.h"
#include "proof.h"
#include "reader.h"
#include "snapshot_file.h"
#include "timestamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRESH "restoring" /* in DIR, until all of it is there */

static const char *const folders[] = {BACKUP_JOURNAL, BACKUP_SNAPSHOTS};
#define FOLDER_COUNT (sizeof folders / sizeof folders[0])

/* One backup being brought back. */
struct work {
    const char *source, *directory;
    struct backup_manifest manifest;
    struct file_copying copying;
    char fresh[FILE_COPY_PATH_MAX];
    unsigned held, broken; /* proofs */
    bool proved;
};

static bool path_in(char path[FILE_COPY_PATH_MAX], const char *directory, const char *name,
                    struct failure *failure)
{
    return snprintf(path, FILE_COPY_PATH_MAX, "%s/%s", directory, name) < FILE_COPY_PATH_MAX ||
           failure_set(failure, FAILURE_INPUT, "restore: the path of %s is too long", name);
}

static bool read_manifest(struct work *work, struct failure *failure)
{
    char path[FILE_COPY_PATH_MAX];
    uint8_t *text = NULL;
    size_t length = 0;
    if (!path_in(path, work->source, BACKUP_MANIFEST, failure)) {
        return false;
    }
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: has no file `manifest`: it is no backup, or one that was not "
                           "finished; take another one",
                           work->source);
    }
    bool good = snapshot_file_read(path, &text, &length, failure) &&
                backup_manifest_parse(&work->manifest, (const char *)text, length, path, failure);
    free(text);
    return good;
}

static void say_found(const struct work *work)
{
    const struct backup_manifest *manifest = &work->manifest;
    char made[TIMESTAMP_TEXT_MAX], now[TIMESTAMP_TEXT_MAX];
    printf("%s: made %s by heatledger %s: %zu files, %" PRIu64 " MiB\n"
           "the ledger stands at position %" PRIu64 " (%s), the journal reaches from %" PRIu64
           " to %" PRIu64 "\n",
           work->source, timestamp_format(manifest->made_us, 0, made), manifest->version,
           manifest->count, backup_manifest_bytes(manifest) >> 20, manifest->position,
           timestamp_format(manifest->now_us, 0, now), manifest->begin, manifest->end);
    fflush(stdout);
}

/* ---- Copying ---- */

static bool bring_back(struct work *work, const struct backup_file *file, struct failure *failure)
{
    char from[FILE_COPY_PATH_MAX], to[FILE_COPY_PATH_MAX];
    uint64_t bytes = 0, sum = 0;
    if (!path_in(from, work->source, file->path, failure) ||
        !path_in(to, work->fresh, file->path, failure) ||
        !file_copy(from, to, &work->copying, &bytes, &sum, failure)) {
        return false;
    }
    if (bytes != file->bytes) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s is damaged: it has %" PRIu64 " bytes, and was backed up with "
                           "%" PRIu64 "; take another backup",
                           from, bytes, file->bytes);
    }
    return sum == file->sum ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s is damaged: its checksum is %016" PRIx64 ", and was %016" PRIx64
                       " when it was backed up; take another backup",
                       from, sum, file->sum);
}

static bool make_folders(struct work *work, struct failure *failure)
{
    char path[FILE_COPY_PATH_MAX];
    if (!path_in(work->fresh, work->directory, FRESH, failure)) {
        return false;
    }
    bool good = mkdir(work->fresh, 0750) == 0;
    for (size_t i = 0; good && i < FOLDER_COUNT; i++) {
        if (!path_in(path, work->fresh, folders[i], failure)) {
            return false;
        }
        good = mkdir(path, 0750) == 0;
    }
    return good || failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", work->fresh,
                               strerror(errno));
}

static bool bring_all(struct work *work, struct failure *failure)
{
    work->copying.all_bytes = backup_manifest_bytes(&work->manifest);
    bool good = make_folders(work, failure);
    for (size_t i = 0; good && i < work->manifest.count; i++) {
        good = bring_back(work, &work->manifest.files[i], failure);
    }
    return good;
}

/* ---- Proving ---- */

static void take_proof(void *context, const struct proof_row *row)
{
    struct work *work = context;
    work->held += row->holds;
    work->broken += !row->holds;
    if (!row->holds) {
        printf("OFF  %-60s %s <> %s\n", row->what, row->left, row->right);
    }
}

static bool prove_journal(struct work *work, struct failure *failure)
{
    char path[FILE_COPY_PATH_MAX];
    if (!path_in(path, work->fresh, BACKUP_JOURNAL, failure)) {
        return false;
    }
    struct journal *journal = journal_open_reading(path, failure);
    if (journal == NULL) {
        return false;
    }
    uint64_t end = journal_end(journal);
    journal_close(journal);
    return end == work->manifest.end ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: its journal ends at %" PRIu64 ", not at %" PRIu64
                       " as its manifest says; take another backup",
                       work->source, end, work->manifest.end);
}

/* The sums of the ledger; one of an earlier heatledger is proved after its first start. */
static bool prove_ledger(struct work *work, struct failure *failure)
{
    char path[FILE_COPY_PATH_MAX];
    struct book_former former;
    struct failure earlier = {0};
    uint64_t position = 0;
    if (!path_in(path, work->fresh, BACKUP_LEDGER, failure) ||
        !book_former_find(path, &former, failure)) {
        return false;
    }
    struct reader *reader = reader_open(work->fresh, &earlier);
    if (reader == NULL) {
        printf("not proved: %s\n", earlier.text);
        return true;
    }
    bool good =
        proof_run(reader, take_proof, work, failure) && reader_position(reader, &position, failure);
    reader_close(reader);
    work->proved = good;
    return good && (position <= work->manifest.end ||
                    failure_set(failure, FAILURE_RESOURCE,
                                "%s: its ledger is ahead of its journal; take another backup",
                                work->source));
}

/* ---- Into its place ---- */

static bool move(const struct work *work, const char *name, struct failure *failure)
{
    char from[FILE_COPY_PATH_MAX], to[FILE_COPY_PATH_MAX];
    return path_in(from, work->fresh, name, failure) &&
           path_in(to, work->directory, name, failure) &&
           (access(from, F_OK) != 0 || rename(from, to) == 0 ||
            failure_set(failure, FAILURE_RESOURCE, "%s: cannot be renamed to %s: %s", from, to,
                        strerror(errno)));
}

static bool move_all(struct work *work, struct failure *failure)
{
    static const char *const names[] = {BACKUP_JOURNAL, BACKUP_SNAPSHOTS, BACKUP_PLANT,
                                        BACKUP_LEDGER};
    char path[FILE_COPY_PATH_MAX];
    bool good = true;
    for (size_t i = 0; good && i < FOLDER_COUNT; i++) {
        good =
            path_in(path, work->fresh, folders[i], failure) && file_sync_directory(path, failure);
    }
    for (size_t i = 0; good && i < sizeof names / sizeof names[0]; i++) {
        good = move(work, names[i], failure);
    }
    file_remove_all(work->fresh, good);
    return good && file_sync_directory(work->directory, failure);
}

/* ---- The command ---- */

static bool say_done(const struct work *work, struct failure *failure)
{
    char now[TIMESTAMP_TEXT_MAX];
    if (work->proved) {
        printf("every checksum holds; of the ledger %u proofs hold, %u do not\n", work->held,
               work->broken);
    }
    printf("What came after %s is not in it, except what the broker still keeps for this "
           "client_id.\n"
           "next: heatledger verify -d %s, then heatledger run -c %s/plant.json -d %s\n"
           "(plant.json as it was in force; no other daemon may work for this plant)\n",
           timestamp_format(work->manifest.now_us, 0, now), work->directory, work->directory,
           work->directory);
    return work->broken == 0 ||
           failure_set(failure, FAILURE_CHECK,
                       "%u of %u proofs do not hold: the ledger was so when it was backed up",
                       work->broken, work->held + work->broken);
}

static bool run(struct work *work, struct failure *failure)
{
    bool made = false;
    if (!read_manifest(work, failure) ||
        !file_make_empty_directory(work->directory, &made, failure)) {
        return false;
    }
    say_found(work);
    file_copying_begin(&work->copying, "restore", 100);
    bool good = bring_all(work, failure);
    file_copying_end(&work->copying);
    good = good && prove_journal(work, failure) && prove_ledger(work, failure) &&
           move_all(work, failure);
    if (!good) {
        file_remove_all(work->directory, made);
    }
    return good && say_done(work, failure);
}

bool command_restore(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL;
    const struct option options[] = {
        {"-d", "DIR", &directory, NULL, true, "where to; must be empty or not there"},
    };
    const struct command_usage usage = {
        .synopsis = "restore SOURCE -d DIR",
        .description =
            "Brings a backup back into the directory DIR, which must be empty or not there: says\n"
            "of which moment it is, compares every file with its checksum, proves the ledger's\n"
            "sums, and says what to do next. A damaged backup is refused with the name of the\n"
            "damaged file, and DIR is left as it was.\n"
            "Example: heatledger restore /backup/2026-03-10 -d /var/lib/heatledger",
        .options = options,
        .option_count = 1,
        .operand_min = 1,
        .operand_max = 1,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure) || helped) {
        return helped;
    }
    struct work work = {.source = operands[0], .directory = directory};
    bool good = run(&work, failure);
    backup_manifest_clear(&work.manifest);
    return good;
}
