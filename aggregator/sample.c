#include "sample.h"

bool sample_is_held(const struct sample *sample)
{
    return sample->kind == SAMPLE_GLITCH || sample->kind == SAMPLE_SPIKE;
}

enum quality sample_quality(const struct sample *sample)
{
    if (sample_is_held(sample)) {
        return QUALITY_MEASURED;
    }
    if (sample->gap) {
        return QUALITY_ESTIMATED;
    }
    return sample->uncertain || sample->loss ? QUALITY_UNCERTAIN : QUALITY_MEASURED;
}
