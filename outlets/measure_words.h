/* What the register of saving measures says in words: what is missing before a measure can be
 * judged, and by which formulas it was. Private to report_measures.c. */
#ifndef HEATLEDGER_MEASURE_WORDS_H
#define HEATLEDGER_MEASURE_WORDS_H

#include "measure.h"

#define MEASURE_WORDS_MAX 400 /* bytes of a text, NUL included */

enum measure_language { MEASURE_ENGLISH, MEASURE_CHINESE, MEASURE_LANGUAGES };

enum measure_lack {
    MEASURE_NOTHING_MISSING,
    MEASURE_NO_ITEM,     /* of the newest configuration */
    MEASURE_NO_BASELINE, /* no line goes through the crew-shifts before the start */
    MEASURE_FEW_BEFORE,  /* they are too few */
    MEASURE_NO_FIT,      /* the line does not fit them */
    MEASURE_FEW_SINCE,   /* too few crew-shifts since the start */
    MEASURE_NO_PRICE,
    MEASURE_NO_HURDLE, /* all is known, and nothing to judge it by */
    MEASURE_LACKS
};

struct measure_missing {
    enum measure_lack what;
    size_t shifts_before, shifts_since;
    char r2[FRACTION_TEXT_MAX]; /* empty: there is none */
};

/* Returns `text`; NULL where nothing is missing. */
const char *measure_words_missing(const struct measure_missing *missing,
                                  enum measure_language language, char text[MEASURE_WORDS_MAX]);

/* Name and number of each formula by which something of it is known, joined by "; ". NULL: none. */
const char *measure_words_formulas(const struct measure_judged *judged,
                                   enum measure_language language, char text[MEASURE_WORDS_MAX]);

/* Where the formulas stand. */
const char *measure_words_source(enum measure_language language);

#endif
