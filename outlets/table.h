/* A table of texts, and the three ways in which it is written: for people, CSV, JSON. */
#ifndef HEATLEDGER_TABLE_H
#define HEATLEDGER_TABLE_H

#include <stddef.h>
#include <stdio.h>

enum table_kind {
    TABLE_TEXT,    /* JSON: string */
    TABLE_DECIMAL, /* JSON: string; set right-aligned for people */
    TABLE_COUNT,   /* an integer: a number in JSON */
    TABLE_BOOLEAN, /* "1" or "0": true or false everywhere */
};

struct table_column {
    const char *name;
    enum table_kind kind;
};

struct table;

/* `columns` must outlive the table. */
struct table *table_create(const struct table_column *columns, int column_count);
void table_free(struct table *table);

/* Adds a row: one text a column, copied; NULL is "unknown". */
void table_add(struct table *table, const char *const *values);
/* Gives a cell that is there another text, copied. */
void table_set(struct table *table, size_t row, int column, const char *value);
size_t table_row_count(const struct table *table);

int table_column_count(const struct table *table);
const struct table_column *table_column_at(const struct table *table, int column);

/* The number of the column of that name, which must be there. */
int table_find(const struct table *table, const char *name);

/* The same; -1 where there is none. */
int table_seek(const struct table *table, const char *name);

/* The cell, which belongs to the table; NULL: unknown. */
const char *table_cell(const struct table *table, size_t row, int column);

/* The widest that a cell of a text is; what is wider ends in "..." there. CSV and JSON have all. */
#define TABLE_TEXT_WIDTH_MAX 200

/* Columns side by side, a heading above; Chinese characters count as two wide. */
void table_write_text(const struct table *table, FILE *out);

/* RFC 4180 with a heading, lines ended by LF; unknown is an empty field. */
void table_write_csv(const struct table *table, FILE *out);

/* An HTML table; numbers are of the class "n". And a text as HTML. */
void table_write_html(const struct table *table, FILE *out);
void table_write_html_text(const char *text, FILE *out);

/* One row as a flat object; an array of them, a line each. */
void table_write_json_row(const struct table *table, size_t row, FILE *out);
void table_write_json(const struct table *table, FILE *out);

/* How many columns of a terminal a UTF-8 text takes. */
int table_text_width(const char *text);

#endif
