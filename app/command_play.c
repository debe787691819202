#include "commands.h"
#include "options.h"
#include "pace.h"
#include "plant.h"
#include "publisher.h"
#include "recording.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define PROGRESS_EVERY 4096 /* messages, at speed max */

struct play {
    struct publisher *publisher;
    struct pace pace;
    uint64_t messages;
    bool to_terminal;
};

static void print_progress(const struct play *play, const char *path,
                           const struct recording_reader *recording)
{
    uint64_t read_bytes = 0, whole_bytes = 0;
    recording_reader_progress(recording, &read_bytes, &whole_bytes);
    if (play->to_terminal && whole_bytes > 0) {
        fprintf(stderr, "\r%s: %" PRIu64 " %%, %" PRIu64 " messages", path,
                read_bytes * 100 / whole_bytes, play->messages);
    }
}

static bool play_file(struct play *play, const char *path, struct failure *failure)
{
    struct recording_reader *recording = recording_reader_open(path, failure);
    if (recording == NULL) {
        return false;
    }
    struct recording_message message;
    bool good = true;
    int got = 0;
    while (good && (got = recording_reader_next(recording, &message, failure)) == 1) {
        if (play->pace.speed_e3 > 0) {
            pace_wait(&play->pace, message.at_us);
        }
        /* At most QoS 1: a receiver that keeps what it acknowledges subscribes at 1. */
        good = publisher_send(play->publisher, message.at_us, message.topic, message.payload,
                              message.payload_length, message.qos > 0 ? 1 : 0, message.retain,
                              failure);
        play->messages += good ? 1 : 0;
        if (play->pace.speed_e3 > 0 || play->messages % PROGRESS_EVERY == 0) {
            print_progress(play, path, recording);
        }
    }
    if (play->to_terminal) {
        print_progress(play, path, recording);
        fputc('\n', stderr);
    }
    recording_reader_close(recording);
    return good && got == 0;
}

bool command_play(int argc, char **argv, struct failure *failure)
{
    const char *plant_path = NULL;
    const char *url = NULL;
    const char *speed = "1";
    const struct option options[] = {
        {"-c", "PLANT.json", &plant_path, NULL, true, "the configuration: where the broker is"},
        {"--broker", "URL", &url, NULL, false, "in place of mqtt.url of the configuration"},
        {"--speed", "N|max", &speed, NULL, false,
         "times faster than real time (1), or as fast as it goes"},
    };
    const struct command_usage usage = {
        .synopsis = "play -c PLANT.json [--broker URL] [--speed N|max] FILE...",
        .description =
            "Publishes recordings, each message with its arrival time as the MQTT 5 user "
            "property `at`, and ends when the broker has confirmed all of them.\n"
            "  heatledger play -c plant.json --speed max day.jsonl",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .operand_min = 1,
        .operand_max = -1,
    };
    char **files;
    int file_count;
    bool helped = false;
    struct play play = {.to_terminal = isatty(STDERR_FILENO) != 0};
    if (!options_parse(argc, argv, &usage, &files, &file_count, &helped, failure) || helped) {
        return helped;
    }
    if (!pace_parse(speed, &play.pace, failure)) {
        return false;
    }
    struct plant *plant = plant_load_with_broker(plant_path, url, failure);
    if (plant == NULL) {
        return false;
    }
    play.publisher = publisher_open(&plant->broker, "play", failure);
    bool good = play.publisher != NULL;
    for (int i = 0; i < file_count && good; i++) {
        good = play_file(&play, files[i], failure);
    }
    good = good && publisher_finish(play.publisher, failure);
    publisher_close(play.publisher);
    if (good) {
        printf("%" PRIu64 " messages played to %s\n", play.messages, plant->broker.url);
    }
    plant_free(plant);
    return good;
}
