/* The words of an explanation for people, in English and Chinese. Private to explain_text.c. */
#ifndef HEATLEDGER_EXPLAIN_WORDS_H
#define HEATLEDGER_EXPLAIN_WORDS_H

#include "explain_story.h"

enum phrase {
    SAY_HEAT,
    SAY_NO_HEAT,
    SAY_ON_DUTY,
    SAY_OWNER,
    SAY_METER,
    SAY_QUALITY,
    SAY_ESTIMATED,
    SAY_OWNED,
    SAY_STEEL,
    SAY_PER_TONNE,
    SAY_ALLOWED,
    SAY_RULE,
    SAY_POSTINGS,
    SAY_ADD_UP,
    SAY_MORE,
    SAY_BOOKED,
    SAY_OPEN,
    SAY_RECORD,
    SAY_PRIOR,
    SAY_CONFIGURATION,
    SAY_READING,
    SAY_NO_READING,
    SAY_RETIRED,
    SAY_JOURNAL_BEGINS,
    SAY_BEFORE_RETIRED,
    SAY_FROM,
    SAY_TO,
    SAY_MOVED,
    SAY_CORRECTED,
    SAY_UNCHANGED,
    SAY_ALERT,
    SAY_ALERT_THEN,
    SAY_ALERT_ONLY,
    SAY_BY,
    SAY_TARGET,
    SAY_LIMIT,
    SAY_STRETCH,
    SAY_FIXED,
    SAY_GRADE,
    SAY_SEASON,
    SAY_FACTOR,
    SAY_SHARES,
    SAY_FINAL,
    SAY_MORE_READINGS,
    SAY_PHRASES
};

const char *explain_say(const struct explain_story *story, enum phrase phrase);

/* The words for a quality's letter, for how a posting was divided (of use of a heat, or of none),
 * for how a mark was got, for what a quota is a rate of, for a state. */
const char *explain_say_quality(const struct explain_story *story, const char *letter);
const char *explain_say_method(const struct explain_story *story, const char *method, bool of_heat);
const char *explain_say_mark(const struct explain_story *story, enum mark_basis basis);
const char *explain_say_basis(const struct explain_story *story, enum quota_basis basis);
const char *explain_say_state(const struct explain_story *story, const char *state);

/* What a sample is that is not plain; NULL: it is. */
const char *explain_say_sample(const struct explain_story *story, unsigned kind);

/* A name in the language, or the id. */
const char *explain_say_label(const struct explain_story *story, const struct label *label,
                              const char *id);

/* The names of a shift, a crew, a station of the ledger; "-" where there is none. */
const char *explain_say_shift(const struct explain_story *story, const char *id);
const char *explain_say_crew(const struct explain_story *story, const char *id);
const char *explain_say_station(const struct explain_story *story, const char *id);

/* "  rule          …": the label, padded to the same width in both languages. */
void explain_write_label(const struct explain_story *story, enum phrase phrase);

#endif
