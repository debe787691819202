/* An explanation for people: a figure, what it is made of, and what was corrected. */
#include "explain_rule.h"
#include "explain_words.h"
#include "quantity.h"
#include "sharing.h"

#include <inttypes.h>
#include <string.h>

#define POSTINGS_SHOWN 40 /* of a figure; --json has all */
#define SPECIAL_SHOWN 8   /* of a posting's readings that are not plain */

static const char *known(const char *text)
{
    return text == NULL || *text == '\0' ? "-" : text;
}

/* ---- The figure ---- */

static void write_title(const struct explain_story *story, size_t figure)
{
    const struct item *item = explain_story_item(story, figure);
    const char *amount = explain_story_cell(story, figure, "amount");
    FILE *out = story->out;

    if (story->explanation->kind == EXPLAIN_HEATS) {
        const char *heat = explain_story_cell(story, figure, "heat");
        bool idle = heat == NULL || *heat == '\0';
        fprintf(out, "%s%s%s", explain_say(story, idle ? SAY_NO_HEAT : SAY_HEAT), idle ? "" : " ",
                idle ? "" : heat);
    } else if (story->explanation->kind == EXPLAIN_CREWS) {
        bool owner = story->view != NULL && strcmp(story->view, "owner") == 0;
        fprintf(out, "%s %s %s (%s)", known(explain_story_cell(story, figure, "day")),
                explain_say_shift(story, explain_story_cell(story, figure, "shift")),
                explain_say_crew(story, explain_story_cell(story, figure, "crew")),
                explain_say(story, owner ? SAY_OWNER : SAY_ON_DUTY));
    } else {
        fprintf(out, "%s %s", explain_say(story, SAY_METER),
                explain_story_cell(story, figure, "meter"));
    }
    fprintf(out, ", %s", explain_say_label(story, &item->name, item->id));
    if (story->station != NULL) {
        fprintf(out, ", %s", explain_say_station(story, story->station));
    }
    fprintf(out, ": %s %s\n", amount, item->unit);
}

static void write_owner(const struct explain_story *story, size_t figure)
{
    const char *crew = explain_story_cell(story, figure, "owner_crew");

    if (crew != NULL) {
        explain_write_label(story, SAY_OWNED);
        fprintf(story->out, "%s, %s %s\n", explain_say_crew(story, crew),
                known(explain_story_cell(story, figure, "owner_day")),
                explain_say_shift(story, explain_story_cell(story, figure, "owner_shift")));
    }
}

static void write_facts(const struct explain_story *story, size_t figure)
{
    const char *unit = explain_story_item(story, figure)->unit;
    const char *quality = explain_story_cell(story, figure, "quality");
    const char *estimated = explain_story_cell(story, figure, "estimated_pct");
    const char *steel = explain_story_cell(story, figure, "steel_kg");
    const char *per_tonne = explain_story_cell(story, figure, "per_tonne");
    const char *state = explain_story_cell(story, figure, "state");

    if (quality != NULL) {
        explain_write_label(story, SAY_QUALITY);
        fprintf(story->out, "%s, %s %s\n", explain_say_quality(story, quality),
                explain_say(story, SAY_ESTIMATED), known(estimated));
    }
    write_owner(story, figure);
    if (steel != NULL) {
        explain_write_label(story, SAY_STEEL);
        fprintf(story->out, "%s kg\n", steel);
    }
    if (per_tonne != NULL) {
        explain_write_label(story, SAY_PER_TONNE);
        fprintf(story->out, "%s %s\n", per_tonne, unit);
    }
    if (state != NULL) {
        explain_write_label(story, SAY_ALLOWED);
        fprintf(story->out, "%s / %s %s: %s\n", known(explain_story_cell(story, figure, "target")),
                known(explain_story_cell(story, figure, "limit")), unit,
                explain_say_state(story, state));
    }
    explain_write_rule(story, figure);
}

/* ---- The postings ---- */

static void write_value(const struct explain_story *story, meter_id meter, int64_t raw)
{
    const struct catalog *catalog = &explain_journal_plant(story->journal)->catalog;
    const struct meter *row = &catalog->meters[meter.index];
    char text[QUANTITY_TEXT_MAX];

    fputs(quantity_to_text(raw, row->decimals, text), story->out);
}

static void write_sample(const struct explain_story *story, meter_id meter,
                         const struct point *sample)
{
    char time[TIMESTAMP_TEXT_MAX];

    write_value(story, meter, sample->raw);
    fprintf(story->out, " (%s)", explain_story_time(story, sample->ts_us, time));
}

static void write_mark(const struct explain_story *story, enum phrase phrase, meter_id meter,
                       int64_t ts_us, const struct mark_story *mark)
{
    char time[TIMESTAMP_TEXT_MAX];
    bool two = mark->basis == MARK_BETWEEN || mark->basis == MARK_SPREAD;
    const struct point *only = mark->basis == MARK_FIRST ? mark->after : mark->before;

    fprintf(story->out, "      %s %s: %s ", explain_say(story, phrase),
            explain_story_time(story, ts_us, time), explain_say_mark(story, mark->basis));
    if (two) {
        write_sample(story, meter, mark->before);
        fputs(" … ", story->out);
        write_sample(story, meter, mark->after);
    } else if (only != NULL) {
        write_sample(story, meter, only);
    }
    putc('\n', story->out);
}

/* Who decided about a reading, and why. */
static void write_decision(const struct explain_story *story, meter_id meter,
                           const struct point *sample)
{
    const struct told_decision *decision =
        sample->kind == SAMPLE_REJECTED || sample->decided
            ? explain_journal_decision(story->journal, meter, sample->ts_us, sample->raw)
            : NULL;

    if (decision != NULL) {
        fprintf(story->out, ", %s %s%s%s", explain_say(story, SAY_BY), decision->by,
                decision->reason == NULL ? "" : ": ",
                decision->reason == NULL ? "" : decision->reason);
    }
}

/* Readings between the marks that were not taken as they came. */
static void write_special(const struct explain_story *story, const struct posting_story *posting)
{
    size_t count = 0, special = 0;
    const struct point *samples = explain_journal_samples(
        story->journal, posting->meter, posting->start_us, posting->end_us, &count);

    for (size_t i = 0; i < count; i++) {
        const char *words = explain_say_sample(story, samples[i].kind);
        if ((words == NULL && !samples[i].final) || special++ >= SPECIAL_SHOWN) {
            continue;
        }
        fputs("      ", story->out);
        write_sample(story, posting->meter, &samples[i]);
        fprintf(story->out, ": %s%s%s", samples[i].final ? explain_say(story, SAY_FINAL) : "",
                samples[i].final && words != NULL ? ", " : "", words == NULL ? "" : words);
        write_decision(story, posting->meter, &samples[i]);
        putc('\n', story->out);
    }
    if (special > SPECIAL_SHOWN) {
        fprintf(story->out, "      … %zu %s\n", special - SPECIAL_SHOWN,
                explain_say(story, SAY_MORE_READINGS));
    }
}

/* What one unit of the reading counts, where that is not one unit of the item. */
static void write_factor(const struct explain_story *story, const struct posting_story *posting)
{
    const struct catalog *catalog = &explain_journal_plant(story->journal)->catalog;
    const struct meter *meter = &catalog->meters[posting->meter.index];
    const struct item *item = &catalog->items[meter->item.index];
    char factor[2][EXPLAIN_FACTOR_MAX];

    explain_story_factor(story, posting->meter, posting->start_us, factor[0]);
    explain_story_factor(story, posting->meter, posting->end_us, factor[1]);
    bool changes = strcmp(factor[0], factor[1]) != 0;
    if (changes || strcmp(factor[0], "1") != 0) {
        fprintf(story->out, "      %s %s%s%s %s\n", explain_say(story, SAY_FACTOR), factor[0],
                changes ? " → " : "", changes ? factor[1] : "", item->unit);
    }
}

/* By which numbers the meter's use was divided over stations. */
static void write_shares(const struct explain_story *story, const struct posting_story *posting)
{
    const struct catalog *catalog = &explain_journal_plant(story->journal)->catalog;
    const struct meter *meter = &catalog->meters[posting->meter.index];
    const struct sharing_rule *rule = sharing_rule_at(meter->sharing, posting->start_us);

    if (rule == NULL || rule->part_count == 0 || posting->moved ||
        (rule->method != SHARING_RATIO && rule->method != SHARING_POWER &&
         rule->method != SHARING_SUBMETER)) {
        return;
    }
    fprintf(story->out, "      %s", explain_say(story, SAY_SHARES));
    for (uint32_t i = 0; i < rule->part_count; i++) {
        const struct sharing_part *part = &rule->parts[i];
        fprintf(story->out, "%s %s ", i == 0 ? "" : ",", catalog->stations[part->station.index].id);
        if (rule->method == SHARING_SUBMETER) {
            fputs(catalog->meters[part->meter.index].id, story->out);
        } else {
            fprintf(story->out, "%" PRId64, part->weight);
        }
    }
    putc('\n', story->out);
}

static void write_readings(const struct explain_story *story, const struct posting_story *posting)
{
    const struct item *item = explain_story_item(
        story, (size_t)explanation_number(story->explanation, posting->row, EXPLAIN_FIGURE, 0));
    char text[QUANTITY_TEXT_MAX], time[TIMESTAMP_TEXT_MAX];

    if (posting->has_marks) {
        write_mark(story, SAY_FROM, posting->meter, posting->start_us, &posting->start);
        write_mark(story, SAY_TO, posting->meter, posting->end_us, &posting->end);
        write_special(story, posting);
        write_factor(story, posting);
        write_shares(story, posting);
        if (posting->moved_base != posting->amount_base) {
            fprintf(story->out, "      %s %s %s\n", explain_say(story, SAY_MOVED),
                    quantity_to_text(posting->moved_base, item->decimals, text), item->unit);
        }
    } else if (posting->moved) {
        return;
    } else if (posting->piece == NULL) {
        fprintf(story->out, "      %s\n",
                explain_say(story, posting->retired ? SAY_RETIRED : SAY_NO_READING));
    } else {
        fprintf(story->out, "      %s ", explain_say(story, SAY_READING));
        write_value(story, posting->meter, posting->piece->raw);
        fprintf(story->out, " (%s)%s%s, %s %llu\n",
                explain_story_time(story, posting->piece->ts_us, time),
                posting->piece->id == NULL ? "" : ", id ",
                posting->piece->id == NULL ? "" : posting->piece->id,
                explain_say(story, SAY_RECORD), (unsigned long long)posting->piece->position);
        write_factor(story, posting);
        write_shares(story, posting);
    }
}

static void write_booked(const struct explain_story *story, const struct posting_story *posting)
{
    const struct explanation *explanation = story->explanation;
    const char *cause = explanation_text(explanation, posting->row, EXPLAIN_CAUSE);
    const char *signed_at = explanation_text(explanation, posting->row, EXPLAIN_SIGNED_AT);
    char time[TIMESTAMP_TEXT_MAX];

    if (posting->open) {
        fprintf(story->out, "      %s\n", explain_say(story, SAY_OPEN));
        return;
    }
    if (signed_at != NULL && strcmp(cause, "closed") == 0) {
        cause = "after_handover";
    }
    fprintf(story->out, "      %s %s, %s, %s %s-%s, %s %s", explain_say(story, SAY_BOOKED),
            explain_story_time(story, posting->booked.arrival_us, time),
            cause_words(cause, story->language), explain_say(story, SAY_RECORD),
            explanation_text(explanation, posting->row, EXPLAIN_POSITION),
            explanation_text(explanation, posting->row, EXPLAIN_ORDINAL),
            explain_say(story, SAY_CONFIGURATION),
            explanation_text(explanation, posting->row, EXPLAIN_CONFIGURATION));
    if (signed_at != NULL) {
        fprintf(story->out, "; %s %s", explain_say(story, SAY_PRIOR), signed_at);
    }
    putc('\n', story->out);
}

static bool write_posting(const struct explain_story *story, size_t number, size_t row)
{
    const struct explanation *explanation = story->explanation;
    struct posting_story posting;
    bool zh = story->language == HANDOVER_CHINESE;

    if (!posting_story_read(story, row, &posting)) {
        return false;
    }
    const char *name = explanation_text(explanation, row, zh ? EXPLAIN_METER_ZH : EXPLAIN_METER_EN);
    const char *heat = explanation_text(explanation, row, EXPLAIN_HEAT);
    const char *meter = explanation_text(explanation, row, EXPLAIN_METER_ID);
    bool named = name != NULL && *name != '\0' && strcmp(name, meter) != 0;
    fprintf(story->out, "  %zu. %s %s  %s%s%s, %s, %s%s%s %s %s %s; %s; %s\n", number,
            explanation_text(explanation, row, EXPLAIN_AMOUNT),
            explanation_text(explanation, row, EXPLAIN_UNIT), meter, named ? " " : "",
            named ? name : "",
            explain_say_station(story, explanation_text(explanation, row, EXPLAIN_STATION)), heat,
            *heat == '\0' ? "" : ", ", explain_say(story, SAY_ON_DUTY),
            explanation_text(explanation, row, EXPLAIN_DAY),
            explain_say_shift(story, explanation_text(explanation, row, EXPLAIN_SHIFT)),
            explain_say_crew(story, explanation_text(explanation, row, EXPLAIN_CREW)),
            explain_say_method(story, explanation_text(explanation, row, EXPLAIN_METHOD),
                               *heat != '\0'),
            explain_say_quality(story, explanation_text(explanation, row, EXPLAIN_QUALITY)));
    write_readings(story, &posting);
    write_booked(story, &posting);
    return true;
}

static bool write_postings(const struct explain_story *story, size_t figure)
{
    const struct item *item = explain_story_item(story, figure);
    char sum[QUANTITY_TEXT_MAX];
    size_t count = 0, shown = 0;

    for (size_t row = explain_story_standing(story, figure, 0); row != SIZE_MAX;
         row = explain_story_standing(story, figure, row + 1)) {
        count++;
    }
    explain_write_label(story, SAY_POSTINGS);
    fprintf(story->out, "%zu, %s %s %s\n", count, explain_say(story, SAY_ADD_UP),
            quantity_to_text(explain_story_sum(story, figure), item->decimals, sum), item->unit);
    for (size_t row = explain_story_standing(story, figure, 0);
         row != SIZE_MAX && shown < POSTINGS_SHOWN;
         row = explain_story_standing(story, figure, row + 1)) {
        if (!write_posting(story, ++shown, row)) {
            return false;
        }
    }
    if (count > shown) {
        fprintf(story->out, "  … %zu %s\n", count - shown, explain_say(story, SAY_MORE));
    }
    return true;
}

/* "+87 kg, 600 → 687 kg": by how much the figure is another since, and what it was. */
static void write_change(const struct explain_story *story, const struct item *item,
                         const struct correction_story *correction)
{
    char old[QUANTITY_TEXT_MAX], new[QUANTITY_TEXT_MAX], by[QUANTITY_TEXT_MAX];
    int64_t by_base = quantity_add(correction->new_base, -correction->old_base);

    quantity_to_text(correction->new_base, item->decimals, new);
    if (by_base == 0) {
        fprintf(story->out, "%s, %s %s", explain_say(story, SAY_UNCHANGED), new, item->unit);
        return;
    }
    fprintf(story->out, "%s%s %s, %s → %s %s", by_base > 0 ? "+" : "",
            quantity_to_text(by_base, item->decimals, by), item->unit,
            quantity_to_text(correction->old_base, item->decimals, old), new, item->unit);
}

static bool write_corrections(const struct explain_story *story, size_t figure)
{
    const struct item *item = explain_story_item(story, figure);
    struct correction_story correction;
    uint64_t position = 0;

    while (correction_story_next(story, figure, position, &correction)) {
        char time[TIMESTAMP_TEXT_MAX];
        explain_write_label(story, SAY_CORRECTED);
        fprintf(story->out,
                "%s  %s: ", explain_story_time(story, correction.record.arrival_us, time),
                correction.cause == NULL ? "-" : cause_words(correction.cause, story->language));
        write_change(story, item, &correction);
        fprintf(story->out, ", %s %llu", explain_say(story, SAY_RECORD),
                (unsigned long long)correction.position);
        if (correction.record.by[0] != '\0') {
            fprintf(story->out, ", %s %s%s%s", explain_say(story, SAY_BY), correction.record.by,
                    correction.record.reason[0] == '\0' ? "" : ": ", correction.record.reason);
        }
        putc('\n', story->out);
        position = correction.position + 1;
    }
    return story->failure->code == FAILURE_NONE;
}

static void write_alert(const struct explain_story *story)
{
    const struct table *alert = story->explanation->alert;

    if (alert == NULL) {
        return;
    }
#define ALERT(column) known(table_cell(alert, 0, table_find(alert, column)))
    fprintf(story->out, "%s %s: %s (%s), %s %s / %s %s\n", explain_say(story, SAY_ALERT),
            ALERT("id"), explain_say_state(story, ALERT("state")),
            explain_say_state(story, ALERT("level")), ALERT("raised_at"), ALERT("used"),
            ALERT("allowed"), ALERT("unit"));
    const char *stations = table_cell(alert, 0, table_find(alert, "stations"));
    const char *meters = table_cell(alert, 0, table_find(alert, "meters"));
    const char *amount = explain_story_cell(story, 0, "amount");
    if (meters != NULL || (stations != NULL && story->station == NULL)) {
        fprintf(story->out, "%s %s%s%s\n", explain_say(story, SAY_ALERT_ONLY),
                stations == NULL ? "" : stations, stations == NULL || meters == NULL ? "" : ", ",
                meters == NULL ? "" : meters);
    }
    if (amount == NULL || strcmp(amount, ALERT("used")) != 0) {
        fprintf(story->out, "%s\n", explain_say(story, SAY_ALERT_THEN));
    }
    putc('\n', story->out);
#undef ALERT
}

/* Where a figure reaches back before the journal's beginning. */
static void write_begin(const struct explain_story *story)
{
    char time[TIMESTAMP_TEXT_MAX];
    int64_t begin_us = 0;
    if (!explain_journal_begin_us(story->journal, &begin_us)) {
        return;
    }
    for (size_t row = 0; row < table_row_count(story->explanation->postings); row++) {
        if (explanation_number(story->explanation, row, EXPLAIN_START_US, begin_us) < begin_us) {
            fprintf(story->out, "%s %s: %s\n", explain_say(story, SAY_JOURNAL_BEGINS),
                    explain_story_time(story, begin_us, time),
                    explain_say(story, SAY_BEFORE_RETIRED));
            return;
        }
    }
}

bool explain_write_text(const struct explain_story *story)
{
    write_alert(story);
    for (size_t i = 0; i < table_row_count(story->explanation->figures.table); i++) {
        if (i > 0) {
            putc('\n', story->out);
        }
        write_title(story, i);
        write_facts(story, i);
        if (!write_postings(story, i) || !write_corrections(story, i)) {
            return false;
        }
    }
    write_begin(story);
    return true;
}
