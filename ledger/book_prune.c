/* Stored curves that nobody can read any more: once the journal's beginning is gone nothing goes on
 * from before a certain position, so that older versions of a page that stood before it, and pages
 * further back than anything reaches from there, are of no use. What is left gives the same answers
 * as before, so that nothing depends on when they go: a few at a time, with commits. */
#include "book_store.h"

#define PRUNE_ROWS 256    /* of each sort with one commit */
#define PRUNE_NO_METER -1 /* less than any number */

void book_prune_before(struct book *book, uint64_t position, int64_t reach_us)
{
    if (position > book->prune_before) {
        book->prune_before = position;
        book->prune_reach_us = reach_us;
        book->prune_meter = PRUNE_NO_METER;
        book->pruning = true; /* the first commit finds the first meter */
    }
}

static bool delete_some(struct book *book, enum book_statement which, bool with_reach)
{
    struct book_filling rows = book_fill(book, which, "stored curves");
    fill_number(&rows, book->prune_meter);
    fill_number(&rows, (int64_t)book->prune_before);
    fill_number(&rows, PRUNE_ROWS);
    if (with_reach) {
        fill_number(&rows, book->prune_reach_us);
    }
    fill_run(&rows);
    return !book->failed && sqlite3_changes(book->database) == PRUNE_ROWS;
}

/* The meter behind the one in hand, if there is one. */
static void go_on(struct book *book)
{
    struct book_filling next = book_fill(book, BOOK_PRUNE_NEXT, "stored curves");
    fill_number(&next, book->prune_meter);
    book->prune_meter = fill_run_number(&next, PRUNE_NO_METER);
    book->pruning = book->prune_meter != PRUNE_NO_METER;
}

void book_prune_some(struct book *book)
{
    if (!book->pruning) {
        return;
    }
    bool more = delete_some(book, BOOK_PRUNE_VERSIONS, false);
    more = delete_some(book, BOOK_PRUNE_PAGES, true) || more;
    if (!more) {
        go_on(book);
    }
}
