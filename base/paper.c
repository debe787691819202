#include "paper.h"

#include "failure.h"

#include <string.h>
#include <xxhash.h>

#define FIELD(key, type, required, member)                                                         \
    {                                                                                              \
        key, type, required, offsetof(struct paper, member)                                        \
    }
#define MUST true
#define MAY false
#define ID FIELD("id", PAPER_ID, MAY, id)
#define OF FIELD("of", PAPER_ID, MUST, of)
#define REASON(need) FIELD("reason", PAPER_TEXT, need, reason)

static const struct paper_form forms[PAPER_KINDS] = {
    [PAPER_REVISE] = {"revise",
                      "proposes other rates of a quota from some time on; two approvals",
                      {ID, FIELD("quota", PAPER_ID, MUST, quota),
                       FIELD("from", PAPER_TIME, MUST, from_us),
                       FIELD("limit", PAPER_NUMBER, MUST, limit_e9),
                       FIELD("target", PAPER_NUMBER, MAY, target_e9), REASON(MUST)},
                      6},
    [PAPER_TRANSFER] = {"transfer",
                        "proposes to give allowance of a period to another crew; two approvals",
                        {ID, FIELD("quota", PAPER_ID, MUST, quota),
                         FIELD("period", PAPER_PERIOD, MUST, period),
                         FIELD("crew", PAPER_CREW, MUST, crew),
                         FIELD("to_crew", PAPER_CREW, MUST, to_crew),
                         FIELD("amount", PAPER_NUMBER, MUST, amount_e9), REASON(MUST)},
                        7},
    [PAPER_APPROVE] = {"approve", "agrees with what is proposed", {OF, REASON(MAY)}, 2},
    [PAPER_DECLINE] = {"decline", "ends what is proposed", {OF, REASON(MUST)}, 2},
    [PAPER_PLAN] = {"plan",
                    "says how much steel is planned for a period",
                    {ID, FIELD("period", PAPER_PERIOD, MUST, period),
                     FIELD("crew", PAPER_CREW, MAY, crew),
                     FIELD("tonnes", PAPER_NUMBER, MUST, tonnes_e9), REASON(MAY)},
                    5},
    [PAPER_SLIP] = {"slip",
                    "opens a pick slip for a production order",
                    {FIELD("id", PAPER_ID, MUST, id), FIELD("item", PAPER_ITEM, MUST, item),
                     FIELD("crew", PAPER_CREW, MUST, crew), FIELD("order", PAPER_TEXT, MUST, order),
                     FIELD("tonnes", PAPER_NUMBER, MUST, tonnes_e9),
                     FIELD("rate", PAPER_NUMBER, MAY, rate_e9),
                     FIELD("limit", PAPER_NUMBER, MAY, limit_e9),
                     FIELD("opening", PAPER_NUMBER, MAY, opening_e9)},
                    8},
    [PAPER_ISSUE] = {"issue",
                     "draws material on a pick slip",
                     {ID, OF, FIELD("amount", PAPER_NUMBER, MUST, amount_e9),
                      FIELD("approved_by", PAPER_TEXT, MAY, approved_by), REASON(MAY)},
                     5},
    [PAPER_PUT_BACK] = {"put_back",
                        "gives material of a pick slip back",
                        {ID, OF, FIELD("amount", PAPER_NUMBER, MUST, amount_e9), REASON(MAY)},
                        4},
    [PAPER_CLOSE_SLIP] = {"close_slip",
                          "closes a pick slip with what is left in the bins",
                          {ID, OF, FIELD("amount", PAPER_NUMBER, MUST, amount_e9), REASON(MAY)},
                          4},
    [PAPER_CAUSE] = {"cause",
                     "says why an alert was raised, by a code of 5M1E",
                     {ID, FIELD("of", PAPER_TEXT, MUST, of), FIELD("code", PAPER_ID, MUST, code),
                      REASON(MAY), FIELD("action", PAPER_TEXT, MAY, action)},
                     5},
    [PAPER_VETO] = {"veto",
                    "nothing is returned to a crew for a period",
                    {ID, FIELD("crew", PAPER_CREW, MUST, crew),
                     FIELD("period", PAPER_PERIOD, MUST, period),
                     FIELD("code", PAPER_ID, MUST, code), REASON(MUST)},
                    5},
    [PAPER_MEASURE] = {"measure",
                       "registers a saving measure",
                       {FIELD("id", PAPER_ID, MUST, id), FIELD("name", PAPER_TEXT, MUST, name),
                        FIELD("item", PAPER_ITEM, MUST, item),
                        FIELD("meters", PAPER_METERS, MAY, meters),
                        FIELD("from", PAPER_TIME, MUST, from_us),
                        FIELD("investment", PAPER_NUMBER, MUST, amount_e9),
                        FIELD("sunk", PAPER_NUMBER, MAY, sunk_e9),
                        FIELD("saving", PAPER_NUMBER, MAY, saving_e9),
                        FIELD("life_years", PAPER_COUNT, MAY, life_years),
                        FIELD("hurdle_pct", PAPER_NUMBER, MAY, hurdle_e9), REASON(MAY)},
                       11},
};

const struct paper_form *paper_form(enum paper_kind kind)
{
    REQUIRE(kind < PAPER_KINDS);
    return &forms[kind];
}

/* Without the spaces in front; `length` without those behind. */
static const char *bare_name(const char *name, size_t *length)
{
    name += strspn(name, " ");
    *length = strlen(name);
    while (*length > 0 && name[*length - 1] == ' ') {
        (*length)--;
    }
    return name;
}

bool paper_same_name(const char *one, const char *other)
{
    size_t length, other_length;
    one = bare_name(one, &length);
    other = bare_name(other, &other_length);
    return length == other_length && memcmp(one, other, length) == 0;
}

bool paper_kind_find(const char *event, enum paper_kind *kind)
{
    for (int i = 0; i < PAPER_KINDS; i++) {
        if (strcmp(forms[i].event, event) == 0) {
            *kind = (enum paper_kind)i;
            return true;
        }
    }
    return false;
}

const char *paper_type_right(enum paper_type type)
{
    static const char *const right[PAPER_TYPES] = {
        [PAPER_TEXT] = "a text of 1 to 240 bytes",
        [PAPER_ID] = "a text of 1 to 64 bytes",
        [PAPER_NUMBER] =
            "a number that is not negative, at most 9223372036, of at most nine decimals",
        [PAPER_COUNT] = "a whole number from 1 on",
        [PAPER_TIME] =
            "a time with its offset, such as 2026-03-10T08:00:00+08:00, from 2000 to 2099",
        [PAPER_PERIOD] = ("a year (2026), quarter (2026-Q1), month (2026-03), ten-day period "
                          "(2026-03-X1) or production day (2026-03-10)"),
        [PAPER_CREW] = "a crew of plant.json",
        [PAPER_ITEM] = "an item of plant.json",
        [PAPER_METERS] = "a list of meters of plant.json, such as [\"E02\", \"E03\"]",
    };
    REQUIRE(type < PAPER_TYPES);
    return right[type];
}

struct paper paper_empty(enum paper_kind kind)
{
    REQUIRE(kind < PAPER_KINDS);
    return (struct paper){.kind = kind,
                          .item = {CATALOG_NONE},
                          .crew = {CATALOG_NONE},
                          .to_crew = {CATALOG_NONE},
                          .period = {.kind = PERIOD_KINDS},
                          .from_us = PAPER_NOT_GIVEN,
                          .amount_e9 = PAPER_NOT_GIVEN,
                          .target_e9 = PAPER_NOT_GIVEN,
                          .limit_e9 = PAPER_NOT_GIVEN,
                          .tonnes_e9 = PAPER_NOT_GIVEN,
                          .rate_e9 = PAPER_NOT_GIVEN,
                          .opening_e9 = PAPER_NOT_GIVEN,
                          .sunk_e9 = PAPER_NOT_GIVEN,
                          .saving_e9 = PAPER_NOT_GIVEN,
                          .life_years = PAPER_NOT_GIVEN,
                          .hurdle_e9 = PAPER_NOT_GIVEN};
}

/* A field as bytes of a digest: a text with its NUL, anything else as it lies. */
static uint64_t mix(uint64_t sum, const struct paper *paper, const struct paper_field *field)
{
    static const size_t sizes[PAPER_TYPES] = {
        [PAPER_NUMBER] = sizeof paper->amount_e9, [PAPER_COUNT] = sizeof paper->life_years,
        [PAPER_TIME] = sizeof paper->from_us,     [PAPER_CREW] = sizeof paper->crew,
        [PAPER_ITEM] = sizeof paper->item,
    };
    const char *at = (const char *)paper + field->offset;
    if (field->type == PAPER_PERIOD) { /* a struct has padding */
        const int64_t words[] = {paper->period.kind, paper->period.from_day};
        return XXH3_64bits_withSeed(words, sizeof words, sum);
    }
    if (sizes[field->type] > 0) {
        return XXH3_64bits_withSeed(at, sizes[field->type], sum);
    }
    const char *text = *(const char *const *)(const void *)at;
    return text == NULL ? XXH3_64bits_withSeed("", 0, sum)
                        : XXH3_64bits_withSeed(text, strlen(text) + 1, sum);
}

uint64_t paper_digest(const struct paper *paper)
{
    const struct paper_form *form = paper_form(paper->kind);
    REQUIRE(paper->by != NULL);
    uint64_t sum = XXH3_64bits(form->event, strlen(form->event));
    sum = XXH3_64bits_withSeed(paper->by, strlen(paper->by) + 1, sum);
    for (size_t i = 0; i < form->field_count; i++) {
        sum = mix(sum, paper, &form->fields[i]);
    }
    return sum;
}

static const char *const state_names[PAPER_STATES] = {
    [PAPER_NOTED] = "noted",       [PAPER_PROPOSED] = "proposed", [PAPER_IN_FORCE] = "in_force",
    [PAPER_DECLINED] = "declined", [PAPER_OPEN] = "open",         [PAPER_CLOSED] = "closed",
};

const char *paper_state_name(enum paper_state state)
{
    REQUIRE(state < PAPER_STATES);
    return state_names[state];
}

bool paper_state_find(const char *name, enum paper_state *state)
{
    for (int i = 0; i < PAPER_STATES; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *state = (enum paper_state)i;
            return true;
        }
    }
    return false;
}
