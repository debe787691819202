#include "commands.h"
#include "dump.h"
#include "options.h"
#include "reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define WAIT_LIMIT_S 600
#define POLL_MS 50
#define FAILED_LOOKS_MAX 100 /* a ledger that is just being made cannot be read for a moment */

static bool read_wait(const char *text, uint64_t *position, struct failure *failure)
{
    char *end = NULL;

    errno = 0;
    *position = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "dump: --wait \"%s\": a journal position is needed, e.g. 12345", text);
    }
    return true;
}

/* One look at the ledger: false where it cannot be read. A ledger that is still to be made shows
 * position 0. */
static bool look(const char *directory, uint64_t *shown, struct failure *failure)
{
    struct stat about;
    char path[4096];

    *shown = 0;
    snprintf(path, sizeof path, "%s/ledger.db", directory);
    if (stat(path, &about) != 0 && stat(directory, &about) == 0) {
        return true;
    }
    struct reader *reader = reader_open(directory, failure);
    if (reader == NULL) {
        return false;
    }
    bool good = reader_position(reader, shown, failure);
    reader_close(reader);
    return good;
}

static bool wait_for(const char *directory, uint64_t position, struct failure *failure)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    struct timespec now;
    uint64_t shown = 0;
    int failed = 0;

    clock_gettime(CLOCK_MONOTONIC, &now);
    for (time_t until = now.tv_sec + WAIT_LIMIT_S; now.tv_sec < until;) {
        if (look(directory, &shown, failure)) {
            failed = 0;
        } else if (++failed > FAILED_LOOKS_MAX) {
            return false;
        }
        if (shown >= position) {
            return true;
        }
        nanosleep(&pause, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
    }
    return failure_set(failure, FAILURE_RESOURCE,
                       "%s: the ledger stands at position %" PRIu64 " after %d s, not at %" PRIu64
                       "; is the daemon running, and has the journal come so far?",
                       directory, shown, WAIT_LIMIT_S, position);
}

static bool run(const char *directory, bool history, struct failure *failure)
{
    struct reader *reader = reader_open(directory, failure);

    if (reader == NULL) {
        return false;
    }
    bool good = dump_write(reader, history, stdout, failure);
    reader_close(reader);
    return good;
}

bool command_dump(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL, *wait = NULL;
    bool history = false, helped = false;
    const struct option options[] = {
        {"-d", "DIR", &directory, NULL, true, "the ledger's directory"},
        {"--history", NULL, NULL, &history, false,
         "also every posting, heat version, alert transition and refused message"},
        {"--wait", "POSITION", &wait, NULL, false,
         "first wait, for at most 10 minutes, until the ledger shows this journal position"},
    };
    const struct command_usage usage = {
        .synopsis = "dump -d DIR [--history] [--wait POSITION]",
        .description = "Writes the net ledger as canonical text: equal ledgers give equal bytes.\n"
                       "Example: heatledger dump -d live > live.txt",
        .options = options,
        .option_count = (int)(sizeof options / sizeof *options),
    };
    char **operands = NULL;
    int operand_count = 0;
    uint64_t position = 0;

    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure)) {
        return false;
    }
    if (helped) {
        return true;
    }
    if (wait != NULL &&
        (!read_wait(wait, &position, failure) || !wait_for(directory, position, failure))) {
        return false;
    }
    return run(directory, history, failure);
}
