#include "ranking.h"

#include "memory.h"

#include <stdlib.h>

/* Tonnes of each grade over all crews: the mix for everybody. To be freed. */
static const struct fraction **mix_of(struct sheet *sheet, const struct ranking_cell *cells,
                                      size_t cell_count, size_t grade_count)
{
    const struct fraction **mix = memory_zeroed(grade_count + 1, sizeof(struct fraction *));
    for (size_t i = 0; i < grade_count; i++) {
        mix[i] = fraction_of(sheet, 0, 1);
    }
    for (size_t i = 0; i < cell_count; i++) {
        mix[cells[i].grade] = fraction_add(sheet, mix[cells[i].grade], cells[i].tonnes);
    }
    return mix;
}

/* One crew's row: its own rate, and its rates by grade put together with the mix. */
static void sum_crew(struct sheet *sheet, const struct ranking_cell *cells, size_t cell_count,
                     const struct fraction *const *mix, size_t grade_count, struct ranking_row *row)
{
    const struct fraction *none = fraction_of(sheet, 0, 1);
    const struct fraction *cost = none, *tonnes = none, *mixed = none, *weight = none, *all = none;
    for (size_t i = 0; i < grade_count; i++) {
        all = fraction_add(sheet, all, mix[i]);
    }
    for (size_t i = 0; i < cell_count; i++) {
        const struct ranking_cell *cell = &cells[i];
        if (cell->crew != row->crew) {
            continue;
        }
        const struct fraction *rate = fraction_divide(sheet, cell->cost, cell->tonnes);
        row->heats += cell->heats;
        cost = fraction_add(sheet, cost, cell->cost);
        tonnes = fraction_add(sheet, tonnes, cell->tonnes);
        mixed = fraction_add(sheet, mixed, fraction_multiply(sheet, rate, mix[cell->grade]));
        weight = fraction_add(sheet, weight, mix[cell->grade]);
    }
    if (fraction_sign(tonnes) > 0) {
        row->rate = fraction_divide(sheet, cost, tonnes);
        row->normalised = fraction_divide(sheet, mixed, weight);
        row->other_grades = fraction_compare(weight, all) < 0;
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct ranking_row *one = a, *other = b;
    if ((one->normalised == NULL) != (other->normalised == NULL)) {
        return one->normalised == NULL ? 1 : -1;
    }
    int order = one->normalised == NULL ? 0 : fraction_compare(one->normalised, other->normalised);
    return order != 0 ? order : one->crew < other->crew ? -1 : 1;
}

void ranking_make(struct sheet *sheet, const struct ranking_cell *cells, size_t cell_count,
                  size_t crew_count, size_t grade_count, int64_t heats_least,
                  struct ranking_row *rows)
{
    const struct fraction **mix = mix_of(sheet, cells, cell_count, grade_count);
    for (size_t i = 0; i < crew_count; i++) {
        rows[i] = (struct ranking_row){.crew = i};
        sum_crew(sheet, cells, cell_count, mix, grade_count, &rows[i]);
        rows[i].few_heats = rows[i].heats < heats_least;
        rows[i].normalised = rows[i].few_heats ? NULL : rows[i].normalised;
    }
    free(mix);
    qsort(rows, crew_count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < crew_count && rows[i].normalised != NULL; i++) {
        bool alike = i > 0 && fraction_compare(rows[i].normalised, rows[i - 1].normalised) == 0;
        rows[i].rank = alike ? rows[i - 1].rank : i + 1;
        rows[i].gap = fraction_subtract(sheet, rows[i].normalised, rows[0].normalised);
    }
}

const struct fraction *ranking_spread(struct sheet *sheet, const struct ranking_row *rows,
                                      size_t count)
{
    size_t ranked = 0;
    while (ranked < count && rows[ranked].normalised != NULL) {
        ranked++;
    }
    return ranked < 2 ? NULL
                      : fraction_subtract(sheet, rows[ranked - 1].normalised, rows[0].normalised);
}
