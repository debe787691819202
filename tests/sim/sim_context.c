/* Who was on duty and which heats were where, from the sorted facts. */
#include "sim_oracle.h"

#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000000)
#define STAY_MAX_US (24 * HOUR) /* of a plant that says nothing else */

static int compare_facts(const void *a, const void *b)
{
    const struct sim_fact *left = *(const struct sim_fact *const *)a;
    const struct sim_fact *right = *(const struct sim_fact *const *)b;
    if (left->ts_us != right->ts_us) {
        return left->ts_us < right->ts_us ? -1 : 1;
    }
    return left->serial < right->serial ? -1 : 1;
}

static const struct sim_fact **sorted(const struct sim_facts *facts, enum sim_fact_kind kind,
                                      size_t *count)
{
    const struct sim_fact **list = malloc((facts->count + 1) * sizeof *list);
    *count = 0;
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->rows[i].kind == kind) {
            list[(*count)++] = &facts->rows[i];
        }
    }
    qsort(list, *count, sizeof *list, compare_facts);
    return list;
}

/* A takeover by the crew of a rostered change, within half a shift of it, moves the change; any
 * other replaces the crew until the shift ends. */
static void take_over(struct sim_context *context, const int64_t *rostered_us,
                      const struct sim_fact *fact)
{
    size_t at = 0;
    while (at + 1 < context->slot_count && rostered_us[at + 1] <= fact->ts_us) {
        at++;
    }
    if (at == 0 || at + 2 >= context->slot_count) {
        return;
    }
    struct sim_slot *slots = context->slots;
    int64_t from_us = fact->ts_us - rostered_us[at];
    int64_t to_us = rostered_us[at + 1] - fact->ts_us;
    if (slots[at + 1].crew == fact->crew && to_us <= from_us) {
        slots[at + 1].start_us = fact->ts_us;
    } else if (slots[at].crew == fact->crew && from_us < to_us) {
        slots[at].start_us = fact->ts_us;
    }
}

/* The stand-ins, after the changes stand where they belong. */
static void stand_in(struct sim_context *context, const struct sim_fact *fact)
{
    size_t at = 0;
    while (at + 1 < context->slot_count && context->slots[at + 1].start_us <= fact->ts_us) {
        at++;
    }
    struct sim_slot *slots = context->slots;
    if (slots[at].crew == fact->crew || context->slot_count == SIM_SLOTS_MAX ||
        (at + 1 < context->slot_count && slots[at + 1].crew == fact->crew)) {
        return;
    }
    if (slots[at].start_us == fact->ts_us) {
        slots[at].crew = fact->crew;
        return;
    }
    memmove(&slots[at + 2], &slots[at + 1], (context->slot_count - at - 1) * sizeof *slots);
    slots[at + 1] = slots[at];
    slots[at + 1].start_us = fact->ts_us;
    slots[at + 1].crew = fact->crew;
    context->slot_count++;
}

/* The crew that a shift was meant to have: the latest correction of the roster, or the roster. */
static int meant_crew(const struct sim_plant *plant, const struct sim_facts *facts, int32_t day,
                      int shift)
{
    const struct sim_fact *latest = NULL;
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if (fact->kind == SIM_FACT_ENTRY && fact->entry == SIM_ENTRY_ROSTER && fact->day == day &&
            fact->shift == shift && (latest == NULL || fact->said_us > latest->said_us)) {
            latest = fact;
        }
    }
    return latest != NULL ? latest->crew : sim_plant_rostered(plant, day, shift);
}

static void make_slots(const struct sim_plant *plant, const struct sim_facts *facts,
                       struct sim_context *context)
{
    int64_t rostered_us[SIM_SLOTS_MAX];
    int32_t first = (int32_t)(plant->start_us / (24 * HOUR)) - 3;
    int32_t last = (int32_t)(plant->end_us / (24 * HOUR)) + 3;
    for (int32_t day = first; day <= last; day++) {
        for (int shift = 0; shift < plant->shift_count; shift++) {
            struct sim_slot *slot = &context->slots[context->slot_count];
            slot->start_us = sim_plant_shift_start(plant, day, shift);
            slot->day = day;
            slot->shift = shift;
            slot->crew = meant_crew(plant, facts, day, shift);
            rostered_us[context->slot_count++] = slot->start_us;
        }
    }
    size_t count = 0;
    const struct sim_fact **takeovers = sorted(facts, SIM_FACT_CREW, &count);
    for (size_t i = 0; i < count; i++) {
        take_over(context, rostered_us, takeovers[i]);
    }
    for (size_t i = 0; i < count; i++) {
        stand_in(context, takeovers[i]);
    }
    free(takeovers);
}

/* Whether a visit that began earlier ends there and then. */
static bool other_ends(const struct sim_context *context, const struct sim_stay *stay)
{
    for (size_t i = 0; i < context->stay_count; i++) {
        const struct sim_stay *other = &context->stays[i];
        if (other->station == stay->station && other->start_us < stay->start_us &&
            other->end_us == stay->start_us && strcmp(other->heat, stay->heat) == 0) {
            return true;
        }
    }
    return false;
}

/* Each start opens a stay; the next end of the same heat there closes it, or the next start. An end
 * at the instant of the start is that of the visit before, where there is one. */
static void make_stays(const struct sim_facts *facts, struct sim_context *context)
{
    size_t count = 0;
    const struct sim_fact **events = sorted(facts, SIM_FACT_HEAT, &count);
    for (size_t i = 0; i < count; i++) {
        if (events[i]->event != SIM_HEAT_START || context->stay_count == SIM_STAYS_MAX) {
            continue;
        }
        struct sim_stay *stay = &context->stays[context->stay_count];
        memcpy(stay->heat, events[i]->heat, sizeof stay->heat);
        stay->station = events[i]->station;
        stay->start_us = events[i]->ts_us;
        stay->end_us = INT64_MAX;
        bool touches = other_ends(context, stay);
        for (size_t j = 0; j < count && stay->end_us == INT64_MAX; j++) {
            bool later = events[j]->ts_us > stay->start_us;
            bool at_once = events[j]->ts_us == stay->start_us && !touches;
            bool closes = (events[j]->event == SIM_HEAT_END && (later || at_once)) ||
                          (events[j]->event == SIM_HEAT_START && later);
            if (closes && events[j]->station == stay->station &&
                strcmp(events[j]->heat, stay->heat) == 0) {
                stay->end_us = events[j]->ts_us;
            }
        }
        if (stay->end_us > stay->start_us + STAY_MAX_US) {
            stay->end_us = stay->start_us + STAY_MAX_US;
        }
        context->stay_count++;
    }
    free(events);
}

/* Steel leaves: where its heat stands then, use before and after is told apart. */
static void make_cuts(const struct sim_facts *facts, struct sim_context *context)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if (fact->kind != SIM_FACT_HEAT || fact->event < SIM_HEAT_RETURN ||
            fact->event > SIM_HEAT_MERGE) {
            continue;
        }
        for (size_t j = 0; j < context->stay_count && context->cut_count < SIM_CUTS_MAX; j++) {
            const struct sim_stay *stay = &context->stays[j];
            if (strcmp(stay->heat, fact->heat) == 0 && stay->start_us < fact->ts_us &&
                fact->ts_us < stay->end_us) {
                context->cuts[context->cut_count].station = stay->station;
                context->cuts[context->cut_count++].ts_us = fact->ts_us;
            }
        }
    }
}

void sim_context_make(const struct sim_plant *plant, const struct sim_facts *facts,
                      struct sim_context *context)
{
    context->slot_count = 0;
    context->stay_count = 0;
    context->cut_count = 0;
    make_slots(plant, facts, context);
    make_stays(facts, context);
    make_cuts(facts, context);
}

const struct sim_slot *sim_context_slot(const struct sim_context *context, int64_t ts_us)
{
    const struct sim_slot *slot = &context->slots[0];
    for (size_t i = 1; i < context->slot_count; i++) {
        if (context->slots[i].start_us <= ts_us) {
            slot = &context->slots[i];
        }
    }
    return slot;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t sim_context_present(const struct sim_context *context, int station, int64_t ts_us,
                           const char *heats[SIM_PRESENT_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < context->stay_count && count < SIM_PRESENT_MAX; i++) {
        const struct sim_stay *stay = &context->stays[i];
        bool there = stay->station == station && stay->start_us <= ts_us && ts_us < stay->end_us;
        for (size_t j = 0; there && j < count; j++) {
            there = strcmp(heats[j], stay->heat) != 0;
        }
        if (there) {
            heats[count++] = stay->heat;
        }
    }
    qsort(heats, count, sizeof *heats, compare_ids);
    return count;
}
