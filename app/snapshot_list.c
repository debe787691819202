#include "snapshot_list.h"

#include "memory.h"
#include "timestamp.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".snap"
#define DIGITS 20 /* of a position: names sort as positions do */
#define DAY_LENGTH 10

void snapshot_list_name(const struct snapshot_entry *entry, char name[SNAPSHOT_LIST_NAME_MAX])
{
    char day[TIMESTAMP_TEXT_MAX];
    if (entry->base) {
        snprintf(name, SNAPSHOT_LIST_NAME_MAX, "%0*" PRIu64 "-%s" SUFFIX, DIGITS, entry->position,
                 timestamp_format_day(entry->day, day));
    } else {
        snprintf(name, SNAPSHOT_LIST_NAME_MAX, "%0*" PRIu64 SUFFIX, DIGITS, entry->position);
    }
}

static bool is_name(const char *name, struct snapshot_entry *entry)
{
    char again[SNAPSHOT_LIST_NAME_MAX];
    char *end = NULL;
    *entry = (struct snapshot_entry){.position = strtoull(name, &end, 10)};
    if (*end == '-' && strlen(end + 1) > DAY_LENGTH) {
        entry->base = timestamp_parse_day(end + 1, DAY_LENGTH, &entry->day);
    }
    snapshot_list_name(entry, again);
    return strcmp(name, again) == 0;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t one = ((const struct snapshot_entry *)a)->position;
    uint64_t other = ((const struct snapshot_entry *)b)->position;
    return (one < other) - (one > other);
}

void snapshot_list_read(struct snapshot_list *list, const char *directory)
{
    *list = (struct snapshot_list){0};
    DIR *opened = opendir(directory);
    if (opened == NULL) {
        return;
    }
    const struct dirent *file = NULL;
    while ((file = readdir(opened)) != NULL) {
        struct snapshot_entry entry;
        if (is_name(file->d_name, &entry)) {
            memory_grow(&list->entries, list->count, &list->capacity, sizeof *list->entries);
            list->entries[list->count++] = entry;
        }
    }
    closedir(opened);
    if (list->count > 1) {
        qsort(list->entries, list->count, sizeof *list->entries, newest_first);
    }
}

void snapshot_list_sweep(const char *directory)
{
    static const char ending[] = ".snap.new";
    DIR *opened = opendir(directory);
    if (opened == NULL) {
        return;
    }
    const struct dirent *file = NULL;
    while ((file = readdir(opened)) != NULL) {
        size_t length = strlen(file->d_name), tail = sizeof ending - 1;
        if (length > tail && strcmp(file->d_name + length - tail, ending) == 0) {
            unlinkat(dirfd(opened), file->d_name, 0); /* what stays is tried again the next time */
        }
    }
    closedir(opened);
}

void snapshot_list_clear(struct snapshot_list *list)
{
    free(list->entries);
    *list = (struct snapshot_list){0};
}

const struct snapshot_entry *snapshot_list_base(const struct snapshot_list *list, int32_t day)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].base && list->entries[i].day <= day) {
            return &list->entries[i];
        }
    }
    return NULL;
}
