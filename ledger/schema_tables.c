/* The private tables. What others may read are the views of schema_views.c.
 *
 * Names of the configuration are rows with a number, so that a posting is a handful of integers;
 * a later configuration updates them and never deletes one, since postings name it. Number 0 is
 * "nobody" among the crews and "no heat" among the heats. Days are days since 1970-01-01, times
 * microseconds since then, UTC; null: not yet, or unknown. */
#include "schema.h"
#include "schema_accounts.h"
#include "schema_kinds.h"
#include "schema_quotas.h"

#include <stddef.h>

const char *const schema_tables[] = {
    "CREATE TABLE configuration ("
    "  version INTEGER PRIMARY KEY, position INTEGER NOT NULL, text TEXT NOT NULL,"
    "  shop TEXT NOT NULL, shop_zh TEXT NOT NULL, shop_en TEXT NOT NULL,"
    "  zone TEXT NOT NULL, root TEXT NOT NULL) STRICT;",
    "CREATE TABLE zone_transition ("
    "  at_us INTEGER PRIMARY KEY, offset_s INTEGER NOT NULL) STRICT;",
    "CREATE TABLE item ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, unit TEXT NOT NULL, decimals INTEGER NOT NULL,"
    "  resolution TEXT NOT NULL, division_base INTEGER NOT NULL, recovered INTEGER NOT NULL,"
    "  price_e6 INTEGER, coal_gce_e6 INTEGER, co2_kg_e6 INTEGER,"
    "  configuration INTEGER NOT NULL) STRICT;",
    "CREATE TABLE station ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, last INTEGER NOT NULL, configuration INTEGER NOT NULL) STRICT;",
    "CREATE TABLE meter ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, item INTEGER NOT NULL REFERENCES item,"
    "  station INTEGER NOT NULL REFERENCES station, kind TEXT NOT NULL, role TEXT NOT NULL,"
    "  decimals INTEGER NOT NULL, stale_us INTEGER NOT NULL,"
    "  configuration INTEGER NOT NULL) STRICT;",
    "CREATE INDEX meter_for_checks ON meter (role) WHERE role <> 'book';",
    "CREATE TABLE shift ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, start_s INTEGER NOT NULL, sort INTEGER NOT NULL,"
    "  configuration INTEGER NOT NULL) STRICT;",
    "CREATE TABLE crew ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, configuration INTEGER NOT NULL) STRICT;",
    "INSERT INTO crew VALUES (0, '', '', '', 0);",
    "CREATE TABLE quota ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, item INTEGER NOT NULL REFERENCES item, stations TEXT NOT NULL,"
    "  meters TEXT NOT NULL, view TEXT NOT NULL, basis TEXT NOT NULL, posts TEXT NOT NULL,"
    "  sort INTEGER NOT NULL, configuration INTEGER NOT NULL) STRICT;",
    /* what a main meter shows against its parts; virtual meters stand here as their sums */
    "CREATE TABLE meter_balance ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL,"
    "  name_en TEXT NOT NULL, item INTEGER NOT NULL REFERENCES item, main TEXT NOT NULL,"
    "  parts TEXT NOT NULL, band_e4 INTEGER, configuration INTEGER NOT NULL) STRICT;",
    "CREATE TABLE meter_balance_term ("
    "  balance INTEGER NOT NULL, of_parts INTEGER NOT NULL, meter INTEGER NOT NULL,"
    "  coefficient INTEGER NOT NULL,"
    "  PRIMARY KEY (balance, of_parts, meter)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE posting_cause (no INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;",
    "CREATE TABLE sharing_method (no INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;",

    "CREATE TABLE heat ("
    "  no INTEGER PRIMARY KEY, id TEXT NOT NULL, grade TEXT NOT NULL, steel_g INTEGER,"
    "  planned_g INTEGER, first_start_us INTEGER, owner_at_us INTEGER, owner_day INTEGER,"
    "  owner_shift INTEGER, owner_crew INTEGER, ended_us INTEGER,"
    /* gone: void, or another id of the heat `keeper`; review: heat_review says why */
    "  provisional INTEGER NOT NULL, review INTEGER NOT NULL, gone INTEGER NOT NULL,"
    "  keeper INTEGER NOT NULL) STRICT;",
    "INSERT INTO heat VALUES (0, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0,"
    "  0);",
    "CREATE INDEX heat_by_id ON heat (id);",
    "CREATE INDEX heat_by_owner ON heat (owner_day, owner_shift, owner_crew);",
    "CREATE TABLE heat_version ("
    "  heat INTEGER NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, grade TEXT NOT NULL,"
    "  steel_g INTEGER, planned_g INTEGER, first_start_us INTEGER, owner_at_us INTEGER,"
    "  owner_day INTEGER, owner_shift INTEGER, owner_crew INTEGER, ended_us INTEGER,"
    "  provisional INTEGER NOT NULL, review INTEGER NOT NULL, gone INTEGER NOT NULL,"
    /* position: of the record that made it so */
    "  keeper INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  PRIMARY KEY (heat, version)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE heat_review ("
    "  heat INTEGER NOT NULL, reason TEXT NOT NULL, since_us INTEGER NOT NULL,"
    "  station INTEGER, detail TEXT NOT NULL) STRICT;",
    "CREATE INDEX heat_review_by_heat ON heat_review (heat);",
    "CREATE TABLE stay ("
    "  heat INTEGER NOT NULL, station INTEGER NOT NULL, visit INTEGER NOT NULL,"
    "  start_us INTEGER NOT NULL, end_us INTEGER,"
    "  PRIMARY KEY (heat, station, visit)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE slot ("
    "  day INTEGER NOT NULL, shift INTEGER NOT NULL, crew INTEGER NOT NULL,"
    "  start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,"
    "  PRIMARY KEY (day, shift, crew)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE entry_posting ("
    "  position INTEGER NOT NULL, ordinal INTEGER NOT NULL, meter INTEGER NOT NULL,"
    "  station INTEGER NOT NULL, item INTEGER NOT NULL, heat INTEGER NOT NULL,"
    "  day INTEGER NOT NULL, shift INTEGER NOT NULL, crew INTEGER NOT NULL,"
    "  start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, amount_base INTEGER NOT NULL,"
    "  quality INTEGER NOT NULL, method INTEGER NOT NULL, cause INTEGER NOT NULL,"
    "  reverses_position INTEGER, reverses_ordinal INTEGER, configuration INTEGER NOT NULL,"
    "  booked_at_us INTEGER NOT NULL,"
    "  PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;",
    /* what curves were where memory let go of them; a version for each position that changed it */
    "CREATE TABLE curve_page ("
    "  meter INTEGER NOT NULL, page INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  start_us INTEGER NOT NULL, bytes BLOB NOT NULL,"
    "  PRIMARY KEY (meter, page, position)) STRICT, WITHOUT ROWID;",
    "CREATE INDEX entry_posting_by_heat ON entry_posting (heat);",
    "CREATE INDEX entry_posting_by_slot ON entry_posting (day, shift, crew);",
    "CREATE INDEX entry_posting_by_reversed ON entry_posting (reverses_position, reverses_ordinal)"
    "  WHERE reverses_position IS NOT NULL;",
    "CREATE TABLE open_segment ("
    "  meter INTEGER NOT NULL, station INTEGER NOT NULL, item INTEGER NOT NULL,"
    "  heat INTEGER NOT NULL, day INTEGER NOT NULL, shift INTEGER NOT NULL,"
    "  crew INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,"
    "  amount_base INTEGER NOT NULL, quality INTEGER NOT NULL, method INTEGER NOT NULL) STRICT;",
    "CREATE INDEX open_segment_meter ON open_segment (meter);",
    "CREATE TABLE meter_state ("
    "  meter INTEGER PRIMARY KEY, first_ts_us INTEGER, last_ts_us INTEGER, last_alive_us INTEGER,"
    "  last_value_raw INTEGER, booked_base INTEGER NOT NULL, readings INTEGER NOT NULL,"
    "  duplicates INTEGER NOT NULL, conflicts INTEGER NOT NULL, late INTEGER NOT NULL,"
    "  glitches INTEGER NOT NULL, spikes INTEGER NOT NULL, resets INTEGER NOT NULL,"
    "  gaps INTEGER NOT NULL, held INTEGER NOT NULL, refused INTEGER NOT NULL) STRICT;",
    "CREATE TABLE held_reading ("
    "  meter INTEGER NOT NULL, ts_us INTEGER NOT NULL, value_raw INTEGER NOT NULL,"
    "  kind TEXT NOT NULL, reason TEXT NOT NULL, last_ts_us INTEGER NOT NULL,"
    "  last_value_raw INTEGER NOT NULL, amount_base INTEGER NOT NULL) STRICT;",
    "CREATE INDEX held_reading_meter ON held_reading (meter);",
    "CREATE TABLE outcome_count (outcome TEXT PRIMARY KEY, count INTEGER NOT NULL)"
    "  STRICT, WITHOUT ROWID;",

    "CREATE TABLE heat_balance ("
    "  quota INTEGER NOT NULL, heat INTEGER NOT NULL, day INTEGER, shift INTEGER, crew INTEGER,"
    "  allowed_target_base INTEGER, allowed_limit_base INTEGER, used_base INTEGER NOT NULL,"
    "  state TEXT NOT NULL, provisional INTEGER NOT NULL,"
    "  PRIMARY KEY (heat, quota)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE crew_balance ("
    "  quota INTEGER NOT NULL, day INTEGER NOT NULL, shift INTEGER NOT NULL,"
    "  crew INTEGER NOT NULL, allowed_target_base INTEGER, allowed_limit_base INTEGER,"
    "  used_base INTEGER NOT NULL, state TEXT NOT NULL, provisional INTEGER NOT NULL,"
    "  PRIMARY KEY (day, shift, crew, quota)) STRICT, WITHOUT ROWID;",
    /* scope heat: day, shift and crew are 0; scope crew: heat is 0; scope period: day is its first
     * one, shift, crew and heat are 0, and matter is the period's text; scope meter: quota is 0 as
     * all of these are, and matter says what it is about ('' for a quota); scope plant: so, too,
     * and matter is the trouble's name */
    "CREATE TABLE alert_identity ("
    "  no INTEGER PRIMARY KEY, quota INTEGER NOT NULL, scope TEXT NOT NULL,"
    "  heat INTEGER NOT NULL, day INTEGER NOT NULL, shift INTEGER NOT NULL,"
    "  crew INTEGER NOT NULL, matter TEXT NOT NULL, meter INTEGER NOT NULL, level TEXT NOT NULL,"
    "  UNIQUE (quota, scope, heat, day, shift, crew, matter, meter, level)) STRICT;",
    "CREATE TABLE alert_transition ("
    "  alert INTEGER NOT NULL, step INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL, state TEXT NOT NULL, at_us INTEGER NOT NULL,"
    "  used_base INTEGER, allowed_base INTEGER, retro INTEGER NOT NULL,"
    "  day INTEGER, shift INTEGER, crew INTEGER,"
    /* again: raised because its shelf has ended, and not because it rose */
    "  again INTEGER NOT NULL, by_whom TEXT, reason TEXT, until_us INTEGER,"
    "  PRIMARY KEY (alert, step),"
    "  UNIQUE (position, ordinal)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE reject ("
    /* nth: of all that there were of the topic and outcome */
    "  position INTEGER NOT NULL, ordinal INTEGER NOT NULL, nth INTEGER NOT NULL,"
    "  at_us INTEGER NOT NULL,"
    "  topic TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, payload BLOB NOT NULL,"
    /* the reading that is held; null: it is none */
    "  meter INTEGER, ts_us INTEGER, value_raw INTEGER,"
    "  PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;",
    "CREATE INDEX reject_by_kind ON reject (topic, outcome, nth);",
    "CREATE INDEX reject_by_reading ON reject (meter, ts_us) WHERE meter IS NOT NULL;",
    /* AUTOINCREMENT: the number of a message that was sent and forgotten never comes again */
    "CREATE TABLE outbox_message ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL,"
    "  retain INTEGER NOT NULL) STRICT;",
    "CREATE TABLE handover_summary ("
    /* position: postings from there on were not known yet */
    "  day INTEGER NOT NULL, shift INTEGER NOT NULL, at_us INTEGER NOT NULL,"
    "  position INTEGER NOT NULL, json TEXT NOT NULL,"
    "  PRIMARY KEY (day, shift)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE progress ("
    "  only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL,"
    "  now_us INTEGER NOT NULL, shown_position INTEGER NOT NULL,"
    "  as_of_us INTEGER NOT NULL) STRICT;",
    "INSERT INTO progress VALUES (1, 0, 0, 0, 0);",
    SCHEMA_TABLES_OF_3 SCHEMA_ACCOUNT_TABLES_OF_3 SCHEMA_PERIOD_TABLES_OF_3 SCHEMA_KIND_TABLES_OF_3
        NULL,
};
