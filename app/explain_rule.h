/* The rule behind a figure, for people: the rates of its quota, of its versions, grades and months.
 */
#ifndef HEATLEDGER_EXPLAIN_RULE_H
#define HEATLEDGER_EXPLAIN_RULE_H

#include "explain_story.h"

#include <stddef.h>

/* A line, where the figure has a quota. */
void explain_write_rule(const struct explain_story *story, size_t figure);

#endif
