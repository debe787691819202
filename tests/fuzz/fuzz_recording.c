/* Recordings: any file is read to its end or to a mistake that names its line; what was read is
 * written and read again, byte for byte. */
#include "fuzz_input.h"
#include "recording.h"

#include <stdlib.h>

static void check_message(const struct recording_message *message)
{
    REQUIRE(message->topic_length > 0 && message->topic_length <= 65535);
    REQUIRE(strlen(message->topic) == message->topic_length);
    REQUIRE(strpbrk(message->topic, "+#") == NULL);
    REQUIRE(message->payload_length <= RECORDING_PAYLOAD_MAX && message->qos <= 2);
}

/* Writes the message, reads it, and compares. */
static void check_again(const struct recording_message *message)
{
    char path[FUZZ_PATH_MAX];
    int fd = fuzz_file("", 0, path);
    struct failure failure = {0};
    struct recording_writer *writer = recording_writer_open(path, &failure);
    REQUIRE(writer != NULL && recording_writer_put(writer, message, &failure));
    REQUIRE(recording_writer_close(writer, &failure));
    struct recording_reader *reader = recording_reader_open(path, &failure);
    struct recording_message again;
    REQUIRE(reader != NULL);
    int got = recording_reader_next(reader, &again, &failure);
    if (got != 1) {
        fprintf(stderr, "not read again: %s\n", failure.text);
    }
    REQUIRE(got == 1);
    REQUIRE(again.at_us == message->at_us && again.qos == message->qos);
    REQUIRE(again.retain == message->retain && again.topic_length == message->topic_length);
    REQUIRE(memcmp(again.topic, message->topic, message->topic_length) == 0);
    REQUIRE(again.payload_length == message->payload_length);
    REQUIRE(memcmp(again.payload, message->payload, message->payload_length) == 0);
    REQUIRE(recording_reader_next(reader, &again, &failure) == 0);
    recording_reader_close(reader);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_MAX];
    int fd = fuzz_file(data, size, path);
    struct failure failure = {0};
    struct recording_reader *reader = recording_reader_open(path, &failure);
    struct recording_message message;
    uint64_t read = 0, whole = 0;
    int got = 0;
    REQUIRE(reader != NULL);
    for (size_t count = 0; (got = recording_reader_next(reader, &message, &failure)) == 1;) {
        REQUIRE(++count <= size);
        check_message(&message);
        check_again(&message);
    }
    recording_reader_progress(reader, &read, &whole);
    REQUIRE(whole == size && read <= whole && (got < 0 || read == whole));
    if (got < 0) {
        REQUIRE(failure.code == FAILURE_INPUT);
        REQUIRE(strncmp(failure.text, path, strlen(path)) == 0);
        REQUIRE(strtoul(failure.text + strlen(path) + 1, NULL, 10) > 0);
    }
    recording_reader_close(reader);
    close(fd);
    return 0;
}
