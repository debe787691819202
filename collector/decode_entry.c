/* What a person enters: a row for each kind that the program acts on; any other is journaled as it
 * is. */
#include "decode_row.h"

#include <cjson/cJSON.h>

void row_entry(const struct row *row)
{
    if (!cJSON_IsObject(row->json)) {
        row_refuse(row, OUTCOME_UNDECODABLE, "an entry must be a JSON object with by and event");
        return;
    }
    struct fact fact = {.kind = FACT_ENTRY};
    struct entry *entry = &fact.as.entry;
    *entry = (struct entry){
        .kind = ENTRY_OTHER, .at_us = INT64_MIN, .value_raw = INT64_MIN, .until_us = INT64_MIN};
    if (!row_text(row, FIELD_BY, ROW_REQUIRED, DECODE_TEXT_MAX, &entry->by) ||
        !row_text(row, FIELD_EVENT, ROW_REQUIRED, DECODE_TEXT_MAX, &entry->event)) {
        return;
    }
    entry->text = json_arena_text(row->arena, row->record->payload, row->record->payload_length);
    row->sink->fact(row->sink->context, &fact);
}
