#include "performance.h"

#include "economics.h"

#include <stddef.h>

struct performance performance_of(struct sheet *sheet, const struct performance_input *input)
{
    struct performance performance = {
        .availability = economics_ratio(sheet, input->production, input->planned_busy),
        .effectiveness = economics_ratio(
            sheet, fraction_multiply(sheet, input->unit_run, input->produced), input->production),
        .quality = economics_ratio(sheet, input->good, input->produced),
    };
    if (performance.availability != NULL && performance.effectiveness != NULL &&
        performance.quality != NULL) {
        performance.oee = fraction_multiply(
            sheet, fraction_multiply(sheet, performance.availability, performance.effectiveness),
            performance.quality);
    }
    return performance;
}
