#include "papers.h"

#include "failure.h"
#include "memory.h"
#include "papers_refuse.h"
#include "quantity.h"
#include "slips.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What was kept ---- */

static void forget(struct papers *papers, struct kept_paper *kept)
{
    HASH_DEL(papers->table, kept);
    free(kept->approver);
    free(kept);
}

void papers_clear(struct papers *papers)
{
    struct kept_paper *kept, *next;
    HASH_ITER(hh, papers->table, kept, next)
    {
        forget(papers, kept);
    }
}

static struct kept_paper *find(const struct papers *papers, const char *id)
{
    struct kept_paper *kept = NULL;
    HASH_FIND_STR(papers->table, id, kept);
    return kept;
}

const struct kept_paper *papers_find(const struct papers *papers, const char *id)
{
    return find(papers, id);
}

/* Whether anything may still refer to it, or follows from it. */
static bool is_needed(const struct kept_paper *kept)
{
    return kept->state == PAPER_PROPOSED || kept->state == PAPER_IN_FORCE ||
           kept->state == PAPER_OPEN;
}

/* Room for one more; false: all that there are are needed. */
static bool make_room(struct papers *papers)
{
    struct kept_paper *kept = papers->table;
    if (HASH_COUNT(papers->table) < PAPERS_MAX) {
        return true;
    }
    while (kept != NULL && is_needed(kept)) {
        kept = kept->hh.next;
    }
    if (kept != NULL) {
        forget(papers, kept);
    }
    return kept != NULL;
}

static struct kept_paper *keep(struct papers *papers, const struct paper *paper,
                               const struct paper_answer *answer)
{
    struct kept_paper *kept = memory_zeroed(1, sizeof *kept);
    strcpy(kept->id, answer->id);
    kept->kind = paper->kind;
    kept->digest = paper_digest(paper);
    kept->quota.index = CATALOG_NONE;
    kept->crew = paper->crew;
    kept->to_crew = paper->to_crew;
    kept->period = paper->period;
    HASH_ADD_STR(papers->table, id, kept);
    return kept;
}

/* ---- Refusals ---- */

bool papers_refuse(struct paper_answer *answer, enum outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    answer->outcome = outcome;
    vsnprintf(answer->detail, sizeof answer->detail, format, arguments);
    va_end(arguments);
    return false;
}

bool papers_base(const struct item *item, int64_t amount_e9, const char *key, int64_t *base,
                 struct paper_answer *answer)
{
    int64_t unit = quantity_power_of_ten(PAPER_DECIMALS - item->decimals);
    *base = amount_e9 / unit;
    char text[QUANTITY_TEXT_MAX], finest[QUANTITY_TEXT_MAX];
    if (amount_e9 % unit != 0) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD,
                             "\"%s\" is %s, finer than item %s is counted: %s %s", key,
                             quantity_to_text(amount_e9, PAPER_DECIMALS, text), item->id,
                             quantity_to_text(1, item->decimals, finest), item->unit);
    }
    return *base <= PAPERS_AMOUNT_MAX ||
           papers_refuse(answer, OUTCOME_OUT_OF_RANGE, "\"%s\" is more than can be counted", key);
}

/* ---- Proposals ---- */

static bool find_quota(const struct papers_ground *ground, const struct paper *paper,
                       struct paper_answer *answer)
{
    for (uint32_t i = 0; i < ground->quota_count; i++) {
        if (strcmp(ground->quotas[i].id, paper->quota) == 0 && !ground->quotas[i].retired) {
            answer->quota = (quota_id){(uint16_t)i};
            return true;
        }
    }
    return papers_refuse(answer, OUTCOME_BAD_FIELD, "quota \"%s\" is not in plant.json",
                         paper->quota);
}

/* Whether the quota has rates of its own from that instant on. */
static bool has_version(const struct quota *quota, int64_t from_us)
{
    for (uint32_t i = 0; i < quota->version_count; i++) {
        if (quota->versions[i].from_us == from_us) {
            return true;
        }
    }
    return false;
}

static uint32_t count_revisions(const struct papers *papers, quota_id quota)
{
    uint32_t count = 0;
    for (const struct kept_paper *kept = papers->table; kept != NULL; kept = kept->hh.next) {
        count += kept->kind == PAPER_REVISE && kept->state == PAPER_IN_FORCE &&
                 kept->quota.index == quota.index;
    }
    return count;
}

/* Whether a revision can be, as it is proposed and once more when it is approved. */
static bool may_revise(const struct papers *papers, const struct papers_ground *ground,
                       const struct kept_paper *kept, struct paper_answer *answer)
{
    const struct quota *quota = &ground->quotas[kept->quota.index];
    char from[TIMESTAMP_TEXT_MAX];
    if (quota->retired) {
        return papers_refuse(answer, OUTCOME_NOT_ALLOWED, "quota %s was taken out of plant.json",
                             quota->id);
    }
    if (has_version(quota, kept->from_us)) {
        return papers_refuse(
            answer, OUTCOME_NOT_ALLOWED,
            "quota %s has other rates from %s on already: another \"from\" is "
            "needed",
            quota->id,
            timestamp_format(kept->from_us, zone_offset_s(ground->zone, kept->from_us), from));
    }
    return count_revisions(papers, kept->quota) < QUOTA_REVISIONS_MAX ||
           papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                         "quota %s was revised %d times by papers, which is all that are kept: "
                         "write its versions into plant.json",
                         quota->id, QUOTA_REVISIONS_MAX);
}

static bool propose_revision(struct papers *papers, const struct papers_ground *ground,
                             const struct paper *paper, struct kept_paper *kept,
                             struct paper_answer *answer)
{
    if (!find_quota(ground, paper, answer)) {
        return false;
    }
    kept->quota = answer->quota;
    kept->from_us = paper->from_us;
    kept->rate_e9[QUOTA_LIMIT] = paper->limit_e9;
    kept->rate_e9[QUOTA_TARGET] =
        paper->target_e9 != PAPER_NOT_GIVEN ? paper->target_e9 : paper->limit_e9;
    if (kept->rate_e9[QUOTA_TARGET] > kept->rate_e9[QUOTA_LIMIT]) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD,
                             "\"target\" is greater than \"limit\"; the team's target is at most "
                             "the workshop's limit");
    }
    return may_revise(papers, ground, kept, answer);
}

static bool propose_transfer(struct papers *papers, const struct papers_ground *ground,
                             const struct paper *paper, struct kept_paper *kept,
                             struct paper_answer *answer)
{
    (void)papers;
    if (!find_quota(ground, paper, answer)) {
        return false;
    }
    const struct quota *quota = &ground->quotas[answer->quota.index];
    kept->quota = answer->quota;
    if (!quota->of_crews) {
        return papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                             "quota %s is held against no crew-shifts: crews have nothing of it "
                             "to give",
                             quota->id);
    }
    if (paper->crew.index == paper->to_crew.index) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD,
                             "\"to_crew\" is \"crew\"; it must be another one");
    }
    if (paper->amount_e9 == 0) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD, "\"amount\" must be more than 0");
    }
    return papers_base(&ground->catalog->items[quota->item.index], paper->amount_e9, "amount",
                       &kept->amount_base, answer);
}

static bool propose_slip(struct papers *papers, const struct papers_ground *ground,
                         const struct paper *paper, struct kept_paper *kept,
                         struct paper_answer *answer)
{
    (void)papers;
    kept->state = PAPER_OPEN;
    return slips_open(ground->catalog, paper, &kept->slip, answer);
}

/* ---- Approvals ---- */

static bool periods_overlap(struct period a, struct period b)
{
    return a.from_day < b.until_day && b.from_day < a.until_day;
}

int64_t papers_transferred_base(const struct papers *papers, quota_id quota, crew_id crew,
                                struct period period)
{
    int64_t sum_base = 0;
    for (const struct kept_paper *kept = papers->table; kept != NULL; kept = kept->hh.next) {
        if (kept->kind != PAPER_TRANSFER || kept->state != PAPER_IN_FORCE ||
            kept->quota.index != quota.index || !periods_overlap(kept->period, period)) {
            continue;
        }
        bool within =
            kept->period.from_day >= period.from_day && kept->period.until_day <= period.until_day;
        if (kept->crew.index == crew.index) {
            sum_base = quantity_add(sum_base, -kept->amount_base);
        } else if (kept->to_crew.index == crew.index && within) {
            sum_base = quantity_add(sum_base, kept->amount_base);
        }
    }
    return sum_base;
}

/* Whether the giver has as much left as it gives. */
static bool may_transfer(const struct papers *papers, const struct papers_ground *ground,
                         const struct kept_paper *kept, struct paper_answer *answer)
{
    const struct quota *quota = &ground->quotas[kept->quota.index];
    const struct item *item = &ground->catalog->items[quota->item.index];
    const char *crew = ground->catalog->crews[kept->crew.index].id;
    char period[PERIOD_TEXT_MAX], left[QUANTITY_TEXT_MAX], amount[QUANTITY_TEXT_MAX];
    int64_t left_base = 0;
    period_format(kept->period, period);
    if (!ground->left(ground->context, kept->quota, kept->crew, kept->period, &left_base)) {
        return papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                             "what crew %s is allowed of quota %s in %s is not known yet: approve "
                             "it again once its heats are weighed",
                             crew, quota->id, period);
    }
    left_base = quantity_add(
        left_base, papers_transferred_base(papers, kept->quota, kept->crew, kept->period));
    return kept->amount_base <= left_base ||
           papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                         "crew %s would give %s %s of quota %s in %s, and has %s %s left of it",
                         crew, quantity_to_text(kept->amount_base, item->decimals, amount),
                         item->unit, quota->id, period,
                         quantity_to_text(left_base, item->decimals, left), item->unit);
}

/* The proposal that a paper is about; NULL: refused. */
static struct kept_paper *find_proposal(const struct papers *papers, const struct paper *paper,
                                        struct paper_answer *answer)
{
    struct kept_paper *kept = find(papers, paper->of);
    if (kept == NULL) {
        papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                      "\"of\" is \"%s\", which is no paper of this shop; `report papers --open` "
                      "lists those that wait",
                      paper->of);
        return NULL;
    }
    if (kept->kind != PAPER_REVISE && kept->kind != PAPER_TRANSFER) {
        papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                      "\"of\" is \"%s\", a %s, which nobody has to approve", paper->of,
                      paper_form(kept->kind)->event);
        return NULL;
    }
    if (kept->state != PAPER_PROPOSED) {
        papers_refuse(answer, OUTCOME_NOT_ALLOWED, "paper \"%s\" %s already", paper->of,
                      kept->state == PAPER_IN_FORCE ? "is in force" : "was declined");
        return NULL;
    }
    return kept;
}

static void take_approval(struct papers *papers, const struct papers_ground *ground,
                          const struct paper *paper, struct paper_answer *answer)
{
    struct kept_paper *kept = find_proposal(papers, paper, answer);
    if (kept == NULL) {
        return;
    }
    answer->quota = kept->quota;
    answer->state = PAPER_PROPOSED;
    if (kept->approver == NULL) {
        kept->approver = memory_text(paper->by);
        return;
    }
    if (paper_same_name(kept->approver, paper->by)) {
        papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                      "%s has approved \"%s\" already: the second name must be another one",
                      paper->by, paper->of);
        return;
    }
    if (kept->kind == PAPER_TRANSFER ? may_transfer(papers, ground, kept, answer)
                                     : may_revise(papers, ground, kept, answer)) {
        kept->state = answer->state = PAPER_IN_FORCE;
        answer->in_force = kept;
    }
}

static void take_decline(struct papers *papers, const struct papers_ground *ground,
                         const struct paper *paper, struct paper_answer *answer)
{
    (void)ground;
    struct kept_paper *kept = find_proposal(papers, paper, answer);
    if (kept != NULL) {
        answer->quota = kept->quota;
        kept->state = answer->state = PAPER_DECLINED;
    }
}

/* ---- Papers about slips ---- */

static bool use_slip(struct papers *papers, const struct papers_ground *ground,
                     const struct paper *paper, struct paper_answer *answer)
{
    struct kept_paper *slip = find(papers, paper->of);
    bool closed = false;
    if (slip == NULL || slip->kind != PAPER_SLIP) {
        return papers_refuse(answer, OUTCOME_NOT_ALLOWED, "\"of\" is \"%s\", which is no slip",
                             paper->of);
    }
    if (slip->state == PAPER_CLOSED) {
        return papers_refuse(answer, OUTCOME_NOT_ALLOWED, "slip \"%s\" is closed", paper->of);
    }
    if (!slips_take(ground->catalog, paper, &slip->slip, &closed, answer)) {
        return false;
    }
    slip->state = answer->state = closed ? PAPER_CLOSED : PAPER_OPEN;
    return true;
}

/* ---- What is only noted ---- */

static bool note(struct papers *papers, const struct papers_ground *ground,
                 const struct paper *paper, struct paper_answer *answer)
{
    (void)papers;
    (void)ground;
    (void)paper;
    answer->state = PAPER_NOTED;
    return true;
}

static bool note_veto(struct papers *papers, const struct papers_ground *ground,
                      const struct paper *paper, struct paper_answer *answer)
{
    if (strcmp(paper->code, "safety") != 0 && strcmp(paper->code, "quality") != 0) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD,
                             "\"code\" is \"%s\", must be \"safety\" or \"quality\"", paper->code);
    }
    return note(papers, ground, paper, answer);
}

/* ---- All of them ---- */

/* Kinds of which one is kept by its id: those that others name, or that came with an id. */
static const struct {
    /* fills in `kept`, whose state is PAPER_PROPOSED, or refuses */
    bool (*propose)(struct papers *papers, const struct papers_ground *ground,
                    const struct paper *paper, struct kept_paper *kept,
                    struct paper_answer *answer);
    bool (*take)(struct papers *papers, const struct papers_ground *ground,
                 const struct paper *paper, struct paper_answer *answer);
    void (*decide)(struct papers *papers, const struct papers_ground *ground,
                   const struct paper *paper, struct paper_answer *answer);
    bool may_change; /* one that comes with the id of another replaces it */
} kinds[PAPER_KINDS] = {
    [PAPER_REVISE] = {.propose = propose_revision},
    [PAPER_TRANSFER] = {.propose = propose_transfer},
    [PAPER_APPROVE] = {.decide = take_approval},
    [PAPER_DECLINE] = {.decide = take_decline},
    [PAPER_PLAN] = {.take = note},
    [PAPER_SLIP] = {.propose = propose_slip},
    [PAPER_ISSUE] = {.take = use_slip},
    [PAPER_PUT_BACK] = {.take = use_slip},
    [PAPER_CLOSE_SLIP] = {.take = use_slip},
    [PAPER_CAUSE] = {.take = note},
    [PAPER_VETO] = {.take = note_veto},
    [PAPER_MEASURE] = {.take = note, .may_change = true},
};

/* Whether its id is taken: the same again, another one, or, of a measure, what it says now. */
static bool is_taken(const struct paper *paper, struct kept_paper *former,
                     struct paper_answer *answer)
{
    if (former == NULL) {
        return false;
    }
    bool same_kind = former->kind == paper->kind;
    answer->state = former->state;
    answer->quota = former->quota;
    if (same_kind && former->digest == paper_digest(paper)) {
        answer->outcome = OUTCOME_DUPLICATE;
        return true;
    }
    if (same_kind && kinds[paper->kind].may_change) {
        former->digest = paper_digest(paper);
        return true;
    }
    papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                  "id \"%s\" is that of another paper, a %s: papers need an id of their own",
                  answer->id, paper_form(former->kind)->event);
    return true;
}

static void take_proposal(struct papers *papers, const struct papers_ground *ground,
                          const struct paper *paper, struct paper_answer *answer)
{
    struct kept_paper *kept = keep(papers, paper, answer);
    kept->state = PAPER_PROPOSED;
    if (kinds[paper->kind].propose(papers, ground, paper, kept, answer)) {
        answer->state = kept->state;
    } else {
        forget(papers, kept);
    }
}

static void take_other(struct papers *papers, const struct papers_ground *ground,
                       const struct paper *paper, struct paper_answer *answer)
{
    if (kinds[paper->kind].take(papers, ground, paper, answer) && paper->id != NULL) {
        keep(papers, paper, answer)->state = PAPER_NOTED;
    }
}

void papers_take(struct papers *papers, const struct papers_ground *ground, struct effect_id id,
                 const struct paper *paper, struct paper_answer *answer)
{
    REQUIRE(paper->kind < PAPER_KINDS);
    *answer = (struct paper_answer){.outcome = OUTCOME_ACCEPTED, .quota = {CATALOG_NONE}};
    if (paper->id != NULL) {
        REQUIRE(strlen(paper->id) <= PAPER_ID_MAX);
        strcpy(answer->id, paper->id);
    } else {
        snprintf(answer->id, sizeof answer->id, "%" PRIu64 "-%" PRIu32, id.position, id.ordinal);
    }
    if (kinds[paper->kind].decide != NULL) {
        kinds[paper->kind].decide(papers, ground, paper, answer);
        return;
    }
    bool keeps = paper->id != NULL || kinds[paper->kind].propose != NULL;
    if (keeps && is_taken(paper, find(papers, answer->id), answer)) {
        return;
    }
    if (keeps && !make_room(papers)) {
        papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                      "%d papers wait or are in force: decline some, or close slips", PAPERS_MAX);
        return;
    }
    if (kinds[paper->kind].propose != NULL) {
        take_proposal(papers, ground, paper, answer);
    } else {
        take_other(papers, ground, paper, answer);
    }
}
