/* Sums of squared residuals by name. */
#include "accuracy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct nnp_accuracy *find_row(struct nnp_accuracy_table *table, const char *name)
{
    for (int r = 0; r < table->n_rows; r++)
        if (strcmp(table->rows[r].name, name) == 0)
            return &table->rows[r];
    struct nnp_accuracy *rows =
        realloc(table->rows, ((size_t)table->n_rows + 1) * sizeof *table->rows);
    if (!rows)
        return NULL;
    table->rows = rows;
    rows[table->n_rows] = (struct nnp_accuracy){.name = strdup(name)};
    if (!rows[table->n_rows].name)
        return NULL;
    return &rows[table->n_rows++];
}

enum nnp_status nnp_accuracy_add(struct nnp_accuracy_table *table, const char *name,
                                 const struct nnp_structure *structure,
                                 const struct nnp_residual *residual, struct nnp_error *error)
{
    struct nnp_accuracy *row = find_row(table, name);
    if (!row)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the errors of %.100s",
                             name);
    double n_atoms = structure->n_atoms, volume = nnp_cell_volume(&structure->cell);
    row->n_structures++;
    if (!(residual->energy < 0.0)) {
        row->n_energies++;
        row->energy += residual->energy / (n_atoms * n_atoms);
    }
    if (!(residual->forces < 0.0)) {
        row->n_forces += 3 * (long)structure->n_atoms;
        row->forces += residual->forces;
    }
    if (!(residual->virial < 0.0) && volume > 0.0) {
        row->n_stresses += 6;
        row->stress += residual->virial / (volume * volume);
    }
    return NNP_SUCCESS;
}

void nnp_accuracy_free(struct nnp_accuracy_table *table)
{
    for (int r = 0; r < table->n_rows; r++)
        free(table->rows[r].name);
    free(table->rows);
    *table = (struct nnp_accuracy_table){0};
}

static double root_mean(double sum, double n)
{
    return n > 0.0 ? sqrt(sum / n) : -1.0;
}

struct nnp_rmse nnp_accuracy_rmse(const struct nnp_accuracy *row)
{
    return (struct nnp_rmse){
        .set = row->name,
        .n_structures = row->n_structures,
        .energy = root_mean(row->energy, row->n_energies),
        .forces = root_mean(row->forces, (double)row->n_forces),
        .stress = root_mean(row->stress, (double)row->n_stresses),
    };
}
