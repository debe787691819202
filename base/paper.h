/* Papers: what people hand in about quotas, plans and money: revisions, transfers, pick slips,
 * causes. Each kind is a form with its fields, in a table from which papers are read, refused and
 * explained (collector/decode_paper.c, app/command_entry.c, docs/interfaces.md).
 *
 * All have `by` and `ts` as every entry does, and may have an `id`, unique in the shop, by which
 * other papers name them; without one it is the paper's position in the journal. */
#ifndef HEATLEDGER_PAPER_H
#define HEATLEDGER_PAPER_H

#include "catalog.h"
#include "period.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_ID_MAX 64
#define PAPER_TEXT_MAX 240        /* bytes of a reason, an order, a name */
#define PAPER_DECIMALS 9          /* of amounts, rates and tonnes: `…_e9` */
#define PAPER_NOT_GIVEN INT64_MIN /* of a number or a time */

enum paper_kind {
    PAPER_REVISE,     /* proposes other rates of a quota from some time on */
    PAPER_TRANSFER,   /* proposes to give allowance of a period to another crew */
    PAPER_APPROVE,    /* agrees with what is proposed */
    PAPER_DECLINE,    /* ends what is proposed */
    PAPER_PLAN,       /* planned steel of a period */
    PAPER_SLIP,       /* opens a pick slip for a production order */
    PAPER_ISSUE,      /* material drawn on a slip */
    PAPER_PUT_BACK,   /* and given back */
    PAPER_CLOSE_SLIP, /* what is left in the bins; the slip is settled */
    PAPER_CAUSE,      /* why an alert was raised */
    PAPER_VETO,       /* nothing is returned to a crew for a period */
    PAPER_MEASURE,    /* registers a saving measure */
    PAPER_KINDS
};

/* How far a paper has come. A proposal (revise, transfer) is in force once two people of different
 * names approved it; a slip is open until it is closed; all else is noted as it comes. */
enum paper_state {
    PAPER_NOTED,
    PAPER_PROPOSED,
    PAPER_IN_FORCE,
    PAPER_DECLINED,
    PAPER_OPEN,
    PAPER_CLOSED,
    PAPER_STATES
};

/* What was handed in. Texts belong to the decoder; a field that its form does not have, or that was
 * left out, is NULL, PAPER_NOT_GIVEN, CATALOG_NONE, or a period of kind PERIOD_KINDS. */
struct paper {
    enum paper_kind kind;
    int64_t ts_us;
    const char *by;
    const char *id, *of; /* its own, and the paper (or alert) that it is about */
    const char *quota;   /* a quota's id: not looked up yet */
    const char *order, *name, *code, *reason, *action;
    const char *approved_by; /* of an issue over the limit */
    const char *meters;      /* that a measure concerns: ids, joined by ';' */
    const char *text;        /* the whole entry, JSON */
    item_id item;
    crew_id crew, to_crew;
    struct period period;
    int64_t from_us;
    int64_t amount_e9;             /* item units, or yuan of an investment */
    int64_t target_e9, limit_e9;   /* item units: a rate, or of a slip an amount */
    int64_t tonnes_e9, rate_e9;    /* of a production order */
    int64_t opening_e9;            /* in the bins */
    int64_t sunk_e9, saving_e9;    /* yuan */
    int64_t life_years, hurdle_e9; /* of a measure; the hurdle in per cent */
};

/* How a field is written. */
enum paper_type {
    PAPER_TEXT,
    PAPER_ID,     /* at most PAPER_ID_MAX bytes; an alert's may be longer: PAPER_TEXT */
    PAPER_NUMBER, /* a decimal >= 0, or in a text, of at most nine decimals */
    PAPER_COUNT,  /* a whole number >= 1 */
    PAPER_TIME,
    PAPER_PERIOD, /* base/period.h */
    PAPER_CREW,
    PAPER_ITEM,
    PAPER_METERS, /* a list of meters; kept as their ids, joined by ';' */
    PAPER_TYPES
};

struct paper_field {
    const char *key;
    enum paper_type type;
    bool required;
    size_t offset; /* in struct paper */
};

#define PAPER_FIELDS_MAX 12

struct paper_form {
    const char *event;
    const char *does; /* for help: "proposes other rates of a quota" */
    struct paper_field fields[PAPER_FIELDS_MAX];
    size_t field_count;
};

const struct paper_form *paper_form(enum paper_kind kind);

/* Whether two names are the same one: spaces around them do not make another one. */
bool paper_same_name(const char *one, const char *other);

/* The kind of an entry's event; false: it is no paper. */
bool paper_kind_find(const char *event, enum paper_kind *kind);

/* "a decimal number that is not negative, such as 12.5": what would be right. */
const char *paper_type_right(enum paper_type type);

/* An empty paper of that kind. */
struct paper paper_empty(enum paper_kind kind);

/* The field's place in a paper. */
static inline void *paper_at(struct paper *paper, const struct paper_field *field)
{
    return (char *)paper + field->offset;
}

/* What a paper says, as a number: the same for two that say the same, whatever order their fields
 * stand in, who brings them how often and when. `by` counts, `ts` and the text as written do not.
 */
uint64_t paper_digest(const struct paper *paper);

/* "proposed", "in_force" …: in the ledger and in reports. */
const char *paper_state_name(enum paper_state state);
bool paper_state_find(const char *name, enum paper_state *state);

#endif
