/* nnp_n2p2_to_nnp FOLDER FILE: writes a potential in n2p2's format as a .nnp file, for tests.
 */
#include "n2p2_read.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct nnp_potential *potential = NULL;
    struct nnp_error error = {0};
    enum nnp_status status;

    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER FILE\n", argv[0]);
        return EXIT_FAILURE;
    }
    status = n2p2_read(&potential, argv[1], &error);
    if (status == NNP_SUCCESS)
        status = nnp_potential_write(potential, argv[2], &error);
    if (status != NNP_SUCCESS)
        fprintf(stderr, "%s\n", error.message);
    nnp_potential_free(potential);
    return status == NNP_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
