/* What is said of a re-allocation that a number alone does not say. Private to outlets. */
#ifndef HEATLEDGER_REALLOCATION_WORDS_H
#define HEATLEDGER_REALLOCATION_WORDS_H

#include "reallocation.h"

#define REALLOCATION_NOTE_MAX 600

struct reallocation_words {
    bool chinese;
    const char *unit;
    const char *rate, *best, *gap; /* as numbers; best NULL: nothing was shown */
};

/* NULL: nothing needs to be said. */
const char *reallocation_note(const struct reallocation *result,
                              const struct reallocation_words *words,
                              char note[REALLOCATION_NOTE_MAX]);

#endif
