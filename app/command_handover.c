#include "commands.h"
#include "handover.h"
#include "options.h"
#include "reader.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

struct choice {
    const char *directory, *day, *shift, *language;
    bool json, text, html;
};

static bool check_choice(const struct choice *choice, int32_t *day,
                         enum handover_language *language, struct failure *failure)
{
    if (choice->html) {
        return failure_set(failure, FAILURE_INPUT,
                           "--html is not supported by this version; use --text or "
                           "--json");
    }
    if (choice->json && choice->text) {
        return failure_set(failure, FAILURE_INPUT,
                           "--text and --json exclude each other; give one");
    }
    if (!timestamp_parse_day(choice->day, strlen(choice->day), day)) {
        return failure_set(failure, FAILURE_INPUT,
                           "--day \"%s\": a production day is needed, e.g. 2026-03-10",
                           choice->day);
    }
    if (choice->language != NULL && strcmp(choice->language, "zh") == 0) {
        *language = HANDOVER_CHINESE;
    } else if (choice->language != NULL && strcmp(choice->language, "en") != 0) {
        return failure_set(failure, FAILURE_INPUT, "--lang \"%s\": there are en and zh",
                           choice->language);
    }
    return true;
}

static bool run(const struct choice *choice, struct failure *failure)
{
    int32_t day = 0;
    enum handover_language language = HANDOVER_ENGLISH;

    if (!check_choice(choice, &day, &language, failure)) {
        return false;
    }
    struct reader *reader = reader_open(choice->directory, failure);
    if (reader == NULL) {
        return false;
    }
    struct handover *handover = handover_read_signed(reader, day, choice->shift, failure);
    reader_close(reader);
    if (handover == NULL) {
        return false;
    }
    if (choice->json) {
        handover_write_json(handover, stdout);
        putchar('\n');
    } else {
        handover_write_text(handover, language, stdout);
    }
    handover_free(handover);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return failure_set(failure, FAILURE_RESOURCE, "standard output cannot be written");
    }
    return true;
}

bool command_handover(int argc, char **argv, struct failure *failure)
{
    struct choice choice = {.directory = NULL};
    bool helped = false;
    const struct option options[] = {
        {"-d", "DIR", &choice.directory, NULL, true, "the ledger's directory"},
        {"--day", "DATE", &choice.day, NULL, true, "production day, e.g. 2026-03-10"},
        {"--shift", "ID", &choice.shift, NULL, true, "shift, e.g. day"},
        {"--text", NULL, NULL, &choice.text, false, "for people (the default)"},
        {"--json", NULL, NULL, &choice.json, false, "for programs"},
        {"--html", NULL, NULL, &choice.html, false, "not supported by this version"},
        {"--lang", "LANG", &choice.language, NULL, false, "of the text: en (the default) or zh"},
    };
    const struct command_usage usage = {
        .synopsis = "handover -d DIR --day DATE --shift ID [--text|--json] [--lang en|zh]",
        .description = "Shows the handover summary of a shift as it was made at its end, and what "
                       "is another\nsince then. Before it is made: as the ledger has it now.\n"
                       "Example: heatledger handover -d demo --day 2026-03-10 --shift day",
        .options = options,
        .option_count = (int)(sizeof options / sizeof *options),
    };

    return options_parse(argc, argv, &usage, NULL, NULL, &helped, failure) &&
           (helped || run(&choice, failure));
}
