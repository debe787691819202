/* A copy of a ledger to work on, and a ledger taken back to an earlier position: for proving that
 * the journal, read on from a snapshot, gives what the ledger has. */
#ifndef HEATLEDGER_BOOK_COPY_H
#define HEATLEDGER_BOOK_COPY_H

#include "book.h"

/* Copies the ledger at `path`, as it is at this moment, into a temporary database of its own, which
 * is in memory as far as it fits into SQLite's cache, else in a file without a name in /var/tmp (or
 * SQLITE_TMPDIR, TMPDIR); a daemon may go on writing to the ledger. NULL with FAILURE_RESOURCE
 * where the ledger cannot be read, is of another version, or there is no room for the copy. */
struct book *book_copy(const char *path, struct failure *failure);

/* An empty ledger of that kind. */
struct book *book_temporary(struct failure *failure);

/* Takes back what the records at and behind `position` brought about: the ledger's position is then
 * that one. What is state (what is open, balances, counts, crew-shifts) is forgotten, and is to be
 * given again, as are the stays and reviews of heats, and the names of the configuration in force
 * (book_plant_again). FAILURE_RESOURCE where it cannot be written; then the book must be closed. */
bool book_roll_back(struct book *book, uint64_t position, struct failure *failure);

/* The configuration that was in force at the position to which the ledger was taken back, inside a
 * transaction: brings the names to what it says, and forgets those of later ones. */
void book_plant_again(struct book *book, const struct book_plant *plant);

#endif
