/* More tables that version 3 of the schema added: what kinds of quota need. They stand in
 * schema_tables.c and in the step from version 2 word for word. A list of statements, each followed
 * by a comma. */
#ifndef HEATLEDGER_SCHEMA_KINDS_H
#define HEATLEDGER_SCHEMA_KINDS_H

/* quota_kind: what else a quota is; of one without a row: good, hard, result. period_balance: of
 * the shop in a period, whose kind is the quota's basis. stretch_allowance: the tightest level, of
 * a heat (day, shift, crew 0) or a crew-shift (heat 0). heat_weight: what the tap and the last
 * station said a heat weighs, a row for each position that changed it. */
#define SCHEMA_KIND_TABLES_OF_3                                                                    \
    "CREATE TABLE quota_kind ("                                                                    \
    "  quota INTEGER PRIMARY KEY, tonnes TEXT NOT NULL, hard INTEGER NOT NULL,"                    \
    "  kind TEXT NOT NULL, kept_by TEXT NOT NULL) STRICT;",                                        \
        "CREATE TABLE period_balance ("                                                            \
        "  quota INTEGER NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL,"         \
        "  period TEXT NOT NULL, allowed_target_base INTEGER, allowed_limit_base INTEGER,"         \
        "  allowed_stretch_base INTEGER, used_base INTEGER NOT NULL, state TEXT NOT NULL,"         \
        "  provisional INTEGER NOT NULL, PRIMARY KEY (from_day, quota)) STRICT, WITHOUT ROWID;",   \
        "CREATE TABLE stretch_allowance ("                                                         \
        "  quota INTEGER NOT NULL, heat INTEGER NOT NULL, day INTEGER NOT NULL,"                   \
        "  shift INTEGER NOT NULL, crew INTEGER NOT NULL, allowed_base INTEGER,"                   \
        "  PRIMARY KEY (heat, day, shift, crew, quota)) STRICT, WITHOUT ROWID;",                   \
        "CREATE TABLE heat_weight ("                                                               \
        "  heat INTEGER NOT NULL, position INTEGER NOT NULL, tapped_g INTEGER, cast_g INTEGER,"    \
        "  PRIMARY KEY (heat, position)) STRICT, WITHOUT ROWID;",

#endif
