/* heatledger check: is this configuration right? */
#include "commands.h"
#include "options.h"
#include "plant_part.h"

#include <stdio.h>

bool command_check(int argc, char **argv, struct failure *failure)
{
    const char *path = NULL;
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
    };
    const struct command_usage usage = {
        .synopsis = "check -c PLANT.json",
        .description =
            "Reads a configuration and prints every mistake with file, line and key, and what\n"
            "would be right. Exit status 0: it is good; 1: usable, with warnings (a crew with "
            "less\n"
            "than 8 h of rest, a quota that counts no meter); 2: mistakes, and no other command\n"
            "takes it.\n"
            "Example: heatledger check -c deploy/demo/plant.json",
        .options = options,
        .option_count = 1,
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
    if (counts[PLANT_WARNING] > 0) {
        return failure_set(failure, FAILURE_CHECK, "%s: %u warning%s, see above", path,
                           (unsigned)counts[PLANT_WARNING], counts[PLANT_WARNING] == 1 ? "" : "s");
    }
    return true;
}
