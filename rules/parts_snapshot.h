/* The parts of the rules as bytes of a snapshot, and back; for *_snapshot.c alone.
 *
 * X_load fills one that was just initialised. Ids are checked: what was loaded names nothing that
 * is not there. */
#ifndef HEATLEDGER_RULES_PARTS_SNAPSHOT_H
#define HEATLEDGER_RULES_PARTS_SNAPSHOT_H

#include "alert.h"
#include "catalog.h"
#include "headroom.h"
#include "holders.h"
#include "snapshot.h"

/* A crew-shift, the day as the difference from another. */
void crew_slot_save(struct crew_slot slot, int32_t from_day, struct snapshot_writer *writer);
struct crew_slot crew_slot_load(const struct catalog *catalog, int32_t from_day,
                                struct snapshot_reader *reader);

/* A period; one of all zero is none. */
void period_save(struct period period, struct snapshot_writer *writer);
struct period period_load(struct snapshot_reader *reader);

meter_id rules_meter_load(const struct catalog *catalog, struct snapshot_reader *reader);

/* CATALOG_NONE included. */
void rules_station_save(station_id station, struct snapshot_writer *writer);
station_id rules_station_load(const struct catalog *catalog, struct snapshot_reader *reader);

void alert_save(const struct alert *alert, struct snapshot_writer *writer);
void alert_load(struct alert *alert, struct snapshot_reader *reader);

/* What every meter last said; without its stakes, which stand with the accounts. */
void headroom_save(const struct headroom *headroom, struct snapshot_writer *writer);
void headroom_load(struct headroom *headroom, const struct catalog *catalog,
                   struct snapshot_reader *reader);

/* The meters that have a stake in an account, in its order. */
void stakes_save(const struct account *account, struct snapshot_writer *writer);
void stakes_load(const struct headroom *headroom, struct account *account,
                 struct snapshot_reader *reader);

/* Whether every heat that an open segment names is there: breaks the reader where one is not. */
void headroom_check(const struct headroom *headroom, const struct holders *holders,
                    struct snapshot_reader *reader);

/* The statements must be loaded before. */
void holders_save(const struct holders *holders, struct snapshot_writer *writer);
void holders_load(struct holders *holders, const struct headroom *headroom,
                  struct snapshot_reader *reader);

#endif
