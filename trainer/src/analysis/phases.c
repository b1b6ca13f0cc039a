#include "phases.h"

#include "dataset.h"
#include "nnp/element.h"
#include "table.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Phases with amounts by atomic number, until all elements are known. */
struct reading {
    struct nnp_phases *phases;
    struct nnp_error *error;
    bool seen[NNP_PHASES_MAX_ELEMENTS + 1];
};

static enum nnp_status no_memory(struct reading *reading)
{
    return nnp_error_set(reading->error, NNP_ERROR_MEMORY, "no memory for %d phases",
                         reading->phases->n + 1);
}

/* amount: [NNP_PHASES_MAX_ELEMENTS + 1] by atomic number. */
static enum nnp_status add_phase(struct reading *reading, const char *name, const char *group,
                                 double energy, const double *amount)
{
    struct nnp_phases *phases = reading->phases;
    struct nnp_phase *grown =
        realloc(phases->phases, ((size_t)phases->n + 1) * sizeof *phases->phases);
    if (!grown)
        return no_memory(reading);
    phases->phases = grown;
    struct nnp_phase *phase = &grown[phases->n++];
    *phase = (struct nnp_phase){
        .name = nnp_text_copy(name),
        .group = nnp_text_copy(group),
        .energy = energy,
        .amount = malloc((NNP_PHASES_MAX_ELEMENTS + 1) * sizeof *phase->amount)};
    if (!phase->name || !phase->group || !phase->amount)
        return no_memory(reading);
    memcpy(phase->amount, amount, (NNP_PHASES_MAX_ELEMENTS + 1) * sizeof *amount);
    return NNP_SUCCESS;
}

static enum nnp_status read_row(struct reading *reading, const struct nnp_table *table, int row,
                                const int *numbers)
{
    double amount[NNP_PHASES_MAX_ELEMENTS + 1] = {0.0}, energy = 0.0, total = 0.0;
    const int energy_column = nnp_table_column(table, "energy"),
              name_column = nnp_table_column(table, "phase"),
              group_column = nnp_table_column(table, "group");
    enum nnp_status status =
        nnp_table_number(table, row, energy_column, &energy, reading->error);
    for (int c = 0; c < table->n_columns && !status; c++) {
        if (!numbers[c])
            continue;
        status = nnp_table_number(table, row, c, &amount[numbers[c]], reading->error);
        if (!status && amount[numbers[c]] < 0.0)
            status = nnp_error_set(reading->error, NNP_ERROR_VALUE,
                                   "%s:%d: column %s has %s, where a number of atoms was "
                                   "expected",
                                   table->path, table->lines[row], table->names[c],
                                   nnp_table_cell(table, row, c));
        total += amount[numbers[c]];
    }
    if (!status && !(total > 0.0))
        status = nnp_error_set(reading->error, NNP_ERROR_INCONSISTENT,
                               "%s:%d: the phase has no atoms", table->path, table->lines[row]);
    if (status)
        return status;
    return add_phase(reading, name_column < 0 ? "" : nnp_table_cell(table, row, name_column),
                     group_column < 0 ? "" : nnp_table_cell(table, row, group_column), energy,
                     amount);
}

static enum nnp_status read_rows(struct reading *reading, const struct nnp_table *table)
{
    int *numbers = calloc((size_t)table->n_columns, sizeof *numbers), n_elements = 0;
    if (!numbers)
        return no_memory(reading);
    for (int c = 0; c < table->n_columns; c++) {
        numbers[c] = nnp_element_from_symbol(table->names[c]);
        n_elements += numbers[c] > 0;
        reading->seen[numbers[c]] = true;
    }
    enum nnp_status status = NNP_SUCCESS;
    if (n_elements == 0 || nnp_table_column(table, "energy") < 0)
        status = nnp_error_set(reading->error, NNP_ERROR_SYNTAX,
                               "%s has no column %s; phases need numbers of atoms in columns "
                               "named by elements, and energy in eV/atom",
                               table->path, n_elements == 0 ? "named by an element" : "energy");
    for (int row = 0; row < table->n_rows && !status; row++)
        status = read_row(reading, table, row, numbers);
    free(numbers);
    return status;
}

/* The value of key= in a comment line into text, "" if it is not there. */
static void find_value(const char *info, const char *key, char *text, size_t size)
{
    const size_t length = strlen(key);
    text[0] = '\0';
    for (const char *at = info; at && (at = strstr(at, key)); at += length) {
        if ((at != info && at[-1] != ' ') || at[length] != '=')
            continue;
        const char *value = at + length + 1;
        size_t n = *value == '"' ? strcspn(++value, "\"") : strcspn(value, " ");
        n = n < size ? n : size - 1;
        memcpy(text, value, n);
        text[n] = '\0';
        return;
    }
}

static enum nnp_status add_structure(struct reading *reading,
                                     const struct nnp_structure *structure)
{
    double amount[NNP_PHASES_MAX_ELEMENTS + 1] = {0.0};
    char name[256];
    if (!structure->has_energy)
        return nnp_error_set(reading->error, NNP_ERROR_VALUE,
                             "%s:%d: the structure has no energy", structure->file,
                             structure->line);
    for (int i = 0; i < structure->n_atoms; i++) {
        amount[structure->atomic_numbers[i]] += 1.0;
        reading->seen[structure->atomic_numbers[i]] = true;
    }
    find_value(structure->info, "sid", name, sizeof name);
    if (!name[0])
        find_value(structure->info, "name", name, sizeof name);
    struct nnp_text place = {0};
    nnp_text_append(&place, "%s:%d", structure->file, structure->line);
    if (place.failed)
        return no_memory(reading);
    const enum nnp_status status = add_phase(reading, name[0] ? name : place.data,
                                             structure->group ? structure->group : "",
                                             structure->energy / structure->n_atoms, amount);
    free(place.data);
    return status;
}

static enum nnp_status read_file(struct reading *reading, const char *path)
{
    const char *dot = strrchr(path, '.');
    enum nnp_status status;
    if (dot && strcmp(dot, ".csv") == 0) {
        struct nnp_table table;
        status = nnp_table_read(&table, path, reading->error);
        if (!status)
            status = read_rows(reading, &table);
        nnp_table_free(&table);
    } else {
        struct nnp_dataset dataset = {0};
        status = nnp_dataset_read(&dataset, path, NULL, reading->error);
        for (int s = 0; s < dataset.n_structures && !status; s++)
            status = add_structure(reading, &dataset.structures[s]);
        nnp_dataset_free(&dataset);
    }
    return status;
}

enum nnp_status nnp_phases_read(struct nnp_phases *phases, int n_files,
                                const char *const *files, struct nnp_error *error)
{
    struct reading reading = {.phases = phases, .error = error};
    enum nnp_status status = NNP_SUCCESS;
    *phases = (struct nnp_phases){0};
    for (int k = 0; k < n_files && !status; k++)
        status = read_file(&reading, files[k]);
    for (int z = 1; z <= NNP_PHASES_MAX_ELEMENTS; z++)
        if (reading.seen[z])
            phases->atomic_numbers[phases->n_elements++] = z;
    for (int p = 0; p < phases->n; p++) /* in place: atomic numbers are above their indices */
        for (int e = 0; e < phases->n_elements && phases->phases[p].amount; e++)
            phases->phases[p].amount[e] = phases->phases[p].amount[phases->atomic_numbers[e]];
    if (status)
        nnp_phases_free(phases);
    return status;
}

int nnp_phases_find(const struct nnp_phases *phases, const char *name)
{
    for (int p = 0; p < phases->n; p++)
        if (strcmp(phases->phases[p].name, name) == 0)
            return p;
    return -1;
}

void nnp_phases_free(struct nnp_phases *phases)
{
    for (int p = 0; p < phases->n; p++) {
        free(phases->phases[p].name);
        free(phases->phases[p].group);
        free(phases->phases[p].amount);
    }
    free(phases->phases);
    *phases = (struct nnp_phases){0};
}
