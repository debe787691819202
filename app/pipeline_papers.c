/* Papers: what people hand in about quotas, plans and money. The rules decide what comes of them;
 * what was taken goes into the ledger, what was not among the rejects. */
#include "costing_rules.h"
#include "pipeline_state.h"

#include <stdio.h>
#include <string.h>

/* The transfer that a second approval puts into force is held against what the giver has left: of
 * open use all that is known counts. */
static void hear_all_meters(struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->plant->catalog.meter_count; i++) {
        if (rules_watch(pipeline->rules, (meter_id){i})) {
            pipeline_opened(pipeline, (meter_id){i});
        }
    }
}

/* The codes that there are, as many as fit. */
static void list_causes(const struct costing_rules *rules, size_t size, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < rules->cause_count; i++) {
        int more = snprintf(text + length, size - length, "%s%s", i > 0 ? ", " : "",
                            rules->causes[i].code);
        if (more < 0 || (size_t)more >= size - length) {
            text[length] = '\0';
            return;
        }
        length += (size_t)more;
    }
}

/* A cause names an alert that there was, and a code of the plant. */
static bool cause_is_right(struct pipeline *pipeline, const struct paper *paper,
                           struct paper_answer *answer)
{
    const struct costing_rules *rules = &pipeline->plant->costing;
    answer->outcome = OUTCOME_NOT_ALLOWED;
    if (costing_cause(rules, paper->code) == NULL) {
        char known[160];
        list_causes(rules, sizeof known, known);
        snprintf(answer->detail, sizeof answer->detail,
                 "\"code\" is \"%s\", which is no cause of plant.json; there are %s", paper->code,
                 known);
        return false;
    }
    if (!pipeline_alert_known(pipeline, paper->of)) {
        snprintf(answer->detail, sizeof answer->detail,
                 "\"of\" is \"%.120s\", which is no alert of this ledger; `heatledger report "
                 "alerts` lists their ids (quota/scope/period/level)",
                 paper->of);
        return false;
    }
    return true;
}

static void write_paper(struct pipeline *pipeline, struct effect_id id, const struct paper *paper,
                        const struct paper_answer *answer)
{
    if (!pipeline->writing) {
        return;
    }
    pipeline_batch(pipeline);
    book_paper(pipeline->book, &(struct book_paper){
                                   .id = id,
                                   .paper_id = answer->id,
                                   .paper = paper,
                                   .quota = answer->quota,
                                   .state = answer->state,
                                   .taken_at_us = pipeline->now_us,
                               });
}

enum outcome pipeline_paper(struct pipeline *pipeline, const struct paper *paper,
                            const char **detail)
{
    struct effect_id id = {pipeline->record->position, pipeline->paper_ordinal++};
    struct paper_answer *answer = &pipeline->paper_answer;
    *answer = (struct paper_answer){0};
    *detail = answer->detail;
    if (paper->kind == PAPER_CAUSE && !cause_is_right(pipeline, paper, answer)) {
        return answer->outcome;
    }
    if (paper->kind == PAPER_APPROVE) {
        hear_all_meters(pipeline);
    }
    rules_paper(pipeline->rules, id, paper, answer);
    if (answer->outcome == OUTCOME_ACCEPTED) {
        *detail = NULL;
        write_paper(pipeline, id, paper, answer);
        if (answer->in_force != NULL && answer->in_force->kind == PAPER_TRANSFER) {
            pipeline_transfer(pipeline, answer->in_force);
        }
    }
    return answer->outcome;
}
