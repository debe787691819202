/* report accounts: the quota accounts with what they hold, were given and used; report entries: one
 * by one what was entered on them, with its cause. */
#ifndef HEATLEDGER_REPORT_ACCOUNTS_H
#define HEATLEDGER_REPORT_ACCOUNTS_H

#include "report_kind.h"

extern const struct report_kind report_accounts_kind;
extern const struct report_kind report_entries_kind;

#endif
