#include "backup_manifest.h"

#include "memory.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define FORM 1
#define HEAD "heatledger backup "
#define SUM_LINE_LENGTH (sizeof "sum 0123456789abcdef\n" - 1)
#define LINE_MAX_BYTES 256

struct backup_file *backup_manifest_add(struct backup_manifest *manifest, const char *path)
{
    memory_grow(&manifest->files, manifest->count, &manifest->capacity, sizeof *manifest->files);
    struct backup_file *file = &manifest->files[manifest->count++];
    *file = (struct backup_file){.bytes = 0};
    REQUIRE(strlen(path) < sizeof file->path);
    strcpy(file->path, path); /* NOLINT: it has the room */
    return file;
}

uint64_t backup_manifest_bytes(const struct backup_manifest *manifest)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < manifest->count; i++) {
        bytes += manifest->files[i].bytes;
    }
    return bytes;
}

void backup_manifest_clear(struct backup_manifest *manifest)
{
    free(manifest->files);
    *manifest = (struct backup_manifest){.count = 0};
}

char *backup_manifest_text(const struct backup_manifest *manifest, size_t *length)
{
    char made[TIMESTAMP_TEXT_MAX], now[TIMESTAMP_TEXT_MAX];
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    REQUIRE(out != NULL);
    fprintf(out,
            HEAD "%d\nversion %s\nmade %s\nposition %" PRIu64 "\nnow %s\nbegin %" PRIu64
                 "\nend %" PRIu64 "\n",
            FORM, manifest->version, timestamp_format(manifest->made_us, 0, made),
            manifest->position, timestamp_format(manifest->now_us, 0, now), manifest->begin,
            manifest->end);
    for (size_t i = 0; i < manifest->count; i++) {
        const struct backup_file *file = &manifest->files[i];
        fprintf(out, "file %016" PRIx64 " %" PRIu64 " %s\n", file->sum, file->bytes, file->path);
    }
    fflush(out);
    fprintf(out, "sum %016" PRIx64 "\n", (uint64_t)XXH3_64bits(text, *length));
    REQUIRE(fclose(out) == 0);
    return text;
}

static bool damaged(struct failure *failure, const char *path)
{
    return failure_set(failure, FAILURE_RESOURCE,
                       "%s is damaged: it is not as `heatledger backup` wrote it", path);
}

/* Nothing that leads out of the backup. */
static bool path_is_plain(const char *path)
{
    return path[0] != '\0' && path[0] != '/' && path[0] != '.' && strstr(path, "/.") == NULL;
}

static bool take_time(const char *text, int64_t *ts_us)
{
    return timestamp_parse(text, strlen(text), ts_us);
}

static bool take_number(const char *text, uint64_t *number)
{
    char *end = NULL;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool take_file(struct backup_manifest *manifest, const char *text)
{
    uint64_t bytes, sum;
    char path[BACKUP_NAME_MAX];
    int end = 0;
    if (sscanf(text, "%16" SCNx64 " %" SCNu64 " %63[^\n]%n", &sum, &bytes, path, &end) != 3 ||
        text[end] != '\0' || !path_is_plain(path) || manifest->count >= BACKUP_FILES_MAX) {
        return false;
    }
    struct backup_file *file = backup_manifest_add(manifest, path);
    file->bytes = bytes;
    file->sum = sum;
    return true;
}

/* One line behind the first: a word, a blank, the rest. */
static bool take_line(struct backup_manifest *manifest, char *line)
{
    char *rest = strchr(line, ' ');
    if (rest == NULL) {
        return false;
    }
    *rest++ = '\0';
    const struct {
        const char *word;
        uint64_t *number;
        int64_t *time;
    } words[] = {
        {"made", NULL, &manifest->made_us},      {"now", NULL, &manifest->now_us},
        {"position", &manifest->position, NULL}, {"begin", &manifest->begin, NULL},
        {"end", &manifest->end, NULL},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].word, line) == 0) {
            return words[i].time != NULL ? take_time(rest, words[i].time)
                                         : take_number(rest, words[i].number);
        }
    }
    if (strcmp(line, "version") == 0) {
        return snprintf(manifest->version, sizeof manifest->version, "%s", rest) <
               (int)sizeof manifest->version;
    }
    return strcmp(line, "file") == 0 && take_file(manifest, rest);
}

static bool take_lines(struct backup_manifest *manifest, const char *at, const char *end)
{
    char line[LINE_MAX_BYTES];
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = stop != NULL ? (size_t)(stop - at) : sizeof line;
        if (length >= sizeof line) {
            return false;
        }
        memcpy(line, at, length);
        line[length] = '\0';
        if (!take_line(manifest, line)) {
            return false;
        }
        at = stop + 1;
    }
    return manifest->position <= manifest->end && manifest->begin <= manifest->end &&
           manifest->count > 0;
}

bool backup_manifest_parse(struct backup_manifest *manifest, const char *text, size_t length,
                           const char *path, struct failure *failure)
{
    const size_t head = sizeof HEAD - 1;
    char sum_line[SUM_LINE_LENGTH + 1];
    *manifest = (struct backup_manifest){.count = 0};
    if (length < head + SUM_LINE_LENGTH || memcmp(text, HEAD, head) != 0) {
        return damaged(failure, path);
    }
    size_t lines = length - SUM_LINE_LENGTH;
    snprintf(sum_line, sizeof sum_line, "sum %016" PRIx64 "\n", (uint64_t)XXH3_64bits(text, lines));
    if (memcmp(text + lines, sum_line, SUM_LINE_LENGTH) != 0) {
        return damaged(failure, path);
    }
    const char *first_end = memchr(text, '\n', lines);
    long form = strtol(text + head, NULL, 10);
    if (form != FORM) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: a backup of a newer heatledger (form %ld, this one knows %d): "
                           "restore it with that version",
                           path, form, FORM);
    }
    if (first_end == NULL || !take_lines(manifest, first_end + 1, text + lines)) {
        backup_manifest_clear(manifest);
        return damaged(failure, path);
    }
    return true;
}
