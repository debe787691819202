/* Names and personal shares, for dividing what comes back to a crew. They are personal: they stand
 * in a file of their own, in neither journal nor ledger, and who may read that file may see them.
 */
#ifndef HEATLEDGER_PEOPLE_H
#define HEATLEDGER_PEOPLE_H

#include "failure.h"

#include <stddef.h>
#include <stdint.h>

#define PEOPLE_NAME_MAX 64 /* bytes */

struct people;

/* {"A": [{"person": "…", "share": "1.2"}, …], …}: crews by their ids, shares of at most three
 * decimals, 0 or more, not all of a crew 0. NULL with FAILURE_RESOURCE where the file cannot be
 * read, with FAILURE_INPUT where others than its owner may read it, or where it says something
 * else. The caller owns it. */
struct people *people_read(const char *path, struct failure *failure);
void people_free(struct people *people);

/* Crews, in the file's order; NULL behind the last. */
const char *people_crew(const struct people *people, size_t index);

/* How many there are of a crew; 0: the file does not name it. */
size_t people_count(const struct people *people, const char *crew);

/* One of them, `index` below the count; `*share_e3` >= 0. The name belongs to `people`. */
const char *people_person(const struct people *people, const char *crew, size_t index,
                          int64_t *share_e3);

#endif
