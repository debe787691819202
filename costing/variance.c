#include "variance.h"

#include <stddef.h>

static const struct fraction *product_of_change(struct sheet *sheet, const struct fraction *now,
                                                const struct fraction *then,
                                                const struct fraction *by)
{
    return now != NULL && then != NULL && by != NULL
               ? fraction_multiply(sheet, fraction_subtract(sheet, now, then), by)
               : NULL;
}

struct variance variance_of(struct sheet *sheet, const struct variance_input *input)
{
    struct variance variance = {
        .usage = product_of_change(sheet, input->used, input->allowed, input->standard_price),
        .price = product_of_change(sheet, input->actual_price, input->standard_price, input->used),
    };
    if (variance.usage != NULL && variance.price != NULL) {
        variance.total = fraction_add(sheet, variance.usage, variance.price);
    }
    return variance;
}
