/* The product under test: a journal and a ledger of its own, fed with messages. */
#ifndef HEATLEDGER_SIM_PRODUCT_H
#define HEATLEDGER_SIM_PRODUCT_H

#include "sim_delivery.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_FAILURE_MAX 1024 /* bytes of what the product says where it fails, NUL included */

struct sim_product {
    char *dump;        /* the net ledger */
    char *history;     /* with every posting; NULL unless asked for */
    char *proof;       /* checks of the ledger that do not hold, a line each; empty: all hold */
    uint64_t outcomes; /* counted by the product, all together */
    uint64_t listed;   /* rows of rejects */
    uint64_t refused;  /* counted as refused or held */
};

/* Books the messages, with the restarts that stand in them. With `replayed` also a ledger made in
 * one go from the journal. False with a text where the product fails. */
bool sim_product_run(const struct sim_plant *plant, const struct sim_messages *messages,
                     struct sim_product *product, struct sim_product *replayed,
                     char text[SIM_FAILURE_MAX]);
void sim_product_clear(struct sim_product *product);

#endif
