#include "sim_shrink.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void sim_shrink_check(struct sim_case *one, bool thorough, struct sim_verdict *verdict)
{
    struct sim_verdict *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        sim_case_check(one, thorough, shared);
        _exit(0);
    }
    waitpid(child, &status, 0);
    *verdict = *shared;
    munmap(shared, sizeof *shared);
    if (status != 0) {
        verdict->good = false;
        snprintf(verdict->rule, sizeof verdict->rule, "crash");
        snprintf(verdict->story, sizeof verdict->story, "the product died, status %d", status);
    }
}

void sim_shrink(struct sim_case *one, const struct sim_verdict *failed, struct sim_verdict *last)
{
    struct sim_facts *facts = &one->facts;
    struct sim_fact *kept = memory_zeroed(SIM_FACTS_MAX, sizeof *kept);
    bool thorough = strcmp(failed->rule, "order") == 0;
    *last = *failed;
    for (size_t piece = facts->count / 2; piece > 0; piece = piece / 2) {
        for (size_t at = 0; at < facts->count;) {
            size_t count = facts->count;
            size_t taken = at + piece > count ? count - at : piece;
            memcpy(kept, facts->rows, count * sizeof *kept);
            memmove(&facts->rows[at], &facts->rows[at + taken],
                    (count - at - taken) * sizeof *kept);
            facts->count = count - taken;
            struct sim_verdict verdict;
            sim_shrink_check(one, thorough, &verdict);
            if (!verdict.good && !verdict.ambiguous && strcmp(verdict.rule, failed->rule) == 0) {
                *last = verdict;
            } else {
                memcpy(facts->rows, kept, count * sizeof *kept);
                facts->count = count;
                at += piece;
            }
        }
    }
    free(kept);
}
