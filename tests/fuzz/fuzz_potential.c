/* libFuzzer target: whatever is read as a potential is valid, and is written and read back the
 * same. */
#include "nnp/potential.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_error error = {0};
    struct nnp_potential *potential, *back;
    if (nnp_potential_parse(&potential, "fuzz", (const char *)data, size, &error)) {
        require(potential == NULL && error.status && *error.message);
        return 0;
    }
    char *first, *second;
    require(!nnp_potential_format(potential, &first, NULL));
    require(!nnp_potential_parse(&back, "again", first, strlen(first), NULL));
    require(!nnp_potential_format(back, &second, NULL));
    require(!strcmp(first, second));
    free(first);
    free(second);
    nnp_potential_free(potential);
    nnp_potential_free(back);
    return 0;
}
