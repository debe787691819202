/* Who has which part of an allocation, what is fixed of it, and what crews have at least or ask
 * for. */
#include "memory.h"
#include "plant_allocation.h"

#include <stdlib.h>
#include <string.h>

#define RATE_DECIMALS 9
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct plant_key fixed_key_list[] = {
    {"period", PLANT_TEXT, true},
    {"amount", PLANT_DECIMAL, true},
};
static const struct plant_keys fixed_keys = {"a fixed period", fixed_key_list,
                                             COUNT(fixed_key_list)};
static const struct plant_key part_key_list[] = {
    {"station", PLANT_TEXT, false},   {"crew", PLANT_TEXT, false},  {"post", PLANT_TEXT, false},
    {"weight", PLANT_DECIMAL, false}, {"parts", PLANT_LIST, false},
};
static const struct plant_keys part_keys = {"a part", part_key_list, COUNT(part_key_list)};
static const struct plant_key wish_key_list[] = {
    {"period", PLANT_TEXT, false},
    {"crew", PLANT_TEXT, false},
    {"rate", PLANT_DECIMAL, true},
};
static const struct plant_keys wish_keys = {"a floor or proposal", wish_key_list,
                                            COUNT(wish_key_list)};

const struct catalog *plant_allocation_catalog(const struct plant_allocation *row)
{
    return &row->reader->plant->catalog;
}

static bool divides_shifts(const struct allocation *allocation)
{
    return allocation->level_count > 0 &&
           allocation->levels[allocation->level_count - 1] == ALLOCATION_SHIFT;
}

static bool read_crew(struct plant_allocation *row, const cJSON *json, crew_id *crew)
{
    const struct catalog *catalog = plant_allocation_catalog(row);
    const cJSON *value = plant_member(json, "crew", PLANT_TEXT);
    uint32_t found = CATALOG_NONE;
    bool good =
        value == NULL || plant_reference(row->reader, value, "crew", catalog->crews,
                                         catalog->crew_count, sizeof *catalog->crews, &found);
    crew->index = (uint16_t)found;
    return good;
}

/* ---- Parts ---- */

static const enum allocation_holder holders[] = {HELD_BY_STATION, HELD_BY_CREW, HELD_BY_POST};

/* Which of station, crew and post a part names; NULL, and a mistake, where not exactly one. */
static const cJSON *find_holder(struct plant_allocation *row, const cJSON *json,
                                enum allocation_holder *holder)
{
    const cJSON *found = NULL;
    int count = 0;
    for (size_t i = 0; i < COUNT(holders); i++) {
        const cJSON *value = plant_member(json, allocation_holder_name(holders[i]), PLANT_TEXT);
        if (value != NULL) {
            found = value;
            *holder = holders[i];
            count++;
        }
    }
    if (count != 1) {
        plant_mistake(
            row->reader, json, NULL,
            "must name one of \"station\", \"crew\" and \"post\", so that it is clear who "
            "has the part");
        return NULL;
    }
    return found;
}

static bool read_holder(struct plant_allocation *row, const cJSON *json, unsigned above,
                        struct allocation_part *part)
{
    const struct catalog *catalog = plant_allocation_catalog(row);
    const cJSON *value = find_holder(row, json, &part->holder);
    uint32_t found = 0;
    if (value == NULL) {
        return false;
    }
    const char *kind = allocation_holder_name(part->holder);
    if ((above & (1U << part->holder)) != 0) {
        return plant_mistake(row->reader, value, NULL, "is a %s below a %s; name another kind",
                             kind, kind);
    }
    if (part->holder == HELD_BY_CREW && divides_shifts(row->allocation)) {
        return plant_mistake(row->reader, value, NULL,
                             "is a crew below a shift, which has its crew by the roster; leave "
                             "\"shift\" out of \"periods\", or the crews out of \"parts\"");
    }
    if (part->holder == HELD_BY_STATION &&
        !plant_reference(row->reader, value, kind, catalog->stations, catalog->station_count,
                         sizeof *catalog->stations, &found)) {
        return false;
    }
    return read_crew(row, json, &part->crew) &&
           plant_text(row->reader, json, kind, part->id, CATALOG_NAME_MAX);
}

static bool read_weight(struct plant_allocation *row, const cJSON *json,
                        struct allocation_part *part)
{
    part->weight_e3 = ALLOCATION_BY_STEEL;
    if (plant_member(json, "weight", PLANT_DECIMAL) == NULL) {
        return part->holder == HELD_BY_CREW ||
               plant_mistake(row->reader, json, "weight",
                             "is missing; only crews can be weighed by their planned tonnes");
    }
    return plant_decimal(row->reader, json, "weight", PLANT_WEIGHT_DECIMALS, 0, PLANT_WEIGHT_MAX_E3,
                         &part->weight_e3);
}

/* What a part must have in common with the first of its whole. */
static bool fits(struct plant_allocation *row, const cJSON *json, size_t first, size_t part)
{
    const struct allocation_part *parts = row->allocation->parts;
    if (parts[part].holder != parts[first].holder) {
        return plant_mistake(row->reader, json, NULL,
                             "is a %s beside a %s; parts of one whole are of one kind",
                             allocation_holder_name(parts[part].holder),
                             allocation_holder_name(parts[first].holder));
    }
    if ((parts[part].weight_e3 < 0) != (parts[first].weight_e3 < 0)) {
        return plant_mistake(row->reader, json, "weight",
                             "is said of some of these parts; say it of all, or of none");
    }
    for (size_t i = first; i < part; i++) {
        if (strcmp(parts[i].id, parts[part].id) == 0) {
            return plant_mistake(row->reader, json, NULL, "\"%s\" is a part already",
                                 parts[part].id);
        }
    }
    return true;
}

/* The parts of one whole, then the parts of each of them: so those of a whole stand side by side.
 * A kind does not come twice on the way down, so three levels are the most. */
static bool read_parts(struct plant_allocation *row, const cJSON *list, unsigned above,
                       size_t *first, size_t *count)
{
    struct allocation *allocation = row->allocation;
    const cJSON *json = NULL;
    size_t place = 0;
    *first = allocation->part_count;
    *count = plant_list_count(row->reader, list,
                              (uint32_t)(ALLOCATION_PARTS_MAX - allocation->part_count));
    if (list == NULL || *count == 0) {
        return list == NULL ||
               plant_mistake(row->reader, list, NULL,
                             "has no part that could be read: 1 to %d of an allocation in all",
                             ALLOCATION_PARTS_MAX);
    }
    cJSON_ArrayForEach(json, list)
    {
        struct allocation_part *part = &allocation->parts[allocation->part_count];
        if (!plant_object(row->reader, json, &part_keys) || !read_holder(row, json, above, part) ||
            !read_weight(row, json, part) || !fits(row, json, *first, allocation->part_count)) {
            return false;
        }
        allocation->part_count++;
    }
    cJSON_ArrayForEach(json, list)
    {
        struct allocation_part *part = &allocation->parts[*first + place++];
        if (!read_parts(row, plant_member(json, "parts", PLANT_LIST), above | (1U << part->holder),
                        &part->first_part, &part->part_count)) {
            return false;
        }
    }
    return true;
}

/* ---- What is fixed ---- */

static bool read_fixed(struct plant_allocation *row)
{
    struct allocation *allocation = row->allocation;
    const cJSON *list = plant_member(row->json, "fixed", PLANT_LIST);
    const cJSON *json = NULL;
    bool good = true;
    uint32_t count = plant_list_count(row->reader, list, ALLOCATION_FIXED_MAX);
    allocation->fixed = memory_zeroed((size_t)count + 1, sizeof *allocation->fixed);
    list = count > 0 ? list : NULL;
    cJSON_ArrayForEach(json, list)
    {
        struct allocation_fixed *fixed = &allocation->fixed[allocation->fixed_count];
        if (!plant_object(row->reader, json, &fixed_keys) ||
            !plant_period(row->reader, json, "period", &fixed->period) ||
            !plant_decimal(row->reader, json, "amount", row->decimals, 0, PLANT_AMOUNT_MAX_BASE,
                           &fixed->amount_base)) {
            good = false;
            continue;
        }
        for (uint32_t i = 0; i < allocation->fixed_count; i++) {
            if (period_equal(allocation->fixed[i].period, fixed->period)) {
                good = plant_mistake(row->reader, json, "period",
                                     "is fixed twice; keep one of the rows");
            }
        }
        allocation->fixed_count++;
    }
    return good;
}

/* ---- Floors and proposals ---- */

/* Whether crews have amounts of their own, which re-allocation could bound. */
static bool has_crews(const struct allocation *allocation)
{
    return divides_shifts(allocation) ||
           (allocation->root_part_count > 0 && allocation->parts[0].holder == HELD_BY_CREW);
}

static bool read_wish(struct plant_allocation *row, const cJSON *json, struct allocation_wish *wish)
{
    const struct allocation *allocation = row->allocation;
    char text[PERIOD_TEXT_MAX];
    wish->period = allocation->period;
    if (!plant_object(row->reader, json, &wish_keys) || !read_crew(row, json, &wish->crew) ||
        !plant_decimal(row->reader, json, "rate", RATE_DECIMALS, 0, PLANT_AMOUNT_MAX_BASE,
                       &wish->rate_e9)) {
        return false;
    }
    if (wish->crew.index != CATALOG_NONE && !has_crews(allocation)) {
        return plant_mistake(
            row->reader, json, "crew",
            "has no amount of its own here; add \"shift\" to \"periods\", or crews "
            "to \"parts\"");
    }
    if (plant_member(json, "period", PLANT_TEXT) == NULL) {
        return true;
    }
    if (!plant_period(row->reader, json, "period", &wish->period)) {
        return false;
    }
    return (wish->period.from_day >= allocation->period.from_day &&
            wish->period.until_day <= allocation->period.until_day) ||
           plant_mistake(row->reader, json, "period", "does not lie in %s",
                         period_format(allocation->period, text));
}

static bool read_wishes(struct plant_allocation *row, const char *key,
                        struct allocation_wish **wishes, uint32_t *count)
{
    const cJSON *list = plant_member(row->json, key, PLANT_LIST);
    const cJSON *json = NULL;
    bool good = true;
    uint32_t most = plant_list_count(row->reader, list, ALLOCATION_WISHES_MAX);
    *wishes = memory_zeroed((size_t)most + 1, sizeof **wishes);
    list = most > 0 ? list : NULL;
    cJSON_ArrayForEach(json, list)
    {
        good = read_wish(row, json, &(*wishes)[*count]) && good;
        (*count)++;
    }
    return good;
}

bool plant_allocation_read_parts(struct plant_allocation *row)
{
    struct allocation *allocation = row->allocation;
    size_t first = 0;
    return read_parts(row, plant_member(row->json, "parts", PLANT_LIST), 0, &first,
                      &allocation->root_part_count) &&
           read_fixed(row) &&
           read_wishes(row, "floors", &allocation->floors, &allocation->floor_count) &&
           read_wishes(row, "proposals", &allocation->proposals, &allocation->proposal_count);
}

void plant_allocation_check_keys(struct plant_reader *reader, const cJSON *json)
{
    static const struct {
        const char *key;
        const struct plant_keys *keys;
    } lists[] = {{"fixed", &fixed_keys},
                 {"floors", &wish_keys},
                 {"proposals", &wish_keys},
                 {"parts", &part_keys}};
    const cJSON *row = NULL;
    for (size_t i = 0; i < COUNT(lists); i++) {
        cJSON_ArrayForEach(row, plant_member(json, lists[i].key, PLANT_LIST))
        {
            plant_object(reader, row, lists[i].keys);
        }
    }
}
