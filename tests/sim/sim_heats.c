/* Which events count, under which number, and what moves with steel. */
#include "sim_oracle.h"

#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define HOPS_MAX 16

/* An event is void when a void that is not void itself names it. */
static bool is_alive(const struct sim_facts *facts, const struct sim_fact *fact)
{
    for (size_t i = 0; fact->id[0] != '\0' && i < facts->count; i++) {
        const struct sim_fact *other = &facts->rows[i];
        if (other->kind == SIM_FACT_HEAT && other->event == SIM_HEAT_VOID &&
            strcmp(other->of, fact->id) == 0 && is_alive(facts, other)) {
            return false;
        }
    }
    return true;
}

static bool is_whole_void(const struct sim_facts *facts, const char *heat)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if (fact->kind == SIM_FACT_HEAT && fact->event == SIM_HEAT_VOID && fact->of[0] == '\0' &&
            strcmp(fact->heat, heat) == 0 && is_alive(facts, fact)) {
            return true;
        }
    }
    return false;
}

/* The end of the chain of renumberings. */
static void rename_heat(const struct sim_facts *facts, char heat[SIM_MIX_ID])
{
    for (int hop = 0; hop < HOPS_MAX; hop++) {
        size_t i = 0;
        for (; i < facts->count; i++) {
            const struct sim_fact *fact = &facts->rows[i];
            if (fact->kind == SIM_FACT_HEAT && fact->event == SIM_HEAT_RENUMBER &&
                strcmp(fact->heat, heat) == 0 && is_alive(facts, fact)) {
                break;
            }
        }
        if (i == facts->count) {
            return;
        }
        memcpy(heat, facts->rows[i].to, SIM_MIX_ID);
    }
}

void sim_heats_resolve(const struct sim_facts *facts, struct sim_facts *resolved)
{
    struct sim_facts told = {.rows = memory_zeroed(facts->count + 1, sizeof *told.rows)};
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->rows[i].kind == SIM_FACT_HEAT) {
            told.rows[told.count++] = facts->rows[i];
        }
    }
    *resolved = (struct sim_facts){.rows = memory_zeroed(facts->count + 1, sizeof *resolved->rows)};
    for (size_t i = 0; i < facts->count; i++) {
        struct sim_fact fact = facts->rows[i];
        bool is_void = fact.heat[0] != '\0' && is_whole_void(&told, fact.heat);
        if (fact.kind == SIM_FACT_HEAT &&
            (is_void || fact.event == SIM_HEAT_VOID || fact.event == SIM_HEAT_RENUMBER ||
             !is_alive(&told, &fact))) {
            continue;
        }
        if (is_void) {
            fact.heat[0] = '\0';
        }
        if (fact.heat[0] != '\0') {
            rename_heat(&told, fact.heat);
        }
        if (fact.to[0] != '\0') {
            rename_heat(&told, fact.to);
        }
        resolved->rows[resolved->count++] = fact;
    }
    free(told.rows);
}

bool sim_heats_stands(const struct sim_facts *resolved, const char *id)
{
    for (size_t i = 0; i < resolved->count; i++) {
        if (strcmp(resolved->rows[i].heat, id) == 0 || strcmp(resolved->rows[i].to, id) == 0) {
            return true;
        }
    }
    return false;
}

static struct sim_steel *steel_of(struct sim_ledger *ledger, const char *heat)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        if (strcmp(ledger->steels[i].heat, heat) == 0) {
            return &ledger->steels[i];
        }
    }
    return NULL;
}

/* Of two weighings the later one; at one instant what docs/interfaces.md says. */
static bool weighed_later(const struct sim_fact *a, const struct sim_fact *b)
{
    static const int rank[] = {
        [SIM_HEAT_START] = 1, [SIM_HEAT_END] = 0, [SIM_HEAT_TAP] = 2, [SIM_HEAT_WEIGHT] = 3};
    if (a->ts_us != b->ts_us) {
        return a->ts_us > b->ts_us;
    }
    if (a->event != b->event) {
        return rank[a->event] > rank[b->event];
    }
    return a->station != b->station ? a->station > b->station : a->steel_g > b->steel_g;
}

void sim_heats_weigh(const struct sim_facts *resolved, struct sim_ledger *ledger)
{
    for (size_t i = 0; i < resolved->count; i++) {
        const struct sim_fact *fact = &resolved->rows[i];
        if (fact->kind != SIM_FACT_HEAT || steel_of(ledger, fact->heat) != NULL) {
            continue;
        }
        memory_grow(&ledger->steels, ledger->steel_count, &ledger->steel_capacity,
                    sizeof *ledger->steels);
        struct sim_steel *steel = &ledger->steels[ledger->steel_count++];
        *steel = (struct sim_steel){.steel_g = -1};
        memcpy(steel->heat, fact->heat, sizeof steel->heat);
        const struct sim_fact *latest = NULL;
        for (size_t j = i; j < resolved->count; j++) {
            const struct sim_fact *other = &resolved->rows[j];
            if (other->kind == SIM_FACT_HEAT && strcmp(other->heat, fact->heat) == 0 &&
                other->event <= SIM_HEAT_WEIGHT && other->steel_g >= 0 &&
                (latest == NULL || weighed_later(other, latest))) {
                latest = other;
                steel->steel_g = other->steel_g;
            }
        }
        steel->weighed_g = steel->steel_g;
        /* A heat that was split off is made of what came; any other has to be weighed. */
        for (size_t j = 0; steel->steel_g < 0 && j < resolved->count; j++) {
            const struct sim_fact *other = &resolved->rows[j];
            if (other->kind == SIM_FACT_HEAT && other->event == SIM_HEAT_SPLIT &&
                strcmp(other->to, fact->heat) == 0) {
                steel->steel_g = 0;
                steel->made = true;
            }
        }
    }
}

/* A return counts from the heat's first start to its arrival at a last station. */
static bool in_time(const struct sim_plant *plant, const struct sim_facts *resolved,
                    const struct sim_fact *move)
{
    int64_t first_us = INT64_MAX, arrival_us = INT64_MAX;
    for (size_t i = 0; i < resolved->count; i++) {
        const struct sim_fact *fact = &resolved->rows[i];
        if (fact->kind == SIM_FACT_HEAT && fact->event == SIM_HEAT_START &&
            strcmp(fact->heat, move->heat) == 0) {
            first_us = fact->ts_us < first_us ? fact->ts_us : first_us;
            bool last = plant->last_station[fact->station];
            arrival_us = last && fact->ts_us < arrival_us ? fact->ts_us : arrival_us;
        }
    }
    return move->event != SIM_HEAT_RETURN ||
           ((first_us == INT64_MAX || move->ts_us >= first_us) && move->ts_us <= arrival_us);
}

static int compare_rows(const void *a, const void *b)
{
    const struct sim_row *left = a, *right = b;
    int order = left->meter - right->meter;
    order = order != 0 ? order : left->day - right->day;
    order = order != 0 ? order : left->shift - right->shift;
    return order != 0 ? order : left->crew - right->crew;
}

static void add_use(struct sim_ledger *ledger, const struct sim_row *row, const char *heat,
                    int64_t amount_base, int64_t ts_us)
{
    memory_grow(&ledger->uses, ledger->use_count, &ledger->use_capacity, sizeof *ledger->uses);
    struct sim_use *use = &ledger->uses[ledger->use_count++];
    *use = (struct sim_use){.row = *row, .start_us = ts_us};
    use->row.amount_base = amount_base;
    memset(use->row.heat, 0, sizeof use->row.heat);
    strncpy(use->row.heat, heat, sizeof use->row.heat - 1);
}

/* What a heat used of one item before an instant, of what is open or of what is not. */
static size_t used_before(const struct sim_plant *plant, const struct sim_ledger *ledger, int item,
                          const struct sim_fact *move, bool open, struct sim_row *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < ledger->use_count; i++) {
        const struct sim_use *use = &ledger->uses[i];
        if (use->open == open && plant->meters[use->row.meter].item == item &&
            use->start_us < move->ts_us && strcmp(use->row.heat, move->heat) == 0) {
            rows[count++] = use->row;
        }
    }
    if (count > 1) {
        qsort(rows, count, sizeof *rows, compare_rows);
    }
    return count;
}

static void move_row(struct sim_ledger *ledger, const struct sim_row *row,
                     const struct sim_fact *move, int64_t moved, bool open)
{
    if (moved != 0) {
        add_use(ledger, row, move->heat, -moved, move->ts_us);
        ledger->uses[ledger->use_count - 1].open = open;
        add_use(ledger, row, move->to, moved, move->ts_us);
        ledger->uses[ledger->use_count - 1].open = open;
    }
}

/* Of one item: floor(total x part / whole), over meters and crew-shifts by one running floor; of
 * what is open, of each meter by itself. */
static void move_item(const struct sim_plant *plant, struct sim_ledger *ledger, int item,
                      const struct sim_fact *move, int64_t part_g, int64_t whole_g)
{
    struct sim_row *rows = memory_zeroed(ledger->use_count + 1, sizeof *rows);
    size_t count = used_before(plant, ledger, item, move, false, rows);
    quantity_wide sum = 0;
    for (size_t i = 0; i < count; i++) {
        quantity_wide before = quantity_floor_divide(sum * part_g, whole_g);
        sum += rows[i].amount_base;
        int64_t moved = (int64_t)(quantity_floor_divide(sum * part_g, whole_g) - before);
        move_row(ledger, &rows[i], move, moved, false);
    }
    free(rows);
    rows = memory_zeroed(ledger->use_count + 1, sizeof *rows);
    count = used_before(plant, ledger, item, move, true, rows);
    sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += rows[i].amount_base;
        if (i + 1 == count || rows[i + 1].meter != rows[i].meter) {
            int64_t moved = (int64_t)quantity_floor_divide(sum * part_g, whole_g);
            move_row(ledger, &rows[i], move, moved, true);
            sum = 0;
        }
    }
    free(rows);
}

static int compare_moves(const void *a, const void *b)
{
    const struct sim_fact *left = *(const struct sim_fact *const *)a;
    const struct sim_fact *right = *(const struct sim_fact *const *)b;
    return left->ts_us < right->ts_us ? -1 : left->ts_us > right->ts_us;
}

static void move(const struct sim_plant *plant, const struct sim_facts *resolved,
                 struct sim_ledger *ledger, const struct sim_fact *fact)
{
    struct sim_steel *from = steel_of(ledger, fact->heat);
    struct sim_steel *to = fact->to[0] == '\0' ? NULL : steel_of(ledger, fact->to);
    if (from->steel_g < 0 || !in_time(plant, resolved, fact)) {
        return;
    }
    int64_t part_g = fact->steel_g < 0 ? from->steel_g : fact->steel_g;
    if (part_g > from->steel_g || part_g == 0) {
        return;
    }
    for (int item = 0; fact->to[0] != '\0' && item < plant->item_count; item++) {
        move_item(plant, ledger, item, fact, part_g, from->steel_g);
    }
    from->steel_g -= part_g;
    from->moves++;
    if (to != NULL) {
        to->steel_g += to->steel_g < 0 ? 0 : part_g;
        to->came = true;
        to->moves += from->moves;
    }
}

void sim_heats_move(const struct sim_plant *plant, const struct sim_facts *resolved,
                    struct sim_ledger *ledger)
{
    const struct sim_fact **moves = memory_zeroed(resolved->count + 1, sizeof *moves);
    size_t count = 0;
    for (size_t i = 0; i < resolved->count; i++) {
        const struct sim_fact *fact = &resolved->rows[i];
        if (fact->kind == SIM_FACT_HEAT && fact->event >= SIM_HEAT_RETURN &&
            fact->event <= SIM_HEAT_MERGE) {
            moves[count++] = fact;
        }
    }
    qsort(moves, count, sizeof *moves, compare_moves);
    for (size_t i = 0; i < count; i++) {
        move(plant, resolved, ledger, moves[i]);
    }
    for (size_t i = 0; i < ledger->steel_count; i++) {
        struct sim_steel *steel = &ledger->steels[i];
        steel->steel_g = steel->made && !steel->came ? -1 : steel->steel_g;
    }
    free(moves);
}
