/* What the tests of costing share: fractions from text, and what they look like. */
#ifndef HEATLEDGER_TESTS_FRACTIONS_H
#define HEATLEDGER_TESTS_FRACTIONS_H

#include "fraction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

/* "0.12", "-3" */
static inline const struct fraction *decimal(struct sheet *sheet, const char *text)
{
    int64_t base = 0;
    assert_int_equal(quantity_from_text_exact(text, strlen(text), 9, &base), QUANTITY_OK);
    return fraction_decimal(sheet, base, 9);
}

/* Fails unless the fraction, rounded to so many places, is written so; NULL: unless it is NULL. */
static inline void expect(const struct fraction *value, unsigned places, const char *text)
{
    char written[FRACTION_TEXT_MAX];
    if (text == NULL) {
        assert_null(value);
        return;
    }
    assert_non_null(value);
    assert_string_equal(fraction_to_text(value, places, written), text);
}

#endif
