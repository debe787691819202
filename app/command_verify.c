#include "book.h"
#include "book_copy.h"
#include "commands.h"
#include "dump.h"
#include "engine.h"
#include "options.h"
#include "pipeline_snapshot.h"
#include "proof.h"
#include "reader.h"
#include "snapshot_list.h"
#include "timestamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP_BYTES (UINT64_C(64) << 20) /* of the journal, between two lines of progress */
#define DIFFERENCE_MAX 400              /* bytes shown of a line that differs */

struct verification {
    const char *directory, *from_text;
    struct snapshots snapshots;
    struct journal *journal;
    struct skips skips;
    struct book *book; /* a copy of the ledger, then what is made of the journal */
    uint64_t until;    /* the ledger's position */
    unsigned held, broken;
};

static void count_row(struct verification *proof, bool holds)
{
    *(holds ? &proof->held : &proof->broken) += 1;
}

static void print_row(void *context, const struct proof_row *row)
{
    printf("%-4s %-60s %s%s%s\n", row->holds ? "ok" : "OFF", row->what, row->left,
           row->holds ? " = " : " <> ", row->right);
    count_row(context, row->holds);
}

/* ---- From where ---- */

static void print_from(const struct pipeline *pipeline, uint64_t position)
{
    char text[TIMESTAMP_TEXT_MAX];
    int64_t now_us = pipeline_now_us(pipeline);
    const struct zone *zone = &pipeline_plant(pipeline)->roster.zone;
    printf("from the snapshot of position %" PRIu64 ", %s: what was booked before is proved by the "
           "sums above,\n     what came since by the journal\n",
           position, timestamp_format(now_us, zone_offset_s(zone, now_us), text));
}

/* Takes the copy back to the snapshot, and loads it. The copy is gone where that fails. */
static struct pipeline *begin_at(struct verification *proof, uint64_t position,
                                 struct failure *failure)
{
    struct pipeline *pipeline = NULL;
    if (book_roll_back(proof->book, position, failure)) {
        pipeline =
            snapshots_load_at(&proof->snapshots, position, proof->journal, proof->book, failure);
    }
    if (pipeline == NULL) {
        return NULL;
    }
    pipeline_prove_until(pipeline, proof->until);
    if (!pipeline_give_again(pipeline, failure)) {
        pipeline_destroy(pipeline);
        return NULL;
    }
    print_from(pipeline, position);
    return pipeline;
}

static struct pipeline *begin_at_start(struct verification *proof, struct failure *failure)
{
    book_close(proof->book);
    proof->book = book_temporary(failure);
    if (proof->book == NULL) {
        return NULL;
    }
    struct pipeline *pipeline = pipeline_create(proof->journal, proof->book);
    pipeline_prove_until(pipeline, proof->until);
    return pipeline;
}

static bool can_begin_at(const struct verification *proof, uint64_t position)
{
    return position >= journal_begin(proof->journal) && position <= proof->until;
}

/* The oldest (newest) snapshot from which the ledger can be proved. */
static bool choose(const struct verification *proof, bool newest, uint64_t *position,
                   struct failure *failure)
{
    struct snapshot_list list;
    bool found = false;
    snapshot_list_read(&list, proof->snapshots.directory);
    for (size_t i = 0; i < list.count && !(found && newest); i++) {
        if (can_begin_at(proof, list.entries[i].position)) {
            *position = list.entries[i].position;
            found = true;
        }
    }
    snapshot_list_clear(&list);
    return found ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: there is no snapshot from which the ledger could be proved (journal "
                       "%" PRIu64 " to %" PRIu64 "): start the daemon once, it makes one",
                       proof->snapshots.directory, journal_begin(proof->journal), proof->until);
}

/* What --from-snapshot says. */
static bool read_from(const struct verification *proof, uint64_t *position, struct failure *failure)
{
    char *end = NULL;
    if (strcmp(proof->from_text, "newest") == 0 || strcmp(proof->from_text, "oldest") == 0) {
        return choose(proof, proof->from_text[0] == 'n', position, failure);
    }
    *position = strtoull(proof->from_text, &end, 10);
    return (end != proof->from_text && *end == '\0' && can_begin_at(proof, *position)) ||
           failure_set(failure, FAILURE_INPUT,
                       "--from-snapshot %s: newest, oldest, or the position of a snapshot between "
                       "%" PRIu64 ", where the journal begins, and %" PRIu64 ", where the ledger "
                       "ends; %s has them",
                       proof->from_text, journal_begin(proof->journal), proof->until,
                       proof->snapshots.directory);
}

static struct pipeline *begin(struct verification *proof, struct failure *failure)
{
    uint64_t position = 0;
    if (proof->from_text != NULL) {
        return read_from(proof, &position, failure) ? begin_at(proof, position, failure) : NULL;
    }
    if (!journal_is_shortened(proof->journal)) {
        return begin_at_start(proof, failure);
    }
    return choose(proof, false, &position, failure) ? begin_at(proof, position, failure) : NULL;
}

/* ---- The journal once more ---- */

/* A journal of a year takes minutes: whoever looks on is told how far it is. */
static bool replay(const struct verification *proof, struct pipeline *pipeline,
                   struct failure *failure)
{
    uint64_t from = pipeline_position(pipeline), until = proof->until;
    bool told = false;
    bool good = true;
    while (good && pipeline_position(pipeline) < until) {
        uint64_t position = pipeline_position(pipeline);
        uint64_t step = until - position > STEP_BYTES ? position + STEP_BYTES : until;
        pipeline_prove_until(pipeline, step);
        good = pipeline_drain(pipeline, NULL, failure);
        if (good && pipeline_position(pipeline) == position) {
            break; /* the journal ends here */
        }
        if (good && step < until && isatty(STDERR_FILENO) == 1) {
            fprintf(stderr, "\rreplay of the journal: %d %%",
                    (int)((step - from) / ((until - from) / 100)));
            told = true;
        }
    }
    if (told) {
        fputc('\n', stderr);
    }
    return good && pipeline_show(pipeline, failure);
}

static FILE *write_dump(struct book *book, struct failure *failure)
{
    FILE *file = tmpfile();
    if (file == NULL) {
        failure_set(failure, FAILURE_RESOURCE, "a temporary file cannot be made: %s",
                    strerror(errno));
        return NULL;
    }
    if (!dump_write(book_reader(book), true, file, failure)) {
        fclose(file);
        return NULL;
    }
    rewind(file);
    return file;
}

/* Prints the first line in which two texts differ. */
static bool are_equal(FILE *kept, FILE *made)
{
    char *lines[2] = {NULL, NULL};
    size_t room[2] = {0, 0};
    bool equal = true, ended = false;
    while (equal && !ended) {
        ssize_t kept_length = getline(&lines[0], &room[0], kept);
        ssize_t made_length = getline(&lines[1], &room[1], made);
        ended = kept_length < 0 && made_length < 0;
        equal = kept_length == made_length &&
                (ended || memcmp(lines[0], lines[1], (size_t)kept_length) == 0);
        if (!equal) {
            printf("     ledger: %.*s\n     replay: %.*s\n", DIFFERENCE_MAX,
                   kept_length < 0 ? "(its end)" : strtok(lines[0], "\n"), DIFFERENCE_MAX,
                   made_length < 0 ? "(its end)" : strtok(lines[1], "\n"));
        }
    }
    free(lines[0]);
    free(lines[1]);
    return equal;
}

static bool compare(struct verification *proof, FILE *kept, struct failure *failure)
{
    FILE *made = write_dump(proof->book, failure);
    if (made == NULL) {
        return false;
    }
    bool same = are_equal(kept, made);
    fclose(made);
    printf("%-4s a replay of the journal gives the same ledger, history included\n",
           same ? "ok" : "OFF");
    count_row(proof, same);
    return true;
}

static bool prove_replay(struct verification *proof, struct failure *failure)
{
    FILE *kept = write_dump(proof->book, failure);
    if (kept == NULL) {
        return false;
    }
    struct pipeline *pipeline = begin(proof, failure);
    bool good = false;
    if (pipeline != NULL) {
        pipeline_set_skips(pipeline, &proof->skips);
        good = replay(proof, pipeline, failure);
        pipeline_destroy(pipeline);
        good = good && compare(proof, kept, failure);
    }
    fclose(kept);
    return good;
}

/* ---- All of it ---- */

/* The ledger first: the journal goes at least as far. */
static bool open_parts(struct verification *proof, struct failure *failure)
{
    char path[ENGINE_PATH_MAX];
    struct reader *reader = reader_open(proof->directory, failure);
    if (reader == NULL) {
        return false;
    }
    reader_close(reader); /* it tells best what is wrong with the directory */
    snprintf(path, sizeof path, "%s/ledger.db", proof->directory);
    proof->book = book_copy(path, failure);
    if (proof->book == NULL) {
        return false;
    }
    proof->until = book_position(proof->book);
    snprintf(path, sizeof path, "%s/journal", proof->directory);
    proof->journal = journal_open_reading(path, failure);
    return proof->journal != NULL && snapshots_open(&proof->snapshots, proof->directory, failure) &&
           skips_look(&proof->skips, proof->directory, proof->journal, failure);
}

static bool prove(struct verification *proof, struct failure *failure)
{
    bool done = open_parts(proof, failure) &&
                proof_run(book_reader(proof->book), print_row, proof, failure) &&
                prove_replay(proof, failure);
    if (proof->book != NULL) {
        book_close(proof->book);
    }
    if (proof->journal != NULL) {
        journal_close(proof->journal);
    }
    return done;
}

bool command_verify(int argc, char **argv, struct failure *failure)
{
    struct verification proof = {0};
    const struct option options[] = {
        {"-d", "DIR", &proof.directory, NULL, true, "the ledger's directory"},
        {"--from-snapshot", "WHICH", &proof.from_text, NULL, false,
         "newest (a quick proof), oldest, or its position"},
    };
    const struct command_usage usage = {
        .synopsis = "verify -d DIR [--from-snapshot newest|oldest|POSITION]",
        .description =
            "Proves the ledger: parts add up to the whole, every meter's bookings equal its "
            "curve,\nand the journal, replayed, gives the same ledger. Exit status 1 where "
            "something is off.\nThe replay begins with the journal, or, where old journal files "
            "were let go of, with the\noldest snapshot that is kept. Works on a copy of the ledger "
            "as it is now, in /var/tmp (or\nSQLITE_TMPDIR), so it may run beside the daemon.\n"
            "Example: heatledger verify -d /var/lib/heatledger --from-snapshot newest",
        .options = options,
        .option_count = 2,
    };
    bool helped = false;
    if (!options_parse(argc, argv, &usage, NULL, NULL, &helped, failure) || helped) {
        return helped;
    }
    if (!prove(&proof, failure)) {
        return false;
    }
    printf("%u proofs hold, %u do not\n", proof.held, proof.broken);
    return proof.broken == 0 || failure_set(failure, FAILURE_CHECK, "%u of %u proofs do not hold",
                                            proof.broken, proof.held + proof.broken);
}
