#include "config_text.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void comments_become_spaces_and_lines_stay(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        uint32_t open; /* line of a comment without an end */
    } rows[] = {
        {"1 // x\n2", "1     \n2", 0},
        {"1 /* x\ny */ 2", "1     \n     2", 0},
        {"/**/1", "    1", 0},
        {"/*/ 1 */2", "        2", 0},
        {"1 // /* x\n2", "1        \n2", 0},
        {"\"http://a/*b*/\" // c", "\"http://a/*b*/\"     ", 0},
        {"\"a\\\"// b\" // c", "\"a\\\"// b\"     ", 0},
        {"\"\\\\\"//x", "\"\\\\\"   ", 0},
        {"1 / 2", "1 / 2", 0},
        {"1\n/* x", NULL, 2},
        {"1 /*/", NULL, 1},
        {"//", "  ", 0},
        {"", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = memory_text(rows[i].from);
        assert_int_equal(config_text_blank_comments(text), rows[i].open);
        if (rows[i].to != NULL) {
            assert_string_equal(text, rows[i].to);
        }
        free(text);
    }
}

static const char document[] = "{ // a comment with \" in it\n"
                               "  \"a\": 1,\n"
                               "  \"list\": [10,\n"
                               "    /* two\n"
                               "       lines */ 20,\n"
                               "    {\"id\": \"X\",\n"
                               "     \"deep\":\n"
                               "       {\"v\": 0.100}},\n"
                               "    {\"no\": null}],\n"
                               "  \"a\": true\n"
                               "}\n";

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void a_value_knows_its_line_and_path(void **state)
{
    (void)state;
    struct failure failure = {0};
    char path[CONFIG_PATH_MAX];
    struct config_text *config = config_text_parse("d.json", document, &failure);
    assert_non_null(config);
    const cJSON *root = config_text_root(config);
    const cJSON *list = member(root, "list");
    const cJSON *x = cJSON_GetArrayItem(list, 2);
    const cJSON *v = member(member(x, "deep"), "v");
    assert_int_equal(config_text_line(config, root), 1);
    assert_int_equal(config_text_line(config, member(root, "a")), 2);
    assert_int_equal(config_text_line(config, cJSON_GetArrayItem(list, 0)), 3);
    assert_int_equal(config_text_line(config, cJSON_GetArrayItem(list, 1)), 5);
    assert_int_equal(config_text_line(config, x), 6);
    assert_int_equal(config_text_line(config, member(x, "deep")), 7);
    assert_int_equal(config_text_line(config, v), 8);
    assert_string_equal(config_text_path(config, root, NULL, path), "");
    assert_string_equal(config_text_path(config, root, "new", path), "new");
    assert_string_equal(config_text_path(config, list, NULL, path), "list");
    assert_string_equal(config_text_path(config, cJSON_GetArrayItem(list, 1), NULL, path),
                        "list[1]");
    assert_string_equal(config_text_path(config, v, NULL, path), "list[X].deep.v");
    assert_string_equal(config_text_path(config, cJSON_GetArrayItem(list, 3), "no", path),
                        "list[3].no");
    config_text_free(config);
}

static void a_number_keeps_its_digits(void **state)
{
    (void)state;
    struct failure failure = {0};
    size_t length = 0;
    struct config_text *config =
        config_text_parse("d.json", "{\"n\": 123456789012345678.10, \"m\":-1e-2}", &failure);
    const cJSON *root = config_text_root(config);
    const char *text = config_text_source(config, member(root, "n"), &length);
    assert_int_equal(length, strlen("123456789012345678.10"));
    assert_memory_equal(text, "123456789012345678.10", length);
    text = config_text_source(config, member(root, "m"), &length);
    assert_int_equal(length, strlen("-1e-2"));
    assert_memory_equal(text, "-1e-2", length);
    config_text_free(config);
}

static void a_key_given_twice_is_found(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct config_text *config = config_text_parse("d.json", document, &failure);
    size_t found = 0;
    for (size_t i = 0; i < config_text_count(config); i++) {
        const cJSON *value = config_text_value(config, i);
        const cJSON *earlier = config_text_duplicate(config, value);
        if (earlier != NULL) {
            found++;
            assert_int_equal(config_text_line(config, value), 10);
            assert_int_equal(config_text_line(config, earlier), 2);
        }
    }
    assert_int_equal(found, 1);
    config_text_free(config);
}

static void keys_that_differ_in_case_or_escapes_are_told_apart(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct config_text *config =
        config_text_parse("d.json", "{\"a\": 1, \"A\": 2, \"\\u0061\": 3}", &failure);
    const cJSON *root = config_text_root(config);
    assert_null(config_text_duplicate(config, cJSON_GetArrayItem(root, 1)));
    assert_ptr_equal(config_text_duplicate(config, cJSON_GetArrayItem(root, 2)),
                     cJSON_GetArrayItem(root, 0));
    config_text_free(config);
}

static void utf8_is_checked_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
    } rows[] = {
        {"\xe7\x94\xb2", true},
        {"\xc3\xa9", true},
        {"\xf0\x9f\x94\xa5", true},
        {"\xc0\xaf", false},
        {"\xe0\x80\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf8\x88\x80\x80", false},
        {"\x80", false},
        {"\xe7\x94", false},
        {"\xe7", false},
        {"\xf4\x8f\xbf\xbf", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = {0};
        char text[64] = "{\"a\": \"";
        strcat(strcat(text, rows[i].bytes), "\"}");
        struct config_text *config = config_text_parse("d.json", text, &failure);
        assert_int_equal(config != NULL, rows[i].good);
        config_text_free(config);
    }
}

static void nesting_is_limited_and_the_limit_is_allowed(void **state)
{
    (void)state;
    for (int depth = CONFIG_NESTING_MAX - 1; depth <= CONFIG_NESTING_MAX; depth++) {
        struct failure failure = {0};
        char text[256] = "{\"a\":";
        for (int i = 1; i < depth; i++) {
            strcat(text, "[");
        }
        strcat(text, "0");
        for (int i = 1; i < depth; i++) {
            strcat(text, "]");
        }
        strcat(text, "}");
        struct config_text *config = config_text_parse("d.json", text, &failure);
        assert_int_equal(config != NULL, depth < CONFIG_NESTING_MAX);
        config_text_free(config);
    }
}

static void a_long_path_is_cut_not_overrun(void **state)
{
    (void)state;
    struct failure failure = {0};
    char text[2048] = "{\"";
    char path[CONFIG_PATH_MAX];
    memset(text + 2, 'k', 600);
    strcpy(text + 602, "\": {\"b\": 1}}");
    struct config_text *config = config_text_parse("d.json", text, &failure);
    assert_non_null(config);
    const cJSON *b = config_text_root(config)->child->child;
    assert_int_equal(strlen(config_text_path(config, b, "c", path)), CONFIG_PATH_MAX - 1);
    config_text_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_become_spaces_and_lines_stay),
        cmocka_unit_test(a_value_knows_its_line_and_path),
        cmocka_unit_test(a_number_keeps_its_digits),
        cmocka_unit_test(a_key_given_twice_is_found),
        cmocka_unit_test(keys_that_differ_in_case_or_escapes_are_told_apart),
        cmocka_unit_test(utf8_is_checked_to_the_letter),
        cmocka_unit_test(nesting_is_limited_and_the_limit_is_allowed),
        cmocka_unit_test(a_long_path_is_cut_not_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
