/* What a ledger holds, as text, for tests that ask it by SQL. Behind cmocka.h. */
#ifndef LEDGER_ROWS_H
#define LEDGER_ROWS_H

#include "ledger_fixture.h"
#include "reader.h"

static inline bool append_row(void *context, const struct reader_row *row)
{
    char *text = context;

    for (int i = 0; i < row->column_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, 1000 - used, "%s%s", i == 0 ? "" : "|",
                 row->values[i] == NULL ? "null" : row->values[i]);
    }
    strcat(text, "\n");
    return true;
}

/* All rows of a query as lines, columns separated by '|'. */
static inline void expect_rows(struct reader *reader, const char *sql, const char *expected)
{
    char text[1000] = "";
    struct failure failure = {0};

    if (!reader_query(reader, sql, NULL, 0, append_row, text, &failure)) {
        fail_msg("%s", failure.text);
    }
    assert_string_equal(text, expected);
}

static inline void commit_or_fail(struct ledger_fixture *f, int64_t now_us)
{
    struct failure failure = {0};

    if (!fixture_commit(f, now_us, &failure)) {
        fail_msg("%s", failure.text);
    }
}

#endif
