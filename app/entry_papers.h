/* What `heatledger entry` knows of papers, from the table of their forms (base/paper.h): a person
 * at the keyboard hears of a mistake before the entry is published. */
#ifndef HEATLEDGER_ENTRY_PAPERS_H
#define HEATLEDGER_ENTRY_PAPERS_H

#include "failure.h"
#include "paper.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Whether a paper has what its form asks for, and nothing that its form does not know: that would
 * be a slip of the pen. What the plant knows, the daemon looks at. */
bool entry_papers_check(const cJSON *entry, enum paper_kind kind, struct failure *failure);

/* A line for each form: its event, its fields, what it does. The caller frees it. */
char *entry_papers_help(void);

#endif
