#include "book_trouble.h"

#include "failure.h"

#include <sqlite3.h>
#include <stddef.h>

static const struct {
    const char *name, *next;
} troubles[BOOK_TROUBLES] = {
    [BOOK_SOUND] = {"", ""},
    [BOOK_FULL] = {"ledger_full", "make room on the disk; booking goes on by itself"},
    [BOOK_READ_ONLY] = {"ledger_read_only",
                        "make the ledger's directory writable; booking goes on by itself"},
    [BOOK_BUSY] = {"ledger_busy", "end the program that holds ledger.db open for writing; booking "
                                  "goes on by itself"},
    [BOOK_UNREACHABLE] = {"ledger_unreachable",
                          "look after the ledger's directory, its owner and its permissions; "
                          "booking goes on by itself"},
    [BOOK_DISK] = {"ledger_disk", "look after the disk; booking goes on by itself once it works"},
    [BOOK_DAMAGED] = {"ledger_damaged",
                      "move ledger.db, ledger.db-wal and ledger.db-shm away and start again: the "
                      "ledger is made again from the journal"},
};

static const struct {
    int result;
    enum book_trouble trouble;
} results[] = {
    {SQLITE_FULL, BOOK_FULL},
    {SQLITE_READONLY, BOOK_READ_ONLY},
    {SQLITE_PERM, BOOK_READ_ONLY},
    {SQLITE_BUSY, BOOK_BUSY},
    {SQLITE_LOCKED, BOOK_BUSY},
    {SQLITE_PROTOCOL, BOOK_BUSY},
    {SQLITE_CANTOPEN, BOOK_UNREACHABLE},
    {SQLITE_IOERR, BOOK_DISK},
    {SQLITE_CORRUPT, BOOK_DAMAGED},
    {SQLITE_NOTADB, BOOK_DAMAGED},
};

enum book_trouble book_trouble_of(int result)
{
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (results[i].result == (result & 0xff)) {
            return results[i].trouble;
        }
    }
    return BOOK_SOUND;
}

const char *book_trouble_name(enum book_trouble trouble)
{
    REQUIRE(trouble < BOOK_TROUBLES);
    return troubles[trouble].name;
}

const char *book_trouble_next(enum book_trouble trouble)
{
    REQUIRE(trouble < BOOK_TROUBLES);
    return troubles[trouble].next;
}

bool book_trouble_passes(enum book_trouble trouble)
{
    return trouble != BOOK_SOUND && trouble != BOOK_DAMAGED;
}
