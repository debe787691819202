/* Decomposition: what a year, a plant or a shop may use, divided down to shifts and posts by the
 * steel that each is planned to make, in whole base units that add up at every level (DOMAIN 4).
 *
 * A plan is a tree: each node has a weight (planned tonnes, or any whole numbers) and parts. Nodes
 * that are fixed keep their amount (a locked period, a floor from above); what is left is divided
 * over the others. */
#ifndef HEATLEDGER_PLAN_H
#define HEATLEDGER_PLAN_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_DEPTH_MAX 12

struct plan_node {
    int64_t weight;      /* >= 0 */
    int64_t amount_base; /* in: of the root and of fixed nodes; out: of all others */
    bool fixed;
    size_t first_part, part_count; /* in the same array, behind this node */
};

enum plan_result {
    PLAN_DONE,
    PLAN_TOO_MUCH_FIXED, /* the fixed parts are more than the whole */
    PLAN_TOO_LITTLE,     /* all parts are fixed, and less than the whole */
    PLAN_NO_WEIGHT,      /* something is left, and no part that could take it has a weight */
};

/* Divides nodes[0].amount_base down the tree: largest remainder, of equal ones the first. Stops at
 * the first node that cannot be divided, whose place `at` then says. */
enum plan_result plan_divide(struct plan_node *nodes, size_t count, size_t *at);

/* A target that grows: floor(last x factor), the factor in 10^-9 (1.06 = 1,060,000,000). */
int64_t plan_grown_base(int64_t last_base, int64_t factor_e9);

#endif
