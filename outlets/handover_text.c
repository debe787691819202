/* The handover for people, in English or Chinese. */
#include "handover.h"

#include "cause_words.h"
#include "handover_names.h"
#include "handover_parts.h"
#include "table.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX CAUSE_WORDS_MAX

/* The words of the ledger that stand in cells, by language; all others are names or numbers. */
static const struct {
    const char *cell, *words[2];
} words[] = {
    {"green", {"green", "绿"}},
    {"amber", {"amber", "黄"}},
    {"red", {"red", "红"}},
    {"target", {"target", "目标"}},
    {"limit", {"limit", "限额"}},
    {"owner", {"owner", "归属"}},
    {"clock", {"clock", "时段"}},
    {"raised", {"raised", "已触发"}},
    {"acked", {"acknowledged", "已确认"}},
    {"shelved", {"shelved", "已搁置"}},
    {"true", {"yes", "是"}},
    {"false", {"no", "否"}},
    {"used", {"used", "耗用"}},
    {"steel_kg", {"steel", "重量"}},
    {"heats", {"heats", "炉数"}},
};

/* Alerts about a meter bear what they are about before its id. */
static const struct {
    const char *before, *words[2];
} matters[] = {
    {"held/", {"held: ", "挂起："}},
    {"stale/", {"silent: ", "无数据："}},
};

/* What stands above the parts. */
static const struct heading {
    const char *title, *crew_shift, *as_of, *provisional, *final, *steel, *weightless, *waiting;
} headings[] = {
    [HANDOVER_ENGLISH] =
        {"SHIFT HANDOVER  %s (%s)\n", "%s %s  %s to %s\n", "as of %s, %s\n",
         "provisional: the shift or heats of it are still in progress", "complete",
         "%s heats owned, %s kg of steel\n",
         "heats without a weight: %zu; a quota per tonne does not count them yet\n",
         "overruns without a cause: %s; pick slips open: %s\n"},
    [HANDOVER_CHINESE] = {"交接班记录  %s (%s)\n", "%s %s  %s 至 %s\n", "截至 %s，%s\n",
                          "暂计：本班或本班炉次尚未结束", "已结", "本班炉次 %s 炉，钢水 %s kg\n",
                          "未称重炉次 %zu 炉；吨钢定额暂不计入\n",
                          "超耗原因待填：%s；未结限额领料单：%s\n"},
};

/* What a cell says to people; `text` has room for it. */
static const char *say(const struct handover *handover, const char *column, const char *cell,
                       enum handover_language language, char text[CELL_MAX])
{
    if (strcmp(column, "why") == 0) {
        return cause_words_list(cell, language, text);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(cell, words[i].cell) == 0) {
            return words[i].words[language];
        }
    }
    for (size_t i = 0; strcmp(column, "quota") == 0 && i < sizeof matters / sizeof *matters; i++) {
        size_t length = strlen(matters[i].before);
        if (strncmp(cell, matters[i].before, length) == 0) {
            snprintf(text, CELL_MAX, "%s%s", matters[i].words[language],
                     handover_names_find(handover->names, "meter", cell + length, language));
            return text;
        }
    }
    return handover_names_find(handover->names, column, cell, language);
}

/* A cell of a column that differs by language is a name. Where there is none the id stands for it:
 * of a quota, or the one before the names. */
static const char *cell_of(const struct table *table, size_t row,
                           const struct handover_shown *shown, enum handover_language language)
{
    const char *cell = table_cell(table, row, shown->column[language]);
    int quota = table_seek(table, "quota");

    if (cell == NULL || *cell != '\0') {
        return cell;
    }
    if (quota >= 0 && table_cell(table, row, quota) != NULL) {
        return table_cell(table, row, quota);
    }
    return table_cell(table, row, shown->column[HANDOVER_CHINESE] - 1);
}

static void write_part(const struct handover *handover, const struct handover_part *part,
                       const struct table *table, enum handover_language language, FILE *out)
{
    struct table_column columns[HANDOVER_SHOWN_MAX];
    const char *cells[HANDOVER_SHOWN_MAX];
    char texts[HANDOVER_SHOWN_MAX][CELL_MAX];
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
            const int *column = part->shown[i].column;
            if (column[0] != column[1]) {
                cells[i] = cell_of(table, row, &part->shown[i], language);
                continue;
            }
            const char *cell = table_cell(table, row, column[0]);
            cells[i] = cell == NULL
                           ? NULL
                           : say(handover, part->columns[column[0]].name, cell, language, texts[i]);
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

/* Heats owned in the shift whose weight is not known. */
static size_t count_weightless(const struct handover *handover)
{
    size_t count = 0;

    for (int i = 0; i < HANDOVER_PARTS; i++) {
        const struct table *table = handover->tables[i];
        if (strcmp(handover_parts[i].key, "heats_tapped") == 0) {
            for (size_t row = 0; row < table_row_count(table); row++) {
                count += table_cell(table, row, table_find(table, "steel_kg")) == NULL;
            }
        }
    }
    return count;
}

/* NULL in a summary that an earlier program made: it did not count. */
static const char *count_of(const char *field)
{
    return field == NULL ? "-" : field;
}

static bool is_above_0(const char *field)
{
    return field != NULL && strcmp(field, "0") != 0;
}

void handover_write_text(const struct handover *handover, enum handover_language language,
                         FILE *out)
{
    const struct heading *heading = &headings[language];
    char *const *fields = handover->fields;
    bool provisional = strcmp(fields[HANDOVER_PROVISIONAL], "1") == 0;
    const char *steel = fields[HANDOVER_STEEL_KG];
    size_t weightless = count_weightless(handover);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are those of the table above   \
                                                      */
    fprintf(out, heading->title, name_of(fields, HANDOVER_SHOP, language), fields[HANDOVER_SHOP]);
    fprintf(out, heading->crew_shift, fields[HANDOVER_DAY],
            name_of(fields, HANDOVER_SHIFT, language), fields[HANDOVER_FROM], fields[HANDOVER_TO]);
    fprintf(out, heading->as_of, fields[HANDOVER_AS_OF],
            provisional ? heading->provisional : heading->final);
    fprintf(out, heading->steel, fields[HANDOVER_HEATS], steel == NULL ? "-" : steel);
    if (weightless > 0) {
        fprintf(out, heading->weightless, weightless);
    }
    if (is_above_0(fields[HANDOVER_CAUSES_PENDING]) || is_above_0(fields[HANDOVER_SLIPS_OPEN])) {
        fprintf(out, heading->waiting, count_of(fields[HANDOVER_CAUSES_PENDING]),
                count_of(fields[HANDOVER_SLIPS_OPEN]));
    }
#pragma GCC diagnostic pop
    for (int i = 0; i < HANDOVER_PARTS; i++) {
        write_part(handover, &handover_parts[i], handover->tables[i], language, out);
    }
    if (handover->since != NULL) {
        write_part(handover, &handover_since_part, handover->since, language, out);
    }
}
