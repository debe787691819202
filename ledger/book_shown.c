/* What is open now: shown by the views beside the postings. */
#include "book_store.h"

#include "timestamp.h"

void book_open_begin(struct book *book, int64_t as_of_us)
{
    REQUIRE(book->in_transaction || book->failed);
    book->shown = true;
    book->as_of_us = as_of_us;
    struct book_filling now = book_fill(book, BOOK_NOW, "the time");
    fill_number(&now, as_of_us);
    fill_run(&now);
}

void book_open_forget(struct book *book, meter_id meter)
{
    static const enum book_statement forget[] = {BOOK_OPEN_FORGET, BOOK_HELD_FORGET};

    REQUIRE(book->shown || book->failed);
    for (size_t i = 0; i < sizeof forget / sizeof *forget; i++) {
        struct book_filling row = book_fill(book, forget[i], "what is open of a meter");
        fill_number(&row, book_meter_row(book, meter)->no);
        fill_run(&row);
    }
}

void book_open_forget_all(struct book *book)
{
    static const enum book_statement clear[] = {BOOK_OPEN_CLEAR, BOOK_HELD_CLEAR};

    REQUIRE(book->shown || book->failed);
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
        struct book_filling all = book_fill(book, clear[i], "what is open");
        fill_run(&all);
    }
}

void book_open_segment(struct book *book, const struct segment *segment)
{
    const struct book_meter *meter = book_meter_row(book, segment->meter);
    struct book_filling row = book_fill(book, BOOK_OPEN_SEGMENT, "an open segment");

    REQUIRE(book->shown || book->failed);
    fill_number(&row, meter->no);
    fill_number(&row, book_station_no(book, segment->station));
    fill_number(&row, meter->item);
    fill_number(&row, segment->heat.value);
    fill_slot(&row, segment->slot, true);
    fill_number(&row, segment->start_us);
    fill_number(&row, segment->end_us);
    fill_number(&row, segment->amount_base);
    fill_number(&row, segment->quality);
    fill_number(&row, segment->method);
    fill_run(&row);
}

void book_meter_state(struct book *book, const struct book_meter_state *state)
{
    const uint64_t counts[] = {state->readings, state->duplicates, state->conflicts, state->late,
                               state->glitches, state->spikes,     state->resets,    state->gaps,
                               state->held,     state->refused};
    struct book_filling row = book_fill(book, BOOK_METER_STATE, "the state of a meter");

    fill_number(&row, book_meter_row(book, state->meter)->no);
    fill_number_or_null(&row, state->first_ts_us, TIMESTAMP_NEVER_US);
    fill_number_or_null(&row, state->last_ts_us, TIMESTAMP_NEVER_US);
    fill_number_or_null(&row, state->last_alive_us, TIMESTAMP_NEVER_US);
    if (state->last_ts_us == TIMESTAMP_NEVER_US) {
        fill_null(&row);
    } else {
        fill_number(&row, state->last_value_raw);
    }
    fill_number(&row, state->booked_base);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        fill_number(&row, (int64_t)counts[i]);
    }
    fill_run(&row);
}

void book_outcomes(struct book *book, const struct outcome_counts *counts)
{
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        struct book_filling row = book_fill(book, BOOK_OUTCOME, "the counts of outcomes");
        fill_text(&row, outcome_info((enum outcome)i)->name);
        fill_number(&row, (int64_t)counts->of[i]);
        fill_run(&row);
    }
}
