#include "period_document.h"

#include "json_text.h"
#include "memory.h"
#include "period_parts.h"
#include "report_chinese.h"
#include "table.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

/* :at is the moment of the close; without it the ledger's own time is that of the document, and a
 * period is provisional while none behind it has begun. */
#define OWNED "h.gone = 0 AND h.owner_day >= f.from_day AND h.owner_day < f.until_day"
static const char head_sql[] =
    "WITH f AS (SELECT period_from(:period) AS from_day, period_until(:period) AS until_day)"
    " SELECT k.shop, k.shop_zh, k.shop_en, civil_day(f.from_day), civil_day(f.until_day - 1),"
    "  local_time(COALESCE(CAST(:at AS INTEGER), p.now_us)),"
    "  EXISTS (SELECT 1 FROM heat h WHERE " OWNED " AND (h.ended_us IS NULL OR h.steel_g IS NULL))"
    "   OR (:at IS NULL AND NOT EXISTS (SELECT 1 FROM slot w WHERE w.day >= f.until_day)),"
    "  (SELECT COUNT(*) FROM heat h WHERE " OWNED "),"
    "  decimal((SELECT SUM(h.steel_g) FROM heat h WHERE " OWNED "), 3),"
    "  (SELECT COUNT(*) FROM slot w WHERE w.day >= f.from_day AND w.day < f.until_day)"
    " FROM f JOIN progress p JOIN configuration k"
    "  ON k.version = (SELECT MAX(version) FROM configuration)";
/* clang-format on */

static bool keep_fields(void *context, const struct reader_row *row)
{
    struct period_document *document = context;

    for (int i = 0; i < PERIOD_FIELDS; i++) {
        document->fields[i] = row->values[i] == NULL ? NULL : memory_text(row->values[i]);
    }
    return false;
}

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

/* A settlement that ends within the period: a month's does not within its ten days. */
static bool settles(const struct report_plant *plant, struct period period)
{
    const struct settlement_rule *rule = &plant->rules->settlement;

    return rule->given && rule->period <= period.kind;
}

static bool read_part(struct reader *reader, const struct report_plant *plant,
                      const struct period_document *document, const struct period_part *part,
                      struct table *table, struct failure *failure)
{
    const struct reader_parameter parameters[] = {{":period", document->text}, {":view", "owner"}};

    if (part->settles && !settles(plant, document->period)) {
        return true;
    }
    if (part->kind != NULL) {
        const struct report_source source = {
            .reader = reader,
            .rules = plant->rules,
            .catalog = plant->catalog,
            .parameters = parameters,
            .parameter_count = 2,
        };
        return part->kind->make(&source, table, failure);
    }
    return reader_query(reader, part->sql, parameters, 1, add_row, table, failure);
}

static bool read_all(struct reader *reader, const struct report_plant *plant,
                     struct period_document *document, int64_t at_us, struct failure *failure)
{
    char at[24];

    snprintf(at, sizeof at, "%" PRId64, at_us);
    const struct reader_parameter parameters[] = {{":period", document->text},
                                                  {":at", at_us == INT64_MIN ? NULL : at}};
    if (!reader_query(reader, head_sql, parameters, 2, keep_fields, document, failure)) {
        return false;
    }
    if (document->fields[PERIOD_SHOP] == NULL) {
        return failure_set(failure, FAILURE_INPUT, "the ledger has no configuration yet");
    }
    document->tables = memory_zeroed((size_t)period_part_count, sizeof *document->tables);
    for (int i = 0; i < period_part_count; i++) {
        int count = 0;
        const struct table_column *columns = period_part_columns(&period_parts[i], &count);
        document->tables[i] = table_create(columns, count);
        if (!read_part(reader, plant, document, &period_parts[i], document->tables[i], failure)) {
            return false;
        }
    }
    document->names = report_chinese_names(reader, failure);
    return document->names != NULL;
}

struct period_document *period_document_now(struct reader *reader, const struct report_plant *plant,
                                            struct period period, int64_t at_us,
                                            struct failure *failure)
{
    struct period_document *document = memory_zeroed(1, sizeof *document);

    document->period = period;
    period_format(period, document->text);
    if (!read_all(reader, plant, document, at_us, failure)) {
        period_document_free(document);
        return NULL;
    }
    return document;
}

static bool add_since(void *context, const char *const *values)
{
    table_add(context, values);
    return true;
}

/* What was signed bears what is another now; the names are those of now. */
static bool set_against(struct reader *reader, struct period_document *made,
                        struct period_document *now, struct failure *failure)
{
    made->since = table_create(period_since_columns, SINCE_COLUMNS);
    made->names = now->names;
    now->names = NULL;
    return period_document_compare(reader, made, now, true, add_since, made->since, failure);
}

static struct period_document *read_both(struct reader *reader, const struct report_plant *plant,
                                         struct period period, struct failure *failure)
{
    struct period_document *made = NULL;
    struct period_document *now = period_document_now(reader, plant, period, INT64_MIN, failure);

    if (now == NULL || !period_document_signed(reader, period, &made, failure)) {
        period_document_free(now);
        return NULL;
    }
    if (made == NULL && strcmp(now->fields[PERIOD_SLOTS], "0") == 0) {
        failure_set(failure, FAILURE_INPUT,
                    "the ledger has nothing of %s; a period in which it has booked would be right: "
                    "heatledger report crews shows the days",
                    now->text);
        period_document_free(now);
        return NULL;
    }
    if (made == NULL) {
        return now;
    }
    bool good = set_against(reader, made, now, failure);
    period_document_free(now);
    if (!good) {
        period_document_free(made);
        return NULL;
    }
    return made;
}

struct period_document *period_document_read(struct reader *reader,
                                             const struct report_plant *plant, struct period period,
                                             struct failure *failure)
{
    if (!reader_snapshot_begin(reader, failure)) {
        return NULL;
    }
    struct period_document *document = read_both(reader, plant, period, failure);
    reader_snapshot_end(reader);
    return document;
}

void period_document_free(struct period_document *document)
{
    if (document == NULL) {
        return;
    }
    for (int i = 0; i < PERIOD_FIELDS; i++) {
        free(document->fields[i]);
    }
    for (int i = 0; document->tables != NULL && i < period_part_count; i++) {
        table_free(document->tables[i]);
    }
    free(document->tables);
    table_free(document->names);
    table_free(document->since);
    free(document->made);
    free(document->made_position);
    free(document);
}

static void write_member(FILE *out, const char *name, const char *text)
{
    fprintf(out, ",\"%s\":", name);
    json_text_write(out, text);
}

/* What was signed stands in it byte for byte. */
static void write_made(const struct period_document *document, FILE *out)
{
    size_t length = strlen(document->made);

    REQUIRE(length > 0 && document->made[length - 1] == '}');
    fwrite(document->made, 1, length - 1, out);
    fputs(",\n\"since\":", out);
    table_write_json(document->since, out);
    putc('}', out);
}

void period_document_write_json(const struct period_document *document, FILE *out)
{
    char *const *fields = document->fields;

    if (document->made != NULL) {
        write_made(document, out);
        return;
    }
    fprintf(out, "{\"id\":\"period/%s\"", document->text);
    write_member(out, "period", document->text);
    write_member(out, "kind", period_kind_name(document->period.kind));
    write_member(out, "shop", fields[PERIOD_SHOP]);
    fputs(",\"shop_name\":{\"zh\":", out);
    json_text_write(out, fields[PERIOD_SHOP_ZH]);
    fputs(",\"en\":", out);
    json_text_write(out, fields[PERIOD_SHOP_EN]);
    putc('}', out);
    write_member(out, "from", fields[PERIOD_FROM]);
    write_member(out, "to", fields[PERIOD_TO]);
    write_member(out, "as_of", fields[PERIOD_AS_OF]);
    fprintf(out, ",\"provisional\":%s,\"heats\":%s",
            strcmp(fields[PERIOD_PROVISIONAL], "1") == 0 ? "true" : "false", fields[PERIOD_HEATS]);
    write_member(out, "steel_kg", fields[PERIOD_STEEL_KG]);
    for (int i = 0; i < period_part_count; i++) {
        fprintf(out, ",\n\"%s\":", period_parts[i].key);
        table_write_json(document->tables[i], out);
    }
    putc('}', out);
}

char *period_document_json(struct reader *reader, const struct report_plant *plant,
                           struct period period, int64_t at_us, struct failure *failure)
{
    struct period_document *document = period_document_now(reader, plant, period, at_us, failure);
    char *text = NULL;
    size_t length = 0;

    if (document == NULL) {
        return NULL;
    }
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    period_document_write_json(document, out);
    fclose(out);
    period_document_free(document);
    return text;
}
