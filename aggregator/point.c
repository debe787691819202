#include "point.h"

enum quality point_quality(const struct point *point)
{
    if (point_is_held(point)) {
        return QUALITY_MEASURED;
    }
    if (point->gap) {
        return QUALITY_ESTIMATED;
    }
    if (point->entered || point->decided) {
        return QUALITY_CORRECTED;
    }
    bool doubtful = point->uncertain || point->loss || point->kind == SAMPLE_CONFIRMED;
    return doubtful ? QUALITY_UNCERTAIN : QUALITY_MEASURED;
}
