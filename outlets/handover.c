#include "handover.h"

#include "handover_names.h"
#include "handover_parts.h"
#include "handover_use.h"
#include "json_text.h"
#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

static bool keep_fields(void *context, const struct reader_row *row)
{
    struct handover *handover = context;

    for (int i = 0; i < HANDOVER_FIELDS; i++) {
        handover->fields[i] = row->values[i] == NULL ? NULL : memory_text(row->values[i]);
    }
    return false;
}

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

/* "2026-03-10 day" and so on, the shifts the ledger has: for messages. */
static bool keep_text(void *context, const struct reader_row *row)
{
    snprintf(context, 64, "%s", row->values[0] == NULL ? "no shift yet" : row->values[0]);
    return false;
}

static bool refuse(struct reader *reader, int32_t day, const char *shift, struct failure *failure)
{
    char date[TIMESTAMP_TEXT_MAX], last[64] = "";

    if (!reader_query(reader,
                      "SELECT (SELECT civil_day(w.day) || ' ' || s.id FROM slot w JOIN shift s"
                      " ON s.no = w.shift ORDER BY w.start_us DESC LIMIT 1)",
                      NULL, 0, keep_text, last, failure)) {
        return false;
    }
    return failure_set(failure, FAILURE_INPUT,
                       "the ledger has no shift \"%s\" of %s; its last one is %s", shift,
                       timestamp_format_day(day, date), last);
}

static bool read_head(struct reader *reader, struct handover *handover, int32_t day,
                      const char *shift, struct failure *failure)
{
    char day_text[16];

    snprintf(day_text, sizeof day_text, "%d", (int)day);
    const struct reader_parameter parameters[] = {{":day", day_text}, {":shift", shift}};
    if (!reader_query(reader, handover_head_sql, parameters, 2, keep_fields, handover, failure)) {
        return false;
    }
    return handover->fields[HANDOVER_SHIFT] != NULL || refuse(reader, day, shift, failure);
}

static bool read_parts(struct reader *reader, struct handover *handover, int32_t day,
                       struct failure *failure)
{
    char day_text[16];

    snprintf(day_text, sizeof day_text, "%d", (int)day);
    const struct reader_parameter parameters[] = {
        {":day", day_text},
        {":shift", handover->fields[HANDOVER_SHIFT_NO]},
        {":end", handover->fields[HANDOVER_END_US]},
        {":as_of", handover->fields[HANDOVER_AS_OF_US]},
    };
    for (int i = 0; i < HANDOVER_GATHERINGS; i++) {
        if (!reader_gather(reader, &handover_gatherings[i], parameters, 4, failure)) {
            return false;
        }
    }
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        const struct handover_part *part = &handover_parts[i];
        handover->tables[i] = table_create(part->columns, part->column_count);
        if (!reader_query(reader, part->sql, parameters, 4, add_row, handover->tables[i],
                          failure)) {
            return false;
        }
    }
    return true;
}

struct handover *handover_read_now(struct reader *reader, int32_t day, const char *shift,
                                   struct failure *failure)
{
    struct handover *handover = memory_zeroed(1, sizeof *handover);

    if (read_head(reader, handover, day, shift, failure) &&
        read_parts(reader, handover, day, failure)) {
        handover->names = handover_names_read(reader, failure);
    }
    if (handover->names == NULL) {
        handover_free(handover);
        return NULL;
    }
    return handover;
}

struct handover *handover_read(struct reader *reader, int32_t day, const char *shift,
                               struct failure *failure)
{
    if (!reader_snapshot_begin(reader, failure)) {
        return NULL;
    }
    struct handover *handover = handover_read_now(reader, day, shift, failure);
    reader_snapshot_end(reader);
    return handover;
}

void handover_free(struct handover *handover)
{
    if (handover == NULL) {
        return;
    }
    for (int i = 0; i < HANDOVER_FIELDS; i++) {
        free(handover->fields[i]);
    }
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        table_free(handover->tables[i]);
    }
    table_free(handover->names);
    free(handover->made);
    table_free(handover->since);
    free(handover);
}

static void write_member(FILE *out, const char *name, const char *text)
{
    putc(',', out);
    json_text_write(out, name);
    putc(':', out);
    json_text_write(out, text);
}

/* The names of the shop or the shift, in both languages. */
static void write_names(FILE *out, const char *name, const char *zh, const char *en)
{
    fprintf(out, ",\"%s\":{\"zh\":", name);
    json_text_write(out, zh);
    fputs(",\"en\":", out);
    json_text_write(out, en);
    putc('}', out);
}

/* What was signed stands in it byte for byte. */
static void write_made(const struct handover *handover, FILE *out)
{
    size_t length = strlen(handover->made);

    REQUIRE(length > 0 && handover->made[length - 1] == '}');
    fwrite(handover->made, 1, length - 1, out);
    fputs(",\n\"since\":", out);
    table_write_json(handover->since, out);
    putc('}', out);
}

void handover_write_json(const struct handover *handover, FILE *out)
{
    char *const *fields = handover->fields;

    if (handover->made != NULL) {
        write_made(handover, out);
        return;
    }
    fprintf(out, "{\"id\":\"handover/%s/%s\"", fields[HANDOVER_DAY], fields[HANDOVER_SHIFT]);
    write_member(out, "shop", fields[HANDOVER_SHOP]);
    write_names(out, "shop_name", fields[HANDOVER_SHOP_ZH], fields[HANDOVER_SHOP_EN]);
    write_member(out, "day", fields[HANDOVER_DAY]);
    write_member(out, "shift", fields[HANDOVER_SHIFT]);
    write_names(out, "shift_name", fields[HANDOVER_SHIFT_ZH], fields[HANDOVER_SHIFT_EN]);
    write_member(out, "from", fields[HANDOVER_FROM]);
    write_member(out, "to", fields[HANDOVER_TO]);
    write_member(out, "as_of", fields[HANDOVER_AS_OF]);
    fprintf(out, ",\"provisional\":%s,\"heats\":%s",
            strcmp(fields[HANDOVER_PROVISIONAL], "1") == 0 ? "true" : "false",
            fields[HANDOVER_HEATS]);
    write_member(out, "steel_kg", fields[HANDOVER_STEEL_KG]);
    fprintf(out, ",\"causes_pending\":%s,\"slips_open\":%s", fields[HANDOVER_CAUSES_PENDING],
            fields[HANDOVER_SLIPS_OPEN]);
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        fprintf(out, ",\n\"%s\":", handover_parts[i].key);
        table_write_json(handover->tables[i], out);
    }
    putc('}', out);
}

char *handover_json(struct reader *reader, int32_t day, const char *shift, struct failure *failure)
{
    struct handover *handover = handover_read(reader, day, shift, failure);
    char *text = NULL;
    size_t length = 0;

    if (handover == NULL) {
        return NULL;
    }
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    handover_write_json(handover, out);
    fclose(out);
    handover_free(handover);
    return text;
}
