/* Entries of the quota accounts. */
#include "book_store.h"

#include "quota_entry.h"

/* The number of the account; it is there from its first entry on. */
static int64_t account_no(struct book *book, quota_id quota, const struct quota_account *account)
{
    struct book_filling row = book_fill(book, BOOK_QUOTA_ACCOUNT, "a quota account");
    char period[PERIOD_TEXT_MAX] = "";

    if (row.statement == NULL) {
        return 0;
    }
    enum quota_account_kind kind = account->kind;
    bool of_crew = kind == QUOTA_ACCOUNT_CREW || kind == QUOTA_ACCOUNT_CREW_PERIOD;
    bool of_shift = kind == QUOTA_ACCOUNT_CREW;
    bool of_period = kind == QUOTA_ACCOUNT_PERIOD || kind == QUOTA_ACCOUNT_CREW_PERIOD ||
                     kind == QUOTA_ACCOUNT_RESERVE;
    if (of_period) {
        period_format(account->period, period);
    }
    fill_number(&row, book_quota_no(book, quota));
    fill_text(&row, quota_account_kind_name(kind));
    fill_number(&row, kind == QUOTA_ACCOUNT_HEAT ? account->heat.value : 0);
    fill_number(&row, of_shift ? account->slot.day : 0);
    fill_number(&row, of_shift ? book_shift_no(book, account->slot.shift) : 0);
    fill_number(&row, of_crew ? book_crew_no(book, account->slot.crew) : 0);
    fill_text(&row, period);
    return fill_run_number(&row, 0);
}

void book_quota_entry(struct book *book, struct effect_id id, const struct quota_entry *entry)
{
    int64_t from = account_no(book, entry->quota, &entry->from);
    int64_t to = account_no(book, entry->quota, &entry->to);
    struct book_filling row = book_fill(book, BOOK_QUOTA_ENTRY, "an entry of a quota account");

    fill_number(&row, (int64_t)id.position);
    fill_number(&row, id.ordinal);
    fill_number(&row, from);
    fill_number(&row, to);
    fill_number(&row, entry->target_base);
    fill_number(&row, entry->limit_base);
    fill_text(&row, quota_entry_cause_name(entry->cause));
    fill_number(&row, entry->at_us);
    if (entry->paper == NULL) {
        fill_null(&row);
    } else {
        fill_text(&row, entry->paper);
    }
    fill_run(&row);
}
