#include "commands.h"
#include "engine.h"
#include "options.h"
#include "recording.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define PROGRESS_EVERY 65536 /* messages */

struct replay {
    struct engine engine;
    uint64_t messages;
    bool to_terminal;
};

static void print_progress(const struct replay *replay, const char *path,
                           const struct recording_reader *recording)
{
    uint64_t read_bytes = 0;
    uint64_t whole_bytes = 0;
    recording_reader_progress(recording, &read_bytes, &whole_bytes);
    if (replay->to_terminal && whole_bytes > 0) {
        fprintf(stderr, "\r%s: %" PRIu64 " %%, %" PRIu64 " messages", path,
                read_bytes * 100 / whole_bytes, replay->messages);
    }
}

static bool append(struct replay *replay, const struct recording_message *message,
                   struct failure *failure)
{
    struct journal_record record = {
        .kind = message->payload_length > replay->engine.plant->broker.payload_max
                    ? JOURNAL_OVERSIZE
                    : JOURNAL_MESSAGE,
        .qos = message->qos,
        .retain = message->retain,
        .arrival_us = message->at_us,
        .topic = message->topic,
        .topic_length = message->topic_length,
        .payload = message->payload,
        .payload_length = message->payload_length,
    };
    return journal_append(replay->engine.journal, &record, failure);
}

/* Feeds one recording, through the journal like any message, a batch at a time. */
static bool feed(struct replay *replay, const char *path, struct failure *failure)
{
    struct recording_reader *recording = recording_reader_open(path, failure);
    if (recording == NULL) {
        return false;
    }
    struct recording_message message;
    int got = 0;
    bool good = true;
    while (good && (got = recording_reader_next(recording, &message, failure)) == 1) {
        good = append(replay, &message, failure);
        if (good && ++replay->messages % PIPELINE_BATCH_RECORDS == 0) {
            good = pipeline_drain(replay->engine.pipeline, NULL, failure);
        }
        if (good && replay->messages % PROGRESS_EVERY == 0) {
            print_progress(replay, path, recording);
        }
    }
    recording_reader_close(recording);
    if (replay->to_terminal && replay->messages >= PROGRESS_EVERY) {
        fputc('\n', stderr);
    }
    return good && got == 0;
}

bool command_replay(int argc, char **argv, struct failure *failure)
{
    const char *plant_path = NULL;
    const char *directory = NULL;
    const struct option options[] = {
        {"-c", "PLANT.json", &plant_path, NULL, true, "the configuration"},
        {"-d", "DIR", &directory, NULL, true, "the ledger's directory; made where it is missing"},
    };
    const struct command_usage usage = {
        .synopsis = "replay -c PLANT.json -d DIR [FILE...]",
        .description = "Books recordings (.jsonl, see `record` and `simulate`) as if they came "
                       "from the broker,\nas fast as it goes. `at` of each line is the clock.\n"
                       "Without FILE: books what DIR's journal holds and the ledger does not yet; "
                       "all of it\nwhere ledger.db was moved away.\n"
                       "Example: heatledger replay -c plant.json -d /tmp/try day.jsonl",
        .options = options,
        .option_count = 2,
        .operand_max = -1,
    };
    char **files = NULL;
    int file_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &files, &file_count, &helped, failure) || helped) {
        return helped;
    }
    struct replay replay = {.to_terminal = isatty(STDERR_FILENO) == 1};
    if (!engine_open_settling(&replay.engine, plant_path, directory, failure)) {
        return false;
    }
    pipeline_mute(replay.engine.pipeline);
    bool good = true;
    for (int i = 0; good && i < file_count; i++) {
        good = feed(&replay, files[i], failure);
    }
    /* What came before a line that cannot be read is booked all the same. */
    struct failure ending = {0};
    struct pipeline *pipeline = replay.engine.pipeline;
    bool shown = pipeline_drain(pipeline, NULL, &ending) && pipeline_show(pipeline, &ending) &&
                 snapshots_take(&replay.engine.snapshots, pipeline, &ending);
    if (good && !shown) {
        *failure = ending;
    }
    if (shown) {
        printf("%" PRIu64 " messages booked, position %" PRIu64 "; next: heatledger report crews "
               "-d %s\n",
               replay.messages, pipeline_position(pipeline), directory);
    }
    good = good && shown;
    engine_close(&replay.engine);
    return good;
}
