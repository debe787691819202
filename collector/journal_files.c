#include "journal_state.h"

#include "journal_packed.h"
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096
#define LOAD_TRIES 10

bool journal_in_directory(const struct journal *journal, struct failure *failure)
{
    if (failure != NULL) {
        size_t used = strlen(failure->text);
        snprintf(failure->text + used, sizeof failure->text - used, " (in %s)", journal->path);
    }
    return false;
}

struct segment *journal_last_segment(const struct journal *journal)
{
    return journal->segment_count > 0 ? journal->segments[journal->segment_count - 1] : NULL;
}

static void add_segment(struct journal *journal, struct segment *segment)
{
    memory_grow(&journal->segments, journal->segment_count, &journal->segment_capacity,
                sizeof *journal->segments);
    journal->segments[journal->segment_count++] = segment;
}

/* A segment's file, as the directory lists it. */
struct listed {
    uint64_t base;
    bool packed;
};

/* By base; of the two forms of one segment the packed one last. */
static int compare_listed(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;
    int by_base = (left->base > right->base) - (left->base < right->base);
    return by_base != 0 ? by_base : left->packed - right->packed;
}

/* All segments in the directory, ascending; the caller frees them. NULL with a failure. */
static struct listed *list_segments(struct journal *journal, size_t *count, struct failure *failure)
{
    int copy = openat(journal->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (directory == NULL) {
        if (copy >= 0) {
            close(copy);
        }
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot list %s: %s", journal->path,
                    strerror(errno));
        return NULL;
    }
    struct listed *all = NULL;
    size_t capacity = 0;
    *count = 0;
    memory_grow(&all, 0, &capacity, sizeof *all);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        struct listed one = {.base = 0};
        one.packed = packed_name_parse(entry->d_name, &one.base);
        if (one.packed || segment_name_parse(entry->d_name, &one.base)) {
            memory_grow(&all, *count, &capacity, sizeof *all);
            all[(*count)++] = one;
        }
    }
    closedir(directory);
    qsort(all, *count, sizeof *all, compare_listed);
    return all;
}

static bool open_form(struct journal *journal, struct listed listed, struct segment *segment,
                      struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    segment_name(listed.base, name);
    return listed.packed
               ? packed_open(journal->disk, journal->directory_fd, listed.base, segment, failure)
               : segment_open(journal->disk, journal->directory_fd, name, listed.base,
                              journal->writable, segment, failure);
}

/* Of a segment that is there in both forms, packing was not ended: the unpacked one counts, unless
 * its mark does not say that it is complete, as after a power cut. A packed file bears its name
 * only once it is complete. Whoever may write removes the other one. */
static bool open_both(struct journal *journal, struct listed plain, struct segment *segment,
                      struct failure *failure)
{
    struct listed packed = {.base = plain.base, .packed = true};
    char name[SEGMENT_NAME_MAX];
    bool complete = false;
    if (open_form(journal, plain, segment, failure)) {
        complete = segment_synced(segment) == segment->size;
        if (!complete) {
            segment_close(segment);
        }
    }
    if (!complete && !open_form(journal, packed, segment, failure)) {
        return false;
    }
    if (journal->writable) {
        (complete ? packed_name : segment_name)(plain.base, name);
        journal->disk->unlink(journal->directory_fd, name);
    }
    return true;
}

/* Opens what is listed and not open yet. */
static bool open_listed(struct journal *journal, const struct listed *listed, size_t count,
                        struct failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        const struct segment *last = journal_last_segment(journal);
        uint64_t base = listed[i].base;
        if (last != NULL && base <= last->base) {
            continue;
        }
        if (last != NULL && base != last->base + last->size) {
            failure_set(failure, FAILURE_RESOURCE,
                        "journal: a segment is missing before %016" PRIx64
                        ".journal: none starts at %016" PRIx64,
                        base, last->base + (uint64_t)last->size);
            return journal_in_directory(journal, failure);
        }
        struct segment *segment = memory_zeroed(1, sizeof *segment);
        bool both = i + 1 < count && listed[i + 1].base == base;
        if (!(both ? open_both : open_form)(journal, listed[i], segment, failure)) {
            free(segment);
            return journal_in_directory(journal, failure);
        }
        add_segment(journal, segment);
    }
    return true;
}

bool journal_load_segments(struct journal *journal, struct failure *failure)
{
    /* While another process packs or lets go of segments a listed one may be gone when it is to be
     * opened: what is there is listed again. */
    for (int tries = journal->writable ? 1 : LOAD_TRIES;; tries--) {
        size_t count;
        struct listed *listed = list_segments(journal, &count, failure);
        bool good = listed != NULL && open_listed(journal, listed, count, failure);
        free(listed);
        if (good || tries == 1) {
            return good;
        }
    }
}

bool journal_prepare(struct journal *journal, size_t need, struct failure *failure)
{
    const struct segment *last = journal_last_segment(journal);
    uint64_t base = last == NULL ? 0 : last->base + last->size;
    size_t size = SEGMENT_HEADER + need + sizeof(uint64_t);
    size = size > journal->settings.segment_bytes ? size : journal->settings.segment_bytes;
    size = (size + PAGE - 1) / PAGE * PAGE;
    struct segment *next = memory_zeroed(1, sizeof *next);
    if (!segment_create(journal->disk, journal->directory_fd, NEXT_NAME, base, size, next,
                        failure)) {
        free(next);
        return journal_in_directory(journal, failure);
    }
    journal->next = next;
    return true;
}

void journal_drop_next(struct journal *journal)
{
    if (journal->next != NULL) {
        segment_close(journal->next);
        free(journal->next);
        journal->next = NULL;
        journal->disk->unlink(journal->directory_fd, NEXT_NAME);
    }
}

bool journal_enter_next(struct journal *journal, struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    segment_name(journal->next->base, name);
    if (journal->disk->rename(journal->directory_fd, NEXT_NAME, name) != 0) {
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot name a segment %s: %s", name,
                    strerror(errno));
        return journal_in_directory(journal, failure);
    }
    struct segment *before = journal_last_segment(journal);
    size_t before_offset = journal->offset;
    add_segment(journal, journal->next);
    journal->offset = SEGMENT_HEADER;
    journal->prepare_at = journal->next->size / 2;
    journal->next = NULL;
    journal->directory_dirty = true;
    if (before != NULL && !before->packed) {
        segment_write_end(before, before_offset);
    }
    return true;
}

bool journal_roll(struct journal *journal, size_t need, struct failure *failure)
{
    if (journal->next != NULL && !segment_fits(journal->next, SEGMENT_HEADER, need)) {
        journal_drop_next(journal);
    }
    if (journal->next == NULL && !journal_prepare(journal, need, failure)) {
        return false;
    }
    journal->room.code = FAILURE_NONE;
    return journal_enter_next(journal, failure);
}
