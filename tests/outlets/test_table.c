#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct table_column columns[] = {{"name", TABLE_TEXT},
                                              {"amount", TABLE_DECIMAL},
                                              {"count", TABLE_COUNT},
                                              {"good", TABLE_BOOLEAN}};

static struct table *make(void)
{
    struct table *table = table_create(columns, 4);

    table_add(table, (const char *const[]){"plain", "1.5", "3", "1"});
    table_add(table, (const char *const[]){"锰铁 \"A\", B\n", NULL, NULL, "0"});
    table_add(table, (const char *const[]){NULL, "-12", "0", NULL});
    return table;
}

static void expect(void (*write)(const struct table *table, FILE *out), const char *expected)
{
    struct table *table = make();
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    write(table, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    table_free(table);
}

static void csv_quotes_what_would_break_a_line(void **state)
{
    (void)state;
    expect(table_write_csv, "name,amount,count,good\n"
                            "plain,1.5,3,true\n"
                            "\"锰铁 \"\"A\"\", B\n\",,,false\n"
                            ",-12,0,\n");
}

static void json_has_strings_for_decimals_and_null_for_unknown(void **state)
{
    (void)state;
    expect(
        table_write_json,
        "[\n{\"name\":\"plain\",\"amount\":\"1.5\",\"count\":3,\"good\":true},\n"
        "{\"name\":\"锰铁 \\\"A\\\", B\\u000a\",\"amount\":null,\"count\":null,\"good\":false},\n"
        "{\"name\":null,\"amount\":\"-12\",\"count\":0,\"good\":null}\n]");
}

static void text_sets_wide_characters_two_columns_wide(void **state)
{
    struct table *table = table_create(columns, 3);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    table_add(table, (const char *const[]){"锰铁", "12", "1"});
    table_add(table, (const char *const[]){"iron", "5.25", NULL});
    table_write_text(table, out);
    fclose(out);
    assert_string_equal(text, "name  amount  count\n"
                              "锰铁      12      1\n"
                              "iron    5.25       \n");
    free(text);
    table_free(table);
}

static void one_long_cell_does_not_make_the_text_as_wide(void **state)
{
    struct table *table = table_create(columns, 2);
    char lengthy[1001], narrow[201], wide[604] = "";
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    memset(lengthy, 'x', 1000);
    lengthy[1000] = '\0';
    memset(narrow, 'y', 200);
    narrow[200] = '\0';
    for (int i = 0; i < 201; i++) {
        strcat(wide, "铁");
    }
    table_add(table, (const char *const[]){lengthy, "1"});
    table_add(table, (const char *const[]){narrow, "2"});
    table_add(table, (const char *const[]){wide, "3"});
    table_write_text(table, out);
    fclose(out);
    char *line = strchr(text, '\n') + 1;
    assert_memory_equal(line + 196, "x...       1\n",
                        13); /* 197 of them, and the heading's width */
    line = strchr(line, '\n') + 1;
    assert_memory_equal(line + 199, "y       2\n", 10); /* 200 are not cut */
    line = strchr(line, '\n') + 1;
    assert_memory_equal(line + 3 * 98, "...        3\n", 13); /* no character is cut in two */
    table_write_csv(table, out = open_memstream(&line, &length));
    fclose(out);
    assert_non_null(strstr(line, lengthy));
    free(line);
    free(text);
    table_free(table);
}

static void widths_follow_the_script(void **state)
{
    (void)state;
    assert_int_equal(table_text_width(""), 0);
    assert_int_equal(table_text_width("abc"), 3);
    assert_int_equal(table_text_width("甲乙"), 4);
    assert_int_equal(table_text_width("é"), 1);
    assert_int_equal(table_text_width("e\xcc\x81"), 1); /* e and a combining accent */
    assert_int_equal(table_text_width("（）"), 4);
    assert_int_equal(table_text_width("\xf0\xa0\x80\x80"), 2); /* U+20000 */
}

static void cells_can_be_read_again(void **state)
{
    struct table *table = make();

    (void)state;
    assert_int_equal(table_row_count(table), 3);
    assert_string_equal(table_cell(table, 0, 3), "true");
    assert_null(table_cell(table, 2, 0));
    table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_quotes_what_would_break_a_line),
        cmocka_unit_test(json_has_strings_for_decimals_and_null_for_unknown),
        cmocka_unit_test(text_sets_wide_characters_two_columns_wide),
        cmocka_unit_test(one_long_cell_does_not_make_the_text_as_wide),
        cmocka_unit_test(widths_follow_the_script),
        cmocka_unit_test(cells_can_be_read_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
