/* A real broker for a test: Mosquitto on a free port of the loopback, started and ended here. */
#ifndef HEATLEDGER_TESTS_MOSQUITTO_H
#define HEATLEDGER_TESTS_MOSQUITTO_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct mosquitto {
    int port;
    pid_t pid;
    char directory[512];
};

static inline const char *mosquitto_program(void)
{
    static const char *const places[] = {"/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto",
                                         "/usr/bin/mosquitto"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], X_OK) == 0) {
            return places[i];
        }
    }
    return NULL;
}

static inline int mosquitto_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool good = bind(fd, (struct sockaddr *)&address, length) == 0 &&
                getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    close(fd);
    return good ? ntohs(address.sin_port) : -1;
}

static inline bool mosquitto_answers(const struct mosquitto *broker)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)broker->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool answers = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return answers;
}

/* Starts it, on its old port and with its old state where it ran before. `directory` must be set
 * (it keeps the state there); port 0: a free one. */
static inline bool mosquitto_start(struct mosquitto *broker)
{
    char file[600];
    broker->port = broker->port == 0 ? mosquitto_free_port() : broker->port;
    snprintf(file, sizeof file, "%s/broker.conf", broker->directory);
    FILE *out = fopen(file, "w");
    if (out == NULL) {
        return false;
    }
    fprintf(out,
            "listener %d 127.0.0.1\nallow_anonymous true\npersistence true\n"
            "persistence_location %s/\nautosave_on_changes true\nautosave_interval 1\n"
            "max_queued_messages 0\nmax_inflight_messages 1000\n",
            broker->port, broker->directory);
    if (geteuid() == 0) {
        fprintf(out, "user root\n");
    }
    fclose(out);
    broker->pid = fork();
    if (broker->pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(mosquitto_program(), "mosquitto", "-c", file, (char *)NULL);
        _exit(127);
    }
    const struct timespec moment = {.tv_nsec = 10000000};
    for (int i = 0; i < 1000; i++) {
        if (mosquitto_answers(broker)) {
            return true;
        }
        if (waitpid(broker->pid, NULL, WNOHANG) == broker->pid) {
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return false;
}

static inline void mosquitto_stop(struct mosquitto *broker, int how)
{
    if (broker->pid > 0) {
        kill(broker->pid, how);
        waitpid(broker->pid, NULL, 0);
        broker->pid = 0;
    }
}

/* Skips the test where there is none on this machine. */
static inline void mosquitto_needed(void)
{
    if (mosquitto_program() == NULL) {
        print_message("skipped: no mosquitto here\n");
        skip();
    }
}

#endif
