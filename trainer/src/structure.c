/* Structures own their arrays and strings. */
#include "structure.h"

#include <stdlib.h>
#include <string.h>

void nnp_structure_free(struct nnp_structure *structure)
{
    if (!structure)
        return;
    free(structure->atomic_numbers);
    free(structure->positions);
    free(structure->forces);
    free(structure->group);
    free(structure->info);
    free(structure->file);
    memset(structure, 0, sizeof *structure);
}
