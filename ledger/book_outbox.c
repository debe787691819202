/* Messages out, until the broker has them. While it is away for weeks they gather: past a bound
 * those of retained topics to which a later one has come are let go of, since the later one says
 * all that a board would show. Others are never let go of. */
#include "book_store.h"

#define THIN_AGAIN_PARTS 4 /* the next time when a quarter more is there */

/* How many there are, counted once. */
static void count_all(struct book *book)
{
    struct book_filling count = book_fill(book, BOOK_OUTBOX_COUNT, "the outbox");
    if (count.statement != NULL && !book->outbox_counted) {
        book->outbox_count = fill_run_number(&count, 0);
        book->outbox_counted = true;
    }
}

static void forget(struct book *book, struct book_filling *which, uint64_t *let_go)
{
    fill_run(which);
    int changes = book->failed ? 0 : sqlite3_changes(book->database);
    book->outbox_count -= changes;
    *let_go += (uint64_t)changes;
}

static void thin(struct book *book)
{
    book->outbox_counted = false; /* others take messages out, too */
    count_all(book);
    if (book->outbox_count > book->limits.outbox) {
        struct book_filling replaced = book_fill(book, BOOK_OUTBOX_THIN, "the outbox");
        forget(book, &replaced, &book->outbox_replaced);
        book->outbox_thin_at = book->outbox_count + book->outbox_count / THIN_AGAIN_PARTS;
    }
}

void book_outbox(struct book *book, struct effect_id id, const char *topic, const char *payload,
                 bool retain)
{
    count_all(book);
    struct book_filling row = book_fill(book, BOOK_OUTBOX, "a message to publish");

    fill_number(&row, (int64_t)id.position);
    fill_number(&row, id.ordinal);
    fill_text(&row, topic);
    fill_text(&row, payload);
    fill_number(&row, retain ? 1 : 0);
    fill_run(&row);
    book->outbox_count++;
    if (book->limits.outbox > 0 && book->outbox_count > book->limits.outbox &&
        book->outbox_count > book->outbox_thin_at) {
        thin(book);
    }
}

void book_outbox_sent(struct book *book, int64_t sent_row)
{
    count_all(book);
    struct book_filling row = book_fill(book, BOOK_OUTBOX_SENT, "the outbox");
    uint64_t sent = 0;

    fill_number(&row, sent_row);
    forget(book, &row, &sent);
    book->outbox_thin_at = 0;
}

uint64_t book_outbox_replaced(const struct book *book)
{
    return book->outbox_replaced;
}
