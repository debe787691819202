/* The steps from version to version of the tables. A table whose columns change is made anew, with
 * the text that it has in schema_tables.c as of that version, since it is compared with that word
 * for word; the rows go over. Steps never change once a version is out. */
#include "schema.h"
#include "schema_accounts.h"
#include "schema_kinds.h"
#include "schema_quotas.h"

#include <stddef.h>

#define HEAT_COLUMNS                                                                               \
    "heat, version, id, grade, steel_g, planned_g, first_start_us, owner_at_us, owner_day, "       \
    "owner_shift, owner_crew, ended_us, provisional, review, gone, keeper"

const char *const schema_steps_1_to_2[] = {
    /* who made a version of a heat was not kept: a record before all others */
    "ALTER TABLE heat_version RENAME TO former_heat_version;",
    "CREATE TABLE heat_version ("
    "  heat INTEGER NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, grade TEXT NOT NULL,"
    "  steel_g INTEGER, planned_g INTEGER, first_start_us INTEGER, owner_at_us INTEGER,"
    "  owner_day INTEGER, owner_shift INTEGER, owner_crew INTEGER, ended_us INTEGER,"
    "  provisional INTEGER NOT NULL, review INTEGER NOT NULL, gone INTEGER NOT NULL,"
    "  keeper INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  PRIMARY KEY (heat, version)) STRICT, WITHOUT ROWID;",
    "INSERT INTO heat_version (" HEAT_COLUMNS ", position)"
    " SELECT " HEAT_COLUMNS ", 0 FROM former_heat_version;",
    "DROP TABLE former_heat_version;",

    "CREATE INDEX open_segment_meter ON open_segment (meter);",
    "CREATE INDEX held_reading_meter ON held_reading (meter);",

    /* which reading was held was not kept */
    "ALTER TABLE reject RENAME TO former_reject;",
    "CREATE TABLE reject ("
    "  position INTEGER NOT NULL, ordinal INTEGER NOT NULL, nth INTEGER NOT NULL,"
    "  at_us INTEGER NOT NULL,"
    "  topic TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, payload BLOB NOT NULL,"
    "  meter INTEGER, ts_us INTEGER, value_raw INTEGER,"
    "  PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;",
    "INSERT INTO reject (position, ordinal, nth, at_us, topic, outcome, detail, payload)"
    " SELECT position, ordinal, row_number() OVER (PARTITION BY topic, outcome"
    "  ORDER BY position, ordinal), at_us, topic, outcome, detail, payload FROM former_reject;",
    "DROP TABLE former_reject;",
    "CREATE INDEX reject_by_kind ON reject (topic, outcome, nth);",
    "CREATE INDEX reject_by_reading ON reject (meter, ts_us) WHERE meter IS NOT NULL;",
    NULL,
};

const char *const schema_steps_2_to_3[] = {
    SCHEMA_TABLES_OF_3 SCHEMA_ACCOUNT_TABLES_OF_3 SCHEMA_PERIOD_TABLES_OF_3 SCHEMA_KIND_TABLES_OF_3
        SCHEMA_ACCOUNT_OPENING_OF_3 NULL};
