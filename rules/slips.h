/* What pick slips hold: how much may be drawn, was drawn and given back (DOMAIN 1). Amounts in base
 * units of the slip's item. What was taken is compared with the hoppers in a report;
 * the sums are those of base/slip.h; here is decided what may be done with a slip. */
#ifndef HEATLEDGER_RULES_SLIPS_H
#define HEATLEDGER_RULES_SLIPS_H

#include "papers.h"

/* Opens one from what a paper says; false: it cannot be, and the answer says why. */
bool slips_open(const struct catalog *catalog, const struct paper *paper, struct papers_slip *slip,
                struct paper_answer *answer);

/* An issue, something given back, or the closing of an open slip; false: refused. `*closed` tells
 * that the slip is closed with it. */
bool slips_take(const struct catalog *catalog, const struct paper *paper, struct papers_slip *slip,
                bool *closed, struct paper_answer *answer);

#endif
