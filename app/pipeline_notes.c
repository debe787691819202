/* Troubles of the program that the journal has a note of: they become alerts like any other. */
#include "pipeline_state.h"
#include "timestamp.h"
#include "trouble_note.h"

void pipeline_note(struct pipeline *pipeline)
{
    struct trouble_note note;
    struct failure why = {0};
    if (!trouble_note_read(pipeline->record, &note, &why)) {
        pipeline_refuse(pipeline, OUTCOME_UNDECODABLE, why.text);
        return;
    }
    if (note.trouble == TROUBLE_NONE) {
        pipeline_refuse(pipeline, OUTCOME_NOT_SUPPORTED,
                        "a note of a trouble that only a newer heatledger knows");
        return;
    }
    rules_trouble(pipeline->rules, note.trouble, true, note.from_us, note.text,
                  pipeline_take_transition, pipeline);
    if (note.to_us != TIMESTAMP_NEVER_US) {
        rules_trouble(pipeline->rules, note.trouble, false, note.to_us, NULL,
                      pipeline_take_transition, pipeline);
    }
}

bool pipeline_trouble(const struct pipeline *pipeline, enum trouble_kind trouble, int64_t *since_us)
{
    *since_us = 0;
    return pipeline->rules != NULL && rules_trouble_stands(pipeline->rules, trouble, since_us);
}
