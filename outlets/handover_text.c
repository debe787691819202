/* The handover for people, in English or Chinese. */
#include "handover.h"

#include "cause_words.h"
#include "handover_parts.h"
#include "table.h"

#include <stdbool.h>
#include <string.h>

/* The words of the ledger that stand in cells; all others are names or numbers. */
static const char *const words[][2] = {
    {"green", "绿"},     {"amber", "黄"},       {"red", "红"},     {"target", "目标"},
    {"limit", "限额"},   {"owner", "归属"},     {"clock", "时段"}, {"raised", "已触发"},
    {"acked", "已确认"}, {"shelved", "已搁置"}, {"true", "是"},    {"false", "否"},
    {"used", "耗用"},    {"steel_kg", "重量"},  {"heats", "炉数"},
};

/* What stands above the parts. */
static const struct heading {
    const char *title, *crew_shift, *as_of, *provisional, *final, *steel;
} headings[] = {
    [HANDOVER_ENGLISH] = {"SHIFT HANDOVER  %s (%s)\n", "%s %s  %s to %s\n", "as of %s, %s\n",
                          "provisional: the shift or heats of it are still in progress", "complete",
                          "%s heats owned, %s kg of steel\n"},
    [HANDOVER_CHINESE] = {"交接班记录  %s (%s)\n", "%s %s  %s 至 %s\n", "截至 %s，%s\n",
                          "暂计：本班或本班炉次尚未结束", "已结", "本班炉次 %s 炉，钢水 %s kg\n"},
};

static const char *translate(const char *cell, enum handover_language language)
{
    if (cell == NULL || language == HANDOVER_ENGLISH) {
        return cell;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(cell, words[i][0]) == 0) {
            return words[i][1];
        }
    }
    return cell;
}

/* A cell of a column that differs by language is a name, which falls back to the id before it. */
static const char *cell_of(const struct table *table, size_t row,
                           const struct handover_shown *shown, enum handover_language language)
{
    int column = shown->column[language];
    const char *cell = table_cell(table, row, column);

    if (shown->column[HANDOVER_ENGLISH] != shown->column[HANDOVER_CHINESE]) {
        if (cell != NULL && *cell == '\0') {
            cell = table_cell(table, row, shown->column[HANDOVER_CHINESE] - 1);
        }
        return cell;
    }
    return translate(cell, language);
}

static void write_part(const struct handover_part *part, const struct table *table,
                       enum handover_language language, FILE *out)
{
    struct table_column columns[HANDOVER_SHOWN_MAX];
    const char *cells[HANDOVER_SHOWN_MAX];
    char why[CAUSE_WORDS_MAX];
    size_t rows = table_row_count(table);
    int count = 0;

    fprintf(out, "\n%s", part->title[language]);
    if (rows == 0) {
        fprintf(out, ": %s\n", part->none[language]);
        return;
    }
    putc('\n', out);
    for (; count < HANDOVER_SHOWN_MAX && part->shown[count].title[language] != NULL; count++) {
        columns[count].name = part->shown[count].title[language];
        columns[count].kind = part->columns[part->shown[count].column[language]].kind;
        if (columns[count].kind == TABLE_BOOLEAN) {
            columns[count].kind = TABLE_TEXT; /* the cells are words already */
        }
    }
    struct table *shown = table_create(columns, count);
    for (size_t row = 0; row < rows; row++) {
        for (int i = 0; i < count; i++) {
            cells[i] = cell_of(table, row, &part->shown[i], language);
            if (cells[i] != NULL &&
                strcmp(part->columns[part->shown[i].column[0]].name, "why") == 0) {
                cells[i] = cause_words_list(cells[i], language, why);
            }
        }
        table_add(shown, cells);
    }
    table_write_text(shown, out);
    table_free(shown);
}

/* The name in the language, or the id. */
static const char *name_of(char *const *fields, int id, enum handover_language language)
{
    const char *name = fields[language == HANDOVER_CHINESE ? id + 1 : id + 2];

    return name != NULL && *name != '\0' ? name : fields[id];
}

void handover_write_text(const struct handover *handover, enum handover_language language,
                         FILE *out)
{
    const struct heading *heading = &headings[language];
    char *const *fields = handover->fields;
    bool provisional = strcmp(fields[HANDOVER_PROVISIONAL], "1") == 0;
    const char *steel = fields[HANDOVER_STEEL_KG];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are those of the table above   \
                                                      */
    fprintf(out, heading->title, name_of(fields, HANDOVER_SHOP, language), fields[HANDOVER_SHOP]);
    fprintf(out, heading->crew_shift, fields[HANDOVER_DAY],
            name_of(fields, HANDOVER_SHIFT, language), fields[HANDOVER_FROM], fields[HANDOVER_TO]);
    fprintf(out, heading->as_of, fields[HANDOVER_AS_OF],
            provisional ? heading->provisional : heading->final);
    fprintf(out, heading->steel, fields[HANDOVER_HEATS], steel == NULL ? "-" : steel);
#pragma GCC diagnostic pop
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        write_part(&handover_parts[i], handover->tables[i], language, out);
    }
    if (handover->since != NULL) {
        write_part(&handover_since_part, handover->since, language, out);
    }
}
