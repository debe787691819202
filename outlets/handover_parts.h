/* The parts of a handover as a table: what is asked of the ledger, and how it is shown. Private to
 * handover*.c. */
#ifndef HEATLEDGER_HANDOVER_PARTS_H
#define HEATLEDGER_HANDOVER_PARTS_H

#include "handover.h"
#include "table.h"

#define HANDOVER_SHOWN_MAX 12

/* A column as people read it. */
struct handover_shown {
    int column[2];        /* in the part's table, by language; they differ for names */
    const char *title[2]; /* by language; NULL ends the list */
};

/* Parameters of the SQL: :day in days, :shift its number, :end and :as_of in microseconds. */
struct handover_part {
    const char *key; /* in JSON */
    const char *sql;
    const struct table_column *columns;
    int column_count;
    const char *title[2]; /* by language; NULL: not in the text */
    const char *none[2];  /* what to say where there is no row */
    struct handover_shown shown[HANDOVER_SHOWN_MAX];
};

#define HANDOVER_PARTS 10
extern const struct handover_part handover_parts[HANDOVER_PARTS];

/* What stands above the parts. */
enum handover_field {
    HANDOVER_SHOP,
    HANDOVER_SHOP_ZH,
    HANDOVER_SHOP_EN,
    HANDOVER_DAY,
    HANDOVER_SHIFT,
    HANDOVER_SHIFT_ZH,
    HANDOVER_SHIFT_EN,
    HANDOVER_FROM,
    HANDOVER_TO,
    HANDOVER_AS_OF,
    HANDOVER_PROVISIONAL, /* "1" or "0" */
    HANDOVER_HEATS,
    HANDOVER_STEEL_KG,       /* NULL: no weight is known */
    HANDOVER_CAUSES_PENDING, /* overruns of crew-shifts that nobody has explained */
    HANDOVER_SLIPS_OPEN,     /* pick slips; both NULL in what earlier programs made */
    /* for the parts */
    HANDOVER_SHIFT_NO,
    HANDOVER_END_US,
    HANDOVER_AS_OF_US,
    HANDOVER_FIELDS
};
extern const char *const handover_head_sql; /* one row: the fields above, in their order */

struct handover {
    char *fields[HANDOVER_FIELDS];
    struct table *tables[HANDOVER_PARTS];
    struct table *names; /* the plant's, for people: handover_names.h */
    char *made; /* the summary as it was made, JSON; NULL: none was, this is as it is now */
    struct table *since; /* what is another today; NULL where `made` is */
};

/* What is another today, as a part. */
extern const struct handover_part handover_since_part;

/* handover.c: the summary as the ledger has it now, inside a snapshot. */
struct handover *handover_read_now(struct reader *reader, int32_t day, const char *shift,
                                   struct failure *failure);

#endif
