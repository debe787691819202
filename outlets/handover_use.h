/* What a handover is summed from, as temporary tables: the ledger is asked once, and its parts ask
 * them. Private to handover*.c. */
#ifndef HEATLEDGER_HANDOVER_USE_H
#define HEATLEDGER_HANDOVER_USE_H

#include "reader.h"

/* The three tables, each made of those before it. Parameters are those of the parts. */
#define HANDOVER_GATHERINGS 3
extern const struct reader_gathering handover_gatherings[HANDOVER_GATHERINGS];

/* SQL that the parts share with them; parameters are text, and adding 0 makes a number of it. */
#define HANDOVER_END "(:end+0)"
#define HANDOVER_THIS_DAY "(:day+0)"
#define HANDOVER_THIS_SHIFT "(:shift+0)"
/* Heats owned in this shift, as it stood at its end. */
#define HANDOVER_OWNED(heat)                                                                       \
    heat ".owner_day = " HANDOVER_THIS_DAY " AND " heat ".owner_shift = " HANDOVER_THIS_SHIFT      \
         " AND " heat ".owner_at_us < " HANDOVER_END

#endif
