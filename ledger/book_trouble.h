/* Why the ledger cannot be written or read: which of SQLite's errors pass by themselves, or when
 * somebody has made room, and what to do. */
#ifndef HEATLEDGER_BOOK_TROUBLE_H
#define HEATLEDGER_BOOK_TROUBLE_H

#include <stdbool.h>

enum book_trouble {
    BOOK_SOUND,       /* none, or one that is no matter of the disk */
    BOOK_FULL,        /* no space is left */
    BOOK_READ_ONLY,   /* the file or its file system is, or the file was moved away */
    BOOK_BUSY,        /* another program holds it for longer than a commit waits */
    BOOK_UNREACHABLE, /* a file of it cannot be opened */
    BOOK_DISK,        /* the disk failed to read, write or sync */
    BOOK_DAMAGED,     /* what stands in the file is no ledger */
    BOOK_TROUBLES
};

/* Of a result code of SQLite, plain or extended. */
enum book_trouble book_trouble_of(int result);

/* "", "ledger_full", "ledger_read_only" … */
const char *book_trouble_name(enum book_trouble trouble);

/* What there is to do, for the log; "" for BOOK_SOUND. */
const char *book_trouble_next(enum book_trouble trouble);

/* Whether it may be over after a while: the ledger is to be closed, and opened again later. */
bool book_trouble_passes(enum book_trouble trouble);

#endif
