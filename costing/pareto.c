#include "pareto.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const struct pareto_row *one = a, *other = b;
    if (one->adverse_fen != other->adverse_fen) {
        return one->adverse_fen > other->adverse_fen ? -1 : 1;
    }
    return one->tag < other->tag ? -1 : one->tag > other->tag;
}

size_t pareto_sort(struct sheet *sheet, struct pareto_row *rows, size_t count)
{
    size_t losses = 0;
    quantity_wide all_fen = 0, so_far_fen = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].adverse_fen > 0) {
            rows[losses++] = rows[i];
            all_fen += rows[i].adverse_fen;
        }
    }
    qsort(rows, losses, sizeof *rows, compare);
    const struct fraction *all = fraction_decimal(sheet, all_fen, 0);
    for (size_t i = 0; i < losses; i++) {
        rows[i].vital = so_far_fen * 100 < all_fen * PARETO_VITAL_PERCENT;
        so_far_fen += rows[i].adverse_fen;
        rows[i].cumulated = fraction_divide(sheet, fraction_decimal(sheet, so_far_fen, 0), all);
    }
    return losses;
}
