/* The ring of messages on their way: nothing leaves it before the broker has taken it. */
#include "outbound.h"

#include "mqtt_reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add(struct outbound *outbound, int64_t tag)
{
    const struct mqtt_message message = {.topic = "t", .payload = "p", .payload_length = 1};
    outbound_add(outbound, &message, tag);
}

static void send_all(struct outbound *outbound)
{
    for (; outbound->sent < outbound->added; outbound->sent++) {
        struct outbound_message *message = outbound_at(outbound, outbound->sent);
        if (message->state != OUTBOUND_DONE) {
            message->state = OUTBOUND_SENT;
        }
    }
}

static void taken_means_all_before_it_too(void **state)
{
    (void)state;
    struct outbound outbound;
    outbound_create(&outbound, 3);
    for (int64_t tag = 10; tag < 13; tag++) {
        add(&outbound, tag);
    }
    assert_true(outbound_full(&outbound));
    send_all(&outbound);
    outbound_done(&outbound, 1);
    assert_int_equal(outbound.taken_tag, INT64_MIN);
    assert_true(outbound_full(&outbound));
    outbound_done(&outbound, 0);
    assert_int_equal(outbound.taken_tag, 11);
    assert_false(outbound_full(&outbound));
    add(&outbound, 13);
    send_all(&outbound);
    outbound_done(&outbound, 3);
    outbound_done(&outbound, 2);
    assert_int_equal(outbound.taken_tag, 13);
    assert_int_equal(outbound.taken, outbound.added);
    outbound_clear(&outbound);
}

static void after_a_lost_connection_only_what_was_not_taken_goes_again(void **state)
{
    (void)state;
    struct outbound outbound;
    outbound_create(&outbound, 4);
    for (int64_t tag = 0; tag < 4; tag++) {
        add(&outbound, tag);
    }
    send_all(&outbound);
    outbound_done(&outbound, 0);
    outbound_done(&outbound, 2);
    outbound_rewind(&outbound);
    assert_int_equal(outbound.sent, 1);
    assert_int_equal(outbound_at(&outbound, 1)->state, OUTBOUND_SENT);
    assert_int_equal(outbound_at(&outbound, 2)->state, OUTBOUND_DONE);
    send_all(&outbound);
    outbound_done(&outbound, 1);
    assert_int_equal(outbound.taken_tag, 2);
    outbound_done(&outbound, 3);
    assert_int_equal(outbound.taken_tag, 3);
    outbound_clear(&outbound);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    assert_string_equal(mqtt_reason(5), "not authorised");
    assert_string_equal(mqtt_reason(0x87), "not authorised");
    assert_non_null(strstr(mqtt_reason(-14), "mqtt://"));
    assert_non_null(mqtt_reason(0xff));
    assert_non_null(mqtt_reason(-99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_means_all_before_it_too),
        cmocka_unit_test(after_a_lost_connection_only_what_was_not_taken_goes_again),
        cmocka_unit_test(every_reason_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
