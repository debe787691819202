/* heatledger check: is this configuration right? */
#include "commands.h"
#include "engine.h"
#include "options.h"
#include "plant_adopt.h"
#include "plant_history.h"
#include "plant_part.h"
#include "plant_record.h"

#include <stdio.h>

/* Whether the configuration may follow those that the ledger in `directory` has had, and what it
 * changes. */
static bool check_change(const char *path, const char *directory, struct failure *failure)
{
    struct plant_history history = {0};
    char journal_path[ENGINE_PATH_MAX];
    snprintf(journal_path, sizeof journal_path, "%s/journal", directory);
    struct journal *journal = journal_open_reading(journal_path, failure);
    if (journal == NULL) {
        return false;
    }
    struct plant *plant = plant_load(path, failure);
    bool good =
        plant != NULL && plant_history_read(&history, directory, journal, UINT64_MAX, failure);
    if (good && plant_record_same(plant_history_newest(&history)->text, plant->text)) {
        printf("%s: is in force in %s already\n", path, directory);
    } else if (good) {
        struct plant *next = plant_adopt(plant_history_newest(&history), path, plant->text,
                                         history.now_us, stdout, failure);
        good = next != NULL;
        if (good) {
            printf("%s: may follow in %s as version %zu\n", path, directory, history.count + 1);
        }
        plant_free(next);
    }
    plant_history_clear(&history);
    plant_free(plant);
    journal_close(journal);
    return good;
}

bool command_check(int argc, char **argv, struct failure *failure)
{
    const char *path = NULL;
    const char *directory = NULL;
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    const struct option options[] = {
        {.name = "-c",
         .value_name = "PLANT.json",
         .value = &path,
         .required = true,
         .help = "the configuration"},
        {.name = "-d",
         .value_name = "DIR",
         .value = &directory,
         .help = "a ledger: whether this configuration may follow the one in force there"},
    };
    const struct command_usage usage = {
        .synopsis = "check -c PLANT.json [-d DIR]",
        .description =
            "Reads a configuration and prints every mistake with file, line and key, and what\n"
            "would be right. Exit status 0: it is good; 1: usable, with warnings (a crew with "
            "less\n"
            "than 8 h of rest, a quota that counts no meter); 2: mistakes, and no other command\n"
            "takes it. With -d it prints as well what it would change in that ledger, or why it\n"
            "may not.\n"
            "Example: heatledger check -c deploy/demo/plant.json",
        .options = options,
        .option_count = 2,
    };
    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure)) {
        return false;
    }
    if (helped) {
        return true;
    }
    if (!plant_check_counted(path, stdout, counts, failure)) {
        return false;
    }
    fflush(stdout);
    if (counts[PLANT_MISTAKE] > 0) {
        return failure_set(failure, FAILURE_INPUT, "%s: %u mistake%s, see above", path,
                           (unsigned)counts[PLANT_MISTAKE], counts[PLANT_MISTAKE] == 1 ? "" : "s");
    }
    if (directory != NULL && !check_change(path, directory, failure)) {
        return false;
    }
    if (counts[PLANT_WARNING] > 0) {
        return failure_set(failure, FAILURE_CHECK, "%s: %u warning%s, see above", path,
                           (unsigned)counts[PLANT_WARNING], counts[PLANT_WARNING] == 1 ? "" : "s");
    }
    return true;
}
