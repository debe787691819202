/* What a process costs.
 *
 *   bench_process cpu PID             processor time of a running process so far
 *   bench_process run COMMAND...      runs it, its output to standard error, and prints its
 *                                     processor time, wall time and most memory
 *
 * Memory is what is the process's own; pages of mapped files, which the kernel takes back whenever
 * it wants, stand beside it. */
#include "bench_clock.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define USAGE "bench_process cpu PID | run COMMAND..."
#define SAMPLE_US 1000

struct memory {
    int64_t own_kib, files_kib;
};

static void look(pid_t pid, struct memory *most)
{
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        long long kib = 0;
        if (sscanf(line, "RssAnon: %lld", &kib) == 1 && kib > most->own_kib) {
            most->own_kib = kib;
        } else if (sscanf(line, "RssFile: %lld", &kib) == 1 && kib > most->files_kib) {
            most->files_kib = kib;
        }
    }
    if (status != NULL) {
        fclose(status);
    }
}

static int run(char **command)
{
    int64_t start_ns = bench_clock_ns(CLOCK_MONOTONIC);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* what is measured does not outlive who measures */
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    int status = 0;
    struct rusage used;
    struct memory most = {0};
    while (wait4(child, &status, WNOHANG, &used) == 0) {
        look(child, &most);
        usleep(SAMPLE_US);
    }
    int64_t cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) +
                     used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    printf("cpu_ns=%" PRId64 " wall_ns=%" PRId64 " own_kib=%" PRId64 " files_kib=%" PRId64
           " status=%d\n",
           cpu_us * 1000, bench_clock_ns(CLOCK_MONOTONIC) - start_ns, most.own_kib, most.files_kib,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int cpu(const char *text)
{
    clockid_t clock;
    struct memory most = {0};
    pid_t pid = (pid_t)bench_number(text, 1, USAGE);
    if (clock_getcpuclockid(pid, &clock) != 0) {
        fprintf(stderr, "bench_process: there is no process %d\n", (int)pid);
        return 3;
    }
    look(pid, &most);
    printf("cpu_ns=%" PRId64 " own_kib=%" PRId64 " files_kib=%" PRId64 "\n", bench_clock_ns(clock),
           most.own_kib, most.files_kib);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "cpu") == 0) {
        return cpu(argv[2]);
    }
    if (argc > 2 && strcmp(argv[1], "run") == 0) {
        return run(argv + 2);
    }
    fprintf(stderr, "usage: %s\n", USAGE);
    return 2;
}
