#include "sample.h"

bool sample_is_said(const struct sample *sample)
{
    return sample->kind >= SAMPLE_ACCEPT;
}
