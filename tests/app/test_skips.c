/* Which records are left out: from the list, from the journal where the list is missing, from what
 * a crash has left. That a crash leaves it, and that nothing else is left out, shows
 * tests/e2e/crashing_records.sh. */
#include "journal.h"
#include "scratch.h"
#include "skips.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

struct house {
    char directory[SCRATCH_PATH_MAX];
    struct journal *journal;
    uint64_t position[3]; /* a configuration, two messages */
    uint64_t next[3];
    struct skips skips;
    struct failure failure;
};

static uint64_t append(struct house *house, enum journal_kind kind, const char *payload)
{
    struct journal_record record = {
        .kind = kind, .topic = "", .payload = payload, .payload_length = strlen(payload)};
    assert_true(journal_append(house->journal, &record, &house->failure));
    return record.position;
}

static int set_up(void **state)
{
    struct house *house = calloc(1, sizeof *house);
    char path[SCRATCH_PATH_MAX + sizeof "/journal"];
    uint64_t cut_bytes;
    scratch_make(house->directory);
    snprintf(path, sizeof path, "%s/journal", house->directory);
    house->journal = journal_open(path, JOURNAL_SEGMENT_MIN, &cut_bytes, &house->failure);
    assert_non_null(house->journal);
    house->position[0] = append(house, JOURNAL_CONFIG, "a configuration");
    house->position[1] = append(house, JOURNAL_MESSAGE, "first");
    house->position[2] = append(house, JOURNAL_MESSAGE, "second");
    for (size_t i = 0; i < 3; i++) {
        house->next[i] = i < 2 ? house->position[i + 1] : journal_end(house->journal);
    }
    *state = house;
    return 0;
}

static int tear_down(void **state)
{
    struct house *house = *state;
    journal_close(house->journal);
    scratch_remove(house->directory);
    free(house);
    return 0;
}

static void remove_file(const struct house *house, const char *name)
{
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/%s", house->directory, name);
    assert_int_equal(remove(path), 0);
}

static void open_skips(struct house *house)
{
    assert_true(skips_open(&house->skips, house->directory, house->journal, 5, &house->failure));
}

/* Another process takes these records, and ends by this signal. */
static void end_by(struct house *house, uint64_t from, uint64_t to, bool alone, int signal_number)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        if (!skips_watch(&house->skips, house->directory, &house->failure)) {
            _exit(1);
        }
        skips_take(&house->skips, from, to, alone);
        raise(signal_number);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), signal_number);
}

static void a_crash_puts_what_was_in_hand_under_suspicion(void **state)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct house *house = *state;
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        open_skips(house);
        end_by(house, house->position[1], house->next[2], false, crashes[i]);
        open_skips(house);
        assert_int_equal(house->skips.count, 0);
        assert_false(skips_suspects(&house->skips, house->position[0]));
        assert_true(skips_suspects(&house->skips, house->position[1]));
        assert_true(skips_suspects(&house->skips, house->position[2]));
        assert_false(skips_suspects(&house->skips, house->next[2]));
    }
    open_skips(house); /* a suspicion holds for one start */
    assert_false(skips_suspects(&house->skips, house->position[1]));
}

static void a_kill_puts_nothing_under_suspicion(void **state)
{
    struct house *house = *state;
    open_skips(house);
    end_by(house, house->position[1], house->next[1], true, SIGKILL);
    open_skips(house);
    assert_int_equal(house->skips.count, 0);
    assert_false(skips_suspects(&house->skips, house->position[1]));
}

static void a_crash_with_nothing_in_hand_is_nobodys(void **state)
{
    struct house *house = *state;
    open_skips(house);
    end_by(house, 0, 0, false, SIGSEGV);
    open_skips(house);
    assert_false(skips_suspects(&house->skips, 0));
}

static void a_message_that_crashes_alone_is_left_out_by_the_journal(void **state)
{
    struct house *house = *state;
    struct journal_record record;
    char expected[80];
    uint64_t end = journal_end(house->journal);
    open_skips(house);
    end_by(house, house->position[1], house->next[1], true, SIGSEGV);
    open_skips(house);
    assert_true(skips_has(&house->skips, house->position[1]));
    assert_false(skips_has(&house->skips, house->position[2]));
    assert_int_equal(journal_read(house->journal, end, &record, &house->failure), 1);
    assert_int_equal(record.kind, JOURNAL_SKIP);
    assert_int_equal(record.arrival_us, 5);
    snprintf(expected, sizeof expected, "{\"position\":%llu,\"why\":\"crashed twice\"}",
             (unsigned long long)house->position[1]);
    assert_int_equal(record.payload_length, strlen(expected));
    assert_memory_equal(record.payload, expected, strlen(expected));
    end = journal_end(house->journal);
    open_skips(house); /* said once */
    assert_int_equal(journal_end(house->journal), end);
    assert_true(skips_has(&house->skips, house->position[1]));
}

static void a_configuration_is_never_left_out(void **state)
{
    struct house *house = *state;
    uint64_t end = journal_end(house->journal);
    open_skips(house);
    end_by(house, house->position[0], house->next[0], true, SIGSEGV);
    open_skips(house);
    assert_int_equal(house->skips.count, 0);
    assert_int_equal(journal_end(house->journal), end);
}

static void a_list_that_is_missing_is_made_from_the_journal(void **state)
{
    struct house *house = *state;
    char payload[80];
    open_skips(house);
    for (size_t i = 2; i >= 1; i--) {
        snprintf(payload, sizeof payload, "{\"position\":%llu,\"why\":\"crashed twice\"}",
                 (unsigned long long)house->position[i]);
        append(house, JOURNAL_SKIP, payload);
    }
    append(house, JOURNAL_SKIP, payload); /* the same again */
    open_skips(house);
    assert_int_equal(house->skips.count, 0); /* what the list says is believed */
    remove_file(house, "skips");
    struct skips looked;
    assert_true(skips_look(&looked, house->directory, house->journal, &house->failure));
    assert_int_equal(looked.count, 2);
    open_skips(house);
    assert_int_equal(house->skips.count, 2);
    assert_int_equal(house->skips.positions[0], house->position[1]);
    assert_int_equal(house->skips.positions[1], house->position[2]);
    open_skips(house);
    assert_int_equal(house->skips.count, 2);
}

static void a_list_that_is_not_whole_is_made_again(void **state)
{
    struct house *house = *state;
    char path[SCRATCH_PATH_MAX + 16];
    open_skips(house);
    end_by(house, house->position[2], house->next[2], true, SIGABRT);
    open_skips(house);
    snprintf(path, sizeof path, "%s/skips", house->directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "heatledger skips 1\n2\n%llu\n", (unsigned long long)house->position[1]);
    fclose(file);
    open_skips(house);
    assert_int_equal(house->skips.count, 1);
    assert_true(skips_has(&house->skips, house->position[2]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_crash_puts_what_was_in_hand_under_suspicion),
        TEST(a_kill_puts_nothing_under_suspicion),
        TEST(a_crash_with_nothing_in_hand_is_nobodys),
        TEST(a_message_that_crashes_alone_is_left_out_by_the_journal),
        TEST(a_configuration_is_never_left_out),
        TEST(a_list_that_is_missing_is_made_from_the_journal),
        TEST(a_list_that_is_not_whole_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
