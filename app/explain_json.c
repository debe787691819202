/* An explanation for programs: docs/interfaces.md has the fields. */
#include "explain_story.h"
#include "json_text.h"
#include "quantity.h"

#include <inttypes.h>
#include <string.h>

static const char *const mark_names[] = {
    [MARK_READ] = "read",       [MARK_BETWEEN] = "between", [MARK_SPREAD] = "spread",
    [MARK_FIRST] = "first",     [MARK_LAST] = "last",       [MARK_NO_READING] = "none",
    [MARK_RETIRED] = "retired",
};

static const char *const basis_names[] = {
    [QUOTA_PER_TONNE] = "tonne", [QUOTA_PER_HEAT] = "heat", [QUOTA_PER_SHIFT] = "shift",
    [QUOTA_LINEAR] = "linear",   [QUOTA_PER_DAY] = "day",   [QUOTA_PER_TEN_DAYS] = "ten_days",
    [QUOTA_PER_MONTH] = "month"};

static void write_member(FILE *out, const char *name, const char *text)
{
    fprintf(out, ",\"%s\":", name);
    json_text_write(out, text);
}

static void write_amount(const struct explain_story *story, size_t figure, const char *name,
                         int64_t amount_base)
{
    char text[QUANTITY_TEXT_MAX];
    write_member(story->out, name,
                 quantity_to_text(amount_base, explain_story_item(story, figure)->decimals, text));
}

static void write_time(const struct explain_story *story, const char *name, int64_t ts_us)
{
    char text[TIMESTAMP_TEXT_MAX];
    write_member(story->out, name,
                 ts_us == INT64_MIN ? NULL : explain_story_time(story, ts_us, text));
}

static void write_reading(const struct explain_story *story, meter_id meter, const char *name,
                          int64_t ts_us, int64_t raw)
{
    const struct catalog *catalog = &explain_journal_plant(story->journal)->catalog;
    char text[QUANTITY_TEXT_MAX], time[TIMESTAMP_TEXT_MAX];

    fprintf(story->out, ",\"%s\":{\"ts\":\"%s\",\"value\":\"%s\"}", name,
            explain_story_time(story, ts_us, time),
            quantity_to_text(raw, catalog->meters[meter.index].decimals, text));
}

static void write_mark(const struct explain_story *story, meter_id meter, const char *name,
                       const struct mark_story *mark)
{
    fprintf(story->out, ",\"%s\":{\"basis\":\"%s\"", name, mark_names[mark->basis]);
    if (mark->before != NULL) {
        write_reading(story, meter, "before", mark->before->ts_us, mark->before->raw);
    }
    if (mark->after != NULL && mark->basis != MARK_READ) {
        write_reading(story, meter, "after", mark->after->ts_us, mark->after->raw);
    }
    putc('}', story->out);
}

/* What one unit of the reading counts, at the end of the posting. */
static void write_factor(const struct explain_story *story, const struct posting_story *posting)
{
    char factor[EXPLAIN_FACTOR_MAX];

    write_member(story->out, "factor",
                 explain_story_factor(story, posting->meter, posting->end_us, factor));
}

static void write_source(const struct explain_story *story, size_t figure,
                         const struct posting_story *posting)
{
    if (posting->has_marks) {
        write_mark(story, posting->meter, "mark_from", &posting->start);
        write_mark(story, posting->meter, "mark_to", &posting->end);
        if (!posting->retired) {
            write_amount(story, figure, "moved", posting->moved_base);
        }
        write_factor(story, posting);
    } else if (posting->piece != NULL) {
        write_reading(story, posting->meter, "reading", posting->piece->ts_us, posting->piece->raw);
        write_member(story->out, "ticket", posting->piece->id);
        fprintf(story->out, ",\"reading_position\":%" PRIu64, posting->piece->position);
        write_factor(story, posting);
    }
}

static void write_booked(const struct explain_story *story, const struct posting_story *posting)
{
    const struct explanation *explanation = story->explanation;

    fprintf(story->out, ",\"open\":%s", posting->open ? "true" : "false");
    fprintf(story->out, ",\"retired\":%s", posting->retired ? "true" : "false");
    if (posting->open) {
        return;
    }
    fprintf(story->out, ",\"id\":\"%s-%s\",\"configuration\":%s",
            explanation_text(explanation, posting->row, EXPLAIN_POSITION),
            explanation_text(explanation, posting->row, EXPLAIN_ORDINAL),
            explanation_text(explanation, posting->row, EXPLAIN_CONFIGURATION));
    write_time(story, "booked_at", posting->booked.arrival_us);
    write_member(story->out, "topic", posting->booked.retired ? NULL : posting->booked.topic);
    const char *signed_at = explanation_text(explanation, posting->row, EXPLAIN_SIGNED_AT);
    fprintf(story->out, ",\"prior_period\":%s", signed_at != NULL ? "true" : "false");
}

static bool write_posting(const struct explain_story *story, size_t figure, size_t row)
{
    static const struct {
        const char *name;
        enum explain_column column;
    } members[] = {
        {"meter", EXPLAIN_METER_ID}, {"station", EXPLAIN_STATION}, {"heat", EXPLAIN_HEAT},
        {"day", EXPLAIN_DAY},        {"shift", EXPLAIN_SHIFT},     {"crew", EXPLAIN_CREW},
        {"from", EXPLAIN_START},     {"to", EXPLAIN_END},          {"quality", EXPLAIN_QUALITY},
        {"method", EXPLAIN_METHOD},  {"cause", EXPLAIN_CAUSE},
    };
    struct posting_story posting;

    if (!posting_story_read(story, row, &posting)) {
        return false;
    }
    fputs("{\"amount\":", story->out);
    json_text_write(story->out, explanation_text(story->explanation, row, EXPLAIN_AMOUNT));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        write_member(story->out, members[i].name,
                     explanation_text(story->explanation, row, members[i].column));
    }
    write_booked(story, &posting);
    write_source(story, figure, &posting);
    putc('}', story->out);
    return true;
}

static bool write_postings(const struct explain_story *story, size_t figure)
{
    bool first = true;

    fputs(",\n\"postings\":[", story->out);
    for (size_t row = explain_story_standing(story, figure, 0); row != SIZE_MAX;
         row = explain_story_standing(story, figure, row + 1)) {
        fputs(first ? "\n" : ",\n", story->out);
        first = false;
        if (!write_posting(story, figure, row)) {
            return false;
        }
    }
    putc(']', story->out);
    return true;
}

static bool write_corrections(const struct explain_story *story, size_t figure)
{
    struct correction_story correction;
    uint64_t position = 0;

    fputs(",\n\"corrections\":[", story->out);
    while (correction_story_next(story, figure, position, &correction)) {
        fprintf(story->out, "%s{\"position\":%" PRIu64, position == 0 ? "\n" : ",\n",
                correction.position);
        write_time(story, "at", correction.record.arrival_us);
        write_member(story->out, "cause", correction.cause);
        write_amount(story, figure, "old", correction.old_base);
        write_amount(story, figure, "new", correction.new_base);
        write_member(story->out, "topic",
                     correction.record.retired ? NULL : correction.record.topic);
        write_member(story->out, "by",
                     correction.record.by[0] == '\0' ? NULL : correction.record.by);
        write_member(story->out, "reason",
                     correction.record.reason[0] == '\0' ? NULL : correction.record.reason);
        putc('}', story->out);
        position = correction.position + 1;
    }
    putc(']', story->out);
    return story->failure->code == FAILURE_NONE;
}

static void write_rates(const struct explain_story *story, const struct quota *quota,
                        const int64_t rate_e9[QUOTA_LEVELS])
{
    char text[QUANTITY_TEXT_MAX];

    write_member(story->out, "target", quantity_to_text(rate_e9[QUOTA_TARGET], 9, text));
    write_member(story->out, "limit", quantity_to_text(rate_e9[QUOTA_LIMIT], 9, text));
    if (quota->has_stretch) {
        write_member(story->out, "stretch", quantity_to_text(rate_e9[QUOTA_STRETCH], 9, text));
    }
}

/* What a linear quota allows a shift besides. */
static void write_fixed(const struct explain_story *story, const struct quota *quota,
                        const int64_t fixed_e9[QUOTA_LEVELS])
{
    char text[QUANTITY_TEXT_MAX];

    if (quota->basis == QUOTA_LINEAR) {
        write_member(story->out, "fixed", quantity_to_text(fixed_e9[QUOTA_LIMIT], 9, text));
        write_member(story->out, "fixed_target", quantity_to_text(fixed_e9[QUOTA_TARGET], 9, text));
    }
}

static void write_grades(const struct explain_story *story, const struct quota *quota)
{
    fputs("],\"grades\":[", story->out);
    for (uint32_t i = 0; i < quota->grade_count; i++) {
        const struct quota_grade *grade = &quota->grades[i];
        char from[TIMESTAMP_TEXT_MAX];
        bool own = grade->rate_e9[QUOTA_LIMIT] != QUOTA_NO_RATE;
        fputs(i > 0 ? ",{\"grade\":" : "{\"grade\":", story->out);
        json_text_write(story->out, grade->grade);
        if (grade->from_us != INT64_MIN) {
            write_member(story->out, "from", explain_story_time(story, grade->from_us, from));
        }
        write_rates(story, quota, own ? grade->rate_e9 : quota_rates_e9(quota, grade->from_us));
        putc('}', story->out);
    }
}

static void write_seasons(const struct explain_story *story, const struct quota *quota)
{
    fputs("],\"seasons\":[", story->out);
    for (uint32_t i = 0; i < quota->season_count; i++) {
        char factor[QUANTITY_TEXT_MAX];
        const char *between = "";
        fputs(i > 0 ? ",{\"months\":[" : "{\"months\":[", story->out);
        for (int month = 1; month <= 12; month++) {
            if ((quota->seasons[i].months >> (month - 1) & 1) != 0) {
                fprintf(story->out, "%s%d", between, month);
                between = ",";
            }
        }
        putc(']', story->out);
        write_member(story->out, "factor",
                     quantity_to_text(quota->seasons[i].factor_e9, 9, factor));
        putc('}', story->out);
    }
}

static void write_rule(const struct explain_story *story, size_t figure)
{
    const struct quota *quota = explain_story_quota(story, figure);

    fputs(",\n\"rule\":", story->out);
    if (quota == NULL) {
        fputs("null", story->out);
        return;
    }
    fputs("{\"quota\":", story->out);
    json_text_write(story->out, quota->id);
    write_member(story->out, "basis", basis_names[quota->basis]);
    write_rates(story, quota, quota->rate_e9);
    write_fixed(story, quota, quota->fixed_e9);
    fputs(",\"versions\":[", story->out);
    for (uint32_t i = 0; i < quota->version_count; i++) {
        char from[TIMESTAMP_TEXT_MAX];
        fputs(i > 0 ? ",{\"from\":" : "{\"from\":", story->out);
        json_text_write(story->out, explain_story_time(story, quota->versions[i].from_us, from));
        write_rates(story, quota, quota->versions[i].rate_e9);
        write_fixed(story, quota, quota->versions[i].fixed_e9);
        putc('}', story->out);
    }
    write_grades(story, quota);
    write_seasons(story, quota);
    fputs("]}", story->out);
}

bool explain_write_json(const struct explain_story *story)
{
    const struct explanation *explanation = story->explanation;

    fputs("{\"as_of\":", story->out);
    json_text_write(story->out, explanation->figures.as_of);
    int64_t begin_us = INT64_MIN;
    explain_journal_begin_us(story->journal, &begin_us);
    write_time(story, "journal_begins", begin_us);
    fputs(",\"alert\":", story->out);
    if (explanation->alert == NULL) {
        fputs("null", story->out);
    } else {
        table_write_json_row(explanation->alert, 0, story->out);
    }
    fputs(",\"figures\":[", story->out);
    for (size_t i = 0; i < table_row_count(explanation->figures.table); i++) {
        fputs(i == 0 ? "\n{\"figure\":" : ",\n{\"figure\":", story->out);
        table_write_json_row(explanation->figures.table, i, story->out);
        write_rule(story, i);
        if (!write_postings(story, i) || !write_corrections(story, i)) {
            return false;
        }
        putc('}', story->out);
    }
    fputs("]}\n", story->out);
    return true;
}
