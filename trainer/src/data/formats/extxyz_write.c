/* Writing of extended XYZ, so that reading it gives the same structure. */
#include "extxyz.h"
#include "nnp/element.h"

#include <string.h>

static bool has_lattice(const struct nnp_cell *cell)
{
    const double *v = &cell->vectors[0][0];
    bool any = cell->periodic[0] || cell->periodic[1] || cell->periodic[2];
    for (int k = 0; k < 9; k++)
        any = any || v[k] != 0.0;
    return any;
}

static void append_doubles(struct nnp_text *text, const double *values, int n)
{
    for (int k = 0; k < n; k++) {
        if (k > 0)
            nnp_text_append(text, " ");
        nnp_text_append_double(text, values[k]);
    }
}

static void append_cell(struct nnp_text *text, const struct nnp_cell *cell)
{
    if (has_lattice(cell)) {
        nnp_text_append(text, "Lattice=\"");
        append_doubles(text, &cell->vectors[0][0], 9);
        nnp_text_append(text, "\" ");
    }
    nnp_text_append(text, "pbc=\"%c %c %c\"", cell->periodic[0] ? 'T' : 'F',
                    cell->periodic[1] ? 'T' : 'F', cell->periodic[2] ? 'T' : 'F');
}

/* In quotes where the reader would take it for more than a word. */
static void append_group(struct nnp_text *text, const char *group)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-+.:/";
    bool plain = strspn(group, word) == strlen(group);
    nnp_text_append(text, plain ? " config_type=" : " config_type=\"");
    for (const char *c = group; *c; c++)
        nnp_text_append(text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c == '\n' ? ' ' : *c);
    nnp_text_append(text, plain ? "" : "\"");
}

static void append_comment(struct nnp_text *text, const struct nnp_structure *structure,
                           int n_columns, const struct nnp_extxyz_column *columns)
{
    append_cell(text, &structure->cell);
    nnp_text_append(text, " Properties=species:S:1:pos:R:3%s",
                    structure->has_forces ? ":forces:R:3" : "");
    for (int c = 0; c < n_columns; c++)
        nnp_text_append(text, ":%s:R:1", columns[c].name);
    if (structure->has_energy) {
        nnp_text_append(text, " energy=");
        nnp_text_append_double(text, structure->energy);
    }
    if (structure->has_stress) {
        const double *s = structure->stress;
        const double tensor[9] = {s[0], s[3], s[4], s[3], s[1], s[5], s[4], s[5], s[2]};
        nnp_text_append(text, " stress=\"");
        append_doubles(text, tensor, 9);
        nnp_text_append(text, "\"");
    }
    if (structure->group && *structure->group)
        append_group(text, structure->group);
    if (structure->info && *structure->info)
        nnp_text_append(text, " %s", structure->info);
    nnp_text_append(text, "\n");
}

void nnp_extxyz_append_columns(struct nnp_text *text, const struct nnp_structure *structure,
                               int n_columns, const struct nnp_extxyz_column *columns)
{
    nnp_text_append(text, "%d\n", structure->n_atoms);
    append_comment(text, structure, n_columns, columns);
    for (int i = 0; i < structure->n_atoms; i++) {
        nnp_text_append(text, "%-2s ", nnp_element_symbol(structure->atomic_numbers[i]));
        append_doubles(text, &structure->positions[3 * (size_t)i], 3);
        if (structure->has_forces) {
            nnp_text_append(text, " ");
            append_doubles(text, &structure->forces[3 * (size_t)i], 3);
        }
        for (int c = 0; c < n_columns; c++) {
            nnp_text_append(text, " ");
            nnp_text_append_double(text, columns[c].values[i]);
        }
        nnp_text_append(text, "\n");
    }
}

void nnp_extxyz_append(struct nnp_text *text, const struct nnp_structure *structure,
                       const double *atomic_energies)
{
    const struct nnp_extxyz_column column = {"atomic_energy", atomic_energies};
    nnp_extxyz_append_columns(text, structure, atomic_energies ? 1 : 0, &column);
}
