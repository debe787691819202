#include "plant_adopt.h"

#include "memory.h"
#include "plant_changes.h"
#include "plant_keep.h"
#include "plant_part.h"

#include <stdlib.h>
#include <string.h>

/* The lists whose rows keep their places. The shifts may not change at all. */
static const char *const kept_lists[] = {"items", "stations", "meters", "crews", "quotas"};
#define KEPT_LISTS (sizeof kept_lists / sizeof kept_lists[0])

/* ---- One text of both ---- */

static const char *id_of(const cJSON *row)
{
    return cJSON_GetObjectItemCaseSensitive(row, "id")->valuestring; /* both texts are good */
}

/* The row of that id; mostly it is the one that is guessed. */
static const cJSON *find_row(const cJSON *list, const cJSON *guess, const char *id)
{
    if (guess != NULL && strcmp(id_of(guess), id) == 0) {
        return guess;
    }
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, list)
    {
        if (strcmp(id_of(row), id) == 0) {
            return row;
        }
    }
    return NULL;
}

static void write_value(FILE *out, const struct config_text *config, const cJSON *value)
{
    size_t length = 0;
    const char *source = config_text_source(config, value, &length);
    fwrite(source, 1, length, out);
}

/* The rows of `was` in their order, each as it is now where it still is, then those that are new.*/
static void write_list(FILE *out, const struct config_text *was, const cJSON *was_list,
                       const struct config_text *now, const cJSON *now_list)
{
    const cJSON *row = NULL;
    const cJSON *guess = now_list != NULL ? now_list->child : NULL;
    const char *between = "[";
    cJSON_ArrayForEach(row, was_list)
    {
        const cJSON *after = find_row(now_list, guess, id_of(row));
        guess = after != NULL ? after->next : guess;
        fputs(between, out);
        between = ",\n";
        write_value(out, after != NULL ? now : was, after != NULL ? after : row);
    }
    guess = was_list != NULL ? was_list->child : NULL;
    cJSON_ArrayForEach(row, now_list)
    {
        const cJSON *before = find_row(was_list, guess, id_of(row));
        guess = before != NULL ? before->next : guess;
        if (before == NULL) {
            fputs(between, out);
            between = ",\n";
            write_value(out, now, row);
        }
    }
    fputs(strcmp(between, "[") == 0 ? "[]" : "]", out);
}

static bool is_kept_list(const char *key)
{
    for (size_t i = 0; i < KEPT_LISTS; i++) {
        if (strcmp(kept_lists[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The text from which all tables can be read with every row in its place; the caller's. */
static char *join_texts(const struct config_text *was, const struct config_text *now)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    fputc('{', out);
    for (size_t i = 0; i < KEPT_LISTS; i++) {
        const char *key = kept_lists[i];
        fprintf(out, "%s\"%s\": ", i > 0 ? ",\n" : "", key);
        write_list(out, was, cJSON_GetObjectItemCaseSensitive(config_text_root(was), key), now,
                   cJSON_GetObjectItemCaseSensitive(config_text_root(now), key));
    }
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, config_text_root(now))
    {
        if (!is_kept_list(member->string)) {
            fprintf(out, ",\n\"%s\": ", member->string);
            write_value(out, now, member);
        }
    }
    fputs("}\n", out);
    fclose(out);
    return text;
}

/* ---- What the text does not say ---- */

static struct quota_bound shift_behind(const struct plant *plant, struct quota_bound bound)
{
    if (++bound.shift.index == plant->catalog.shift_count) {
        bound.shift.index = 0;
        bound.day++;
    }
    return bound;
}

static int64_t start_us(const struct plant *plant, struct quota_bound bound)
{
    return roster_shift_start_us(&plant->roster, &plant->catalog, bound.day, bound.shift);
}

/* The first shift in which nobody can have used anything yet: a crew takes over at most half a
 * shift early. */
static struct quota_bound next_shift(const struct plant *plant, int64_t at_us)
{
    struct quota_bound present = {0};
    roster_shift_at(&plant->roster, &plant->catalog, at_us, &present.day, &present.shift);
    struct quota_bound next = shift_behind(plant, present);
    int64_t begun_us = start_us(plant, present);
    int64_t middle_us = begun_us + (start_us(plant, next) - begun_us) / 2;
    return at_us < middle_us ? next : shift_behind(plant, next);
}

static bool add_grade(struct quota *quota, const struct quota_grade *grade)
{
    if (quota->grade_count == QUOTA_GRADES_MAX) {
        return false;
    }
    quota->grades[quota->grade_count++] = *grade;
    return true;
}

/* The rates that a grade has of its own at an instant; NULL: none. */
static const int64_t *own_rates_e9(const struct quota *quota, int64_t at_us, const char *grade)
{
    const int64_t *rates_e9 = quota_grade_rates_e9(quota, at_us, grade);
    return rates_e9 != quota_rates_e9(quota, at_us) ? rates_e9 : NULL;
}

/* From the change on a grade has the rates that the new text gives it, or none of its own. */
static bool change_grade(const struct quota *text, struct quota *quota, const char *grade,
                         int64_t at_us)
{
    const int64_t *was_e9 = own_rates_e9(quota, at_us, grade);
    const int64_t *now_e9 = own_rates_e9(text, at_us, grade);
    struct quota_grade row = {.from_us = at_us};
    if (was_e9 == now_e9 ||
        (was_e9 != NULL && now_e9 != NULL && memcmp(was_e9, now_e9, sizeof row.rate_e9) == 0)) {
        return true;
    }
    memcpy(row.grade, grade, strlen(grade) + 1);
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        row.rate_e9[level] = now_e9 != NULL ? now_e9[level] : QUOTA_NO_RATE;
    }
    return add_grade(quota, &row);
}

/* Former rates of grades up to the change, the new text's from then on. False: too many. */
static bool carry_grades(const struct quota *was, struct quota *quota, int64_t at_us)
{
    const struct quota text = *quota;
    bool good = true;
    quota->grade_count = 0;
    for (uint32_t i = 0; i < was->grade_count && was->grades[i].from_us < at_us; i++) {
        good = good && add_grade(quota, &was->grades[i]);
    }
    for (uint32_t i = 0; i < was->grade_count; i++) {
        good = good && change_grade(&text, quota, was->grades[i].grade, at_us);
    }
    for (uint32_t i = 0; i < text.grade_count; i++) {
        good = good && (text.grades[i].from_us > at_us
                            ? add_grade(quota, &text.grades[i])
                            : change_grade(&text, quota, text.grades[i].grade, at_us));
    }
    return good;
}

/* Former rates up to the change, the new text's from then on. False: there are too many. */
static bool carry_rates(const struct quota *was, struct quota *quota, int64_t at_us)
{
    const struct quota text = *quota;
    const int64_t *rates_e9 = quota_rates_e9(&text, at_us);
    const int64_t *fixed_e9 = quota_fixed_e9(&text, at_us);
    memcpy(quota->rate_e9, was->rate_e9, sizeof quota->rate_e9);
    memcpy(quota->fixed_e9, was->fixed_e9, sizeof quota->fixed_e9);
    quota->version_count = 0;
    while (quota->version_count < was->version_count &&
           was->versions[quota->version_count].from_us < at_us) {
        quota->versions[quota->version_count] = was->versions[quota->version_count];
        quota->version_count++;
    }
    uint32_t next = 0;
    while (next < text.version_count && text.versions[next].from_us <= at_us) {
        next++;
    }
    bool other = memcmp(quota_rates_e9(quota, at_us), rates_e9, sizeof quota->rate_e9) != 0 ||
                 memcmp(quota_fixed_e9(quota, at_us), fixed_e9, sizeof quota->fixed_e9) != 0;
    if (quota->version_count + (other ? 1 : 0) + text.version_count - next > QUOTA_VERSIONS_MAX) {
        return false;
    }
    if (other) {
        struct quota_version *version = &quota->versions[quota->version_count++];
        version->from_us = at_us;
        memcpy(version->rate_e9, rates_e9, sizeof version->rate_e9);
        memcpy(version->fixed_e9, fixed_e9, sizeof version->fixed_e9);
    }
    for (; next < text.version_count; next++) {
        quota->versions[quota->version_count++] = text.versions[next];
    }
    return true;
}

static bool carry_quotas(const struct plant *former, const struct plant *alone, struct plant *next,
                         int64_t at_us, struct failure *failure)
{
    struct quota_bound bound = next_shift(next, at_us + alone->skew_us);
    for (uint32_t i = former->quota_count; i < next->quota_count; i++) {
        next->quotas[i].from = bound;
    }
    for (uint32_t i = 0; i < former->quota_count; i++) {
        const struct quota *was = &former->quotas[i];
        struct quota *quota = &next->quotas[i];
        bool there = false;
        for (uint32_t k = 0; k < alone->quota_count && !there; k++) {
            there = strcmp(alone->quotas[k].id, was->id) == 0;
        }
        if (!there) {
            *quota = *was; /* its indices mean the same rows */
            quota->until = was->retired ? was->until : bound;
            quota->retired = true;
            continue;
        }
        quota->from = was->from;
        if (!carry_grades(was, quota, at_us) || !carry_rates(was, quota, at_us)) {
            return failure_set(failure, FAILURE_INPUT,
                               "quota \"%s\" would have had more than %d versions of its rates, or "
                               "%d of those of grades, in this ledger; take it out and declare one "
                               "of another id",
                               was->id, QUOTA_VERSIONS_MAX, QUOTA_GRADES_MAX);
        }
    }
    return true;
}

/* Rows of `next` that `alone`, the new text by itself, does not have. */
static void retire(const struct plant *alone, struct plant *next)
{
    const struct catalog *text = &alone->catalog;
    struct catalog *catalog = &next->catalog;
    item_id item;
    station_id station;
    meter_id meter;
    crew_id crew;
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        catalog->items[i].retired = !catalog_find_item(text, catalog->items[i].id, &item);
    }
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        catalog->stations[i].retired =
            !catalog_find_station(text, catalog->stations[i].id, &station);
    }
    for (uint32_t i = 0; i < catalog->crew_count; i++) {
        catalog->crews[i].retired = !catalog_find_crew(text, catalog->crews[i].id, &crew);
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        catalog->meters[i].retired = !catalog_find_meter(text, catalog->meters[i].id, &meter);
        if (catalog->meters[i].retired) {
            catalog->meters[i].stale_us = 0; /* that it is silent is no news */
        }
    }
}

/* ---- The whole ---- */

/* The new text by itself, and held against the one in force; NULL after a mistake. */
static struct plant *read_alone(const struct plant *former, const char *name, const char *text,
                                int64_t at_us, FILE *out, struct failure *failure)
{
    struct plant_findings *findings = memory_zeroed(1, sizeof *findings);
    struct plant *alone = plant_build(name, text, &former->roster.zone, NULL, findings);
    if (alone != NULL && findings->counts[PLANT_MISTAKE] == 0) {
        struct failure none = {0};
        struct config_text *config = config_text_parse(name, text, &none);
        struct plant_reader reader = {
            .name = name, .config = config, .plant = alone, .findings = findings};
        int64_t skew_us = former->skew_us > alone->skew_us ? former->skew_us : alone->skew_us;
        plant_keep_check(&reader, former, at_us + skew_us);
        plant_findings_sort(findings);
        config_text_free(config);
    }
    if (out != NULL && findings->counts[PLANT_MISTAKE] > 0) {
        plant_findings_print(findings, out);
    }
    if (!plant_findings_verdict(findings, failure)) {
        plant_free(alone);
        alone = NULL;
    }
    plant_findings_clear(findings);
    free(findings);
    return alone;
}

/* Both texts together: all tables. */
static struct plant *read_whole(const struct plant *former, const struct config_text *was,
                                const struct config_text *now, const char *name,
                                struct failure *failure)
{
    char *whole_text = join_texts(was, now);
    struct failure because = {0};
    struct plant *next =
        plant_read("it and former rows", whole_text, &former->roster.zone, &because);
    if (next == NULL) {
        failure_set(failure, FAILURE_INPUT,
                    "%s: does not go together with rows of former configurations of this ledger: "
                    "%s",
                    name, because.text);
        free(whole_text);
        return NULL;
    }
    next->whole_text = whole_text;
    return next;
}

static const char *whole_text_of(const struct plant *plant)
{
    return plant->whole_text != NULL ? plant->whole_text : plant->text;
}

struct plant *plant_adopt(const struct plant *former, const char *name, const char *text,
                          int64_t at_us, FILE *out, struct failure *failure)
{
    struct plant *alone = read_alone(former, name, text, at_us, out, failure);
    if (alone == NULL) {
        return NULL;
    }
    struct config_text *was = config_text_parse("former", whole_text_of(former), failure);
    struct config_text *was_alone = config_text_parse("former", former->text, failure);
    struct config_text *now = config_text_parse(name, text, failure);
    REQUIRE(was != NULL && was_alone != NULL && now != NULL);
    struct plant *next = read_whole(former, was, now, name, failure);
    if (next != NULL) {
        free(next->text);
        next->text = memory_text(text);
        retire(alone, next);
        if (!carry_quotas(former, alone, next, at_us, failure)) {
            plant_free(next);
            next = NULL;
        }
    }
    if (next != NULL && out != NULL) {
        plant_changes_print(config_text_root(was_alone), config_text_root(now), out);
    }
    config_text_free(was);
    config_text_free(was_alone);
    config_text_free(now);
    plant_free(alone);
    return next;
}

void plant_exchange(struct plant *plant, struct plant *other)
{
    struct plant kept = *plant;
    *plant = *other;
    *other = kept;
}
