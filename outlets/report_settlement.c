/* report settlement: what each crew gets back of its risk pool for a period; a line of the rule a
 * row, and a row with an empty line for all of them; behind it, for who may see them, a row a
 * person of the crew. */
#include "report_settlement.h"

#include "memory.h"
#include "people.h"
#include "period.h"
#include "settlement.h"
#include "settlement_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define FEN_DECIMALS 2
#define POINT_PLACES 3

enum {
    COLUMN_PERIOD,
    COLUMN_CREW,
    COLUMN_RETURNED = 10,
    COLUMN_PROVISIONAL = 12,
    COLUMN_REWARD = 14,
    COLUMN_PERSON,
    COLUMN_SHARE
};
static const struct table_column columns[] = {
    {"period", TABLE_TEXT},         {"crew", TABLE_TEXT},        {"line", TABLE_TEXT},
    {"unit", TABLE_TEXT},           {"used", TABLE_DECIMAL},     {"target", TABLE_DECIMAL},
    {"limit", TABLE_DECIMAL},       {"weight", TABLE_DECIMAL},   {"points", TABLE_DECIMAL},
    {"pool", TABLE_DECIMAL},        {"returned", TABLE_DECIMAL}, {"forfeited", TABLE_DECIMAL},
    {"provisional", TABLE_BOOLEAN}, {"veto", TABLE_TEXT},        {"reward", TABLE_DECIMAL},
    {"person", TABLE_TEXT},         {"share", TABLE_DECIMAL},
};

/* A row a period, crew and quota. `unknown`: crew-shifts that used something of which nobody knows
 * yet what was allowed. What was transferred or carried counts where its own period lies within the
 * settlement's. */
static const char balances_sql[] =
    "SELECT b.period, c.id AS crew, q.id AS quota, i.unit, i.decimals,"
    "  i.division_base, SUM(b.used), SUM(b.target), SUM(b.allowed), SUM(b.unknown),"
    "  MAX(b.provisional)"
    " FROM (SELECT period_of(:kind, day) AS period, day, crew, quota, used_base AS used,"
    "    allowed_target_base AS target, allowed_limit_base AS allowed,"
    "    allowed_limit_base IS NULL AND used_base <> 0 AS unknown, provisional FROM crew_balance"
    "   UNION ALL SELECT period_of(:kind, period_from(period)), period_from(period), crew, quota,"
    "    0, target_base, limit_base, 0, 0 FROM quota_held WHERE kind = 'crew_period'"
    "    AND period_of(:kind, period_from(period)) = period_of(:kind, period_until(period) - 1)) b"
    "  JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item JOIN crew c ON c.no = b.crew"
    " WHERE b.crew <> 0 AND (:day IS NULL OR b.day = CAST(:day AS INTEGER)) AND (:crew IS NULL OR "
    "c.id = :crew)"
    "  AND (:period IS NULL OR b.day >= period_from(:period) AND b.day < period_until(:period))"
    " GROUP BY 1, 2, 3 ORDER BY period_from(b.period), 2, 3";

/* The crew and period whose rows are being read. */
struct account {
    const struct report_source *source;
    const struct settlement_facts *facts;
    struct table *table;
    bool any;
    char period[PERIOD_TEXT_MAX];
    char crew[CATALOG_ID_MAX + 1];
    bool provisional;
    struct settlement_line lines[SETTLEMENT_LINES_MAX];
    char units[SETTLEMENT_LINES_MAX][CATALOG_UNIT_MAX + 1];
    unsigned decimals[SETTLEMENT_LINES_MAX];
};

static const struct settlement_rule *rule_of(const struct account *account)
{
    return &account->source->rules->settlement;
}

static void begin(struct account *account, const char *period, const char *crew)
{
    *account = (struct account){
        .source = account->source, .facts = account->facts, .table = account->table, .any = true};
    snprintf(account->period, sizeof account->period, "%s", period);
    snprintf(account->crew, sizeof account->crew, "%s", crew);
    for (uint32_t i = 0; i < rule_of(account)->line_count; i++) {
        account->lines[i].weight_e3 = rule_of(account)->lines[i].weight_e3;
        account->lines[i].division_base = 1;
    }
}

static int64_t bonus_fen(const struct account *account)
{
    const struct settlement_rule *rule = rule_of(account);
    crew_id crew;
    bool own = catalog_find_crew(account->source->catalog, account->crew, &crew) &&
               rule->crew_bonus_fen[crew.index] != COSTING_UNKNOWN;
    return own ? rule->crew_bonus_fen[crew.index] : rule->bonus_fen;
}

/* What a row has to say beside the account's names. */
struct figures {
    const char *line, *unit;
    const struct settlement_line *quantities; /* NULL: of the total */
    unsigned decimals;
    int64_t weight_e3;
    const struct fraction *points; /* NULL: not known */
    bool settled;                  /* all points are known: so is the money */
    int64_t pool_fen, returned_fen, forfeited_fen;
    const char *veto, *reward;
};

static void add_row(const struct account *account, const struct figures *figures)
{
    char quantities[3][QUANTITY_TEXT_MAX], weight[QUANTITY_TEXT_MAX], points[FRACTION_TEXT_MAX];
    char money[3][QUANTITY_TEXT_MAX];
    const struct settlement_line *line = figures->quantities;
    bool known = line != NULL && line->known, scored = figures->points != NULL;
    if (known) {
        quantity_to_text(line->used_base, figures->decimals, quantities[0]);
        quantity_to_text(line->target_base, figures->decimals, quantities[1]);
        quantity_to_text(line->limit_base, figures->decimals, quantities[2]);
    }
    quantity_to_text(figures->weight_e3, POINT_PLACES, weight);
    quantity_to_text(figures->pool_fen, FEN_DECIMALS, money[0]);
    quantity_to_text(figures->returned_fen, FEN_DECIMALS, money[1]);
    quantity_to_text(figures->forfeited_fen, FEN_DECIMALS, money[2]);
    const char *const values[] = {
        account->period,
        account->crew,
        figures->line,
        figures->unit,
        known ? quantities[0] : NULL,
        known ? quantities[1] : NULL,
        known ? quantities[2] : NULL,
        weight,
        scored ? fraction_to_text(figures->points, POINT_PLACES, points) : NULL,
        money[0],
        figures->settled ? money[1] : NULL,
        figures->settled ? money[2] : NULL,
        account->provisional ? "1" : "0",
        figures->veto,
        figures->reward,
        NULL,
        NULL,
    };
    table_add(account->table, values);
}

static void add_lines(const struct account *account, const struct settled *settled,
                      const char *veto)
{
    const struct settlement_rule *rule = rule_of(account);
    for (uint32_t i = 0; i < rule->line_count; i++) {
        const struct settled_line *line = &settled->lines[i];
        const struct figures figures = {
            .line = rule->lines[i].quota,
            .unit = account->units[i],
            .quantities = &account->lines[i],
            .decimals = account->decimals[i],
            .weight_e3 = rule->lines[i].weight_e3,
            .points = line->points,
            .settled = settled->points != NULL,
            .pool_fen = line->pool_fen,
            .returned_fen = line->returned_fen,
            .forfeited_fen = line->forfeited_fen,
            .veto = veto,
        };
        add_row(account, &figures);
    }
}

/* The stepped reward for steel beyond what was planned; none where the period is vetoed. NULL:
 * there is no such rule, or nobody knows. */
static const char *reward_of(const struct account *account, struct period period, bool vetoed,
                             int64_t *reward_fen, char text[QUANTITY_TEXT_MAX])
{
    const struct settlement_rule *rule = rule_of(account);
    int64_t over_e2 = 0;
    *reward_fen = 0;
    if (rule->step_e2 == 0 || !settlement_over_plan_e2(account->facts, account->source,
                                                       account->crew, period, &over_e2)) {
        return NULL;
    }
    if (!vetoed) {
        int64_t steps = settlement_steps(over_e2, rule->step_threshold_e2, rule->step_e2);
        REQUIRE(quantity_multiply_divide(steps, rule->step_reward_fen, 1, reward_fen));
    }
    return quantity_to_text(*reward_fen, FEN_DECIMALS, text);
}

/* What comes back, and the reward, divided over the people of the crew. */
static void add_people(const struct account *account, const struct settled *settled,
                       int64_t reward_fen, const char *reward)
{
    const struct people *people = account->source->people;
    size_t count = people == NULL ? 0 : people_count(people, account->crew);
    if (count == 0 || settled->points == NULL) {
        return;
    }
    int64_t *shares = memory_zeroed(count, sizeof *shares);
    int64_t *returned_fen = memory_zeroed(count, sizeof *returned_fen);
    int64_t *rewards_fen = memory_zeroed(count, sizeof *rewards_fen);
    for (size_t i = 0; i < count; i++) {
        people_person(people, account->crew, i, &shares[i]);
    }
    settlement_divide(settled->returned_fen, shares, count, returned_fen);
    settlement_divide(reward_fen, shares, count, rewards_fen);
    for (size_t i = 0; i < count; i++) {
        char money[2][QUANTITY_TEXT_MAX], share[QUANTITY_TEXT_MAX];
        const char *const values[COUNT(columns)] = {
            [COLUMN_PERIOD] = account->period,
            [COLUMN_CREW] = account->crew,
            [COLUMN_RETURNED] = quantity_to_text(returned_fen[i], FEN_DECIMALS, money[0]),
            [COLUMN_PROVISIONAL] = account->provisional ? "1" : "0",
            [COLUMN_REWARD] =
                reward == NULL ? NULL : quantity_to_text(rewards_fen[i], FEN_DECIMALS, money[1]),
            [COLUMN_PERSON] = people_person(people, account->crew, i, &shares[i]),
            [COLUMN_SHARE] = quantity_to_text(shares[i], POINT_PLACES, share),
        };
        table_add(account->table, values);
    }
    free(rewards_fen);
    free(returned_fen);
    free(shares);
}

/* Settles the account whose rows have all been read. */
static void finish(const struct account *account)
{
    const struct settlement_rule *rule = rule_of(account);
    struct sheet sheet = {0};
    struct settled settled;
    struct period period;
    char vetoes[SETTLEMENT_VETO_MAX], rewarded[QUANTITY_TEXT_MAX];
    int64_t weight_e3 = 0, reward_fen = 0;
    if (!account->any) {
        return;
    }
    REQUIRE(period_parse(account->period, &period));
    const char *veto = settlement_veto(account->facts, account->crew, period, vetoes);
    int64_t pool_fen = settlement_pool_fen(bonus_fen(account), rule->pool_e4);
    settlement_settle(&sheet, account->lines, rule->line_count, pool_fen, veto != NULL, &settled);
    const char *reward = reward_of(account, period, veto != NULL, &reward_fen, rewarded);
    for (uint32_t i = 0; i < rule->line_count; i++) {
        weight_e3 += rule->lines[i].weight_e3;
    }
    add_lines(account, &settled, veto);
    const struct figures total = {.line = "",
                                  .unit = "",
                                  .weight_e3 = weight_e3,
                                  .points = settled.points,
                                  .settled = settled.points != NULL,
                                  .pool_fen = settled.pool_fen,
                                  .returned_fen = settled.returned_fen,
                                  .forfeited_fen = settled.forfeited_fen,
                                  .veto = veto,
                                  .reward = reward};
    add_row(account, &total);
    add_people(account, &settled, reward_fen, reward);
    sheet_clear(&sheet);
}

static int64_t number(const char *text)
{
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static bool take_balance(void *context, const struct reader_row *row)
{
    enum { PERIOD, CREW, QUOTA, UNIT, DECIMALS, DIVISION, USED, TARGET, LIMIT, UNKNOWN, OPEN };
    struct account *account = context;
    const char *const *values = row->values;
    if (!account->any || strcmp(account->period, values[PERIOD]) != 0 ||
        strcmp(account->crew, values[CREW]) != 0) {
        finish(account);
        begin(account, values[PERIOD], values[CREW]);
    }
    for (uint32_t i = 0; i < rule_of(account)->line_count; i++) {
        if (strcmp(rule_of(account)->lines[i].quota, values[QUOTA]) != 0) {
            continue;
        }
        struct settlement_line *line = &account->lines[i];
        line->known = values[LIMIT] != NULL && number(values[UNKNOWN]) == 0;
        line->used_base = number(values[USED]);
        line->target_base = number(values[TARGET]);
        line->limit_base = number(values[LIMIT]);
        line->division_base = number(values[DIVISION]);
        account->decimals[i] = (unsigned)number(values[DECIMALS]);
        snprintf(account->units[i], sizeof account->units[i], "%s", values[UNIT]);
        account->provisional = account->provisional || number(values[OPEN]) != 0;
    }
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    const struct settlement_rule *rule = &source->rules->settlement;
    struct account account = {.source = source, .table = table};
    if (!rule->given) {
        return failure_set(failure, FAILURE_INPUT,
                           "report settlement: the configuration of this ledger has no "
                           "\"settlement\"; docs/configuration.md shows one");
    }
    struct settlement_facts *facts = settlement_facts_read(source, rule->period, failure);
    account.facts = facts;
    bool good = facts != NULL &&
                report_ask(source, balances_sql,
                           (struct reader_parameter){":kind", period_kind_name(rule->period)},
                           take_balance, &account, failure);
    if (good) {
        finish(&account);
    }
    settlement_facts_free(facts);
    return good;
}

const struct report_kind report_settlement_kind = {
    .name = "settlement",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day crew ",
};
