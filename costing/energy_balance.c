#include "energy_balance.h"

struct energy_balance energy_balance_of(struct sheet *sheet, const struct energy_row *rows,
                                        size_t count)
{
    const struct fraction *none = fraction_of(sheet, 0, 1);
    struct energy_balance balance = {.used = none, .credit = none};
    for (size_t i = 0; i < count; i++) {
        const struct fraction **side = rows[i].recovered ? &balance.credit : &balance.used;
        if (rows[i].factor == NULL) {
            balance.without_factor++;
            continue;
        }
        *side =
            fraction_add(sheet, *side, fraction_multiply(sheet, rows[i].amount, rows[i].factor));
    }
    balance.net = fraction_subtract(sheet, balance.used, balance.credit);
    return balance;
}
