/* A directory of its own for a test, removed with what is in it. */
#ifndef HEATLEDGER_TESTS_SCRATCH_H
#define HEATLEDGER_TESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_PATH_MAX 512

static inline void scratch_make(char path[SCRATCH_PATH_MAX])
{
    const char *base = getenv("TMPDIR");
    snprintf(path, SCRATCH_PATH_MAX, "%s/heatledger-test-XXXXXX", base == NULL ? "/tmp" : base);
    if (mkdtemp(path) == NULL) {
        perror(path);
        abort();
    }
}

static inline int scratch_remove_one(const char *path, const struct stat *status, int type,
                                     struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline void scratch_remove(const char *path)
{
    nftw(path, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
