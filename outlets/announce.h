/* What other programs are told by MQTT: messages for the outbox, made inside the transaction whose
 * effects they announce, so that nothing is told that is not committed. Topics and payloads:
 * INTERFACES "Messages out". */
#ifndef HEATLEDGER_ANNOUNCE_H
#define HEATLEDGER_ANNOUNCE_H

#include "book.h"
#include "failure.h"
#include "heat.h"
#include "period.h"
#include "verdict.h"

/* The alert whose transition `step` was booked as `transition`, as it stands now: as in `report
 * alerts`, retained; an empty message where it closed, which takes it from the board. Of a trouble
 * that has begun it is the message of announce_trouble. */
bool announce_alert(struct book *book, struct effect_id id, struct effect_id transition,
                    const struct alert_transition *step, const char *root, struct failure *failure);

/* The message that a trouble has begun, for when the ledger cannot hold it: byte for byte what
 * announce_alert writes into the outbox once the ledger has heard of it. The caller frees it.
 * `offset_s`: of the plant's zone, at `since_us`. */
char *announce_trouble(enum trouble_kind trouble, int64_t since_us, int32_t offset_s,
                       const char *text);

/* A heat's use by item, as in `report heats`, and every quota that judges it, as in `report
 * quotas`. */
bool announce_heat(struct book *book, struct effect_id id, const char *root,
                   const struct heat *heat, struct failure *failure);

/* The summary of a shift, `json` as handover_json made it, retained. */
void announce_handover(struct book *book, struct effect_id id, const char *root, int32_t day,
                       const char *shift, const char *json);

/* The document of a period that was closed, `json` as period_document_json made it, retained. */
void announce_period(struct book *book, struct effect_id id, const char *root, struct period period,
                     const char *json);

#endif
