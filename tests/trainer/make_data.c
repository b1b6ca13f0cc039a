/* make_data FILE N SEED: writes N structures with the results of a pair potential. */
#include "extxyz.h"
#include "morse.h"
#include "test_random.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static char *const groups[] = {"pure", "mixed"};
    int n, seed;
    if (argc != 4 || !nnp_text_to_int(argv[2], &n) || !nnp_text_to_int(argv[3], &seed))
        return 2;
    struct nnp_text text = {0};
    unsigned long long random = (unsigned long long)seed;
    for (int s = 0; s < n; s++) {
        struct nnp_structure structure;
        morse_structure(&structure, 1 + (int)test_random(&random, 0.0, 8.0), (s % 4) / 3.0,
                        &random);
        structure.group = groups[s % 4 == 1 || s % 4 == 2];
        nnp_extxyz_append(&text, &structure, NULL);
        structure.group = NULL;
        nnp_structure_free(&structure);
    }
    struct nnp_error error;
    if (text.failed || nnp_file_write(argv[1], text.data, text.length, &error)) {
        fprintf(stderr, "make_data: %s\n", text.failed ? "no memory" : error.message);
        return 1;
    }
    free(text.data);
    return 0;
}
