/* The members of a row's object by the names that its mapping asks for: found in one walk over the
 * object, instead of one walk a field. */
#ifndef HEATLEDGER_ROW_MEMBERS_H
#define HEATLEDGER_ROW_MEMBERS_H

#include "mapping.h"

struct cJSON;

struct row_members {
    const struct cJSON *of[MAPPING_MEMBERS_MAX]; /* by mapping_source.member; NULL: not there */
    const char *names[MAPPING_MEMBERS_MAX];
    unsigned count;
};

/* For all rows that a mapping reads, which must outlive the members. */
void row_members_begin(struct row_members *members, const struct mapping *mapping);

/* Finds them in `object`, and forgets those of the row before. */
void row_members_find(struct row_members *members, const struct cJSON *object);

#endif
