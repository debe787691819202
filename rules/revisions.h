/* The quotas as they are in force: those of the configuration, with what papers revised. A table of
 * their own, since a configuration's are constant. */
#ifndef HEATLEDGER_RULES_REVISIONS_H
#define HEATLEDGER_RULES_REVISIONS_H

#include "papers.h"
#include "quota.h"

/* A copy of the quotas with every revision that is in force; the caller frees it. A revision whose
 * instant a version of the configuration has, too, counts instead of it. */
struct quota *revisions_make(const struct quota *quotas, uint32_t quota_count,
                             const struct papers *papers);

/* One that came into force puts its rates among the quota's versions. What a version has besides
 * its target and limit stays as in the one before it; a stretch is at most the target. */
void revisions_put(struct quota *quota, const struct kept_paper *revision);

/* Whether the quota has no room for another version. */
bool revisions_full(const struct quota *quota);

#endif
