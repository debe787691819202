#include "commands.h"
#include "engine.h"
#include "live.h"
#include "log.h"
#include "options.h"
#include "sender.h"
#include "subscriber.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Messages are gathered for so long before they are booked together: at most 50 commits a second,
 * and still far quicker than anybody reads a board. */
#define GATHER_US 20000
#define WAIT_MS 200 /* how long a stop signal may have to wait */
#define STATUS_US (60 * TIMESTAMP_SECOND_US)
#define GOODBYE_MS 2000
#define STATUS_WHY_MAX 512 /* bytes of why there is no connection */

struct daemon {
    struct engine engine;
    enum clock_mode clock;
    struct subscriber *subscriber;
    struct sender *sender;
    struct reader *reader; /* for live values */
    int64_t shown_us;      /* wall time of the last commit of what is open */
    int64_t status_us;
};

static bool clock_parse(const char *text, enum clock_mode *clock, struct failure *failure)
{
    if (text == NULL || strcmp(text, "wall") == 0) {
        *clock = CLOCK_WALL;
    } else if (strcmp(text, "message") == 0) {
        *clock = CLOCK_MESSAGE;
    } else {
        return failure_set(failure, FAILURE_INPUT,
                           "--clock %s: wall (arrival is when a message arrives) or message (it is "
                           "what play and simulate send with it)",
                           text);
    }
    return true;
}

static bool connect_all(struct daemon *daemon, const char *directory, struct failure *failure)
{
    struct engine *engine = &daemon->engine;
    const struct plant *plant = engine->plant;
    uint32_t filter_count = 0;
    char **filters = mapping_subscriptions(plant->mappings, plant->mapping_count, &filter_count);
    daemon->subscriber =
        subscriber_start(&plant->broker, filters, filter_count, engine->journal, daemon->clock,
                         pipeline_last_session(engine->pipeline) + 1, failure);
    free(filters);
    if (daemon->subscriber == NULL) {
        return false;
    }
    daemon->sender =
        sender_start(&plant->broker, directory, HEATLEDGER_VERSION, wall_clock_us(), failure);
    if (daemon->sender == NULL) {
        return false;
    }
    daemon->reader = reader_open(directory, failure);
    return daemon->reader != NULL;
}

/* While no message comes the journal is told that time passes, but only when that matters. */
static bool tick_if_due(struct daemon *daemon, struct failure *failure)
{
    struct pipeline *pipeline = daemon->engine.pipeline;
    int64_t now_us = wall_clock_us();
    if (daemon->clock != CLOCK_WALL || pipeline_due_us(pipeline) > now_us ||
        journal_end(daemon->engine.journal) > pipeline_position(pipeline)) {
        return true;
    }
    struct journal_record tick = {.kind = JOURNAL_TICK, .arrival_us = now_us, .topic = ""};
    return journal_append(daemon->engine.journal, &tick, failure);
}

static void log_status(struct daemon *daemon)
{
    int64_t now_us = wall_clock_us();
    if (now_us - daemon->status_us < STATUS_US) {
        return;
    }
    daemon->status_us = now_us;
    char why[STATUS_WHY_MAX];
    subscriber_why(daemon->subscriber, why, sizeof why);
    log_line(LOG_LEVEL_INFO, "status",
             "messages=%" PRIu64 " position=%" PRIu64 " connected=%s%s%s%s",
             subscriber_count(daemon->subscriber), pipeline_position(daemon->engine.pipeline),
             subscriber_connected(daemon->subscriber) ? "yes" : "no",
             why[0] != '\0' ? " why=\"" : "", why, why[0] != '\0' ? "\"" : "");
}

/* What is open and live goes out at most once a second. */
static bool show_if_due(struct daemon *daemon, struct failure *failure)
{
    struct pipeline *pipeline = daemon->engine.pipeline;
    int64_t now_us = wall_clock_us();
    if (!pipeline_is_behind(pipeline) || now_us - daemon->shown_us < TIMESTAMP_SECOND_US) {
        return true;
    }
    daemon->shown_us = now_us;
    return pipeline_show(pipeline, failure) &&
           live_publish(daemon->reader, daemon->sender, daemon->engine.plant->broker.root, failure);
}

static bool stop_asked(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return sigtimedwait(&signals, NULL, &(struct timespec){0}) > 0;
}

/* Before any thread starts, so that every thread leaves the stop signals to the main loop. */
static void hold_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool work(struct daemon *daemon, struct failure *failure)
{
    struct pipeline *pipeline = daemon->engine.pipeline;
    while (!stop_asked()) {
        if (journal_wait(daemon->engine.journal, pipeline_position(pipeline), WAIT_MS)) {
            usleep(GATHER_US);
        }
        pipeline_outbox_sent(pipeline, sender_sent_through(daemon->sender));
        if (!tick_if_due(daemon, failure) || !pipeline_drain(pipeline, NULL, failure) ||
            !show_if_due(daemon, failure)) {
            return false;
        }
        sender_wake(daemon->sender);
        log_status(daemon);
    }
    return true;
}

/* Takes what is journalled already, so that the ledger is up to date while nobody runs. */
static bool finish(struct daemon *daemon, bool good, struct failure *failure)
{
    bool stopped = daemon->subscriber == NULL || subscriber_stop(daemon->subscriber);
    if (good) {
        struct pipeline *pipeline = daemon->engine.pipeline;
        good = pipeline_drain(pipeline, NULL, failure) && pipeline_show(pipeline, failure);
    }
    if (daemon->sender != NULL) {
        sender_wake(daemon->sender);
        sender_stop(daemon->sender, GOODBYE_MS);
    }
    if (daemon->reader != NULL) {
        reader_close(daemon->reader);
    }
    log_line(LOG_LEVEL_INFO, "stopped", "position=%" PRIu64,
             pipeline_position(daemon->engine.pipeline));
    if (stopped) {
        engine_close(&daemon->engine);
    }
    return good;
}

bool command_run(int argc, char **argv, struct failure *failure)
{
    const char *plant_path = NULL;
    const char *directory = NULL;
    const char *clock_text = NULL;
    const char *url = NULL;
    const struct option options[] = {
        {"-c", "PLANT.json", &plant_path, NULL, true, "the configuration"},
        {"-d", "DIR", &directory, NULL, true, "all data lie below it; made where it is missing"},
        {"--clock", "wall|message", &clock_text, NULL, false,
         "message: arrival times come with the messages (tests, demo)"},
        {"--broker", "URL", &url, NULL, false, "in place of mqtt.url of the configuration"},
    };
    const struct command_usage usage = {
        .synopsis = "run -c PLANT.json -d DIR [--clock wall|message] [--broker URL]",
        .description = "The daemon: subscribes to the meters, books what they measure, judges it "
                       "against the quotas,\npublishes alerts. Stops in order on SIGTERM or "
                       "Ctrl-C; kill -9 loses nothing that the broker\nwas told we have.",
        .options = options,
        .option_count = 4,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure) || helped) {
        return helped;
    }
    struct daemon daemon = {0};
    if (!clock_parse(clock_text, &daemon.clock, failure)) {
        return false;
    }
    int64_t start_us = daemon.clock == CLOCK_WALL ? wall_clock_us() : 0;
    if (!engine_open(&daemon.engine, plant_path, url, directory, start_us, failure)) {
        return false;
    }
    if (daemon.clock == CLOCK_MESSAGE && daemon.engine.plant->broker.version < 5) {
        engine_close(&daemon.engine);
        return failure_set(failure, FAILURE_INPUT,
                           "--clock message: the arrival time comes as a user property, which "
                           "needs \"version\": 5 under mqtt in %s",
                           plant_path);
    }
    hold_signals();
    daemon.status_us = wall_clock_us();
    log_line(LOG_LEVEL_INFO, "started", "version=%s dir=%s position=%" PRIu64, HEATLEDGER_VERSION,
             directory, pipeline_position(daemon.engine.pipeline));
    bool good = connect_all(&daemon, directory, failure) && work(&daemon, failure);
    return finish(&daemon, good, failure);
}
