/* What the rules say of quotas: balances of heats, crew-shifts and periods, and the allowances of
 * their stretch. */
#include "book_store.h"

void book_balances_clear(struct book *book)
{
    static const enum book_statement statements[] = {
        BOOK_HEAT_BALANCES_CLEAR, BOOK_CREW_BALANCES_CLEAR, BOOK_PERIOD_BALANCES_CLEAR,
        BOOK_STRETCHES_CLEAR};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        struct book_filling row = book_fill(book, statements[i], "the balances");
        fill_run(&row);
    }
}

/* The key of a heat's or a crew-shift's stretch. */
static void fill_stretch(struct book *book, struct book_filling *row, const struct balance *balance)
{
    bool of_crew = balance->scope == BALANCE_CREW;
    fill_number(row, book_quota_no(book, balance->quota));
    fill_number(row, of_crew ? 0 : balance->heat.value);
    if (of_crew) {
        fill_slot(row, balance->slot, true);
    } else {
        fill_number(row, 0);
        fill_number(row, 0);
        fill_number(row, 0);
    }
}

static void book_stretch(struct book *book, const struct balance *balance)
{
    bool known = !balance->gone && balance->allowed_stretch_base >= 0;
    struct book_filling row =
        book_fill(book, known ? BOOK_STRETCH : BOOK_STRETCH_GONE, "the allowance of a stretch");

    if (row.statement == NULL) {
        return;
    }
    fill_stretch(book, &row, balance);
    if (known) {
        fill_number(&row, balance->allowed_stretch_base);
    }
    fill_run(&row);
}

static void forget_balance(struct book *book, const struct balance *balance)
{
    static const enum book_statement statements[] = {
        [BALANCE_HEAT] = BOOK_HEAT_BALANCE_GONE,
        [BALANCE_CREW] = BOOK_CREW_BALANCE_GONE,
        [BALANCE_PERIOD] = BOOK_PERIOD_BALANCE_GONE,
    };
    struct book_filling row = book_fill(book, statements[balance->scope], "a balance that is gone");

    if (row.statement == NULL) {
        return;
    }
    fill_number(&row, book_quota_no(book, balance->quota));
    if (balance->scope == BALANCE_CREW) {
        fill_slot(&row, balance->slot, true);
    } else {
        fill_number(&row, balance->scope == BALANCE_PERIOD ? (int64_t)balance->period.from_day
                                                           : (int64_t)balance->heat.value);
    }
    fill_run(&row);
}

static void fill_allowed(struct book_filling *row, const struct balance *balance)
{
    if (balance->allowed_known) {
        fill_number(row, balance->allowed_target_base);
        fill_number(row, balance->allowed_limit_base);
    } else {
        fill_null(row);
        fill_null(row);
    }
}

/* What every balance ends with. */
static void fill_used(struct book_filling *row, const struct balance *balance)
{
    fill_number(row, balance->used_base);
    fill_text(row, verdict_name(balance->verdict));
    fill_number(row, balance->provisional ? 1 : 0);
}

static void book_period_balance(struct book *book, const struct balance *balance)
{
    char period[PERIOD_TEXT_MAX];
    struct book_filling row = book_fill(book, BOOK_PERIOD_BALANCE, "a balance of a period");

    if (row.statement == NULL) {
        return;
    }
    fill_number(&row, book_quota_no(book, balance->quota));
    fill_number(&row, balance->period.from_day);
    fill_number(&row, balance->period.until_day);
    fill_text(&row, period_format(balance->period, period));
    fill_allowed(&row, balance);
    fill_number_or_null(&row, balance->allowed_stretch_base, -1);
    fill_used(&row, balance);
    fill_run(&row);
}

void book_balance(struct book *book, const struct balance *balance)
{
    if (balance->gone) {
        forget_balance(book, balance);
    }
    if (balance->scope == BALANCE_PERIOD) {
        if (!balance->gone) {
            book_period_balance(book, balance);
        }
        return;
    }
    book_stretch(book, balance);
    if (balance->gone) {
        return;
    }
    bool of_crew = balance->scope == BALANCE_CREW;
    struct book_filling row =
        book_fill(book, of_crew ? BOOK_CREW_BALANCE : BOOK_HEAT_BALANCE, "a balance");

    if (row.statement == NULL) {
        return;
    }
    fill_number(&row, book_quota_no(book, balance->quota));
    if (!of_crew) {
        fill_number(&row, balance->heat.value);
    }
    fill_slot(&row, balance->slot, of_crew || balance->slot_known);
    fill_allowed(&row, balance);
    fill_used(&row, balance);
    fill_run(&row);
}
