/* Command lines as tables: each command declares its options, and parsing, --help and error
 * messages follow from the table. */
#ifndef HEATLEDGER_OPTIONS_H
#define HEATLEDGER_OPTIONS_H

#include "failure.h"

#include <stdbool.h>

struct option {
    const char *name;       /* "-d", or "--from"; a row has one name */
    const char *value_name; /* "DIR"; NULL: a flag */
    const char **value;     /* set to the text given, which is argv's; NULL for flags */
    bool *flag;             /* set to true; NULL for options with a value */
    bool required;
    const char *help; /* one line; for --help */
};

struct command_usage {
    const char *synopsis;    /* "replay -c PLANT.json -d DIR FILE..." */
    const char *description; /* what it does and an example, for --help */
    const struct option *options;
    int option_count;
    int operand_min, operand_max; /* how many arguments are no options; max -1: any number */
};

/* Reads the command line: options in any order, "--name value" or "--name=value", "--" ends them.
 * Operands are moved to the front: *operands points to them; a command that has none (operand_max
 * 0) gives NULL for both. `--help` prints the usage and sets
 * *helped: the command then returns true at once. Returns false with FAILURE_INPUT and a text that
 * names the option and says how it is used. */
bool options_parse(int argc, char **argv, const struct command_usage *usage, char ***operands,
                   int *operand_count, bool *helped, struct failure *failure);

#endif
