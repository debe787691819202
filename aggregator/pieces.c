#include "pieces_state.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "reach.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct pieces *pieces_create(meter_id id, const struct meter *meter)
{
    struct pieces *pieces = memory_zeroed(1, sizeof *pieces);
    pieces->id = id;
    pieces->meter = meter;
    return pieces;
}

void pieces_follow(struct pieces *pieces, const struct meter *meter)
{
    pieces->meter = meter;
}

void pieces_destroy(struct pieces *pieces)
{
    if (pieces == NULL) {
        return;
    }
    struct piece *piece = NULL;
    struct piece *next = NULL;
    HASH_ITER(hh, pieces->by_key, piece, next)
    {
        HASH_DEL(pieces->by_key, piece);
        booked_clear(&piece->booked);
        free(piece->key);
        free(piece);
    }
    scales_clear(&pieces->scales);
    free(pieces->items);
    free(pieces);
}

/* An id is the key. Without one: an increment is known by (ts, heat), an event by (ts, value,
 * heat). The blank cannot stand in front of an id's key, so the two never meet. */
#define KEY_MAX 256
static void key_of(const struct pieces *pieces, const struct reading *reading, char key[KEY_MAX])
{
    const char *heat = reading->heat != NULL ? reading->heat : "";
    if (reading->id != NULL) {
        snprintf(key, KEY_MAX, "#%s", reading->id);
    } else if (pieces->meter->kind == METER_EVENT) {
        snprintf(key, KEY_MAX, " %" PRId64 " %" PRId64 " %s", reading->ts_us, reading->value_raw,
                 heat);
    } else {
        snprintf(key, KEY_MAX, " %" PRId64 " %s", reading->ts_us, heat);
    }
}

static struct piece *find_or_make(struct pieces *pieces, const char *key)
{
    struct piece *piece = NULL;
    HASH_FIND_STR(pieces->by_key, key, piece);
    if (piece == NULL) {
        piece = memory_zeroed(1, sizeof *piece);
        piece->key = memory_text(key);
        HASH_ADD_KEYPTR(hh, pieces->by_key, piece->key, strlen(piece->key), piece);
    }
    return piece;
}

static int piece_compare(const struct piece *a, const struct piece *b)
{
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    return strcmp(a->key, b->key);
}

/* Index of the first piece whose ts is after an instant. */
static size_t first_after(const struct pieces *pieces, int64_t ts_us)
{
    size_t low = 0;
    size_t high = pieces->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pieces->items[middle]->ts_us <= ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t place(struct pieces *pieces, struct piece *piece)
{
    memory_grow(&pieces->items, pieces->count, &pieces->capacity, sizeof *pieces->items);
    size_t at = first_after(pieces, piece->ts_us);
    while (at > 0 && piece_compare(pieces->items[at - 1], piece) > 0) {
        at--;
    }
    memmove(&pieces->items[at + 1], &pieces->items[at],
            (pieces->count - at) * sizeof *pieces->items);
    pieces->items[at] = piece;
    pieces->count++;
    return at;
}

/* Where the use of a piece begins; its ts where it is indivisible. */
static int64_t begin_us(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = pieces->items[at];
    if (pieces->meter->kind == METER_EVENT) {
        return piece->ts_us;
    }
    if (piece->from_us != INT64_MIN) {
        return piece->from_us;
    }
    while (at > 0 && pieces->items[at - 1]->ts_us == piece->ts_us) {
        at--;
    }
    bool reaches = at > 0 && piece->ts_us - pieces->items[at - 1]->ts_us <= REACH_US;
    return reaches ? pieces->items[at - 1]->ts_us : piece->ts_us;
}

/* By the factor in force at its ts. */
static int64_t amount_base(const struct pieces *pieces, const struct piece *piece)
{
    struct scale scale = scales_at(&pieces->scales, pieces->meter, piece->ts_us);
    int64_t base = 0;
    REQUIRE(quantity_multiply_divide(piece->raw, scale.num, scale.den, &base));
    return base;
}

/* The heat that a piece is booked to; value 0: whoever is there. What a check meter measures is no
 * heat's use, even where it names one. */
static heat_no booked_heat(const struct pieces *pieces, const struct attribution *attribution,
                           const struct piece *piece)
{
    return pieces->meter->role == METER_BOOK ? heats_resolve(attribution->heats, piece->heat)
                                             : (heat_no){0};
}

/* The use of a piece, cut and divided. */
static void piece_divide(const struct pieces *pieces, size_t at,
                         const struct attribution *attribution, struct segment_list *wanted)
{
    const struct piece *piece = pieces->items[at];
    int64_t amount = amount_base(pieces, piece);
    int64_t from_us = begin_us(pieces, at);
    int64_t length_us = piece->ts_us - from_us;
    bool gap = pieces->meter->max_gap_us > 0 && length_us > pieces->meter->max_gap_us;
    enum quality flagged = piece->uncertain ? QUALITY_UNCERTAIN : QUALITY_MEASURED;
    struct segment whole = {
        .meter = pieces->id, .start_us = from_us, .quality = gap ? QUALITY_ESTIMATED : flagged};
    heat_no heat = booked_heat(pieces, attribution, piece);
    int64_t done_base = 0;
    for (;;) {
        int64_t next_us =
            attribution_next_us(attribution, pieces->meter, heat.value != 0, whole.start_us);
        bool last = next_us >= piece->ts_us;
        whole.end_us = last ? piece->ts_us : next_us;
        int64_t through_base = amount;
        if (!last) {
            REQUIRE(
                quantity_multiply_divide(amount, whole.end_us - from_us, length_us, &through_base));
        }
        if (!(last && whole.start_us == from_us) && whole.quality < QUALITY_INTERPOLATED) {
            whole.quality = QUALITY_INTERPOLATED; /* it is cut somewhere */
        }
        whole.amount_base = through_base - done_base;
        attribution_divide(attribution, &whole, pieces->meter, heat, wanted);
        if (last) {
            return;
        }
        done_base = through_base;
        whole.start_us = whole.end_us;
    }
}

static void rebook(struct pieces *pieces, size_t at, const struct attribution *attribution,
                   enum posting_cause cause, struct posting_sink *sink)
{
    struct piece *piece = pieces->items[at];
    struct segment_list wanted = {0};
    if (!piece->voided) {
        piece_divide(pieces, at, attribution, &wanted);
        segment_list_drop_empty(&wanted);
    }
    int64_t stretch_us = piece->ts_us - begin_us(pieces, at);
    pieces->longest_us = stretch_us > pieces->longest_us ? stretch_us : pieces->longest_us;
    for (size_t i = 0; i < piece->booked.count; i++) {
        pieces->total_base -= piece->booked.items[i].segment.amount_base;
    }
    for (size_t i = 0; i < wanted.count; i++) {
        pieces->total_base = quantity_add(pieces->total_base, wanted.items[i].amount_base);
    }
    booked_replace(&piece->booked, &wanted, cause, sink);
    segment_list_clear(&wanted);
}

/* Index of a known piece. */
static size_t index_of(const struct pieces *pieces, const struct piece *piece)
{
    size_t at = first_after(pieces, piece->ts_us);
    while (at > 0 && pieces->items[at - 1] != piece) {
        at--;
    }
    REQUIRE(at > 0);
    return at - 1;
}

static enum outcome piece_void(struct pieces *pieces, const struct attribution *attribution,
                               const char *void_id, struct posting_sink *sink)
{
    char key[KEY_MAX];
    snprintf(key, sizeof key, "#%s", void_id);
    struct piece *piece = find_or_make(pieces, key);
    if (piece->voided) {
        return OUTCOME_DUPLICATE;
    }
    piece->voided = true;
    if (piece->known) {
        rebook(pieces, index_of(pieces, piece), attribution, POSTING_VOID, sink);
    }
    return OUTCOME_ACCEPTED;
}

static bool same_content(const struct piece *piece, const struct reading *reading, heat_no heat)
{
    return piece->ts_us == reading->ts_us && piece->from_us == reading->from_us &&
           piece->raw == reading->value_raw && piece->heat.value == heat.value;
}

/* The rule for two increments with the same time and no id: best quality, highest seq, smallest. */
static bool is_better(const struct reading *reading, const struct piece *piece)
{
    bool uncertain = reading->quality == READING_UNCERTAIN || reading->ts_assumed;
    if (uncertain != piece->uncertain) {
        return piece->uncertain;
    }
    if (reading->seq != piece->seq) {
        return reading->seq > piece->seq;
    }
    if (reading->value_raw != piece->raw) {
        return reading->value_raw < piece->raw;
    }
    return reading->from_us > piece->from_us; /* a tie must not depend on who came first */
}

static void piece_fill(struct piece *piece, const struct reading *reading, heat_no heat)
{
    piece->ts_us = reading->ts_us;
    piece->from_us = reading->from_us;
    piece->raw = reading->value_raw;
    piece->seq = reading->seq;
    piece->heat = heat;
    piece->uncertain = reading->quality == READING_UNCERTAIN || reading->ts_assumed;
    piece->known = true;
}

static enum outcome piece_again(struct pieces *pieces, struct piece *piece,
                                const struct attribution *attribution,
                                const struct reading *reading, heat_no heat,
                                struct posting_sink *sink)
{
    if (same_content(piece, reading, heat)) {
        if (reading->id == NULL && is_better(reading, piece)) {
            /* The best of all that came stands, whatever their order. */
            piece_fill(piece, reading, heat);
            rebook(pieces, index_of(pieces, piece), attribution, POSTING_CONFLICT, sink);
        }
        return OUTCOME_DUPLICATE;
    }
    /* An id keeps its first content. A key of (ts, heat) follows the rule for readings. */
    if (reading->id == NULL && is_better(reading, piece)) {
        piece_fill(piece, reading, heat);
        rebook(pieces, index_of(pieces, piece), attribution, POSTING_CONFLICT, sink);
    }
    return OUTCOME_CONFLICT;
}

/* Enters a reading that has a value. */
static enum outcome piece_insert(struct pieces *pieces, const struct attribution *attribution,
                                 const struct reading *reading, heat_no heat,
                                 struct posting_sink *sink)
{
    if (pieces->count > 0 && reading->ts_us < pieces->items[pieces->count - 1]->ts_us - REACH_US) {
        return OUTCOME_TOO_LATE;
    }
    char key[KEY_MAX];
    key_of(pieces, reading, key);
    struct piece *piece = find_or_make(pieces, key);
    if (piece->known) {
        return piece_again(pieces, piece, attribution, reading, heat, sink);
    }
    piece_fill(piece, reading, heat);
    size_t at = place(pieces, piece);
    bool late = at + 1 < pieces->count;
    rebook(pieces, at, attribution, late ? POSTING_LATE_READING : POSTING_CLOSED, sink);
    /* Those at the next time that reach back to the reading before them reach back to this one now.
     */
    size_t behind = first_after(pieces, piece->ts_us);
    for (size_t next = behind; pieces->meter->kind == METER_INCREMENT && next < pieces->count &&
                               pieces->items[next]->ts_us == pieces->items[behind]->ts_us;
         next++) {
        if (pieces->items[next]->from_us == INT64_MIN) {
            rebook(pieces, next, attribution, POSTING_LATE_READING, sink);
        }
    }
    return late ? OUTCOME_LATE : OUTCOME_ACCEPTED;
}

enum outcome pieces_insert(struct pieces *pieces, const struct attribution *attribution,
                           const struct reading *reading, heat_no heat, struct posting_sink *sink)
{
    enum outcome voided = OUTCOME_ACCEPTED;
    if (reading->void_id != NULL) {
        voided = piece_void(pieces, attribution, reading->void_id, sink);
    }
    return reading->void_id != NULL && reading->value_raw == INT64_MIN
               ? voided
               : piece_insert(pieces, attribution, reading, heat, sink);
}

void pieces_recut(struct pieces *pieces, const struct attribution *attribution, int64_t from_us,
                  int64_t to_us, enum posting_cause cause, struct posting_sink *sink)
{
    for (size_t at = first_after(pieces, from_us - 1); at < pieces->count; at++) {
        if (to_us != TIMESTAMP_NEVER_US && pieces->items[at]->ts_us - pieces->longest_us >= to_us) {
            break;
        }
        rebook(pieces, at, attribution, cause, sink);
    }
}

void pieces_rename(struct pieces *pieces, const struct attribution *attribution,
                   const heat_no *renamed, size_t count, enum posting_cause cause,
                   struct posting_sink *sink)
{
    for (size_t at = 0; at < pieces->count; at++) {
        size_t i = 0;
        while (i < count && renamed[i].value != pieces->items[at]->heat.value) {
            i++;
        }
        if (i < count) {
            rebook(pieces, at, attribution, cause, sink);
        }
    }
}

const struct scales *pieces_scales(const struct pieces *pieces)
{
    return &pieces->scales;
}

enum outcome pieces_rescale(struct pieces *pieces, const struct attribution *attribution,
                            int64_t from_us, int64_t num, int64_t den, struct posting_sink *sink)
{
    bool changed = false;
    enum outcome outcome = scales_add(&pieces->scales, pieces->meter, from_us, num, den, &changed);
    int64_t until_us = scales_next_us(&pieces->scales, from_us);
    size_t at = first_after(pieces, from_us - 1);
    if (changed && outcome == OUTCOME_ACCEPTED && at < pieces->count) {
        outcome = OUTCOME_LATE;
    }
    for (; changed && at < pieces->count && pieces->items[at]->ts_us < until_us; at++) {
        rebook(pieces, at, attribution, POSTING_MULTIPLIER, sink);
    }
    return outcome;
}

int64_t pieces_largest_raw(const struct pieces *pieces)
{
    int64_t largest = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        largest = pieces->items[i]->raw > largest ? pieces->items[i]->raw : largest;
    }
    return largest;
}

int64_t pieces_total_base(const struct pieces *pieces)
{
    return pieces->total_base;
}

bool pieces_newest(const struct pieces *pieces, int64_t *ts_us, int64_t *raw)
{
    if (pieces->count == 0) {
        return false;
    }
    *ts_us = pieces->items[pieces->count - 1]->ts_us;
    *raw = pieces->items[pieces->count - 1]->raw;
    return true;
}
