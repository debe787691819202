#include "plant_suggest.h"

#include <ctype.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t plant_suggest_distance(const char *a, const char *b)
{
    /* Rows i - 2, i - 1 and i of the usual table. */
    size_t rows[3][PLANT_SUGGEST_LENGTH_MAX + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > PLANT_SUGGEST_LENGTH_MAX || b_length > PLANT_SUGGEST_LENGTH_MAX) {
        return a_length + b_length;
    }
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2])) {
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

const char *plant_suggest(const char *word, const void *rows, size_t count, size_t step)
{
    const char *best = NULL;
    size_t best_distance = 0;
    for (size_t i = 0; i < count; i++) {
        const char *row = (const char *)rows + i * step;
        size_t distance = plant_suggest_distance(word, row);
        if (distance <= (strlen(row) + 2) / 3 && (best == NULL || distance < best_distance)) {
            best = row;
            best_distance = distance;
        }
    }
    return best;
}
