#include "commands.h"
#include "explain_revisions.h"
#include "explain_story.h"
#include "options.h"
#include "quantity.h"
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct choice {
    const char *directory, *language;
    struct explain_question question;
    bool json, text;
};

static bool check_choice(const struct choice *choice, enum handover_language *language,
                         struct failure *failure)
{
    if (choice->json && choice->text) {
        return failure_set(failure, FAILURE_INPUT,
                           "--text and --json exclude each other; give one");
    }
    *language = HANDOVER_ENGLISH;
    if (choice->language != NULL && strcmp(choice->language, "zh") == 0) {
        *language = HANDOVER_CHINESE;
    } else if (choice->language != NULL && strcmp(choice->language, "en") != 0) {
        return failure_set(failure, FAILURE_INPUT, "--lang \"%s\": there are en and zh",
                           choice->language);
    }
    return true;
}

/* A figure is what its postings add up to, or the explanation would be of another number. */
static bool check_sums(const struct explain_story *story)
{
    char sum[QUANTITY_TEXT_MAX];

    for (size_t i = 0; i < table_row_count(story->explanation->figures.table); i++) {
        const char *amount = explain_story_cell(story, i, "amount");
        quantity_to_text(explain_story_sum(story, i), explain_story_item(story, i)->decimals, sum);
        if (amount == NULL || strcmp(amount, sum) != 0) {
            return failure_set(story->failure, FAILURE_CHECK,
                               "the postings found add up to %s, the report says %s: "
                               "`heatledger verify` tells what is off",
                               sum, amount == NULL ? "nothing" : amount);
        }
    }
    return true;
}

static bool tell(const struct choice *choice, const struct explanation *explanation,
                 const struct explain_revisions *revisions, enum handover_language language,
                 struct failure *failure)
{
    struct explain_journal *journal =
        explain_journal_open(choice->directory, explanation->position, failure);
    if (journal == NULL) {
        return false;
    }
    struct quota *quotas = explain_revisions_quotas(revisions, explain_journal_plant(journal));
    const struct explain_story story = {
        .explanation = explanation,
        .journal = journal,
        .quotas = quotas,
        .station = explanation->station,
        .view = explanation->view,
        .language = language,
        .out = stdout,
        .failure = failure,
    };
    explain_story_want(&story);
    bool good = check_sums(&story) && explain_journal_read(journal, failure) &&
                (choice->json ? explain_write_json(&story) : explain_write_text(&story));
    explain_journal_close(journal);
    free(quotas);
    if (good && (fflush(stdout) != 0 || ferror(stdout))) {
        return failure_set(failure, FAILURE_RESOURCE, "standard output cannot be written");
    }
    return good;
}

static bool run(const struct choice *choice, struct failure *failure)
{
    enum handover_language language = HANDOVER_ENGLISH;
    struct explanation explanation;
    struct explain_revisions revisions;

    if (!check_choice(choice, &language, failure)) {
        return false;
    }
    struct reader *reader = reader_open(choice->directory, failure);
    if (reader == NULL) {
        return false;
    }
    bool good = explanation_read(reader, &choice->question, &explanation, failure);
    if (!good) {
        reader_close(reader);
        return false;
    }
    good = explain_revisions_read(reader, &revisions, failure);
    reader_close(reader);
    good = good && tell(choice, &explanation, &revisions, language, failure);
    explain_revisions_clear(&revisions);
    explanation_clear(&explanation);
    return good;
}

bool command_explain(int argc, char **argv, struct failure *failure)
{
    struct choice choice = {.directory = NULL};
    struct explain_question *question = &choice.question;
    bool helped = false;
    const struct option options[] = {
        {"-d", "DIR", &choice.directory, NULL, true, "the ledger's directory"},
        {"--heat", "ID", &question->heat, NULL, false, "what a heat used"},
        {"--day", "DATE", &question->day, NULL, false, "what a crew-shift used: production day …"},
        {"--shift", "ID", &question->shift, NULL, false, "… and shift"},
        {"--crew", "ID", &question->crew, NULL, false, "only this crew"},
        {"--view", "VIEW", &question->view, NULL, false,
         "of a crew-shift: clock (who was on duty, the default) or owner"},
        {"--meter", "ID", &question->meter, NULL, false,
         "what a meter measured, with --from, --to"},
        {"--from", "T", &question->from, NULL, false, "a time such as 2026-03-10T08:00:00+08:00"},
        {"--to", "T", &question->to, NULL, false, "... and before then"},
        {"--alert", "ID", &question->alert, NULL, false, "what was counted against an alert"},
        {"--item", "ID", &question->item, NULL, false, "only this item"},
        {"--station", "ID", &question->station, NULL, false, "only what was used there"},
        {"--text", NULL, NULL, &choice.text, false, "for people (the default)"},
        {"--json", NULL, NULL, &choice.json, false, "for programs"},
        {"--lang", "LANG", &choice.language, NULL, false, "of the text: en (the default) or zh"},
    };
    const struct command_usage usage = {
        .synopsis =
            "explain -d DIR (--heat ID | --day DATE --shift ID | --meter ID --from T --to T "
            "| --alert ID) [--item ID] [--json]",
        .description =
            "From a number to what made it: its postings, the readings behind each of them, what\n"
            "was corrected and why, and the rule it is judged by. Exit status 1 where the ledger\n"
            "has no such number. It reads the journal once.\n"
            "Example: heatledger explain -d demo --heat 12602490 --item femn",
        .options = options,
        .option_count = (int)(sizeof options / sizeof *options),
    };

    return options_parse(argc, argv, &usage, NULL, NULL, &helped, failure) &&
           (helped || run(&choice, failure));
}
