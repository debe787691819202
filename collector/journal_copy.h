/* The files of a journal as a copy of it up to a position needs them, while another process goes on
 * appending, packing and letting go of files.
 *
 * What stands before the end never changes, so whatever form a segment has at the moment is right.
 * The segment in which the end lies is given as if nothing had come behind it; each unpacked one as
 * if it had been synced so far, which whoever writes the copy has to do. */
#ifndef HEATLEDGER_JOURNAL_COPY_H
#define HEATLEDGER_JOURNAL_COPY_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define JOURNAL_COPY_NAME_MAX 32 /* bytes, NUL included */
#define JOURNAL_COPY_HEAD 64     /* bytes that are given otherwise than they stand in the file */

struct journal_copy {
    int directory_fd;
    uint64_t next; /* position at which the next file begins, once there was one */
    uint64_t end;
    bool begun;
    /* the file in hand */
    int fd; /* -1: none */
    char name[JOURNAL_COPY_NAME_MAX];
    uint64_t begin; /* position of its first byte */
    uint64_t size;  /* of the file, in bytes */
    uint64_t used;  /* bytes in front; all others are zero */
    _Alignas(8) unsigned char head[JOURNAL_COPY_HEAD];
    bool has_head;
};

/* Begins with the journal in directory `path`, of which all that stands before `end` is wanted. */
bool journal_copy_open(struct journal_copy *copy, const char *path, uint64_t end,
                       struct failure *failure);

/* Takes the next file in hand, in ascending order. Returns 1; 0: there are no more; -1 with a
 * failure: one is missing, cannot be opened, or is no segment. */
int journal_copy_next(struct journal_copy *copy, struct failure *failure);

/* Reads at `offset` of the file in hand, up to `count` bytes; 0 behind its end, -1 with errno. */
ssize_t journal_copy_read(const struct journal_copy *copy, uint64_t offset, void *bytes,
                          size_t count);

void journal_copy_close(struct journal_copy *copy);

/* Bytes that the files now take which hold something before `end`; 0 where it cannot be told. */
uint64_t journal_copy_size(const char *path, uint64_t end);

#endif
