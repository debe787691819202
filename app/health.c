#include "health.h"

#include <inttypes.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>

#define STATUS_MAX 512 /* bytes; the manager keeps one line */

void health_start(struct health *health, int64_t now_us)
{
    uint64_t limit_us = 0;
    *health = (struct health){.beat_us = now_us, .said_us = now_us - HEALTH_SAY_US};
    if (sd_watchdog_enabled(0, &limit_us) > 0) {
        health->watchdog_us = (int64_t)(limit_us / 3); /* so that one that comes late is no harm */
    }
}

/* One line for `systemctl status`. */
static void describe(const struct health *health, const struct health_sight *sight,
                     char text[STATUS_MAX])
{
    static const char *const stages[] = {
        [HEALTH_STARTING] = "starting", [HEALTH_READY] = "booking", [HEALTH_STOPPING] = "stopping"};
    bool has_why = !sight->connected && sight->why != NULL && sight->why[0] != '\0';
    snprintf(text, STATUS_MAX, "%s: position %" PRIu64 ", %" PRIu64 " bytes wait, %s%s%s%s%s",
             stages[health->stage], sight->position,
             sight->end > sight->position ? sight->end - sight->position : 0,
             sight->connected ? "connected" : "not connected", has_why ? ": " : "",
             has_why ? sight->why : "", sight->waits != NULL ? "; waits: " : "",
             sight->waits != NULL ? sight->waits : "");
}

/* Nothing to do is as good as getting on; waiting for what a restart would not bring is, too. */
static bool gets_on(const struct health_sight *sight, uint64_t former_position)
{
    return sight->position >= sight->end || sight->position != former_position ||
           sight->waits != NULL;
}

static void note_ready(struct health *health, const struct health_sight *sight)
{
    if (health->stage != HEALTH_STARTING || !sight->connected) {
        return;
    }
    if (health->ready_at == 0) {
        health->ready_at = sight->end;
    }
    if (sight->position >= health->ready_at) {
        health->stage = HEALTH_READY;
        sd_notify(0, "READY=1");
    }
}

void health_turn(struct health *health, const struct health_sight *sight, int64_t now_us)
{
    enum health_stage former = health->stage;
    note_ready(health, sight);
    if (now_us - health->said_us >= HEALTH_SAY_US || health->stage != former) {
        char text[STATUS_MAX];
        bool extend = health->stage != HEALTH_READY && gets_on(sight, health->said_position);
        describe(health, sight, text);
        if (extend) {
            sd_notifyf(0, "STATUS=%s\nEXTEND_TIMEOUT_USEC=%d", text, HEALTH_EXTEND_US);
        } else {
            sd_notifyf(0, "STATUS=%s", text);
        }
        health->said_us = now_us;
        health->said_position = sight->position;
    }
    if (health->watchdog_us > 0 && now_us - health->beat_us >= health->watchdog_us &&
        gets_on(sight, health->beat_position)) {
        sd_notify(0, "WATCHDOG=1");
        health->beat_us = now_us;
        health->beat_position = sight->position;
    }
}

void health_stop(struct health *health)
{
    health->stage = HEALTH_STOPPING;
    health->said_us -= HEALTH_SAY_US; /* the next turn says how far it is */
    sd_notify(0, "STOPPING=1\nSTATUS=stopping");
}
