/* report slips: each pick slip (限额领料单) with what was drawn on it, and once it is closed what
 * it says was consumed against what the hoppers weighed meanwhile.
 *
 * Weighed is by the clock: what the crew on duty used of the item from the slip's opening to its
 * closing, whoever owns the heats, for it is the crew on duty that draws from the bins. */
#include "report_slips.h"

#include "fraction.h"
#include "paper.h"
#include "quantity.h"
#include "slip.h"

#include <stdlib.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define PERCENT_PLACES 2
#define AMOUNT_MAX_E9                                                                              \
    INT64_C(2000000000000000000) /* two thousand million units; of the SQL, too                    \
                                  */

static const struct table_column columns[] = {
    {"slip", TABLE_TEXT},
    {"order", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"tonnes", TABLE_DECIMAL},
    {"rate", TABLE_DECIMAL},
    {"limit", TABLE_DECIMAL},
    {"issued", TABLE_DECIMAL},
    {"over", TABLE_DECIMAL},
    {"over_approved_by", TABLE_TEXT},
    {"put_back", TABLE_DECIMAL},
    {"opening", TABLE_DECIMAL},
    {"closing", TABLE_DECIMAL},
    {"consumed", TABLE_DECIMAL},
    {"weighed", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL},
    {"difference_pct", TABLE_DECIMAL},
    {"state", TABLE_TEXT},
    {"opened_at", TABLE_TEXT},
    {"closed_at", TABLE_TEXT},
};

/* Amounts in 10^-9 of the item's unit, as papers have them, added up by parts: a mistyped one may
 * be as large as 63 bits are, and what is beyond AMOUNT_MAX_E9 is shown as unknown. `weighed` in
 * base units, null where no meter books the item. The days are bounds, for the index: a production
 * day is within two days of the clock's. */
static const char slips_sql[] =
    "WITH total AS ("
    "  SELECT of, kind, CASE WHEN SUM(amount_e9 / 1000000000) < 2000000000"
    "    THEN SUM(amount_e9 / 1000000000) * 1000000000 + SUM(amount_e9 % 1000000000)"
    "    ELSE 2000000000000000000 END AS amount_e9, MAX(ts_us) AS ts_us"
    "  FROM paper_row WHERE kind IN ('issue', 'put_back', 'close_slip') GROUP BY of, kind),"
    " about AS ("
    "  SELECT of, MAX(amount_e9) FILTER (WHERE kind = 'issue') AS issued,"
    "    MAX(amount_e9) FILTER (WHERE kind = 'put_back') AS back,"
    "    MAX(amount_e9) FILTER (WHERE kind = 'close_slip') AS closing,"
    "    MAX(ts_us) FILTER (WHERE kind = 'close_slip') AS closed_us"
    "  FROM total GROUP BY of),"
    " approved AS ("
    "  SELECT of, group_concat(who, ';') AS names"
    "  FROM (SELECT of, approved_by AS who, MIN(position) FROM paper_row"
    "    WHERE kind = 'issue' AND approved_by IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3)"
    "  GROUP BY of),"
    " slip AS ("
    "  SELECT s.*, a.*, s.ts_us / 86400000000 - 2 AS from_day,"
    "    COALESCE(a.closed_us, (SELECT now_us FROM progress)) / 86400000000 + 2 AS to_day"
    "  FROM paper_row s LEFT JOIN about a ON a.of = s.id WHERE s.kind = 'slip')"
    " SELECT s.id, s.order_name, c.id, i.id, i.unit, s.tonnes_e9, s.rate_e9, s.limit_e9,"
    "  COALESCE(s.issued, 0), p.names, COALESCE(s.back, 0), COALESCE(s.opening_e9, 0), s.closing,"
    "  CASE WHEN EXISTS (SELECT 1 FROM meter m WHERE m.item = s.item AND m.role = 'book')"
    "   THEN COALESCE((SELECT SUM(n.amount_base) FROM net_segment n"
    "    WHERE n.item = s.item AND n.crew = s.crew AND n.day BETWEEN s.from_day AND s.to_day"
    "     AND n.start_us >= s.ts_us AND (s.closed_us IS NULL OR n.start_us < s.closed_us)), 0)"
    "   END,"
    "  i.decimals, local_time(s.ts_us), local_time(s.closed_us)"
    " FROM slip s JOIN crew c ON c.no = s.crew JOIN item i ON i.no = s.item"
    "  LEFT JOIN approved p ON p.of = s.id"
    " WHERE (:crew IS NULL OR c.id = :crew) AND (:item IS NULL OR i.id = :item)"
    "  AND (:from IS NULL OR s.ts_us >= :from) AND (:to IS NULL OR s.ts_us < :to)"
    "  AND (:open IS NULL OR s.closing IS NULL)"
    " ORDER BY s.ts_us, s.id";

/* A number; PAPER_NOT_GIVEN: null, or more than can be reckoned with. */
static int64_t number(const char *text)
{
    int64_t value = text == NULL ? PAPER_NOT_GIVEN : strtoll(text, NULL, 10);
    return value < AMOUNT_MAX_E9 ? value : PAPER_NOT_GIVEN;
}

static const char *decimal(int64_t value_e9, char text[QUANTITY_TEXT_MAX])
{
    return value_e9 == PAPER_NOT_GIVEN ? NULL : quantity_to_text(value_e9, PAPER_DECIMALS, text);
}

/* The limit as given, or tonnes x rate, floored as allowances are. */
static int64_t limit_e9(int64_t given_e9, int64_t tonnes_e9, int64_t rate_e9)
{
    int64_t product_e9 = 0;
    bool worked = given_e9 == PAPER_NOT_GIVEN && tonnes_e9 != PAPER_NOT_GIVEN &&
                  rate_e9 != PAPER_NOT_GIVEN &&
                  quantity_multiply_divide(tonnes_e9, rate_e9,
                                           quantity_power_of_ten(PAPER_DECIMALS), &product_e9) &&
                  product_e9 < AMOUNT_MAX_E9;
    return worked ? product_e9 : given_e9;
}

/* What the bins and the hoppers say, as far as it is known. All of it in 10^-9 of the unit. */
struct outcome_of_slip {
    int64_t over_e9;     /* issued over the limit, net of what was given back */
    int64_t consumed_e9; /* of a closed slip */
    int64_t weighed_e9;
    int64_t difference_e9;
    const struct fraction *part; /* NULL: unknown */
};

static struct outcome_of_slip work_out(struct sheet *sheet, const struct slip *slip,
                                       int64_t weighed_base, unsigned decimals)
{
    struct outcome_of_slip found = {PAPER_NOT_GIVEN, PAPER_NOT_GIVEN, PAPER_NOT_GIVEN,
                                    PAPER_NOT_GIVEN, NULL};
    bool known = slip->opening_base != PAPER_NOT_GIVEN && slip->issued_base != PAPER_NOT_GIVEN &&
                 slip->back_base != PAPER_NOT_GIVEN;
    if (!known) {
        return found;
    }
    if (slip->limit_base != PAPER_NOT_GIVEN) {
        int64_t over_e9 = slip_over_base(slip, 0);
        found.over_e9 = over_e9 > 0 ? over_e9 : 0;
    }
    bool weighed =
        weighed_base != PAPER_NOT_GIVEN &&
        !__builtin_mul_overflow(weighed_base, quantity_power_of_ten(PAPER_DECIMALS - decimals),
                                &found.weighed_e9) &&
        found.weighed_e9 < AMOUNT_MAX_E9 && found.weighed_e9 > -AMOUNT_MAX_E9;
    if (slip->closing_base >= 0) {
        found.consumed_e9 = slip_consumed_base(slip);
    }
    if (weighed && slip->closing_base >= 0) {
        found.difference_e9 = quantity_add(found.consumed_e9, -found.weighed_e9);
        found.part = found.consumed_e9 != 0
                         ? fraction_of(sheet, found.difference_e9, found.consumed_e9)
                         : NULL;
    }
    if (!weighed) {
        found.weighed_e9 = PAPER_NOT_GIVEN;
    }
    return found;
}

static const char *percent(struct sheet *sheet, const struct fraction *part,
                           char text[FRACTION_TEXT_MAX])
{
    return part == NULL
               ? NULL
               : fraction_to_text(fraction_multiply(sheet, part, fraction_of(sheet, 100, 1)),
                                  PERCENT_PLACES, text);
}

static bool take_slip(void *context, const struct reader_row *row)
{
    enum {
        SLIP,
        ORDER,
        CREW,
        ITEM,
        UNIT,
        TONNES,
        RATE,
        LIMIT,
        ISSUED,
        APPROVERS,
        BACK,
        OPENING,
        CLOSING,
        WEIGHED,
        DECIMALS,
        OPENED_AT,
        CLOSED_AT
    };
    struct table *table = context;
    struct sheet sheet = {0};
    char text[11][QUANTITY_TEXT_MAX], part[FRACTION_TEXT_MAX];
    const char *const *values = row->values;
    int64_t tonnes_e9 = number(values[TONNES]), rate_e9 = number(values[RATE]);
    int64_t closing_e9 = number(values[CLOSING]);
    const struct slip slip = {.limit_base = limit_e9(number(values[LIMIT]), tonnes_e9, rate_e9),
                              .opening_base = number(values[OPENING]),
                              .issued_base = number(values[ISSUED]),
                              .back_base = number(values[BACK]),
                              .closing_base = closing_e9 == PAPER_NOT_GIVEN ? -1 : closing_e9};
    struct outcome_of_slip found =
        work_out(&sheet, &slip, number(values[WEIGHED]), (unsigned)number(values[DECIMALS]));
    const char *const cells[] = {
        values[SLIP],
        values[ORDER],
        values[CREW],
        values[ITEM],
        values[UNIT],
        decimal(tonnes_e9, text[0]),
        decimal(rate_e9, text[1]),
        decimal(slip.limit_base, text[2]),
        decimal(slip.issued_base, text[3]),
        decimal(found.over_e9, text[4]),
        values[APPROVERS],
        decimal(slip.back_base, text[5]),
        decimal(slip.opening_base, text[6]),
        decimal(closing_e9, text[7]),
        decimal(found.consumed_e9, text[8]),
        decimal(found.weighed_e9, text[9]),
        decimal(found.difference_e9, text[10]),
        percent(&sheet, found.part, part),
        values[CLOSED_AT] == NULL ? "open" : "closed",
        values[OPENED_AT],
        values[CLOSED_AT],
    };
    table_add(table, cells);
    sheet_clear(&sheet);
    return true;
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    return report_ask(source, slips_sql, (struct reader_parameter){NULL, NULL}, take_slip, table,
                      failure);
}

const struct report_kind report_slips_kind = {
    .name = "slips",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " from to crew item open ",
};
