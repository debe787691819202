/* Leaves behind the end of a journal what an interrupted append may leave there: the beginning of a
 * record, or bytes that are none. Nothing that was taken is touched.
 *
 *   crash_tear JOURNAL SEED
 *
 * Nobody may have the journal open. Prints how many bytes were put there; 0 where there is no room
 * in the last segment. */
#include "failure.h"
#include "journal.h"
#include "journal_segment.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TORN_MAX 4096
#define PATH_SIZE 4200

static void give_up(const char *what)
{
    fprintf(stderr, "crash_tear: %s\n", what);
    exit(3);
}

/* Small numbers, one after the other (splitmix64). */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

/* The last record, and the end behind it. */
static uint64_t find_end(struct journal *journal, struct journal_record *last)
{
    struct failure failure = {0};
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    int got;
    while ((got = journal_read(journal, position, &record, &failure)) == 1) {
        position = record.next;
        *last = record;
    }
    if (got < 0) {
        give_up(failure.text);
    }
    return position;
}

/* The file in which `end` lies: the segment that begins at or before it. */
static int open_segment(const char *directory, uint64_t end, uint64_t *base)
{
    char path[PATH_SIZE], name[SEGMENT_NAME_MAX];
    for (*base = end / 4096 * 4096;; *base -= 4096) { /* segments are whole pages */
        segment_name(*base, name);
        if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) {
            give_up("JOURNAL is too long");
        }
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd >= 0 || *base == 0) {
            return fd;
        }
    }
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    struct journal_record last = {.next = 0};
    unsigned char torn[TORN_MAX];
    uint64_t base = 0;
    struct stat status;
    if (argc != 3) {
        fputs("usage: crash_tear JOURNAL SEED\n", stderr);
        return 2;
    }
    uint64_t seed = strtoull(argv[2], NULL, 10);
    struct journal *journal = journal_open_reading(argv[1], &failure);
    if (journal == NULL) {
        give_up(failure.text);
    }
    uint64_t end = find_end(journal, &last);
    journal_close(journal);
    int fd = open_segment(argv[1], end, &base);
    if (fd < 0 || fstat(fd, &status) != 0 || last.next == 0) {
        give_up("the last segment cannot be opened, or holds nothing");
    }
    size_t record = (size_t)(last.next - last.position);
    size_t length = 1 + (size_t)draw(&seed, record < TORN_MAX ? record : TORN_MAX);
    off_t at = (off_t)(end - base);
    if (at + (off_t)length > status.st_size) {
        length = 0;
    }
    /* Elsewhere the same record has another checksum. */
    bool beginning = draw(&seed, 2) == 0 && last.position >= base &&
                     pread(fd, torn, length, (off_t)(last.position - base)) == (ssize_t)length;
    for (size_t i = 0; !beginning && i < length; i++) {
        torn[i] = (unsigned char)(1 + draw(&seed, 254));
    }
    if (pwrite(fd, torn, length, at) != (ssize_t)length || close(fd) != 0) {
        give_up("the last segment cannot be written");
    }
    printf("%zu\n", length);
    return 0;
}
