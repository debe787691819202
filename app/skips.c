#include "skips.h"

#include "log.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4200
#define INDEX_HEAD "heatledger skips 1\n"
#define STACK_BYTES 65536 /* of the handler: a stack that is full is a reason to crash, too */
#define TRYING_MAGIC UINT64_C(0x31676e6979727468)

/* DIR/trying, in the byte order of the machine: it outlives the process, not the machine. */
struct trying {
    uint64_t magic, from, to, alone;
};

/* What the handler of signals needs: set once before the signals are handled. */
static struct {
    struct skips *skips;
    int file;
    pthread_t thread;
    void *stack;
} watch = {.file = -1};

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static bool path_of(char *path, const char *directory, const char *name, struct failure *failure)
{
    return snprintf(path, PATH_SIZE, "%s/%s", directory, name) < PATH_SIZE ||
           failure_set(failure, FAILURE_INPUT, "-d: the path is too long");
}

static bool add(struct skips *skips, uint64_t position, struct failure *failure)
{
    size_t at = skips->count;
    while (at > 0 && skips->positions[at - 1] >= position) {
        at--;
    }
    if (at < skips->count && skips->positions[at] == position) {
        return true;
    }
    if (skips->count == SKIPS_MAX) {
        return failure_set(
            failure, FAILURE_RESOURCE,
            "more than %d records have crashed the engine: this is not the matter of "
            "single messages; look into the log of the crashes",
            SKIPS_MAX);
    }
    memmove(&skips->positions[at + 1], &skips->positions[at],
            (skips->count - at) * sizeof skips->positions[0]);
    skips->positions[at] = position;
    skips->count++;
    return true;
}

/* From the journal itself. */
static bool scan(struct skips *skips, struct journal *journal, struct failure *failure)
{
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    int got;
    while ((got = journal_read(journal, position, &record, failure)) == 1) {
        char text[64] = "";
        uint64_t skipped;
        position = record.next;
        if (record.kind != JOURNAL_SKIP) {
            continue;
        }
        memcpy(text, record.payload,
               record.payload_length < sizeof text ? record.payload_length : sizeof text - 1);
        if (sscanf(text, "{\"position\":%" SCNu64, &skipped) != 1) {
            return failure_set(failure, FAILURE_RESOURCE,
                               "the journal's record at position %" PRIu64 " should name a record "
                               "to skip: {\"position\":…,\"why\":…}",
                               record.position);
        }
        if (!add(skips, skipped, failure)) {
            return false;
        }
    }
    return got == 0;
}

/* False where the file is missing or is not whole. */
static bool read_index(struct skips *skips, const char *path)
{
    char head[sizeof INDEX_HEAD] = "";
    size_t count = 0;
    struct failure failure = {0};
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    bool good = fgets(head, sizeof head, file) != NULL && strcmp(head, INDEX_HEAD) == 0 &&
                fscanf(file, "%zu", &count) == 1;
    for (size_t i = 0; good && i < count; i++) {
        uint64_t position;
        good = fscanf(file, "%" SCNu64, &position) == 1 && add(skips, position, &failure);
    }
    fclose(file);
    skips->count = good ? skips->count : 0;
    return good;
}

static bool write_index(const struct skips *skips, const char *path, struct failure *failure)
{
    char new_path[PATH_SIZE + 4];
    snprintf(new_path, sizeof new_path, "%s.new", path);
    FILE *file = fopen(new_path, "we");
    bool good = file != NULL && fprintf(file, INDEX_HEAD "%zu\n", skips->count) > 0;
    for (size_t i = 0; good && i < skips->count; i++) {
        good = fprintf(file, "%" PRIu64 "\n", skips->positions[i]) > 0;
    }
    good = good && fflush(file) == 0 && fdatasync(fileno(file)) == 0;
    if (file != NULL) {
        good = fclose(file) == 0 && good;
    }
    return (good && rename(new_path, path) == 0) ||
           failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", new_path,
                       strerror(errno));
}

bool skips_look(struct skips *skips, const char *directory, struct journal *journal,
                struct failure *failure)
{
    char path[PATH_SIZE];
    *skips = (struct skips){0};
    return path_of(path, directory, "skips", failure) &&
           (read_index(skips, path) || scan(skips, journal, failure));
}

/* Only what somebody has said is left out: without a configuration there is no ledger. */
static bool may_skip(struct journal *journal, uint64_t position)
{
    struct failure why;
    struct journal_record record;
    return journal_read(journal, position, &record, &why) == 1 &&
           (record.kind == JOURNAL_MESSAGE || record.kind == JOURNAL_ENTRY ||
            record.kind == JOURNAL_OVERSIZE);
}

static bool skip(struct skips *skips, struct journal *journal, uint64_t position, int64_t now_us,
                 struct failure *failure)
{
    char payload[96];
    int length = snprintf(payload, sizeof payload,
                          "{\"position\":%" PRIu64 ",\"why\":\"crashed twice\"}", position);
    struct journal_record record = {
        .kind = JOURNAL_SKIP,
        .arrival_us = now_us,
        .topic = "",
        .payload = payload,
        .payload_length = (size_t)length,
    };
    if (!add(skips, position, failure) || !journal_append(journal, &record, failure) ||
        !journal_sync(journal, failure)) {
        return false;
    }
    log_line(LOG_LEVEL_ERROR, "record_skipped",
             "position=%" PRIu64 " why=\"it crashed the engine twice\" "
             "next=\"heatledger report rejects shows the message\"",
             position);
    return true;
}

/* What the last crash has left. */
static bool read_trying(const char *path, struct trying *trying)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    bool whole = fread(trying, sizeof *trying, 1, file) == 1;
    fclose(file);
    return whole && trying->magic == TRYING_MAGIC && trying->from < trying->to;
}

bool skips_open(struct skips *skips, const char *directory, struct journal *journal, int64_t now_us,
                struct failure *failure)
{
    char index_path[PATH_SIZE], trying_path[PATH_SIZE];
    struct trying trying;
    *skips = (struct skips){0};
    if (!path_of(index_path, directory, "skips", failure) ||
        !path_of(trying_path, directory, "trying", failure)) {
        return false;
    }
    if (!read_index(skips, index_path) &&
        (!scan(skips, journal, failure) || !write_index(skips, index_path, failure))) {
        return false;
    }
    if (!read_trying(trying_path, &trying)) {
        return true;
    }
    if (trying.alone != 0 && may_skip(journal, trying.from) && !skips_has(skips, trying.from)) {
        if (!skip(skips, journal, trying.from, now_us, failure) ||
            !write_index(skips, index_path, failure)) {
            return false;
        }
    } else {
        skips->suspects = (struct skips_range){trying.from, trying.to};
        log_line(LOG_LEVEL_WARNING, "crashed_before",
                 "from=%" PRIu64 " to=%" PRIu64 " next=\"these records are taken one by one\"",
                 trying.from, trying.to);
    }
    unlink(trying_path);
    return true;
}

/* Writes what was in hand, and lets the signal do what it does. Calls only what a handler may. */
static void on_crash(int signal_number)
{
    struct skips *skips = watch.skips;
    if (skips != NULL && watch.file >= 0 && pthread_equal(pthread_self(), watch.thread) &&
        skips->in_hand.from < skips->in_hand.to) {
        struct trying trying = {TRYING_MAGIC, skips->in_hand.from, skips->in_hand.to, skips->alone};
        ssize_t written = write(watch.file, &trying, sizeof trying);
        if (written == (ssize_t)sizeof trying) {
            fsync(watch.file);
        }
    }
    raise(signal_number); /* SA_RESETHAND: as if nobody had handled it, once we return */
}

bool skips_watch(struct skips *skips, const char *directory, struct failure *failure)
{
    char path[PATH_SIZE];
    REQUIRE(watch.skips == NULL);
    if (!path_of(path, directory, "trying", failure)) {
        return false;
    }
    watch.file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (watch.file < 0) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be opened: %s", path,
                           strerror(errno));
    }
    watch.stack = memory_zeroed(1, STACK_BYTES);
    watch.thread = pthread_self();
    watch.skips = skips;
    stack_t stack = {.ss_sp = watch.stack, .ss_size = STACK_BYTES};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_crash,
                               .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        sigaction(crashes[i], &action, NULL);
    }
    skips->watched = true;
    return true;
}

void skips_unwatch(struct skips *skips)
{
    if (!skips->watched) {
        return;
    }
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        signal(crashes[i], SIG_DFL);
    }
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    free(watch.stack);
    close(watch.file);
    watch.stack = NULL;
    watch.file = -1;
    watch.skips = NULL;
    skips->watched = false;
}

bool skips_has(const struct skips *skips, uint64_t position)
{
    for (size_t i = 0; skips != NULL && i < skips->count && skips->positions[i] <= position; i++) {
        if (skips->positions[i] == position) {
            return true;
        }
    }
    return false;
}

bool skips_suspects(const struct skips *skips, uint64_t position)
{
    return skips != NULL && position >= skips->suspects.from && position < skips->suspects.to;
}

void skips_take(struct skips *skips, uint64_t from, uint64_t to, bool alone)
{
    if (skips != NULL) {
        skips->alone = false; /* in this order: no other range is ever alone */
        skips->in_hand.from = from;
        skips->in_hand.to = to;
        skips->alone = alone;
    }
}
