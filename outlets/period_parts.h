/* The parts of a period's document. Private to period_*.c. */
#ifndef HEATLEDGER_PERIOD_PARTS_H
#define HEATLEDGER_PERIOD_PARTS_H

#include "handover.h"
#include "period_document.h"
#include "report_kind.h"
#include "table.h"

#include <stdbool.h>

#define PERIOD_KEYS_MAX 4
#define PERIOD_FIGURES_MAX 6
#define PERIOD_COLUMNS_MAX 24

struct period_part {
    const char *key;                /* in JSON */
    const struct report_kind *kind; /* a report, narrowed to the period; NULL: … */
    const char *sql;                /* … asked for by :period */
    const struct table_column *columns;
    int column_count;
    bool settles; /* only where the configuration has a settlement that ends within the period */
    const char *title[2], *none[2]; /* by language; `none`: where there is no row */
    /* What is compared with the document that was signed: rows of the same keys, these figures.
     * NULL ends the lists. */
    const char *keys[PERIOD_KEYS_MAX];
    const char *figures[PERIOD_FIGURES_MAX];
};

extern const struct period_part period_parts[];
extern const int period_part_count;

const struct table_column *period_part_columns(const struct period_part *part, int *count);

enum period_field {
    PERIOD_SHOP,
    PERIOD_SHOP_ZH,
    PERIOD_SHOP_EN,
    PERIOD_FROM,
    PERIOD_TO, /* its last production day */
    PERIOD_AS_OF,
    PERIOD_PROVISIONAL, /* "1" or "0" */
    PERIOD_HEATS,
    PERIOD_STEEL_KG, /* NULL: no weight is known */
    PERIOD_SLOTS,    /* how many crew-shifts it has had: not in the document */
    PERIOD_FIELDS
};

struct period_document {
    struct period period;
    char text[PERIOD_TEXT_MAX];
    char *fields[PERIOD_FIELDS];
    struct table **tables; /* by part */
    struct table *names;   /* the plant's Chinese ones: report_chinese.h */
    char *made;            /* as it was signed, JSON; NULL: it was not, this is as it is now */
    char *made_position;   /* what was booked from there on is not in it */
    struct table *since;   /* what is another today; NULL where `made` is */
};

/* period_document.c: the document as it is now, inside a snapshot. `at_us`: the ledger's time, or
 * INT64_MIN: the newest one. */
struct period_document *period_document_now(struct reader *reader, const struct report_plant *plant,
                                            struct period period, int64_t at_us,
                                            struct failure *failure);

/* period_since.c: reads the signed document of the period back, inside a snapshot. `*document`
 * NULL: none was made. */
bool period_document_signed(struct reader *reader, struct period period,
                            struct period_document **document, struct failure *failure);

/* period_since.c: the columns of what is compared; adds a row a figure, those alone that are
 * another today where `differing`. `signed_one` may be NULL. */
enum period_since_column {
    SINCE_PART,
    SINCE_CREW,
    SINCE_QUOTA,
    SINCE_LINE,
    SINCE_ITEM,
    SINCE_UNIT,
    SINCE_FIGURE,
    SINCE_SIGNED,
    SINCE_NOW,
    SINCE_DIFFERENCE,
    SINCE_WHY,
    SINCE_COLUMNS
};
extern const struct table_column period_since_columns[SINCE_COLUMNS];
bool period_document_compare(struct reader *reader, const struct period_document *signed_one,
                             const struct period_document *now, bool differing,
                             bool (*add)(void *context, const char *const *values), void *context,
                             struct failure *failure);

/* period_why.c: why a figure of the signed document is another today: causes joined by ';', to be
 * freed; NULL with a failure. */
struct period_change {
    const char *position;            /* of the signed document */
    const char *period;              /* its text */
    const char *part, *figure;       /* of the row */
    const char *crew, *item, *quota; /* NULL: of all */
};
char *period_why(struct reader *reader, const struct period_change *change,
                 struct failure *failure);

#endif
