/* heatledger with a fault: a message that says "crash_the_engine" crashes it, "kill_the_engine"
 * kills it once, as an operator would or a lack of memory. For tests alone: the product has no
 * function of this name. */
#include "skips.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static bool says(const struct journal_record *record, const char *text)
{
    return memmem(record->payload, record->payload_length, text, strlen(text)) != NULL;
}

void skips_test_hook(const struct journal_record *record)
{
    if (record->kind != JOURNAL_MESSAGE) {
        return;
    }
    if (says(record, "crash_the_engine")) {
        abort();
    }
    if (says(record, "kill_the_engine") && getenv("KILL_THE_ENGINE") != NULL) {
        raise(SIGKILL);
    }
}
