/* The tables that version 3 of the schema added: what people hand in about quotas, and what becomes
 * of it. They stand in schema_tables.c and in the step from version 2 word for word, since tables
 * are compared so. A list of statements, each followed by a comma. */
#ifndef HEATLEDGER_SCHEMA_QUOTAS_H
#define HEATLEDGER_SCHEMA_QUOTAS_H

/* paper: one row for each that was taken, in the order of the journal, never changed. `state` is
 * what became by it of the paper that it is about: `of`, or itself where it is about none. Amounts
 * in 10^-9; what a kind has not is null. */
#define SCHEMA_TABLES_OF_3                                                                         \
    "CREATE TABLE paper_row ("                                                                     \
    "  position INTEGER NOT NULL, ordinal INTEGER NOT NULL, id TEXT NOT NULL,"                     \
    "  kind TEXT NOT NULL, state TEXT NOT NULL, ts_us INTEGER NOT NULL,"                           \
    "  taken_at_us INTEGER NOT NULL, by_whom TEXT NOT NULL, of TEXT, quota INTEGER,"               \
    "  item INTEGER, crew INTEGER, to_crew INTEGER, period TEXT, period_from INTEGER,"             \
    "  period_until INTEGER, from_us INTEGER, amount_e9 INTEGER, target_e9 INTEGER,"               \
    "  limit_e9 INTEGER, tonnes_e9 INTEGER, rate_e9 INTEGER, opening_e9 INTEGER,"                  \
    "  sunk_e9 INTEGER, saving_e9 INTEGER, life_years INTEGER, hurdle_e9 INTEGER,"                 \
    "  order_name TEXT, name TEXT, code TEXT, reason TEXT, action TEXT, approved_by TEXT,"         \
    "  meters TEXT, json TEXT NOT NULL, PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;",  \
        "CREATE INDEX paper_row_by_id ON paper_row (id);",                                         \
        "CREATE INDEX paper_row_by_of ON paper_row (of) WHERE of IS NOT NULL;",                    \
        "CREATE INDEX paper_row_by_kind ON paper_row (kind);",

/* period_document: of a ten-day period or a month, as it stood when it was closed. `position`: what
 * was booked from there on was not known yet. */
#define SCHEMA_PERIOD_TABLES_OF_3                                                                  \
    "CREATE TABLE period_document ("                                                               \
    "  period TEXT PRIMARY KEY, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL,"            \
    "  at_us INTEGER NOT NULL, position INTEGER NOT NULL,"                                         \
    "  json TEXT NOT NULL) STRICT, WITHOUT ROWID;",

#endif
