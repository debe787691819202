#include "revisions.h"

#include "failure.h"
#include "memory.h"

#include <string.h>

/* What is in force before the version at that place. */
static struct quota_version before(const struct quota *quota, uint32_t at)
{
    struct quota_version first = {.from_us = INT64_MIN};
    memcpy(first.rate_e9, quota->rate_e9, sizeof first.rate_e9);
    memcpy(first.fixed_e9, quota->fixed_e9, sizeof first.fixed_e9);
    return at > 0 ? quota->versions[at - 1] : first;
}

bool revisions_full(const struct quota *quota)
{
    return quota->version_count == sizeof quota->versions / sizeof quota->versions[0];
}

void revisions_put(struct quota *quota, const struct kept_paper *revision)
{
    REQUIRE(revision->kind == PAPER_REVISE && revision->state == PAPER_IN_FORCE);
    uint32_t at = 0;
    while (at < quota->version_count && quota->versions[at].from_us < revision->from_us) {
        at++;
    }
    bool replaces = at < quota->version_count && quota->versions[at].from_us == revision->from_us;
    if (!replaces) {
        REQUIRE(!revisions_full(quota));
        memmove(&quota->versions[at + 1], &quota->versions[at],
                (quota->version_count - at) * sizeof quota->versions[0]);
        quota->version_count++;
    }
    struct quota_version version = before(quota, at);
    version.from_us = revision->from_us;
    version.rate_e9[QUOTA_TARGET] = revision->rate_e9[QUOTA_TARGET];
    version.rate_e9[QUOTA_LIMIT] = revision->rate_e9[QUOTA_LIMIT];
    if (version.rate_e9[QUOTA_STRETCH] > version.rate_e9[QUOTA_TARGET]) {
        version.rate_e9[QUOTA_STRETCH] = version.rate_e9[QUOTA_TARGET];
    }
    quota->versions[at] = version;
}

struct quota *revisions_make(const struct quota *quotas, uint32_t quota_count,
                             const struct papers *papers)
{
    struct quota *made = memory_zeroed(quota_count == 0 ? 1 : quota_count, sizeof *made);
    if (quota_count > 0) {
        memcpy(made, quotas, quota_count * sizeof *made);
    }
    for (const struct kept_paper *kept = papers->table; kept != NULL; kept = kept->hh.next) {
        if (kept->kind == PAPER_REVISE && kept->state == PAPER_IN_FORCE) {
            REQUIRE(kept->quota.index < quota_count);
            revisions_put(&made[kept->quota.index], kept);
        }
    }
    return made;
}
