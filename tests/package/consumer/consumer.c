/* A program outside of the project: reads a potential that is not there and says so. */
#include <nnp/potential.h>
#include <stdio.h>

int main(void)
{
    struct nnp_potential *potential;
    struct nnp_error error;
    const enum nnp_status status = nnp_potential_read(&potential, "no/such/file.nnp", &error);
    nnp_potential_free(potential);
    printf("%s: %s\n", nnp_status_message(status), status ? error.message : "");
    return status == NNP_ERROR_FILE ? 0 : 1;
}
