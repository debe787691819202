/* A journal record → facts, by the plant's mappings. Pure but for its own arena; one decoder a
 * thread. */
#ifndef HEATLEDGER_DECODE_H
#define HEATLEDGER_DECODE_H

#include "fact.h"
#include "journal.h"
#include "mapping.h"
#include "outcome.h"
#include "snapshot.h"
#include "zone.h"

#define DECODE_DETAIL_MAX 200
#define DECODE_NESTING_MAX 32
#define DECODE_ID_MAX 64   /* bytes of an event's or a ticket's id; a heat's: CATALOG_ID_MAX */
#define DECODE_TEXT_MAX 64 /* bytes of any other text of a fact, an entry excepted */

struct decoder;

struct decode_limits {
    int64_t skew_us;         /* a time further ahead of arrival is refused; INT64_MAX: none is */
    uint32_t payload_max;    /* bytes; a larger message is refused without being read */
    const struct zone *zone; /* of local times and of periods; may be NULL where no mapping has any;
                                must outlive the decoder */
};

/* `catalog` and `mappings` must outlive the decoder. */
struct decoder *decoder_create(const struct catalog *catalog, const struct mapping *mappings,
                               uint32_t mapping_count, const struct decode_limits *limits);
void decoder_destroy(struct decoder *decoder);

/* The catalog holds another configuration, in which the meters that it had kept their places; goes
 * on with it, other mappings and other limits. What is remembered of the meters stays. */
void decoder_follow(struct decoder *decoder, uint32_t former_meters, const struct mapping *mappings,
                    uint32_t mapping_count, const struct decode_limits *limits);

/* What is remembered of the meters, as bytes of a snapshot, and back into a decoder that was just
 * created for the same meters. Where it cannot be, the reader is broken. */
void decoder_save(const struct decoder *decoder, struct snapshot_writer *writer);
void decoder_load(struct decoder *decoder, struct snapshot_reader *reader);

/* Where decoded facts go, in the order of the message. */
struct decode_sink {
    void *context;
    void (*fact)(void *context, const struct fact *fact);
    /* A part of the message that is not a fact; `detail` says which input and what would be right,
     * at most DECODE_DETAIL_MAX bytes of UTF-8 without control characters; `meter` is whose it is,
     * NULL where that is not known. */
    void (*refused)(void *context, const meter_id *meter, enum outcome outcome, const char *detail);
};

/* Hands each fact, or each refusal, to the sink: at least one of them for every record of kind
 * JOURNAL_MESSAGE, JOURNAL_ENTRY or JOURNAL_OVERSIZE. */
void decode(struct decoder *decoder, const struct journal_record *record,
            const struct decode_sink *sink);

#endif
