#include "people.h"

#include "memory.h"
#include "quantity.h"
#include "settlement.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (1 << 20) /* bytes */
#define SHARE_DECIMALS 3
#define SHARE_MAX_E3 INT64_C(1000000000)

struct people {
    cJSON *root;
};

/* The text of a file that nobody but its owner may read; NULL with a failure. */
static char *read_private(const char *path, struct failure *failure)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &about) != 0) {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be read: %s", path, strerror(errno));
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    char *text = NULL;
    if (!S_ISREG(about.st_mode) || about.st_size > FILE_MAX) {
        failure_set(failure, FAILURE_INPUT, "%s: must be a file of at most %d bytes", path,
                    FILE_MAX);
    } else if ((about.st_mode & 077) != 0) {
        failure_set(failure, FAILURE_INPUT,
                    "%s: names and shares are personal, and others may read this file (mode "
                    "%03o); chmod 600 it",
                    path, (unsigned)(about.st_mode & 0777));
    } else {
        text = memory_zeroed((size_t)about.st_size + 1, 1);
        if (fread(text, 1, (size_t)about.st_size, file) != (size_t)about.st_size) {
            failure_set(failure, FAILURE_RESOURCE, "%s: cannot be read to its end", path);
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

static bool share_of(const cJSON *row, int64_t *share_e3)
{
    char number[32];
    const cJSON *share = cJSON_GetObjectItemCaseSensitive(row, "share");
    const char *text = cJSON_IsString(share) ? share->valuestring : number;
    if (cJSON_IsNumber(share)) {
        snprintf(number, sizeof number, "%.15g", share->valuedouble);
    } else if (!cJSON_IsString(share)) {
        return false;
    }
    return quantity_from_text_exact(text, strlen(text), SHARE_DECIMALS, share_e3) == QUANTITY_OK &&
           *share_e3 >= 0 && *share_e3 <= SHARE_MAX_E3;
}

static const char *name_of(const cJSON *row)
{
    const cJSON *person = cJSON_GetObjectItemCaseSensitive(row, "person");
    return cJSON_IsString(person) ? person->valuestring : NULL;
}

/* A person, and none before it in the crew of the same name. */
static bool check_person(const cJSON *crew, const cJSON *row, const char *path,
                         struct failure *failure)
{
    int64_t share_e3 = 0;
    const char *name = name_of(row);
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, row)
    {
        if (strcmp(member->string, "person") != 0 && strcmp(member->string, "share") != 0) {
            return failure_set(failure, FAILURE_INPUT,
                               "%s: crew \"%s\": unknown key \"%.40s\"; there are person and share",
                               path, crew->string, member->string);
        }
    }
    if (name == NULL || *name == '\0' || strlen(name) > PEOPLE_NAME_MAX ||
        !share_of(row, &share_e3)) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s: crew \"%s\": {\"person\": \"…\", \"share\": \"1.2\"} would be "
                           "right: a name of at most %d bytes, a share of 0 or more with at most "
                           "three decimals",
                           path, crew->string, PEOPLE_NAME_MAX);
    }
    cJSON_ArrayForEach(member, crew)
    {
        if (member == row) {
            return true;
        }
        if (strcmp(name_of(member), name) == 0) {
            break;
        }
    }
    return failure_set(failure, FAILURE_INPUT, "%s: crew \"%s\": \"%s\" stands in it twice", path,
                       crew->string, name);
}

static bool check_crew(const cJSON *crew, const char *path, struct failure *failure)
{
    const cJSON *row = NULL;
    int64_t sum_e3 = 0, share_e3 = 0;
    int count = cJSON_IsArray(crew) ? cJSON_GetArraySize(crew) : 0;
    if (count == 0 || count > SETTLEMENT_PEOPLE_MAX) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s: crew \"%.40s\": a list of 1 to %d people would be right", path,
                           crew->string, SETTLEMENT_PEOPLE_MAX);
    }
    cJSON_ArrayForEach(row, crew)
    {
        if (!check_person(crew, row, path, failure)) {
            return false;
        }
        sum_e3 += share_of(row, &share_e3) ? share_e3 : 0;
    }
    return sum_e3 > 0 || failure_set(failure, FAILURE_INPUT,
                                     "%s: crew \"%s\": no share is above 0, so nobody would get "
                                     "anything",
                                     path, crew->string);
}

struct people *people_read(const char *path, struct failure *failure)
{
    char *text = read_private(path, failure);
    if (text == NULL) {
        return NULL;
    }
    struct people *people = memory_zeroed(1, sizeof *people);
    people->root = cJSON_ParseWithOpts(text, NULL, true);
    free(text);
    bool good = cJSON_IsObject(people->root) ||
                failure_set(failure, FAILURE_INPUT,
                            "%s: is no JSON object of crews, such as {\"A\": [{\"person\": \"…\", "
                            "\"share\": \"1\"}]}",
                            path);
    const cJSON *crew = NULL;
    if (good) {
        cJSON_ArrayForEach(crew, people->root)
        {
            good = good && check_crew(crew, path, failure);
            if (good && cJSON_GetObjectItemCaseSensitive(people->root, crew->string) != crew) {
                good = failure_set(failure, FAILURE_INPUT, "%s: crew \"%s\" stands in it twice",
                                   path, crew->string);
            }
        }
    }
    if (!good) {
        people_free(people);
        return NULL;
    }
    return people;
}

void people_free(struct people *people)
{
    if (people != NULL) {
        cJSON_Delete(people->root);
        free(people);
    }
}

const char *people_crew(const struct people *people, size_t index)
{
    const cJSON *crew = cJSON_GetArrayItem(people->root, (int)index);
    return crew == NULL ? NULL : crew->string;
}

size_t people_count(const struct people *people, const char *crew)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(people->root, crew);
    return list == NULL ? 0 : (size_t)cJSON_GetArraySize(list);
}

const char *people_person(const struct people *people, const char *crew, size_t index,
                          int64_t *share_e3)
{
    const cJSON *row =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(people->root, crew), (int)index);
    REQUIRE(row != NULL && share_of(row, share_e3));
    return name_of(row);
}
