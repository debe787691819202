/* Files written or read in pieces, with their checksums, for commands that move much: they tell a
 * terminal how far they are, and leave the disk to the daemon for a part of the time. */
#ifndef HEATLEDGER_FILE_COPY_H
#define HEATLEDGER_FILE_COPY_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_COPY_PATH_MAX 4400    /* bytes, NUL included */
#define FILE_COPY_PIECE (1u << 20) /* bytes between two pauses */

struct file_copying {
    const char *what;  /* "backup", for the line of progress */
    int share_percent; /* of the time at most that the disk is kept busy; 1 to 100 */
    uint64_t done_bytes, all_bytes;
    bool to_terminal;          /* the line is written to standard error */
    bool told;                 /* it was */
    int64_t piece_us, told_us; /* steady time: since when a piece is worked on, last told */
};

void file_copying_begin(struct file_copying *copying, const char *what, int share_percent);
/* So much more is done: tells it, and pauses. */
void file_copying_done(struct file_copying *copying, uint64_t bytes);
/* Ends the line. */
void file_copying_end(struct file_copying *copying);

/* A file being written. */
struct file_out {
    char path[FILE_COPY_PATH_MAX];
    int fd;
    bool sparse; /* pieces of zeros become holes */
    uint64_t bytes;
    void *state; /* of the checksum */
};

/* Makes the file, which must not be there. */
bool file_out_open(struct file_out *out, const char *path, bool sparse, struct failure *failure);
bool file_out_write(struct file_out *out, const void *bytes, size_t count, struct failure *failure);
/* Syncs and closes it; with `good` false only closes it. Returns whether all is written. */
bool file_out_close(struct file_out *out, bool good, uint64_t *sum, struct failure *failure);

/* Copies a file into a new one. */
bool file_copy(const char *from, const char *to, struct file_copying *copying, uint64_t *bytes,
               uint64_t *sum, struct failure *failure);

/* Length and checksum of a file; `sync`: it reaches the disk. */
bool file_sum(const char *path, bool sync, struct file_copying *copying, uint64_t *bytes,
              uint64_t *sum, struct failure *failure);

/* Makes the names of a directory's files reach the disk. */
bool file_sync_directory(const char *path, struct failure *failure);

/* Makes a directory; where it is there, it must be empty. */
bool file_make_empty_directory(const char *path, bool *made, struct failure *failure);

/* Removes what lies in a directory that was empty before, three levels deep, as far as it can be
 * removed; the directory itself, too, where `whole`. */
void file_remove_all(const char *path, bool whole);

#endif
