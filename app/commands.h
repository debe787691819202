/* The subcommands of heatledger: one file a command, one row each in main.c's table. */
#ifndef HEATLEDGER_COMMANDS_H
#define HEATLEDGER_COMMANDS_H

#include "failure.h"

/* A command gets its own arguments (argv[0] is its name) and returns false with a failure whose
 * code becomes the exit status; messages on success go to standard output. */
typedef bool command_function(int argc, char **argv, struct failure *failure);

command_function command_check, command_run, command_replay, command_record, command_play,
    command_simulate, command_report, command_handover, command_verify, command_dump, command_entry,
    command_explain, command_backup, command_restore, command_period;

#endif
