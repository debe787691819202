/* Refused and held messages. A sender that is broken for weeks must not fill the disk: of each
 * topic and outcome only the newest are kept, and of all together so many. How many there were of a
 * topic and outcome says `nth` of the newest; the journal has all of them. What is let go of
 * follows from what was refused before, in order, so that a replay lets go of the same. */
#include "book_store.h"

/* Topic and outcome, the first two parameters. */
static void fill_kind(struct book_filling *row, const struct book_reject *reject)
{
    sqlite3_bind_text(row->statement, row->next++, reject->topic == NULL ? "" : reject->topic,
                      (int)reject->topic_length, SQLITE_STATIC);
    fill_text(row, outcome_info(reject->outcome)->name);
}

static int64_t next_of_kind(struct book *book, const struct book_reject *reject)
{
    struct book_filling newest = book_fill(book, BOOK_REJECT_NEWEST, "refused messages");
    if (newest.statement == NULL) {
        return 1;
    }
    fill_kind(&newest, reject);
    return 1 + fill_run_number(&newest, 0);
}

/* How many there are, counted once. */
static void count_all(struct book *book)
{
    struct book_filling count = book_fill(book, BOOK_REJECT_COUNT, "refused messages");
    if (count.statement != NULL && !book->rejects_counted) {
        book->reject_count = fill_run_number(&count, 0);
        book->rejects_counted = true;
    }
}

static void forget(struct book *book, struct book_filling *which)
{
    fill_run(which);
    book->reject_count -= book->failed ? 0 : sqlite3_changes(book->database);
}

static void let_go(struct book *book, const struct book_reject *reject, int64_t nth)
{
    if (book->limits.rejects_per_topic > 0 && nth > book->limits.rejects_per_topic) {
        struct book_filling of_kind = book_fill(book, BOOK_REJECT_FORGET, "refused messages");
        if (of_kind.statement != NULL) {
            fill_kind(&of_kind, reject);
            fill_number(&of_kind, nth - book->limits.rejects_per_topic);
            forget(book, &of_kind);
        }
    }
    if (book->limits.rejects > 0 && book->reject_count > book->limits.rejects) {
        struct book_filling oldest = book_fill(book, BOOK_REJECT_FORGET_OLDEST, "refused messages");
        fill_number(&oldest, book->reject_count - book->limits.rejects);
        forget(book, &oldest);
    }
}

static void insert(struct book *book, const struct book_reject *reject, int64_t nth)
{
    struct book_filling row = book_fill(book, BOOK_REJECT, "a refused message");
    size_t length = reject->payload_length;

    if (row.statement == NULL) {
        return;
    }
    if (length > BOOK_REJECT_PAYLOAD_MAX) {
        length = BOOK_REJECT_PAYLOAD_MAX;
    }
    fill_kind(&row, reject);
    fill_number(&row, (int64_t)reject->id.position);
    fill_number(&row, reject->id.ordinal);
    fill_number(&row, nth);
    fill_number(&row, reject->at_us);
    fill_text(&row, reject->detail == NULL ? "" : reject->detail);
    sqlite3_bind_blob(row.statement, row.next++, length == 0 ? "" : reject->payload, (int)length,
                      SQLITE_STATIC);
    if (reject->of_reading) {
        fill_number(&row, book_meter_row(book, reject->meter)->no);
        fill_number(&row, reject->ts_us);
        fill_number(&row, reject->value_raw);
    } else {
        for (int i = 0; i < 3; i++) {
            fill_null(&row);
        }
    }
    fill_run(&row);
    book->reject_count++;
}

void book_reject(struct book *book, const struct book_reject *reject)
{
    count_all(book);
    int64_t nth = next_of_kind(book, reject);
    insert(book, reject, nth);
    let_go(book, reject, nth);
}
