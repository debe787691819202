/* The strict scan and its tape: what stands where, and that cJSON reads the same. */
#include "json_oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct json_tape tape;

static const struct json_value *scanned(const char *text)
{
    struct json_fault fault = {0};
    if (!json_scan_all(text, strlen(text), ORACLE_NESTING, &tape, &fault)) {
        fail_msg("%s: %s", text, fault.what);
    }
    return tape.values;
}

static void assert_text(const struct json_value *value, const char *expected)
{
    assert_non_null(value);
    assert_int_equal(value->kind, JSON_TEXT);
    assert_true(oracle_same_text(value->start, value->length, expected));
}

static void members_and_elements_are_found(void **state)
{
    (void)state;
    const struct json_value *root =
        scanned("{\"a\":[1,{\"b\":\"x\"},[2,[3]],\"y\"], \"\" : {} ,\"ab\":\"z\"}");
    const struct json_value *list = json_member(root, "a", 1);
    assert_int_equal(list->kind, JSON_ARRAY);
    assert_text(json_member(json_element(list, 1), "b", 1), "x");
    assert_text(json_element(list, 3), "y");
    assert_null(json_element(list, 4));
    assert_null(json_element(root, 0));
    assert_null(json_member(list, "a", 1));
    assert_int_equal(json_member(root, "", 0)->kind, JSON_OBJECT);
    assert_text(json_member(root, "ab", 2), "z");
    assert_null(json_member(root, "b", 1));
    assert_null(json_member(root, "abc", 3));
    assert_false(tape.odd);
    assert_int_equal(tape.count, 12);
}

static void escapes_are_undone_in_keys_and_in_texts(void **state)
{
    (void)state;
    const struct json_value *root =
        scanned("{\"\\u0076al\\u00fce\\ud83d\\ude00\":\"a\\n\\\"\\u20ac\\/\",\"plain\":\"b\"}");
    assert_text(json_member(root,
                            "val\xc3\xbc"
                            "e\xf0\x9f\x98\x80",
                            10),
                "a\n\"\xe2\x82\xac/");
    assert_null(json_member(root,
                            "val\xc3\xbc"
                            "e",
                            6));
    assert_null(json_member(root, "value", 5));
    assert_text(json_member(root, "plain", 5), "b");
}

static const struct {
    const char *text;
    bool odd;
} oddities[] = {
    {"{\"a\":1,\"b\":2,\"c\":{\"a\":3}}", false},
    {"{\"a\":1,\"b\":2,\"a\":3}", true},
    {"[{\"x\":1},{\"x\":{\"ts\":1,\"ts\":2}}]", true},
    {"{\"a\":1,\"\\u0061\":2}", true},
    {"{\"\\u0061\":1,\"a\":2}", true},
    {"{\"\":1,\"\":2}", true},
    {"[1e99,1E-99,12e+07]", false},
    {"[1e400]", true},
    {"[111111111111111111111111111111111111111111111111111111111111111]", false},
    {"[1111111111111111111111111111111111111111111111111111111111111111]", true},
};

static void what_may_have_two_meanings_is_odd(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++) {
        scanned(oddities[i].text);
        if (tape.odd != oddities[i].odd) {
            fail_msg("%s: odd must be %d", oddities[i].text, oddities[i].odd);
        }
    }
}

/* Sixty-four bits do not tell sixty-five keys apart. */
static void a_key_that_stands_twice_is_found_among_many(void **state)
{
    (void)state;
    for (unsigned count = 2; count < 200; count += 7) {
        char text[4096] = "{";
        for (unsigned i = 0; i < count; i++) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, "\"key%u\":[0],", i == count - 1 ? 0 : i);
        }
        strcpy(text + strlen(text) - 1, "}");
        scanned(text);
        assert_true(tape.odd);
        assert_true(tape.values[0].odd);
    }
}

static void a_large_text_gives_its_memory_back(void **state)
{
    (void)state;
    size_t length = 200001;
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        text[i] = i % 2 == 0 ? ',' : '1';
    }
    text[0] = '[';
    text[length - 1] = ']';
    text[length] = '\0';
    scanned(text);
    assert_int_equal(tape.count, 100001);
    assert_ptr_equal(json_element(tape.values, 99999)->start, text + length - 2);
    free(text);
    scanned("[1]");
    assert_int_equal(tape.count, 2);
    assert_true(tape.capacity < 1000);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

/* Bytes of good texts are cut out, doubled, or become others that JSON is made of. */
static size_t spoil(uint64_t *seed, char *text, size_t length)
{
    static const char bytes[] = "{}[]\",:0123456789.eE+-\\u \n\t\x01\x7f\xc3\xa9\xe2\x82\xac\xff"
                                "tfn";
    for (uint32_t times = 1 + draw(seed, 3); times > 0; times--) {
        uint32_t at = draw(seed, (uint32_t)length);
        switch (draw(seed, 3)) {
        case 0:
            text[at] = bytes[draw(seed, sizeof bytes - 1)];
            break;
        case 1:
            memmove(text + at + 1, text + at, length - at);
            length++;
            break;
        default:
            memmove(text + at, text + at + 1, length - at - 1);
            length -= length > 1 ? 1 : 0;
        }
    }
    return length;
}

static void what_passes_is_what_cjson_reads(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"ts\":\"2026-03-10T08:00:00+08:00\",\"value\":1793.64,\"quality\":\"good\",\"seq\":17}",
        "{\"readings\":[{\"meter\":\"E1\",\"value\":1.5e3},{\"meter\":\"E2\",\"value\":-0.05}]}",
        "{\"a\":\"\\u0041\\ud83d\\ude00\\n\\\\\",\"\\u0061\":\"\xe7\x82\x89\",\"b\":[true,null]}",
        "[0.1,9007199254740991,900719925474099.2,1.0005,12345.6789e-3,1e308,-1e309,[[]],{}]",
        "[false,\"12.5\",0,-0.0,10,100,1e0]",
    };
    uint64_t seed = 20260310;
    unsigned passed = 0;
    for (int i = 0; i < 60000; i++) {
        char text[256];
        const char *from = texts[i % (int)(sizeof texts / sizeof texts[0])];
        size_t length = spoil(&seed, strcpy(text, from), strlen(from));
        char *exact = malloc(length);
        assert_non_null(exact);
        memcpy(exact, text, length); /* reading behind the text is found */
        passed += oracle_check(exact, length);
        free(exact);
    }
    assert_true(passed > 6000);
}

static int clear(void **state)
{
    (void)state;
    json_tape_clear(&tape);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_elements_are_found),
        cmocka_unit_test(escapes_are_undone_in_keys_and_in_texts),
        cmocka_unit_test(what_may_have_two_meanings_is_odd),
        cmocka_unit_test(a_key_that_stands_twice_is_found_among_many),
        cmocka_unit_test(a_large_text_gives_its_memory_back),
        cmocka_unit_test(what_passes_is_what_cjson_reads),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
