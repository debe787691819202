#include "catalog.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL /* ids are short: a call would cost as much as the hash */
#include <xxhash.h>

/* Places for the meters by a hash of their ids; who finds his place taken takes the next free one.
 * A linked table (uthash) takes nine times the memory, and with 100,000 meters its pointers cost a
 * reading four cache misses where this one costs two. */
struct catalog_index {
    uint32_t mask;     /* one less than the number of places, which is a power of 2 */
    uint32_t places[]; /* the meter, and in the bits above it a part of its hash; FREE */
};

#define METER_BITS 20
#define METER_MASK ((UINT32_C(1) << METER_BITS) - 1)
#define FREE UINT32_MAX
_Static_assert(CATALOG_METERS_MAX < METER_MASK, "a meter does not fit into its place");

static uint32_t hash_of(const char *id, size_t length)
{
    return (uint32_t)XXH3_64bits(id, length);
}

void catalog_index_build(struct catalog *catalog)
{
    uint32_t count = 2;
    while (count < 2 * catalog->meter_count) { /* at most half of them are taken */
        count *= 2;
    }
    REQUIRE(catalog->meter_count <= CATALOG_METERS_MAX);
    struct catalog_index *index = memory_zeroed(1, sizeof *index + count * sizeof index->places[0]);
    index->mask = count - 1;
    for (uint32_t i = 0; i < count; i++) {
        index->places[i] = FREE;
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        uint32_t hash = hash_of(catalog->meters[i].id, strlen(catalog->meters[i].id));
        uint32_t at = hash & index->mask;
        while (index->places[at] != FREE) {
            at = (at + 1) & index->mask;
        }
        index->places[at] = (hash & ~METER_MASK) | i;
    }
    catalog->meter_index = index;
}

void catalog_clear(struct catalog *catalog)
{
    free(catalog->meter_index);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        free(catalog->meters[i].sharing);
    }
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        free(catalog->items[i].tariff);
    }
    free(catalog->items);
    free(catalog->stations);
    free(catalog->meters);
    free(catalog->shifts);
    free(catalog->crews);
    *catalog = (struct catalog){0};
}

bool catalog_find_meter_text(const struct catalog *catalog, const char *text, size_t length,
                             meter_id *found)
{
    const struct catalog_index *index = catalog->meter_index;
    if (index == NULL || length > CATALOG_ID_MAX) {
        return false;
    }
    uint32_t hash = hash_of(text, length);
    for (uint32_t at = hash & index->mask; index->places[at] != FREE; at = (at + 1) & index->mask) {
        uint32_t meter = index->places[at] & METER_MASK;
        const char *id = catalog->meters[meter].id;
        if (((index->places[at] ^ hash) & ~METER_MASK) == 0 && memcmp(id, text, length) == 0 &&
            id[length] == '\0') {
            found->index = meter;
            return true;
        }
    }
    return false;
}

bool catalog_find_meter(const struct catalog *catalog, const char *id, meter_id *found)
{
    return catalog_find_meter_text(catalog, id, strlen(id), found);
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
