/* The journal over files of any bytes: opening and reading end, what is read makes sense, and what
 * was recovered once is there again, together with what is appended.
 *
 * Input: a byte for the form. Even: the rest stands in the first segment as it is, with a true
 * header where bit 1 is set. Odd: commands that write true records and then spoil them, so that
 * checksums hold where the harm is elsewhere. */
#include "fuzz_input.h"
#include "journal.h"
#include "journal_segment.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>

#define DIRECTORY_MAX 128
#define FILE_MAX 65536
#define SEGMENTS_MAX 3

struct segment_bytes {
    uint8_t bytes[FILE_MAX];
    size_t size;
    uint64_t base;
};

static void put_long(struct segment_bytes *file, size_t offset, uint64_t value)
{
    if (offset + sizeof value <= file->size) {
        memcpy(file->bytes + offset, &value, sizeof value);
    }
}

/* Magic, base, size and how far it is synced (journal_segment.c). */
static void put_header(struct segment_bytes *file, uint64_t synced)
{
    put_long(file, 0, UINT64_C(0x31304c4e524a4c48));
    put_long(file, 8, file->base);
    put_long(file, 16, file->size);
    put_long(file, 24, synced);
}

/* Writes a record of the kinds and lengths that the input asks for, where it fits without an end
 * mark behind it. */
static size_t put_record(struct segment_bytes *file, size_t offset, struct fuzz_input *input)
{
    static const char letters[4096] = "plant/X/heat";
    struct journal_record record = {.kind = (enum journal_kind)fuzz_choice(input, 8),
                                    .qos = fuzz_byte(input),
                                    .session = fuzz_byte(input),
                                    .topic = letters,
                                    .topic_length = fuzz_byte(input),
                                    .payload = letters,
                                    .payload_length = fuzz_short(input) % sizeof letters};
    size_t size = segment_record_size(record.topic_length, record.payload_length);
    if (offset % 8 != 0 || offset + size > file->size) {
        return offset;
    }
    struct segment segment = {.base = file->base, .size = file->size, .fd = -1, .map = file->bytes};
    segment_write(&segment, offset, &record);
    return offset + size;
}

/* A segment by commands: records, end marks, gaps, pokes, another size. */
static void fill_by_commands(struct segment_bytes *file, struct fuzz_input *input)
{
    size_t offset = SEGMENT_HEADER;
    file->size = SEGMENT_HEADER + 8 * (1 + (size_t)fuzz_short(input) % 1024) +
                 (fuzz_byte(input) % 16 == 15 ? 4 : 0);
    uint64_t synced = fuzz_byte(input) % 4 == 0 ? file->size : 0;
    put_header(file, synced);
    for (int i = 0; i < 64 && fuzz_left(input) > 0; i++) {
        switch (fuzz_choice(input, 6)) {
        case 0:
        case 1:
            offset = put_record(file, offset, input);
            break;
        case 2:
            put_long(file, offset, UINT64_MAX);
            return;
        case 3: {
            size_t at = fuzz_short(input) % file->size;
            file->bytes[at] ^= fuzz_byte(input);
            break;
        }
        case 4:
            put_long(file, 24, fuzz_byte(input) % 2 == 0 ? offset : fuzz_short(input));
            break;
        default:
            put_long(file, offset, fuzz_long(input));
            return;
        }
    }
}

static void fill_by_bytes(struct segment_bytes *file, struct fuzz_input *input, bool true_header)
{
    size_t length = fuzz_left(input) < FILE_MAX ? fuzz_left(input) : FILE_MAX;
    memcpy(file->bytes, input->at, length);
    input->at += length;
    file->size = length;
    if (true_header) {
        file->size = length < SEGMENT_HEADER ? SEGMENT_HEADER : length;
        put_header(file, SEGMENT_HEADER);
    }
}

static void save(const struct segment_bytes *file, const char *directory)
{
    char name[SEGMENT_NAME_MAX], path[DIRECTORY_MAX + SEGMENT_NAME_MAX];
    segment_name(file->base, name);
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(fd >= 0 && write(fd, file->bytes, file->size) == (ssize_t)file->size);
    close(fd);
}

static void write_files(struct fuzz_input *input, const char *directory)
{
    static struct segment_bytes file;
    uint8_t form = fuzz_byte(input);
    uint64_t base = 0;
    uint32_t count = form % 2 == 0 ? 1 : 1 + form / 2 % SEGMENTS_MAX;
    if ((form & 0x40) != 0) {
        base = fuzz_long(input) & ~UINT64_C(4095);
    }
    for (uint32_t i = 0; i < count; i++) {
        memset(&file, 0, sizeof file);
        file.base = base;
        if (form % 2 == 0) {
            fill_by_bytes(&file, input, (form & 2) != 0);
        } else {
            fill_by_commands(&file, input);
        }
        save(&file, directory);
        base += file.size;
    }
}

/* Touches every byte: one that is not mapped shows. */
static void check_readable(const void *bytes, size_t length)
{
    static volatile unsigned char last;
    for (size_t i = 0; i < length; i++) {
        last = ((const unsigned char *)bytes)[i];
    }
    (void)last;
}

/* Reads from the beginning; returns how many records there are, and what stood at the end. */
static size_t read_all(struct journal *journal, int *last)
{
    struct failure failure = {0};
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    size_t count = 0;
    while ((*last = journal_read(journal, position, &record, &failure)) == 1) {
        REQUIRE(record.position >= position && record.next > record.position);
        REQUIRE(++count <= (SEGMENTS_MAX + 2) * FILE_MAX / 32);
        check_readable(record.topic, record.topic_length);
        check_readable(record.payload, record.payload_length);
        position = record.next;
    }
    REQUIRE(*last == 0 || (failure.code != FAILURE_NONE && failure.text[0] != '\0'));
    return count;
}

static void check_looking(const char *directory)
{
    struct failure failure = {0};
    struct journal *journal = journal_open_reading(directory, &failure);
    int last = 0;
    REQUIRE(journal != NULL || failure.code != FAILURE_NONE);
    if (journal != NULL) {
        read_all(journal, &last);
        journal_close(journal);
    }
}

/* Recovers, appends, and finds the same and one more. */
static void check_recovery(const char *directory)
{
    struct failure failure = {0};
    uint64_t cut_bytes = 0;
    int last = 0;
    struct journal *journal = journal_open(directory, JOURNAL_SEGMENT_MIN, &cut_bytes, &failure);
    if (journal == NULL) {
        REQUIRE(failure.code != FAILURE_NONE && failure.text[0] != '\0');
        return;
    }
    size_t count = read_all(journal, &last);
    struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                    .topic = "plant/X/heat",
                                    .topic_length = 12,
                                    .payload = "{}",
                                    .payload_length = 2};
    REQUIRE(journal_append(journal, &record, &failure));
    struct journal_record there;
    REQUIRE(journal_read(journal, record.position, &there, &failure) == 1);
    REQUIRE(there.payload_length == 2 && memcmp(there.payload, "{}", 2) == 0);
    REQUIRE(there.position == record.position && there.next == journal_end(journal));
    REQUIRE(journal_sync(journal, &failure));
    journal_close(journal);
    journal = journal_open(directory, JOURNAL_SEGMENT_MIN, &cut_bytes, &failure);
    if (journal == NULL) {
        fprintf(stderr, "not opened again: %s\n", failure.text);
    }
    REQUIRE(journal != NULL && cut_bytes == 0);
    int again = 0;
    size_t more = read_all(journal, &again);
    if (again != last || more != (last == 0 ? count + 1 : count)) {
        fprintf(stderr, "%zu records (%d), with one more %zu (%d)\n", count, last, more, again);
    }
    REQUIRE(again == last && more == (last == 0 ? count + 1 : count));
    journal_close(journal);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *base = getenv("TMPDIR");
    char directory[DIRECTORY_MAX];
    struct fuzz_input input = fuzz_input_of(data, size);
    snprintf(directory, sizeof directory, "%s/heatledger-fuzz-XXXXXX",
             base != NULL ? base : "/tmp");
    REQUIRE(mkdtemp(directory) != NULL);
    write_files(&input, directory);
    check_looking(directory);
    check_recovery(directory);
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}
