#include "slip.h"

#include "quantity.h"

int64_t slip_over_base(const struct slip *slip, int64_t issue_base)
{
    int64_t out_base = quantity_add(slip->issued_base, -slip->back_base);
    return quantity_add(quantity_add(out_base, issue_base), -slip->limit_base);
}

int64_t slip_there_base(const struct slip *slip)
{
    return quantity_add(slip->opening_base, quantity_add(slip->issued_base, -slip->back_base));
}

int64_t slip_consumed_base(const struct slip *slip)
{
    return quantity_add(slip_there_base(slip), slip->closing_base < 0 ? 0 : -slip->closing_base);
}
