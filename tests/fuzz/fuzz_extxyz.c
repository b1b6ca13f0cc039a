/* Fuzzing of the reader of extended XYZ: no text does harm, and what is read can be written and
 * read again. */
#include "extxyz.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void free_all(struct nnp_structure *structures, int n)
{
    for (int i = 0; i < n; i++)
        nnp_structure_free(&structures[i]);
    free(structures);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_structure *structures, *again;
    struct nnp_error error;
    int n, n_again;
    if (nnp_extxyz_parse("fuzz.xyz", (const char *)data, size, &structures, &n, &error))
        return 0;
    struct nnp_text text = {0};
    for (int i = 0; i < n; i++)
        nnp_extxyz_append(&text, &structures[i], NULL);
    if (nnp_extxyz_parse("again.xyz", text.data, text.length, &again, &n_again, &error) ||
        n_again != n)
        abort();
    free_all(again, n_again);
    free_all(structures, n);
    free(text.data);
    return 0;
}
