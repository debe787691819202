#include "log.h"

#include "timestamp.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static atomic_int lowest = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&lowest, (int)level);
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    if ((int)level > atomic_load(&lowest)) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char time_text[TIMESTAMP_TEXT_MAX];
    timestamp_format(now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000000 * 1000, 0, time_text);
    char line[LINE_MAX_BYTES];
    size_t used = (size_t)snprintf(line, sizeof line, "time=%s level=%s event=%s ", time_text,
                                   names[level], event);
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    if (more > 0) {
        used += (size_t)more < sizeof line - used - 2 ? (size_t)more : sizeof line - used - 2;
    }
    line[used++] = '\n';
    /* What cannot be logged cannot be logged: there is nobody left to tell. */
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written;
}
