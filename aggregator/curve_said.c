/* What is said about a curve beside its samples: decisions and factors. And what there is to
 * decide. */
#include "curve.h"
#include "derive.h"
#include "memory.h"

struct scale curve_scale_at(const struct curve *curve, int64_t ts_us)
{
    if (curve->said == NULL) {
        return (struct scale){curve->meter->scale_num, curve->meter->scale_den};
    }
    return scales_at(&curve->said->scales, curve->meter, ts_us);
}

const struct point *curve_sample_at(const struct curve *curve, int64_t ts_us, int64_t raw)
{
    const struct point *first = NULL;
    for (size_t i = curve_first_after(curve, ts_us - 1);
         i < curve->count && curve->samples[i].ts_us == ts_us; i++) {
        const struct point *sample = &curve->samples[i];
        if (sample->kind != SAMPLE_MARK && (first == NULL || sample->raw == raw)) {
            first = first == NULL || first->raw != raw ? sample : first;
        }
    }
    return first;
}

/* From `at` on everything is worked out again: C may be another between samples, too. */
static int64_t derive_all_from(struct curve *curve, size_t at)
{
    if (at >= curve->count) {
        return INT64_MAX; /* behind all that came so far */
    }
    const struct point *before = curve_part_before(curve, at);
    int64_t changed_us = before != NULL ? before->ts_us : INT64_MIN;
    derive_samples(curve, at, curve->count);
    return changed_us;
}

static enum outcome say_scale(struct curve *curve, const struct sample *said, int64_t *changed_us)
{
    bool changed = false;
    if (curve->trimmed && said->ts_us < curve->samples[0].ts_us) {
        return OUTCOME_TOO_LATE;
    }
    enum outcome outcome = scales_add(&curve->said->scales, curve->meter, said->ts_us, said->raw,
                                      said->reference_raw, &changed);
    if (!changed) {
        return outcome;
    }
    size_t at = curve_first_after(curve, said->ts_us - 1);
    if (curve->trimmed && at == 0) {
        curve_set_rest(curve, curve->samples,
                       0); /* the factor begins with what everything counts from */
        at = 1;
    }
    *changed_us = derive_all_from(curve, at);
    return outcome == OUTCOME_ACCEPTED && *changed_us != INT64_MAX ? OUTCOME_LATE : outcome;
}

static enum outcome say_decision(struct curve *curve, const struct sample *said,
                                 int64_t *changed_us)
{
    struct decision decision = {.at_us = said->ts_us,
                                .raw = said->raw,
                                .said_us = said->seq,
                                .accepted = said->kind == SAMPLE_ACCEPT};
    const struct point *about = curve_sample_at(curve, said->ts_us, said->raw);
    if (curve->trimmed && said->ts_us <= curve->samples[0].ts_us) {
        return OUTCOME_TOO_LATE;
    }
    enum outcome outcome = decisions_add(&curve->said->decisions, &decision);
    if (outcome != OUTCOME_ACCEPTED || about == NULL) {
        return outcome == OUTCOME_ACCEPTED ? OUTCOME_NO_EFFECT : outcome;
    }
    size_t at = (size_t)(about - curve->samples);
    unsigned kind = about->kind;
    size_t first = derive_samples(curve, derive_start(curve, at, false), at);
    const struct point *before = curve_part_before(curve, first);
    if (first < curve->count) {
        *changed_us = before != NULL ? before->ts_us : INT64_MIN;
    }
    return first < curve->count || curve->samples[at].kind != kind ? OUTCOME_ACCEPTED
                                                                   : OUTCOME_NO_EFFECT;
}

enum outcome curve_say(struct curve *curve, const struct sample *said, int64_t *changed_us)
{
    if (curve->said == NULL) {
        curve->said = memory_zeroed(1, sizeof *curve->said);
    }
    return said->kind == SAMPLE_SCALE ? say_scale(curve, said, changed_us)
                                      : say_decision(curve, said, changed_us);
}

size_t curve_held(const struct curve *curve, struct held_reading *list, size_t capacity)
{
    const struct point *newest = curve_newest(curve);
    size_t count = 0;
    for (size_t i = 1; newest != NULL && i < curve->count; i++) {
        const struct point *sample = &curve->samples[i];
        bool settled = sample < newest && !sample->final; /* it was gone on without */
        if (settled || !point_is_held(sample) || sample->kind == SAMPLE_REJECTED ||
            sample->kind == SAMPLE_ECHO) {
            continue;
        }
        const struct point *last = curve_part_before(curve, i);
        if (last->ts_us == sample->ts_us && last > curve->samples) {
            last = curve_part_before(curve, (size_t)(last - curve->samples));
        }
        if (count < capacity) {
            list[count] = (struct held_reading){
                .ts_us = sample->ts_us,
                .raw = sample->raw,
                .index = i,
                .kind = (enum sample_kind)sample->kind,
                .last_us = last->ts_us,
                .last_raw = last->raw,
                .amount_base = derive_accepted_base(curve, last, sample),
            };
        }
        count++;
    }
    return count;
}
