#include "recording.h"

#include "base64.h"
#include "json_scan.h"
#include "memory.h"
#include "timestamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NESTING_MAX 500 /* below what the reader takes */
#define BASE64_GROUP 3000

struct recording_writer {
    char *path;
    FILE *file;
};

struct recording_writer *recording_writer_open(const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be created: %s", path, strerror(errno));
        return NULL;
    }
    struct recording_writer *writer = memory_zeroed(1, sizeof *writer);
    writer->path = memory_text(path);
    writer->file = file;
    return writer;
}

/* A payload that comes back from its own bytes in the line: JSON, but no text, for a text in the
 * line stands for what is between its quotes; on one line; and with nothing around it. */
static bool stands_as_json(const char *text, size_t length)
{
    struct json_fault fault;
    return length > 0 && text[0] != '"' && memchr(text, '\n', length) == NULL &&
           memchr(text, '\r', length) == NULL &&
           json_scan_value(text, text + length, NESTING_MAX, true, &fault) == text + length;
}

static bool stands_as_text(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned char byte = (unsigned char)text[at];
        size_t size = json_scan_character(text + at, text + length);
        if (size == 0 || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t')) {
            return false;
        }
        at += size;
    }
    return true;
}

static void put_text(FILE *file, const char *text, size_t length)
{
    static const char bytes[] = "\"\\\n\r\t", names[] = "\"\\nrt";
    fputc('"', file);
    for (size_t at = 0; at < length;) {
        size_t plain = at;
        while (plain < length && (unsigned char)text[plain] >= 0x20 && text[plain] != '"' &&
               text[plain] != '\\') {
            plain++;
        }
        fwrite(text + at, 1, plain - at, file);
        if (plain < length) {
            const char *found = text[plain] == '\0' ? NULL : strchr(bytes, text[plain]);
            if (found != NULL) {
                fprintf(file, "\\%c", names[found - bytes]);
            } else {
                fprintf(file, "\\u%04x", (unsigned)(unsigned char)text[plain]);
            }
            plain++;
        }
        at = plain;
    }
    fputc('"', file);
}

static void put_base64(FILE *file, const unsigned char *bytes, size_t length)
{
    char text[BASE64_SIZE(BASE64_GROUP)];
    fputc('"', file);
    for (size_t at = 0; at < length; at += BASE64_GROUP) {
        size_t group = length - at < BASE64_GROUP ? length - at : BASE64_GROUP;
        base64_encode(bytes + at, group, text);
        fwrite(text, 1, BASE64_SIZE(group), file);
    }
    fputc('"', file);
}

static bool written(const struct recording_writer *writer, struct failure *failure)
{
    return ferror(writer->file) == 0 ||
           failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", writer->path,
                       strerror(errno));
}

bool recording_writer_put(struct recording_writer *writer, const struct recording_message *message,
                          struct failure *failure)
{
    FILE *file = writer->file;
    char at[TIMESTAMP_TEXT_MAX];
    fprintf(file, "{\"at\":\"%s\",\"topic\":", timestamp_format(message->at_us, 0, at));
    put_text(file, message->topic, message->topic_length);
    if (stands_as_json(message->payload, message->payload_length)) {
        fputs(",\"payload\":", file);
        fwrite(message->payload, 1, message->payload_length, file);
    } else if (stands_as_text(message->payload, message->payload_length)) {
        fputs(",\"payload\":", file);
        put_text(file, message->payload, message->payload_length);
    } else {
        fputs(",\"payload_base64\":", file);
        put_base64(file, message->payload, message->payload_length);
    }
    if (message->qos != 1) {
        fprintf(file, ",\"qos\":%u", (unsigned)message->qos);
    }
    fputs(message->retain ? ",\"retain\":true}\n" : "}\n", file);
    return written(writer, failure);
}

bool recording_writer_flush(struct recording_writer *writer, struct failure *failure)
{
    fflush(writer->file);
    return written(writer, failure);
}

bool recording_writer_close(struct recording_writer *writer, struct failure *failure)
{
    bool good = recording_writer_flush(writer, failure);
    if (fclose(writer->file) != 0 && good) {
        good = failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", writer->path,
                           strerror(errno));
    }
    free(writer->path);
    free(writer);
    return good;
}
