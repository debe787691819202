/* Alerts that people acknowledge and shelve, and alerts about meters. */
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define SOON 1000

/* Heat 1 with 120 of 80/100: both alerts stand. */
static struct heat over(struct shop *shop)
{
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 80, 100)->of_crews = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 120);
    (void)shop_judge(shop);
    return heat;
}

static void write_step(void *context, const struct alert_transition *step)
{
    struct shop *shop = context;
    shop_write(shop, "%s%s%s %s%s by %s for %s until %" PRId64 "\n",
               alert_matter_name(step->matter), step->matter != ALERT_QUOTA ? " " : "",
               alert_level_name(step->level), alert_state_name(step->state),
               step->again ? " again" : "", step->by != NULL ? step->by : "-",
               step->reason != NULL ? step->reason : "-", step->until_us);
}

static struct alert_transition of_heat(enum alert_state state)
{
    return (struct alert_transition){.scope = BALANCE_HEAT,
                                     .heat = {1},
                                     .level = ALERT_LIMIT,
                                     .state = state,
                                     .by = "leader",
                                     .reason = "scale",
                                     .at_us = 10,
                                     .until_us = state == ALERT_SHELVED ? SOON : 0};
}

static struct alert_transition of_meter(enum alert_matter matter, enum alert_state state)
{
    struct alert_transition asked = of_heat(state);
    asked.scope = BALANCE_METER;
    asked.matter = matter;
    asked.meter = (meter_id){3};
    return asked;
}

static void clear_log(struct shop *shop)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
}

static void handles(struct shop *shop, struct alert_transition asked, enum alert_answer answer,
                    const char *said)
{
    clear_log(shop);
    assert_int_equal(rules_handle(shop->rules, &asked, write_step, shop), answer);
    assert_string_equal(shop->log, said);
}

static const char *unshelved(struct shop *shop, int64_t now_us)
{
    clear_log(shop);
    while (rules_unshelve(shop->rules, now_us, write_step, shop)) {
    }
    return shop->log;
}

static void edge_31_an_alert_is_acknowledged_once(void **state)
{
    struct shop *shop = *state;
    (void)over(shop);
    handles(shop, of_heat(ALERT_ACKED), ALERT_DONE, "limit acked by leader for scale until 0\n");
    handles(shop, of_heat(ALERT_ACKED), ALERT_SAME, "");
    assert_string_equal(shop_judge(shop), "");
    shop_post(shop, 0, 1, CREW_A, -30); /* seen or not: it is over when it is */
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 90/100\n");
    shop_post(shop, 0, 1, CREW_A, 30); /* and what rises again was seen by nobody */
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 120/100\n");
    handles(shop, of_heat(ALERT_ACKED), ALERT_DONE, "limit acked by leader for scale until 0\n");
}

static void edge_31_a_shelf_ends_by_itself(void **state)
{
    struct shop *shop = *state;
    (void)over(shop);
    assert_int_equal(rules_due_us(shop->rules), INT64_MAX);
    handles(shop, of_heat(ALERT_SHELVED), ALERT_DONE,
            "limit shelved by leader for scale until 1000\n");
    assert_int_equal(rules_due_us(shop->rules), SOON);
    assert_string_equal(unshelved(shop, SOON - 1), "");
    assert_string_equal(unshelved(shop, SOON), "limit raised again by - for - until 0\n");
    assert_int_equal(rules_due_us(shop->rules), INT64_MAX);
    assert_string_equal(shop_judge(shop), "");
}

static void edge_31_a_shelf_ends_early_when_the_alert_is_over_or_seen(void **state)
{
    struct shop *shop = *state;
    (void)over(shop);
    struct alert_transition other = of_heat(ALERT_SHELVED);
    other.level = ALERT_TARGET;
    handles(shop, of_heat(ALERT_SHELVED), ALERT_DONE,
            "limit shelved by leader for scale until 1000\n");
    handles(shop, other, ALERT_DONE, "target shelved by leader for scale until 1000\n");
    shop_post(shop, 0, 1, CREW_A, -30);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 90/100\n");
    other.state = ALERT_ACKED;
    handles(shop, other, ALERT_DONE, "target acked by leader for scale until 1000\n");
    assert_string_equal(unshelved(shop, SOON), "");
}

static void edge_31_another_shelf_takes_the_place_of_the_first(void **state)
{
    struct shop *shop = *state;
    (void)over(shop);
    struct alert_transition longer = of_heat(ALERT_SHELVED);
    longer.until_us = 2 * SOON;
    handles(shop, of_heat(ALERT_SHELVED), ALERT_DONE,
            "limit shelved by leader for scale until 1000\n");
    handles(shop, of_heat(ALERT_SHELVED), ALERT_SAME, "");
    handles(shop, longer, ALERT_DONE, "limit shelved by leader for scale until 2000\n");
    assert_string_equal(unshelved(shop, SOON), "");
    assert_string_equal(unshelved(shop, 2 * SOON), "limit raised again by - for - until 0\n");
}

static void edge_31_shelves_end_in_the_order_of_their_times(void **state)
{
    struct shop *shop = *state;
    (void)over(shop);
    struct alert_transition sooner = of_heat(ALERT_SHELVED);
    sooner.level = ALERT_TARGET;
    sooner.until_us = SOON - 1;
    handles(shop, of_heat(ALERT_SHELVED), ALERT_DONE,
            "limit shelved by leader for scale until 1000\n");
    handles(shop, sooner, ALERT_DONE, "target shelved by leader for scale until 999\n");
    assert_int_equal(rules_due_us(shop->rules), SOON - 1);
    assert_string_equal(unshelved(shop, SOON - 1), "target raised again by - for - until 0\n");
    assert_string_equal(unshelved(shop, SOON), "limit raised again by - for - until 0\n");
}

static void edge_31_what_cannot_be_handled_is_refused(void **state)
{
    struct shop *shop = *state;
    struct heat heat = over(shop);
    struct alert_transition unknown = of_heat(ALERT_ACKED);
    unknown.heat.value = 2;
    handles(shop, unknown, ALERT_UNKNOWN, "");
    struct alert_transition nobody = of_heat(ALERT_ACKED);
    nobody.scope = BALANCE_CREW;
    nobody.slot = CREW_A;
    handles(shop, nobody, ALERT_UNKNOWN, "");
    struct alert_transition past = of_heat(ALERT_SHELVED);
    past.until_us = past.at_us;
    handles(shop, past, ALERT_PAST, "");
    handles(shop, of_meter(ALERT_HELD, ALERT_ACKED), ALERT_UNKNOWN, "");
    heat.ended_us = 1;
    rules_heat(shop->rules, &heat);
    (void)shop_judge(shop);
    handles(shop, of_heat(ALERT_ACKED), ALERT_OVER, "");
}

static void edge_04_a_meter_that_holds_readings_has_one_alert(void **state)
{
    struct shop *shop = *state;
    shop_start(shop);
    rules_meter_held(shop->rules, (meter_id){3}, true, 77);
    rules_meter_held(shop->rules, (meter_id){2}, true, 5);
    assert_string_equal(shop_judge(shop), "q0 meter 2 limit raised 5/0\n"
                                          "q0 meter 3 limit raised 77/0\n");
    rules_meter_held(shop->rules, (meter_id){3}, true, 99);
    assert_string_equal(shop_judge(shop), "");
    assert_true(rules_meter_stands(shop->rules, (meter_id){3}, ALERT_HELD));
    assert_false(rules_meter_stands(shop->rules, (meter_id){3}, ALERT_STALE));
    handles(shop, of_meter(ALERT_HELD, ALERT_SHELVED), ALERT_DONE,
            "held limit shelved by leader for scale until 1000\n");
    assert_string_equal(unshelved(shop, SOON), "held limit raised again by - for - until 0\n");
    rules_meter_held(shop->rules, (meter_id){3}, false, 0);
    assert_string_equal(shop_judge(shop), "q0 meter 3 limit cleared 0/0\n"
                                          "q0 meter 3 limit closed 0/0\n");
    handles(shop, of_meter(ALERT_HELD, ALERT_ACKED), ALERT_OVER, "");
}

static void edge_15_a_silent_meter_has_an_alert_of_its_own(void **state)
{
    struct shop *shop = *state;
    shop_start(shop);
    rules_meter_silent(shop->rules, (meter_id){3}, true);
    rules_meter_held(shop->rules, (meter_id){3}, true, 7);
    assert_string_equal(shop_judge(shop), "q0 meter 3 limit raised 7/0\n"
                                          "q0 meter 3 limit raised 0/0\n");
    handles(shop, of_meter(ALERT_STALE, ALERT_ACKED), ALERT_DONE,
            "stale limit acked by leader for scale until 0\n");
    rules_meter_silent(shop->rules, (meter_id){3}, false);
    assert_string_equal(shop_judge(shop), "q0 meter 3 limit cleared 0/0\n"
                                          "q0 meter 3 limit closed 0/0\n");
    assert_true(rules_meter_stands(shop->rules, (meter_id){3}, ALERT_HELD));
    rules_meter_silent(shop->rules, (meter_id){2}, true); /* gone before it was judged */
    rules_meter_silent(shop->rules, (meter_id){2}, false);
    assert_string_equal(shop_judge(shop), "");
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(edge_31_an_alert_is_acknowledged_once),
        BEHAVES(edge_31_a_shelf_ends_by_itself),
        BEHAVES(edge_31_a_shelf_ends_early_when_the_alert_is_over_or_seen),
        BEHAVES(edge_31_another_shelf_takes_the_place_of_the_first),
        BEHAVES(edge_31_shelves_end_in_the_order_of_their_times),
        BEHAVES(edge_31_what_cannot_be_handled_is_refused),
        BEHAVES(edge_04_a_meter_that_holds_readings_has_one_alert),
        BEHAVES(edge_15_a_silent_meter_has_an_alert_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
