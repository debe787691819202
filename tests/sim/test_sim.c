/* The simulation: random plants, random lies, random deliveries, each booked by the product and by
 * a naive oracle. README.md tells how to read what it prints. */
#include "sim_check.h"
#include "sim_shrink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 8
#define FAILURES_MAX 64
#define KEPT_MAX 1024
#define DEFAULT_SEEDS 200
#define MEMORY_DIRECTORY "/dev/shm" /* of the journals: no disk to wait for */
#define THOROUGH_EVERY 4 /* every fourth seed is delivered a second time in another order */

struct options {
    uint64_t from, seeds, seed;
    uint64_t disabled;
    int jobs;
    bool one, verbose, whole, late;
    const char *directory;
};

/* What a worker tells; lies in memory that survives it. */
struct progress {
    uint64_t next; /* place in the list of seeds of the one in hand */
    uint64_t seeds, readings, messages, disturbed, ambiguous, failed;
    uint64_t counts[SIM_DISTURBANCE_COUNT];
    struct {
        uint64_t seed;
        struct sim_verdict verdict;
    } failures[FAILURES_MAX];
};

struct seeds {
    const uint64_t *list; /* NULL: from, from + 1, … */
    uint64_t from, count;
};

static uint64_t seed_at(const struct seeds *seeds, uint64_t at)
{
    return seeds->list == NULL ? seeds->from + at : seeds->list[at];
}

static void note_failure(struct progress *progress, uint64_t seed,
                         const struct sim_verdict *verdict)
{
    if (progress->failed < FAILURES_MAX) {
        progress->failures[progress->failed].seed = seed;
        progress->failures[progress->failed].verdict = *verdict;
    }
    progress->failed++;
}

static void add_case(struct progress *progress, const struct sim_case *one,
                     const struct sim_verdict *verdict)
{
    progress->seeds++;
    progress->messages += verdict->messages;
    progress->ambiguous += verdict->ambiguous;
    progress->readings += one->facts.readings;
    for (int i = 0; i < SIM_DISTURBANCE_COUNT; i++) {
        progress->counts[i] += one->facts.counts[i];
    }
}

static void work(const struct options *options, const struct seeds *seeds,
                 struct progress *progress)
{
    for (; progress->next < seeds->count; progress->next += (uint64_t)options->jobs) {
        static struct sim_case one;
        struct sim_verdict verdict;
        uint64_t seed = seed_at(seeds, progress->next);
        sim_case_make(&one, seed, options->disabled, options->late);
        bool thorough = seeds->list != NULL || seed % THOROUGH_EVERY == 0;
        sim_case_check(&one, thorough, &verdict);
        if (!verdict.good && !verdict.ambiguous) {
            note_failure(progress, seed, &verdict);
        }
        add_case(progress, &one, &verdict);
        sim_case_clear(&one);
    }
}

/* A worker that dies names its seed, and another one goes on behind it. */
static void run_job(const struct options *options, const struct seeds *seeds,
                    struct progress *progress)
{
    for (;;) {
        int status = 0;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            work(options, seeds, progress);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (status == 0) {
            return;
        }
        struct sim_verdict verdict = {.rule = "crash"};
        snprintf(verdict.story, sizeof verdict.story, "died, status %d", status);
        note_failure(progress, seed_at(seeds, progress->next), &verdict);
        progress->next += (uint64_t)options->jobs;
    }
}

static void add_progress(struct progress *all, const struct progress *part)
{
    for (uint64_t i = 0; i < part->failed && i < FAILURES_MAX; i++) {
        note_failure(all, part->failures[i].seed, &part->failures[i].verdict);
    }
    all->seeds += part->seeds;
    all->readings += part->readings;
    all->messages += part->messages;
    all->ambiguous += part->ambiguous;
    for (int i = 0; i < SIM_DISTURBANCE_COUNT; i++) {
        all->counts[i] += part->counts[i];
    }
}

static void run_seeds(const struct options *options, const struct seeds *seeds,
                      struct progress *all)
{
    size_t bytes = (size_t)options->jobs * sizeof(struct progress);
    struct progress *parts =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t jobs[JOBS_MAX];
    fflush(NULL);
    for (int i = 0; i < options->jobs; i++) {
        parts[i].next = (uint64_t)i;
        jobs[i] = fork();
        if (jobs[i] == 0) {
            run_job(options, seeds, &parts[i]);
            _exit(0);
        }
    }
    for (int i = 0; i < options->jobs; i++) {
        waitpid(jobs[i], NULL, 0);
        add_progress(all, &parts[i]);
    }
    munmap(parts, bytes);
}

static void print_failures(const struct progress *progress)
{
    for (uint64_t i = 0; i < progress->failed && i < FAILURES_MAX; i++) {
        printf("seed %" PRIu64 ": %s: %s\n", progress->failures[i].seed,
               progress->failures[i].verdict.rule, progress->failures[i].verdict.story);
    }
}

static void print_table(const struct progress *progress)
{
    uint64_t disturbed = 0;
    printf("%-32s %10s\n", "disturbance", "times");
    for (int i = 1; i < SIM_DISTURBANCE_COUNT; i++) {
        printf("%-32s %10" PRIu64 "\n", sim_disturbances[i].name, progress->counts[i]);
        disturbed += progress->counts[i];
    }
    printf("%" PRIu64 " seeds, %" PRIu64 " readings, %" PRIu64 " messages, %" PRIu64
           " disturbances (%" PRIu64 " in 100 readings), %" PRIu64
           " left out as ambiguous, %" PRIu64 " failed\n",
           progress->seeds, progress->readings, progress->messages, disturbed,
           progress->readings == 0 ? 0 : disturbed * 100 / progress->readings, progress->ambiguous,
           progress->failed);
}

/* One test of the report: "[ RUN", what fails, "[       OK" or "[  FAILED". */
static void run_test(const struct options *options, const char *name, const struct seeds *seeds,
                     struct progress *all)
{
    uint64_t failed = all->failed;
    printf("[ RUN      ] %s\n", name);
    run_seeds(options, seeds, all);
    printf(all->failed == failed ? "[       OK ] %s\n" : "[  FAILED  ] %s\n", name);
}

static uint64_t read_kept(uint64_t kept[KEPT_MAX])
{
    char line[512];
    uint64_t count = 0;
    FILE *file = fopen(SIM_SEEDS, "r");
    while (file != NULL && count < KEPT_MAX && fgets(line, sizeof line, file) != NULL) {
        if (line[0] >= '0' && line[0] <= '9') {
            kept[count++] = strtoull(line, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

static int run_all(const struct options *options)
{
    static struct progress all;
    static uint64_t kept[KEPT_MAX];
    struct seeds known = {kept, 0, read_kept(kept)};
    struct seeds fresh = {NULL, options->from, options->seeds};
    run_test(options, "kept_seeds_agree_with_the_oracle", &known, &all);
    run_test(options, "random_plants_agree_with_the_oracle", &fresh, &all);
    print_failures(&all);
    print_table(&all);
    return all.failed == 0 ? 0 : 1;
}

static int run_one(const struct options *options)
{
    static struct sim_case one;
    struct sim_verdict verdict, last;
    sim_case_make(&one, options->seed, options->disabled, options->late);
    printf("seed %" PRIu64 ": %zu facts, %d meters, %s\n", options->seed, one.facts.count,
           one.plant.meter_count, one.plant.zone->name);
    sim_shrink_check(&one, true, &verdict);
    printf("%s %s%s\n", verdict.good ? "agrees" : "differs:", verdict.rule,
           verdict.ambiguous ? " (ambiguous)" : "");
    printf("  %s\n", verdict.story);
    last = verdict;
    if (!verdict.good && !options->whole) {
        sim_shrink(&one, &verdict, &last);
        printf("with %zu facts: %s: %s\n", one.facts.count, last.rule, last.story);
    }
    if (options->verbose) {
        printf("%s", one.plant.text);
        sim_case_write(&one, options->directory, stdout);
    }
    sim_case_clear(&one);
    return verdict.good ? 0 : 1;
}

static bool disable(struct options *options, const char *name)
{
    for (int i = 1; i < SIM_DISTURBANCE_COUNT; i++) {
        if (strcmp(name, "all") == 0 || strcmp(name, sim_disturbances[i].name) == 0) {
            options->disabled |= UINT64_C(1) << i;
        }
    }
    return options->disabled != 0;
}

static bool parse(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--verbose") == 0) {
            options->verbose = true;
            continue;
        }
        if (strcmp(argv[i], "--whole") == 0) {
            options->whole = true;
            continue;
        }
        if (strcmp(argv[i], "--late") == 0) {
            options->late = true;
            continue;
        }
        if (value == NULL) {
            return false;
        }
        i++;
        if (strcmp(argv[i - 1], "--seeds") == 0) {
            options->seeds = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i - 1], "--from") == 0) {
            options->from = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i - 1], "--seed") == 0) {
            options->seed = strtoull(value, NULL, 10);
            options->one = true;
        } else if (strcmp(argv[i - 1], "--jobs") == 0) {
            options->jobs = atoi(value);
        } else if (strcmp(argv[i - 1], "--write") == 0) {
            options->directory = value;
            options->verbose = true;
        } else if (strcmp(argv[i - 1], "--without") != 0 || !disable(options, value)) {
            return false;
        }
    }
    return options->jobs >= 1 && options->jobs <= JOBS_MAX;
}

int main(int argc, char **argv)
{
    struct options options = {.from = 1, .seeds = DEFAULT_SEEDS, .jobs = 1};
    if (getenv("TMPDIR") == NULL && access(MEMORY_DIRECTORY, W_OK) == 0) {
        setenv("TMPDIR", MEMORY_DIRECTORY, 0);
    }
    if (!parse(&options, argc, argv)) {
        fprintf(
            stderr,
            "usage: test_sim [--seeds N] [--from SEED] [--jobs N] [--without KIND]... [--late]\n"
            "       test_sim --seed SEED [--verbose] [--whole] [--write DIR]\n");
        return 2;
    }
    return options.one ? run_one(&options) : run_all(&options);
}
