#include "overruns.h"

#include "fraction.h"
#include "report_parts.h"

#include <string.h>

#define FEN_PLACES 2
#define PRICE_DECIMALS 6

/* SQL keeps its own line breaks. */
/* clang-format off */

#define OVER(level) "b.used_base - b.allowed_" level "_base >= i.division_base"
#define SLOT_PERIOD "rtrim(civil_day(b.day) || ' ' || sh.id || ' ' || c.id)"

/* What stands in the alert's id as its period. */
#define HOLDER "COALESCE(b.period, CASE b.scope WHEN 'heat' THEN h.id ELSE " SLOT_PERIOD " END)"

/* The cause that counts for an alert is the newest about it. */
#define SAID(alert) \
    "(SELECT MAX(p.position) FROM paper_row p WHERE p.of = " alert " AND p.kind = 'cause')"

/* Over the limit is over the target, too: target <= limit. */
static const char overruns_sql[] =
    "WITH judged AS ("
    "  SELECT 'crew' AS scope, NULL AS period, quota, 0 AS heat, day, shift, crew,"
    "    allowed_target_base, allowed_limit_base, used_base, provisional FROM crew_balance"
    "  UNION ALL SELECT 'heat', NULL, quota, heat, day, shift, crew, allowed_target_base,"
    "    allowed_limit_base, used_base, provisional FROM heat_balance WHERE :all IS NOT NULL"
    "  UNION ALL SELECT 'period', period, quota, 0, from_day, NULL, NULL, allowed_target_base,"
    "    allowed_limit_base, used_base, provisional FROM period_balance WHERE :all IS NOT NULL),"
    " over AS ("
    "  SELECT b.scope, q.id AS quota, i.id AS item, i.no AS item_no, b.day, h.id AS heat,"
    "    h.first_start_us, sh.sort, c.id AS crew, b.used_base, b.provisional,"
    "    CASE WHEN " OVER("limit") " THEN 'limit' ELSE 'target' END AS level,"
    "    CASE WHEN " OVER("limit") " THEN b.allowed_limit_base ELSE b.allowed_target_base END"
    "      AS allowed_base, " SLOT_PERIOD " AS slot_period,"
    "    " HOLDER " AS period, q.id || '/crew/' || " SLOT_PERIOD " AS slot_alert,"
    "    q.id || '/' || b.scope || '/' || " HOLDER " AS alert"
    "  FROM judged b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "    JOIN heat h ON h.no = b.heat LEFT JOIN shift sh ON sh.no = b.shift"
    "    LEFT JOIN crew c ON c.no = b.crew"
    "  WHERE h.gone = 0 AND (b.crew IS NULL OR b.crew <> 0) AND " OVER("target")
    "    AND (:day IS NULL OR b.day = CAST(:day AS INTEGER))"
    "    AND (:quota IS NULL OR q.id = :quota) AND (:item IS NULL OR i.id = :item)"
    "    AND (:crew IS NULL OR c.id = :crew) AND (:heat IS NULL OR h.id = :heat)"
    "    AND (:period IS NULL OR b.day >= period_from(:period) AND b.day < period_until(:period))),"
    " explained AS ("
    "  SELECT o.*, COALESCE(" SAID("o.alert || '/limit'") ", " SAID("o.alert || '/target'") ","
    "    " SAID("o.slot_alert || '/limit'") ", " SAID("o.slot_alert || '/target'") ") AS said"
    "  FROM over o)"
    " SELECT o.alert || '/' || o.level, o.scope, o.level, o.quota, o.period,"
    "  CASE o.scope WHEN 'heat' THEN o.heat END, o.crew, o.item, o.day, o.used_base,"
    "  o.allowed_base, o.provisional, p.code, p.action, p.by_whom"
    " FROM explained o LEFT JOIN paper_row p ON p.position = o.said AND p.kind = 'cause'"
    "  AND p.of IN (o.alert || '/limit', o.alert || '/target', o.slot_alert || '/limit',"
    "    o.slot_alert || '/target')"
    " ORDER BY o.day, o.sort, o.crew, o.quota, o.scope, o.first_start_us, o.heat, o.period";

/* clang-format on */

struct asking {
    const struct report_source *source;
    overrun_take *take;
    void *context;
};

static void price(const struct report_source *source, struct overrun *overrun)
{
    const struct price *price = costing_price(source->rules, overrun->item, overrun->day);
    struct sheet sheet = {0};
    if (price == NULL || price->standard_e6 == COSTING_UNKNOWN) {
        return;
    }
    const struct fraction *over = fraction_decimal(
        &sheet, overrun->over_base, source->catalog->items[overrun->item.index].decimals);
    const struct fraction *standard = fraction_decimal(&sheet, price->standard_e6, PRICE_DECIMALS);
    overrun->priced =
        fraction_round(fraction_multiply(&sheet, over, standard), FEN_PLACES, &overrun->loss_fen);
    sheet_clear(&sheet);
}

static bool take_row(void *context, const struct reader_row *row)
{
    enum {
        ALERT,
        SCOPE,
        LEVEL,
        QUOTA,
        PERIOD,
        HEAT,
        CREW,
        ITEM,
        DAY,
        USED,
        ALLOWED,
        PROVISIONAL,
        CODE,
        ACTION,
        BY
    };
    const struct asking *asking = context;
    const char *const *values = row->values;
    struct overrun overrun = {
        .alert = values[ALERT],
        .scope = values[SCOPE],
        .level = values[LEVEL],
        .quota = values[QUOTA],
        .period = values[PERIOD],
        .heat = values[HEAT],
        .crew = values[CREW],
        .day = (int32_t)report_number(values[DAY]),
        .used_base = report_number(values[USED]),
        .allowed_base = report_number(values[ALLOWED]),
        .provisional = report_number(values[PROVISIONAL]) != 0,
        .code = values[CODE],
        .action = values[ACTION],
        .by = values[BY],
    };
    if (!catalog_find_item(asking->source->catalog, values[ITEM], &overrun.item)) {
        return true; /* of a former configuration: nobody asks about it any more */
    }
    overrun.over_base = overrun.used_base - overrun.allowed_base;
    overrun.cause =
        overrun.code == NULL ? NULL : costing_cause(asking->source->rules, overrun.code);
    price(asking->source, &overrun);
    return asking->take(asking->context, &overrun);
}

bool overruns_ask(const struct report_source *source, bool all, overrun_take *take, void *context,
                  struct failure *failure)
{
    struct asking asking = {source, take, context};
    return report_ask(source, overruns_sql, (struct reader_parameter){":all", all ? "1" : NULL},
                      take_row, &asking, failure);
}

const char *overrun_charged_to(const struct overrun *overrun)
{
    static const char *const words[] = {
        [CAUSE_CREW] = "crew", [CAUSE_INSTRUMENTS] = "instruments", [CAUSE_NOBODY] = "nobody"};
    enum cause_charge charge = overrun->cause == NULL ? CAUSE_CREW : overrun->cause->charge;
    bool shops = charge == CAUSE_CREW && strcmp(overrun->scope, "period") == 0;
    return shops ? "shop" : words[charge];
}
