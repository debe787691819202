/* What the service manager hears of the daemon (systemd, sd_notify(3)): that it is ready, how far
 * it is, and, while that is so, that it gets on. Nothing happens where no service manager listens.
 *
 * Only the engine's own thread speaks, from its loop and between two batches: an engine that hangs
 * falls silent and is started again. Ready means connected, with everything booked that was in the
 * journal at that moment. A long replay, and a broker that is away, are no reason to be killed:
 * the time for the start is extended while the engine gets on. */
#ifndef HEATLEDGER_HEALTH_H
#define HEATLEDGER_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#define HEALTH_SAY_US 5000000     /* between two messages, the watchdog's aside */
#define HEALTH_EXTEND_US 60000000 /* by how much the time for start or end is extended */

enum health_stage { HEALTH_STARTING, HEALTH_READY, HEALTH_STOPPING };

struct health {
    enum health_stage stage;
    int64_t watchdog_us; /* between two beats; 0: nobody waits for them */
    int64_t beat_us, said_us;
    uint64_t beat_position, said_position; /* where the engine was then */
    uint64_t ready_at;                     /* is ready when it has come so far; 0: not known yet */
};

/* What the engine sees in a turn of its loop. */
struct health_sight {
    uint64_t position, end; /* of the engine, and of the journal */
    bool connected;
    const char *why;   /* there is no connection; "" or NULL: not known */
    const char *waits; /* why it does not get on, where a restart would not mend it (a full disk);
                          NULL: it should get on */
};

/* The daemon starts. All times are of the monotonic clock. */
void health_start(struct health *health, int64_t now_us);

/* After each turn, and after each batch of a long one. */
void health_turn(struct health *health, const struct health_sight *sight, int64_t now_us);

/* It ends in order: takes what is journalled already and leaves. */
void health_stop(struct health *health);

#endif
