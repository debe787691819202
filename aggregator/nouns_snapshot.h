/* The nouns of the aggregator as bytes of a snapshot, and back; for *_snapshot.c alone.
 *
 * X_save writes what X holds and nothing that follows from the configuration. X_load fills one that
 * was just created, in the order in which they were saved; where it breaks the reader, the noun is
 * good for being destroyed only. Ids are checked: what was loaded names nothing that is not there.
 * Whoever saves more or less than before raises the version of the section. */
#ifndef HEATLEDGER_NOUNS_SNAPSHOT_H
#define HEATLEDGER_NOUNS_SNAPSHOT_H

#include "booked.h"
#include "calendar.h"
#include "heat_use.h"
#include "heats.h"
#include "moves.h"
#include "pieces.h"
#include "scales.h"
#include "snapshot.h"
#include "submeters.h"
#include "timeline.h"

/* What may be named. */
struct snapshot_names {
    const struct catalog *catalog;
    uint32_t heat_count; /* 0 until the heats are loaded */
};

meter_id meter_load(const struct snapshot_names *names, struct snapshot_reader *reader);
heat_no heat_no_load(const struct snapshot_names *names, struct snapshot_reader *reader);

/* CATALOG_NONE included. */
void station_save(station_id station, struct snapshot_writer *writer);
station_id station_load(const struct snapshot_names *names, struct snapshot_reader *reader);

/* A crew-shift; the day as the difference from another. */
void slot_save(struct crew_slot slot, int32_t from_day, struct snapshot_writer *writer);
struct crew_slot slot_load(const struct snapshot_names *names, int32_t from_day,
                           struct snapshot_reader *reader);

enum quality quality_load(struct snapshot_reader *reader);

/* What is booked of a meter's curve, or (moves) of many meters': `meter` is the usual one. */
void booked_save(const struct booked *booked, meter_id meter, struct snapshot_writer *writer);
void booked_load(struct booked *booked, meter_id meter, const struct snapshot_names *names,
                 struct snapshot_reader *reader);

void scales_save(const struct scales *scales, struct snapshot_writer *writer);
void scales_load(struct scales *scales, struct snapshot_reader *reader);

void curve_save(const struct curve *curve, struct snapshot_writer *writer);
void curve_load(struct curve *curve, struct snapshot_reader *reader);

/* Nothing of its history may stand in memory for now. */
void timeline_save(const struct timeline *timeline, struct snapshot_writer *writer);
void timeline_load(struct timeline *timeline, const struct snapshot_names *names,
                   struct snapshot_reader *reader);

void pieces_save(const struct pieces *pieces, struct snapshot_writer *writer);
void pieces_load(struct pieces *pieces, const struct snapshot_names *names,
                 struct snapshot_reader *reader);

void calendar_save(const struct calendar *calendar, struct snapshot_writer *writer);
void calendar_load(struct calendar *calendar, struct snapshot_reader *reader);

void heat_notes_save(const struct heats *heats, struct snapshot_writer *writer);
void heat_notes_load(struct heats *heats, const struct snapshot_names *names,
                     struct snapshot_reader *reader);

void heats_save(const struct heats *heats, struct snapshot_writer *writer);
void heats_load(struct heats *heats, struct snapshot_reader *reader);

void moves_save(const struct moves *moves, struct snapshot_writer *writer);
void moves_load(struct moves *moves, const struct snapshot_names *names,
                struct snapshot_reader *reader);

/* `submeters` may be NULL. */
void submeters_save(const struct submeters *submeters, struct snapshot_writer *writer);
void submeters_load(struct submeters *submeters, const struct snapshot_names *names,
                    struct snapshot_reader *reader);

#endif
