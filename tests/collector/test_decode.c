/* Bytes and topic → one meaning or an outcome with a detail: JSON, topics, limits. */
#include "decoded.h"

static const struct decoded_case json[] = {
    {E02, "", "", OUTCOME_UNDECODABLE, "empty"},
    {E02, "{" T0 ",\"value\":1} x", "", OUTCOME_UNDECODABLE, "follows the value"},
    {E02, "{" T0 ",\"value\":1", "", OUTCOME_UNDECODABLE, "comma or }"},
    {E02, "{" T0 ",\"value\":1,\"value\":2}", "", OUTCOME_UNDECODABLE, "\"value\" stands twice"},
    {E02, "{" T0 ",\"value\":1,\"x\":{\"a\":1,\"a\":1}}", "", OUTCOME_UNDECODABLE, "\"a\""},
    {E02, "{" T0 ",\"value\":1,\"\\u0076alue\":2}", "", OUTCOME_UNDECODABLE,
     "\"value\" stands twice"},
    {E02, "{" T0 ",\"x\":{\"y\":1e400},\"value\":1}", "", OUTCOME_UNDECODABLE,
     "a number at key y is beyond"},
    {E02,
     "{" T0 ",\"value\":1,\"x\":"
     "1111111111111111111111111111111111111111111111111111111111111111}",
     "", OUTCOME_UNDECODABLE, "a number is too long"},
    {E02, "{" T0 ",\"value\":1e400}", "", OUTCOME_UNDECODABLE, "1e400"},
    {E02, "{" T0 ",\"value\":-1e400}", "", OUTCOME_UNDECODABLE, "1e400"},
    {E02, "{" T0 ",\"value\":01}", "", OUTCOME_UNDECODABLE, "byte 39"},
    {E02, "{" T0 ",\"value\":+1}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":.5}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":1.}", "", OUTCOME_UNDECODABLE, "digit"},
    {E02, "{" T0 ",\"value\":NaN}", "", OUTCOME_UNDECODABLE, "a value is expected"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\xc3\"}", "", OUTCOME_UNDECODABLE, "not UTF-8"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\xed\xa0\x80\"}", "", OUTCOME_UNDECODABLE, "not UTF-8"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"a\\u0000b\"}", "", OUTCOME_UNDECODABLE, "\\u0000"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"\\ud800\"}", "", OUTCOME_UNDECODABLE, "surrogate"},
    {E02, "{" T0 ",\"value\":1,\"id\":\"a\nb\"}", "", OUTCOME_UNDECODABLE, "control character"},
    {E02, "{" T0 ",\"value\":1,}", "", OUTCOME_UNDECODABLE, "a key is expected"},
    {E02, "{'ts':1}", "", OUTCOME_UNDECODABLE, "a key is expected"},
    {E02, "17.5", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {E02, "[]", "", OUTCOME_BAD_FIELD, "empty"},
};

static void json_that_is_none_or_has_two_meanings_is_refused(void **state)
{
    (void)state;
    assert_decoded(json, sizeof json / sizeof json[0]);
}

static const struct decoded_case topics[] = {
    {"plant/X/nothing", "{}", "", OUTCOME_UNKNOWN_TOPIC, "plant/X/nothing"},
    {"plant/Y/LF/electricity/E02", "{}", "", OUTCOME_UNKNOWN_TOPIC, "plant/Y/LF"},
    {"plant/X/LF/electricity/E02/more", "{}", "", OUTCOME_UNKNOWN_TOPIC, "more"},
    {"plant/X/LF/electricity/E99", "{" T0 ",\"value\":1}", "", OUTCOME_UNKNOWN_METER,
     "meter \"E99\" is not in plant.json; known at station LF: E02, ARC, P02"},
    {"plant/X/LF/electricity/e02", "{" T0 ",\"value\":1}", "", OUTCOME_UNKNOWN_METER, "\"e02\""},
    {"plant/X/LF/electricity/", "{" T0 ",\"value\":1}", "", OUTCOME_BAD_FIELD, "meter"},
    {"plant/X/BOF/electricity/E02", "{" T0 ",\"value\":1}", "", OUTCOME_NOT_ALLOWED,
     "at station \"BOF\", plant.json has station \"LF\""},
    {"plant/X/LF/femn/E02", "{" T0 ",\"value\":1}", "", OUTCOME_NOT_ALLOWED,
     "plant.json has item \"electricity\""},
};

static void topics_and_names_must_be_those_of_the_configuration(void **state)
{
    (void)state;
    assert_decoded(topics, sizeof topics / sizeof topics[0]);
    assert_decoded(topics, sizeof topics / sizeof topics[0]); /* decided by now */
}

static const struct decoded_case batches[] = {
    {E02, "[{" T0 ",\"value\":1},{" T0 ",\"value\":null},{" T0 ",\"value\":3}]",
     "E02 1000 @0 | E02 3000 @0", OUTCOME_BAD_VALUE, "null"},
    {"plant/X/readings",
     "{" T0 ",\"readings\":[{\"meter\":\"E02\",\"value\":1},{\"meter\":\"M02\",\"value\":2,"
     "\"ts\":\"2026-03-10T07:59:59Z\"}]}",
     "E02 1000 @0 | M02 2 @-1000", 0, NULL},
    {"plant/X/readings",
     "{" T0 ",\"readings\":[{\"meter\":\"E99\",\"value\":1},{\"meter\":\"E02\","
     "\"value\":2}]}",
     "E02 2000 @0", OUTCOME_UNKNOWN_METER, "E99"},
    {"plant/X/readings", "{" T0 "}", "", OUTCOME_BAD_FIELD, "\"readings\" is missing"},
    {"plant/X/readings", "{" T0 ",\"readings\":{}}", "", OUTCOME_BAD_FIELD, "must be an array"},
    {"plant/X/readings", "{" T0 ",\"readings\":[]}", "", OUTCOME_BAD_FIELD, "empty"},
};

static void what_is_good_of_a_batch_is_taken(void **state)
{
    (void)state;
    assert_decoded(batches, sizeof batches / sizeof batches[0]);
    assert_decoded(batches, sizeof batches / sizeof batches[0]); /* the topic is known by now */
}

static void an_oversize_message_names_the_limit(void **state)
{
    (void)state;
    struct seen seen = decode_bytes(E02, "{", 1, JOURNAL_OVERSIZE, false);
    assert_int_equal(seen.outcome, OUTCOME_TOO_LARGE);
    assert_non_null(strstr(seen.detail, "100000 bytes"));
    char *large = calloc(1, 100001);
    seen = decode_bytes(E02, large, 100001, JOURNAL_MESSAGE, false);
    assert_int_equal(seen.outcome, OUTCOME_TOO_LARGE);
    free(large);
}

static void nesting_is_limited(void **state)
{
    (void)state;
    char payload[256];
    for (int depth = 30; depth < 34; depth++) {
        int used = sprintf(payload, "{" T0 ",\"value\":1,\"x\":");
        for (int i = 0; i < depth - 1; i++) {
            payload[used++] = '[';
        }
        for (int i = 0; i < depth - 1; i++) {
            payload[used++] = ']';
        }
        strcpy(payload + used, "}");
        struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false);
        assert_int_equal(seen.facts, depth <= DECODE_NESTING_MAX ? 1 : 0);
        assert_int_equal(seen.refusals, depth <= DECODE_NESTING_MAX ? 0 : 1);
    }
}

static void a_repeated_key_among_many_is_found(void **state)
{
    (void)state;
    char payload[4096];
    int used = sprintf(payload, "{" T0 ",\"value\":1");
    for (int i = 0; i < 100; i++) {
        used += sprintf(payload + used, ",\"k%d\":%d", i, i);
    }
    strcpy(payload + used, "}");
    assert_int_equal(decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false).facts, 1);
    strcpy(payload + used, ",\"k42\":0}");
    struct seen seen = decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false);
    assert_int_equal(seen.facts, 0);
    assert_non_null(strstr(seen.detail, "\"k42\" stands twice"));
}

static void a_detail_is_cut_between_characters_and_holds_no_controls(void **state)
{
    (void)state;
    char topic[600] = "plant/X/LF/electricity/a\n";
    while (strlen(topic) < 500) {
        strcat(topic, "\xe7\x82\x89");
    }
    struct seen seen = decode_bytes(topic, "{\"value\":1}", 11, JOURNAL_MESSAGE, false);
    assert_int_equal(seen.refusals, 1);
    assert_null(strchr(seen.detail, '\n'));
}

static void an_entry_by_another_way_needs_no_topic(void **state)
{
    (void)state;
    const char *payload = "{\"by\":\"x\",\"event\":\"ack\",\"alert\":\"a\"}";
    struct seen seen = decode_bytes("", payload, strlen(payload), JOURNAL_ENTRY, false);
    assert_string_equal(seen.text, "ack by x @0 alert a");
}

static void ticks_and_configurations_are_no_messages(void **state)
{
    (void)state;
    struct seen seen = decode_bytes(E02, "x", 1, JOURNAL_TICK, false);
    assert_int_equal(seen.facts + seen.refusals, 0);
    seen = decode_bytes(E02, "x", 1, JOURNAL_CONFIG, false);
    assert_int_equal(seen.facts + seen.refusals, 0);
}

static void every_beginning_of_a_message_has_one_outcome(void **state)
{
    (void)state;
    const char *payload = "[{" T0 ",\"value\":\"1.5e1\",\"id\":\"\\ud83d\\ude00\",\"x\":[true]}]";
    for (size_t length = 0; length < strlen(payload); length++) {
        struct seen seen = decode_bytes(E02, payload, length, JOURNAL_MESSAGE, false);
        assert_int_equal(seen.facts, 0);
        assert_int_equal(seen.refusals, 1);
    }
    assert_int_equal(decode_bytes(E02, payload, strlen(payload), JOURNAL_MESSAGE, false).facts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_that_is_none_or_has_two_meanings_is_refused),
        cmocka_unit_test(topics_and_names_must_be_those_of_the_configuration),
        cmocka_unit_test(what_is_good_of_a_batch_is_taken),
        cmocka_unit_test(an_oversize_message_names_the_limit),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_repeated_key_among_many_is_found),
        cmocka_unit_test(a_detail_is_cut_between_characters_and_holds_no_controls),
        cmocka_unit_test(an_entry_by_another_way_needs_no_topic),
        cmocka_unit_test(ticks_and_configurations_are_no_messages),
        cmocka_unit_test(every_beginning_of_a_message_has_one_outcome),
    };
    return cmocka_run_group_tests(tests, decoder_set_up, decoder_tear_down);
}
