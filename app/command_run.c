#include "commands.h"
#include "engine.h"
#include "gather.h"
#include "live.h"
#include "log.h"
#include "options.h"
#include "sender.h"
#include "subscriber.h"
#include "timestamp.h"
#include "trouble_watch.h"
#include "vitals.h"
#include "wall_clock.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 200 /* how long a stop signal may have to wait */
#define STATUS_US (60 * TIMESTAMP_SECOND_US)
#define GOODBYE_MS 2000
#define RETRY_MIN_US                                                                               \
    TIMESTAMP_SECOND_US /* a ledger that failed is opened again after so long …                  \
                         */
#define RETRY_MAX_US (30 * TIMESTAMP_SECOND_US) /* … and at last every so often */
#define ROOM_BYTES (1 << 20) /* a ledger that had no room is not opened before there is so much */
#define STATUS_WHY_MAX 512   /* bytes of why there is no connection */

struct daemon {
    struct engine engine;
    enum clock_mode clock;
    struct subscriber *subscriber;
    struct sender *sender;
    struct vitals *vitals;
    struct reader *reader;                  /* for live values */
    int64_t batch_begun_us, batch_ended_us; /* steady time */
    int64_t shown_us;                       /* steady time of the last commit of what is open */
    int64_t status_us;                      /* steady time */
    bool live_failed;                       /* said */
    struct trouble_watch troubles;
    int64_t retry_us, retry_after_us; /* steady time; while the ledger is closed */
    int64_t snapshot_every_us;        /* 0: none is made */
    bool stopped;                     /* while it waited for the disk at its start */
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

/* Minutes between two snapshots. */
static bool snapshots_parse(const char *text, int64_t *every_us, struct failure *failure)
{
    char *end = NULL;
    long minutes = text == NULL ? SNAPSHOTS_EVERY_MIN : strtol(text, &end, 10);
    if (text != NULL && (end == text || *end != '\0' || minutes < 0 || minutes > 1440)) {
        return failure_set(
            failure, FAILURE_INPUT,
            "--snapshots %s: minutes between two snapshots, 1 to 1440, or 0 for none", text);
    }
    *every_us = minutes * TIMESTAMP_MINUTE_US;
    return true;
}

static bool start_sender(struct daemon *daemon, const struct plant *plant, const char *directory,
                         struct failure *failure)
{
    daemon->sender =
        sender_start(&plant->broker, directory, HEATLEDGER_VERSION, wall_clock_us(), failure);
    return daemon->sender != NULL;
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
    if (daemon->sender == NULL && !start_sender(daemon, plant, directory, failure)) {
        return false;
    }
    trouble_watch_connect(&daemon->troubles, daemon->subscriber, daemon->sender);
    vitals_connect(daemon->vitals, daemon->subscriber, daemon->sender);
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
    struct failure why;
    /* Where there is no room it is tried again; trouble_watch says so. */
    return journal_append(daemon->engine.journal, &tick, &why) ||
           journal_sync(daemon->engine.journal, failure);
}

/* Up to where the journal is booked. */
static uint64_t position_of(const struct engine *engine)
{
    return engine->pipeline != NULL ? pipeline_position(engine->pipeline) : engine->told_before;
}

static void take_vitals(struct daemon *daemon)
{
    /* While the ledger is closed a restart would only lose the connection. */
    vitals_wait(daemon->vitals, daemon->engine.pipeline == NULL ? "the ledger" : NULL);
    vitals_turn(daemon->vitals);
}

static void log_status(struct daemon *daemon)
{
    int64_t now_us = steady_clock_us();
    if (now_us - daemon->status_us < STATUS_US) {
        return;
    }
    daemon->status_us = now_us;
    char why[STATUS_WHY_MAX];
    subscriber_why(daemon->subscriber, why, sizeof why);
    char numbers[VITALS_STATUS_MAX];
    vitals_status(daemon->vitals, numbers);
    log_line(LOG_LEVEL_INFO, "status", "%s connected=%s%s%s%s", numbers,
             subscriber_connected(daemon->subscriber) ? "yes" : "no",
             why[0] != '\0' ? " why=\"" : "", why, why[0] != '\0' ? "\"" : "");
}

/* Boards wait where the ledger cannot be read; said once. */
static void show_live(struct daemon *daemon)
{
    struct failure why = {0};
    if (daemon->reader == NULL) {
        daemon->reader = reader_open(daemon->engine.directory, &why);
    }
    bool good = daemon->reader != NULL && live_publish(daemon->reader, daemon->sender,
                                                       daemon->engine.plant->broker.root, &why);
    if (!good && !daemon->live_failed) {
        log_line(LOG_LEVEL_WARNING, "live_unreadable", "why=\"%s\"", why.text);
    }
    if (!good && daemon->reader != NULL) {
        reader_close(daemon->reader);
        daemon->reader = NULL;
    }
    daemon->live_failed = !good;
}

/* What is open and live goes out at most once a second. */
static bool show_if_due(struct daemon *daemon, struct failure *failure)
{
    struct pipeline *pipeline = daemon->engine.pipeline;
    int64_t now_us = steady_clock_us();
    if (!pipeline_is_behind(pipeline) || now_us - daemon->shown_us < TIMESTAMP_SECOND_US) {
        return true;
    }
    daemon->shown_us = now_us;
    if (!pipeline_show(pipeline, failure)) {
        return false;
    }
    show_live(daemon);
    return true;
}

static bool snapshot_if_due(struct daemon *daemon, struct failure *failure)
{
    return daemon->snapshot_every_us == 0 ||
           snapshots_take_if_due(&daemon->engine.snapshots, daemon->engine.pipeline,
                                 daemon->snapshot_every_us, failure);
}

/* The next start has nothing to read again. */
static bool snapshot_at_end(struct daemon *daemon, struct failure *failure)
{
    return daemon->snapshot_every_us == 0 ||
           snapshots_take(&daemon->engine.snapshots, daemon->engine.pipeline, failure);
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

/* The ledger failed: it is closed while the journal goes on, to be opened again later. False where
 * that would not help. */
static bool stop_booking(struct daemon *daemon, struct failure *failure)
{
    enum book_trouble trouble = engine_trouble(&daemon->engine);
    struct failure why = {0};
    if (book_trouble_passes(trouble)) {
        trouble_of_book(&daemon->troubles.troubles, trouble, failure->text, wall_clock_us());
        daemon->retry_after_us = RETRY_MIN_US;
        daemon->retry_us = steady_clock_us() + RETRY_MIN_US;
    } else if (!journal_sync(daemon->engine.journal, &why)) {
        trouble_begin(&daemon->troubles.troubles, TROUBLE_JOURNAL_BROKEN, why.text,
                      wall_clock_us());
        daemon->retry_us = INT64_MAX;
    } else {
        if (trouble == BOOK_DAMAGED) { /* so that it is on record, and the broker's boards say so */
            trouble_of_book(&daemon->troubles.troubles, trouble, failure->text, wall_clock_us());
            trouble_watch_turn(&daemon->troubles);
        }
        return false;
    }
    engine_close_book(&daemon->engine);
    if (daemon->reader != NULL) {
        reader_close(daemon->reader);
        daemon->reader = NULL;
    }
    return true;
}

/* Whether the disk has room for a batch, so that nothing is read again in vain. */
static bool has_room(const char *directory)
{
    char path[ENGINE_PATH_MAX + sizeof "/room"];
    snprintf(path, sizeof path, "%s/room", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool room = posix_fallocate(fd, 0, ROOM_BYTES) == 0;
    close(fd);
    unlink(path);
    return room;
}

/* While the ledger is closed. */
static bool book_again_if_due(struct daemon *daemon, struct failure *failure)
{
    if (steady_clock_us() < daemon->retry_us) {
        usleep(WAIT_MS * 1000);
        return true;
    }
    daemon->retry_after_us =
        daemon->retry_after_us < RETRY_MAX_US / 2 ? 2 * daemon->retry_after_us : RETRY_MAX_US;
    bool tried = !daemon->troubles.troubles.of[TROUBLE_LEDGER_FULL].stands ||
                 has_room(daemon->engine.directory);
    if (tried && engine_open_book(&daemon->engine, failure)) {
        trouble_of_book(&daemon->troubles.troubles, BOOK_SOUND, "", wall_clock_us());
        return true;
    }
    enum book_trouble trouble = daemon->engine.trouble;
    if (tried && trouble == BOOK_DAMAGED) {
        return false;
    }
    if (tried && book_trouble_passes(trouble)) {
        trouble_of_book(&daemon->troubles.troubles, trouble, failure->text, wall_clock_us());
    }
    daemon->retry_us = steady_clock_us() + daemon->retry_after_us;
    return true;
}

static bool book_what_came(struct daemon *daemon, struct failure *failure)
{
    struct pipeline *pipeline = daemon->engine.pipeline;
    if (journal_wait(daemon->engine.journal, pipeline_position(pipeline), WAIT_MS)) {
        usleep((useconds_t)gather_rest_us(daemon->batch_begun_us, daemon->batch_ended_us,
                                          steady_clock_us()));
    }
    daemon->batch_begun_us = steady_clock_us();
    pipeline_outbox_sent(pipeline, sender_sent_through(daemon->sender));
    if (!tick_if_due(daemon, failure) || !pipeline_drain(pipeline, NULL, failure) ||
        !show_if_due(daemon, failure) || !snapshot_if_due(daemon, failure)) {
        return stop_booking(daemon, failure);
    }
    sender_wake(daemon->sender);
    daemon->batch_ended_us = steady_clock_us();
    return true;
}

static bool work(struct daemon *daemon, struct failure *failure)
{
    while (!stop_asked()) {
        bool good = daemon->engine.pipeline != NULL ? book_what_came(daemon, failure)
                                                    : book_again_if_due(daemon, failure);
        if (!good) {
            return false;
        }
        trouble_watch_turn(&daemon->troubles);
        take_vitals(daemon);
        log_status(daemon);
    }
    return true;
}

/* Takes what is journalled already, so that the ledger is up to date while nobody runs. */
static bool finish(struct daemon *daemon, bool good, struct failure *failure)
{
    vitals_stop(daemon->vitals);
    trouble_watch_connect(&daemon->troubles, NULL, NULL);
    bool stopped = daemon->subscriber == NULL || subscriber_stop(daemon->subscriber);
    vitals_connect(daemon->vitals, NULL, daemon->sender);
    if (good && daemon->engine.pipeline != NULL) {
        struct pipeline *pipeline = daemon->engine.pipeline;
        good = pipeline_drain(pipeline, NULL, failure) && pipeline_show(pipeline, failure) &&
               snapshot_at_end(daemon, failure);
    }
    if (daemon->sender != NULL) {
        sender_wake(daemon->sender);
        sender_stop(daemon->sender, GOODBYE_MS);
        vitals_connect(daemon->vitals, NULL, NULL);
    }
    if (daemon->reader != NULL) {
        reader_close(daemon->reader);
    }
    log_line(LOG_LEVEL_INFO, "stopped", "position=%" PRIu64, position_of(&daemon->engine));
    if (stopped) {
        engine_close(&daemon->engine);
    }
    vitals_destroy(daemon->vitals);
    return good;
}

struct place {
    const char *plant_path, *url, *directory;
    int64_t start_us;
};

/* Nothing is received yet, and the broker keeps it all; but its boards, and the service manager,
 * hear why. False where somebody wants us to stop. */
static bool wait_for_disk(struct daemon *daemon, const char *directory)
{
    int64_t until_us = steady_clock_us() + daemon->retry_after_us;
    daemon->retry_after_us =
        daemon->retry_after_us < RETRY_MAX_US / 2 ? 2 * daemon->retry_after_us : RETRY_MAX_US;
    bool full = daemon->troubles.troubles.of[TROUBLE_LEDGER_FULL].stands;
    vitals_wait(daemon->vitals, "the ledger");
    while (steady_clock_us() < until_us || (full && !has_room(directory))) {
        if (stop_asked()) {
            daemon->stopped = true;
            return false;
        }
        vitals_turn(daemon->vitals);
        usleep(WAIT_MS * 1000);
    }
    return true;
}

/* Opens the engine; where the disk keeps the ledger from being opened it waits until it does not.
 */
static bool open_engine(struct daemon *daemon, const struct place *place, struct failure *failure)
{
    struct plant *plant = NULL;
    daemon->retry_after_us = RETRY_MIN_US;
    bool good = false, again = true;
    while (again) {
        good = engine_open_watched(&daemon->engine, vitals_watch(daemon->vitals), place->plant_path,
                                   place->url, place->directory, place->start_us, failure);
        enum book_trouble trouble = daemon->engine.trouble;
        again = !good && book_trouble_passes(trouble);
        if (again && plant == NULL) {
            hold_signals(); /* the sender is a thread */
            plant = plant_load_with_broker(place->plant_path, place->url, failure);
            again = plant != NULL && start_sender(daemon, plant, place->directory, failure);
        }
        if (again) {
            trouble_of_book(&daemon->troubles.troubles, trouble, failure->text, wall_clock_us());
            trouble_watch_connect(&daemon->troubles, NULL, daemon->sender);
            trouble_watch_tell(&daemon->troubles, plant);
            again = wait_for_disk(daemon, place->directory);
        }
    }
    plant_free(plant);
    return good;
}

bool command_run(int argc, char **argv, struct failure *failure)
{
    const char *plant_path = NULL;
    const char *directory = NULL;
    const char *clock_text = NULL;
    const char *url = NULL;
    const char *snapshots_text = NULL;
    const struct option options[] = {
        {"-c", "PLANT.json", &plant_path, NULL, true, "the configuration"},
        {"-d", "DIR", &directory, NULL, true, "all data lie below it; made where it is missing"},
        {"--clock", "wall|message", &clock_text, NULL, false,
         "message: arrival times come with the messages (tests, demo)"},
        {"--broker", "URL", &url, NULL, false, "in place of mqtt.url of the configuration"},
        {"--snapshots", "MINUTES", &snapshots_text, NULL, false,
         "between two snapshots, 10 by default, so that a restart is quick; 0: none"},
    };
    const struct command_usage usage = {
        .synopsis = "run -c PLANT.json -d DIR [--clock wall|message] [--broker URL] "
                    "[--snapshots MINUTES]",
        .description = "The daemon: subscribes to the meters, books what they measure, judges it "
                       "against the quotas,\npublishes alerts. Stops in order on SIGTERM or "
                       "Ctrl-C; kill -9 loses nothing that the broker\nwas told we have.",
        .options = options,
        .option_count = 5,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure) || helped) {
        return helped;
    }
    struct daemon daemon = {0};
    if (!clock_parse(clock_text, &daemon.clock, failure) ||
        !snapshots_parse(snapshots_text, &daemon.snapshot_every_us, failure)) {
        return false;
    }
    int64_t start_us = daemon.clock == CLOCK_WALL ? wall_clock_us() : 0;
    daemon.vitals = vitals_create(directory, &daemon.engine, daemon.clock == CLOCK_WALL);
    const struct pipeline_watch *look = vitals_watch(daemon.vitals);
    trouble_watch_start(&daemon.troubles, &daemon.engine, look->metrics,
                        daemon.clock == CLOCK_WALL);
    vitals_watch_troubles(daemon.vitals, &daemon.troubles);
    const struct place place = {plant_path, url, directory, start_us};
    if (!open_engine(&daemon, &place, failure)) {
        trouble_watch_connect(&daemon.troubles, NULL, NULL);
        sender_stop(daemon.sender, GOODBYE_MS);
        vitals_destroy(daemon.vitals);
        return daemon.stopped;
    }
    trouble_watch_adopt(&daemon.troubles);
    if (daemon.clock == CLOCK_MESSAGE && daemon.engine.plant->broker.version < 5) {
        trouble_watch_connect(&daemon.troubles, NULL, NULL);
        sender_stop(daemon.sender, 0);
        engine_close(&daemon.engine);
        vitals_destroy(daemon.vitals);
        return failure_set(failure, FAILURE_INPUT,
                           "--clock message: the arrival time comes as a user property, which "
                           "needs \"version\": 5 under mqtt in %s",
                           plant_path);
    }
    hold_signals();
    daemon.status_us = steady_clock_us();
    log_line(LOG_LEVEL_INFO, "started", "version=%s dir=%s position=%" PRIu64, HEATLEDGER_VERSION,
             directory, pipeline_position(daemon.engine.pipeline));
    bool good = connect_all(&daemon, directory, failure) && work(&daemon, failure);
    return finish(&daemon, good, failure);
}
