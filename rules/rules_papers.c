/* Papers among the rules: what they are held against, and what comes into force by them. */
#include "crew_period.h"
#include "revisions.h"
#include "rules.h"
#include "rules_state.h"

#include "failure.h"
#include "quantity.h"

static bool left_of(const void *context, quota_id quota, crew_id crew, struct period period,
                    int64_t *left_base)
{
    const struct rules *rules = context;
    struct crew_period sum;
    bool known = crew_period_sum(&rules->holders, quota, crew, period, &sum);
    *left_base = quantity_add(quantity_add(sum.limit_base, -sum.used_base),
                              carried_into_base(&rules->carried, quota, crew, period));
    return known;
}

static void recall_from(struct rules *rules, int64_t from_us)
{
    const struct holder *holder;
    for (holder = rules->holders.table; holder != NULL; holder = holder->hh.next) {
        if (holder->rated_us >= from_us) {
            headroom_recall(&rules->headroom, holder);
        }
    }
}

static void put_in_force(struct rules *rules, const struct kept_paper *revision)
{
    holders_before_revision(&rules->holders, revision->from_us);
    revisions_put(&rules->quotas[revision->quota.index], revision);
    holders_after_revision(&rules->holders, revision->from_us);
    recall_from(rules, revision->from_us);
}

void rules_paper(struct rules *rules, struct effect_id id, const struct paper *paper,
                 struct paper_answer *answer)
{
    REQUIRE(!rules->showing);
    const struct papers_ground ground = {
        .catalog = rules->holders.catalog,
        .zone = &rules->holders.zone,
        .quotas = rules->quotas,
        .quota_count = rules->holders.quota_count,
        .left = left_of,
        .context = rules,
    };
    papers_take(&rules->papers, &ground, id, paper, answer);
    if (answer->in_force != NULL && answer->in_force->kind == PAPER_REVISE) {
        put_in_force(rules, answer->in_force);
    }
}

void rules_transfer(struct rules *rules, const struct kept_paper *paper, int64_t now_us,
                    quota_entry_emit *emit, void *context)
{
    REQUIRE(paper->kind == PAPER_TRANSFER && paper->state == PAPER_IN_FORCE);
    const struct carried_transfer transfer = {
        .quota = paper->quota,
        .from = paper->crew,
        .to = paper->to_crew,
        .period = paper->period,
        .amount_base = paper->amount_base,
        .paper = paper->id,
    };
    carried_transfer(&rules->carried, &transfer, now_us, emit, context);
}

const struct papers *rules_papers(const struct rules *rules)
{
    return &rules->papers;
}

const struct quota *rules_quotas(const struct rules *rules, uint32_t *count)
{
    *count = rules->holders.quota_count;
    return rules->quotas;
}
