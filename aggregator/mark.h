/* A mark: an instant at which the use of a meter may have become somebody else's, and C there. */
#ifndef HEATLEDGER_MARK_H
#define HEATLEDGER_MARK_H

#include "posting.h"

#include <stdint.h>

enum mark_reason {
    MARK_BOUNDARY, /* crews or heats changed */
    MARK_GAP,      /* a stretch without samples begins or ends: its use is estimated, apart */
};

struct mark {
    int64_t ts_us;
    int64_t c_base;
    enum quality quality; /* INTERPOLATED where no sample stands there */
    enum quality before;  /* worst of the samples since the mark before it */
    enum mark_reason reason;
};

#endif
