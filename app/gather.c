#include "gather.h"

int64_t gather_rest_us(int64_t begun_us, int64_t ended_us, int64_t now_us)
{
    int64_t took_us = ended_us - begun_us;
    int64_t rest_us = took_us < GATHER_US - took_us ? GATHER_US - took_us : took_us;
    rest_us = rest_us > GATHER_US ? GATHER_US : rest_us;
    int64_t left_us = ended_us + rest_us - now_us;
    return left_us <= 0 ? 0 : left_us > GATHER_US ? GATHER_US : left_us;
}
