#include "slip.h"

#include "quantity.h"

#include <stddef.h>

int64_t slip_over_base(const struct slip *slip, int64_t issue_base)
{
    int64_t out_base = quantity_add(slip->issued_base, -slip->back_base);
    return quantity_add(quantity_add(out_base, issue_base), -slip->limit_base);
}

bool slip_may_give_back(const struct slip *slip, int64_t back_base)
{
    return back_base <=
           quantity_add(slip->opening_base, quantity_add(slip->issued_base, -slip->back_base));
}

int64_t slip_consumed_base(const struct slip *slip)
{
    int64_t had_base = quantity_add(slip->opening_base, slip->issued_base);
    int64_t left_base = slip->closing_base < 0 ? 0 : slip->closing_base;
    return quantity_add(had_base, -quantity_add(slip->back_base, left_base));
}

struct slip_difference slip_against(struct sheet *sheet, const struct slip *slip,
                                    int64_t weighed_base)
{
    int64_t consumed_base = slip_consumed_base(slip);
    int64_t off_base = quantity_add(consumed_base, -weighed_base);
    return (struct slip_difference){
        .base = off_base,
        .part = consumed_base != 0 ? fraction_of(sheet, off_base, consumed_base) : NULL};
}
