/* The inside of headroom.h, shared by headroom*.c only. */
#ifndef HEATLEDGER_RULES_HEADROOM_STATE_H
#define HEATLEDGER_RULES_HEADROOM_STATE_H

#include "headroom.h"

#include <uthash.h>

/* Links a statement to an account on which it counts. */
struct stake {
    struct account *account;
    struct statement *statement;
    struct stake *prev, *next; /* among the stakes in the account */
};

struct statement {
    uint32_t meter;
    bool asked;
    uint64_t round;       /* of headroom.h, when it was made */
    int64_t granted_base; /* growth that may stay unheard */
    struct segment *open;
    size_t open_count, open_capacity;
    struct stake **stakes;
    size_t stake_count, stake_capacity;
    UT_hash_handle hh;
};

#endif
