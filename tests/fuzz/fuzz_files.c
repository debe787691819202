/* A fuzz target without libFuzzer. With files as arguments it is run over each of them: how a crash
 * is reproduced under any debugger. Without, it is a test: every seed of the target is taken. */
#include "fuzz_input.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define INPUT_MAX (16u << 20)

static void take_file(const char *path)
{
    uint8_t *bytes = malloc(INPUT_MAX);
    FILE *file = fopen(path, "rb");
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(3);
    }
    size_t length = fread(bytes, 1, INPUT_MAX, file);
    fclose(file);
    /* A block of the exact size: reading behind the input is found. */
    bytes = realloc(bytes, length > 0 ? length : 1);
    LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
}

static void every_seed_is_taken(void **state)
{
    (void)state;
    static const char *const directories[] = {FUZZ_SEEDS};
    size_t taken = 0;
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        DIR *directory = opendir(directories[i]);
        assert_non_null(directory);
        for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
            char path[1024];
            if (entry->d_name[0] != '.') {
                snprintf(path, sizeof path, "%s/%s", directories[i], entry->d_name);
                take_file(path);
                taken++;
            }
        }
        closedir(directory);
    }
    assert_true(taken > 0);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        take_file(argv[i]);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_seed_is_taken)};
    return argc > 1 ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
