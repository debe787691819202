/* The proof of the quota accounts, as further checks of proof.c. */
#ifndef HEATLEDGER_PROOF_ACCOUNTS_H
#define HEATLEDGER_PROOF_ACCOUNTS_H

/* Each gives what, left, right, holds; a null ends the list. */
extern const char *const proof_account_checks[];

#endif
