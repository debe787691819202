/* Why a figure of a signed summary is another today: the causes of what was booked since, as far as
 * it touches the figure, and what changed about the heats. Private to handover*.c. */
#ifndef HEATLEDGER_HANDOVER_WHY_H
#define HEATLEDGER_HANDOVER_WHY_H

#include "failure.h"
#include "reader.h"

#include <stdbool.h>

struct handover_change {
    const char *crew, *item; /* item NULL: steel, heats */
    const char *quota;       /* of rows of quotas; NULL: the item's first quota */
    const char *figure;      /* a column of the summary */
    bool crew_differs;       /* the crew stands in the shift only then, or only now */
    bool heats_differ;       /* it owns other heats than then */
    bool weights_differ;     /* … or heats of other weights */
};

/* Gathers what was booked for the shift since its summary was made, which every figure's cause is
 * looked up in. `day` in days since 1970-01-01, `shift` its id. */
bool handover_why_gather(struct reader *reader, const char *day, const char *shift,
                         struct failure *failure);

/* After handover_why_gather, in the same snapshot: names of causes joined by ';', to be freed; NULL
 * with a failure. Beside those of postings: `heats` (weight or owner of heats), `next_heat` (idle
 * use that went to the next heat), `after_handover` (nothing was corrected, it was booked after the
 * summary was made). */
char *handover_why(struct reader *reader, const struct handover_change *change,
                   struct failure *failure);

#endif
