/* Dividing a whole into integer parts that add up to it: largest remainder (DOMAIN 3). Use over
 * heats, a plan over its periods, a sum of money over people. */
#ifndef HEATLEDGER_APPORTION_H
#define HEATLEDGER_APPORTION_H

#include <stddef.h>
#include <stdint.h>

#define APPORTION_PARTS_MAX 512

/* Divides an amount, which may be negative, by weights (each >= 0, their sum > 0, at most
 * APPORTION_PARTS_MAX of them): the parts add up to it, each is less than 1 away from its exact
 * value, what is left over goes one unit each to the largest remainders, of equal ones to the
 * first. */
void apportion(int64_t amount, const int64_t *weights, size_t count, int64_t *parts);

#endif
