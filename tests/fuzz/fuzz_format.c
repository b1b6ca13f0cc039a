/* Fuzzing of the reader of one format, NNP_FUZZ_FORMAT: no text does harm, and what is read can
 * be written as extended XYZ and read again. */
#include "extxyz.h"
#include "format.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int types[] = {3, 79};
    const struct nnp_format_input input = {"fuzz", (const char *)data, size, {0.5, 27.0}, 2,
                                           types};
    struct nnp_frames frames = {0};
    struct nnp_error error;
    if (!nnp_format_by_name(NNP_FUZZ_FORMAT)->parse(&input, &frames, &error)) {
        struct nnp_text text = {0};
        struct nnp_structure *again;
        int n_again;
        for (int i = 0; i < frames.n; i++)
            nnp_extxyz_append(&text, &frames.structures[i], NULL);
        if (nnp_extxyz_parse("again.xyz", text.data, text.length, &again, &n_again, &error) ||
            n_again != frames.n)
            abort();
        struct nnp_frames all = {.n = n_again, .structures = again};
        nnp_frames_free(&all);
        free(text.data);
    }
    nnp_frames_free(&frames);
    return 0;
}
