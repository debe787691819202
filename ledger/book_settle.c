/* The outbox after messages of long ago were read again. */
#include "book_store.h"

int64_t book_outbox_last(struct book *book)
{
    struct book_filling row = book_fill(book, BOOK_OUTBOX_LAST, "the outbox");
    return row.statement != NULL ? fill_run_number(&row, 0) : 0;
}

void book_outbox_settle(struct book *book, int64_t after_row, const char *handovers)
{
    static const enum book_statement settle[] = {BOOK_OUTBOX_SETTLE, BOOK_OUTBOX_SETTLE_HANDOVER};
    for (size_t i = 0; i < sizeof settle / sizeof *settle; i++) {
        struct book_filling row = book_fill(book, settle[i], "the outbox");
        fill_number(&row, after_row);
        if (settle[i] == BOOK_OUTBOX_SETTLE_HANDOVER) {
            fill_text(&row, handovers);
        }
        fill_run(&row);
    }
}
