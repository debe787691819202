#include "baseline.h"

#include "economics.h"

/* Sums of x, y, xx, xy, yy over the points. */
struct sums {
    const struct fraction *x, *y, *xx, *xy, *yy;
};

static const struct fraction *plus_product(struct sheet *sheet, const struct fraction *sum,
                                           const struct fraction *a, const struct fraction *b)
{
    return fraction_add(sheet, sum, fraction_multiply(sheet, a, b));
}

/* n sum(ab) - sum(a) sum(b) */
static const struct fraction *spread(struct sheet *sheet, size_t count,
                                     const struct fraction *products, const struct fraction *a,
                                     const struct fraction *b)
{
    const struct fraction *scaled =
        fraction_multiply(sheet, fraction_of(sheet, (int64_t)count, 1), products);
    return fraction_subtract(sheet, scaled, fraction_multiply(sheet, a, b));
}

static struct sums sum_up(struct sheet *sheet, const struct baseline_point *points, size_t count)
{
    const struct fraction *none = fraction_of(sheet, 0, 1);
    struct sums sums = {none, none, none, none, none};
    for (size_t i = 0; i < count; i++) {
        const struct fraction *x = points[i].tonnes, *y = points[i].used;
        sums.x = fraction_add(sheet, sums.x, x);
        sums.y = fraction_add(sheet, sums.y, y);
        sums.xx = plus_product(sheet, sums.xx, x, x);
        sums.xy = plus_product(sheet, sums.xy, x, y);
        sums.yy = plus_product(sheet, sums.yy, y, y);
    }
    return sums;
}

bool baseline_fit(struct sheet *sheet, const struct baseline_point *points, size_t count,
                  struct baseline *baseline)
{
    struct sums sums = sum_up(sheet, points, count);
    const struct fraction *of_x = spread(sheet, count, sums.xx, sums.x, sums.x);
    const struct fraction *of_y = spread(sheet, count, sums.yy, sums.y, sums.y);
    const struct fraction *of_both = spread(sheet, count, sums.xy, sums.x, sums.y);
    if (fraction_sign(of_x) == 0) { /* without points, too */
        return false;
    }
    *baseline = (struct baseline){.points = count};
    baseline->per_tonne = fraction_divide(sheet, of_both, of_x);
    baseline->fixed = fraction_divide(
        sheet,
        fraction_subtract(sheet, sums.y, fraction_multiply(sheet, baseline->per_tonne, sums.x)),
        fraction_of(sheet, (int64_t)count, 1));
    baseline->r2 = economics_ratio(sheet, fraction_multiply(sheet, of_both, of_both),
                                   fraction_multiply(sheet, of_x, of_y));
    baseline->advised =
        count >= BASELINE_POINTS_ADVISED && baseline->r2 != NULL &&
        fraction_compare(baseline->r2, fraction_of(sheet, BASELINE_R2_ADVISED_PERCENT, 100)) >= 0;
    return true;
}

const struct fraction *baseline_expected(struct sheet *sheet, const struct baseline *baseline,
                                         const struct fraction *tonnes)
{
    return fraction_add(sheet, baseline->fixed,
                        fraction_multiply(sheet, baseline->per_tonne, tonnes));
}

void baseline_cusum(struct sheet *sheet, const struct baseline *baseline,
                    const struct baseline_point *points, size_t count, const struct fraction **sums)
{
    const struct fraction *sum = fraction_of(sheet, 0, 1);
    for (size_t i = 0; i < count; i++) {
        const struct fraction *expected = baseline_expected(sheet, baseline, points[i].tonnes);
        sum = fraction_add(sheet, sum, fraction_subtract(sheet, points[i].used, expected));
        sums[i] = sum;
    }
}

const struct fraction *baseline_improvement(struct sheet *sheet, const struct fraction *expected,
                                            const struct fraction *used)
{
    return fraction_sign(expected) > 0
               ? economics_ratio(sheet, fraction_subtract(sheet, expected, used), expected)
               : NULL;
}
