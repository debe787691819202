/* An explanation for people: a figure, what it is made of, and what was corrected. */
#include "explain_story.h"
#include "quantity.h"

#include <string.h>

#define POSTINGS_SHOWN 40 /* of a figure; --json has all */
#define SPECIAL_SHOWN 4   /* of a posting's readings that are not plain */

/* clang-format off */
enum phrase {
    SAY_HEAT, SAY_NO_HEAT, SAY_ON_DUTY, SAY_OWNER, SAY_METER, SAY_QUALITY, SAY_ESTIMATED, SAY_OWNED,
    SAY_STEEL, SAY_PER_TONNE, SAY_ALLOWED, SAY_RULE, SAY_POSTINGS, SAY_ADD_UP, SAY_MORE,
    SAY_BOOKED, SAY_OPEN, SAY_RECORD, SAY_PRIOR, SAY_CONFIGURATION, SAY_READING, SAY_NO_READING,
    SAY_FROM, SAY_TO, SAY_MOVED, SAY_CORRECTED, SAY_ALERT, SAY_BY, SAY_TARGET, SAY_LIMIT,
    SAY_PHRASES
};
static const char *const phrases[SAY_PHRASES][2] = {
    [SAY_HEAT] = {"Heat", "炉次"}, [SAY_NO_HEAT] = {"Use without a heat", "无炉次耗用"},
    [SAY_ON_DUTY] = {"on duty", "当班"}, [SAY_OWNER] = {"owner view", "归属口径"},
    [SAY_METER] = {"Meter", "表计"}, [SAY_QUALITY] = {"quality", "数据质量"},
    [SAY_ESTIMATED] = {"estimated %", "估计 %"}, [SAY_OWNED] = {"owned by", "归属"},
    [SAY_STEEL] = {"steel", "钢水"}, [SAY_PER_TONNE] = {"per tonne", "吨钢"},
    [SAY_ALLOWED] = {"target / limit", "目标 / 限额"}, [SAY_RULE] = {"rule", "规则"},
    [SAY_POSTINGS] = {"postings", "分录"}, [SAY_ADD_UP] = {"which add up to", "合计"},
    [SAY_MORE] = {"more; --json shows all", "条未列出，--json 可看全部"},
    [SAY_BOOKED] = {"booked", "记账"}, [SAY_OPEN] = {"still open, not booked yet", "尚未记账"},
    [SAY_RECORD] = {"record", "记录"},
    [SAY_PRIOR] = {"after the handover of", "交班之后，交班时间"},
    [SAY_CONFIGURATION] = {"configuration version", "配置版本"},
    [SAY_READING] = {"reading", "读数"},
    [SAY_NO_READING] = {"the reading was not found in the journal", "日志中未找到读数"},
    [SAY_FROM] = {"from", "起"}, [SAY_TO] = {"to", "止"},
    [SAY_MOVED] = {"the meter moved", "表计走量"}, [SAY_CORRECTED] = {"corrected", "更正"},
    [SAY_ALERT] = {"Alert", "报警"}, [SAY_BY] = {"by", "经手"},
    [SAY_TARGET] = {"target", "目标"}, [SAY_LIMIT] = {"limit", "限额"},
};

static const char *const basis_words[][2] = {
    [QUOTA_PER_TONNE] = {"a tonne of steel", "每吨钢"}, [QUOTA_PER_HEAT] = {"a heat", "每炉"},
    [QUOTA_PER_SHIFT] = {"a shift", "每班"},
};

static const char *const mark_words[][2] = {
    [MARK_READ] = {"read", "实读"}, [MARK_BETWEEN] = {"between", "内插"},
    [MARK_SPREAD] = {"spread over a gap, between", "缺数分摊"},
    [MARK_FIRST] = {"before the first reading", "首个读数之前"},
    [MARK_LAST] = {"newest reading", "最新读数"}, [MARK_NO_READING] = {"no reading", "无读数"},
};

static const struct {
    const char *name, *words[2];
} method_words[] = {
    {"none", {"one heat, or none, was there", "独用"}},
    {"equal", {"divided equally over the heats there", "在场炉次均分"}},
    {"named", {"the reading names its heat", "读数注明炉号"}},
    {"time", {"divided by time", "按时间分摊"}},
    {"tonnage", {"divided by tonnage", "按产量分摊"}},
    {"ratio", {"divided by a fixed ratio", "按固定比例分摊"}},
    {"submeter", {"divided by sub-meters", "按分表分摊"}},
    {"heat_count", {"divided by number of heats", "按炉数分摊"}},
    {"power", {"divided by installed power", "按装机功率分摊"}},
    {"next_heat", {"idle use of the heat that comes next", "待机耗用归下一炉"}},
    {"moved", {"moved with the steel", "随钢水转移"}},
};

/* Samples that are not plain readings; NULL: plain. */
static const char *const sample_words[SAMPLE_KIND_COUNT][2] = {
    [SAMPLE_ROLLOVER] = {"the register went round", "表计翻转"},
    [SAMPLE_RESET] = {"the register was reset", "表计清零"},
    [SAMPLE_MARK] = {"from here the register counts from this", "换表或清零后起数"},
    [SAMPLE_GLITCH] = {"fell, held: not counted", "回落，暂扣不计"},
    [SAMPLE_SPIKE] = {"rose too fast, held: not counted", "突增，暂扣不计"},
    [SAMPLE_CONFIRMED] = {"a jump that was confirmed", "突变已确认"},
    [SAMPLE_FALL] = {"fell, held until it is clear", "回落，待定"},
    [SAMPLE_REJECTED] = {"rejected by a person", "人工否决"},
};

static const char *const quality_words[][3] = {
    {"M", "measured", "实测"}, {"I", "interpolated", "内插"}, {"U", "uncertain", "存疑"},
    {"C", "corrected", "更正"}, {"S", "substituted", "替代"}, {"E", "estimated", "估计"},
};
/* clang-format on */

static const char *say(const struct explain_story *story, enum phrase phrase)
{
    return phrases[phrase][story->language];
}

static const char *say_quality(const struct explain_story *story, const char *letter)
{
    for (size_t i = 0; letter != NULL && i < sizeof quality_words / sizeof *quality_words; i++) {
        if (strcmp(quality_words[i][0], letter) == 0) {
            return quality_words[i][1 + story->language];
        }
    }
    return letter == NULL ? "-" : letter;
}

static const char *say_method(const struct explain_story *story, const char *method)
{
    for (size_t i = 0; i < sizeof method_words / sizeof *method_words; i++) {
        if (strcmp(method_words[i].name, method) == 0) {
            return method_words[i].words[story->language];
        }
    }
    return method;
}

static const char *label(const struct explain_story *story, const struct label *label,
                         const char *id)
{
    const char *name = story->language == HANDOVER_CHINESE ? label->zh : label->en;
    return *name == '\0' ? id : name;
}

static const char *known(const char *text)
{
    return text == NULL || *text == '\0' ? "-" : text;
}

/* "  rule          …" with the label padded to the same width in both languages. */
static void write_label(const struct explain_story *story, enum phrase phrase)
{
    const char *text = say(story, phrase);
    fprintf(story->out, "  %s%*s", text, 18 - table_text_width(text), "");
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
        fprintf(out, "%s%s%s", say(story, idle ? SAY_NO_HEAT : SAY_HEAT), idle ? "" : " ",
                idle ? "" : heat);
    } else if (story->explanation->kind == EXPLAIN_CREWS) {
        bool owner = story->view != NULL && strcmp(story->view, "owner") == 0;
        fprintf(out, "%s %s %s (%s)", known(explain_story_cell(story, figure, "day")),
                known(explain_story_cell(story, figure, "shift")),
                known(explain_story_cell(story, figure, "crew")),
                say(story, owner ? SAY_OWNER : SAY_ON_DUTY));
    } else {
        fprintf(out, "%s %s", say(story, SAY_METER), explain_story_cell(story, figure, "meter"));
    }
    fprintf(out, ", %s", label(story, &item->name, item->id));
    if (story->station != NULL) {
        fprintf(out, ", %s", story->station);
    }
    fprintf(out, ": %s %s\n", amount, item->unit);
}

static void write_rates(const struct explain_story *story, const int64_t rate_e9[QUOTA_LEVELS])
{
    char target[QUANTITY_TEXT_MAX], limit[QUANTITY_TEXT_MAX];

    fprintf(story->out, "%s %s, %s %s", say(story, SAY_TARGET),
            quantity_to_text(rate_e9[QUOTA_TARGET], 9, target), say(story, SAY_LIMIT),
            quantity_to_text(rate_e9[QUOTA_LIMIT], 9, limit));
}

/* The rates of a quota that was revised, each from when on. */
static void write_rule(const struct explain_story *story, size_t figure)
{
    const struct quota *quota = explain_story_quota(story, figure);

    if (quota == NULL) {
        return;
    }
    write_label(story, SAY_RULE);
    fprintf(story->out, "%s: ", label(story, &quota->name, quota->id));
    write_rates(story, quota->rate_e9);
    fprintf(story->out, " %s %s", explain_story_item(story, figure)->unit,
            basis_words[quota->basis][story->language]);
    for (uint32_t i = 0; i < quota->version_count; i++) {
        char from[TIMESTAMP_TEXT_MAX];
        fprintf(story->out, "; %s %s: ", say(story, SAY_FROM),
                explain_story_time(story, quota->versions[i].from_us, from));
        write_rates(story, quota->versions[i].rate_e9);
    }
    putc('\n', story->out);
}

static void write_owner(const struct explain_story *story, size_t figure)
{
    const char *crew = explain_story_cell(story, figure, "owner_crew");

    if (crew != NULL) {
        write_label(story, SAY_OWNED);
        fprintf(story->out, "%s, %s %s\n", crew,
                known(explain_story_cell(story, figure, "owner_day")),
                known(explain_story_cell(story, figure, "owner_shift")));
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
        write_label(story, SAY_QUALITY);
        fprintf(story->out, "%s, %s %s\n", say_quality(story, quality), say(story, SAY_ESTIMATED),
                known(estimated));
    }
    write_owner(story, figure);
    if (steel != NULL) {
        write_label(story, SAY_STEEL);
        fprintf(story->out, "%s kg\n", steel);
    }
    if (per_tonne != NULL) {
        write_label(story, SAY_PER_TONNE);
        fprintf(story->out, "%s %s\n", per_tonne, unit);
    }
    if (state != NULL) {
        write_label(story, SAY_ALLOWED);
        fprintf(story->out, "%s / %s %s: %s\n", known(explain_story_cell(story, figure, "target")),
                known(explain_story_cell(story, figure, "limit")), unit, state);
    }
    write_rule(story, figure);
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

    fprintf(story->out, "      %s %s: %s ", say(story, phrase),
            explain_story_time(story, ts_us, time), mark_words[mark->basis][story->language]);
    if (two) {
        write_sample(story, meter, mark->before);
        fputs(" … ", story->out);
        write_sample(story, meter, mark->after);
    } else if (only != NULL) {
        write_sample(story, meter, only);
    }
    putc('\n', story->out);
}

/* Readings between the marks that were not taken as they came. */
static void write_special(const struct explain_story *story, const struct posting_story *posting)
{
    size_t count = 0, shown = 0;
    const struct point *samples = explain_journal_samples(
        story->journal, posting->meter, posting->start_us, posting->end_us, &count);

    for (size_t i = 0; i < count && shown < SPECIAL_SHOWN; i++) {
        const char *const *words =
            samples[i].kind < SAMPLE_KIND_COUNT ? sample_words[samples[i].kind] : NULL;
        if (words != NULL && words[0] != NULL) {
            fputs("      ", story->out);
            write_sample(story, posting->meter, &samples[i]);
            fprintf(story->out, ": %s\n", words[story->language]);
            shown++;
        }
    }
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
        if (posting->moved_base != posting->amount_base) {
            fprintf(story->out, "      %s %s %s\n", say(story, SAY_MOVED),
                    quantity_to_text(posting->moved_base, item->decimals, text), item->unit);
        }
    } else if (posting->moved) {
        return;
    } else if (posting->piece == NULL) {
        fprintf(story->out, "      %s\n", say(story, SAY_NO_READING));
    } else {
        fprintf(story->out, "      %s ", say(story, SAY_READING));
        write_value(story, posting->meter, posting->piece->raw);
        fprintf(story->out, " (%s)%s%s, %s %llu\n",
                explain_story_time(story, posting->piece->ts_us, time),
                posting->piece->id == NULL ? "" : ", id ",
                posting->piece->id == NULL ? "" : posting->piece->id, say(story, SAY_RECORD),
                (unsigned long long)posting->piece->position);
    }
}

static void write_booked(const struct explain_story *story, const struct posting_story *posting)
{
    const struct explanation *explanation = story->explanation;
    const char *cause = explanation_text(explanation, posting->row, EXPLAIN_CAUSE);
    const char *signed_at = explanation_text(explanation, posting->row, EXPLAIN_SIGNED_AT);
    char time[TIMESTAMP_TEXT_MAX];

    if (posting->open) {
        fprintf(story->out, "      %s\n", say(story, SAY_OPEN));
        return;
    }
    fprintf(story->out, "      %s %s, %s, %s %s-%s, %s %s", say(story, SAY_BOOKED),
            explain_story_time(story, posting->booked.arrival_us, time),
            cause_words(cause, story->language), say(story, SAY_RECORD),
            explanation_text(explanation, posting->row, EXPLAIN_POSITION),
            explanation_text(explanation, posting->row, EXPLAIN_ORDINAL),
            say(story, SAY_CONFIGURATION),
            explanation_text(explanation, posting->row, EXPLAIN_CONFIGURATION));
    if (signed_at != NULL) {
        fprintf(story->out, "; %s %s", say(story, SAY_PRIOR), signed_at);
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
    fprintf(story->out, "  %zu. %s %s  %s %s, %s, %s%s%s%s %s %s %s; %s; %s\n", number,
            explanation_text(explanation, row, EXPLAIN_AMOUNT),
            explanation_text(explanation, row, EXPLAIN_UNIT),
            explanation_text(explanation, row, EXPLAIN_METER_ID), known(name),
            explanation_text(explanation, row, EXPLAIN_STATION), *heat == '\0' ? "" : heat,
            *heat == '\0' ? "" : ", ", say(story, SAY_ON_DUTY), "",
            explanation_text(explanation, row, EXPLAIN_DAY),
            explanation_text(explanation, row, EXPLAIN_SHIFT),
            known(explanation_text(explanation, row, EXPLAIN_CREW)),
            say_method(story, explanation_text(explanation, row, EXPLAIN_METHOD)),
            say_quality(story, explanation_text(explanation, row, EXPLAIN_QUALITY)));
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
    write_label(story, SAY_POSTINGS);
    fprintf(story->out, "%zu, %s %s %s\n", count, say(story, SAY_ADD_UP),
            quantity_to_text(explain_story_sum(story, figure), item->decimals, sum), item->unit);
    for (size_t row = explain_story_standing(story, figure, 0);
         row != SIZE_MAX && shown < POSTINGS_SHOWN;
         row = explain_story_standing(story, figure, row + 1)) {
        if (!write_posting(story, ++shown, row)) {
            return false;
        }
    }
    if (count > shown) {
        fprintf(story->out, "  … %zu %s\n", count - shown, say(story, SAY_MORE));
    }
    return true;
}

static bool write_corrections(const struct explain_story *story, size_t figure)
{
    const struct item *item = explain_story_item(story, figure);
    struct correction_story correction;
    uint64_t position = 0;

    while (correction_story_next(story, figure, position, &correction)) {
        char time[TIMESTAMP_TEXT_MAX], old[QUANTITY_TEXT_MAX], new[QUANTITY_TEXT_MAX];
        write_label(story, SAY_CORRECTED);
        fprintf(story->out, "%s  %s: %s → %s %s, %s %llu",
                explain_story_time(story, correction.record.arrival_us, time),
                correction.cause == NULL ? "-" : cause_words(correction.cause, story->language),
                quantity_to_text(correction.old_base, item->decimals, old),
                quantity_to_text(correction.new_base, item->decimals, new), item->unit,
                say(story, SAY_RECORD), (unsigned long long)correction.position);
        if (correction.record.by[0] != '\0') {
            fprintf(story->out, ", %s %s%s%s", say(story, SAY_BY), correction.record.by,
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
    fprintf(story->out, "%s %s: %s (%s), %s %s / %s %s\n\n", say(story, SAY_ALERT), ALERT("id"),
            ALERT("state"), ALERT("level"), ALERT("raised_at"), ALERT("used"), ALERT("allowed"),
            ALERT("unit"));
#undef ALERT
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
    return true;
}
