/* The file of names and shares: private, and said to be wrong by crew and key. */
#include "people.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define PATH_MAX_HERE (SCRATCH_PATH_MAX + 16)

static void write_file(char directory[SCRATCH_PATH_MAX], char path[PATH_MAX_HERE], const char *text,
                       mode_t mode)
{
    scratch_make(directory);
    snprintf(path, PATH_MAX_HERE, "%s/people.json", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void refused(const char *text, mode_t mode, const char *says)
{
    char directory[SCRATCH_PATH_MAX], path[PATH_MAX_HERE];
    struct failure failure = {0};
    write_file(directory, path, text, mode);
    assert_null(people_read(path, &failure));
    if (strstr(failure.text, says) == NULL || strstr(failure.text, path) == NULL) {
        fail_msg("\"%s\" says nothing of \"%s\"", failure.text, says);
    }
    assert_int_equal(failure.code, FAILURE_INPUT);
    scratch_remove(directory);
}

static void names_and_shares_are_read_by_crew(void **state)
{
    char directory[SCRATCH_PATH_MAX], path[PATH_MAX_HERE];
    struct failure failure = {0};
    int64_t share_e3 = 0;
    (void)state;
    write_file(directory, path,
               "{\"A\": [{\"person\": \"张三\", \"share\": \"1.25\"},"
               " {\"person\": \"Li\", \"share\": 0}], \"B\": [{\"person\": \"Li\", \"share\": 2}]}",
               0600);
    struct people *people = people_read(path, &failure);
    assert_non_null(people);
    assert_int_equal(people_count(people, "A"), 2);
    assert_int_equal(people_count(people, "C"), 0);
    assert_string_equal(people_person(people, "A", 0, &share_e3), "张三");
    assert_int_equal(share_e3, 1250);
    assert_string_equal(people_person(people, "B", 0, &share_e3), "Li");
    assert_int_equal(share_e3, 2000);
    people_free(people);
    scratch_remove(directory);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    static const char good[] = "{\"A\": [{\"person\": \"P\", \"share\": 1}]}";
    (void)state;
    refused(good, 0640, "chmod 600");
    refused(good, 0604, "mode 604");
}

static void what_is_no_list_of_people_is_refused(void **state)
{
    (void)state;
    refused("[]", 0600, "no JSON object");
    refused("{\"A\": [{\"person\": \"P\", \"share\": 1}]} x", 0600, "no JSON object");
    refused("{\"A\": []}", 0600, "1 to 200 people");
    refused("{\"A\": [{\"person\": \"\", \"share\": 1}]}", 0600, "crew \"A\"");
    refused("{\"A\": [{\"person\": \"P\", \"share\": -1}]}", 0600, "0 or more");
    refused("{\"A\": [{\"person\": \"P\", \"share\": \"0.0001\"}]}", 0600, "three decimals");
    refused("{\"A\": [{\"person\": \"P\"}]}", 0600, "share");
    refused("{\"A\": [{\"person\": \"P\", \"share\": 1, \"wage\": 9}]}", 0600, "\"wage\"");
    refused("{\"A\": [{\"person\": \"P\", \"share\": 0}]}", 0600, "no share is above 0");
    refused("{\"A\": [{\"person\": \"P\", \"share\": 1}, {\"person\": \"P\", \"share\": 1}]}", 0600,
            "\"P\" stands in it twice");
    refused("{\"A\": [{\"person\": \"P\", \"share\": 1}],"
            " \"A\": [{\"person\": \"Q\", \"share\": 1}]}",
            0600, "crew \"A\" stands in it twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_shares_are_read_by_crew),
        cmocka_unit_test(a_file_that_others_may_read_is_refused),
        cmocka_unit_test(what_is_no_list_of_people_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
