/* Tables of thermodynamic output of LAMMPS (thermo_style one or custom; fix print and fix
 * ave/time with a title of column names). */
#include "thermo.h"

#include "lexer.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct table {
    int n_columns, step, energy; /* n_columns 0: not in a table */
};

static bool is_any(struct nnp_span token, const char *const *words)
{
    for (; *words; words++)
        if (nnp_span_equals_any_case(token, *words))
            return true;
    return false;
}

/* Whether the line is a title; '#' before it does not count. */
static bool read_title(struct nnp_span line, struct table *table)
{
    static const char *const steps[] = {"Step", "TimeStep", NULL};
    static const char *const energies[] = {"PotEng", "pe", "c_pe", "v_pe", "energy", NULL};
    struct nnp_span token;
    struct table found = {0, -1, -1};
    while (nnp_span_token(&line, &token)) {
        if (found.n_columns == 0 && nnp_span_equals(token, "#"))
            continue;
        if (found.step < 0 && is_any(token, steps))
            found.step = found.n_columns;
        else if (found.energy < 0 && is_any(token, energies))
            found.energy = found.n_columns;
        found.n_columns++;
    }
    if (found.step < 0 || found.energy < 0)
        return false;
    *table = found;
    return true;
}

/* Whether the line is a row of the table. */
static bool read_row(struct nnp_span line, const struct table *table,
                     struct nnp_thermo_step *step)
{
    struct nnp_span token;
    double value;
    int column = 0;
    for (; nnp_span_token(&line, &token); column++) {
        if (!nnp_span_to_double(token, &value))
            return false;
        if (column == table->step)
            step->step = value > -9e15 && value < 9e15 ? (long long)value : -1;
        if (column == table->energy)
            step->energy = value;
    }
    return column == table->n_columns && column > 0;
}

static int compare_steps(const void *a, const void *b)
{
    const struct nnp_thermo_step *x = a, *y = b;
    return (x->step > y->step) - (x->step < y->step);
}

static int compare(const void *a, const void *b)
{
    const struct nnp_thermo_step *x = a, *y = b;
    int order = compare_steps(a, b);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Sorts by step, and keeps the last row of those that are equal. */
static void sort(struct nnp_thermo *thermo)
{
    int n = 0;
    qsort(thermo->steps, (size_t)thermo->n, sizeof *thermo->steps, compare);
    for (int k = 0; k < thermo->n; k++) {
        n -= n > 0 && thermo->steps[n - 1].step == thermo->steps[k].step;
        thermo->steps[n++] = thermo->steps[k];
    }
    thermo->n = n;
}

static enum nnp_status add(struct nnp_thermo *thermo, const struct nnp_thermo_step *step,
                           const struct nnp_source *source)
{
    if ((thermo->n & (thermo->n - 1)) == 0) {
        size_t room = thermo->n > 0 ? 2 * (size_t)thermo->n : 1;
        struct nnp_thermo_step *moved =
            room > INT_MAX ? NULL : realloc(thermo->steps, room * sizeof *moved);
        if (!moved)
            return nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
        thermo->steps = moved;
    }
    thermo->steps[thermo->n++] = *step;
    return NNP_SUCCESS;
}

enum nnp_status nnp_thermo_parse(struct nnp_thermo *thermo, const char *name, const char *text,
                                 size_t length, double energy_unit, struct nnp_error *error)
{
    struct nnp_source source = {name, text, text + length, 0, error};
    struct nnp_span line;
    struct table table = {0, -1, -1};
    *thermo = (struct nnp_thermo){0};
    enum nnp_status status = nnp_source_check(source, "a text (log of LAMMPS)");
    while (!status && nnp_source_line(&source, &line)) {
        struct nnp_thermo_step step = {-1, thermo->n, 0.0};
        if (read_title(line, &table) || table.n_columns == 0 || !read_row(line, &table, &step))
            continue;
        step.energy *= energy_unit;
        if (isfinite(step.energy))
            status = add(thermo, &step, &source);
    }
    if (!status && thermo->n == 0)
        status = nnp_source_error(&source, NNP_ERROR_SYNTAX,
                                  "found no table with columns Step and PotEng");
    if (status)
        nnp_thermo_free(thermo);
    else
        sort(thermo);
    return status;
}

void nnp_thermo_free(struct nnp_thermo *thermo)
{
    free(thermo->steps);
    *thermo = (struct nnp_thermo){0};
}

int nnp_thermo_apply(const struct nnp_thermo *thermo, int n_structures,
                     struct nnp_structure *structures)
{
    int n = 0;
    for (int s = 0; s < n_structures; s++) {
        struct nnp_structure *structure = &structures[s];
        if (structure->has_energy || !structure->info ||
            strncmp(structure->info, "step=", 5) != 0)
            continue;
        const struct nnp_thermo_step wanted = {.step = strtoll(structure->info + 5, NULL, 10)};
        const struct nnp_thermo_step *found =
            bsearch(&wanted, thermo->steps, (size_t)thermo->n, sizeof wanted, compare_steps);
        if (!found)
            continue;
        structure->energy = found->energy;
        structure->has_energy = true;
        n++;
    }
    return n;
}
