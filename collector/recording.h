/* Recordings: a line a message, in order of arrival (INTERFACES, "Recording").
 *
 * {"at":"2019-05-03T11:02:14+00:00","topic":"plant/LF/heat","payload":{"ts":…}}
 *
 * A payload that is a JSON string is sent as its text, anything else as the JSON text that stands
 * in the line, byte for byte; "payload_base64" instead for bytes that are no text. "qos" (0 to 2, 1
 * where it is not given) and "retain" are optional. */
#ifndef HEATLEDGER_RECORDING_H
#define HEATLEDGER_RECORDING_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDING_LINE_MAX (64u << 20)
#define RECORDING_PAYLOAD_MAX (16u << 20) /* as JOURNAL_PAYLOAD_MAX */

struct recording_message {
    int64_t at_us; /* arrival */
    const char *topic;
    size_t topic_length; /* a topic that was read is also ended with NUL */
    const void *payload;
    size_t payload_length;
    uint8_t qos;
    bool retain;
};

struct recording_reader;

/* NULL with FAILURE_INPUT where the file cannot be opened. */
struct recording_reader *recording_reader_open(const char *path, struct failure *failure);

/* Returns 1: read, and the pointers of `message` are valid until the next call; 0: the end of the
 * file; -1: FAILURE_INPUT with file, line and what is wrong. Blank lines are skipped. */
int recording_reader_next(struct recording_reader *reader, struct recording_message *message,
                          struct failure *failure);

/* Bytes read so far and of the whole file (0: not known), for showing progress. */
void recording_reader_progress(const struct recording_reader *reader, uint64_t *read,
                               uint64_t *whole);

void recording_reader_close(struct recording_reader *reader);

struct recording_writer;

/* Creates the file, or fails with FAILURE_RESOURCE; one that is there is replaced. */
struct recording_writer *recording_writer_open(const char *path, struct failure *failure);

/* Writes a line from which the message is read again byte for byte. */
bool recording_writer_put(struct recording_writer *writer, const struct recording_message *message,
                          struct failure *failure);

/* Hands what is buffered to the file. */
bool recording_writer_flush(struct recording_writer *writer, struct failure *failure);

/* Flushes and closes; false where not everything could be written. */
bool recording_writer_close(struct recording_writer *writer, struct failure *failure);

#endif
