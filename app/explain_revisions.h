/* The quotas as they are in force by the ledger: those of the configuration, with the revisions
 * that people approved. */
#ifndef HEATLEDGER_EXPLAIN_REVISIONS_H
#define HEATLEDGER_EXPLAIN_REVISIONS_H

#include "failure.h"
#include "plant.h"

#include <stdbool.h>
#include <stddef.h>

struct reader;

/* What the ledger says of revisions in force; {0}: nothing. */
struct explain_revisions {
    struct explain_revision {
        char quota[CATALOG_ID_MAX + 1];
        int64_t from_us, rate_e9[QUOTA_LEVELS];
    } * items;
    size_t count, capacity;
};

bool explain_revisions_read(struct reader *reader, struct explain_revisions *revisions,
                            struct failure *failure);
void explain_revisions_clear(struct explain_revisions *revisions);

/* The plant's quotas, in their order, with the revisions; the caller frees them. */
struct quota *explain_revisions_quotas(const struct explain_revisions *revisions,
                                       const struct plant *plant);

#endif
