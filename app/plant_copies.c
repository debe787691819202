#include "plant_copies.h"

#include "config_text.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIXED_MAX (CATALOG_ID_MAX + 16)

static void suffixed(const char *id, unsigned copy, char text[SUFFIXED_MAX])
{
    snprintf(text, SUFFIXED_MAX, "%s-%u", id, copy);
}

/* Gives a string member of an object a suffix. */
static void suffix_member(cJSON *object, const char *key, unsigned copy)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    char text[SUFFIXED_MAX];

    if (cJSON_IsString(member)) {
        suffixed(member->valuestring, copy, text);
        REQUIRE(cJSON_ReplaceItemInObjectCaseSensitive(object, key, cJSON_CreateString(text)));
    }
}

/* Adds the copies of a list's objects behind the originals. */
static void copy_objects(cJSON *list, unsigned copies)
{
    int count = cJSON_GetArraySize(list);

    for (unsigned copy = 2; copy <= copies; copy++) {
        const cJSON *original = list->child;

        for (int i = 0; i < count && original != NULL; i++, original = original->next) {
            cJSON *object = cJSON_Duplicate(original, true);

            REQUIRE(object != NULL);
            suffix_member(object, "id", copy);
            suffix_member(object, "station", copy);
            cJSON_AddItemToArray(list, object);
        }
    }
}

/* Adds the copies of a list's names behind the originals; a list that is absent stays so. */
static void copy_names(cJSON *list, unsigned copies)
{
    int count = cJSON_GetArraySize(list);

    if (list == NULL) {
        return;
    }
    for (unsigned copy = 2; copy <= copies; copy++) {
        const cJSON *original = list->child;

        for (int i = 0; i < count && original != NULL; i++, original = original->next) {
            char text[SUFFIXED_MAX];

            suffixed(original->valuestring, copy, text);
            cJSON_AddItemToArray(list, cJSON_CreateString(text));
        }
    }
}

static bool ids_fit(const struct catalog *catalog, struct failure *failure)
{
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (strlen(catalog->meters[i].id) > CATALOG_ID_MAX - 4) {
            return failure_set(failure, FAILURE_INPUT,
                               "--write-plant: the id of meter \"%s\" leaves no room for \"-999\"; "
                               "at most %d bytes would be right",
                               catalog->meters[i].id, CATALOG_ID_MAX - 4);
        }
    }
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        if (strlen(catalog->stations[i].id) > CATALOG_ID_MAX - 4) {
            return failure_set(failure, FAILURE_INPUT,
                               "--write-plant: the id of station \"%s\" leaves no room for "
                               "\"-999\"; at most %d bytes would be right",
                               catalog->stations[i].id, CATALOG_ID_MAX - 4);
        }
    }
    return true;
}

static bool write_text(const char *path, const char *text, struct failure *failure)
{
    FILE *file = fopen(path, "w");
    bool good = file != NULL && fputs(text, file) >= 0 && fputc('\n', file) != EOF;

    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    return good || failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", path,
                               strerror(errno));
}

bool plant_copies_write(const struct plant *plant, unsigned copies, const char *path,
                        struct failure *failure)
{
    if (!ids_fit(&plant->catalog, failure)) {
        return false;
    }
    struct config_text *config = config_text_parse("plant", plant->text, failure);

    if (config == NULL) {
        return false;
    }
    cJSON *root = cJSON_Duplicate(config_text_root(config), true);
    cJSON *quota = NULL;

    REQUIRE(root != NULL);
    config_text_free(config);
    copy_objects(cJSON_GetObjectItemCaseSensitive(root, "stations"), copies);
    copy_objects(cJSON_GetObjectItemCaseSensitive(root, "meters"), copies);
    cJSON_ArrayForEach(quota, cJSON_GetObjectItemCaseSensitive(root, "quotas"))
    {
        copy_names(cJSON_GetObjectItemCaseSensitive(quota, "stations"), copies);
        copy_names(cJSON_GetObjectItemCaseSensitive(quota, "meters"), copies);
    }
    char *text = cJSON_Print(root);

    REQUIRE(text != NULL);
    cJSON_Delete(root);
    bool good = write_text(path, text, failure);

    cJSON_free(text);
    return good;
}
