#include "earned_value.h"

#include "economics.h"

#include <stddef.h>

struct earned_value earned_value_of(struct sheet *sheet, const struct fraction *planned_t,
                                    const struct fraction *done_t, const struct fraction *cost,
                                    const struct fraction *standard_cost_t)
{
    struct earned_value value = {
        .planned = fraction_multiply(sheet, planned_t, standard_cost_t),
        .earned = fraction_multiply(sheet, done_t, standard_cost_t),
    };
    value.cost_variance = fraction_subtract(sheet, value.earned, cost);
    value.schedule_variance = fraction_subtract(sheet, value.earned, value.planned);
    value.cost_index = economics_ratio(sheet, value.earned, cost);
    value.schedule_index = economics_ratio(sheet, value.earned, value.planned);
    if (value.cost_index != NULL) {
        value.at_completion = economics_ratio(sheet, value.planned, value.cost_index);
    }
    return value;
}
