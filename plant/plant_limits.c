#include "plant.h"
#include "plant_part.h"
#include "timestamp.h"

#define RECORDS_MAX INT64_C(1000000000000)
#define MESSAGES_MAX INT64_C(1000000000)
#define TIME_MAX_S 604800 /* a week */

static const struct plant_key limits_key_list[] = {
    {"backlog_records", PLANT_NUMBER, false},
    {"backlog_s", PLANT_NUMBER, false},
    {"outbox_messages", PLANT_NUMBER, false},
    {"broker_away_s", PLANT_NUMBER, false},
};
static const struct plant_keys limits_keys = {"\"limits\"", limits_key_list,
                                              sizeof limits_key_list / sizeof limits_key_list[0]};

void plant_read_limits(struct plant_reader *reader, const cJSON *root)
{
    const cJSON *object = plant_member(root, "limits", PLANT_OBJECT);
    struct plant_limits *limits = &reader->plant->limits;
    int64_t backlog_s = PLANT_BACKLOG_DEFAULT_S, away_s = PLANT_BROKER_AWAY_DEFAULT_S;
    limits->backlog_records = PLANT_BACKLOG_DEFAULT_RECORDS;
    limits->outbox_messages = PLANT_OUTBOX_DEFAULT_MESSAGES;
    if (object != NULL) {
        plant_object(reader, object, &limits_keys);
        plant_decimal(reader, object, "backlog_records", 0, 1, RECORDS_MAX,
                      &limits->backlog_records);
        plant_decimal(reader, object, "backlog_s", 0, 1, TIME_MAX_S, &backlog_s);
        plant_decimal(reader, object, "outbox_messages", 0, 1, MESSAGES_MAX,
                      &limits->outbox_messages);
        plant_decimal(reader, object, "broker_away_s", 0, 1, TIME_MAX_S, &away_s);
    }
    limits->backlog_us = backlog_s * TIMESTAMP_SECOND_US;
    limits->broker_away_us = away_s * TIMESTAMP_SECOND_US;
}
