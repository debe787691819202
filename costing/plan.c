#include "plan.h"

#include "apportion.h"
#include "failure.h"
#include "quantity.h"

/* The parts of one node. */
static enum plan_result divide_node(struct plan_node *nodes, const struct plan_node *whole)
{
    int64_t weights[APPORTION_PARTS_MAX] = {0}, amounts_base[APPORTION_PARTS_MAX];
    struct plan_node *parts = nodes + whole->first_part;
    int64_t left_base = whole->amount_base;
    quantity_wide weight = 0;
    bool all_fixed = true;
    REQUIRE(whole->part_count <= APPORTION_PARTS_MAX);
    for (size_t i = 0; i < whole->part_count; i++) {
        REQUIRE(parts[i].weight >= 0);
        weights[i] = parts[i].fixed ? 0 : parts[i].weight;
        weight += weights[i];
        left_base = quantity_add(left_base, parts[i].fixed ? -parts[i].amount_base : 0);
        all_fixed = all_fixed && parts[i].fixed;
    }
    if (left_base < 0) {
        return PLAN_TOO_MUCH_FIXED;
    }
    if (weight == 0) {
        for (size_t i = 0; i < whole->part_count; i++) {
            parts[i].amount_base = parts[i].fixed ? parts[i].amount_base : 0;
        }
        return left_base == 0 ? PLAN_DONE : all_fixed ? PLAN_TOO_LITTLE : PLAN_NO_WEIGHT;
    }
    apportion(left_base, weights, whole->part_count, amounts_base);
    for (size_t i = 0; i < whole->part_count; i++) {
        parts[i].amount_base = parts[i].fixed ? parts[i].amount_base : amounts_base[i];
    }
    return PLAN_DONE;
}

enum plan_result plan_divide(struct plan_node *nodes, size_t count, size_t *at)
{
    for (size_t i = 0; i < count; i++) {
        const struct plan_node *node = &nodes[i];
        if (node->part_count == 0) {
            continue;
        }
        REQUIRE(node->first_part > i && node->first_part + node->part_count <= count);
        enum plan_result result = divide_node(nodes, node);
        if (result != PLAN_DONE) {
            *at = i;
            return result;
        }
    }
    return PLAN_DONE;
}

int64_t plan_grown_base(int64_t last_base, int64_t factor_e9)
{
    int64_t grown_base = 0;
    REQUIRE(factor_e9 >= 0 &&
            quantity_multiply_divide(last_base, factor_e9, quantity_power_of_ten(9), &grown_base));
    return grown_base;
}
