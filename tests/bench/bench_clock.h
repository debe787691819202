/* Clocks and numbers of arguments for the benchmarks' programs. */
#ifndef HEATLEDGER_BENCH_CLOCK_H
#define HEATLEDGER_BENCH_CLOCK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline int64_t bench_clock_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        perror("bench: clock");
        exit(3);
    }
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The argument as a number from `least` up, or the end with the usage. */
static inline int64_t bench_number(const char *text, int64_t least, const char *usage)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || number < least) {
        fprintf(stderr, "%s is no number from %lld up\nusage: %s\n", text, (long long)least, usage);
        exit(2);
    }
    return number;
}

#endif
