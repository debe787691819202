#include "options.h"

#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 24

static void print_usage(const struct command_usage *usage)
{
    printf("usage: heatledger %s\n\n%s\n\n", usage->synopsis, usage->description);
    for (int i = 0; i < usage->option_count; i++) {
        const struct option *option = &usage->options[i];
        char left[64];
        snprintf(left, sizeof left, "%s %s", option->name,
                 option->value_name != NULL ? option->value_name : "");
        printf("  %-*s %s%s\n", HELP_COLUMN, left, option->help,
               option->required ? " (required)" : "");
    }
    printf("  %-*s %s\n", HELP_COLUMN, "--help", "this text");
}

/* The option that `argument` names; `*inline_value` is set behind its '='. */
static const struct option *find_option(const struct command_usage *usage, const char *argument,
                                        const char **inline_value)
{
    const char *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    *inline_value = equals != NULL ? equals + 1 : NULL;
    for (int i = 0; i < usage->option_count; i++) {
        const char *name = usage->options[i].name;
        if (strlen(name) == length && strncmp(name, argument, length) == 0) {
            return &usage->options[i];
        }
    }
    return NULL;
}

static bool wrong(const struct command_usage *usage, struct failure *failure, const char *what,
                  const char *which)
{
    return failure_set(failure, FAILURE_INPUT, "%s %s\nusage: heatledger %s\nmore: --help", what,
                       which, usage->synopsis);
}

/* Takes one option, and its value from the next argument where it is not behind a '='. */
static bool take_option(const struct command_usage *usage, int argc, char **argv, int *at,
                        struct failure *failure)
{
    const char *inline_value = NULL;
    const struct option *option = find_option(usage, argv[*at], &inline_value);
    if (option == NULL) {
        return wrong(usage, failure, "unknown option", argv[*at]);
    }
    if (option->value_name == NULL) {
        if (inline_value != NULL) {
            return wrong(usage, failure, "no value belongs to", option->name);
        }
        *option->flag = true;
        return true;
    }
    if (inline_value == NULL) {
        if (*at + 1 >= argc) {
            return wrong(usage, failure, "a value is missing behind", option->name);
        }
        inline_value = argv[++*at];
    }
    *option->value = inline_value;
    return true;
}

bool options_parse(int argc, char **argv, const struct command_usage *usage, char ***operands,
                   int *operand_count, bool *helped, struct failure *failure)
{
    int kept = 0;
    bool ended = false;
    *helped = false;
    for (int i = 1; i < argc; i++) {
        if (ended || argv[i][0] != '-' || argv[i][1] == '\0') {
            argv[1 + kept++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_usage(usage);
            *helped = true;
            return true;
        } else if (!take_option(usage, argc, argv, &i, failure)) {
            return false;
        }
    }
    for (int i = 0; i < usage->option_count; i++) {
        const struct option *option = &usage->options[i];
        if (option->required && *option->value == NULL) {
            return wrong(usage, failure, "missing:", option->name);
        }
    }
    if (kept < usage->operand_min) {
        return wrong(usage, failure, "too few arguments for", argv[0]);
    }
    if (usage->operand_max >= 0 && kept > usage->operand_max) {
        return wrong(usage, failure, "one argument too many:", argv[1 + usage->operand_max]);
    }
    if (operands != NULL) {
        *operands = argv + 1;
        *operand_count = kept;
    }
    return true;
}
