#include "journal.h"
#include "plant.h"
#include "plant_part.h"

#define SEGMENT_MIB_MAX 1024
#define SYNC_MAX_MS 10000
#define KEEP_MAX_DAYS 36500

static const struct plant_key journal_key_list[] = {
    {"segment_mib", PLANT_NUMBER, false}, {"durability", PLANT_TEXT, false},
    {"sync_ms", PLANT_NUMBER, false},     {"compress", PLANT_BOOL, false},
    {"keep_days", PLANT_NUMBER, false},
};
static const struct plant_keys journal_keys = {
    "\"journal\"", journal_key_list, sizeof journal_key_list / sizeof journal_key_list[0]};

void plant_read_journal(struct plant_reader *reader, const cJSON *root)
{
    static const char *const durabilities[] = {
        [JOURNAL_PROCESS] = "process", [JOURNAL_GROUP] = "group", [JOURNAL_POWER] = "power"};
    const cJSON *object = plant_member(root, "journal", PLANT_OBJECT);
    int64_t segment_mib = JOURNAL_SEGMENT_DEFAULT >> 20, sync_ms = JOURNAL_SYNC_DEFAULT_MS,
            keep_days = JOURNAL_KEEP_DEFAULT_DAYS;
    size_t durability = JOURNAL_GROUP;
    bool compress = true;
    if (object != NULL) {
        plant_object(reader, object, &journal_keys);
        plant_decimal(reader, object, "segment_mib", 0, 1, SEGMENT_MIB_MAX, &segment_mib);
        plant_choice(reader, object, "durability", durabilities,
                     sizeof durabilities / sizeof durabilities[0], &durability);
        plant_decimal(reader, object, "sync_ms", 0, 1, SYNC_MAX_MS, &sync_ms);
        plant_bool(object, "compress", &compress);
        plant_decimal(reader, object, "keep_days", 0, 1, KEEP_MAX_DAYS, &keep_days);
    }
    reader->plant->journal =
        (struct journal_settings){.segment_bytes = (size_t)segment_mib << 20,
                                  .durability = (enum journal_durability)durability,
                                  .sync_ms = (uint32_t)sync_ms,
                                  .compress = compress,
                                  .keep_days = (uint32_t)keep_days};
}
