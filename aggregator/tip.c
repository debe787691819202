/* The short way of a reading, and how a tip and its book are kept in step. */
#include "aggregator_state.h"

#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

#include <string.h>

/* C of a curve that may grow without being looked at: far from the end of 63 bits, since what a
 * meter can show (aggregator_most_raw) is added at most. */
#define TIP_BASE_MAX (INT64_C(1) << 61)

#define TIP_ROOM_MAX 1000000 /* then a reading goes the ordinary way for once */

static bool is_plain(const struct reading *reading)
{
    return !reading->retained && reading->quality == READING_GOOD && !reading->ts_assumed &&
           reading->void_id == NULL && reading->from_us == INT64_MIN;
}

/* The points that wait go to the curve, which has memory for them. */
static void hand_over(struct tip *tip)
{
    memcpy(tip->next, tip->points, tip->waiting * sizeof *tip->points);
    tip->next += tip->waiting;
    tip->waiting = 0;
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
    if (tip->next == NULL || tip->room == 0 || !is_plain(reading) ||
        (reading->seq != -1 && tip->next_seq == NULL) || ts_us <= tip->ts_us ||
        ts_us >= tip->until_us || ts_us - tip->ts_us > tip->gap_us || raw < tip->raw ||
        raw > tip->most_raw) {
        return false;
    }
    int64_t moved_raw = raw - tip->raw;
    if (tip->max_rate_raw_hour > 0 &&
        (quantity_wide)moved_raw * TIMESTAMP_HOUR_US >
            (quantity_wide)tip->max_rate_raw_hour * (ts_us - tip->ts_us)) {
        return false;
    }
    tip->ts_us = ts_us;
    tip->raw = raw;
    tip->c_base += moved_raw * tip->scale_num;
    tip->alive_us = arrival_us;
    if (tip->next_seq != NULL) {
        *tip->next_seq++ = ~reading->seq;
    }
    tip->points[tip->waiting++] =
        (struct point){.ts_us = ts_us & POINT_TS_MAX_US, .raw = raw, .c_base = tip->c_base};
    tip->room--;
    if (tip->waiting == TIP_POINTS) {
        hand_over(tip);
    }
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
        curve->count == curve->capacity || timeline->thawed ||
        submeters_concern(aggregator->attribution.submeters, id)) {
        return false;
    }
    const struct point *newest = &curve->samples[curve->count - 1];
    return !point_is_held(newest) && newest->c_base < TIP_BASE_MAX &&
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
    quantity_wide headroom_base = (quantity_wide)book->wake_base - newest->c_base;
    quantity_wide awake_raw =
        newest->raw + quantity_floor_divide(headroom_base - 1, book->meter->scale_num);
    return awake_raw < most ? (int64_t)awake_raw : most;
}

void tip_sharpen(struct aggregator *aggregator, meter_id id)
{
    const struct meter_book *book = &aggregator->meters[id.index];
    struct tip *tip = &aggregator->tips[id.index];
    REQUIRE(tip->next == NULL);
    if (!is_sharp(aggregator, id, book)) {
        return;
    }
    const struct meter *meter = book->meter;
    const struct curve *curve = &book->timeline.curve;
    const struct point *newest = &curve->samples[curve->count - 1];
    int64_t *seqs = curve->columns.of[COLUMN_SEQ];
    size_t room = curve->capacity - curve->count;
    *tip = (struct tip){
        .next = curve->samples + curve->count,
        .ts_us = newest->ts_us,
        .raw = newest->raw,
        .c_base = newest->c_base,
        .until_us = book->timeline.next_us,
        .gap_us = meter->max_gap_us > 0 ? meter->max_gap_us : INT64_MAX,
        .max_rate_raw_hour = meter->max_rate_raw_hour,
        .most_raw = most_raw(book, newest),
        .scale_num = meter->scale_num,
        .next_seq = seqs != NULL ? seqs + curve->count : NULL,
        .room = (uint32_t)(room < TIP_ROOM_MAX ? room : TIP_ROOM_MAX),
    };
}

void tip_settle(struct tip *tip, struct meter_book *book)
{
    struct curve *curve = &book->timeline.curve;
    if (tip->next == NULL || tip->ts_us == curve->samples[curve->count - 1].ts_us) {
        return;
    }
    hand_over(tip);
    size_t count = (size_t)(tip->next - curve->samples);
    book->outcomes[OUTCOME_ACCEPTED] += count - curve->count;
    book->last_alive_us = tip->alive_us;
    book->live_us = tip->ts_us;
    book->live_raw = tip->raw;
    curve->count = count;
}

void tip_blunt(struct tip *tip)
{
    tip->next = NULL;
}
