/* What went wrong outside the program, in words its user can act on.
 *
 * A function that can fail on account of its input or of the system returns false and fills a
 * `struct failure`; the text names what, where and which input, and what would be right.
 * Programmer errors are asserted instead, in release builds too. */
#ifndef HEATLEDGER_FAILURE_H
#define HEATLEDGER_FAILURE_H

#include <stdbool.h>

#define FAILURE_TEXT_MAX 1024

/* The values are the program's exit status (INTERFACES). */
enum failure_code {
    FAILURE_NONE = 0,
    FAILURE_CHECK = 1,    /* the thing checked does not hold */
    FAILURE_INPUT = 2,    /* wrong usage or configuration */
    FAILURE_RESOURCE = 3, /* a file, a disk, a broker, memory */
};

struct failure {
    enum failure_code code;
    char text[FAILURE_TEXT_MAX];
};

/* Fills `failure` (which may be NULL) and returns false, so that a caller can
 * `return failure_set(...)`. Text that is too long is cut. */
bool failure_set(struct failure *failure, enum failure_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Stops the program with file, line and condition; for broken invariants only. */
void failure_abort(const char *file, int line, const char *condition) __attribute__((noreturn));

/* An assertion that stays in release builds: wrong books are worse than no books. */
#define REQUIRE(condition) ((condition) ? (void)0 : failure_abort(__FILE__, __LINE__, #condition))

#endif
