#include "commands.h"
#include "ledger_plant.h"
#include "options.h"
#include "people.h"
#include "reader.h"
#include "report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DESCRIPTION_MAX 700

/* The ways to write a report; the first is the default. */
struct formats {
    bool text, csv, json;
};

static bool write_report(const struct report *report, const struct formats *formats,
                         struct failure *failure)
{
    if (formats->json) {
        report_write_json(report, stdout);
    } else if (formats->csv) {
        table_write_csv(report->table, stdout);
    } else {
        report_write_text(report, stdout);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return failure_set(failure, FAILURE_RESOURCE, "report: standard output cannot be written");
    }
    return true;
}

/* The plant that a report needs which the ledger alone does not answer; NULL: it needs none. */
static bool load_plant(struct reader *reader, const char *name, struct plant **plant,
                       struct failure *failure)
{
    struct failure unread = {0}; /* a report that can do without it does */
    *plant = report_is_worked_out(name) ? ledger_plant(reader, failure)
             : report_is_refined(name)  ? ledger_plant(reader, &unread)
                                        : NULL;
    return *plant != NULL || !report_is_worked_out(name);
}

/* Who a crew is, from the file that is named, or from that of the configuration where this user may
 * read it: who may not sees no names. */
static bool load_people(const char *name, const char *path, const struct plant *plant,
                        struct people **people, struct failure *failure)
{
    bool settles = strcmp(name, "settlement") == 0;
    const char *kept = plant != NULL ? plant->costing.settlement.people_file : "";

    *people = NULL;
    if (path != NULL && !settles) {
        return failure_set(failure, FAILURE_INPUT, "report %s takes no --people; settlement does",
                           name);
    }
    if (path == NULL && (!settles || kept[0] == '\0' || access(kept, R_OK) != 0)) {
        return true;
    }
    *people = people_read(path != NULL ? path : kept, failure);
    return *people != NULL;
}

static bool run(const char *directory, const char *name, const char *people_path,
                const struct report_filters *filters, const struct formats *formats,
                struct failure *failure)
{
    struct report report = {.table = NULL};

    if (formats->text + formats->csv + formats->json > 1) {
        return failure_set(failure, FAILURE_INPUT,
                           "report: --text, --csv and --json exclude each other; give one");
    }
    struct reader *reader = reader_open(directory, failure);
    if (reader == NULL) {
        return false;
    }
    struct plant *plant = NULL;
    struct people *people = NULL;
    bool good = load_plant(reader, name, &plant, failure) &&
                load_people(name, people_path, plant, &people, failure);
    if (good) {
        const struct report_plant costed = {.rules = plant != NULL ? &plant->costing : NULL,
                                            .catalog = plant != NULL ? &plant->catalog : NULL,
                                            .people = people};
        good = report_run_for(reader, name, &costed, filters, &report, failure) &&
               write_report(&report, formats, failure);
    }
    report_clear(&report);
    people_free(people);
    plant_free(plant);
    reader_close(reader);
    return good;
}

static bool read_language(const char *language, bool *chinese, struct failure *failure)
{
    *chinese = language != NULL && strcmp(language, "zh") == 0;
    return language == NULL || *chinese || strcmp(language, "en") == 0 ||
           failure_set(failure, FAILURE_INPUT, "--lang \"%s\": there are en and zh", language);
}

bool command_report(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL;
    struct report_filters filters = {.from = NULL};
    struct formats formats = {.text = false};
    const char *language = NULL, *people = NULL;
    char description[DESCRIPTION_MAX];
    snprintf(description, sizeof description,
             "Reads the ledger: WHAT is one of\n%s.\n"
             "Example: heatledger report crews -d demo --view owner --station LF",
             report_names());
    const struct option options[] = {
        {"-d", "DIR", &directory, NULL, true, "the ledger's directory"},
        {"--text", NULL, NULL, &formats.text, false, "aligned columns (the default)"},
        {"--csv", NULL, NULL, &formats.csv, false, "CSV, RFC 4180"},
        {"--json", NULL, NULL, &formats.json, false, "{\"as_of\":...,\"rows\":[...]}"},
        {"--from", "T", &filters.from, NULL, false,
         "heats owned and shifts started from then on, e.g. 2026-03-10T08:00:00+08:00"},
        {"--to", "T", &filters.to, NULL, false, "... and before then"},
        {"--day", "DATE", &filters.day, NULL, false, "production day, e.g. 2026-03-10"},
        {"--shift", "ID", &filters.shift, NULL, false, "shift"},
        {"--crew", "ID", &filters.crew, NULL, false, "crew"},
        {"--heat", "ID", &filters.heat, NULL, false, "heat; \"\" for use without a heat"},
        {"--item", "ID", &filters.item, NULL, false, "item"},
        {"--station", "ID", &filters.station, NULL, false, "station"},
        {"--meter", "ID", &filters.meter, NULL, false, "meter"},
        {"--quota", "ID", &filters.quota, NULL, false, "quota"},
        {"--period", "PERIOD", &filters.period, NULL, false,
         "2026, 2026-Q1, 2026-03, 2026-03-X1 (days 1 to 10) or 2026-03-10"},
        {"--by", "WHAT", &filters.by, NULL, false,
         "pareto: quota (the default), crew, cause or item"},
        {"--heats", "N", &filters.heats, NULL, false,
         "ranking: how many heats a crew needs to be ranked (10)"},
        {"--view", "VIEW", &filters.view, NULL, false,
         "clock (who was on duty, the default of crews) or owner (of the heat, that of costs)"},
        {"--open", NULL, NULL, &filters.open, false,
         "alerts, slips: those that are not over; overruns: those without a cause"},
        {"--people", "FILE", &people, NULL, false,
         "settlement: names and shares, and each one's part (docs/configuration.md)"},
        {"--lang", "LANG", &language, NULL, false,
         "en (the default) or zh: sentences; headings and names of the text"},
    };
    const struct command_usage usage = {
        .synopsis = "report WHAT -d DIR [--text|--csv|--json] [filters]",
        .description = description,
        .options = options,
        .option_count = (int)(sizeof options / sizeof *options),
        .operand_min = 1,
        .operand_max = 1,
    };
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false;

    if (!options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure)) {
        return false;
    }
    return helped || (read_language(language, &filters.chinese, failure) &&
                      run(directory, operands[0], people, &filters, &formats, failure));
}
