/* The tables of quota accounts, as version 3 of the schema added them: in schema_tables.c and in
 * the step from version 2, word for word (schema_quotas.h). */
#ifndef HEATLEDGER_SCHEMA_ACCOUNTS_H
#define HEATLEDGER_SCHEMA_ACCOUNTS_H

/* quota_account_row: kind heat names a heat; crew a day, shift and crew; crew_period a period and a
 * crew; period and reserve a period; what a kind does not name is 0 or empty. quota_entry_row: from
 * one account to another of the same quota, in the order of the journal, never changed; paper: the
 * id of the one that it rests on. */
#define SCHEMA_ACCOUNT_TABLES_OF_3                                                                 \
    "CREATE TABLE quota_account_row ("                                                             \
    "  no INTEGER PRIMARY KEY, quota INTEGER NOT NULL, kind TEXT NOT NULL,"                        \
    "  heat INTEGER NOT NULL, day INTEGER NOT NULL, shift INTEGER NOT NULL,"                       \
    "  crew INTEGER NOT NULL, period TEXT NOT NULL,"                                               \
    "  UNIQUE (quota, kind, heat, day, shift, crew, period)) STRICT;",                             \
        "CREATE TABLE quota_entry_row ("                                                           \
        "  position INTEGER NOT NULL, ordinal INTEGER NOT NULL, from_account INTEGER NOT NULL,"    \
        "  to_account INTEGER NOT NULL, target_base INTEGER NOT NULL,"                             \
        "  limit_base INTEGER NOT NULL, cause TEXT NOT NULL, at_us INTEGER NOT NULL,"              \
        "  paper TEXT, PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;",                   \
        "CREATE INDEX quota_entry_row_from ON quota_entry_row (from_account);",                    \
        "CREATE INDEX quota_entry_row_to ON quota_entry_row (to_account);",

/* What the balances of a ledger of version 2 allow becomes the accounts' opening entries, before
 * the journal's first record: heats by themselves, crew-shifts with what their heats do not say. */
#define SCHEMA_ACCOUNT_OPENING_OF_3                                                                \
    "CREATE TABLE opening (quota, kind, heat, day, shift, crew, target_base, "                     \
    "limit_base);",                                                                                \
        "INSERT INTO opening SELECT quota, 'heat', heat, 0, 0, 0, "                                \
        "allowed_target_base,  allowed_limit_base FROM heat_balance WHERE "                        \
        "allowed_limit_base IS NOT NULL;",                                                         \
        "INSERT INTO opening SELECT b.quota, 'crew', 0, b.day, b.shift, b.crew,  "                 \
        "b.allowed_target_base - COALESCE(SUM(o.target_base), 0),  "                               \
        "b.allowed_limit_base - COALESCE(SUM(o.limit_base), 0) FROM crew_balance b  "              \
        "LEFT JOIN heat h ON h.owner_day = b.day AND h.owner_shift = b.shift   AND "               \
        "h.owner_crew = b.crew  LEFT JOIN opening o ON o.quota = b.quota AND o.heat = "            \
        "h.no AND h.no <> 0 WHERE b.allowed_limit_base IS NOT NULL GROUP BY b.quota, "             \
        "b.day, b.shift, b.crew;",                                                                 \
        "DELETE FROM opening WHERE target_base = 0 AND limit_base = 0;",                           \
        "INSERT INTO quota_account_row (quota, kind, heat, day, shift, crew, period) "             \
        "SELECT DISTINCT quota, 'workshop', 0, 0, 0, 0, '' FROM opening;",                         \
        "INSERT INTO quota_account_row (quota, kind, heat, day, shift, crew, period) "             \
        "SELECT quota, kind, heat, day, shift, crew, '' FROM opening;",                            \
        "INSERT INTO quota_entry_row (position, ordinal, from_account, to_account, "               \
        "target_base, limit_base, cause, at_us, paper) SELECT 0, row_number() OVER "               \
        "(ORDER BY a.no) - 1,  w.no, a.no, o.target_base, o.limit_base, 'earned', "                \
        "(SELECT now_us FROM progress),  NULL FROM opening o JOIN quota_account_row a "            \
        "USING (quota, kind, heat, day, shift, crew)  JOIN quota_account_row w ON "                \
        "w.quota = o.quota AND w.kind = 'workshop';",                                              \
        "DROP TABLE opening;",

#endif
