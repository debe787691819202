/* Opens what a ledger directory holds (lock, journal, book) and puts the pipeline between them: the
 * part that `run` and `replay` share. */
#ifndef HEATLEDGER_ENGINE_H
#define HEATLEDGER_ENGINE_H

#include "book.h"
#include "failure.h"
#include "journal.h"
#include "pipeline.h"
#include "plant.h"

#define ENGINE_PATH_MAX 4096

struct engine {
    struct plant *plant; /* as loaded from plant.json; the pipeline has its own from the journal */
    struct journal *journal;
    struct book *book;
    struct pipeline *pipeline;
};

/* Loads the configuration, opens DIR (made where it is missing), and reads the journal up to its
 * end. Where the configuration is another than the one in force there, it is journalled and comes
 * into force; FAILURE_INPUT where it changes what may not change (plant_adopt.h). `broker_url`:
 * NULL, or in place of mqtt.url. `start_us` is the time that a new journal begins with. On failure
 * everything is closed again. */
bool engine_open(struct engine *engine, const char *plant_path, const char *broker_url,
                 const char *directory, int64_t start_us, struct failure *failure);
void engine_close(struct engine *engine);

#endif
