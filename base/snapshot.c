#include "snapshot.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SECTION_BYTE 0x5C
#define TRAILER_BYTES 16
#define VARINT_BYTES_MAX 10
#define FIRST_BYTES 4096

static const char beginning[] = "heatledger snapshot 1\n";
#define BEGINNING_BYTES (sizeof beginning - 1)

/* ---- Writing ---- */

/* What has gathered goes, and into the checksum. */
static void spill(struct snapshot_writer *writer)
{
    if (writer->checksum == NULL) {
        writer->checksum = XXH3_createState();
        REQUIRE(writer->checksum != NULL);
    }
    if (writer->spilled == 0) {
        XXH3_64bits_reset(writer->checksum);
    }
    XXH3_64bits_update(writer->checksum, writer->bytes, writer->count);
    writer->spill(writer->spill_context, writer->bytes, writer->count);
    writer->spilled += writer->count;
    writer->count = 0;
}

static void make_room(struct snapshot_writer *writer, size_t count)
{
    if (writer->capacity - writer->count >= count) {
        return;
    }
    if (writer->spill != NULL && writer->count >= SNAPSHOT_SPILL_BYTES) {
        spill(writer);
        make_room(writer, count);
        return;
    }
    REQUIRE(count <= SNAPSHOT_BYTES_MAX && writer->count <= SNAPSHOT_BYTES_MAX - count);
    size_t capacity = writer->capacity + writer->capacity / 2 + FIRST_BYTES;
    if (capacity < writer->count + count) {
        capacity = writer->count + count;
    }
    uint8_t *bytes = realloc(writer->bytes, capacity);
    REQUIRE(bytes != NULL);
    writer->bytes = bytes;
    writer->capacity = capacity;
}

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

void snapshot_begin(struct snapshot_writer *writer)
{
    writer->count = 0;
    writer->spilled = 0;
    snapshot_put_bytes(writer, beginning, BEGINNING_BYTES);
}

void snapshot_put_section(struct snapshot_writer *writer, const char *name, unsigned version)
{
    REQUIRE(strlen(name) <= SNAPSHOT_SECTION_MAX);
    snapshot_put_number(writer, SECTION_BYTE);
    snapshot_put_text(writer, name);
    snapshot_put_number(writer, version);
}

void snapshot_put_number(struct snapshot_writer *writer, uint64_t number)
{
    make_room(writer, VARINT_BYTES_MAX);
    uint8_t *to = writer->bytes + writer->count;
    while (number >= 0x80) {
        *to++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *to++ = (uint8_t)number;
    writer->count = (size_t)(to - writer->bytes);
}

void snapshot_put_signed(struct snapshot_writer *writer, int64_t number)
{
    snapshot_put_number(writer, zigzag(number));
}

void snapshot_put_flag(struct snapshot_writer *writer, bool flag)
{
    snapshot_put_number(writer, flag ? 1 : 0);
}

void snapshot_put_from(struct snapshot_writer *writer, int64_t number, int64_t from)
{
    snapshot_put_signed(writer, (int64_t)((uint64_t)number - (uint64_t)from));
}

/* Instants: two words, an instant that is no small difference, then differences. */
enum { MOMENT_NEVER, MOMENT_NONE, MOMENT_FAR, MOMENT_NEAR };

void snapshot_put_moment(struct snapshot_writer *writer, int64_t ts_us, int64_t from_us)
{
    uint64_t distance = zigzag((int64_t)((uint64_t)ts_us - (uint64_t)from_us));
    if (ts_us == INT64_MAX) {
        snapshot_put_number(writer, MOMENT_NEVER);
    } else if (ts_us == INT64_MIN) {
        snapshot_put_number(writer, MOMENT_NONE);
    } else if (distance > UINT64_MAX - MOMENT_NEAR) {
        snapshot_put_number(writer, MOMENT_FAR);
        snapshot_put_signed(writer, ts_us);
    } else {
        snapshot_put_number(writer, distance + MOMENT_NEAR);
    }
}

/* The count is one more than that of the bytes, 0: there is no text. A NUL stands behind them, so
 * that a reader can hand out the text where it stands. */
void snapshot_put_text(struct snapshot_writer *writer, const char *text)
{
    if (text == NULL) {
        snapshot_put_number(writer, 0);
        return;
    }
    size_t count = strlen(text);
    REQUIRE(count <= SNAPSHOT_TEXT_MAX);
    snapshot_put_number(writer, count + 1);
    snapshot_put_bytes(writer, text, count + 1);
}

void snapshot_put_bytes(struct snapshot_writer *writer, const void *bytes, size_t count)
{
    if (count > 0) {
        make_room(writer, count);
        memcpy(writer->bytes + writer->count, bytes, count);
        writer->count += count;
    }
}

static void put_fixed(struct snapshot_writer *writer, uint64_t number)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> 8 * i);
    }
    snapshot_put_bytes(writer, bytes, sizeof bytes);
}

void snapshot_end(struct snapshot_writer *writer)
{
    REQUIRE(writer->spilled + writer->count >= BEGINNING_BYTES);
    uint64_t checksum = 0;
    if (writer->spill != NULL) {
        spill(writer);
        checksum = XXH3_64bits_digest(writer->checksum);
        put_fixed(writer, writer->spilled);
    } else {
        checksum = XXH3_64bits(writer->bytes, writer->count);
        put_fixed(writer, writer->count);
    }
    put_fixed(writer, checksum);
    if (writer->spill != NULL) {
        spill(writer);
    }
}

void snapshot_writer_clear(struct snapshot_writer *writer)
{
    free(writer->bytes);
    XXH3_freeState(writer->checksum);
    *writer = (struct snapshot_writer){0};
}

/* ---- Reading ---- */

static uint64_t fixed_at(const uint8_t *bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++) {
        number |= (uint64_t)bytes[i] << 8 * i;
    }
    return number;
}

bool snapshot_open(struct snapshot_reader *reader, const void *bytes, size_t count,
                   struct failure *failure)
{
    *reader = (struct snapshot_reader){.bytes = bytes, .broken = true};
    if (count < BEGINNING_BYTES || memcmp(bytes, beginning, BEGINNING_BYTES) != 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "no snapshot that this version reads: it does not begin with \"%.*s\"",
                           (int)BEGINNING_BYTES - 1, beginning);
    }
    size_t content = count < BEGINNING_BYTES + TRAILER_BYTES ? 0 : count - TRAILER_BYTES;
    if (content == 0 || fixed_at(reader->bytes + content) != content) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "the snapshot of %zu bytes is cut off, or bytes were added", count);
    }
    if (fixed_at(reader->bytes + content + 8) != XXH3_64bits(bytes, content)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "the snapshot of %zu bytes is damaged: its checksum is another", count);
    }
    reader->count = content;
    reader->at = BEGINNING_BYTES;
    reader->broken = false;
    return true;
}

bool snapshot_refuse(struct snapshot_reader *reader, const char *what)
{
    if (!reader->broken) {
        reader->broken = true;
        failure_set(&reader->wrong, FAILURE_RESOURCE,
                    "the snapshot's section \"%s\" is broken at byte %zu: %s", reader->section,
                    reader->at, what);
    }
    return false;
}

bool snapshot_get_section(struct snapshot_reader *reader, const char *name, unsigned version)
{
    char what[160];
    char there[SNAPSHOT_SECTION_MAX + 1];
    if (snapshot_get_number(reader, UINT64_MAX) != SECTION_BYTE) {
        snprintf(what, sizeof what, "the section \"%s\" should begin here", name);
        return snapshot_refuse(reader, what);
    }
    snapshot_get_text_into(reader, there, SNAPSHOT_SECTION_MAX);
    uint64_t version_there = snapshot_get_number(reader, UINT32_MAX);
    bool newer = strcmp(there, name) == 0 && version_there > version;
    if (strcmp(there, name) != 0 || newer || version_there == 0) {
        snprintf(what, sizeof what,
                 "\"%s\" of version %u should stand here, \"%s\" of version %u does%s", name,
                 version, there, (unsigned)version_there,
                 newer ? ", which a newer heatledger wrote" : "");
        return snapshot_refuse(reader, what);
    }
    memcpy(reader->section, there, sizeof reader->section);
    reader->version = (unsigned)version_there;
    return !reader->broken;
}

uint64_t snapshot_get_number(struct snapshot_reader *reader, uint64_t most)
{
    uint64_t number = 0;
    for (unsigned shift = 0; !reader->broken && shift < 7 * VARINT_BYTES_MAX; shift += 7) {
        if (reader->at == reader->count) {
            snapshot_refuse(reader, "a number is cut off");
            return 0;
        }
        uint8_t byte = reader->bytes[reader->at++];
        number |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            if (number <= most) {
                return number;
            }
            break;
        }
    }
    snapshot_refuse(reader, "a number is larger than can be");
    return 0;
}

int64_t snapshot_get_signed(struct snapshot_reader *reader)
{
    return unzigzag(snapshot_get_number(reader, UINT64_MAX));
}

int64_t snapshot_get_between(struct snapshot_reader *reader, int64_t least, int64_t most)
{
    int64_t number = snapshot_get_signed(reader);
    if (reader->broken || number < least || number > most) {
        snapshot_refuse(reader, "a number is outside what can be");
        return least;
    }
    return number;
}

bool snapshot_get_flag(struct snapshot_reader *reader)
{
    return snapshot_get_number(reader, 1) != 0;
}

int64_t snapshot_get_from(struct snapshot_reader *reader, int64_t from)
{
    return (int64_t)((uint64_t)snapshot_get_signed(reader) + (uint64_t)from);
}

int64_t snapshot_get_moment(struct snapshot_reader *reader, int64_t from_us)
{
    uint64_t number = snapshot_get_number(reader, UINT64_MAX);
    if (number == MOMENT_NEVER || number == MOMENT_NONE) {
        return number == MOMENT_NEVER ? INT64_MAX : INT64_MIN;
    }
    if (number == MOMENT_FAR) {
        return snapshot_get_signed(reader);
    }
    return (int64_t)((uint64_t)unzigzag(number - MOMENT_NEAR) + (uint64_t)from_us);
}

size_t snapshot_get_count(struct snapshot_reader *reader, size_t most)
{
    size_t count = (size_t)snapshot_get_number(reader, most);
    if (count > reader->count - reader->at) {
        snapshot_refuse(reader, "more elements are announced than bytes are left");
        return 0;
    }
    return count;
}

const void *snapshot_get_bytes(struct snapshot_reader *reader, size_t count)
{
    if (reader->broken || count > reader->count - reader->at) {
        snapshot_refuse(reader, "bytes are cut off");
        return NULL;
    }
    const uint8_t *bytes = reader->bytes + reader->at;
    reader->at += count;
    return bytes;
}

const char *snapshot_get_text(struct snapshot_reader *reader, size_t most)
{
    REQUIRE(most <= SNAPSHOT_TEXT_MAX);
    size_t count = (size_t)snapshot_get_number(reader, most + 1);
    if (count == 0) {
        return NULL;
    }
    const char *text = snapshot_get_bytes(reader, count);
    if (text == NULL) {
        return NULL;
    }
    if (memchr(text, '\0', count) != text + count - 1) {
        snapshot_refuse(reader, "a text does not end where it should");
        return NULL;
    }
    return text;
}

void snapshot_get_text_into(struct snapshot_reader *reader, char *text, size_t most)
{
    const char *there = snapshot_get_text(reader, most);
    memset(text, 0, most + 1);
    if (there != NULL) {
        memcpy(text, there, strlen(there));
    }
}

bool snapshot_is_good(const struct snapshot_reader *reader)
{
    return !reader->broken;
}

bool snapshot_close(struct snapshot_reader *reader, struct failure *failure)
{
    if (!reader->broken && reader->at != reader->count) {
        snapshot_refuse(reader, "more follows than this version reads");
    }
    if (reader->broken && failure != NULL) {
        *failure = reader->wrong;
    }
    return !reader->broken;
}
