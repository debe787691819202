#include "client.h"
#include "commands.h"
#include "options.h"
#include "plant.h"
#include "recording.h"
#include "timestamp.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 30000

/* What the receive thread and the main thread share. */
struct record {
    struct recording_writer *writer;
    pthread_mutex_t lock;
    uint64_t messages;
    bool failed; /* the file cannot be written: the process is told to end */
    struct failure failure;
};

static void on_message(void *context, const struct mqtt_message *message)
{
    struct record *record = context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const struct recording_message line = {
        .at_us = (int64_t)now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000,
        .topic = message->topic,
        .topic_length = message->topic_length,
        .payload = message->payload,
        .payload_length = message->payload_length,
        .qos = message->qos,
        .retain = message->retain,
    };
    pthread_mutex_lock(&record->lock);
    if (!record->failed && !recording_writer_put(record->writer, &line, &record->failure)) {
        record->failed = true;
        kill(getpid(), SIGTERM); /* ends the wait of the main thread */
    }
    record->messages += record->failed ? 0 : 1;
    pthread_mutex_unlock(&record->lock);
}

/* Flushes once a second, so that what is seen of the file is recent, until a signal ends it. */
static bool wait_for_end(struct record *record, const sigset_t *ends)
{
    const struct timespec second = {.tv_sec = 1};
    bool to_terminal = isatty(STDERR_FILENO) != 0;
    while (sigtimedwait(ends, NULL, &second) < 0) {
        pthread_mutex_lock(&record->lock);
        bool good =
            recording_writer_flush(record->writer, record->failed ? NULL : &record->failure);
        record->failed = record->failed || !good;
        uint64_t messages = record->messages;
        pthread_mutex_unlock(&record->lock);
        if (to_terminal) {
            fprintf(stderr, "\r%" PRIu64 " messages", messages);
        }
        if (!good) {
            break;
        }
    }
    if (to_terminal) {
        fputc('\n', stderr);
    }
    return !record->failed;
}

static bool record_until_end(const struct plant *plant, struct record *record,
                             struct failure *failure)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before the client's threads are made */
    uint32_t filter_count;
    char **filters = mapping_subscriptions(plant->mappings, plant->mapping_count, &filter_count);
    const struct mqtt_client_options options = {
        .broker = &plant->broker,
        .id_suffix = "-record",
        .clean = true,
        .filters = filters,
        .filter_count = filter_count,
        .window = 1,
        .context = record,
        .message = on_message,
    };
    struct mqtt_client *client = mqtt_client_start(&options, failure);
    free(filters);
    bool good = client != NULL && mqtt_client_wait_connected(client, CONNECT_TIMEOUT_MS, failure);
    if (good && !wait_for_end(record, &ends)) {
        good = failure_set(failure, record->failure.code, "%s", record->failure.text);
    }
    mqtt_client_stop(client);
    return good;
}

bool command_record(int argc, char **argv, struct failure *failure)
{
    const char *plant_path = NULL;
    const char *url = NULL;
    const struct option options[] = {
        {"-c", "PLANT.json", &plant_path, NULL, true,
         "the configuration: where the broker is, and which topics"},
        {"--broker", "URL", &url, NULL, false, "in place of mqtt.url of the configuration"},
    };
    const struct command_usage usage = {
        .synopsis = "record -c PLANT.json [--broker URL] FILE",
        .description = "Writes what arrives from the broker to a recording, until Ctrl-C. A daemon "
                       "that runs is not disturbed: this is a client of its own.\n"
                       "  heatledger record -c plant.json today.jsonl",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .operand_min = 1,
        .operand_max = 1,
    };
    char **files;
    int file_count;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &files, &file_count, &helped, failure) || helped) {
        return helped;
    }
    struct plant *plant = plant_load_with_broker(plant_path, url, failure);
    if (plant == NULL) {
        return false;
    }
    struct record record = {.lock = PTHREAD_MUTEX_INITIALIZER};
    record.writer = recording_writer_open(files[0], failure);
    bool good = record.writer != NULL && record_until_end(plant, &record, failure);
    if (record.writer != NULL) {
        good = recording_writer_close(record.writer, good ? failure : NULL) && good;
    }
    if (good) {
        printf("%" PRIu64 " messages recorded in %s\n", record.messages, files[0]);
    }
    plant_free(plant);
    return good;
}
