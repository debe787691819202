#include "commands.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    command_function *function;
    const char *summary;
} commands[] = {
    {"check", command_check, "check a configuration before it is used"},
    {"run", command_run, "the daemon: subscribe, book, judge, publish"},
    {"replay", command_replay, "the same from recordings, without a broker"},
    {"record", command_record, "write what the broker sends to a recording"},
    {"play", command_play, "publish a recording"},
    {"simulate", command_simulate, "a plant from a timetable"},
    {"entry", command_entry, "publish what a person enters"},
    {"report", command_report,
     "heats, crews, quotas, alerts, meters, balance, review, held, rejects"},
    {"handover", command_handover, "the summary of a shift"},
    {"period", command_period, "the document of a ten-day period or month"},
    {"explain", command_explain, "from a number to the readings that made it"},
    {"verify", command_verify, "prove the ledger"},
    {"dump", command_dump, "the ledger as text, for comparison"},
    {"backup", command_backup, "copy a ledger and its journal, while the daemon goes on"},
    {"restore", command_restore, "bring a backup back, proved"},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(FILE *out)
{
    fprintf(out,
            "heatledger " HEATLEDGER_VERSION ": books what meters measure to crews and heats\n\n"
            "usage: heatledger COMMAND [OPTIONS]; each command explains itself with --help\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    fprintf(out, "\nFirst steps: heatledger check -c plant.json\n"
                 "             heatledger run -c plant.json -d DIR\n"
                 "             heatledger report crews -d DIR\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return FAILURE_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return FAILURE_NONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("heatledger " HEATLEDGER_VERSION);
        return FAILURE_NONE;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            struct failure failure = {0};
            if (commands[i].function(argc - 1, argv + 1, &failure)) {
                return fflush(stdout) == 0 ? FAILURE_NONE : FAILURE_RESOURCE;
            }
            fflush(stdout);
            fprintf(stderr, "heatledger %s: %s\n", argv[1], failure.text);
            return (int)failure.code;
        }
    }
    fprintf(stderr, "heatledger: unknown command %s\n\n", argv[1]);
    print_help(stderr);
    return FAILURE_INPUT;
}
