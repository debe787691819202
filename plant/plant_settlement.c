/* Planned steel, and how crews are settled with. */
#include "costing_rules.h"
#include "memory.h"
#include "plant_part.h"
#include "settlement.h"

#include <string.h>

#define PLANS_MAX 100000
#define PERCENT_E4 2 /* decimals of a percent in 10^-4 */
#define FEN_DECIMALS 2
#define WEIGHT_DECIMALS 3
#define TONNE_DECIMALS 6 /* grams */
#define POOL_DEFAULT_E4 4000

/* ---- Planned steel ---- */

static const struct plant_key plan_key_list[] = {
    {"period", PLANT_TEXT, true},
    {"crew", PLANT_TEXT, false},
    {"tonnes", PLANT_DECIMAL, true},
};
static const struct plant_keys plan_keys = {"a plan", plan_key_list,
                                            sizeof plan_key_list / sizeof plan_key_list[0]};

static bool read_crew(struct plant_reader *reader, const cJSON *row, crew_id *crew)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *value = plant_member(row, "crew", PLANT_TEXT);
    uint32_t found = CATALOG_NONE;
    bool good =
        value == NULL || plant_reference(reader, value, "crew", catalog->crews, catalog->crew_count,
                                         sizeof *catalog->crews, &found);
    crew->index = (uint16_t)found;
    return good;
}

static void read_plans(struct plant_reader *reader, const cJSON *root)
{
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *row = NULL;
    uint32_t count = 0;
    const cJSON *list = plant_rows(reader, root, "plan", PLANS_MAX, &count);
    rules->plans = memory_zeroed((size_t)count + 1, sizeof *rules->plans);
    cJSON_ArrayForEach(row, list)
    {
        struct planned_steel *plan = &rules->plans[rules->plan_count];
        plant_object(reader, row, &plan_keys);
        bool good = plant_period(reader, row, "period", &plan->period);
        good = read_crew(reader, row, &plan->crew) && good;
        good = plant_decimal(reader, row, "tonnes", TONNE_DECIMALS, 0, INT64_MAX, &plan->steel_g) &&
               good;
        if (good && costing_planned_g(rules, plan->period, plan->crew) >= 0) {
            plant_mistake(reader, row, "period", "is planned twice%s; keep one of the rows",
                          plan->crew.index == CATALOG_NONE ? "" : " for that crew");
        }
        rules->plan_count += good ? 1 : 0;
    }
}

/* ---- Settlement ---- */

static const struct plant_key settlement_key_list[] = {
    {"period", PLANT_TEXT, false},      {"pool_pct", PLANT_DECIMAL, false},
    {"bonus", PLANT_DECIMAL, true},     {"bonuses", PLANT_OBJECT, false},
    {"lines", PLANT_LIST, true},        {"steps", PLANT_OBJECT, false},
    {"people_file", PLANT_TEXT, false},
};
static const struct plant_keys settlement_keys = {"\"settlement\"", settlement_key_list,
                                                  sizeof settlement_key_list /
                                                      sizeof settlement_key_list[0]};
static const struct plant_key line_key_list[] = {
    {"quota", PLANT_TEXT, true},
    {"weight", PLANT_DECIMAL, true},
};
static const struct plant_keys line_keys = {"a line of the settlement", line_key_list,
                                            sizeof line_key_list / sizeof line_key_list[0]};
static const struct plant_key steps_key_list[] = {
    {"threshold_pct", PLANT_DECIMAL, false},
    {"step_pct", PLANT_DECIMAL, true},
    {"reward", PLANT_DECIMAL, true},
};
static const struct plant_keys steps_keys = {"\"steps\"", steps_key_list,
                                             sizeof steps_key_list / sizeof steps_key_list[0]};
static const char *const period_words[] = {"day", "ten_days", "month"};
static const enum period_kind period_kinds[] = {PERIOD_DAY, PERIOD_TEN_DAYS, PERIOD_MONTH};

static bool is_line(const struct settlement_rule *rule, const char *quota)
{
    for (uint32_t i = 0; i < rule->line_count; i++) {
        if (strcmp(rule->lines[i].quota, quota) == 0) {
            return true;
        }
    }
    return false;
}

/* A line's quota must be judged for crew-shifts: a crew is settled with. */
static void read_line(struct plant_reader *reader, const cJSON *row, struct settlement_rule *rule)
{
    const struct plant *plant = reader->plant;
    const cJSON *value = plant_member(row, "quota", PLANT_TEXT);
    struct settlement_rule_line *line = &rule->lines[rule->line_count];
    uint32_t found = 0;
    plant_object(reader, row, &line_keys);
    bool good = plant_decimal(reader, row, "weight", WEIGHT_DECIMALS, 0, INT64_C(1000000000),
                              &line->weight_e3);
    if (value == NULL || !plant_reference(reader, value, "quota", plant->quotas, plant->quota_count,
                                          sizeof *plant->quotas, &found)) {
        return;
    }
    if (!plant->quotas[found].of_crews) {
        plant_mistake(reader, value, NULL,
                      "quota \"%s\" is not judged for crew-shifts; add \"crew\" to its \"scopes\"",
                      plant->quotas[found].id);
    } else if (plant->quotas[found].soft) {
        plant_mistake(reader, value, NULL,
                      "quota \"%s\" is a soft target (\"hard\": false): it is aimed at and costs "
                      "nobody money; leave the line out, or make the quota hard",
                      plant->quotas[found].id);
    } else if (is_line(rule, plant->quotas[found].id)) {
        plant_mistake(reader, value, NULL, "is a line already; a quota is one line");
    } else if (good) {
        memcpy(line->quota, plant->quotas[found].id, sizeof line->quota);
        rule->line_count++;
    }
}

static void read_lines(struct plant_reader *reader, const cJSON *object,
                       struct settlement_rule *rule)
{
    const cJSON *list = plant_member(object, "lines", PLANT_LIST);
    const cJSON *row = NULL;
    int64_t weight_e3 = 0;
    if (list == NULL ||
        plant_list_count(reader, list, COSTING_LINES_MAX) < (uint32_t)cJSON_GetArraySize(list)) {
        return;
    }
    cJSON_ArrayForEach(row, list)
    {
        read_line(reader, row, rule);
    }
    for (uint32_t i = 0; i < rule->line_count; i++) {
        weight_e3 += rule->lines[i].weight_e3;
    }
    if (weight_e3 == 0) {
        plant_mistake(reader, list, NULL, "have no weight above 0, so there is nothing to score");
    }
}

static void read_bonuses(struct plant_reader *reader, const cJSON *object,
                         struct settlement_rule *rule)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *value = NULL;
    crew_id crew;
    plant_decimal(reader, object, "bonus", FEN_DECIMALS, 0, INT64_MAX / 10000, &rule->bonus_fen);
    cJSON_ArrayForEach(value, plant_member(object, "bonuses", PLANT_OBJECT))
    {
        if (!catalog_find_crew(catalog, value->string, &crew)) {
            plant_mistake(reader, value, NULL, "there is no crew \"%.*s\"; name one of \"crews\"",
                          CATALOG_ID_MAX, value->string);
        } else if (!cJSON_IsNumber(value) && !cJSON_IsString(value)) {
            plant_mistake(reader, value, NULL, "must be an amount in yuan, like 12000");
        } else {
            plant_decimal_value(reader, value, FEN_DECIMALS, 0, INT64_MAX / 10000,
                                &rule->crew_bonus_fen[crew.index]);
        }
    }
}

static void read_steps(struct plant_reader *reader, const cJSON *object,
                       struct settlement_rule *rule)
{
    const cJSON *steps = plant_member(object, "steps", PLANT_OBJECT);
    if (steps == NULL) {
        return;
    }
    plant_object(reader, steps, &steps_keys);
    plant_decimal(reader, steps, "step_pct", 2, 1, INT64_C(1000000), &rule->step_e2);
    rule->step_threshold_e2 = rule->step_e2;
    plant_decimal(reader, steps, "threshold_pct", 2, 0, INT64_C(1000000), &rule->step_threshold_e2);
    plant_decimal(reader, steps, "reward", FEN_DECIMALS, 0, INT64_MAX / 10000,
                  &rule->step_reward_fen);
}

/* Only its name: names and shares are nobody's business here, and the report finds it wherever it
 * runs. */
static void read_people_file(struct plant_reader *reader, const cJSON *object,
                             struct settlement_rule *rule)
{
    if (plant_text(reader, object, "people_file", rule->people_file, COSTING_PATH_MAX) &&
        rule->people_file[0] != '\0' && rule->people_file[0] != '/') {
        plant_mistake(reader, object, "people_file",
                      "\"%s\" must be an absolute path, such as /etc/heatledger/people.json: "
                      "reports read it, and they know the ledger's directory alone",
                      rule->people_file);
    }
}

void plant_read_settlement(struct plant_reader *reader, const cJSON *root)
{
    struct settlement_rule *rule = &reader->plant->costing.settlement;
    const cJSON *object = plant_member(root, "settlement", PLANT_OBJECT);
    size_t chosen = 0;
    read_plans(reader, root);
    for (int i = 0; i < CATALOG_CREWS_MAX; i++) {
        rule->crew_bonus_fen[i] = COSTING_UNKNOWN;
    }
    rule->pool_e4 = POOL_DEFAULT_E4;
    if (object == NULL) {
        return;
    }
    rule->given = true;
    plant_object(reader, object, &settlement_keys);
    plant_choice(reader, object, "period", period_words, 3, &chosen);
    rule->period = period_kinds[chosen];
    plant_decimal(reader, object, "pool_pct", PERCENT_E4, 0, 10000, &rule->pool_e4);
    read_bonuses(reader, object, rule);
    read_lines(reader, object, rule);
    read_steps(reader, object, rule);
    read_people_file(reader, object, rule);
}
