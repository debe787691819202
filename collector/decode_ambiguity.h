/* JSON that is valid and has no one meaning: keys that stand twice, numbers beyond all numbers. */
#ifndef HEATLEDGER_DECODE_AMBIGUITY_H
#define HEATLEDGER_DECODE_AMBIGUITY_H

#include "decode_row.h"

/* Looks into what is odd on the tape. Returns false after it has told the sink of a refusal. */
bool row_unambiguous(const struct row *row, const struct json_tape *tape);

#endif
