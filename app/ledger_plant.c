#include "ledger_plant.h"

#include "memory.h"

#include <stdlib.h>

static bool keep_text(void *context, const struct reader_row *row)
{
    *(char **)context = memory_text(row->values[0]);
    return false;
}

struct plant *ledger_plant(struct reader *reader, struct failure *failure)
{
    char *text = NULL;
    struct plant *plant = NULL;
    if (!reader_query(reader, "SELECT text FROM configuration ORDER BY version DESC LIMIT 1", NULL,
                      0, keep_text, &text, failure)) {
        return NULL;
    }
    if (text == NULL) {
        failure_set(failure, FAILURE_INPUT,
                    "this ledger has no configuration yet; start the daemon, or replay a recording "
                    "into it");
    } else {
        plant = plant_read("the ledger's configuration", text, NULL, failure);
    }
    free(text);
    return plant;
}
