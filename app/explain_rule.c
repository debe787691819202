#include "explain_rule.h"

#include "explain_words.h"
#include "quantity.h"
#include "quota.h"
#include "timestamp.h"

#include <stdio.h>

static void write_rates(const struct explain_story *story, const struct quota *quota,
                        const int64_t rate_e9[QUOTA_LEVELS])
{
    char target[QUANTITY_TEXT_MAX], limit[QUANTITY_TEXT_MAX], stretch[QUANTITY_TEXT_MAX];

    fprintf(story->out, "%s %s, %s %s", explain_say(story, SAY_TARGET),
            quantity_to_text(rate_e9[QUOTA_TARGET], 9, target), explain_say(story, SAY_LIMIT),
            quantity_to_text(rate_e9[QUOTA_LIMIT], 9, limit));
    if (quota->has_stretch) {
        fprintf(story->out, ", %s %s", explain_say(story, SAY_STRETCH),
                quantity_to_text(rate_e9[QUOTA_STRETCH], 9, stretch));
    }
}

static void write_fixed(const struct explain_story *story, const struct quota *quota,
                        const int64_t fixed_e9[QUOTA_LEVELS])
{
    if (quota->basis == QUOTA_LINEAR) {
        fprintf(story->out, ", %s: ", explain_say(story, SAY_FIXED));
        write_rates(story, &(const struct quota){.basis = QUOTA_LINEAR}, fixed_e9);
    }
}

/* The rates of grades, and the months whose rates are multiplied. */
static void write_special_rates(const struct explain_story *story, const struct quota *quota)
{
    char from[TIMESTAMP_TEXT_MAX], factor[QUANTITY_TEXT_MAX];

    for (uint32_t i = 0; i < quota->grade_count; i++) {
        const struct quota_grade *grade = &quota->grades[i];
        if (grade->from_us != INT64_MIN) {
            fprintf(story->out, "; %s %s", explain_say(story, SAY_FROM),
                    explain_story_time(story, grade->from_us, from));
        }
        bool own = grade->rate_e9[QUOTA_LIMIT] != QUOTA_NO_RATE;
        fprintf(story->out, "; %s %s: ", explain_say(story, SAY_GRADE), grade->grade);
        write_rates(story, quota, own ? grade->rate_e9 : quota_rates_e9(quota, grade->from_us));
    }
    for (uint32_t i = 0; i < quota->season_count; i++) {
        fprintf(story->out, "; %s", explain_say(story, SAY_SEASON));
        for (int month = 1; month <= 12; month++) {
            if ((quota->seasons[i].months >> (month - 1) & 1) != 0) {
                fprintf(story->out, " %d", month);
            }
        }
        fprintf(story->out, " x %s", quantity_to_text(quota->seasons[i].factor_e9, 9, factor));
    }
}

/* The rates of a quota that was revised, each from when on. */
void explain_write_rule(const struct explain_story *story, size_t figure)
{
    const struct quota *quota = explain_story_quota(story, figure);

    if (quota == NULL) {
        return;
    }
    explain_write_label(story, SAY_RULE);
    fprintf(story->out, "%s: ", explain_say_label(story, &quota->name, quota->id));
    write_rates(story, quota, quota->rate_e9);
    fprintf(story->out, " %s %s", explain_story_item(story, figure)->unit,
            explain_say_basis(story, quota->basis));
    write_fixed(story, quota, quota->fixed_e9);
    for (uint32_t i = 0; i < quota->version_count; i++) {
        char from[TIMESTAMP_TEXT_MAX];
        fprintf(story->out, "; %s %s: ", explain_say(story, SAY_FROM),
                explain_story_time(story, quota->versions[i].from_us, from));
        write_rates(story, quota, quota->versions[i].rate_e9);
        write_fixed(story, quota, quota->versions[i].fixed_e9);
    }
    write_special_rates(story, quota);
    putc('\n', story->out);
}
