#include "commands.h"
#include "ledger_plant.h"
#include "options.h"
#include "reader.h"
#include "report.h"

#include <stdio.h>

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
    *plant = report_is_worked_out(name) ? ledger_plant(reader, failure) : NULL;
    return *plant != NULL || !report_is_worked_out(name);
}

static bool run(const char *directory, const char *name, const struct report_filters *filters,
                const struct formats *formats, struct failure *failure)
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
    bool good = load_plant(reader, name, &plant, failure);
    if (good) {
        const struct report_plant costed = {.rules = plant != NULL ? &plant->costing : NULL,
                                            .catalog = plant != NULL ? &plant->catalog : NULL};
        good = report_run_for(reader, name, &costed, filters, &report, failure) &&
               write_report(&report, formats, failure);
    }
    report_clear(&report);
    plant_free(plant);
    reader_close(reader);
    return good;
}

bool command_report(int argc, char **argv, struct failure *failure)
{
    const char *directory = NULL;
    struct report_filters filters = {.from = NULL};
    struct formats formats = {.text = false};
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
        {"--view", "VIEW", &filters.view, NULL, false,
         "crews: clock (who was on duty, the default) or owner (who owns the heat)"},
        {"--open", NULL, NULL, &filters.open, false, "alerts: those that are not over"},
    };
    const struct command_usage usage = {
        .synopsis = "report WHAT -d DIR [--text|--csv|--json] [filters]",
        .description = "Reads the ledger: WHAT is heats, crews, quotas, alerts, meters, "
                       "balance,\nreview, held, rejects, settlement or variance.\n"
                       "Example: heatledger report crews -d demo --view owner --station LF",
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
    return helped || run(directory, operands[0], &filters, &formats, failure);
}
