/* Energy of two atoms against their distance.
 *
 *   cc dimer.c $(pkg-config --cflags --libs nnp) -o dimer
 *   ./dimer AuLi.nnp 79 3 */
#include <nnp/calculator.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct nnp_calculator *calculator;
    struct nnp_error error;
    if (argc != 4) {
        fputs("usage: dimer POTENTIAL Z1 Z2\n", stderr);
        return 2;
    }
    if (nnp_calculator_create(&calculator, argv[1], &error)) {
        fprintf(stderr, "dimer: %s\n", error.message);
        return 1;
    }
    const int numbers[2] = {atoi(argv[2]), atoi(argv[3])};
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < 20 && !status; k++) {
        const double positions[2][3] = {{0.0, 0.0, 0.0}, {2.0 + 0.25 * k, 0.0, 0.0}};
        double energy, forces[2][3];
        status = nnp_calculator_compute(calculator, 2, numbers, &positions[0][0], NULL, NULL,
                                        &energy, NULL, &forces[0][0], NULL, NULL, &error);
        if (!status)
            printf("%6.3f %14.8f %14.8f\n", positions[1][0], energy, forces[1][0]);
    }
    if (status)
        fprintf(stderr, "dimer: %s\n", error.message);
    nnp_calculator_free(calculator);
    return status ? 1 : 0;
}
