/* The daemon's log: one line of key=value on standard error, read by people and by journald.
 * Only the shell (app/) and the threads that face the outside write it; pure rooms never do. */
#ifndef HEATLEDGER_LOG_H
#define HEATLEDGER_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* The least important level that is written; LOG_LEVEL_INFO at start. */
void log_set_level(enum log_level level);

/* log_line(LOG_LEVEL_INFO, "connected", "broker=%s session=%s", …): `event` is one word; values
 * with spaces are quoted by the caller. Safe from every thread: one write a line. */
void log_line(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
