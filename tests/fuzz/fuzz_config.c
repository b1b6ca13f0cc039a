/* Fuzzing of the reader of configurations: no text does harm. */
#include "config.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_config *config;
    struct nnp_error error;
    if (!nnp_config_parse(&config, "fuzz.yaml", (const char *)data, size, &error))
        nnp_config_free(config);
    return 0;
}
