#include "table.h"

#include "failure.h"
#include "json_text.h"
#include "memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct table {
    const struct table_column *columns;
    int column_count;
    char **cells; /* row by row */
    size_t cell_count, cell_capacity;
};

struct table *table_create(const struct table_column *columns, int column_count)
{
    struct table *table = memory_zeroed(1, sizeof *table);

    REQUIRE(column_count > 0);
    table->columns = columns;
    table->column_count = column_count;
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
    free(table);
}

void table_add(struct table *table, const char *const *values)
{
    for (int i = 0; i < table->column_count; i++) {
        const char *value = values[i];
        if (value != NULL && table->columns[i].kind == TABLE_BOOLEAN) {
            value = strcmp(value, "0") == 0 ? "false" : "true";
        }
        memory_grow(&table->cells, table->cell_count, &table->cell_capacity, sizeof(char *));
        table->cells[table->cell_count++] = value == NULL ? NULL : memory_text(value);
    }
}

void table_set(struct table *table, size_t row, int column, const char *value)
{
    REQUIRE(column >= 0 && column < table->column_count && row < table_row_count(table));
    char **cell = &table->cells[row * (size_t)table->column_count + (size_t)column];
    free(*cell);
    *cell = memory_text(value);
}

size_t table_row_count(const struct table *table)
{
    return table->cell_count / (size_t)table->column_count;
}

int table_seek(const struct table *table, const char *name)
{
    for (int column = 0; column < table->column_count; column++) {
        if (strcmp(table->columns[column].name, name) == 0) {
            return column;
        }
    }
    return -1;
}

int table_column_count(const struct table *table)
{
    return table->column_count;
}

const struct table_column *table_column_at(const struct table *table, int column)
{
    REQUIRE(column >= 0 && column < table->column_count);
    return &table->columns[column];
}

int table_find(const struct table *table, const char *name)
{
    int column = table_seek(table, name);
    REQUIRE(column >= 0);
    return column;
}

const char *table_cell(const struct table *table, size_t row, int column)
{
    REQUIRE(row < table_row_count(table) && column >= 0 && column < table->column_count);
    return table->cells[row * (size_t)table->column_count + (size_t)column];
}

/* Characters that fill two columns of a terminal, or none: East Asian Width of the Unicode
 * standard, in whole blocks. */
static int character_width(uint32_t character)
{
    static const struct {
        uint32_t first, last;
        int width;
    } blocks[] = {
        {0x0300, 0x036f, 0}, {0x1100, 0x115f, 2}, {0x200b, 0x200f, 0},   {0x2e80, 0x303e, 2},
        {0x3041, 0xa4cf, 2}, {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2},   {0xfe30, 0xfe6f, 2},
        {0xff00, 0xff60, 2}, {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (character >= blocks[i].first && character <= blocks[i].last) {
            return blocks[i].width;
        }
    }
    return 1;
}

int table_text_width(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    int width = 0;

    while (*at != '\0') {
        uint32_t character = *at++;
        if (character >= 0xc0) {
            character &= character >= 0xf0 ? 0x07U : character >= 0xe0 ? 0x0fU : 0x1fU;
        }
        while ((*at & 0xc0) == 0x80) {
            character = character << 6 | (*at++ & 0x3fU);
        }
        width += character_width(character);
    }
    return width;
}

/* Bytes of the text that fill at most `*width` columns; leaves in it the columns they do not. */
static int bytes_of_width(const char *text, int *width)
{
    int bytes = 0;

    while (text[bytes] != '\0') {
        int next = bytes + 1;
        while (((unsigned char)text[next] & 0xc0) == 0x80) {
            next++;
        }
        char character[8] = "";
        memcpy(character, text + bytes, (size_t)(next - bytes < 7 ? next - bytes : 7));
        int needed = table_text_width(character);
        if (needed > *width) {
            break;
        }
        *width -= needed;
        bytes = next;
    }
    return bytes;
}

/* How wide a cell is shown. */
static int cell_width(const char *text)
{
    int width = text == NULL ? 0 : table_text_width(text);

    return width > TABLE_TEXT_WIDTH_MAX ? TABLE_TEXT_WIDTH_MAX : width;
}

static bool right_aligned(enum table_kind kind)
{
    return kind == TABLE_DECIMAL || kind == TABLE_COUNT;
}

/* One cell, filled up with spaces; the last of a line is not. What is too wide for any line ends
 * in dots. */
static void write_cell(FILE *out, const char *text, int width, bool right, bool last)
{
    const char *dots = table_text_width(text) > TABLE_TEXT_WIDTH_MAX ? "..." : "";
    int fill = width - (int)strlen(dots);
    int bytes = bytes_of_width(text, &fill);

    if (right) {
        fprintf(out, "%*s%.*s%s", fill, "", bytes, text, dots);
    } else {
        fprintf(out, "%.*s%s%*s", bytes, text, dots, last ? 0 : fill, "");
    }
    fputs(last ? "\n" : "  ", out);
}

void table_write_text(const struct table *table, FILE *out)
{
    int *widths = memory_zeroed((size_t)table->column_count, sizeof *widths);
    size_t rows = table_row_count(table);

    for (int i = 0; i < table->column_count; i++) {
        widths[i] = table_text_width(table->columns[i].name);
        for (size_t row = 0; row < rows; row++) {
            int width = cell_width(table_cell(table, row, i));
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    for (int i = 0; i < table->column_count; i++) {
        write_cell(out, table->columns[i].name, widths[i], right_aligned(table->columns[i].kind),
                   i + 1 == table->column_count);
    }
    for (size_t row = 0; row < rows; row++) {
        for (int i = 0; i < table->column_count; i++) {
            const char *cell = table_cell(table, row, i);
            write_cell(out, cell == NULL ? "" : cell, widths[i],
                       right_aligned(table->columns[i].kind), i + 1 == table->column_count);
        }
    }
    free(widths);
}

static void write_csv_field(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"') {
            putc('"', out);
        }
        putc(*at, out);
    }
    putc('"', out);
}

void table_write_csv(const struct table *table, FILE *out)
{
    size_t rows = table_row_count(table);

    for (int i = 0; i < table->column_count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ",", table->columns[i].name);
    }
    putc('\n', out);
    for (size_t row = 0; row < rows; row++) {
        for (int i = 0; i < table->column_count; i++) {
            const char *cell = table_cell(table, row, i);
            fputs(i == 0 ? "" : ",", out);
            write_csv_field(out, cell == NULL ? "" : cell);
        }
        putc('\n', out);
    }
}

void table_write_html_text(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        const char *entity = *text == '<'   ? "&lt;"
                             : *text == '>' ? "&gt;"
                             : *text == '&' ? "&amp;"
                             : *text == '"' ? "&quot;"
                                            : NULL;
        if (entity != NULL) {
            fputs(entity, out);
        } else {
            putc(*text, out);
        }
    }
}

static void write_html_row(const struct table *table, size_t row, FILE *out)
{
    fputs("<tr>", out);
    for (int i = 0; i < table->column_count; i++) {
        enum table_kind kind = table->columns[i].kind;
        const char *cell = table_cell(table, row, i);
        fputs(kind == TABLE_DECIMAL || kind == TABLE_COUNT ? "<td class=\"n\">" : "<td>", out);
        table_write_html_text(cell == NULL ? "" : cell, out);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

void table_write_html(const struct table *table, FILE *out)
{
    fputs("<table>\n<tr>", out);
    for (int i = 0; i < table->column_count; i++) {
        fputs("<th>", out);
        table_write_html_text(table->columns[i].name, out);
        fputs("</th>", out);
    }
    fputs("</tr>\n", out);
    for (size_t row = 0; row < table_row_count(table); row++) {
        write_html_row(table, row, out);
    }
    fputs("</table>\n", out);
}

static void write_json_cell(FILE *out, const char *cell, enum table_kind kind)
{
    if (cell != NULL && (kind == TABLE_COUNT || kind == TABLE_BOOLEAN)) {
        fputs(cell, out);
    } else {
        json_text_write(out, cell);
    }
}

void table_write_json_row(const struct table *table, size_t row, FILE *out)
{
    for (int i = 0; i < table->column_count; i++) {
        fputs(i == 0 ? "{" : ",", out);
        json_text_write(out, table->columns[i].name);
        putc(':', out);
        write_json_cell(out, table_cell(table, row, i), table->columns[i].kind);
    }
    putc('}', out);
}

void table_write_json(const struct table *table, FILE *out)
{
    size_t rows = table_row_count(table);

    putc('[', out);
    for (size_t row = 0; row < rows; row++) {
        fputs(row == 0 ? "\n" : ",\n", out);
        table_write_json_row(table, row, out);
    }
    fputs(rows == 0 ? "]" : "\n]", out);
}
