/* Redelivery: which messages the broker sends again, because it has not heard that we have them.
 *
 * MQTT at QoS 1 sends a message again, with DUP and the same packet id, on the next connection of
 * the same session, as long as it was not acknowledged. What is in the journal already is then a
 * duplicate, known before it is decoded: a message that says nothing of its time, or that cannot be
 * read at all, would count, or be listed, a second time otherwise.
 *
 * A packet id is given to another message once the first was acknowledged, so DUP and the id alone
 * say nothing. A message is a duplicate of the newest one before it that had its packet id where
 * both are equal byte for byte and the former one may still be unacknowledged:
 *
 * - since then the broker has not begun a new session (record->fresh), which forgets packet ids;
 * - since then no later connection has brought a message without DUP: a broker sends again all that
 *   it has to, before anything new (MQTT 3.1.1 and 5, 4.4 and 4.6);
 * - fewer than REDELIVERY_WINDOW messages came in between: half of the packet ids, so that a broker
 *   that counts them round has not come to the same one again.
 *
 * A broker that gives every next message the lowest free id can bring about one case that nobody
 * can tell: a message that equals the one before it byte for byte, is lost with its connection, and
 * comes with DUP; it counts as the one before. A message that names its time is no matter of this,
 * for it is the same fact.
 *
 * A function of the records that it was given, in their order: state of the journal. */
#ifndef HEATLEDGER_REDELIVERY_H
#define HEATLEDGER_REDELIVERY_H

#include "journal.h"
#include "snapshot.h"

#include <stdbool.h>
#include <stdint.h>

#define REDELIVERY_WINDOW 32768 /* messages; of what mqtt.receive_maximum may be, half */

struct redelivery;

struct redelivery *redelivery_create(void);
void redelivery_destroy(struct redelivery *redelivery);

/* Takes note of a record, each once and in order. True: it is a duplicate of the one at
 * `*position`. Records that no broker sent, and those at QoS 0, never are. */
bool redelivery_take(struct redelivery *redelivery, const struct journal_record *record,
                     uint64_t *position);

/* What is still of use, for a snapshot; load into one that was given nothing yet. */
void redelivery_save(const struct redelivery *redelivery, struct snapshot_writer *writer);
void redelivery_load(struct redelivery *redelivery, struct snapshot_reader *reader);

#endif
