/* Opens what a ledger directory holds (lock, journal, book) and puts the pipeline between them: the
 * part that `run` and `replay` share. */
#ifndef HEATLEDGER_ENGINE_H
#define HEATLEDGER_ENGINE_H

#include "book.h"
#include "failure.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"
#include "snapshots.h"

#include <stdint.h>

#define ENGINE_PATH_MAX 4096

struct engine {
    struct plant *plant; /* as loaded from plant.json; the pipeline has its own from the journal */
    struct journal *journal;
    struct book *book;                  /* NULL while it is closed */
    struct pipeline *pipeline;          /* NULL while the book is closed */
    const struct pipeline_watch *watch; /* looks on; NULL: nobody does */
    bool settles; /* what the journal holds is told as far as it stands: pipeline_settle */
    char directory[ENGINE_PATH_MAX];
    struct snapshots snapshots;
    struct skips skips;        /* records that are left out */
    uint64_t told_before;      /* what the journal holds before it has been published */
    enum book_trouble trouble; /* what of the disk stood against the last engine_open_book */
};

/* Loads the configuration, opens DIR (made where it is missing), and reads the journal from the
 * newest snapshot, or from its start, up to its end. Where the configuration is another than the
 * one in force there, it is journalled and comes into force; FAILURE_INPUT where it changes what
 * may not change (plant_adopt.h). `broker_url`: NULL, or in place of mqtt.url. `start_us` is the
 * time that a new journal begins with. On failure everything is closed again;
 * `trouble` tells what of the disk stood against the ledger. */
bool engine_open(struct engine *engine, const char *plant_path, const char *broker_url,
                 const char *directory, int64_t start_us, struct failure *failure);

/* The same, and `watch` looks on from the first record; it must outlive the engine. */
bool engine_open_watched(struct engine *engine, const struct pipeline_watch *watch,
                         const char *plant_path, const char *broker_url, const char *directory,
                         int64_t start_us, struct failure *failure);

/* The same, for reading again what may be of long ago: of what is booked meanwhile only what stands
 * is told (pipeline_settle). */
bool engine_open_settling(struct engine *engine, const char *plant_path, const char *directory,
                          struct failure *failure);
void engine_close(struct engine *engine);

/* What of the disk stood against the ledger after something has failed: BOOK_SOUND, it is another
 * matter. */
enum book_trouble engine_trouble(const struct engine *engine);

/* Closes the ledger and drops what was in memory, while the journal goes on taking messages. */
void engine_close_book(struct engine *engine);

/* Opens the ledger again, and takes from the journal what it has not booked: with the same effects
 * and the same ids as if it had never been closed. On failure it stays closed, and may be opened
 * later. */
bool engine_open_book(struct engine *engine, struct failure *failure);

#endif
