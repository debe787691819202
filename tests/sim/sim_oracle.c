#include "sim_oracle.h"

#include "memory.h"
#include "quantity.h"
#include "sim_share.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define DAY (1440 * MINUTE)

enum { MEASURED, INTERPOLATED, UNSURE, CORRECTED, SUBSTITUTED, ESTIMATED };

struct booking {
    const struct sim_plant *plant;
    const struct sim_facts *facts;
    struct sim_context context;
    struct sim_ledger *ledger;
    struct sim_sharing sharing;
    int meter;
    bool open; /* what is booked now ends with the meter's last reading */
};

static int worse(int a, int b)
{
    return a > b ? a : b;
}

/* Use of a heat, or of none, that begins at an instant, on duty of who is there then. */
static void book(struct booking *booking, const char *heat, int64_t start_us, int64_t amount_base,
                 int best, int worst)
{
    struct sim_ledger *ledger = booking->ledger;
    const struct sim_slot *slot = sim_context_slot(&booking->context, start_us);
    if (amount_base == 0) {
        return;
    }
    memory_grow(&ledger->uses, ledger->use_count, &ledger->use_capacity, sizeof *ledger->uses);
    struct sim_use *use = &ledger->uses[ledger->use_count++];
    *use = (struct sim_use){.row = {.meter = booking->meter,
                                    .day = slot->day,
                                    .shift = slot->shift,
                                    .crew = slot->crew,
                                    .amount_base = amount_base,
                                    .quality_best = best,
                                    .quality_worst = worst},
                            .start_us = start_us,
                            .open = booking->open};
    strncpy(use->row.heat, heat, sizeof use->row.heat - 1);
}

static void share(struct booking *booking, int64_t ts_us, int64_t to_us, int64_t amount_base,
                  int best, int worst)
{
    struct sim_share shares[SIM_SHARES_MAX];
    if (booking->plant->meters[booking->meter].check) {
        book(booking, "", ts_us, amount_base, best, worst);
        return;
    }
    size_t count =
        sim_share_divide(&booking->sharing, booking->meter, ts_us, to_us, amount_base, shares);
    for (size_t i = 0; i < count; i++) {
        book(booking, shares[i].heat, ts_us, shares[i].amount_base, best, worst);
    }
}

/* Whether what happens at a station at an instant may change whose use a meter's is. */
static bool concerns(const struct booking *booking, int station, int64_t ts_us)
{
    return !booking->plant->meters[booking->meter].check &&
           (sim_share_serves(booking->plant, booking->meter, station, ts_us - 1) ||
            sim_share_serves(booking->plant, booking->meter, station, ts_us));
}

static bool same_slot(const struct booking *booking, int64_t ts_us)
{
    const struct sim_slot *before = sim_context_slot(&booking->context, ts_us - 1);
    const struct sim_slot *after = sim_context_slot(&booking->context, ts_us);
    return before->day == after->day && before->shift == after->shift &&
           before->crew == after->crew;
}

static int compare_instants(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

#define PRICE_MARKS_MAX 256
#define MARKS_MAX                                                                                  \
    (PRICE_MARKS_MAX + SIM_RULES_MAX + SIM_SLOTS_MAX + SIM_CUTS_MAX + 2 * SIM_STAYS_MAX +          \
     2 * SIM_POINTS_MAX + 2)

/* Adds the instants at which a use has another price: where a part of the day begins by the clock
 * on the wall, each time it does so, and where the clocks change. A check meter's use has none. */
static size_t add_prices(const struct booking *booking, int64_t marks_us[MARKS_MAX], size_t count)
{
    const struct sim_plant *plant = booking->plant;
    const struct sim_meter *meter = &plant->meters[booking->meter];
    size_t most = count + PRICE_MARKS_MAX;
    if (meter->check || plant->tariff_count == 0 || meter->item != plant->tariff_item) {
        return count;
    }
    for (int64_t day = plant->start_us / DAY - 2; day <= plant->end_us / DAY + 2; day++) {
        for (int step = 0; step < plant->zone->step_count; step++) {
            int32_t offset_s = plant->zone->steps[step].offset_s;
            for (int i = 0; i < plant->tariff_count && count < most; i++) {
                int64_t at_us = day * DAY + (plant->tariff_starts_s[i] - offset_s) * SECOND;
                if (sim_zone_offset_s(plant->zone, at_us) == offset_s) {
                    marks_us[count++] = at_us;
                }
            }
        }
    }
    for (int step = 1; step < plant->zone->step_count && count < most; step++) {
        marks_us[count++] = plant->zone->steps[step].at_us;
    }
    if (count == most) {
        abort();
    }
    return count;
}

/* The instants in [from, to], both included, between which nobody comes or goes. A heat that ends
 * a visit and begins the next at the same instant comes and goes, too. */
static size_t marks_between(const struct booking *booking, int64_t from_us, int64_t to_us,
                            bool with_heats, int64_t marks_us[MARKS_MAX])
{
    const struct sim_context *context = &booking->context;
    const struct sim_meter *meter = &booking->plant->meters[booking->meter];
    size_t count = 0;
    for (int i = 0; with_heats && i < meter->rule_count; i++) {
        marks_us[count++] = meter->rules[i].from_us;
    }
    for (size_t i = 0; i < context->slot_count; i++) {
        if (!same_slot(booking, context->slots[i].start_us)) {
            marks_us[count++] = context->slots[i].start_us;
        }
    }
    for (size_t i = 0; with_heats && i < context->stay_count; i++) {
        const struct sim_stay *stay = &context->stays[i];
        if (stay->start_us == stay->end_us) {
            continue;
        }
        if (concerns(booking, stay->station, stay->start_us)) {
            marks_us[count++] = stay->start_us;
        }
        if (concerns(booking, stay->station, stay->end_us)) {
            marks_us[count++] = stay->end_us;
        }
    }
    for (size_t i = 0; with_heats && i < context->cut_count; i++) {
        if (concerns(booking, context->cuts[i].station, context->cuts[i].ts_us)) {
            marks_us[count++] = context->cuts[i].ts_us;
        }
    }
    count = add_prices(booking, marks_us, count);
    qsort(marks_us, count, sizeof *marks_us, compare_instants);
    size_t kept = 0;
    int64_t last_us = from_us;
    for (size_t i = 0; i < count; i++) {
        int64_t at_us = marks_us[i];
        if (at_us > last_us && at_us < to_us) {
            marks_us[kept++] = at_us;
            last_us = at_us;
        }
    }
    memmove(marks_us + 1, marks_us, kept * sizeof *marks_us);
    marks_us[0] = from_us;
    marks_us[kept + 1] = to_us;
    return kept + 2;
}

static bool is_gap(const struct sim_curve *curve, size_t i)
{
    int64_t gap_us = curve->meter->max_gap_us;
    return i > 0 && gap_us != 0 && curve->points[i].ts_us - curve->points[i - 1].ts_us > gap_us;
}

/* What is estimated stands in a segment of its own: both ends of a gap are marks, too. */
static size_t add_gaps(const struct sim_curve *curve, int64_t marks_us[MARKS_MAX], size_t count)
{
    for (size_t i = 1; i < curve->count; i++) {
        if (is_gap(curve, i)) {
            marks_us[count++] = curve->points[i - 1].ts_us;
            marks_us[count++] = curve->points[i].ts_us;
        }
    }
    qsort(marks_us, count, sizeof *marks_us, compare_instants);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || marks_us[i] != marks_us[kept - 1]) {
            marks_us[kept++] = marks_us[i];
        }
    }
    return kept;
}

/* How good the curve is in [from, to]: the best and the worst that the texts allow to say. */
static void judge(const struct sim_curve *curve, int64_t from_us, int64_t to_us, int *best,
                  int *worst)
{
    bool from_seen = false, to_seen = false, loss = false;
    *best = MEASURED;
    *worst = MEASURED;
    for (size_t i = 0; i < curve->count; i++) {
        const struct sim_point *point = &curve->points[i];
        from_seen = from_seen || point->ts_us == from_us;
        to_seen = to_seen || point->ts_us == to_us;
        bool inside = point->ts_us >= from_us && point->ts_us <= to_us;
        if (inside && point->said) {
            *worst = worse(*worst, CORRECTED);
        }
        if (point->unsure && inside) {
            *worst = worse(*worst, UNSURE);
        }
        if (i == 0) {
            continue;
        }
        const struct sim_point *before = &curve->points[i - 1];
        if (before->ts_us >= to_us || point->ts_us <= from_us) {
            /* The end of a loss stands on the mark itself. */
            *worst = point->ts_us == from_us && point->loss ? ESTIMATED : *worst;
            continue;
        }
        bool gap = is_gap(curve, i);
        int64_t low_us = before->ts_us > from_us ? before->ts_us : from_us;
        int64_t high_us = point->ts_us < to_us ? point->ts_us : to_us;
        bool used = sim_curve_at(curve, high_us) != sim_curve_at(curve, low_us);
        /* What a rate held is told by the reading before alone. */
        bool held = curve->meter->kind == SIM_RATE && !curve->meter->trapezoid;
        if (before->said || point->said) {
            *worst = worse(*worst, CORRECTED);
        }
        if (before->unsure || point->unsure) {
            *worst = worse(*worst, UNSURE);
        }
        if (used && curve->meter->kind != SIM_LEVEL &&
            (before->unsure || (point->unsure && !held))) {
            *best = worse(*best, UNSURE);
        }
        loss = loss || point->loss;
        if (gap || point->loss) {
            *worst = ESTIMATED;
            *best = worse(*best, gap && used ? ESTIMATED : MEASURED);
        }
    }
    if (!from_seen || !to_seen) {
        *best = worse(*best, loss ? MEASURED : INTERPOLATED);
        *worst = worse(*worst, INTERPOLATED);
    }
}

static void book_curve(struct booking *booking)
{
    static struct sim_curve curve;
    int64_t marks_us[MARKS_MAX];
    sim_curve_make(booking->plant, booking->facts, booking->meter, &curve);
    booking->ledger->ambiguous += curve.ambiguous;
    if (curve.count == 0) {
        return;
    }
    for (size_t i = 1; i < curve.count; i++) {
        if (curve.points[i].ts_us / MINUTE == curve.points[i - 1].ts_us / MINUTE) {
            booking->ledger->dense[booking->meter] = true;
        }
    }
    size_t count = marks_between(booking, curve.points[0].ts_us,
                                 curve.points[curve.count - 1].ts_us, true, marks_us);
    count = add_gaps(&curve, marks_us, count);
    int64_t last_us = curve.points[curve.count - 1].ts_us, around_us[MARKS_MAX];
    bool closed = is_gap(&curve, curve.count - 1) ||
                  marks_between(booking, last_us - 1, last_us + 1, true, around_us) == 3;
    for (size_t i = 0; i + 1 < count; i++) {
        int best = 0, worst = 0;
        booking->open = i + 2 == count && !closed;
        judge(&curve, marks_us[i], marks_us[i + 1], &best, &worst);
        share(booking, marks_us[i], marks_us[i + 1],
              sim_curve_at(&curve, marks_us[i + 1]) - sim_curve_at(&curve, marks_us[i]), best,
              worst);
    }
    booking->open = false;
}

/* One increment or event: a curve of its own. */
static void book_piece(struct booking *booking, const struct sim_fact *fact, int64_t from_us)
{
    const struct sim_meter *meter = &booking->plant->meters[booking->meter];
    int64_t amount = (int64_t)quantity_floor_divide(
        (quantity_wide)fact->value_raw * meter->scale_num *
            sim_curve_percent(booking->facts, booking->meter, fact->ts_us),
        (quantity_wide)meter->scale_den * 100);
    bool named = fact->heat[0] != '\0' && !meter->check;
    int quality = fact->quality == SIM_GOOD ? MEASURED : UNSURE;
    if (meter->max_gap_us != 0 && fact->ts_us - from_us > meter->max_gap_us) {
        quality = ESTIMATED;
    }
    int64_t marks_us[MARKS_MAX] = {fact->ts_us, fact->ts_us};
    size_t count =
        from_us >= fact->ts_us ? 2 : marks_between(booking, from_us, fact->ts_us, !named, marks_us);
    int64_t length_us = fact->ts_us - from_us;
    for (size_t i = 0; i + 1 < count; i++) {
        int64_t part = amount;
        if (length_us > 0) {
            part = (int64_t)(quantity_floor_divide(
                                 (quantity_wide)amount * (marks_us[i + 1] - from_us), length_us) -
                             quantity_floor_divide((quantity_wide)amount * (marks_us[i] - from_us),
                                                   length_us));
        }
        int letter = worse(quality, count > 2 ? INTERPOLATED : MEASURED);
        if (named) {
            book(booking, fact->heat, marks_us[i], part, letter, letter);
        } else {
            share(booking, marks_us[i], marks_us[i + 1], part, letter, letter);
        }
    }
}

static bool is_void(const struct booking *booking, const struct sim_fact *fact)
{
    for (size_t i = 0; fact->id[0] != '\0' && i < booking->facts->count; i++) {
        const struct sim_fact *other = &booking->facts->rows[i];
        if (other->kind == SIM_FACT_READING && other->meter == fact->meter &&
            strcmp(other->void_id, fact->id) == 0) {
            return true;
        }
    }
    return false;
}

static void book_pieces(struct booking *booking)
{
    bool increments = booking->plant->meters[booking->meter].kind == SIM_INCREMENT;
    for (size_t i = 0; i < booking->facts->count; i++) {
        const struct sim_fact *fact = &booking->facts->rows[i];
        if (fact->kind != SIM_FACT_READING || fact->meter != booking->meter || fact->refused ||
            fact->void_id[0] != '\0' || is_void(booking, fact)) {
            continue;
        }
        int64_t from_us = fact->from_us;
        for (size_t j = 0; increments && fact->from_us == SIM_NONE && j < booking->facts->count;
             j++) {
            const struct sim_fact *other = &booking->facts->rows[j];
            if (other->kind == SIM_FACT_READING && other->meter == booking->meter &&
                !other->refused && other->ts_us < fact->ts_us && other->ts_us > from_us) {
                from_us = other->ts_us;
            }
        }
        book_piece(booking, fact, from_us == SIM_NONE ? fact->ts_us : from_us);
    }
}

static void find_owners(struct booking *booking)
{
    struct sim_ledger *ledger = booking->ledger;
    for (size_t i = 0; i < booking->facts->count; i++) {
        const struct sim_fact *fact = &booking->facts->rows[i];
        if (fact->kind == SIM_FACT_HEAT && fact->event == SIM_HEAT_TAP) {
            const struct sim_slot *slot = sim_context_slot(&booking->context, fact->ts_us);
            memory_grow(&ledger->owners, ledger->owner_count, &ledger->owner_capacity,
                        sizeof *ledger->owners);
            struct sim_owner *owner = &ledger->owners[ledger->owner_count++];
            *owner = (struct sim_owner){.day = slot->day, .shift = slot->shift, .crew = slot->crew};
            memcpy(owner->heat, fact->heat, sizeof owner->heat);
        }
    }
}

static int compare_uses(const void *a, const void *b)
{
    const struct sim_row *left = a, *right = b; /* the first member */
    int order = left->meter - right->meter;
    order = order != 0 ? order : strcmp(left->heat, right->heat);
    order = order != 0 ? order : left->day - right->day;
    order = order != 0 ? order : left->shift - right->shift;
    return order != 0 ? order : left->crew - right->crew;
}

/* One row for each (meter, heat, crew-shift). */
static void sum_uses(struct sim_ledger *ledger)
{
    if (ledger->use_count == 0) {
        return;
    }
    qsort(ledger->uses, ledger->use_count, sizeof *ledger->uses, compare_uses);
    for (size_t i = 0; i < ledger->use_count; i++) {
        const struct sim_row *use = &ledger->uses[i].row;
        if (i == 0 || compare_uses(&ledger->uses[i - 1], &ledger->uses[i]) != 0) {
            memory_grow(&ledger->rows, ledger->row_count, &ledger->row_capacity,
                        sizeof *ledger->rows);
            ledger->rows[ledger->row_count++] = *use;
            continue;
        }
        struct sim_row *row = &ledger->rows[ledger->row_count - 1];
        row->amount_base += use->amount_base;
        row->quality_best = worse(row->quality_best, use->quality_best);
        row->quality_worst = worse(row->quality_worst, use->quality_worst);
    }
}

void sim_oracle_book(const struct sim_plant *plant, const struct sim_facts *facts,
                     struct sim_ledger *ledger)
{
    struct booking *booking = memory_zeroed(1, sizeof *booking);
    struct sim_facts resolved = {0};
    sim_heats_resolve(facts, &resolved);
    booking->plant = plant;
    booking->facts = &resolved;
    booking->ledger = ledger;
    sim_context_make(plant, &resolved, &booking->context);
    sim_heats_weigh(&resolved, ledger);
    booking->sharing.plant = plant;
    booking->sharing.facts = &resolved;
    booking->sharing.context = &booking->context;
    booking->sharing.ledger = ledger;
    for (int meter = 0; meter < plant->meter_count; meter++) {
        enum sim_kind kind = plant->meters[meter].kind;
        booking->meter = meter;
        for (int i = 0; i < plant->meters[meter].rule_count; i++) {
            /* What sub-meters moved long ago is remembered at boundaries alone. */
            bool by_meter = plant->meters[meter].rules[i].key == SIM_KEY_SUBMETER;
            ledger->dense[meter] = ledger->dense[meter] || by_meter;
            ledger->guessed[meter] = ledger->guessed[meter] || (by_meter && kind == SIM_INCREMENT);
        }
        if (kind == SIM_EVENT || kind == SIM_INCREMENT) {
            book_pieces(booking);
        } else {
            book_curve(booking);
        }
    }
    find_owners(booking);
    sim_heats_move(plant, &resolved, ledger);
    sum_uses(ledger);
    free(resolved.rows);
    free(booking);
}

void sim_ledger_clear(struct sim_ledger *ledger)
{
    free(ledger->rows);
    free(ledger->owners);
    free(ledger->uses);
    free(ledger->steels);
    *ledger = (struct sim_ledger){0};
}
