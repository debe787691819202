/* A sample as a curve keeps it: as small as can be, for thousands of meters have a hundred each.
 * What few meters need stands in columns beside them (columns.h). */
#ifndef HEATLEDGER_POINT_H
#define HEATLEDGER_POINT_H

#include "posting.h"
#include "sample.h"

#include <stdbool.h>
#include <stdint.h>

/* The names are those of struct sample. C is not among them: of most samples it follows from the
 * raw value (curve_c_base). */
struct point {
    __extension__ int64_t ts_us : 53; /* to the year 2112 */
    unsigned kind : 4;                /* enum sample_kind, but for what is said */
    bool uncertain : 1;
    bool gap : 1;
    bool loss : 1;
    bool entered : 1;
    bool decided : 1;
    bool final : 1;
    bool fresh : 1; /* C of it was not derived yet */
    int64_t raw;
};
_Static_assert(sizeof(struct point) == 16, "a point takes more than it should");
_Static_assert(SAMPLE_ACCEPT <= 16, "kinds of samples do not fit");

/* Times are from 1970 on; also a mask. */
#define POINT_TS_MAX_US ((INT64_C(1) << 52) - 1)

static inline bool point_is_held(const struct point *point)
{
    return sample_kind_is_held(point->kind);
}

static inline unsigned point_rank(const struct point *point)
{
    return sample_rank(point->kind, point->final);
}

/* What the use that ends with this point rests on. */
enum quality point_quality(const struct point *point);

#endif
