/* What cJSON alone needs for the payloads of a journal: cJSON_Parse and cJSON_Delete over each, in
 * order; the best of some passes. They lie behind each other in memory, read beforehand.
 *
 *   bench_parse JOURNAL-DIRECTORY [PASSES] */
#include "bench_clock.h"
#include "journal.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#define USAGE "bench_parse JOURNAL-DIRECTORY [PASSES]"
#define PASSES 3

struct payloads {
    char *bytes; /* each ended with NUL */
    size_t used, capacity;
    uint64_t count;
};

static void add(struct payloads *payloads, const void *payload, size_t length)
{
    if (payloads->capacity - payloads->used < length + 1) {
        payloads->capacity = payloads->capacity * 2 + length + 1;
        payloads->bytes = realloc(payloads->bytes, payloads->capacity);
        if (payloads->bytes == NULL) {
            perror("bench_parse");
            exit(3);
        }
    }
    memcpy(payloads->bytes + payloads->used, payload, length);
    payloads->bytes[payloads->used + length] = '\0';
    payloads->used += length + 1;
    payloads->count++;
}

static void read_all(struct payloads *payloads, const char *path)
{
    struct failure failure = {0};
    struct journal_record record;
    struct journal *journal = journal_open_reading(path, &failure);
    uint64_t position = 0;
    int got = journal == NULL ? -1 : 0;
    while (got >= 0 && (got = journal_read(journal, position, &record, &failure)) == 1) {
        if (record.kind == JOURNAL_MESSAGE) {
            add(payloads, record.payload, record.payload_length);
        }
        position = record.next;
    }
    if (got < 0) {
        fprintf(stderr, "bench_parse: %s\n", failure.text);
        exit(3);
    }
    journal_close(journal);
}

static int64_t parse_all(const struct payloads *payloads)
{
    int64_t start_ns = bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t at = 0; at < payloads->used;) {
        const char *text = payloads->bytes + at;
        cJSON *tree = cJSON_Parse(text);
        if (tree == NULL) {
            fprintf(stderr, "bench_parse: no JSON: %s\n", text);
            exit(3);
        }
        cJSON_Delete(tree);
        at += strlen(text) + 1;
    }
    return bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start_ns;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s\n", USAGE);
        return 2;
    }
    int64_t passes = argc > 2 ? bench_number(argv[2], 1, USAGE) : PASSES;
    struct payloads payloads = {0};
    read_all(&payloads, argv[1]);
    int64_t best_ns = INT64_MAX;
    for (int64_t i = 0; i < passes; i++) {
        int64_t spent_ns = parse_all(&payloads);
        best_ns = spent_ns < best_ns ? spent_ns : best_ns;
    }
    printf("messages=%" PRIu64 " bytes=%zu cpu_ns=%" PRId64 "\n", payloads.count,
           payloads.used - payloads.count, best_ns);
    free(payloads.bytes);
    return 0;
}
