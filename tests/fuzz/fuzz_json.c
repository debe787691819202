/* The strict scan of JSON and its tape against cJSON: json_oracle.h says what must hold.
 *
 * Input: the text. */
#include "fuzz_input.h"
#include "json_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oracle_check((const char *)data, size);
    return 0;
}
