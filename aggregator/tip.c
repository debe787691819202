/* The short way of a reading, and how a tip and its book are kept in step. */
#include "aggregator_state.h"

#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

#include <string.h>

/* C of a curve that may grow without being looked at: far from the end of 63 bits, since what a
 * meter can show (aggregator_most_raw) is added at most. */
#define TIP_BASE_MAX (INT64_C(1) << 61)

static bool is_plain(const struct reading *reading)
{
    return !reading->retained && reading->quality == READING_GOOD && !reading->ts_assumed &&
           reading->void_id == NULL && reading->from_us == INT64_MIN;
}

/* Why this is what the ordinary way does: nothing is said about the curve and no sample is held at
 * its end (tip_sharpen), so a reading behind the newest is derived from that one alone, and one
 * that rises within max_rate is a SAMPLE_NORMAL, with an outcome ACCEPTED, and changes nothing
 * before it. Within max_gap and before until_us no cell ends; up to most_raw nobody is to be told.
 */
bool tip_take(struct tip *tip, const struct reading *reading, int64_t arrival_us)
{
    int64_t ts_us = reading->ts_us;
    int64_t raw = reading->value_raw;
    if (tip->room == 0 || !is_plain(reading) || reading->seq != tip->next_seq ||
        ts_us <= tip->ts_us || ts_us >= tip->until_us || ts_us - tip->ts_us > tip->gap_us ||
        raw < tip->raw || raw > tip->most_raw || raw - tip->raw > UINT32_MAX) {
        return false;
    }
    if (tip->max_rate_raw_hour > 0 &&
        (quantity_wide)(raw - tip->raw) * TIMESTAMP_HOUR_US >
            (quantity_wide)tip->max_rate_raw_hour * (ts_us - tip->ts_us)) {
        return false;
    }
    tip->points[tip->waiting++] = (struct tip_point){.step_us = (uint32_t)(ts_us - tip->ts_us),
                                                     .step_raw = (uint32_t)(raw - tip->raw)};
    tip->room--;
    tip->ts_us = ts_us;
    tip->raw = raw;
    tip->alive_us = arrival_us;
    tip->next_seq += reading->seq != -1;
    return true;
}

/* Whether one more reading can be taken without looking at anything but the newest sample. */
static bool is_sharp(const struct aggregator *aggregator, meter_id id,
                     const struct meter_book *book)
{
    const struct meter *meter = book->meter;
    const struct timeline *timeline = &book->timeline;
    const struct curve *curve = &timeline->curve;
    if (meter->kind != METER_REGISTER || meter->scale_den != 1 || timeline->mark_count == 0 ||
        curve->said != NULL || curve->columns.of[COLUMN_REST] != NULL ||
        curve->slope != meter->scale_num || curve->count == curve->capacity || timeline->thawed ||
        submeters_concern(aggregator->attribution.submeters, id)) {
        return false;
    }
    const struct point *newest = &curve->samples[curve->count - 1];
    return !point_is_held(newest) && curve_c_base(curve, newest) < TIP_BASE_MAX &&
           newest->ts_us >= timeline->known_us && newest->ts_us >= book->first_us &&
           newest->ts_us >= book->live_us && newest->ts_us < timeline->next_us;
}

/* The last raw value that the meter can show and with which C stays below wake_base. */
static int64_t most_raw(const struct meter_book *book, const struct point *newest)
{
    int64_t most = aggregator_most_raw(book->meter);
    if (book->wake_base == INT64_MAX) {
        return most;
    }
    quantity_wide headroom_base =
        (quantity_wide)book->wake_base - curve_c_base(&book->timeline.curve, newest);
    quantity_wide awake_raw =
        newest->raw + quantity_floor_divide(headroom_base - 1, book->meter->scale_num);
    return awake_raw < most ? (int64_t)awake_raw : most;
}

void tip_sharpen(struct aggregator *aggregator, meter_id id)
{
    const struct meter_book *book = &aggregator->meters[id.index];
    struct tip *tip = &aggregator->tips[id.index];
    REQUIRE(tip->room == 0 && tip->waiting == 0);
    if (!is_sharp(aggregator, id, book)) {
        return;
    }
    const struct meter *meter = book->meter;
    const struct curve *curve = &book->timeline.curve;
    const struct point *newest = &curve->samples[curve->count - 1];
    int64_t seq = ~columns_get(&curve->columns, COLUMN_SEQ, curve->count - 1);
    size_t room = curve->capacity - curve->count;
    tip->ts_us = newest->ts_us;
    tip->raw = newest->raw;
    tip->until_us = book->timeline.next_us;
    tip->most_raw = most_raw(book, newest);
    tip->max_rate_raw_hour = meter->max_rate_raw_hour;
    tip->next_seq = seq < 0 || seq == INT64_MAX ? -1 : seq + 1;
    bool has_gap = meter->max_gap_us > 0 && meter->max_gap_us < UINT32_MAX;
    tip->gap_us = has_gap ? (uint32_t)meter->max_gap_us : UINT32_MAX;
    tip->room = (uint16_t)(room < TIP_POINTS ? room : TIP_POINTS);
}

/* The points that wait go to the curve, which has memory for them. */
static void hand_over(const struct tip *tip, struct curve *curve)
{
    REQUIRE(curve->count + tip->waiting <= curve->capacity);
    bool has_seq = curve->columns.of[COLUMN_SEQ] != NULL;
    bool has_c = curve->columns.of[COLUMN_C] != NULL;
    int64_t c_base = columns_get(&curve->columns, COLUMN_C, curve->count - 1);
    struct point newest = curve->samples[curve->count - 1];
    struct point point = {.ts_us = newest.ts_us, .raw = newest.raw}; /* an ordinary one */
    for (size_t i = 0; i < tip->waiting; i++) {
        const struct tip_point *step = &tip->points[i];
        point.ts_us = (point.ts_us + step->step_us) & POINT_TS_MAX_US;
        point.raw += step->step_raw;
        curve->samples[curve->count + i] = point;
        if (has_c) { /* they go on as the newest one does */
            columns_set(&curve->columns, COLUMN_C, curve->count + i, c_base, curve->capacity);
        }
        if (has_seq) {
            int64_t seq = tip->next_seq != -1 ? tip->next_seq - tip->waiting + (int64_t)i : -1;
            columns_set(&curve->columns, COLUMN_SEQ, curve->count + i, ~seq, curve->capacity);
        }
    }
    curve->count += tip->waiting;
}

void tip_settle(struct tip *tip, struct meter_book *book)
{
    if (tip->waiting == 0) {
        return;
    }
    hand_over(tip, &book->timeline.curve);
    book->outcomes[OUTCOME_ACCEPTED] += tip->waiting;
    book->last_alive_us = tip->alive_us;
    book->live_us = tip->ts_us;
    book->live_raw = tip->raw;
    tip->waiting = 0;
}

void tip_blunt(struct tip *tip)
{
    tip->room = 0;
}
