#include "commands.h"
#include "ledger_plant.h"
#include "options.h"
#include "period_document.h"
#include "reader.h"

#include <stdio.h>
#include <string.h>

struct choice {
    const char *directory, *period, *language;
    bool json, text, html;
};

static bool check_choice(const struct choice *choice, struct period *period,
                         enum handover_language *language, struct failure *failure)
{
    if (choice->json + choice->text + choice->html > 1) {
        return failure_set(failure, FAILURE_INPUT,
                           "--text, --json and --html exclude each other; give one");
    }
    if (!period_parse(choice->period, period)) {
        return failure_set(failure, FAILURE_INPUT,
                           "--period \"%s\": a period is needed, such as 2026-03-X1 (days 1 to 10) "
                           "or 2026-03",
                           choice->period);
    }
    if (choice->language != NULL && strcmp(choice->language, "zh") == 0) {
        *language = HANDOVER_CHINESE;
    } else if (choice->language != NULL && strcmp(choice->language, "en") != 0) {
        return failure_set(failure, FAILURE_INPUT, "--lang \"%s\": there are en and zh",
                           choice->language);
    }
    return true;
}

static void write_out(const struct choice *choice, const struct period_document *document,
                      enum handover_language language)
{
    if (choice->json) {
        period_document_write_json(document, stdout);
        putchar('\n');
    } else if (choice->html) {
        period_document_write_html(document, language, stdout);
    } else {
        period_document_write_text(document, language, stdout);
    }
}

static struct period_document *read_document(const char *directory, struct period period,
                                             struct failure *failure)
{
    struct reader *reader = reader_open(directory, failure);
    if (reader == NULL) {
        return NULL;
    }
    struct period_document *document = NULL;
    struct plant *plant = ledger_plant(reader, failure);
    if (plant != NULL) {
        const struct report_plant costed = {.rules = &plant->costing, .catalog = &plant->catalog};
        document = period_document_read(reader, &costed, period, failure);
    }
    plant_free(plant);
    reader_close(reader);
    return document;
}

static bool run(const struct choice *choice, struct failure *failure)
{
    struct period period = {0};
    enum handover_language language = HANDOVER_ENGLISH;

    if (!check_choice(choice, &period, &language, failure)) {
        return false;
    }
    struct period_document *document = read_document(choice->directory, period, failure);
    if (document == NULL) {
        return false;
    }
    write_out(choice, document, language);
    period_document_free(document);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return failure_set(failure, FAILURE_RESOURCE, "standard output cannot be written");
    }
    return true;
}

bool command_period(int argc, char **argv, struct failure *failure)
{
    struct choice choice = {.directory = NULL};
    bool helped = false;
    const struct option options[] = {
        {"-d", "DIR", &choice.directory, NULL, true, "the ledger's directory"},
        {"--period", "PERIOD", &choice.period, NULL, true,
         "2026-03-X1 (days 1 to 10), 2026-03, or any other period as the ledger has it now"},
        {"--text", NULL, NULL, &choice.text, false, "for people (the default)"},
        {"--json", NULL, NULL, &choice.json, false, "for programs"},
        {"--html", NULL, NULL, &choice.html, false, "for a browser or a printer"},
        {"--lang", "LANG", &choice.language, NULL, false, "en (the default) or zh; not of JSON"},
    };
    const struct command_usage usage = {
        .synopsis = "period -d DIR --period PERIOD [--text|--json|--html] [--lang en|zh]",
        .description =
            "Shows the document of a ten-day period or month as it was made when it was "
            "closed,\nand what is another since then. Before that, and of other periods: "
            "as the ledger\nhas it now.\n"
            "Example: heatledger period -d demo --period 2026-03-X1 --lang zh",
        .options = options,
        .option_count = (int)(sizeof options / sizeof *options),
    };

    return options_parse(argc, argv, &usage, NULL, NULL, &helped, failure) &&
           (helped || run(&choice, failure));
}
