/* The product under test: a journal and a ledger of its own, fed with messages. */
#ifndef HEATLEDGER_SIM_PRODUCT_H
#define HEATLEDGER_SIM_PRODUCT_H

#include "sim_delivery.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_FAILURE_MAX 1024 /* bytes of what the product says where it fails, NUL included */

/* How much of the ledger is looked at. */
enum sim_depth {
    SIM_NET,     /* the net ledger */
    SIM_PROVED,  /* also what proves it */
    SIM_REPLAYED /* also its history, and that of a ledger made in one go from the journal */
};

struct sim_product {
    char *dump;        /* the net ledger */
    char *history;     /* with every posting; SIM_REPLAYED */
    char *replayed;    /* of a ledger that never saw a restart; SIM_REPLAYED */
    char *proof;       /* checks that do not hold, a line each; SIM_PROVED and on */
    char *earned;      /* what was earned: sim_accounts.h; SIM_PROVED and on */
    uint64_t outcomes; /* counted by the product, all together; SIM_PROVED and on */
    uint64_t listed;   /* rows of rejects */
    uint64_t refused;  /* counted as refused or held */
};

/* Books the messages, with the restarts that stand in them. False with a text where the product
 * fails. The caller clears `product`. */
bool sim_product_run(const struct sim_plant *plant, const struct sim_messages *messages,
                     enum sim_depth depth, struct sim_product *product, char text[SIM_FAILURE_MAX]);
void sim_product_clear(struct sim_product *product);

#endif
