/* The ledger's disk fails at any one call, and works again: what is booked in the end is what an
 * undisturbed disk gives, history and messages out included. */
#include "dump.h"
#include "engine.h"
#include "faulty_vfs.h"
#include "house.h"
#include "log.h"
#include "reader.h"

#define TRIES_MAX 12 /* of opening the ledger, after which it must be good */
#define MINUTES 60   /* of readings before what is late comes */

static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"Etc/UTC\", \"production_day_start\": \"00:00:00\","
    " \"journal\": {\"segment_mib\": 1},"
    " \"mqtt\": {\"url\": \"mqtt://127.0.0.1:1\", \"version\": 5, \"client_id\": \"x\"},"
    " \"items\": [{\"id\": \"electricity\", \"unit\": \"kWh\", \"resolution\": \"1\","
    "              \"division\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"E1\", \"item\": \"electricity\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"},"
    "              {\"id\": \"night\", \"start\": \"12:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
    "              \"offsets\": {\"A\": 0, \"B\": 1}},"
    " \"quotas\": [{\"id\": \"q1\", \"item\": \"electricity\", \"basis\": \"per_tonne\","
    "               \"target\": \"30\", \"limit\": \"40\"}]}";

/* Behind an hour of readings: a heat, a fall, a takeover, a reading that is late by hours and is
 * booked from the stored curve, a change of shift with its handover. */
static const struct house_message messages[] = {
    HOUSE_A_HEAT_ENDS,
    {"12:11:00", "plant/S1/heat",
     "{\"ts\":\"2026-03-10T08:30:30Z\",\"heat\":\"H1\",\"event\":\"start\",\"station\":\"LF\"}"},
    {"12:12:00", "plant/S1/heat",
     "{\"ts\":\"2026-03-10T08:40:30Z\",\"heat\":\"H1\",\"event\":\"end\",\"station\":\"LF\"}"},
    {"12:30:00", "plant/S1/LF/electricity/E1", "{\"ts\":\"2026-03-10T08:35:30Z\",\"value\":237}"},
    {"12:31:00", "plant/S1/nowhere", "{\"value\":1}"},
    {"12:32:00", "plant/S1/LF/electricity/E1", "{\"ts\":\"2026-03-10T12:31:00Z\",\"value\":1111}"},
    {"23:00:00", "plant/S1/LF/electricity/E1", "{\"ts\":\"2026-03-10T23:00:00Z\",\"value\":1900}"},
};
#define MESSAGES (sizeof messages / sizeof messages[0])

struct plant_run {
    char directory[SCRATCH_PATH_MAX], plant_path[SCRATCH_PATH_MAX + 16];
    struct engine engine;
    int troubles; /* how often the ledger failed */
};

static void note_trouble(struct plant_run *run, enum book_trouble trouble,
                         const struct failure *failure)
{
    if (!book_trouble_passes(trouble)) {
        fail_msg("call %d at %d, code %d: taken for what does not pass: %s", vfs_plan_now.call,
                 vfs_plan_now.at, vfs_plan_now.code, failure->text);
    }
    if (++run->troubles > TRIES_MAX) {
        fail_msg("call %d at %d, code %d: is not over: %s", vfs_plan_now.call, vfs_plan_now.at,
                 vfs_plan_now.code, failure->text);
    }
}

/* At the start the program ends, and is started again. */
static void start(struct plant_run *run)
{
    struct failure failure = {0};
    int64_t start_us = house_us("07:00:00");
    while (!engine_open(&run->engine, run->plant_path, NULL, run->directory, start_us, &failure)) {
        assert_true(++run->troubles <= TRIES_MAX);
    }
}

/* Later the ledger is closed and opened again, as `run` does. */
static void book(struct plant_run *run)
{
    struct failure failure = {0};
    while (!pipeline_drain(run->engine.pipeline, NULL, &failure) ||
           !pipeline_show(run->engine.pipeline, &failure)) {
        note_trouble(run, engine_trouble(&run->engine), &failure);
        engine_close_book(&run->engine);
        while (!engine_open_book(&run->engine, &failure)) {
            assert_int_not_equal(run->engine.trouble, BOOK_DAMAGED);
            assert_true(++run->troubles <= TRIES_MAX);
        }
    }
}

static bool write_row(void *context, const struct reader_row *row)
{
    for (int i = 0; i < row->column_count; i++) {
        fprintf(context, "%s\t", row->values[i] == NULL ? "" : row->values[i]);
    }
    fputs("\n", context);
    return true;
}

/* What is booked, and what is to be sent. */
static char *read_ledger(struct plant_run *run)
{
    static const char *const queries[] = {
        "SELECT position, ordinal, topic, payload, retain FROM outbox_message ORDER BY row",
        "SELECT * FROM progress", "SELECT * FROM curve_page ORDER BY 1, 2, 3",
        "PRAGMA integrity_check"};
    char *text = NULL;
    size_t length = 0;
    struct failure failure = {0};
    FILE *out = open_memstream(&text, &length);
    bool good = dump_write(book_reader(run->engine.book), true, out, &failure);
    for (size_t i = 0; good && i < sizeof queries / sizeof queries[0]; i++) {
        good = reader_query(book_reader(run->engine.book), queries[i], NULL, 0, write_row, out,
                            &failure);
    }
    fclose(out);
    if (!good) {
        fail_msg("%s", failure.text);
    }
    return text;
}

/* In a directory of its own, on a disk that fails as planned. */
static void begin(struct plant_run *run, struct vfs_faults plan)
{
    *run = (struct plant_run){.troubles = 0};
    scratch_make(run->directory);
    snprintf(run->plant_path, sizeof run->plant_path, "%s/plant.json", run->directory);
    FILE *file = fopen(run->plant_path, "w");
    assert_non_null(file);
    fputs(plant_text, file);
    fclose(file);
    vfs_plan(plan);
    start(run);
}

/* The whole of it on a disk that fails as planned; the caller frees the text. */
static char *book_with(struct vfs_faults plan, int *failures)
{
    struct plant_run run;
    begin(&run, plan);
    for (int minute = 0; minute < MINUTES; minute++) {
        char at[24], payload[80];
        snprintf(at, sizeof at, "08:%02d:00", minute);
        snprintf(payload, sizeof payload, "{\"ts\":\"2026-03-10T%sZ\",\"value\":%d}", at,
                 100 + minute * 4);
        house_append(run.engine.journal,
                     &(struct house_message){at, "plant/S1/LF/electricity/E1", payload});
    }
    book(&run);
    for (size_t i = 0; i < MESSAGES; i++) {
        house_append(run.engine.journal, &messages[i]);
        book(&run);
    }
    *failures = vfs_failures;
    vfs_plan((struct vfs_faults){0});
    char *text = read_ledger(&run);
    engine_close(&run.engine);
    scratch_remove(run.directory);
    return text;
}

/* Fails each call of a kind in turn: the first ones one by one, later ones in steps. */
static void fail_each(enum vfs_call call, int code, int span, const char *expected)
{
    int failures = 1, runs = 0;
    for (int at = 1; failures > 0; at += at < 25 ? 1 : 13) {
        char *text = book_with(
            (struct vfs_faults){.call = call, .at = at, .span = span, .code = code}, &failures);
        if (strcmp(text, expected) != 0) {
            size_t same = 0;
            while (text[same] == expected[same]) {
                same++;
            }
            while (same > 0 && text[same - 1] != '\n') {
                same--;
            }
            fail_msg(
                "call %d failed at %d with %d, and the ledger is another:\n%.300s\nnot:\n%.300s",
                call, at, code, text + same, expected + same);
        }
        free(text);
        runs++;
    }
    assert_true(runs > 1); /* it is called at all */
}

static char *undisturbed(void)
{
    int failures = 0;
    char *text = book_with((struct vfs_faults){0}, &failures);
    assert_int_equal(failures, 0);
    assert_non_null(strstr(text, "late_event"));
    return text;
}

static const struct ledger_fault {
    const char *name;
    enum vfs_call call;
    int code, span;
} ledger_faults[] = {
    {"edge_34_a_disk_that_is_full_for_one_write_changes_nothing", VFS_WRITE, SQLITE_FULL, 1},
    {"edge_34_a_disk_that_is_full_for_a_while_changes_nothing", VFS_WRITE, SQLITE_FULL, 4},
    {"edge_34_a_ledger_that_is_read_only_for_a_while_changes_nothing", VFS_WRITE, SQLITE_READONLY,
     2},
    {"edge_33_a_failed_write_changes_nothing", VFS_WRITE, SQLITE_IOERR_WRITE, 2},
    {"edge_33_a_failed_read_changes_nothing", VFS_READ, SQLITE_IOERR_READ, 1},
    {"edge_33_a_failed_sync_changes_nothing", VFS_SYNC, SQLITE_IOERR_FSYNC, 1},
    {"edge_33_a_file_that_cannot_be_opened_for_a_while_changes_nothing", VFS_OPEN, SQLITE_CANTOPEN,
     2},
    {"edge_33_a_ledger_that_others_hold_for_too_long_changes_nothing", VFS_SHM_LOCK, SQLITE_BUSY,
     300},
    {"edge_33_shared_memory_that_fails_changes_nothing", VFS_SHM_MAP, SQLITE_IOERR_SHMMAP, 1},
};
#define LEDGER_FAULTS (sizeof ledger_faults / sizeof ledger_faults[0])

static void changes_nothing(void **state)
{
    const struct ledger_fault *fault = *state;
    char *expected = undisturbed();
    fail_each(fault->call, fault->code, fault->span, expected);
    free(expected);
}

/* Closed and opened again while a call fails: the trouble is named, or was before any was found; it
 * is never one that ends the daemon. */
static void edge_33_a_ledger_that_does_not_open_again_is_waited_for(void **state)
{
    (void)state;
    static const struct {
        enum vfs_call call;
        int code;
        enum book_trouble trouble;
    } rows[] = {
        {VFS_OPEN, SQLITE_CANTOPEN, BOOK_UNREACHABLE},
        {VFS_READ, SQLITE_IOERR_READ, BOOK_DISK},
        {VFS_LOCK, SQLITE_BUSY, BOOK_BUSY},
    };
    struct plant_run run;
    begin(&run, (struct vfs_faults){0});
    book(&run);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int named = 0, failed = 1;
        for (int at = 1; failed > 0; at++) {
            struct failure failure = {0};
            engine_close_book(&run.engine);
            vfs_plan((struct vfs_faults){
                .call = rows[i].call, .at = at, .span = 1000, .code = rows[i].code});
            bool opened = engine_open_book(&run.engine, &failure);
            enum book_trouble trouble = engine_trouble(&run.engine);
            failed = vfs_failures;
            vfs_plan((struct vfs_faults){0});
            assert_true(opened || trouble == rows[i].trouble || trouble == BOOK_SOUND);
            named += !opened && trouble == rows[i].trouble;
            assert_true(opened || engine_open_book(&run.engine, &failure));
        }
        assert_true(named > 0);
    }
    engine_close(&run.engine);
    scratch_remove(run.directory);
}

int main(void)
{
    struct CMUnitTest tests[LEDGER_FAULTS + 1] = {
        [LEDGER_FAULTS] =
            cmocka_unit_test(edge_33_a_ledger_that_does_not_open_again_is_waited_for)};
    for (size_t i = 0; i < LEDGER_FAULTS; i++) {
        tests[i] = (struct CMUnitTest){.name = ledger_faults[i].name,
                                       .test_func = changes_nothing,
                                       .initial_state = (void *)(uintptr_t)&ledger_faults[i]};
    }
    log_set_level(LOG_LEVEL_ERROR);
    vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
