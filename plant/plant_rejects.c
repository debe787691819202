#include "plant.h"
#include "plant_part.h"

#define REJECTS_MAX 100000000

static const struct plant_key rejects_key_list[] = {
    {"per_topic", PLANT_NUMBER, false},
    {"all", PLANT_NUMBER, false},
};
static const struct plant_keys rejects_keys = {
    "\"rejects\"", rejects_key_list, sizeof rejects_key_list / sizeof rejects_key_list[0]};

void plant_read_rejects(struct plant_reader *reader, const cJSON *root)
{
    const cJSON *object = plant_member(root, "rejects", PLANT_OBJECT);
    struct plant_rejects *rejects = &reader->plant->rejects;
    rejects->per_topic = PLANT_REJECTS_PER_TOPIC_DEFAULT;
    rejects->all = PLANT_REJECTS_DEFAULT;
    if (object != NULL) {
        plant_object(reader, object, &rejects_keys);
        plant_decimal(reader, object, "per_topic", 0, 1, REJECTS_MAX, &rejects->per_topic);
        plant_decimal(reader, object, "all", 0, 1, REJECTS_MAX, &rejects->all);
    }
}
