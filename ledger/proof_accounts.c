/* All accounts of a quota sum to zero, and what was entered on each is what its balance allows. */
#include "proof_accounts.h"

#include <stddef.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

#define AMOUNT(value) "decimal(" value ", i.decimals) || ' ' || i.unit"
#define OTHER(left, right) "(COALESCE(" left ".allowed_target_base, 0) <>" \
                           "  COALESCE(" right ".target_base, 0)" \
                           " OR COALESCE(" left ".allowed_limit_base, 0) <>" \
                           "  COALESCE(" right ".limit_base, 0))"

const char *const proof_account_checks[] = {
    /* the holders are those that there are: an entry on what is not in the books is none of them */
    "WITH held AS (SELECT k.quota AS quota,"
    "   SUM(CASE k.kind WHEN 'workshop' THEN -k.limit_base ELSE 0 END) AS issued,"
    "   SUM(CASE k.kind WHEN 'workshop' THEN 0 ELSE k.limit_base END) AS held"
    "  FROM quota_held k JOIN heat h ON h.no = k.heat JOIN crew c ON c.no = k.crew"
    "  GROUP BY k.quota)"
    " SELECT 'quota ' || q.id || ': issued by the workshop = held by the accounts',"
    "  " AMOUNT("k.issued") ", " AMOUNT("k.held") ", k.issued = k.held"
    " FROM held k JOIN quota q ON q.no = k.quota JOIN item i ON i.no = q.item ORDER BY q.id",

    "SELECT 'entries of quotas between accounts of different ones', COUNT(*), 0, COUNT(*) = 0"
    " FROM quota_entry_row e LEFT JOIN quota_account_row f ON f.no = e.from_account"
    "  LEFT JOIN quota_account_row t ON t.no = e.to_account"
    " WHERE f.quota IS NOT t.quota OR f.no IS t.no OR f.no IS NULL",

    "SELECT 'heats whose entries are not what their balance allows', COUNT(*), 0, COUNT(*) = 0"
    " FROM heat_balance b JOIN heat h ON h.no = b.heat AND h.gone = 0"
    "  LEFT JOIN quota_held k ON k.quota = b.quota AND k.kind = 'heat'"
    "  AND k.heat = b.heat WHERE " OTHER("b", "k"),

    "SELECT 'heats that are gone and hold an allowance', COUNT(*), 0, COUNT(*) = 0"
    " FROM quota_held k LEFT JOIN heat h ON h.no = k.heat"
    " WHERE k.kind = 'heat' AND COALESCE(h.gone, 1) = 1"
    "  AND (k.target_base <> 0 OR k.limit_base <> 0)",

    "SELECT 'periods whose entries are not what their balance allows', COUNT(*), 0, COUNT(*) = 0"
    " FROM period_balance b LEFT JOIN quota_held k ON k.quota = b.quota AND k.kind = 'period'"
    "  AND k.period = b.period WHERE b.allowed_limit_base IS NOT NULL AND " OTHER("b", "k"),

    /* of a quota with a fixed part a crew-shift holds that, and what its weighed heats earned, while
     * another weight is waited for */
    "SELECT 'crew-shifts whose entries, and those of their heats, are not what their balance"
    " allows', COUNT(*), 0, COUNT(*) = 0"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota"
    "  JOIN slot w ON w.day = b.day AND w.shift = b.shift AND w.crew = b.crew"
    "  LEFT JOIN quota_crew_held k ON k.quota = b.quota AND k.day = b.day"
    "   AND k.shift = b.shift AND k.crew = b.crew"
    " WHERE (b.allowed_limit_base IS NOT NULL OR q.basis <> 'linear') AND " OTHER("b", "k"),
    NULL,
};
