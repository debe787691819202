#include "book.h"
#include "commands.h"
#include "dump.h"
#include "engine.h"
#include "options.h"
#include "proof.h"
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP_BYTES (UINT64_C(64) << 20) /* of the journal, between two lines of progress */

struct proof_count {
    unsigned held, broken;
};

static void print_row(void *context, const struct proof_row *row)
{
    struct proof_count *count = context;
    printf("%-4s %-60s %s%s%s\n", row->holds ? "ok" : "OFF", row->what, row->left,
           row->holds ? " = " : " <> ", row->right);
    *(row->holds ? &count->held : &count->broken) += 1;
}

/* A journal of a year takes minutes: whoever looks on is told how far it is. */
static bool replay_until(struct pipeline *pipeline, uint64_t until, struct failure *failure)
{
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
            fprintf(stderr, "\rreplay of the journal: %d %%", (int)(step / (until / 100)));
            told = true;
        }
    }
    if (told) {
        fputc('\n', stderr);
    }
    return good && pipeline_show(pipeline, failure);
}

/* Plays the journal into a ledger in memory, up to where the one on disk is. */
static struct book *replay_journal(struct journal *journal, struct skips *skips, uint64_t until,
                                   struct failure *failure)
{
    struct book *book = book_open(":memory:", failure);
    if (book == NULL) {
        return NULL;
    }
    struct pipeline *pipeline = pipeline_create(journal, book);
    pipeline_set_skips(pipeline, skips);
    bool done = replay_until(pipeline, until, failure);
    pipeline_destroy(pipeline);
    if (!done) {
        book_close(book);
        return NULL;
    }
    return book;
}

static char *dump_text(struct reader *reader, struct failure *failure)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool done = out != NULL && dump_write(reader, true, out, failure);
    if (out != NULL) {
        fclose(out);
    }
    if (!done) {
        free(text);
        return NULL;
    }
    return text;
}

/* Prints the first line in which two texts differ. */
static void print_difference(const char *kept, const char *made)
{
    while (*kept != '\0' && *made != '\0') {
        size_t kept_line = strcspn(kept, "\n");
        size_t made_line = strcspn(made, "\n");
        if (kept_line != made_line || memcmp(kept, made, kept_line) != 0) {
            break;
        }
        kept += kept_line + (kept[kept_line] == '\n');
        made += made_line + (made[made_line] == '\n');
    }
    printf("     ledger: %.*s\n     replay: %.*s\n", (int)strcspn(kept, "\n"), kept,
           (int)strcspn(made, "\n"), made);
}

static bool prove_replay(const char *directory, struct reader *reader, struct proof_count *count,
                         struct failure *failure)
{
    char path[ENGINE_PATH_MAX];
    uint64_t until = 0;
    if (!reader_position(reader, &until, failure)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/journal", directory);
    struct journal *journal = journal_open_reading(path, failure);
    if (journal == NULL) {
        return false;
    }
    struct skips skips;
    struct book *book = skips_look(&skips, directory, journal, failure)
                            ? replay_journal(journal, &skips, until, failure)
                            : NULL;
    char *made = book != NULL ? dump_text(book_reader(book), failure) : NULL;
    char *kept = made != NULL ? dump_text(reader, failure) : NULL;
    bool done = kept != NULL;
    if (done) {
        bool same = strcmp(kept, made) == 0;
        printf("%-4s a replay of the journal gives the same ledger, history included\n",
               same ? "ok" : "OFF");
        *(same ? &count->held : &count->broken) += 1;
        if (!same) {
            print_difference(kept, made);
        }
    }
    free(kept);
    free(made);
    if (book != NULL) {
        book_close(book);
    }
    journal_close(journal);
    return done;
}

bool command_verify(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL;
    const struct option options[] = {
        {"-d", "DIR", &directory, NULL, true, "the ledger's directory"},
    };
    const struct command_usage usage = {
        .synopsis = "verify -d DIR",
        .description = "Proves the ledger: parts add up to the whole, every meter's bookings equal "
                       "its curve,\nand the journal, replayed, gives the same ledger. Exit status "
                       "1 where something is off.\nWhile a daemon writes to DIR the proof is of "
                       "the moment at which it began.",
        .options = options,
        .option_count = 1,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure) || helped) {
        return helped;
    }
    struct reader *reader = reader_open(directory, failure);
    if (reader == NULL) {
        return false;
    }
    struct proof_count count = {0};
    bool done = proof_run(reader, print_row, &count, failure) &&
                prove_replay(directory, reader, &count, failure);
    reader_close(reader);
    if (!done) {
        return false;
    }
    printf("%u proofs hold, %u do not\n", count.held, count.broken);
    return count.broken == 0 || failure_set(failure, FAILURE_CHECK, "%u of %u proofs do not hold",
                                            count.broken, count.held + count.broken);
}
