/* The plant as the ledger describes it to its readers. */
#ifndef HEATLEDGER_PLANT_BOOK_H
#define HEATLEDGER_PLANT_BOOK_H

#include "book.h"
#include "plant.h"

struct plant_book {
    struct book_plant book; /* for book_plant() */
    char **texts;           /* what its pointers point to */
    size_t text_count;
};

/* `plant` must outlive it; plant_book_clear releases the rest. */
void plant_book_fill(struct plant_book *described, const struct plant *plant, int32_t version,
                     uint64_t position);
void plant_book_clear(struct plant_book *described);

#endif
