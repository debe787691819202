/* The list of what a backup holds: it comes back as it was written, or is refused. */
#include "backup_manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <cmocka.h>

static char *text_of_one(size_t *length)
{
    struct backup_manifest manifest = {.version = "0.1.0",
                                       .made_us = INT64_C(1773129600000000),
                                       .now_us = INT64_C(1773129598500000),
                                       .position = 123456,
                                       .begin = 64,
                                       .end = UINT64_C(1) << 40};
    struct backup_file *file = backup_manifest_add(&manifest, "ledger.db");
    file->bytes = 40960;
    file->sum = UINT64_C(0x00d1c5a37e0f98ab);
    file = backup_manifest_add(&manifest, "journal/0000000000000000.journal.zst");
    file->bytes = 7;
    file->sum = UINT64_MAX;
    char *text = backup_manifest_text(&manifest, length);
    backup_manifest_clear(&manifest);
    return text;
}

static void it_comes_back_as_it_was_written(void **state)
{
    struct backup_manifest manifest;
    struct failure failure = {0};
    size_t length = 0;
    char *text = text_of_one(&length);
    (void)state;
    assert_true(backup_manifest_parse(&manifest, text, length, "m", &failure));
    assert_string_equal(manifest.version, "0.1.0");
    assert_int_equal(manifest.made_us, INT64_C(1773129600000000));
    assert_int_equal(manifest.now_us, INT64_C(1773129598500000));
    assert_int_equal(manifest.position, 123456);
    assert_int_equal(manifest.begin, 64);
    assert_int_equal(manifest.end, UINT64_C(1) << 40);
    assert_int_equal(manifest.count, 2);
    assert_string_equal(manifest.files[0].path, "ledger.db");
    assert_int_equal(manifest.files[0].sum, UINT64_C(0x00d1c5a37e0f98ab));
    assert_int_equal(manifest.files[1].bytes, 7);
    assert_true(manifest.files[1].sum == UINT64_MAX);
    assert_int_equal(backup_manifest_bytes(&manifest), 40967);
    backup_manifest_clear(&manifest);
    free(text);
}

static void any_byte_that_is_another_is_noticed(void **state)
{
    struct backup_manifest manifest;
    size_t length = 0;
    char *text = text_of_one(&length);
    (void)state;
    for (size_t i = 0; i < length; i++) {
        struct failure failure = {0};
        text[i] = (char)(text[i] ^ 1);
        assert_false(backup_manifest_parse(&manifest, text, length, "SOURCE/manifest", &failure));
        assert_non_null(strstr(failure.text, "SOURCE/manifest is damaged"));
        text[i] = (char)(text[i] ^ 1);
    }
    for (size_t shorter = 0; shorter < length; shorter++) {
        assert_false(backup_manifest_parse(&manifest, text, shorter, "m", NULL));
    }
    free(text);
}

/* What somebody else may have written, with a checksum that holds. */
static bool takes(const char *lines, struct failure *failure)
{
    struct backup_manifest manifest;
    char text[1000];
    snprintf(text, sizeof text, "%ssum %016llx\n", lines,
             (unsigned long long)XXH3_64bits(lines, strlen(lines)));
    bool good = backup_manifest_parse(&manifest, text, strlen(text), "m", failure);
    if (good) {
        backup_manifest_clear(&manifest);
    }
    return good;
}

static void what_leads_out_of_the_backup_is_refused(void **state)
{
    static const char *const bad[] = {"/etc/passwd", "../ledger.db", "journal/../../x",
                                      ".ssh",        "journal/.x",   ""};
    char lines[300];
    (void)state;
    assert_true(takes("heatledger backup 1\nfile 1 2 ledger.db\n", NULL));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(lines, sizeof lines, "heatledger backup 1\nfile 1 2 %s\n", bad[i]);
        assert_false(takes(lines, NULL));
    }
}

static void a_newer_form_says_so(void **state)
{
    struct failure failure = {0};
    (void)state;
    assert_false(takes("heatledger backup 2\nsomething else\n", &failure));
    assert_non_null(strstr(failure.text, "a backup of a newer heatledger"));
}

static void lines_that_are_none_are_refused(void **state)
{
    (void)state;
    assert_false(takes("heatledger backup 1\n", NULL)); /* no file */
    assert_false(takes("heatledger backup 1\nfile 1 2 a\nsomething\n", NULL));
    assert_false(takes("heatledger backup 1\nfile 1 2 a\nposition x\n", NULL));
    assert_false(takes("heatledger backup 1\nfile 1 2 a\nmade yesterday\n", NULL));
    assert_false(takes("heatledger backup 1\nfile 1 2 a\nposition 9\nend 8\n", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_as_it_was_written),
        cmocka_unit_test(any_byte_that_is_another_is_noticed),
        cmocka_unit_test(what_leads_out_of_the_backup_is_refused),
        cmocka_unit_test(a_newer_form_says_so),
        cmocka_unit_test(lines_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
