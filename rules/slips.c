#include "slips.h"

#include "failure.h"
#include "papers_refuse.h"
#include "quantity.h"
#include "slip.h"

#include <string.h>

/* The limit is given, or follows from the order's tonnes and a rate. */
static bool read_limit(const struct item *item, const struct paper *paper, int64_t *limit_base,
                       struct paper_answer *answer)
{
    bool given = paper->limit_e9 != PAPER_NOT_GIVEN;
    if (given == (paper->rate_e9 != PAPER_NOT_GIVEN)) {
        return papers_refuse(answer, OUTCOME_BAD_FIELD,
                             "a slip needs a \"rate\" a tonne or a \"limit\", and not both");
    }
    if (given) {
        return papers_base(item, paper->limit_e9, "limit", limit_base, answer);
    }
    /* 10^-18 units; floored as every allowance is */
    quantity_wide limit = (quantity_wide)paper->tonnes_e9 * paper->rate_e9;
    limit =
        quantity_floor_divide(limit, quantity_power_of_ten(2 * PAPER_DECIMALS - item->decimals));
    if (limit > PAPERS_AMOUNT_MAX) {
        return papers_refuse(answer, OUTCOME_OUT_OF_RANGE,
                             "\"tonnes\" x \"rate\" is more than can be counted");
    }
    *limit_base = (int64_t)limit;
    return true;
}

bool slips_open(const struct catalog *catalog, const struct paper *paper, struct papers_slip *slip,
                struct paper_answer *answer)
{
    REQUIRE(paper->item.index < catalog->item_count);
    const struct item *item = &catalog->items[paper->item.index];
    *slip = (struct papers_slip){.item = paper->item};
    return read_limit(item, paper, &slip->limit_base, answer) &&
           (paper->opening_e9 == PAPER_NOT_GIVEN ||
            papers_base(item, paper->opening_e9, "opening", &slip->opening_base, answer));
}

static struct slip as_slip(const struct papers_slip *slip)
{
    return (struct slip){.limit_base = slip->limit_base,
                         .opening_base = slip->opening_base,
                         .issued_base = slip->issued_base,
                         .back_base = slip->back_base,
                         .closing_base = -1};
}

/* What is over the limit needs somebody else's name. */
static bool issue(const struct item *item, const struct paper *paper, struct papers_slip *slip,
                  int64_t amount_base, struct paper_answer *answer)
{
    const struct slip drawn = as_slip(slip);
    int64_t over_base = slip_over_base(&drawn, amount_base);
    bool approved = paper->approved_by != NULL && !paper_same_name(paper->approved_by, paper->by);
    if (over_base > 0 && !approved) {
        char over[QUANTITY_TEXT_MAX], limit[QUANTITY_TEXT_MAX];
        return papers_refuse(
            answer, OUTCOME_NOT_ALLOWED,
            "goes %s %s over the limit of slip \"%s\", which is %s %s: \"approved_by\" must be "
            "somebody else than \"by\"",
            quantity_to_text(over_base, item->decimals, over), item->unit, paper->of,
            quantity_to_text(slip->limit_base, item->decimals, limit), item->unit);
    }
    if (slip->issued_base > PAPERS_AMOUNT_MAX - amount_base) {
        return papers_refuse(answer, OUTCOME_OUT_OF_RANGE,
                             "all that was issued on slip \"%s\" is more than can be counted",
                             paper->of);
    }
    slip->issued_base = quantity_add(slip->issued_base, amount_base);
    return true;
}

/* What is given back, or left in the bins, must have been there. */
static bool was_there(const struct item *item, const struct paper *paper,
                      const struct papers_slip *slip, int64_t amount_base,
                      struct paper_answer *answer)
{
    const struct slip drawn = as_slip(slip);
    int64_t there_base = slip_there_base(&drawn);
    if (amount_base <= there_base) {
        return true;
    }
    char said[QUANTITY_TEXT_MAX], there[QUANTITY_TEXT_MAX];
    return papers_refuse(answer, OUTCOME_NOT_ALLOWED,
                         "\"amount\" is %s %s, but of slip \"%s\" there can be %s %s at most: "
                         "opening bin and issues less what was given back",
                         quantity_to_text(amount_base, item->decimals, said), item->unit, paper->of,
                         quantity_to_text(there_base, item->decimals, there), item->unit);
}

bool slips_take(const struct catalog *catalog, const struct paper *paper, struct papers_slip *slip,
                bool *closed, struct paper_answer *answer)
{
    const struct item *item = &catalog->items[slip->item.index];
    int64_t amount_base = 0;
    *closed = false;
    if (!papers_base(item, paper->amount_e9, "amount", &amount_base, answer)) {
        return false;
    }
    if (paper->kind == PAPER_ISSUE) {
        return issue(item, paper, slip, amount_base, answer);
    }
    if (!was_there(item, paper, slip, amount_base, answer)) {
        return false;
    }
    if (paper->kind == PAPER_PUT_BACK) {
        slip->back_base = quantity_add(slip->back_base, amount_base);
    } else {
        REQUIRE(paper->kind == PAPER_CLOSE_SLIP);
        *closed = true;
    }
    return true;
}
