#include "explain_revisions.h"

#include "memory.h"
#include "reader.h"
#include "revisions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add_row(void *context, const struct reader_row *row)
{
    struct explain_revisions *revisions = context;
    struct explain_revision revision = {.from_us = strtoll(row->values[1], NULL, 10)};
    snprintf(revision.quota, sizeof revision.quota, "%s", row->values[0]);
    revision.rate_e9[QUOTA_TARGET] = strtoll(row->values[2], NULL, 10);
    revision.rate_e9[QUOTA_LIMIT] = strtoll(row->values[3], NULL, 10);
    memory_grow(&revisions->items, revisions->count, &revisions->capacity,
                sizeof *revisions->items);
    revisions->items[revisions->count++] = revision;
    return true;
}

bool explain_revisions_read(struct reader *reader, struct explain_revisions *revisions,
                            struct failure *failure)
{
    static const char sql[] =
        "SELECT quota, from_us, COALESCE(target_e9, limit_e9), limit_e9 FROM paper"
        " WHERE kind = 'revise' AND state = 'in_force' ORDER BY position, ordinal";
    *revisions = (struct explain_revisions){0};
    return reader_query(reader, sql, NULL, 0, add_row, revisions, failure);
}

void explain_revisions_clear(struct explain_revisions *revisions)
{
    free(revisions->items);
    *revisions = (struct explain_revisions){0};
}

struct quota *explain_revisions_quotas(const struct explain_revisions *revisions,
                                       const struct plant *plant)
{
    static const struct papers none = {0};
    struct quota *quotas = revisions_make(plant->quotas, plant->quota_count, &none);
    for (size_t i = 0; i < revisions->count; i++) {
        const struct explain_revision *revision = &revisions->items[i];
        struct kept_paper kept = {
            .kind = PAPER_REVISE, .state = PAPER_IN_FORCE, .from_us = revision->from_us};
        memcpy(kept.rate_e9, revision->rate_e9, sizeof kept.rate_e9);
        for (uint32_t quota = 0; quota < plant->quota_count; quota++) {
            if (strcmp(quotas[quota].id, revision->quota) == 0 && !revisions_full(&quotas[quota])) {
                revisions_put(&quotas[quota], &kept);
            }
        }
    }
    return quotas;
}
