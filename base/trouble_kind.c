#include "trouble_kind.h"

#include "failure.h"

#include <string.h>

static const char *const names[TROUBLE_KINDS] = {
    [TROUBLE_NONE] = "",
    [TROUBLE_LEDGER_FULL] = "ledger_full",
    [TROUBLE_LEDGER_READ_ONLY] = "ledger_read_only",
    [TROUBLE_LEDGER_BUSY] = "ledger_busy",
    [TROUBLE_LEDGER_UNREACHABLE] = "ledger_unreachable",
    [TROUBLE_LEDGER_DISK] = "ledger_disk",
    [TROUBLE_LEDGER_DAMAGED] = "ledger_damaged",
    [TROUBLE_JOURNAL_ROOM] = "journal_room",
    [TROUBLE_JOURNAL_BLOCKED] = "journal_blocked",
    [TROUBLE_JOURNAL_BROKEN] = "journal_broken",
    [TROUBLE_BROKER_AWAY] = "broker_away",
    [TROUBLE_BACKLOG] = "backlog",
    [TROUBLE_OUTBOX] = "outbox",
};

const char *trouble_kind_name(enum trouble_kind kind)
{
    REQUIRE(kind < TROUBLE_KINDS);
    return names[kind];
}

enum trouble_kind trouble_kind_find(const char *name, size_t length)
{
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        if (strlen(names[kind]) == length && memcmp(names[kind], name, length) == 0) {
            return (enum trouble_kind)kind;
        }
    }
    return TROUBLE_NONE;
}
