/* A balance: what a main meter shows against the sum of its parts, for each shift. Both sides are
 * sums of meters with whole coefficients; virtual meters of the configuration stand in them as the
 * meters that they are made of. */
#ifndef HEATLEDGER_METER_BALANCE_H
#define HEATLEDGER_METER_BALANCE_H

#include "catalog.h"

#include <stdbool.h>
#include <stdint.h>

#define METER_BALANCES_MAX 1024
#define METER_BALANCE_PARTS_MAX 256
#define METER_BALANCE_BAND_DECIMALS 4
#define METER_BALANCE_NO_BAND (-1)
#define VIRTUAL_METERS_MAX 1024
#define VIRTUAL_TERMS_MAX 256       /* meters that one virtual meter comes to */
#define VIRTUAL_COEFFICIENT_MAX 100 /* so that no sum of what meters can show overflows */

struct meter_term {
    meter_id meter;
    int32_t coefficient; /* not 0, at most VIRTUAL_COEFFICIENT_MAX either way */
};

/* A growing sum; zeroed: empty. Owned by whoever declared it. */
struct meter_sum {
    struct meter_term *terms; /* each meter once, ascending */
    uint32_t count;
};

struct meter_balance {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    item_id item;
    char main_id[CATALOG_ID_MAX + 1]; /* a meter or a virtual meter */
    char *part_ids;                   /* the same, joined by ';' */
    int64_t band_e4;                  /* 10^-4 per cent of the main; METER_BALANCE_NO_BAND */
    struct meter_sum main, parts;
};

/* Adds `times` x `meter` to a sum; a meter that comes to 0 leaves it. False, and the sum unchanged,
 * where a coefficient or the number of terms would pass its limit. */
bool meter_sum_add(struct meter_sum *sum, meter_id meter, int64_t times);

void meter_sum_clear(struct meter_sum *sum);

/* Releases what the balance holds; the struct itself is the caller's. */
void meter_balance_clear(struct meter_balance *balance);

#endif
