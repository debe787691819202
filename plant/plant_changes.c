#include "plant_changes.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <string.h>

/* Lists whose rows have ids, and the word for a row. */
static const struct {
    const char *key, *word;
} row_lists[] = {
    {"items", "item"},   {"stations", "station"}, {"meters", "meter"}, {"virtual", "virtual meter"},
    {"shifts", "shift"}, {"crews", "crew"},       {"quotas", "quota"},
};
#define ROW_LISTS (sizeof row_lists / sizeof row_lists[0])

static const char *id_of(const cJSON *row)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "id"));
}

/* Walks both lists at once for as long as their rows stand in the same order. */
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

static void print_key(FILE *out, const char *word, const char *id, const char *key, bool *any)
{
    if (*any) {
        fprintf(out, ", %s", key);
    } else {
        fprintf(out, "%s %s: %s", word, id, key);
    }
    *any = true;
}

/* The keys in which two rows differ, those that are gone last. */
static bool print_row(FILE *out, const char *word, const cJSON *was, const cJSON *now)
{
    const cJSON *member = NULL;
    bool any = false;
    cJSON_ArrayForEach(member, now)
    {
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(was, member->string);
        if (before == NULL || !cJSON_Compare(before, member, true)) {
            print_key(out, word, id_of(now), member->string, &any);
        }
    }
    cJSON_ArrayForEach(member, was)
    {
        if (cJSON_GetObjectItemCaseSensitive(now, member->string) == NULL) {
            print_key(out, word, id_of(now), member->string, &any);
        }
    }
    if (any) {
        fputc('\n', out);
    }
    return any;
}

static unsigned print_list(FILE *out, const char *word, const cJSON *was, const cJSON *now)
{
    const cJSON *row = NULL;
    const cJSON *guess = was != NULL ? was->child : NULL;
    unsigned lines = 0;
    cJSON_ArrayForEach(row, now)
    {
        const cJSON *before = find_row(was, guess, id_of(row));
        guess = before != NULL ? before->next : guess;
        if (before == NULL) {
            fprintf(out, "%s %s: new\n", word, id_of(row));
            lines++;
        } else {
            lines += print_row(out, word, before, row) ? 1 : 0;
        }
    }
    guess = now != NULL ? now->child : NULL;
    cJSON_ArrayForEach(row, was)
    {
        const cJSON *after = find_row(now, guess, id_of(row));
        guess = after != NULL ? after->next : guess;
        if (after == NULL) {
            fprintf(out, "%s %s: taken out\n", word, id_of(row));
            lines++;
        }
    }
    return lines;
}

static bool has_rows(const char *key)
{
    for (size_t i = 0; i < ROW_LISTS; i++) {
        if (strcmp(row_lists[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

unsigned plant_changes_print(const cJSON *was, const cJSON *now, FILE *out)
{
    const cJSON *member = NULL;
    unsigned lines = 0;
    for (size_t i = 0; i < ROW_LISTS; i++) {
        lines += print_list(out, row_lists[i].word,
                            cJSON_GetObjectItemCaseSensitive(was, row_lists[i].key),
                            cJSON_GetObjectItemCaseSensitive(now, row_lists[i].key));
    }
    cJSON_ArrayForEach(member, now)
    {
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(was, member->string);
        if (!has_rows(member->string) && (before == NULL || !cJSON_Compare(before, member, true))) {
            fprintf(out, "%s: %s\n", member->string, before == NULL ? "new" : "changed");
            lines++;
        }
    }
    cJSON_ArrayForEach(member, was)
    {
        if (!has_rows(member->string) &&
            cJSON_GetObjectItemCaseSensitive(now, member->string) == NULL) {
            fprintf(out, "%s: taken out\n", member->string);
            lines++;
        }
    }
    return lines;
}
