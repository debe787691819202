/* Facts: what a message says, in the plant's vocabulary. The collector's mappings make them, the
 * aggregator takes them. Text in a fact belongs to the decoder and lives until its next call. */
#ifndef HEATLEDGER_FACT_H
#define HEATLEDGER_FACT_H

#include "catalog.h"

#include <stdbool.h>
#include <stdint.h>

enum reading_quality { READING_GOOD, READING_UNCERTAIN }; /* bad ones never become a fact */

struct reading {
    meter_id meter;
    int64_t ts_us;
    int64_t from_us;   /* start of an increment; INT64_MIN: not given */
    int64_t value_raw; /* INT64_MIN: none; it only cancels another */
    int64_t seq;       /* -1: not given */
    enum reading_quality quality;
    bool retained;       /* not a sign of life */
    bool ts_assumed;     /* the message had no time: arrival time */
    const char *heat;    /* NULL: not given */
    const char *id;      /* ticket; NULL: not given */
    const char *void_id; /* id of an event of this meter that is cancelled; NULL: none */
};

enum heat_event_kind {
    HEAT_START,
    HEAT_END,
    HEAT_TAP,
    HEAT_WEIGHT,
    HEAT_RETURN,
    HEAT_SPLIT,
    HEAT_MERGE,
    HEAT_RENUMBER,
    HEAT_VOID,
};

struct heat_event {
    int64_t ts_us;
    enum heat_event_kind kind;
    const char *heat;   /* never NULL */
    const char *id;     /* NULL: not given */
    station_id station; /* index CATALOG_NONE: not given */
    int64_t steel_g;    /* -1: not given */
    int64_t planned_g;  /* -1: not given */
    const char *grade;  /* NULL: not given */
    const char *to;     /* NULL: not given */
    const char *of;     /* NULL: not given */
    int64_t moved_g;    /* `kg` of return, split, merge; -1: not given */
};

struct crew_event {
    int64_t ts_us;
    crew_id crew; /* takes over at ts */
};

enum meter_event_kind { METER_EVENT_EXCHANGE, METER_EVENT_MULTIPLIER, METER_EVENT_RESET };

struct meter_event {
    int64_t ts_us;
    meter_id meter;
    enum meter_event_kind kind;
    int64_t final_raw;            /* exchange: last of the old register; INT64_MIN: not given */
    int64_t initial_raw;          /* exchange, reset: first of the new; INT64_MIN: not given */
    int64_t value_num, value_den; /* multiplier */
};

/* What a person enters. Kinds that no room acts on yet are ENTRY_OTHER. */
enum entry_kind {
    ENTRY_ACCEPT,  /* the held reading of `meter` at `at_us` is true */
    ENTRY_REJECT,  /* it is not, and need not be looked at again */
    ENTRY_READING, /* `meter` shows `value_raw` at `at_us`: read by a person */
    ENTRY_ROSTER,  /* production day `day`, `shift`: `crew` is meant to be on duty */
    ENTRY_ACK,     /* somebody has seen the alert `alert` */
    ENTRY_SHELVE,  /* the alert is put aside until `until_us` */
    ENTRY_OTHER,
    ENTRY_KIND_COUNT
};

struct entry {
    enum entry_kind kind;
    int64_t ts_us;      /* when it was entered */
    const char *by;     /* who; never NULL */
    const char *event;  /* the kind as it was written; never NULL */
    const char *reason; /* NULL: not given */
    const char *text;   /* the whole entry, JSON */
    meter_id meter;
    int64_t at_us;     /* INT64_MIN: not given */
    int64_t value_raw; /* INT64_MIN: not given */
    int32_t day;
    shift_id shift;
    crew_id crew;      /* index CATALOG_NONE: nobody */
    const char *alert; /* NULL: not given */
    int64_t until_us;  /* INT64_MIN: not given */
};

enum fact_kind { FACT_READING, FACT_HEAT, FACT_CREW, FACT_METER, FACT_ENTRY, FACT_PAPER };

struct paper;

struct fact {
    enum fact_kind kind;
    union {
        struct reading reading;
        struct heat_event heat;
        struct crew_event crew;
        struct meter_event meter;
        struct entry entry;
        const struct paper *paper; /* paper.h; the decoder's, as texts are */
    } as;
};

#endif
