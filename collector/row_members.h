/* The members of a row's object by the names that its mapping asks for: found in one walk over the
 * object, instead of one walk a field. */
#ifndef HEATLEDGER_ROW_MEMBERS_H
#define HEATLEDGER_ROW_MEMBERS_H

#include "json_tape.h"
#include "mapping.h"

struct row_members {
    const struct json_value
        *of[MAPPING_MEMBERS_MAX]; /* by mapping_source.member; NULL: not there */
};

/* Finds them in `object`. Returns the fields that the row may have, by bit: those that a member
 * found here begins, and those that stand elsewhere. */
uint64_t row_members_find(struct row_members *members, const struct mapping *mapping,
                          const struct json_value *object);

#endif
