/* A period's document for people, in English or Chinese: as text, and as a page. */
#include "cause_words.h"
#include "period_document.h"
#include "period_parts.h"
#include "report_chinese.h"
#include "table.h"

#include <stdbool.h>
#include <string.h>

#define CELL_MAX CAUSE_WORDS_MAX

/* Columns that people do not read here, by language: nobody is named in a document. */
static const char *const hidden[2] = {" id person share ", " id person share "};

static const struct heading {
    const char *title, *days, *as_of, *provisional, *final, *steel, *since, *nothing, *none;
} headings[] = {
    [HANDOVER_ENGLISH] = {"PERIOD REPORT", "%s to %s", "as of %s, %s",
                          "provisional: the period goes on, or heats have not ended or no weight",
                          "complete", "%s heats, %s kg of steel", "Changed since it was closed",
                          "nothing", "as the ledger has it now: the period is not closed"},
    [HANDOVER_CHINESE] = {"期间结算书", "%s 至 %s", "截至 %s，%s",
                          "暂计：期间未完，或有炉次未结束、未称重", "已结", "%s 炉，钢水 %s kg",
                          "结账后变更", "无", "当前数据：期间尚未结账"},
};

/* How a document is written: the lines above, then headings and tables. */
struct writer {
    FILE *out;
    void (*line)(FILE *out, const char *text, bool first);
    void (*part)(FILE *out, const char *title, const char *none, const struct table *table);
};

static bool is_hidden(const char *column, enum handover_language language)
{
    char spaced[64];

    snprintf(spaced, sizeof spaced, " %.60s ", column);
    return strstr(hidden[language], spaced) != NULL;
}

static const char *part_title(const char *key, enum handover_language language)
{
    for (int i = 0; i < period_part_count; i++) {
        if (strcmp(period_parts[i].key, key) == 0) {
            return period_parts[i].title[language];
        }
    }
    return key;
}

/* What a cell says to people; `text` has room for it. */
static const char *say(const struct period_document *document, const struct table_column *column,
                       const char *cell, enum handover_language language, char text[CELL_MAX])
{
    if (cell == NULL) {
        return NULL;
    }
    if (strcmp(column->name, "why") == 0) {
        return cause_words_list(cell, language, text);
    }
    if (strcmp(column->name, "part") == 0) {
        return part_title(cell, language);
    }
    if (language == HANDOVER_ENGLISH) {
        return cell;
    }
    return strcmp(column->name, "figure") == 0 ? report_chinese_heading(cell)
                                               : report_chinese_cell(column, document->names, cell);
}

/* The table as it is shown: to be freed. `columns` must outlive it. */
static struct table *shown_table(const struct period_document *document, const struct table *table,
                                 const struct table_column *from, int count,
                                 enum handover_language language,
                                 struct table_column columns[PERIOD_COLUMNS_MAX])
{
    const char *cells[PERIOD_COLUMNS_MAX];
    char texts[PERIOD_COLUMNS_MAX][CELL_MAX];
    int shown[PERIOD_COLUMNS_MAX], width = 0;

    for (int i = 0; i < count && width < PERIOD_COLUMNS_MAX; i++) {
        if (!is_hidden(from[i].name, language)) {
            const char *name = from[i].name;
            shown[width] = i;
            columns[width].name =
                language == HANDOVER_CHINESE ? report_chinese_heading(name) : name;
            columns[width++].kind = from[i].kind == TABLE_BOOLEAN ? TABLE_TEXT : from[i].kind;
        }
    }
    struct table *result = table_create(columns, width);
    for (size_t row = 0; row < table_row_count(table); row++) {
        for (int i = 0; i < width; i++) {
            cells[i] = say(document, &from[shown[i]], table_cell(table, row, shown[i]), language,
                           texts[i]);
        }
        table_add(result, cells);
    }
    return result;
}

static void write_part(const struct writer *writer, const struct period_document *document,
                       const struct table *table, const struct table_column *from, int count,
                       const char *title, const char *none, enum handover_language language)
{
    struct table_column columns[PERIOD_COLUMNS_MAX];
    struct table *shown = shown_table(document, table, from, count, language, columns);

    writer->part(writer->out, title, none, shown);
    table_free(shown);
}

static void write_head(const struct writer *writer, const struct period_document *document,
                       enum handover_language language)
{
    const struct heading *heading = &headings[language];
    char *const *fields = document->fields;
    const char *shop = fields[language == HANDOVER_CHINESE ? PERIOD_SHOP_ZH : PERIOD_SHOP_EN];
    const char *steel = fields[PERIOD_STEEL_KG];
    bool provisional = strcmp(fields[PERIOD_PROVISIONAL], "1") == 0;
    char line[512];

    snprintf(line, sizeof line, "%s  %s  %s", heading->title, document->text,
             shop != NULL && *shop != '\0' ? shop : fields[PERIOD_SHOP]);
    writer->line(writer->out, line, true);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are those of the table above   \
                                                      */
    snprintf(line, sizeof line, heading->days, fields[PERIOD_FROM], fields[PERIOD_TO]);
    writer->line(writer->out, line, false);
    snprintf(line, sizeof line, heading->as_of,
             fields[PERIOD_AS_OF] == NULL ? "-" : fields[PERIOD_AS_OF],
             provisional ? heading->provisional : heading->final);
    writer->line(writer->out, line, false);
    snprintf(line, sizeof line, heading->steel, fields[PERIOD_HEATS], steel == NULL ? "-" : steel);
    writer->line(writer->out, line, false);
#pragma GCC diagnostic pop
    if (document->made == NULL) {
        writer->line(writer->out, heading->none, false);
    }
}

static void write_document(const struct writer *writer, const struct period_document *document,
                           enum handover_language language)
{
    const struct heading *heading = &headings[language];

    write_head(writer, document, language);
    for (int i = 0; i < period_part_count; i++) {
        int count = 0;
        const struct table_column *columns = period_part_columns(&period_parts[i], &count);
        write_part(writer, document, document->tables[i], columns, count,
                   period_parts[i].title[language], period_parts[i].none[language], language);
    }
    if (document->since != NULL) {
        write_part(writer, document, document->since, period_since_columns, SINCE_COLUMNS,
                   heading->since, heading->nothing, language);
    }
}

/* ---- As text ---- */

static void text_line(FILE *out, const char *text, bool first)
{
    (void)first;
    fprintf(out, "%s\n", text);
}

static void text_part(FILE *out, const char *title, const char *none, const struct table *table)
{
    if (table_row_count(table) == 0) {
        fprintf(out, "\n%s: %s\n", title, none);
        return;
    }
    fprintf(out, "\n%s\n", title);
    table_write_text(table, out);
}

void period_document_write_text(const struct period_document *document,
                                enum handover_language language, FILE *out)
{
    const struct writer writer = {out, text_line, text_part};

    write_document(&writer, document, language);
}

/* ---- As a page ---- */

static void html_line(FILE *out, const char *text, bool first)
{
    fputs(first ? "<h1>" : "<p>", out);
    table_write_html_text(text, out);
    fputs(first ? "</h1>\n" : "</p>\n", out);
}

static void html_part(FILE *out, const char *title, const char *none, const struct table *table)
{
    fputs("<h2>", out);
    table_write_html_text(title, out);
    fputs("</h2>\n", out);
    if (table_row_count(table) > 0) {
        table_write_html(table, out);
        return;
    }
    fputs("<p>", out);
    table_write_html_text(none, out);
    fputs("</p>\n", out);
}

void period_document_write_html(const struct period_document *document,
                                enum handover_language language, FILE *out)
{
    const struct writer writer = {out, html_line, html_part};

    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">\n"
            "<title>%s</title>\n<style>body{font-family:sans-serif;margin:2em}"
            "table{border-collapse:collapse}td,th{border:1px solid #999;padding:2px 6px;"
            "text-align:left}td.n{text-align:right}</style></head>\n<body>\n",
            language == HANDOVER_CHINESE ? "zh" : "en", document->text);
    write_document(&writer, document, language);
    fputs("</body>\n</html>\n", out);
}
