/* What a person enters: a row for each kind that the program acts on; any other is journaled as it
 * is. */
#include "decode_row.h"

#include "timestamp.h"

#include <stdio.h>
#include <string.h>

#define ENTRY_REASON_MAX 240 /* bytes */
#define ENTRY_ALERT_MAX 200  /* of an alert's id: quota/scope/period/level */

/* ---- The fields that only entries have ---- */

/* A time that may lie ahead of its arrival: until when an alert is put aside. Left out, the shift's
 * end is meant. */
static bool read_ahead(const struct row *row, enum mapping_field field, int64_t *ts_us)
{
    struct decode_limits limits = *row->limits;
    struct row patient = *row;
    bool given = false;
    limits.skew_us = INT64_MAX;
    patient.limits = &limits;
    return row_time(&patient, field, ts_us, &given);
}

static bool read_at(const struct row *row, struct entry *entry)
{
    bool given = false;
    if (!row_time(row, FIELD_AT, &entry->at_us, &given)) {
        return false;
    }
    return given || row_refuse(row, OUTCOME_BAD_FIELD,
                               "\"%s\" is missing, must be the time of the reading that is meant",
                               row_where(row, FIELD_AT));
}

static bool read_value(const struct row *row, struct entry *entry, enum row_need need)
{
    const struct meter *meter = &row->catalog->meters[entry->meter.index];
    if (!row_number(row, FIELD_VALUE, need, meter->decimals, false, &entry->value_raw)) {
        return false;
    }
    if (entry->value_raw != INT64_MIN &&
        (entry->value_raw < meter->min_raw || entry->value_raw > meter->max_raw)) {
        return row_refuse(row, OUTCOME_OUT_OF_RANGE,
                          "\"%s\" lies outside min and max of meter %s in plant.json",
                          row_where(row, FIELD_VALUE), meter->id);
    }
    return true;
}

static bool read_day(const struct row *row, struct entry *entry)
{
    const char *text = NULL;
    if (!row_text(row, FIELD_DAY, ROW_REQUIRED, DECODE_TEXT_MAX, &text)) {
        return false;
    }
    int32_t day = 0;
    bool good = timestamp_parse_day(text, strlen(text), &day) &&
                day >= TIMESTAMP_MIN_US / TIMESTAMP_DAY_US &&
                day < TIMESTAMP_MAX_US / TIMESTAMP_DAY_US;
    entry->day = day;
    return good || row_refuse(row, OUTCOME_BAD_TIME,
                              "\"%s\" is \"%s\", must be a production day from 2000 to 2099 such "
                              "as 2026-03-10",
                              row_where(row, FIELD_DAY), text);
}

static bool read_shift(const struct row *row, struct entry *entry)
{
    const char *id = NULL;
    if (!row_text(row, FIELD_SHIFT, ROW_REQUIRED, DECODE_TEXT_MAX, &id)) {
        return false;
    }
    if (catalog_find_shift(row->catalog, id, &entry->shift)) {
        return true;
    }
    char known[160] = "";
    for (uint32_t i = 0; i < row->catalog->shift_count; i++) {
        const char *name = row->catalog->shifts[i].id;
        if (strlen(known) + strlen(name) + 3 > sizeof known) {
            break;
        }
        strcat(strcat(known, i > 0 ? ", " : ""), name);
    }
    return row_refuse(row, OUTCOME_BAD_FIELD, "shift \"%s\" is not in plant.json; known: %s", id,
                      known);
}

/* Nobody is written null or "", so that a crew that was forgotten is not taken for nobody. */
static bool read_crew(const struct row *row, struct entry *entry)
{
    struct field found;
    if (!row_find_or_null(row, FIELD_CREW, &found)) {
        return row_refuse(row, OUTCOME_BAD_FIELD,
                          "\"%s\" is missing, must be a crew; null: nobody was meant to be on duty",
                          row_where(row, FIELD_CREW));
    }
    bool nobody = row_is_null(&found) ||
                  (found.json != NULL && found.json->kind == JSON_TEXT && found.json->length == 0);
    const char *id = NULL;
    if (nobody) {
        return true;
    }
    return row_text(row, FIELD_CREW, ROW_REQUIRED, DECODE_TEXT_MAX, &id) &&
           row_crew_id(row, id, &entry->crew);
}

static bool read_reason(const struct row *row, struct entry *entry, enum row_need need)
{
    return row_text(row, FIELD_REASON, need, ENTRY_REASON_MAX, &entry->reason);
}

static bool read_alert(const struct row *row, struct entry *entry)
{
    return row_text(row, FIELD_ALERT, ROW_REQUIRED, ENTRY_ALERT_MAX, &entry->alert);
}

/* ---- A row for each kind ---- */

static bool read_decision(const struct row *row, struct entry *entry)
{
    return row_meter(row, &entry->meter) && read_at(row, entry) &&
           read_value(row, entry, ROW_OPTIONAL) && read_reason(row, entry, ROW_OPTIONAL);
}

static bool read_reading(const struct row *row, struct entry *entry)
{
    bool given = false;
    entry->at_us = entry->ts_us;
    return row_meter(row, &entry->meter) && row_time(row, FIELD_AT, &entry->at_us, &given) &&
           read_value(row, entry, ROW_REQUIRED) && read_reason(row, entry, ROW_OPTIONAL);
}

static bool read_roster(const struct row *row, struct entry *entry)
{
    return read_day(row, entry) && read_shift(row, entry) && read_crew(row, entry) &&
           read_reason(row, entry, ROW_REQUIRED);
}

static bool read_ack(const struct row *row, struct entry *entry)
{
    return read_alert(row, entry) && read_reason(row, entry, ROW_OPTIONAL);
}

static bool read_shelve(const struct row *row, struct entry *entry)
{
    return read_alert(row, entry) && read_ahead(row, FIELD_UNTIL, &entry->until_us) &&
           read_reason(row, entry, ROW_REQUIRED);
}

static const struct {
    const char *event;
    enum entry_kind kind;
    bool (*read)(const struct row *row, struct entry *entry);
} entries[] = {
    {"accept", ENTRY_ACCEPT, read_decision},
    {"reject", ENTRY_REJECT, read_decision},
    {"reading", ENTRY_READING, read_reading},
    {"roster", ENTRY_ROSTER, read_roster},
    {"ack", ENTRY_ACK, read_ack},
    {"shelve", ENTRY_SHELVE, read_shelve},
};

static bool read_head(const struct row *row, struct entry *entry)
{
    bool assumed = false;
    return row_text(row, FIELD_BY, ROW_REQUIRED, DECODE_TEXT_MAX, &entry->by) &&
           row_text(row, FIELD_EVENT, ROW_REQUIRED, DECODE_TEXT_MAX, &entry->event) &&
           row_ts(row, &entry->ts_us, &assumed);
}

static bool read_entry(const struct row *row, struct entry *entry)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(entries[i].event, entry->event) == 0) {
            entry->kind = entries[i].kind;
            return entries[i].read(row, entry);
        }
    }
    return true;
}

void row_entry(struct row *row)
{
    if (row->json->kind != JSON_OBJECT) {
        row_refuse(row, OUTCOME_UNDECODABLE, "an entry must be a JSON object with by and event");
        return;
    }
    struct fact fact = {.kind = FACT_ENTRY};
    fact.as.entry = (struct entry){.kind = ENTRY_OTHER,
                                   .at_us = INT64_MIN,
                                   .value_raw = INT64_MIN,
                                   .crew = {CATALOG_NONE},
                                   .until_us = INT64_MIN};
    enum paper_kind kind;
    if (!read_head(row, &fact.as.entry)) {
        return;
    }
    if (paper_kind_find(fact.as.entry.event, &kind)) {
        row_paper(row, kind, fact.as.entry.by, fact.as.entry.ts_us);
        return;
    }
    if (!read_entry(row, &fact.as.entry)) {
        return;
    }
    fact.as.entry.text =
        text_arena_copy(row->arena, row->record->payload, row->record->payload_length);
    row->sink->fact(row->sink->context, &fact);
}
