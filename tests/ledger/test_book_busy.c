/* Another program holds the ledger for writing while a batch is to be written. */
#include "ledger_fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define HELD_US 300000

static sqlite3 *hold(const char *path)
{
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

static void *let_go_after_a_while(void *other)
{
    usleep(HELD_US);
    sqlite3_close(other);
    return NULL;
}

static void a_batch_waits_for_who_holds_the_ledger(void **state)
{
    (void)state;
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    pthread_t thread;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    sqlite3 *other = hold(f->path);
    assert_int_equal(pthread_create(&thread, NULL, let_go_after_a_while, other), 0);
    fixture_begin(f);
    fixture_demo(f);
    bool good = fixture_commit(f, F_DEMO_NOW_US, &failure);
    pthread_join(thread, NULL);
    if (!good) {
        fail_msg("%s", failure.text);
    }
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_waits_for_who_holds_the_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
