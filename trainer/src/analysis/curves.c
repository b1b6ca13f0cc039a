#include "curves.h"

#include "dataset.h"
#include "table.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char ending[] = "_eos", prefix[] = "eos_";

static bool ends_with(const char *text, const char *tail)
{
    const size_t n = strlen(text), m = strlen(tail);
    return n > m && strcmp(text + n - m, tail) == 0;
}

/* The curve of a name that was begun by this file, or a new one. */
static enum nnp_status find_or_add(struct nnp_curves *curves, int n_before, const char *name,
                                   const char *file, struct nnp_curve **found,
                                   struct nnp_error *error)
{
    const struct nnp_curve *known = nnp_curves_find(curves, name);
    *found = known ? &curves->curves[known - curves->curves] : NULL;
    if (known && known - curves->curves < n_before)
        return nnp_error_set(
            error, NNP_ERROR_INCONSISTENT,
            "%s: the curve %s is in %s as well; names of curves may occur once", file, name,
            known->file);
    if (known)
        return NNP_SUCCESS;
    struct nnp_curve *grown =
        realloc(curves->curves, ((size_t)curves->n + 1) * sizeof *curves->curves);
    if (!grown)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the curve %s", name);
    curves->curves = grown;
    struct nnp_curve *curve = &grown[curves->n++];
    *curve = (struct nnp_curve){.name = nnp_text_copy(name), .file = nnp_text_copy(file)};
    if (!curve->name || !curve->file)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the curve %s", name);
    *found = curve;
    return NNP_SUCCESS;
}

static enum nnp_status add_point(struct nnp_curve *curve, double volume, double energy,
                                 struct nnp_error *error)
{
    if (curve->n == curve->capacity) {
        const int capacity = curve->capacity ? 2 * curve->capacity : 16;
        const size_t bytes = (size_t)capacity * sizeof *curve->volumes;
        double *volumes = realloc(curve->volumes, bytes);
        curve->volumes = volumes ? volumes : curve->volumes;
        double *energies = volumes ? realloc(curve->energies, bytes) : NULL;
        if (!energies)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the curve %s",
                                 curve->name);
        curve->energies = energies;
        curve->capacity = capacity;
    }
    curve->volumes[curve->n] = volume;
    curve->energies[curve->n++] = energy;
    return NNP_SUCCESS;
}

/* The name that a file stands for; the caller frees it. */
static char *name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    if (strncmp(base, prefix, strlen(prefix)) == 0)
        base += strlen(prefix);
    char *name = nnp_text_copy(base);
    if (name && ends_with(name, ".csv"))
        name[strlen(name) - strlen(".csv")] = '\0';
    return name;
}

static enum nnp_status take_rows(struct nnp_curves *curves, const struct nnp_table *table,
                                 const char *name, struct nnp_error *error)
{
    const int volume = nnp_table_column(table, "volume"),
              energy = nnp_table_column(table, "energy"),
              label = nnp_table_column(table, "curve"), n_before = curves->n;
    if (volume < 0 || energy < 0)
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "%s has no column %s; a curve needs volume and energy per atom",
                             table->path, volume < 0 ? "volume" : "energy");
    enum nnp_status status = NNP_SUCCESS;
    for (int row = 0; row < table->n_rows && !status; row++) {
        struct nnp_curve *curve;
        double v, e;
        status =
            find_or_add(curves, n_before, label >= 0 ? nnp_table_cell(table, row, label) : name,
                        table->path, &curve, error);
        if (!status)
            status = nnp_table_number(table, row, volume, &v, error);
        if (!status)
            status = nnp_table_number(table, row, energy, &e, error);
        if (!status)
            status = add_point(curve, v, e, error);
    }
    return status;
}

static enum nnp_status read_table(struct nnp_curves *curves, const char *path,
                                  struct nnp_error *error)
{
    struct nnp_table table;
    enum nnp_status status = nnp_table_read(&table, path, error);
    if (status)
        return status;
    char *name = name_of_file(path);
    status = name ? take_rows(curves, &table, name, error)
                  : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the curve %s", path);
    free(name);
    nnp_table_free(&table);
    return status;
}

static enum nnp_status add_structure(struct nnp_curves *curves, int n_before,
                                     const struct nnp_structure *structure,
                                     struct nnp_error *error)
{
    const struct nnp_cell *cell = &structure->cell;
    struct nnp_curve *curve;
    if (!structure->has_energy ||
        !(cell->periodic[0] && cell->periodic[1] && cell->periodic[2]))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "%s:%d: a structure of %s has no energy, or is not periodic in "
                             "all directions",
                             structure->file, structure->line, structure->group);
    char *name = nnp_text_copy(structure->group);
    if (!name)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a curve");
    name[strlen(name) - strlen(ending)] = '\0';
    enum nnp_status status =
        find_or_add(curves, n_before, name, structure->file, &curve, error);
    free(name);
    return status ? status
                  : add_point(curve, nnp_cell_volume(cell) / structure->n_atoms,
                              structure->energy / structure->n_atoms, error);
}

static enum nnp_status read_structures(struct nnp_curves *curves, const char *path,
                                       struct nnp_error *error)
{
    struct nnp_dataset dataset = {0};
    const int n_before = curves->n;
    enum nnp_status status = nnp_dataset_read(&dataset, path, NULL, error);
    for (int s = 0; s < dataset.n_structures && !status; s++)
        if (dataset.structures[s].group && ends_with(dataset.structures[s].group, ending))
            status = add_structure(curves, n_before, &dataset.structures[s], error);
    if (!status && curves->n == n_before)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "%s: no structure is of a group (config_type) whose name ends "
                               "in %s; such groups are taken for curves",
                               path, ending);
    nnp_dataset_free(&dataset);
    return status;
}

enum nnp_status nnp_curves_read(struct nnp_curves *curves, const char *path,
                                struct nnp_error *error)
{
    return ends_with(path, ".csv") ? read_table(curves, path, error)
                                   : read_structures(curves, path, error);
}

const struct nnp_curve *nnp_curves_find(const struct nnp_curves *curves, const char *name)
{
    for (int k = 0; k < curves->n; k++)
        if (strcmp(curves->curves[k].name, name) == 0)
            return &curves->curves[k];
    return NULL;
}

void nnp_curves_free(struct nnp_curves *curves)
{
    for (int k = 0; k < curves->n; k++) {
        free(curves->curves[k].name);
        free(curves->curves[k].file);
        free(curves->curves[k].volumes);
        free(curves->curves[k].energies);
    }
    free(curves->curves);
    *curves = (struct nnp_curves){0};
}
