/* heatledger simulate: a plant from a timetable, to the broker or into a recording. */
#include "commands.h"
#include "faults.h"
#include "memory.h"
#include "options.h"
#include "pace.h"
#include "plant.h"
#include "plant_copies.h"
#include "plant_day.h"
#include "publisher.h"
#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_EVERY 10000 /* messages */

struct arguments {
    const char *plant, *record, *speed, *broker, *copies, *write_plant;
    bool faults;
};

/* Where the simulated messages go. */
struct output {
    struct recording_writer *recording;
    struct publisher *publisher;
    struct pace pace;
    uint64_t count;
    bool progress; /* a person watches */
};

static bool take_message(void *context, const struct plant_message *message,
                         struct failure *failure)
{
    struct output *output = context;
    size_t length = strlen(message->payload);

    pace_wait(&output->pace, message->at_us);
    output->count++;
    if (output->progress && output->count % PROGRESS_EVERY == 0) {
        fprintf(stderr, "\r%llu messages", (unsigned long long)output->count);
    }
    if (output->recording != NULL) {
        const struct recording_message line = {
            .at_us = message->at_us,
            .topic = message->topic,
            .topic_length = strlen(message->topic),
            .payload = message->payload,
            .payload_length = length,
            .qos = 1,
        };
        return recording_writer_put(output->recording, &line, failure);
    }
    return publisher_send(output->publisher, message->at_us, message->topic, message->payload,
                          length, 1, false, failure);
}

static void warn_missing(void *context, const char *meter)
{
    (void)context;
    fprintf(stderr, "heatledger: warning: meter \"%s\" is not in the configuration; left out\n",
            meter);
}

/* The shift boundaries within the record; the caller frees them. */
static int64_t *shift_boundaries(const struct plant *plant, const struct timetable *timetable,
                                 size_t *count)
{
    int64_t *boundaries_us = NULL;
    int64_t start_us, end_us;
    size_t capacity = 0;
    int32_t day;
    shift_id shift;

    *count = 0;
    plant_day_span(timetable, &start_us, &end_us);
    roster_shift_at(&plant->roster, &plant->catalog, start_us, &day, &shift);
    for (;;) {
        int64_t at_us = roster_shift_start_us(&plant->roster, &plant->catalog, day, shift);

        if (at_us > end_us) {
            return boundaries_us;
        }
        memory_grow(&boundaries_us, *count, &capacity, sizeof *boundaries_us);
        boundaries_us[(*count)++] = at_us;
        shift.index++;
        if (shift.index == plant->catalog.shift_count) {
            shift.index = 0;
            day++;
        }
    }
}

static bool open_output(const struct arguments *arguments, const struct plant *plant,
                        struct output *output, struct failure *failure)
{
    const char *speed = arguments->speed;

    if (speed == NULL) {
        speed = arguments->record != NULL ? "max" : "1";
    }
    if (!pace_parse(speed, &output->pace, failure)) {
        return false;
    }
    output->progress = isatty(STDERR_FILENO) != 0;
    if (arguments->record != NULL) {
        output->recording = recording_writer_open(arguments->record, failure);
        return output->recording != NULL;
    }
    output->publisher = publisher_open(&plant->broker, "simulate", failure);
    return output->publisher != NULL;
}

/* Closes the output; `good` tells whether all messages went in. */
static bool close_output(struct output *output, bool good, struct failure *failure)
{
    if (output->progress && output->count >= PROGRESS_EVERY) {
        fputc('\n', stderr);
    }
    if (output->recording != NULL) {
        /* What failed first is what the user hears of. */
        good = recording_writer_close(output->recording, good ? failure : NULL) && good;
    }
    if (output->publisher != NULL) {
        good = good && publisher_finish(output->publisher, failure);
        publisher_close(output->publisher);
    }
    return good;
}

/* Works the day into the sink, with its faults where they are wanted. */
static bool run_day(const struct plant_day *day, const struct plant_day_sink *sink,
                    bool with_faults, struct failure *failure)
{
    if (!with_faults) {
        return plant_day_run(day, sink, failure);
    }
    struct faults *faults = faults_create(day->catalog, day->zone, sink);
    const struct plant_day_sink chain = faults_sink(faults);
    bool good = plant_day_run(day, &chain, failure) && faults_finish(faults, failure);

    faults_destroy(faults);
    return good;
}

static bool simulate(const struct arguments *arguments, const struct plant *plant,
                     const struct timetable *timetable, unsigned copies, struct failure *failure)
{
    struct output output = {0};
    struct plant_day day = {
        .timetable = timetable,
        .catalog = &plant->catalog,
        .zone = &plant->roster.zone,
        .copies = copies,
    };
    const struct plant_day_sink sink = {&output, take_message, warn_missing};

    if (!open_output(arguments, plant, &output, failure)) {
        return false;
    }
    int64_t *boundaries_us = shift_boundaries(plant, timetable, &day.boundary_count);

    day.boundaries_us = boundaries_us;
    bool good = run_day(&day, &sink, arguments->faults, failure);

    free(boundaries_us);
    good = close_output(&output, good, failure);
    if (good) {
        printf("%llu messages of %zu heats %s %s\n", (unsigned long long)output.count,
               timetable->heat_count * copies,
               arguments->record != NULL ? "written to" : "delivered to",
               arguments->record != NULL ? arguments->record : plant->broker.url);
    }
    return good;
}

static bool read_copies(const char *text, unsigned *copies, struct failure *failure)
{
    char *end = NULL;
    unsigned long number = text == NULL ? 1 : strtoul(text, &end, 10);

    if (number < 1 || number > PLANT_DAY_COPIES_MAX || (end != NULL && *end != '\0')) {
        return failure_set(failure, FAILURE_INPUT,
                           "--copies: \"%s\" is no number of copies; a whole number from 1 to %d "
                           "would be right",
                           text, PLANT_DAY_COPIES_MAX);
    }
    *copies = (unsigned)number;
    return true;
}

static bool run_simulation(const struct arguments *arguments, const char *path,
                           struct failure *failure)
{
    struct timetable timetable;
    unsigned copies = 1;

    if (arguments->record != NULL && arguments->broker != NULL) {
        return failure_set(failure, FAILURE_INPUT,
                           "--record and --broker exclude each other: a recording or the broker");
    }
    if (!read_copies(arguments->copies, &copies, failure)) {
        return false;
    }
    struct plant *plant = plant_load_with_broker(arguments->plant, arguments->broker, failure);

    if (plant == NULL) {
        return false;
    }
    bool good = timetable_load(path, &timetable, failure);

    if (good && arguments->write_plant != NULL) {
        good = plant_copies_write(plant, copies, arguments->write_plant, failure);
        if (good) {
            printf("%u times the plant written to %s\n", copies, arguments->write_plant);
        }
    } else if (good) {
        good = simulate(arguments, plant, &timetable, copies, failure);
    }
    timetable_clear(&timetable);
    plant_free(plant);
    return good;
}

bool command_simulate(int argc, char **argv, struct failure *failure)
{
    struct arguments arguments = {0};
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    const struct option options[] = {
        {"-c", "PLANT.json", &arguments.plant, NULL, true, "the configuration"},
        {"--record", "FILE", &arguments.record, NULL, false,
         "write a recording instead of publishing"},
        {"--speed", "N|max", &arguments.speed, NULL, false,
         "times real time; default 1 to the broker, max into a recording"},
        {"--broker", "URL", &arguments.broker, NULL, false, "instead of mqtt.url"},
        {"--copies", "N", &arguments.copies, NULL, false, "simulate the plant N times, for load"},
        {"-n", "N", &arguments.copies, NULL, false, "the same as --copies"},
        {"--write-plant", "FILE", &arguments.write_plant, NULL, false,
         "only write the configuration that has all meters of the copies"},
        {"--faults", NULL, NULL, &arguments.faults, false,
         "with what goes wrong on a day: see docs/operations.md"},
    };
    const struct command_usage usage = {
        .synopsis = "simulate -c PLANT.json TIMETABLE [--record FILE] [--speed N|max] [--faults]",
        .description = "Works a simulated day from a timetable (CSV, a row a heat): publishes what "
                       "its meters\nand its heat tracking say, each message with its time as user "
                       "property `at`, or writes\na recording.\nExample: heatledger simulate -c "
                       "deploy/demo/plant.json deploy/demo/day.csv --record day.jsonl",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .operand_min = 1,
        .operand_max = 1,
    };

    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure)) {
        return false;
    }
    return helped || run_simulation(&arguments, operands[0], failure);
}
