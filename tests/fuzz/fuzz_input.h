/* What the fuzz targets share: a reader of the input's bytes, and files made of them.
 *
 * A target stops the program (REQUIRE) where something does not hold. It is linked either with
 * libFuzzer, or with fuzz_files.c, which runs it over files. */
#ifndef HEATLEDGER_TESTS_FUZZ_INPUT_H
#define HEATLEDGER_TESTS_FUZZ_INPUT_H

#include "failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_input {
    const uint8_t *at, *end;
};

static inline struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size)
{
    return (struct fuzz_input){data, size > 0 ? data + size : data};
}

static inline size_t fuzz_left(const struct fuzz_input *input)
{
    return (size_t)(input->end - input->at);
}

/* The next byte; 0 behind the end. */
static inline uint8_t fuzz_byte(struct fuzz_input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

/* The next byte, as a number below `count`. */
static inline uint32_t fuzz_choice(struct fuzz_input *input, uint32_t count)
{
    return fuzz_byte(input) % count;
}

/* The next two or eight bytes, the low one first. */
static inline uint32_t fuzz_short(struct fuzz_input *input)
{
    uint32_t low = fuzz_byte(input);
    return low | (uint32_t)fuzz_byte(input) << 8;
}

static inline uint64_t fuzz_long(struct fuzz_input *input)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++) {
        value |= (uint64_t)fuzz_byte(input) << (8 * i);
    }
    return value;
}

#define FUZZ_PATH_MAX 64

/* A file in memory with these bytes, and the path under which it can be opened. Close the number
 * that is returned. */
static inline int fuzz_file(const void *bytes, size_t size, char path[FUZZ_PATH_MAX])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    REQUIRE(fd >= 0);
    for (size_t done = 0; done < size;) {
        ssize_t put = write(fd, (const char *)bytes + done, size - done);
        REQUIRE(put > 0);
        done += (size_t)put;
    }
    snprintf(path, FUZZ_PATH_MAX, "/proc/self/fd/%d", fd);
    return fd;
}

#endif
