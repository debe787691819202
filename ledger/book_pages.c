/* Pages of stored curves: what memory let go of. A page that is written again is a new version at
 * its position; whoever reads asks for what stood before a position, so that a journal that is read
 * again finds what it found the first time. */
#include "book_store.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void book_page(struct book *book, const struct book_page *page)
{
    struct book_filling row = book_fill(book, BOOK_PAGE, "a page of a stored curve");

    if (row.statement == NULL) {
        return;
    }
    fill_number(&row, book_meter_row(book, page->meter)->no);
    fill_number(&row, page->page);
    fill_number(&row, (int64_t)page->position);
    fill_number(&row, page->start_us);
    sqlite3_bind_blob(row.statement, row.next++, page->count == 0 ? "" : (const void *)page->bytes,
                      (int)page->count, SQLITE_STATIC);
    fill_run(&row);
}

/* Runs a query for one row. False: there is none, or it failed. */
static bool step_to_row(struct book *book, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        book_fail_reading(book, "a page of a stored curve");
    }
    return result == SQLITE_ROW;
}

bool book_page_find(struct book *book, meter_id meter, int64_t below, uint64_t position,
                    int64_t *page)
{
    struct book_filling query = book_fill(book, BOOK_PAGE_FIND, "a page of a stored curve");

    if (query.statement == NULL) {
        return false;
    }
    fill_number(&query, book_meter_row(book, meter)->no);
    fill_number(&query, below);
    fill_number(&query, (int64_t)position);
    bool found = step_to_row(book, query.statement);
    if (found) {
        *page = sqlite3_column_int64(query.statement, 0);
    }
    sqlite3_reset(query.statement);
    return found;
}

bool book_page_get(struct book *book, uint64_t position, struct book_page *page)
{
    struct book_filling query = book_fill(book, BOOK_PAGE_GET, "a page of a stored curve");

    page->count = 0;
    if (query.statement == NULL) {
        return false;
    }
    fill_number(&query, book_meter_row(book, page->meter)->no);
    fill_number(&query, page->page);
    fill_number(&query, (int64_t)position);
    bool found = step_to_row(book, query.statement);
    if (found) {
        const void *bytes = sqlite3_column_blob(query.statement, 2);
        page->position = (uint64_t)sqlite3_column_int64(query.statement, 0);
        page->start_us = sqlite3_column_int64(query.statement, 1);
        page->count = (size_t)sqlite3_column_bytes(query.statement, 2);
        free(page->bytes);
        page->bytes = memory_zeroed(page->count + 1, 1);
        if (page->count > 0) {
            memcpy(page->bytes, bytes, page->count);
        }
    }
    sqlite3_reset(query.statement);
    return found;
}
