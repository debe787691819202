#include "trouble_note.h"

#include "json_text.h"
#include "timestamp.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool trouble_note_append(const struct trouble_note *note, struct journal *journal,
                         int64_t arrival_us, struct failure *failure)
{
    char time[TIMESTAMP_TEXT_MAX];
    char *payload = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&payload, &length);
    REQUIRE(out != NULL && note->trouble != TROUBLE_NONE);
    fprintf(out, "{\"trouble\":\"%s\",\"from\":\"%s\",\"to\":", trouble_kind_name(note->trouble),
            timestamp_format(note->from_us, 0, time));
    if (note->to_us == TIMESTAMP_NEVER_US) {
        fputs("null", out);
    } else {
        fprintf(out, "\"%s\"", timestamp_format(note->to_us, 0, time));
    }
    fputs(",\"text\":", out);
    json_text_write(out, note->text);
    fputs("}", out);
    fclose(out);
    struct journal_record record = {
        .kind = JOURNAL_NOTE,
        .arrival_us = arrival_us,
        .topic = "",
        .payload = payload,
        .payload_length = length,
    };
    bool good = journal_append(journal, &record, failure);
    free(payload);
    return good;
}

static const char *text_of(const cJSON *root, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, key));
}

/* Where `may_be_null` null means never. */
static bool read_time(const cJSON *root, const char *key, bool may_be_null, int64_t *time_us)
{
    const char *text = text_of(root, key);
    *time_us = TIMESTAMP_NEVER_US;
    return text != NULL ? timestamp_parse(text, strlen(text), time_us)
                        : may_be_null && cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(root, key));
}

bool trouble_note_read(const struct journal_record *record, struct trouble_note *note,
                       struct failure *failure)
{
    *note = (struct trouble_note){0};
    cJSON *root = cJSON_ParseWithLength(record->payload, record->payload_length);
    const char *name = text_of(root, "trouble");
    const char *text = text_of(root, "text");
    bool good = name != NULL && text != NULL && read_time(root, "from", false, &note->from_us) &&
                read_time(root, "to", true, &note->to_us) && note->from_us <= note->to_us;
    if (good) {
        note->trouble = trouble_kind_find(name, strlen(name));
        snprintf(note->text, sizeof note->text, "%s", text);
    }
    cJSON_Delete(root);
    return good || failure_set(failure, FAILURE_RESOURCE,
                               "a note should name a trouble and its times: {\"trouble\":…,"
                               "\"from\":…,\"to\":… or null,\"text\":…}");
}
