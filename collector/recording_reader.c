#include "recording.h"

#include "base64.h"
#include "json_scan.h"
#include "memory.h"
#include "timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NESTING_MAX 512
#define BUFFER_FIRST ((size_t)1 << 20)
#define TOPIC_MAX 65535

struct recording_reader {
    char *path;
    int fd;
    char *buffer;
    size_t start, used, capacity; /* unread bytes: [start, used) */
    uint64_t line, read_bytes, whole_bytes;
    bool ended;
};

/* The keys of a line; what was found of each. */
enum key { KEY_AT, KEY_TOPIC, KEY_PAYLOAD, KEY_BASE64, KEY_QOS, KEY_RETAIN, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"at",  "topic", "payload", "payload_base64",
                                                 "qos", "retain"};

struct extent {
    char *start;
    size_t length; /* 0: not there */
};

static int bad_line(const struct recording_reader *reader, struct failure *failure,
                    const char *format, ...) __attribute__((format(printf, 3, 4)));

static int bad_line(const struct recording_reader *reader, struct failure *failure,
                    const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    failure_set(failure, FAILURE_INPUT, "%s:%llu: %s", reader->path,
                (unsigned long long)reader->line, what);
    return -1;
}

struct recording_reader *recording_reader_open(const char *path, struct failure *failure)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        failure_set(failure, FAILURE_INPUT, "%s: cannot be read as a recording: %s", path,
                    fd < 0 ? strerror(errno) : "it is no file");
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    struct recording_reader *reader = memory_zeroed(1, sizeof *reader);
    reader->path = memory_text(path);
    reader->fd = fd;
    reader->capacity = BUFFER_FIRST;
    reader->buffer = memory_zeroed(1, reader->capacity);
    reader->whole_bytes = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    return reader;
}

void recording_reader_close(struct recording_reader *reader)
{
    if (reader != NULL) {
        close(reader->fd);
        free(reader->path);
        free(reader->buffer);
        free(reader);
    }
}

void recording_reader_progress(const struct recording_reader *reader, uint64_t *read,
                               uint64_t *whole)
{
    *read = reader->read_bytes - (reader->used - reader->start);
    *whole = reader->whole_bytes;
}

/* Reads more behind what is unread, which moves to the front. One byte is kept free. */
static int fill(struct recording_reader *reader, struct failure *failure)
{
    size_t unread = reader->used - reader->start;
    memmove(reader->buffer, reader->buffer + reader->start, unread);
    reader->start = 0;
    reader->used = unread;
    if (unread + 1 >= reader->capacity) {
        if (reader->capacity > RECORDING_LINE_MAX) {
            return bad_line(reader, failure, "the line is longer than %u bytes",
                            RECORDING_LINE_MAX);
        }
        char *larger = memory_zeroed(1, reader->capacity * 2);
        memcpy(larger, reader->buffer, unread);
        free(reader->buffer);
        reader->buffer = larger;
        reader->capacity *= 2;
    }
    ssize_t got;
    do {
        got = read(reader->fd, reader->buffer + unread, reader->capacity - unread - 1);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return bad_line(reader, failure, "cannot be read: %s", strerror(errno));
    }
    reader->used += (size_t)got;
    reader->read_bytes += (uint64_t)got;
    reader->ended = got == 0;
    return 1;
}

/* The next line without its end; 1, 0 at the end of the file, -1. */
static int next_line(struct recording_reader *reader, char **start, char **end,
                     struct failure *failure)
{
    size_t looked = 0;
    reader->line++;
    for (;;) {
        char *from = reader->buffer + reader->start;
        size_t unread = reader->used - reader->start;
        char *newline = memchr(from + looked, '\n', unread - looked);
        if (newline != NULL || (reader->ended && unread > 0)) {
            *start = from;
            *end = newline != NULL ? newline : from + unread;
            reader->start += (size_t)(*end - from) + (newline != NULL ? 1 : 0);
            return 1;
        }
        if (reader->ended) {
            return 0;
        }
        looked = unread;
        if (fill(reader, failure) < 0) {
            return -1;
        }
    }
}

static unsigned hex4(const char *at)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        unsigned byte = (unsigned char)at[i];
        value = value << 4 | (byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
    }
    return value;
}

static char *put_utf8(char *out, unsigned point)
{
    if (point < 0x80) {
        *out++ = (char)point;
        return out;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned leads[] = {0, 0xc0, 0xe0, 0xf0};
    *out++ = (char)(leads[more] | point >> (6 * more));
    while (more-- > 0) {
        *out++ = (char)(0x80 | (point >> (6 * more) & 0x3f));
    }
    return out;
}

/* The text of a JSON string that has been scanned, decoded in place: it only becomes shorter. */
static void unescape(struct extent *string)
{
    const char *at = string->start + 1, *end = string->start + string->length - 1;
    char *out = string->start + 1;
    string->start = out;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memmove(out, at, plain);
        out += plain;
        if (escape == NULL) {
            break;
        }
        static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
        at = escape + 2;
        if (escape[1] != 'u') {
            *out++ = bytes[strchr(names, escape[1]) - names];
            continue;
        }
        unsigned point = hex4(at);
        at += 4;
        if (point >= 0xd800 && point < 0xdc00) {
            point = 0x10000 + ((point - 0xd800) << 10) + (hex4(at + 2) - 0xdc00);
            at += 6;
        }
        out = put_utf8(out, point);
    }
    string->length = (size_t)(out - string->start);
}

/* Splits the line into the extents of its values. */
static int split(const struct recording_reader *reader, char *start, char *end,
                 struct extent found[KEY_COUNT], struct failure *failure)
{
    struct json_fault fault = {start, "an object is expected"};
    const char *at = json_scan_space(start, end);
    const char *what = NULL;
    if (at == end || *at != '{') {
        return bad_line(reader, failure,
                        "is no recorded message, {\"at\":…,\"topic\":…,\"payload\":…}");
    }
    do {
        const char *key = json_scan_space(at + 1, end);
        const char *behind =
            key < end && *key == '"' ? json_scan_value(key, end, NESTING_MAX, true, &fault) : NULL;
        const char *colon = behind == NULL ? end : json_scan_space(behind, end);
        if (colon == end || *colon != ':') {
            what = "a key and a colon are expected";
            break;
        }
        const char *value = json_scan_space(colon + 1, end);
        at = json_scan_value(value, end, NESTING_MAX, true, &fault);
        if (at == NULL) {
            return bad_line(reader, failure, "at byte %td: %s", fault.at - start + 1, fault.what);
        }
        size_t length = (size_t)(behind - key) - 2;
        int i = 0;
        while (i < KEY_COUNT &&
               (strlen(key_names[i]) != length || memcmp(key_names[i], key + 1, length) != 0)) {
            i++;
        }
        if (i == KEY_COUNT || found[i].length > 0) {
            return bad_line(reader, failure, "the key \"%.*s\" %s",
                            (int)(length < 40 ? length : 40), key + 1,
                            i == KEY_COUNT ? "is unknown; there are at, topic, payload, "
                                             "payload_base64, qos, retain"
                                           : "stands twice");
        }
        found[i] = (struct extent){start + (value - start), (size_t)(at - value)};
        at = json_scan_space(at, end);
    } while (at < end && *at == ',');
    if (what == NULL && (at == end || *at != '}' || json_scan_space(at + 1, end) != end)) {
        what = "the object must be ended with }, and nothing may follow it";
    }
    return what == NULL ? 1 : bad_line(reader, failure, "%s", what);
}

static int read_payload(const struct recording_reader *reader, struct extent found[KEY_COUNT],
                        struct recording_message *message, struct failure *failure)
{
    struct extent *payload = &found[KEY_PAYLOAD], *base64 = &found[KEY_BASE64];
    if ((payload->length > 0) == (base64->length > 0)) {
        return bad_line(reader, failure, "one of payload and payload_base64 is needed");
    }
    if (payload->length > 0 && payload->start[0] == '"') {
        unescape(payload);
    }
    if (base64->length > 0) {
        bool text = base64->start[0] == '"';
        if (text) {
            unescape(base64);
        }
        if (!text ||
            !base64_decode(base64->start, base64->length, base64->start, &base64->length)) {
            return bad_line(reader, failure,
                            "payload_base64 must be a text of base64 with padding");
        }
        payload = base64;
    }
    if (payload->length > RECORDING_PAYLOAD_MAX) {
        return bad_line(reader, failure, "the payload has %zu bytes, at most %u are allowed",
                        payload->length, RECORDING_PAYLOAD_MAX);
    }
    message->payload = payload->start;
    message->payload_length = payload->length;
    return 1;
}

static int read_message(const struct recording_reader *reader, struct extent found[KEY_COUNT],
                        struct recording_message *message, struct failure *failure)
{
    struct extent *at = &found[KEY_AT], *topic = &found[KEY_TOPIC], *qos = &found[KEY_QOS],
                  *retain = &found[KEY_RETAIN];
    *message = (struct recording_message){.qos = 1};
    if (at->length < 2 || at->start[0] != '"' ||
        !timestamp_parse(at->start + 1, at->length - 2, &message->at_us)) {
        return bad_line(reader, failure,
                        "\"at\" must be an RFC 3339 time with an offset, such as "
                        "\"2019-05-03T11:02:14+00:00\"");
    }
    if (topic->length > 0 && topic->start[0] == '"') {
        unescape(topic);
        topic->start[topic->length] = '\0'; /* where the closing quote was, or before it */
    } else {
        topic->length = 0;
    }
    if (topic->length == 0 || topic->length > TOPIC_MAX ||
        memchr(topic->start, '\0', topic->length) != NULL ||
        memchr(topic->start, '+', topic->length) != NULL ||
        memchr(topic->start, '#', topic->length) != NULL) {
        return bad_line(reader, failure,
                        "\"topic\" must be an MQTT topic: a text without + # and NUL");
    }
    message->topic = topic->start;
    message->topic_length = topic->length;
    if (qos->length > 0 && (qos->length > 1 || qos->start[0] < '0' || qos->start[0] > '2')) {
        return bad_line(reader, failure, "\"qos\" must be 0, 1 or 2");
    }
    if (qos->length > 0) {
        message->qos = (uint8_t)(qos->start[0] - '0');
    }
    if (retain->length > 0 && retain->start[0] != 't' && retain->start[0] != 'f') {
        return bad_line(reader, failure, "\"retain\" must be true or false");
    }
    message->retain = retain->length > 0 && retain->start[0] == 't';
    return read_payload(reader, found, message, failure);
}

int recording_reader_next(struct recording_reader *reader, struct recording_message *message,
                          struct failure *failure)
{
    char *start, *end;
    int got;
    do {
        got = next_line(reader, &start, &end, failure);
        if (got <= 0) {
            return got;
        }
    } while (json_scan_space(start, end) == end);
    struct extent found[KEY_COUNT] = {{0}};
    if (split(reader, start, end, found, failure) < 0) {
        return -1;
    }
    return read_message(reader, found, message, failure);
}
