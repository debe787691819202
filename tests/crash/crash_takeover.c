/* Takes a client's session from it, acknowledges nothing of what it is sent, and goes away.
 *
 *   crash_takeover PORT CLIENT-ID MS */
#include "crash_wire.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static struct crash_wire wire;
    uint16_t packet;
    unsigned reason;
    if (argc != 4) {
        fputs("usage: crash_takeover PORT CLIENT-ID MS\n", stderr);
        return 2;
    }
    if (!crash_wire_open(&wire, (uint16_t)atoi(argv[1]), argv[2])) {
        fputs("crash_takeover: the broker cannot be reached\n", stderr);
        return 3;
    }
    (void)crash_wire_confirmed(&wire, atoi(argv[3]), &packet, &reason);
    crash_wire_close(&wire);
    if (!wire.session_present) {
        fputs("crash_takeover: nobody had that session\n", stderr);
        return 1;
    }
    return 0;
}
