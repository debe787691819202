#include "plant_record.h"

#include "config_text.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* Layout of the payload: a header, the transitions, the text with its NUL. The journal's checksum
 * covers it, and the same program writes and reads it. */
struct plant_record_header {
    char zone_name[ZONE_NAME_MAX + 1];
    uint32_t transition_count;
    uint32_t text_bytes; /* NUL included */
};

bool plant_record_decode(const struct journal_record *record, struct zone *zone, const char **text,
                         struct failure *failure)
{
    const char *bytes = record->payload;
    struct plant_record_header header;
    if (record->payload_length < sizeof header) {
        return failure_set(failure, FAILURE_RESOURCE, "the journal's configuration is cut short");
    }
    memcpy(&header, bytes, sizeof header);
    size_t table_bytes = (size_t)header.transition_count * sizeof zone->transitions[0];
    if (header.transition_count == 0 || header.transition_count > ZONE_TRANSITIONS_MAX ||
        header.text_bytes == 0 ||
        record->payload_length != sizeof header + table_bytes + header.text_bytes ||
        bytes[record->payload_length - 1] != '\0') {
        return failure_set(failure, FAILURE_RESOURCE, "the journal's configuration is not whole");
    }
    *zone = (struct zone){.transition_count = header.transition_count};
    memcpy(zone->name, header.zone_name, sizeof zone->name);
    zone->name[ZONE_NAME_MAX] = '\0';
    memcpy(zone->transitions, bytes + sizeof header, table_bytes);
    *text = bytes + sizeof header + table_bytes;
    return true;
}

bool plant_record_append(struct journal *journal, const struct zone *zone, const char *text,
                         int64_t now_us, struct failure *failure)
{
    struct plant_record_header header = {
        .transition_count = zone->transition_count,
        .text_bytes = (uint32_t)strlen(text) + 1,
    };
    memcpy(header.zone_name, zone->name, sizeof header.zone_name);
    size_t table_bytes = zone->transition_count * sizeof zone->transitions[0];
    size_t length = sizeof header + table_bytes + header.text_bytes;
    char *payload = memory_zeroed(1, length);
    memcpy(payload, &header, sizeof header);
    memcpy(payload + sizeof header, zone->transitions, table_bytes);
    memcpy(payload + sizeof header + table_bytes, text, header.text_bytes);
    struct journal_record record = {
        .kind = JOURNAL_CONFIG,
        .arrival_us = now_us,
        .topic = "",
        .payload = payload,
        .payload_length = length,
    };
    bool appended = journal_append(journal, &record, failure);
    free(payload);
    return appended;
}

/* What of "mqtt" has a part in what is taken and in what is told. */
static bool is_of_the_books(const char *key)
{
    return strcmp(key, "root") == 0 || strcmp(key, "payload_max") == 0;
}

/* What the books rest on, in one spelling: comments, blanks and how we reach the broker or keep the
 * journal left out. The caller frees it. */
static char *books_text(const char *text)
{
    char *copy = memory_text(text);
    config_text_blank_comments(copy);
    cJSON *root = cJSON_Parse(copy);
    free(copy);
    cJSON *mqtt = cJSON_GetObjectItemCaseSensitive(root, "mqtt");
    for (cJSON *member = mqtt != NULL ? mqtt->child : NULL; member != NULL;) {
        cJSON *next = member->next;
        if (!is_of_the_books(member->string)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(mqtt, member));
        }
        member = next;
    }
    if (mqtt != NULL && mqtt->child == NULL) {
        cJSON_DeleteItemFromObjectCaseSensitive(root, "mqtt");
    }
    cJSON_DeleteItemFromObjectCaseSensitive(root, "journal");
    cJSON_DeleteItemFromObjectCaseSensitive(root, "limits");
    cJSON_DeleteItemFromObjectCaseSensitive(root, "metrics_s");
    char *printed = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return printed;
}

bool plant_record_same(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) { /* as on most starts: no need to take 10,000 meters apart, twice */
        return true;
    }
    char *left = books_text(a);
    char *right = books_text(b);
    bool same = left != NULL && right != NULL && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

bool plant_record_ensure(struct journal *journal, const struct plant *plant, int64_t now_us,
                         struct failure *failure)
{
    struct journal_record record;
    int got = journal_read(journal, journal_begin(journal), &record, failure);
    return got > 0 || (got == 0 && plant_record_append(journal, &plant->roster.zone, plant->text,
                                                       now_us, failure));
}
