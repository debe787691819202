#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool failure_set(struct failure *failure, enum failure_code code, const char *format, ...)
{
    if (failure != NULL) {
        failure->code = code;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(failure->text, sizeof failure->text, format, arguments);
        va_end(arguments);
    }
    return false;
}

void failure_abort(const char *file, int line, const char *condition)
{
    fprintf(stderr, "heatledger: %s:%d: broken invariant: %s\n", file, line, condition);
    abort();
}
