#include "sample_reason.h"

#include "derive.h"
#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

#define SECOND_DECIMALS 6 /* spans are kept in microseconds */

enum reason {
    REASON_FIRST,
    REASON_STILL,
    REASON_ROSE,
    REASON_FELL,
    REASON_ROUND,
    REASON_RESET_TO_ZERO,
    REASON_RESET_UNKNOWN,
    REASON_ACCEPTED_RESET_TO_ZERO,
    REASON_ACCEPTED_RESET_UNKNOWN,
    REASON_MARK,
    REASON_GLITCH,
    REASON_SHORT_FALL,
    REASON_OPEN_FALL,
    REASON_SPIKE,
    REASON_CONFIRMED,
    REASON_ACCEPTED_JUMP,
    REASON_REJECTED,
    REASON_ECHO,
    REASON_ANEW,
    REASON_STEP,
    REASON_HOLD,
    REASON_TRAPEZOID,
    REASON_LEVEL_FELL,
    REASON_LEVEL_ROSE,
    REASON_LEVEL_NOISE,
    REASON_COUNT
};

/* What stands in braces is filled in below. */
static const char *const texts[REASON_COUNT] = {
    [REASON_FIRST] = "the earliest reading, {to}: later ones count from it",
    [REASON_STILL] = "still {to} after {span}",
    [REASON_ROSE] = "rose {moved} in {span}",
    [REASON_FELL] = "fell {moved} in {span}: use that went the other way",
    [REASON_ROUND] = "went round at {width}: {from} -> {to} is {moved}",
    [REASON_RESET_TO_ZERO] =
        "was reset: fell from {from}, and what it shows after it, {to}, is use",
    [REASON_RESET_UNKNOWN] =
        "was reset to {to}, from {from}: what went through before it was read again is lost",
    [REASON_ACCEPTED_RESET_TO_ZERO] =
        "fell from {from}, accepted by a person as a reset: what it shows after it, {to}, is use",
    [REASON_ACCEPTED_RESET_UNKNOWN] = "fell from {from} to {to}, accepted by a person as a reset: "
                                      "what went through before it was "
                                      "read again is lost",
    [REASON_MARK] = "exchanged or reset by a message: counts from {to}, no use by itself",
    [REASON_GLITCH] =
        "fell from {from} to {to}: held until it is back, a reset message, or a person",
    [REASON_SHORT_FALL] =
        "fell from {from} to {to}, but did not stay low for {wanted} readings: held",
    [REASON_OPEN_FALL] = "fell from {from} to {to}: a reset once {wanted} readings in a row stay "
                         "low, {run} so far; held until then",
    [REASON_SPIKE] =
        "moved {moved} in {span}, at most {limit} is possible: held unless the "
        "{confirm} readings directly behind it go on from {to}, or a person accepts it",
    [REASON_CONFIRMED] = "moved {moved} in {span}, more than {limit}; taken, for the {confirm} "
                         "readings behind it go on from {to}",
    [REASON_ACCEPTED_JUMP] = "moved {moved} in {span}, more than {limit}; accepted by a person",
    [REASON_REJECTED] = "{to}, rejected by a person: does not count",
    [REASON_ECHO] = "{to}, at the instant of an exchange or reset: what its message says counts",
    [REASON_ANEW] = "{to}, after {span} without a reading that counts, more than 400 days: later "
                    "ones count from it",
    [REASON_STEP] = "{from} an hour held for {span}",
    [REASON_HOLD] = "{from} an hour held for {hold}, at most as long as declared, of {span}",
    [REASON_TRAPEZOID] = "went straight from {from} to {to} an hour in {span}",
    [REASON_LEVEL_FELL] = "fell {moved} below {reference} in {span}: use",
    [REASON_LEVEL_ROSE] = "filled up from {reference} to {to}: no use",
    [REASON_LEVEL_NOISE] = "{to}, within one scale division of {reference}: no use",
};

static enum reason level_reason(const struct curve *curve, const struct point *before,
                                const struct point *sample)
{
    const struct meter *meter = curve->meter;
    int64_t risen_raw = sample->raw - curve_reference_raw(curve, before);
    if (risen_raw <= -meter->division_raw) {
        return REASON_LEVEL_FELL;
    }
    return risen_raw >= meter->division_raw ? REASON_LEVEL_ROSE : REASON_LEVEL_NOISE;
}

static enum reason rate_reason(const struct meter *meter, const struct point *before,
                               const struct point *sample)
{
    if (meter->integration == METER_TRAPEZOID) {
        return REASON_TRAPEZOID;
    }
    bool cut = meter->max_hold_us > 0 && sample->ts_us - before->ts_us > meter->max_hold_us;
    return cut ? REASON_HOLD : REASON_STEP;
}

static enum reason reason_of(const struct curve *curve, const struct point *before,
                             const struct point *sample)
{
    static const enum reason reasons[SAMPLE_KIND_COUNT] = {
        [SAMPLE_ROLLOVER] = REASON_ROUND,      [SAMPLE_MARK] = REASON_MARK,
        [SAMPLE_GLITCH] = REASON_GLITCH,       [SAMPLE_SPIKE] = REASON_SPIKE,
        [SAMPLE_CONFIRMED] = REASON_CONFIRMED, [SAMPLE_FALL] = REASON_OPEN_FALL,
        [SAMPLE_REJECTED] = REASON_REJECTED,   [SAMPLE_ECHO] = REASON_ECHO,
        [SAMPLE_RESET] = REASON_RESET_TO_ZERO, [SAMPLE_ANEW] = REASON_ANEW,
    };
    const struct meter *meter = curve->meter;
    if (sample->kind == SAMPLE_MARK || sample->kind == SAMPLE_REJECTED ||
        sample->kind == SAMPLE_ECHO || sample->kind == SAMPLE_ANEW) {
        return reasons[sample->kind];
    }
    if (before == NULL) {
        return REASON_FIRST;
    }
    if (meter->kind != METER_REGISTER) {
        return meter->kind == METER_LEVEL ? level_reason(curve, before, sample)
                                          : rate_reason(meter, before, sample);
    }
    if (sample->kind == SAMPLE_NORMAL) {
        int64_t moved_raw = sample->raw - before->raw;
        return moved_raw == 0 ? REASON_STILL : moved_raw > 0 ? REASON_ROSE : REASON_FELL;
    }
    if (sample->kind == SAMPLE_RESET) {
        bool lost = meter->reset != METER_RESET_TO_ZERO;
        if (sample->decided) {
            return lost ? REASON_ACCEPTED_RESET_UNKNOWN : REASON_ACCEPTED_RESET_TO_ZERO;
        }
        return lost ? REASON_RESET_UNKNOWN : REASON_RESET_TO_ZERO;
    }
    if (sample->kind == SAMPLE_CONFIRMED && sample->decided) {
        return REASON_ACCEPTED_JUMP;
    }
    if (sample->kind == SAMPLE_GLITCH && meter->reset != METER_RESET_NEVER) {
        return REASON_SHORT_FALL;
    }
    return reasons[sample->kind];
}

/* ---- Filling in ---- */

/* What the braces stand for, as numbers. */
struct words {
    const char *name;
    int64_t value;
    enum { WORD_RAW, WORD_SPAN, WORD_COUNT } form;
};
#define WORDS_MAX 12

static size_t words_of(const struct curve *curve, size_t index, const struct point *before,
                       struct words words[WORDS_MAX])
{
    const struct meter *meter = curve->meter;
    const struct point *sample = &curve->samples[index];
    const struct point *from = before != NULL ? before : sample;
    int64_t span_us = sample->ts_us - from->ts_us;
    int64_t moved_raw = derive_moved_raw(curve, from, sample);
    int64_t limit_raw = INT64_MAX;
    bool open = false;
    uint32_t run = sample->kind == SAMPLE_FALL ? derive_low_run(curve, index, from, &open) : 0;
    if (!quantity_multiply_divide(meter->max_rate_raw_hour, span_us, TIMESTAMP_HOUR_US,
                                  &limit_raw)) {
        limit_raw = INT64_MAX;
    }
    const struct words filled[] = {
        {"from", from->raw, WORD_RAW},
        {"to", sample->raw, WORD_RAW},
        {"moved", moved_raw < 0 ? -moved_raw : moved_raw, WORD_RAW},
        {"reference", curve_reference_raw(curve, from), WORD_RAW},
        {"width", meter->width_raw, WORD_RAW},
        {"limit", limit_raw, WORD_RAW},
        {"span", span_us, WORD_SPAN},
        {"hold", meter->max_hold_us, WORD_SPAN},
        {"wanted", meter->reset_after, WORD_COUNT},
        {"run", run, WORD_COUNT},
        {"confirm", CURVE_SPIKE_CONFIRM, WORD_COUNT},
    };
    _Static_assert(sizeof filled / sizeof filled[0] <= WORDS_MAX, "a word more than there is room");
    memcpy(words, filled, sizeof filled);
    return sizeof filled / sizeof filled[0];
}

static void write_word(const struct words *word, unsigned decimals, char text[QUANTITY_TEXT_MAX])
{
    char number[QUANTITY_TEXT_MAX];
    if (word->form == WORD_SPAN) {
        snprintf(text, QUANTITY_TEXT_MAX, "%s s",
                 quantity_to_text(word->value, SECOND_DECIMALS, number));
    } else {
        quantity_to_text(word->value, word->form == WORD_RAW ? decimals : 0, text);
    }
}

void sample_explain(const struct curve *curve, size_t index, char *text, size_t size)
{
    REQUIRE(index < curve->count && size > 0);
    const struct point *before = curve_part_before(curve, index);
    struct words words[WORDS_MAX];
    size_t count = words_of(curve, index, before, words);
    const char *read = texts[reason_of(curve, before, &curve->samples[index])];
    size_t length = 0;
    while (*read != '\0' && length + 1 < size) {
        if (*read != '{') {
            text[length++] = *read++;
            continue;
        }
        size_t name = strcspn(++read, "}");
        char word[QUANTITY_TEXT_MAX] = "";
        for (size_t i = 0; i < count; i++) {
            if (strlen(words[i].name) == name && strncmp(words[i].name, read, name) == 0) {
                write_word(&words[i], curve->meter->decimals, word);
            }
        }
        size_t room = size - length - 1, wanted = strlen(word);
        size_t taken = wanted < room ? wanted : room;
        memcpy(text + length, word, taken);
        length += taken;
        read += name + 1;
    }
    text[length] = '\0';
}
