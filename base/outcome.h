/* What became of a fact. Every message ends as one outcome or several, and each is counted:
 * nothing is dropped without one (invariant 6). One table in outcome.c holds names and meanings. */
#ifndef HEATLEDGER_OUTCOME_H
#define HEATLEDGER_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
    /* taken */
    OUTCOME_ACCEPTED = 0,
    OUTCOME_BASELINE,    /* a register's earliest sample: books nothing */
    OUTCOME_LATE,        /* taken, older than the meter's newest */
    OUTCOME_ROLLOVER,    /* taken, the register went round */
    OUTCOME_RESET,       /* taken, a declared reset */
    OUTCOME_DUPLICATE,   /* the same fact again: no effect */
    OUTCOME_NO_EFFECT,   /* a true fact that changes nothing: a takeover by the crew on duty */
    OUTCOME_REDELIVERED, /* the broker sent the same message again: not decoded */
    /* held: kept aside, visible, booked only if later readings or a person say so */
    OUTCOME_GLITCH, /* a register fell and no reset is declared */
    OUTCOME_SPIKE,  /* rose faster than the meter's max_rate */
    /* refused: listed by `report rejects` */
    OUTCOME_CONFLICT, /* same key, other content: the rule of INTERFACES chose one of the two */
    OUTCOME_UNDECODABLE,
    OUTCOME_TOO_LARGE,
    OUTCOME_UNKNOWN_TOPIC,
    OUTCOME_UNKNOWN_METER,
    OUTCOME_UNKNOWN_STATION,
    OUTCOME_UNKNOWN_CREW,
    OUTCOME_UNKNOWN_EVENT,
    OUTCOME_UNKNOWN_HEAT,
    OUTCOME_BAD_FIELD,    /* a field is missing or of the wrong type */
    OUTCOME_BAD_VALUE,    /* not a number, null, a sentinel */
    OUTCOME_BAD_QUALITY,  /* the sender says the value is bad */
    OUTCOME_BAD_TIME,     /* no time, or one outside 2000 to 2100 */
    OUTCOME_OUT_OF_RANGE, /* outside the meter's declared range or the integer range */
    OUTCOME_FUTURE,       /* further ahead of its arrival than the skew limit */
    OUTCOME_TOO_LATE,     /* older than a meter's history reaches: 400 days */
    OUTCOME_NOT_ALLOWED,  /* a heat on a register or rate, an event out of order */
    OUTCOME_NOT_SUPPORTED,
    OUTCOME_SKIPPED, /* not taken at all: it crashed the engine twice */
    OUTCOME_COUNT
};

struct outcome_info {
    const char *name;    /* "duplicate": in reports and metrics */
    bool held, refused;  /* neither: taken */
    const char *meaning; /* a sentence for a person, and what to do */
};

const struct outcome_info *outcome_info(enum outcome outcome);

/* Counts by outcome, since the journal began. */
struct outcome_counts {
    uint64_t of[OUTCOME_COUNT];
};

#endif
