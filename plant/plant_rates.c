#include "plant_rates.h"

#include "timestamp.h"

#include <string.h>

#define RATE_DECIMALS 9                     /* struct quota: rate_e9 */
#define FACTOR_MAX_E9 INT64_C(100000000000) /* a hundredfold */
#define MONTHS 12

static const struct plant_key version_key_list[] = {
    {"from", PLANT_TEXT, true},      {"target", PLANT_DECIMAL, false},
    {"limit", PLANT_DECIMAL, true},  {"stretch", PLANT_DECIMAL, false},
    {"fixed", PLANT_DECIMAL, false}, {"fixed_target", PLANT_DECIMAL, false},
    {"grades", PLANT_OBJECT, false},
};
static const struct plant_keys version_keys = {
    "a version of a quota", version_key_list, sizeof version_key_list / sizeof version_key_list[0]};

static const struct plant_key grade_key_list[] = {
    {"target", PLANT_DECIMAL, false},
    {"limit", PLANT_DECIMAL, true},
    {"stretch", PLANT_DECIMAL, false},
};
static const struct plant_keys grade_keys = {"the rates of a grade", grade_key_list,
                                             sizeof grade_key_list / sizeof grade_key_list[0]};

static const struct plant_key season_key_list[] = {
    {"months", PLANT_LIST, true},
    {"factor", PLANT_DECIMAL, true},
};
static const struct plant_keys season_keys = {"a season", season_key_list,
                                              sizeof season_key_list / sizeof season_key_list[0]};

/* ---- Levels ---- */

static bool rate(struct plant_reader *reader, const cJSON *row, const char *key, int64_t *rate_e9)
{
    return plant_decimal(reader, row, key, RATE_DECIMALS, 0, INT64_MAX, rate_e9);
}

static bool says(const cJSON *row, const char *key)
{
    return plant_member(row, key, PLANT_DECIMAL) != NULL;
}

/* The stretch of a quota, of one of its versions or grades. Without one it is what it was, where
 * that is no more than the target now. */
static void read_stretch(struct plant_reader *reader, const cJSON *row, const struct quota *quota,
                         int64_t rate_e9[QUOTA_LEVELS])
{
    int64_t *stretch = &rate_e9[QUOTA_STRETCH];
    if (!says(row, "stretch")) {
        *stretch = *stretch < rate_e9[QUOTA_TARGET] ? *stretch : rate_e9[QUOTA_TARGET];
    } else if (!quota->has_stretch) {
        plant_mistake(reader, row, "stretch",
                      "is no level of this quota; give the quota itself a \"stretch\" first");
    } else if (rate(reader, row, "stretch", stretch) && *stretch > rate_e9[QUOTA_TARGET]) {
        plant_mistake(reader, row, "stretch",
                      "is greater than the target; the stretch is the tightest level");
    }
}

/* The rates of a quota, of one of its versions or grades. */
static void read_levels(struct plant_reader *reader, const cJSON *row, const struct quota *quota,
                        int64_t rate_e9[QUOTA_LEVELS])
{
    int64_t *target = &rate_e9[QUOTA_TARGET], *limit = &rate_e9[QUOTA_LIMIT];
    bool known = rate(reader, row, "limit", limit);
    if (!says(row, "target")) {
        *target = *limit;
    } else if (rate(reader, row, "target", target) && known && *target > *limit) {
        plant_mistake(reader, row, "target",
                      "is greater than \"limit\"; the team's target is at most the workshop's "
                      "limit");
    }
    read_stretch(reader, row, quota, rate_e9);
}

/* What a shift is allowed besides; absent in a version, it stays what it was. */
static void read_fixed(struct plant_reader *reader, const cJSON *row, const struct quota *quota,
                       int64_t fixed_e9[QUOTA_LEVELS])
{
    int64_t *target = &fixed_e9[QUOTA_TARGET], *limit = &fixed_e9[QUOTA_LIMIT];
    if (quota->basis != QUOTA_LINEAR) {
        for (int i = 0; i < 2; i++) {
            const char *key = i == 0 ? "fixed" : "fixed_target";
            if (says(row, key)) {
                plant_mistake(reader, row, key,
                              "belongs to quotas of the basis \"linear\" alone: a fixed amount a "
                              "shift, and the rate for each tonne besides");
            }
        }
        return;
    }
    bool known = says(row, "fixed") && rate(reader, row, "fixed", limit);
    if (known && !says(row, "fixed_target")) {
        *target = *limit;
    }
    if (says(row, "fixed_target") && rate(reader, row, "fixed_target", target) &&
        *target > *limit) {
        plant_mistake(reader, row, "fixed_target",
                      "is greater than \"fixed\"; the team's target is at most the workshop's "
                      "limit");
    }
    fixed_e9[QUOTA_STRETCH] = *target;
}

/* ---- Grades ---- */

static void read_grade(struct plant_reader *reader, const cJSON *value, int64_t from_us,
                       struct quota *quota)
{
    size_t length = strlen(value->string);
    if (length == 0 || length > CATALOG_ID_MAX) {
        plant_mistake(reader, value, NULL, "a grade has 1 to %d bytes", CATALOG_ID_MAX);
        return;
    }
    if (quota->grade_count == QUOTA_GRADES_MAX) {
        plant_mistake(reader, value, NULL,
                      "is one too many: a quota has at most %d rates of grades, those of its "
                      "versions included",
                      QUOTA_GRADES_MAX);
        return;
    }
    struct quota_grade *grade = &quota->grades[quota->grade_count];
    plant_object(reader, value, &grade_keys);
    memcpy(grade->grade, value->string, length + 1);
    grade->from_us = from_us;
    const int64_t *before_e9 = quota_grade_rates_e9(quota, from_us, grade->grade);
    memcpy(grade->rate_e9, before_e9, sizeof grade->rate_e9);
    read_levels(reader, value, quota, grade->rate_e9);
    quota->grade_count++;
}

/* Those of the quota itself, or of a version; absent in a version, they stay what they were. */
static void read_grades(struct plant_reader *reader, const cJSON *row, int64_t from_us,
                        struct quota *quota)
{
    const cJSON *grades = plant_member(row, "grades", PLANT_OBJECT);
    const cJSON *value = NULL;
    if (grades == NULL) {
        return;
    }
    if (!quota_sums_heats(quota)) {
        plant_mistake(reader, row, "grades",
                      "is for quotas that heats earn (per_tonne, per_heat, linear): an absolute "
                      "amount is that of all grades");
        return;
    }
    cJSON_ArrayForEach(value, grades)
    {
        read_grade(reader, value, from_us, quota);
    }
}

/* ---- Versions ---- */

/* From when on a version is in force, the one before it (NULL: it is the first) being older. */
static void read_from(struct plant_reader *reader, const cJSON *row,
                      const struct quota_version *before, struct quota_version *version)
{
    const cJSON *member = plant_member(row, "from", PLANT_TEXT);
    version->from_us = before != NULL ? before->from_us : INT64_MIN;
    if (member == NULL) {
        return; /* plant_object has said so */
    }
    int64_t from_us = 0;
    if (!timestamp_parse(member->valuestring, strlen(member->valuestring), &from_us)) {
        plant_mistake(reader, row, "from",
                      "\"%.40s\" is no time; write it with its offset, like "
                      "\"2026-03-10T08:00:00+08:00\"",
                      member->valuestring);
    } else if (before != NULL && from_us <= before->from_us) {
        plant_mistake(reader, row, "from",
                      "is not later than that of the version before it; list the versions by time, "
                      "one for each time");
    } else {
        version->from_us = from_us;
    }
}

/* Other rates from some time on; what began before is judged by the old ones. */
static void read_versions(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "versions", PLANT_LIST);
    const cJSON *value = NULL;
    if (plant_list_count(reader, list, QUOTA_VERSIONS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        struct quota_version *version = &quota->versions[quota->version_count];
        const struct quota_version *before = quota->version_count > 0 ? version - 1 : NULL;
        plant_object(reader, value, &version_keys);
        read_from(reader, value, before, version);
        memcpy(version->rate_e9, before != NULL ? before->rate_e9 : quota->rate_e9,
               sizeof version->rate_e9);
        memcpy(version->fixed_e9, before != NULL ? before->fixed_e9 : quota->fixed_e9,
               sizeof version->fixed_e9);
        read_levels(reader, value, quota, version->rate_e9);
        read_fixed(reader, value, quota, version->fixed_e9);
        quota->version_count++;
        read_grades(reader, value, version->from_us, quota);
    }
}

/* ---- Seasons ---- */

static void read_month(struct plant_reader *reader, const cJSON *value, uint16_t taken,
                       struct quota_season *season)
{
    int64_t month = 0;
    if (!plant_decimal_value(reader, value, 0, 1, MONTHS, &month)) {
        return;
    }
    uint16_t bit = (uint16_t)(1u << (month - 1));
    if (((taken | season->months) & bit) != 0) {
        plant_mistake(reader, value, NULL,
                      "month %d has a factor already; name each month once in all seasons",
                      (int)month);
    }
    season->months |= bit;
}

static void read_seasons(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "seasons", PLANT_LIST);
    const cJSON *value = NULL, *month = NULL;
    uint16_t taken = 0;
    if (plant_list_count(reader, list, QUOTA_SEASONS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        struct quota_season *season = &quota->seasons[quota->season_count++];
        plant_object(reader, value, &season_keys);
        plant_decimal(reader, value, "factor", RATE_DECIMALS, 1, FACTOR_MAX_E9, &season->factor_e9);
        const cJSON *months = plant_member(value, "months", PLANT_LIST);
        cJSON_ArrayForEach(month, months)
        {
            read_month(reader, month, taken, season);
        }
        if (months != NULL && cJSON_GetArraySize(months) == 0) {
            plant_mistake(reader, value, "months", "is empty; name the months, 1 to 12");
        }
        taken |= season->months;
    }
}

void plant_read_rates(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    quota->has_stretch = says(row, "stretch");
    read_levels(reader, row, quota, quota->rate_e9);
    read_fixed(reader, row, quota, quota->fixed_e9);
    if (quota->basis == QUOTA_LINEAR && !says(row, "fixed")) {
        plant_mistake(reader, row, "fixed",
                      "is missing: a linear quota allows a shift a fixed amount, and its rate for "
                      "each tonne besides");
    }
    read_grades(reader, row, INT64_MIN, quota);
    read_versions(reader, row, quota);
    read_seasons(reader, row, quota);
}
