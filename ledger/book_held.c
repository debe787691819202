/* The readings that are held: state, not history. */
#include "book_store.h"

void book_held(struct book *book, const struct book_held *held)
{
    struct book_filling row = book_fill(book, BOOK_HELD, "a held reading");

    REQUIRE(book->shown || book->failed);
    fill_number(&row, book_meter_row(book, held->meter)->no);
    fill_number(&row, held->ts_us);
    fill_number(&row, held->value_raw);
    fill_text(&row, held->kind);
    fill_text(&row, held->reason);
    fill_number(&row, held->last_ts_us);
    fill_number(&row, held->last_value_raw);
    fill_number(&row, held->amount_base);
    fill_run(&row);
}
