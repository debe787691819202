#include "heat_stays.h"

#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>

void stay_list_clear(struct stay_list *list)
{
    free(list->items);
    *list = (struct stay_list){0};
}

void heat_stays_clear(struct heat_stays *stays)
{
    stay_list_clear(&stays->told);
    stay_list_clear(&stays->cut);
}

static void stay_list_add(struct stay_list *list, const struct heat_stay *stay)
{
    memory_grow(&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = *stay;
}

static bool moves_steel(const struct heat_note *note)
{
    return note->kind == HEAT_RETURN || note->kind == HEAT_SPLIT || note->kind == HEAT_MERGE;
}

/* What a stay used before steel moved and what it used afterwards are different postings. */
static void add_cut(struct heat_stays *stays, struct heat_stay stay,
                    const struct heat_note_list *notes)
{
    int64_t end_us = stay.end_us;
    for (size_t i = 0; i < notes->count; i++) {
        int64_t ts_us = notes->items[i]->ts_us;
        if (moves_steel(notes->items[i]) && ts_us > stay.start_us && ts_us < end_us) {
            stay.end_us = ts_us;
            stay_list_add(&stays->cut, &stay);
            stay.start_us = ts_us;
        }
    }
    stay.end_us = end_us;
    stay_list_add(&stays->cut, &stay);
}

struct stays_told {
    struct heat_stays *stays;
    const struct heat_note_list *notes;
    int64_t max_us, newest_us;
};

/* One more stay, as it was told; `closed` by an end, not by a new start or not at all. */
static void add_stay(const struct stays_told *told, struct heat_stay stay, bool closed)
{
    struct heat_stays *stays = told->stays;
    int64_t limit_us = told->max_us > 0 ? stay.start_us + told->max_us : TIMESTAMP_NEVER_US;
    bool by_itself = !closed && limit_us < stay.end_us;
    bool open = by_itself && limit_us > told->newest_us;
    struct heat_stay shown = stay;
    if (by_itself) {
        stay.end_us = limit_us;
        shown.end_us = open ? TIMESTAMP_NEVER_US : limit_us;
    }
    if (open && limit_us < stays->deadline_us) {
        stays->deadline_us = limit_us;
    }
    if (by_itself && !open && limit_us >= stays->timed_out_us) {
        stays->timed_out_us = limit_us;
        stays->timed_start_us = stay.start_us;
        stays->timed_station = stay.station.index;
    }
    stay_list_add(&stays->told, &shown);
    add_cut(stays, stay, told->notes);
}

/* Whether a start at the same instant and station follows: then an end that finds nobody there is
 * the end of that (empty) stay. */
static bool start_follows(const struct heat_note_list *notes, size_t end_index)
{
    const struct heat_note *end = notes->items[end_index];
    for (size_t i = end_index + 1; i < notes->count && notes->items[i]->ts_us == end->ts_us; i++) {
        if (notes->items[i]->kind == HEAT_START && notes->items[i]->station == end->station) {
            return true;
        }
    }
    return false;
}

static void derive_station(const struct stays_told *told, heat_no heat, uint16_t station)
{
    const struct heat_note_list *notes = told->notes;
    struct heat_stay stay = {.heat = heat, .station = {station}, .start_us = TIMESTAMP_NEVER_US};
    int64_t empty_us = TIMESTAMP_NEVER_US; /* a start at this instant was ended at once */
    for (size_t i = 0; i < notes->count; i++) {
        const struct heat_note *note = notes->items[i];
        if (note->station != station || (note->kind != HEAT_START && note->kind != HEAT_END)) {
            continue;
        }
        bool open = stay.start_us != TIMESTAMP_NEVER_US;
        if (note->kind == HEAT_END && !open && start_follows(notes, i)) {
            empty_us = note->ts_us;
        }
        if (open && note->ts_us > stay.start_us) { /* an end, or a start of the next visit */
            stay.visit++;
            stay.end_us = note->ts_us;
            add_stay(told, stay, note->kind == HEAT_END);
            stay.start_us = TIMESTAMP_NEVER_US;
        }
        if (note->kind == HEAT_START && note->ts_us != empty_us) {
            stay.start_us = note->ts_us;
        }
    }
    if (stay.start_us != TIMESTAMP_NEVER_US) {
        stay.visit++;
        stay.end_us = TIMESTAMP_NEVER_US;
        add_stay(told, stay, false);
    }
}

/* The lowest station above another one (-1: of all) at which anything starts or ends; -1: none. */
static int32_t next_station(const struct heat_note_list *notes, int32_t above)
{
    int32_t found = -1;
    for (size_t i = 0; i < notes->count; i++) {
        const struct heat_note *note = notes->items[i];
        bool stays = note->kind == HEAT_START || note->kind == HEAT_END;
        if (stays && note->station > above && (found < 0 || note->station < found)) {
            found = note->station;
        }
    }
    return found;
}

void heat_stays_derive(struct heat_stays *stays, heat_no heat, const struct heat_note_list *notes,
                       int64_t max_us, int64_t newest_us)
{
    *stays = (struct heat_stays){.deadline_us = TIMESTAMP_NEVER_US, .timed_out_us = INT64_MIN};
    const struct stays_told told = {stays, notes, max_us, newest_us};
    for (int32_t at = next_station(notes, -1); at >= 0; at = next_station(notes, at)) {
        derive_station(&told, heat, (uint16_t)at);
    }
}

/* Index of the first stay at a station or a later one. */
static size_t first_at(const struct stay_list *list, uint16_t station)
{
    size_t at = 0;
    while (at < list->count && list->items[at].station.index < station) {
        at++;
    }
    return at;
}

int64_t stay_list_differs_us(const struct stay_list *a, const struct stay_list *b, uint16_t station)
{
    size_t i = first_at(a, station);
    size_t j = first_at(b, station);
    for (;; i++, j++) {
        bool more_a = i < a->count && a->items[i].station.index == station;
        bool more_b = j < b->count && b->items[j].station.index == station;
        if (!more_a && !more_b) {
            return TIMESTAMP_NEVER_US;
        }
        if (!more_a || !more_b) {
            return more_a ? a->items[i].start_us : b->items[j].start_us;
        }
        const struct heat_stay *left = &a->items[i];
        const struct heat_stay *right = &b->items[j];
        if (left->start_us != right->start_us) {
            return left->start_us < right->start_us ? left->start_us : right->start_us;
        }
        if (left->visit != right->visit) { /* a cut and a second visit may look alike */
            return left->start_us;
        }
        if (left->end_us != right->end_us) {
            return left->end_us < right->end_us ? left->end_us : right->end_us;
        }
    }
}
