/* What others can fill stays bounded: refused messages, and messages out while the broker is away.
 */
#include "ledger_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger_rows.h"

static struct ledger_fixture *bounded(int64_t per_topic, int64_t rejects, int64_t outbox)
{
    struct ledger_fixture *f = fixture_open(true);

    f->plant.limits = (struct book_limits){per_topic, rejects, outbox};
    book_plant(f->book, &f->plant); /* the version is there: only the limits are told */
    return f;
}

static void refuse(struct ledger_fixture *f, const char *topic, enum outcome outcome,
                   uint64_t position)
{
    const struct book_reject reject = {
        .id = {position, 0},
        .at_us = F_AT(8, 0),
        .topic = topic,
        .topic_length = strlen(topic),
        .outcome = outcome,
        .detail = "",
        .payload = "{",
        .payload_length = 1,
    };

    book_reject(f->book, &reject);
}

#define KEPT "SELECT position, topic, nth FROM reject ORDER BY position"

static void of_each_topic_and_outcome_the_newest_are_kept(void **state)
{
    struct ledger_fixture *f = bounded(2, 100, 100);

    (void)state;
    for (uint64_t i = 0; i < 5; i++) {
        refuse(f, "a", OUTCOME_UNDECODABLE, 100 + i);
    }
    refuse(f, "b", OUTCOME_UNDECODABLE, 200);
    refuse(f, "a", OUTCOME_UNKNOWN_METER, 201);
    refuse(f, "a", OUTCOME_UNDECODABLE, 202);
    expect_rows(book_reader(f->book), KEPT, "104|a|5\n200|b|1\n201|a|1\n202|a|6\n");
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

static void of_all_topics_the_newest_are_kept(void **state)
{
    struct ledger_fixture *f = bounded(2, 3, 100);
    char topic[2] = "a";

    (void)state;
    for (uint64_t i = 0; i < 6; i++) {
        topic[0] = (char)('a' + i);
        refuse(f, topic, OUTCOME_UNDECODABLE, 100 + i);
    }
    expect_rows(book_reader(f->book), KEPT, "103|d|1\n104|e|1\n105|f|1\n");
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

/* Half of it comes after the book was closed and opened: as without. */
static void what_is_kept_does_not_depend_on_a_restart(void **state)
{
    struct ledger_fixture *f = bounded(3, 5, 100);
    struct failure failure = {0};

    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        refuse(f, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", OUTCOME_UNDECODABLE, 100 + i);
        if (i == 11) {
            commit_or_fail(f, F_AT(8, 0));
            book_close(f->book);
            f->book = book_open(f->path, &failure);
            assert_non_null(f->book);
            fixture_begin(f);
            book_plant(f->book, &f->plant);
        }
    }
    expect_rows(book_reader(f->book), KEPT, "115|a|6\n116|b|6\n117|c|6\n118|a|7\n119|b|7\n");
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

#define WAITING "SELECT position, topic, payload, retain FROM outbox_message ORDER BY row"

static void send(struct ledger_fixture *f, const char *topic, uint64_t position, bool retain)
{
    char payload[24];

    snprintf(payload, sizeof payload, "%llu", (unsigned long long)position);
    book_outbox(f->book, (struct effect_id){position, 0}, topic, payload, retain);
}

static void past_the_bound_a_retained_topic_keeps_its_newest_message(void **state)
{
    struct ledger_fixture *f = bounded(2, 3, 4);

    (void)state;
    send(f, "alerts/a", 1, true);
    send(f, "heats/1", 2, false);
    send(f, "alerts/b", 3, true);
    send(f, "alerts/a", 4, true);
    expect_rows(book_reader(f->book), WAITING,
                "1|alerts/a|1|1\n2|heats/1|2|0\n3|alerts/b|3|1\n4|alerts/a|4|1\n");
    send(f, "heats/1", 5, false);
    expect_rows(book_reader(f->book), WAITING,
                "2|heats/1|2|0\n3|alerts/b|3|1\n4|alerts/a|4|1\n5|heats/1|5|0\n");
    assert_int_equal(book_outbox_replaced(f->book), 1);
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

static void nothing_but_replaced_messages_is_let_go_of(void **state)
{
    struct ledger_fixture *f = bounded(2, 3, 4);

    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        char topic[24];
        snprintf(topic, sizeof topic, "handover/%llu", (unsigned long long)i);
        send(f, topic, i, true);
        send(f, "heats/1", i, false);
    }
    expect_rows(book_reader(f->book), "SELECT COUNT(*) FROM outbox_message", "80\n");
    assert_int_equal(book_outbox_replaced(f->book), 0);
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

static void while_the_broker_takes_them_every_message_goes_out(void **state)
{
    struct ledger_fixture *f = bounded(2, 3, 4);

    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        send(f, "alerts/a", i, true);
        send(f, "alerts/a", i, true);
        book_outbox_sent(f->book, (int64_t)(2 * i));
        expect_rows(book_reader(f->book), "SELECT COUNT(*) FROM outbox_message", "2\n");
    }
    assert_int_equal(book_outbox_replaced(f->book), 0);
    commit_or_fail(f, F_AT(8, 0));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_each_topic_and_outcome_the_newest_are_kept),
        cmocka_unit_test(of_all_topics_the_newest_are_kept),
        cmocka_unit_test(what_is_kept_does_not_depend_on_a_restart),
        cmocka_unit_test(past_the_bound_a_retained_topic_keeps_its_newest_message),
        cmocka_unit_test(nothing_but_replaced_messages_is_let_go_of),
        cmocka_unit_test(while_the_broker_takes_them_every_message_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
