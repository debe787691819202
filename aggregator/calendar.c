#include "calendar_state.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* A shift of a production day as the roster has it, [start, end). */
struct rostered {
    int32_t day;
    shift_id shift;
    crew_id crew;
    int64_t start_us, end_us;
};

struct calendar *calendar_create(const struct roster *roster, const struct catalog *catalog)
{
    struct calendar *calendar = memory_zeroed(1, sizeof *calendar);
    calendar->roster = roster;
    calendar->catalog = catalog;
    return calendar;
}

void calendar_destroy(struct calendar *calendar)
{
    if (calendar != NULL) {
        for (size_t i = 0; i < calendar->correction_count; i++) {
            free(calendar->corrections[i].by);
        }
        free(calendar->corrections);
        free(calendar->takeovers);
        free(calendar);
    }
}

/* Index of the first correction of that shift or a later one. */
static size_t corrections_from(const struct calendar *calendar, int32_t day, shift_id shift)
{
    size_t low = 0;
    size_t high = calendar->correction_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct correction *at = &calendar->corrections[middle];
        if (at->day < day || (at->day == day && at->shift.index < shift.index)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The correction of that shift; NULL: it stands as the configuration says. */
static struct correction *correction_of(const struct calendar *calendar, int32_t day,
                                        shift_id shift)
{
    size_t at = corrections_from(calendar, day, shift);
    bool found = at < calendar->correction_count && calendar->corrections[at].day == day &&
                 calendar->corrections[at].shift.index == shift.index;
    return found ? &calendar->corrections[at] : NULL;
}

static struct rostered rostered_shift(const struct calendar *calendar, int32_t day, shift_id shift)
{
    uint16_t last = (uint16_t)(calendar->catalog->shift_count - 1);
    int32_t next_day = shift.index == last ? day + 1 : day;
    shift_id next = {shift.index == last ? 0 : (uint16_t)(shift.index + 1)};
    const struct correction *correction = correction_of(calendar, day, shift);
    return (struct rostered){
        .day = day,
        .shift = shift,
        .crew = correction != NULL ? correction->crew
                                   : roster_crew(calendar->roster, calendar->catalog, day, shift),
        .start_us = roster_shift_start_us(calendar->roster, calendar->catalog, day, shift),
        .end_us = roster_shift_start_us(calendar->roster, calendar->catalog, next_day, next),
    };
}

static struct rostered rostered_at(const struct calendar *calendar, int64_t ts_us)
{
    int32_t day = 0;
    shift_id shift = {0};
    roster_shift_at(calendar->roster, calendar->catalog, ts_us, &day, &shift);
    return rostered_shift(calendar, day, shift);
}

/* Index of the first takeover at or after an instant. */
static size_t takeovers_from(const struct calendar *calendar, int64_t ts_us)
{
    size_t low = 0;
    size_t high = calendar->takeover_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->takeovers[middle].ts_us < ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int64_t middle_us(const struct rostered *shift)
{
    return shift->start_us + (shift->end_us - shift->start_us) / 2;
}

/* When the rostered crew really took over: its earliest takeover between the middle of the shift
 * before and the middle of its own; otherwise as rostered. */
static int64_t effective_start_us(const struct calendar *calendar, const struct rostered *before,
                                  const struct rostered *shift)
{
    if (before->crew.index == shift->crew.index) {
        return shift->start_us; /* the same crew goes on: there is no change to move */
    }
    for (size_t i = takeovers_from(calendar, middle_us(before) + 1);
         i < calendar->takeover_count && calendar->takeovers[i].ts_us < middle_us(shift); i++) {
        if (calendar->takeovers[i].crew.index == shift->crew.index) {
            return calendar->takeovers[i].ts_us;
        }
    }
    return shift->start_us;
}

/* The effective shift around a rostered one. */
static struct duty effective_shift(const struct calendar *calendar, const struct rostered *shift)
{
    struct rostered before = rostered_at(calendar, shift->start_us - 1);
    struct rostered after = rostered_at(calendar, shift->end_us);
    return (struct duty){
        .start_us = effective_start_us(calendar, &before, shift),
        .end_us = effective_start_us(calendar, shift, &after),
        .slot = {shift->day, shift->shift, shift->crew},
    };
}

struct duty calendar_shift(struct calendar *calendar, int32_t day, shift_id shift)
{
    struct rostered rostered = rostered_shift(calendar, day, shift);
    return effective_shift(calendar, &rostered);
}

struct duty calendar_shift_at(struct calendar *calendar, int64_t ts_us)
{
    struct rostered rostered = rostered_at(calendar, ts_us);
    struct duty shift = effective_shift(calendar, &rostered);
    if (ts_us < shift.start_us) {
        rostered = rostered_at(calendar, rostered.start_us - 1);
        shift = effective_shift(calendar, &rostered);
    } else if (ts_us >= shift.end_us) {
        rostered = rostered_at(calendar, rostered.end_us);
        shift = effective_shift(calendar, &rostered);
    }
    REQUIRE(shift.start_us <= ts_us && ts_us < shift.end_us);
    return shift;
}

struct duty calendar_duty_at(struct calendar *calendar, int64_t ts_us)
{
    if (calendar->last.start_us <= ts_us && ts_us < calendar->last.end_us) {
        return calendar->last;
    }
    struct duty duty = calendar_shift_at(calendar, ts_us);
    int64_t shift_start_us = duty.start_us;
    for (size_t i = takeovers_from(calendar, shift_start_us); i < calendar->takeover_count; i++) {
        const struct takeover *takeover = &calendar->takeovers[i];
        if (takeover->ts_us >= duty.end_us) {
            break;
        }
        if (takeover->crew.index == duty.slot.crew.index) {
            continue;
        }
        if (takeover->ts_us > ts_us) {
            duty.end_us = takeover->ts_us;
            break;
        }
        duty.start_us = takeover->ts_us;
        duty.slot.crew = takeover->crew;
    }
    calendar->last = duty;
    return duty;
}

/* Who was on duty, piece by piece, around a takeover or a corrected shift: enough to see what it
 * changes. */
#define PIECES_MAX 64
struct pieces {
    size_t count;
    struct duty piece[PIECES_MAX];
};

static void pieces_collect(struct calendar *calendar, int64_t from_us, int64_t to_us,
                           struct pieces *pieces)
{
    pieces->count = 0;
    for (int64_t at_us = from_us; at_us < to_us && pieces->count < PIECES_MAX;) {
        struct duty duty = calendar_duty_at(calendar, at_us);
        pieces->piece[pieces->count++] = duty;
        at_us = duty.end_us;
    }
}

/* The crew-shift on duty at an instant, from collected pieces. */
static const struct duty *pieces_at(const struct pieces *pieces, int64_t ts_us)
{
    for (size_t i = 0; i < pieces->count; i++) {
        if (ts_us < pieces->piece[i].end_us) {
            return &pieces->piece[i];
        }
    }
    return NULL;
}

/* First and last instant at which the two differ; false where nowhere. */
static bool pieces_differ(const struct pieces *a, const struct pieces *b, int64_t from_us,
                          int64_t to_us, int64_t *first_us, int64_t *last_us)
{
    bool differ = false;
    for (int64_t at_us = from_us; at_us < to_us;) {
        const struct duty *in_a = pieces_at(a, at_us);
        const struct duty *in_b = pieces_at(b, at_us);
        if (in_a == NULL || in_b == NULL) {
            *first_us = differ ? *first_us : at_us;
            *last_us = to_us;
            return true;
        }
        int64_t next_us = in_a->end_us < in_b->end_us ? in_a->end_us : in_b->end_us;
        if (!crew_slot_equal(in_a->slot, in_b->slot)) {
            *first_us = differ ? *first_us : at_us;
            *last_us = next_us;
            differ = true;
        }
        at_us = next_us;
    }
    return differ;
}

/* The duties around a shift: what happens within it, or to its crew, reaches from the start of the
 * shift before to the end of the one behind. */
struct surroundings {
    int64_t start_us, end_us;
    struct pieces pieces;
};

static void surroundings_collect(struct calendar *calendar, const struct rostered *shift,
                                 struct surroundings *around)
{
    around->start_us = rostered_at(calendar, shift->start_us - 1).start_us;
    around->end_us = rostered_at(calendar, shift->end_us).end_us;
    pieces_collect(calendar, around->start_us, around->end_us, &around->pieces);
}

/* Compares with what is on duty now. */
static enum outcome surroundings_changed(struct calendar *calendar,
                                         const struct surroundings *before, int64_t *from_us,
                                         int64_t *to_us)
{
    struct pieces after;
    calendar->last = (struct duty){0};
    pieces_collect(calendar, before->start_us, before->end_us, &after);
    return pieces_differ(&before->pieces, &after, before->start_us, before->end_us, from_us, to_us)
               ? OUTCOME_ACCEPTED
               : OUTCOME_NO_EFFECT;
}

enum outcome calendar_takeover(struct calendar *calendar, int64_t ts_us, crew_id crew,
                               int64_t *from_us, int64_t *to_us)
{
    size_t place = takeovers_from(calendar, ts_us);
    for (; place < calendar->takeover_count && calendar->takeovers[place].ts_us == ts_us; place++) {
        if (calendar->takeovers[place].crew.index == crew.index) {
            return OUTCOME_DUPLICATE;
        }
        if (calendar->takeovers[place].crew.index > crew.index) {
            break;
        }
    }
    struct rostered shift = rostered_at(calendar, ts_us);
    struct surroundings before;
    surroundings_collect(calendar, &shift, &before);
    memory_grow(&calendar->takeovers, calendar->takeover_count, &calendar->takeover_capacity,
                sizeof *calendar->takeovers);
    memmove(&calendar->takeovers[place + 1], &calendar->takeovers[place],
            (calendar->takeover_count - place) * sizeof *calendar->takeovers);
    calendar->takeovers[place] = (struct takeover){ts_us, crew};
    calendar->takeover_count++;
    return surroundings_changed(calendar, &before, from_us, to_us);
}

/* < 0: `a` gives way to `b`. */
static int correction_compare(const struct correction *a, const struct roster_correction *b)
{
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    int by = strcmp(a->by, b->by);
    return by != 0 ? by : (int)a->crew.index - (int)b->crew.index;
}

/* The place for a correction of that shift, made where there is none. */
static struct correction *correction_place(struct calendar *calendar, int32_t day, shift_id shift)
{
    struct correction *place = correction_of(calendar, day, shift);
    if (place != NULL) {
        return place;
    }
    size_t at = corrections_from(calendar, day, shift);
    memory_grow(&calendar->corrections, calendar->correction_count, &calendar->correction_capacity,
                sizeof *calendar->corrections);
    place = &calendar->corrections[at];
    memmove(place + 1, place, (calendar->correction_count - at) * sizeof *place);
    *place = (struct correction){.day = day, .shift = shift};
    calendar->correction_count++;
    return place;
}

enum outcome calendar_correct(struct calendar *calendar, const struct roster_correction *correction,
                              int64_t *from_us, int64_t *to_us)
{
    REQUIRE(correction->shift.index < calendar->catalog->shift_count);
    const struct correction *known = correction_of(calendar, correction->day, correction->shift);
    int order = known == NULL ? -1 : correction_compare(known, correction);
    if (order >= 0) {
        return order == 0 ? OUTCOME_DUPLICATE : OUTCOME_NO_EFFECT;
    }
    struct rostered shift = rostered_shift(calendar, correction->day, correction->shift);
    struct surroundings before;
    surroundings_collect(calendar, &shift, &before);
    struct correction *place = correction_place(calendar, correction->day, correction->shift);
    free(place->by);
    place->by = memory_text(correction->by);
    place->crew = correction->crew;
    place->ts_us = correction->ts_us;
    return surroundings_changed(calendar, &before, from_us, to_us);
}

/* Order of shifts; below 0: `a` comes first, above 0: `b`. NULL comes last. */
static int override_order(const struct roster_override *a, const struct roster_override *b)
{
    if (a == NULL || b == NULL) {
        return a == b ? 0 : a == NULL ? 1 : -1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return (int)a->shift.index - (int)b->shift.index;
}

static const struct roster_override *override_at(const struct roster *roster, uint32_t index)
{
    return index < roster->override_count ? &roster->overrides[index] : NULL;
}

bool calendar_follow(struct calendar *calendar, const struct roster *former, int64_t *from_us,
                     int64_t *to_us)
{
    uint32_t at_was = 0;
    uint32_t at_now = 0;
    bool any = false;
    calendar->last = (struct duty){0};
    for (;;) {
        const struct roster_override *was = override_at(former, at_was);
        const struct roster_override *now = override_at(calendar->roster, at_now);
        if (was == NULL && now == NULL) {
            return any;
        }
        int order = override_order(was, now);
        at_was += order <= 0 ? 1 : 0;
        at_now += order >= 0 ? 1 : 0;
        if (order == 0 && was->crew.index == now->crew.index) {
            continue;
        }
        const struct roster_override *changed = order <= 0 ? was : now;
        struct rostered shift = rostered_shift(calendar, changed->day, changed->shift);
        int64_t start_us = rostered_at(calendar, shift.start_us - 1).start_us;
        *from_us = any ? *from_us : start_us; /* ascending */
        *to_us = rostered_at(calendar, shift.end_us).end_us;
        any = true;
    }
}
