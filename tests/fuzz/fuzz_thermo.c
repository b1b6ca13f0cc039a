/* Fuzzing of the reader of energies from LAMMPS' logs: no text does harm, steps ascend and
 * energies are finite. */
#include "thermo.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_thermo thermo;
    struct nnp_error error;
    const enum nnp_status status =
        nnp_thermo_parse(&thermo, "fuzz.log", (const char *)data, size, 27.0, &error);
    if (!!status == !!thermo.n)
        abort();
    for (int i = 0; i < thermo.n; i++)
        if (!isfinite(thermo.steps[i].energy) ||
            (i > 0 && thermo.steps[i].step <= thermo.steps[i - 1].step))
            abort();
    nnp_thermo_free(&thermo);
    return 0;
}
