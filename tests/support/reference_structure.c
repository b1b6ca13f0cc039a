#include "reference_structure.h"

#include "nnp/element.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* The stresses were pressures in bar, made by LAMMPS with its rounded constant (update.cpp,
 * nktv2p of units metal) and turned into eV/Angstrom^3 with the exact one. */
static const double stress_correction = 1.602176634e6 / 1.6021765e6;

/* n numbers behind key in the comment line, which may be quoted. */
static bool find_numbers(const char *comment, const char *key, int n, double *values)
{
    const char *at = strstr(comment, key);

    if (!at)
        return false;
    at += strlen(key);
    at += *at == '"';
    for (int i = 0; i < n; i++) {
        char *end;

        values[i] = strtod(at, &end);
        if (end == at)
            return false;
        at = end;
    }
    return true;
}

static bool parse_comment(struct reference_structure *structure, const char *comment)
{
    double lattice[9], stress[9];

    if (!find_numbers(comment, "Lattice=", 9, lattice) ||
        !find_numbers(comment, " energy=", 1, &structure->energy) ||
        !find_numbers(comment, "stress=", 9, stress) || !strstr(comment, "pbc=\"T T T\"") ||
        !strstr(comment, "species:S:1:pos:R:3:forces:R:3:atomic_energy:R:1"))
        return false;
    for (int i = 0; i < 9; i++)
        structure->cell.vectors[i / 3][i % 3] = lattice[i];
    for (int d = 0; d < 3; d++)
        structure->cell.periodic[d] = true;

    static const int voigt[6] = {0, 4, 8, 1, 2, 5};

    for (int i = 0; i < 6; i++)
        structure->stress[i] = stress[voigt[i]] * stress_correction;
    return true;
}

static bool parse_atom(struct reference_structure *structure, int i, char *line)
{
    double values[7];
    char *save = NULL, *word = strtok_r(line, " ", &save);

    structure->atomic_numbers[i] = word ? nnp_element_from_symbol(word) : 0;
    for (int k = 0; k < 7; k++) {
        word = strtok_r(NULL, " \r", &save);
        if (!word || !nnp_text_to_double(word, &values[k]))
            return false;
    }
    memcpy(&structure->positions[3 * i], values, 3 * sizeof(*values));
    memcpy(&structure->forces[3 * i], values + 3, 3 * sizeof(*values));
    structure->atomic_energies[i] = values[6];
    return structure->atomic_numbers[i] > 0;
}

static bool allocate(struct reference_structure *structure)
{
    size_t n = (size_t)structure->n_atoms;

    structure->atomic_numbers = calloc(n, sizeof(*structure->atomic_numbers));
    structure->positions = calloc(3 * n, sizeof(*structure->positions));
    structure->forces = calloc(3 * n, sizeof(*structure->forces));
    structure->atomic_energies = calloc(n, sizeof(*structure->atomic_energies));
    return structure->atomic_numbers && structure->positions && structure->forces &&
           structure->atomic_energies;
}

static bool parse(struct reference_structure *structure, char *text)
{
    char *save = NULL, *line = strtok_r(text, "\n", &save);

    if (!line || !nnp_text_to_int(line, &structure->n_atoms) || structure->n_atoms < 1 ||
        !allocate(structure))
        return false;
    line = strtok_r(NULL, "\n", &save);
    if (!line || !parse_comment(structure, line))
        return false;
    for (int i = 0; i < structure->n_atoms; i++) {
        line = strtok_r(NULL, "\n", &save);
        if (!line || !parse_atom(structure, i, line))
            return false;
    }
    return true;
}

enum nnp_status reference_structure_read(struct reference_structure *structure,
                                         const char *path, struct nnp_error *error)
{
    char *text = NULL;
    size_t length;
    enum nnp_status status;

    memset(structure, 0, sizeof(*structure));
    status = nnp_file_read(path, &text, &length, error);
    if (status == NNP_SUCCESS && !parse(structure, text))
        status = nnp_error_set(error, NNP_ERROR_SYNTAX, "%s: not a reference structure", path);
    free(text);
    if (status != NNP_SUCCESS)
        reference_structure_free(structure);
    return status;
}

void reference_structure_free(struct reference_structure *structure)
{
    free(structure->atomic_numbers);
    free(structure->positions);
    free(structure->forces);
    free(structure->atomic_energies);
    memset(structure, 0, sizeof(*structure));
}
