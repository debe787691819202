#include "catalog.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct catalog_index {
    const char *id;
    uint32_t meter;
    UT_hash_handle hh;
};

void catalog_index_build(struct catalog *catalog)
{
    /* The entries stand in one block; uthash links them. Block and head are both needed: the head
     * is always the first entry, because that is the first one added. */
    struct catalog_index *entries = memory_zeroed(catalog->meter_count, sizeof *entries);
    struct catalog_index *head = NULL;
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        entries[i].id = catalog->meters[i].id;
        entries[i].meter = i;
        HASH_ADD_KEYPTR(hh, head, entries[i].id, strlen(entries[i].id), &entries[i]);
    }
    if (head == NULL) {
        free(entries);
    }
    catalog->meter_index = head;
}

void catalog_clear(struct catalog *catalog)
{
    struct catalog_index *entries = catalog->meter_index;
    HASH_CLEAR(hh, catalog->meter_index);
    free(entries);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        free(catalog->meters[i].sharing);
    }
    free(catalog->items);
    free(catalog->stations);
    free(catalog->meters);
    free(catalog->shifts);
    free(catalog->crews);
    *catalog = (struct catalog){0};
}

bool catalog_find_meter(const struct catalog *catalog, const char *id, meter_id *found)
{
    struct catalog_index *entry = NULL;
    HASH_FIND_STR(catalog->meter_index, id, entry);
    if (entry == NULL) {
        return false;
    }
    found->index = entry->meter;
    return true;
}

/* Walks a table whose rows begin with their id. */
static bool find_row(const void *rows, uint32_t count, size_t size, const char *id, uint16_t *index)
{
    const char *row = rows;
    for (uint32_t i = 0; i < count; i++, row += size) {
        if (strcmp(row, id) == 0) {
            *index = (uint16_t)i;
            return true;
        }
    }
    return false;
}

bool catalog_find_item(const struct catalog *catalog, const char *id, item_id *found)
{
    return find_row(catalog->items, catalog->item_count, sizeof(struct item), id, &found->index);
}

bool catalog_find_station(const struct catalog *catalog, const char *id, station_id *found)
{
    return find_row(catalog->stations, catalog->station_count, sizeof(struct station), id,
                    &found->index);
}

bool catalog_find_shift(const struct catalog *catalog, const char *id, shift_id *found)
{
    return find_row(catalog->shifts, catalog->shift_count, sizeof(struct shift), id, &found->index);
}

bool catalog_find_crew(const struct catalog *catalog, const char *id, crew_id *found)
{
    return find_row(catalog->crews, catalog->crew_count, sizeof(struct crew), id, &found->index);
}

static const char *const kind_names[] = {
    [METER_REGISTER] = "register", [METER_RATE] = "rate",   [METER_INCREMENT] = "increment",
    [METER_EVENT] = "event",       [METER_LEVEL] = "level",
};

const char *meter_kind_name(enum meter_kind kind)
{
    return kind_names[kind];
}

const char *meter_role_name(enum meter_role role)
{
    return role == METER_BOOK ? "book" : "check";
}
