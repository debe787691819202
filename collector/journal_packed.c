#include "journal_packed.h"

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL 3
#define PIECE ((size_t)256 << 10) /* bytes that are packed between two looks at `stop` */
#define FRAME_HEAD 32             /* bytes that tell the size unpacked; zstd needs 18 */
#define HEAD 4096                 /* bytes of a packed file in which its first record begins */

void packed_name(uint64_t base, char name[SEGMENT_NAME_MAX])
{
    segment_name(base, name);
    strcat(name, ".zst"); /* NOLINT: SEGMENT_NAME_MAX has the room */
}

bool packed_name_parse(const char *name, uint64_t *base)
{
    char again[SEGMENT_NAME_MAX];
    *base = strtoull(name, NULL, 16);
    packed_name(*base, again);
    return strcmp(name, again) == 0;
}

static bool failed(struct failure *failure, const char *what, const char *name)
{
    return failure_set(failure, FAILURE_RESOURCE, "journal: cannot %s %s: %s", what, name,
                       strerror(errno));
}

static bool not_whole(struct failure *failure, const char *name, const char *why)
{
    return failure_set(failure, FAILURE_RESOURCE,
                       "journal: %s is damaged: %s; restore the file from a copy", name, why);
}

/* ---- Packing ---- */

/* Packs the segment's bytes into `fd`, piece by piece. */
static bool pack(const struct segment *segment, ZSTD_CCtx *packer, int fd, void *room,
                 size_t room_bytes, const atomic_bool *stop, struct failure *failure)
{
    ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setPledgedSrcSize(packer, segment->size);
    size_t taken = 0, left = 1;
    while (left != 0 || taken < segment->size) {
        if (atomic_load_explicit(stop, memory_order_relaxed)) {
            return failure_set(failure, FAILURE_RESOURCE, "journal: packing was ended");
        }
        size_t piece = segment->size - taken < PIECE ? segment->size - taken : PIECE;
        bool last = taken + piece == segment->size;
        ZSTD_inBuffer in = {.src = segment->map + taken, .size = piece};
        ZSTD_outBuffer out = {.dst = room, .size = room_bytes};
        left = ZSTD_compressStream2(packer, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) {
            return failure_set(failure, FAILURE_RESOURCE, "journal: cannot pack: %s",
                               ZSTD_getErrorName(left));
        }
        taken += in.pos;
        if (journal_disk_write_all(segment->disk, fd, room, out.pos) != 0) {
            return failed(failure, "write", PACKED_TEMPORARY);
        }
    }
    return true;
}

/* Whether what stands in `fd` gives the segment's bytes again. */
static bool gives_again(const struct segment *segment, int fd, const atomic_bool *stop)
{
    size_t in_bytes = ZSTD_DStreamInSize(), compared = 0, left = 1;
    unsigned char *in_room = memory_zeroed(1, in_bytes), *out_room = memory_zeroed(1, PIECE);
    ZSTD_DCtx *unpacker = ZSTD_createDCtx();
    bool same = unpacker != NULL;
    off_t at = 0;
    while (same && !atomic_load_explicit(stop, memory_order_relaxed)) {
        ssize_t got = pread(fd, in_room, in_bytes, at);
        if (got <= 0) {
            break;
        }
        at += got;
        ZSTD_inBuffer in = {.src = in_room, .size = (size_t)got};
        bool more = true;
        while (same && more) {
            ZSTD_outBuffer out = {.dst = out_room, .size = PIECE};
            left = ZSTD_decompressStream(unpacker, &out, &in);
            same = !ZSTD_isError(left) && out.pos <= segment->size - compared &&
                   memcmp(out_room, segment->map + compared, out.pos) == 0;
            compared += out.pos;
            more = left != 0 && (in.pos < in.size || out.pos == out.size);
        }
    }
    ZSTD_freeDCtx(unpacker);
    free(in_room);
    free(out_room);
    return same && left == 0 && compared == segment->size;
}

/* Makes the packed file under its temporary name, complete on the disk. */
static bool make_temporary(int directory_fd, const struct segment *segment, const atomic_bool *stop,
                           struct failure *failure)
{
    int fd = segment->disk->open(directory_fd, PACKED_TEMPORARY, O_RDWR | O_CREAT | O_TRUNC);
    if (fd < 0) {
        return failed(failure, "create", PACKED_TEMPORARY);
    }
    size_t room_bytes = ZSTD_CStreamOutSize();
    void *room = memory_zeroed(1, room_bytes);
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    REQUIRE(packer != NULL);
    bool good = pack(segment, packer, fd, room, room_bytes, stop, failure);
    ZSTD_freeCCtx(packer);
    free(room);
    if (good && segment->disk->sync(fd) != 0) {
        good = failed(failure, "sync", PACKED_TEMPORARY);
    }
    if (good && !gives_again(segment, fd, stop)) {
        good = failure_set(failure, FAILURE_RESOURCE,
                           "journal: what was packed of the segment at %016" PRIx64
                           " cannot be read back as it was; it stays unpacked",
                           segment->base);
    }
    close(fd);
    return good;
}

bool packed_write(int directory_fd, const struct segment *segment, const atomic_bool *stop,
                  struct failure *failure)
{
    const struct journal_disk *disk = segment->disk;
    char plain[SEGMENT_NAME_MAX], packed[SEGMENT_NAME_MAX];
    segment_name(segment->base, plain);
    packed_name(segment->base, packed);
    if (!make_temporary(directory_fd, segment, stop, failure)) {
        disk->unlink(directory_fd, PACKED_TEMPORARY);
        return false;
    }
    if (disk->rename(directory_fd, PACKED_TEMPORARY, packed) != 0) {
        failed(failure, "name a packed segment", packed);
        disk->unlink(directory_fd, PACKED_TEMPORARY);
        return false;
    }
    /* While both are there either one is whole: nothing is lost where this ends here. */
    if (disk->sync(directory_fd) != 0) {
        return failed(failure, "sync the directory with", packed);
    }
    return disk->unlink(directory_fd, plain) == 0 || failed(failure, "remove", plain);
}

/* ---- Reading ---- */

bool packed_open(const struct journal_disk *disk, int directory_fd, uint64_t base,
                 struct segment *segment, struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    unsigned char head[FRAME_HEAD];
    packed_name(base, name);
    *segment = (struct segment){.base = base, .fd = -1, .disk = disk, .packed = true};
    int fd = disk->open(directory_fd, name, O_RDONLY);
    if (fd < 0) {
        return failed(failure, "open", name);
    }
    ssize_t got = pread(fd, head, sizeof head, 0);
    int error = errno;
    close(fd);
    if (got < 0) {
        errno = error;
        return failed(failure, "read", name);
    }
    /* The two error values are the largest that there are. */
    unsigned long long size = ZSTD_getFrameContentSize(head, (size_t)got);
    if (size < SEGMENT_HEADER || size > SEGMENT_SIZE_MAX || base > SEGMENT_BASE_MAX) {
        return not_whole(failure, name, "it does not begin as a packed segment");
    }
    segment->size = (size_t)size;
    return true;
}

/* Maps the packed file; NULL with a failure. */
static void *map_packed(int directory_fd, const struct segment *segment, const char *name,
                        size_t *length, struct failure *failure)
{
    struct stat status;
    void *map = NULL;
    int fd = segment->disk->open(directory_fd, name, O_RDONLY);
    if (fd < 0) {
        failed(failure, "open", name);
        return NULL;
    }
    if (fstat(fd, &status) != 0 || status.st_size == 0) {
        not_whole(failure, name, "it is empty");
    } else {
        *length = (size_t)status.st_size;
        map = segment->disk->map(fd, *length, PROT_READ);
        if (map == MAP_FAILED) {
            failed(failure, "map", name);
            map = NULL;
        }
    }
    close(fd);
    return map;
}

bool packed_load(int directory_fd, struct segment *segment, struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    size_t length = 0;
    packed_name(segment->base, name);
    void *packed = map_packed(directory_fd, segment, name, &length, failure);
    if (packed == NULL) {
        return false;
    }
    void *room =
        mmap(NULL, segment->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        munmap(packed, length);
        return failed(failure, "find the memory to unpack", name);
    }
    size_t size = ZSTD_decompress(room, segment->size, packed, length);
    munmap(packed, length);
    struct segment loaded = *segment;
    loaded.map = room;
    if (ZSTD_isError(size) || size != segment->size || !segment_header_holds(&loaded)) {
        munmap(room, segment->size);
        return not_whole(failure, name,
                         ZSTD_isError(size) ? ZSTD_getErrorName(size)
                                            : "it does not hold the segment of its name");
    }
    mprotect(room, segment->size, PROT_READ);
    segment->map = room;
    return true;
}

bool packed_first_arrival(int directory_fd, const struct segment *segment, int64_t *arrival_us,
                          struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    size_t length = 0;
    unsigned char head[HEAD];
    packed_name(segment->base, name);
    void *packed = map_packed(directory_fd, segment, name, &length, failure);
    if (packed == NULL) {
        return false;
    }
    ZSTD_DCtx *unpacker = ZSTD_createDCtx();
    REQUIRE(unpacker != NULL);
    ZSTD_inBuffer in = {.src = packed, .size = length};
    ZSTD_outBuffer out = {.dst = head, .size = sizeof head};
    size_t left = ZSTD_decompressStream(unpacker, &out, &in);
    ZSTD_freeDCtx(unpacker);
    munmap(packed, length);
    return (!ZSTD_isError(left) && segment_first_arrival(head, out.pos, arrival_us)) ||
           not_whole(failure, name, "its first record cannot be read");
}
