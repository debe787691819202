/* Why something was booked, in words for people. */
#ifndef HEATLEDGER_CAUSE_WORDS_H
#define HEATLEDGER_CAUSE_WORDS_H

#include "handover.h"

#include <stddef.h>

#define CAUSE_WORDS_MAX 256

/* The words for a posting's cause ("late_reading": "late reading"); a cause that is not known here
 * stands for itself. */
const char *cause_words(const char *cause, enum handover_language language);

/* The same for a list joined by ';'. Text that is too long is cut between words. */
const char *cause_words_list(const char *causes, enum handover_language language,
                             char text[CAUSE_WORDS_MAX]);

#endif
