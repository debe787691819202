#include "topic_routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct topic_route *add(struct topic_routes *routes, const char *topic, uint32_t meter)
{
    return topic_routes_add(routes, topic, strlen(topic),
                            (struct topic_route){.named = true, .meter = {meter}});
}

static const struct topic_route *find(const struct topic_routes *routes, const char *topic)
{
    return topic_routes_find(routes, topic, strlen(topic));
}

static void finds_what_was_added_and_nothing_else(void **state)
{
    (void)state;
    struct topic_routes *routes = topic_routes_create(1000);
    assert_null(find(routes, "plant/X/LF/electricity/E1"));
    for (uint32_t i = 0; i < 1000; i++) {
        char topic[64];
        snprintf(topic, sizeof topic, "plant/X/LF/electricity/E%u", i);
        assert_int_equal(add(routes, topic, i)->meter.index, i);
        memset(topic, 'x', sizeof topic); /* the text is the route's own */
    }
    assert_int_equal(find(routes, "plant/X/LF/electricity/E999")->meter.index, 999);
    assert_int_equal(find(routes, "plant/X/LF/electricity/E9")->meter.index, 9);
    assert_null(find(routes, "plant/X/LF/electricity/E"));
    assert_null(find(routes, "plant/X/LF/electricity/E1000"));
    /* A slice of a longer text, as topics stand in the journal. */
    assert_int_equal(topic_routes_find(routes, "plant/X/LF/electricity/E12", 25)->meter.index, 1);
    topic_routes_destroy(routes);
}

static void keeps_no_more_than_it_may(void **state)
{
    (void)state;
    struct topic_routes *routes = topic_routes_create(2);
    assert_non_null(add(routes, "a", 1));
    assert_non_null(add(routes, "b", 2));
    assert_null(add(routes, "c", 3));
    assert_null(find(routes, "c"));
    assert_int_equal(find(routes, "b")->meter.index, 2);
    topic_routes_destroy(routes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_and_nothing_else),
        cmocka_unit_test(keeps_no_more_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
