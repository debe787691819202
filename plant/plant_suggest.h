/* "Did you mean": the word of a list that is nearest to one that is not in it. */
#ifndef HEATLEDGER_PLANT_SUGGEST_H
#define HEATLEDGER_PLANT_SUGGEST_H

#include <stddef.h>

#define PLANT_SUGGEST_LENGTH_MAX 64 /* longer words are not compared */

/* The number of letters to insert, remove, change or swap with their neighbour to make `b` of `a`
 * (optimal string alignment distance), case ignored; large for words longer than
 * PLANT_SUGGEST_LENGTH_MAX. */
size_t plant_suggest_distance(const char *a, const char *b);

/* The nearest of `count` words, `step` bytes apart and each beginning at the start of its row;
 * NULL where none is near (more than a third of its letters differ). */
const char *plant_suggest(const char *word, const void *rows, size_t count, size_t step);

#endif
