/* The books of one register at LF, told in times of day of 2026-03-10. */
#ifndef HEATLEDGER_TESTS_REGISTER_BOOK_H
#define HEATLEDGER_TESTS_REGISTER_BOOK_H

#include "plant_fixture_book.h"

static inline struct book *book_of_register(void)
{
    struct plant *plant = plant_create();
    plant_meter(plant, METER_REGISTER, LF);
    return book_open(plant);
}

static inline enum outcome read_at(struct book *book, const char *time_of_day, int64_t value)
{
    return book_reading(book, reading_of(0, clock_at(time_of_day), value));
}

static inline void heat_at(struct book *book, const char *heat, const char *start, const char *end)
{
    book_heat(book, HEAT_START, heat, LF, clock_at(start));
    if (end != NULL) {
        book_heat(book, HEAT_END, heat, LF, clock_at(end));
    }
}

static inline const struct posting *last_posting(const struct book *book)
{
    assert_true(book->count > 0);
    return &book->postings[book->count - 1];
}

#endif
