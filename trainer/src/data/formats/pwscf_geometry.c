/* Geometry in the output of pw.x. */
#include "pwscf_parts.h"

#include "cell_check.h"
#include "nnp/element.h"
#include "units.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool nnp_pwscf_line(struct nnp_source *source, struct nnp_span *line)
{
    return nnp_source_line(source, line) && line->end < source->end;
}

bool nnp_pwscf_number(struct nnp_span line, const char *string, double *value)
{
    struct nnp_span behind;
    return nnp_span_behind(line, string, &behind) && nnp_span_number(&behind, value);
}

void nnp_pwscf_geometry_free(struct nnp_pwscf_geometry *geometry)
{
    free(geometry->atomic_numbers);
    free(geometry->positions);
    memset(geometry, 0, sizeof *geometry);
}

enum nnp_status nnp_pwscf_read_n_atoms(struct nnp_source *source, struct nnp_span line,
                                       struct nnp_pwscf_geometry *geometry)
{
    enum { SHORTEST_LINE = 8 }; /* a label, three numbers and what separates them */
    struct nnp_span behind, token;
    int n;
    if (!nnp_span_behind(line, "=", &behind) || !nnp_span_token(&behind, &token) ||
        !nnp_span_to_int(token, &n) || n < 1)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s', expected '=' and a number of atoms",
                                nnp_span_excerpt(line).text);
    nnp_pwscf_geometry_free(geometry);
    if ((size_t)n > (size_t)(source->end - source->next) / SHORTEST_LINE)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found %d atoms, expected no more than the file can hold", n);
    geometry->n_atoms = n;
    geometry->atomic_numbers = calloc((size_t)n, sizeof *geometry->atomic_numbers);
    geometry->positions = calloc((size_t)n, 3 * sizeof *geometry->positions);
    return geometry->atomic_numbers && geometry->positions
               ? NNP_SUCCESS
               : nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
}

/* Three lines of a vector each, behind a string if it is given, times a unit. */
static enum nnp_status read_vectors(struct nnp_source *source, const char *string, double unit,
                                    struct nnp_pwscf_geometry *geometry, bool *whole)
{
    struct nnp_cell cell = {.periodic = {true, true, true}};
    for (int a = 0; a < 3; a++) {
        struct nnp_span line;
        *whole = nnp_pwscf_line(source, &line);
        if (!*whole)
            return NNP_SUCCESS;
        if (string && !nnp_span_behind(line, string, &line))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found '%s', expected a cell vector behind '%s'",
                                    nnp_span_excerpt(line).text, string);
        enum nnp_status status =
            nnp_source_vector(source, &line, "cell vector", cell.vectors[a]);
        if (status)
            return status;
        for (int x = 0; x < 3; x++)
            cell.vectors[a][x] *= unit;
    }
    geometry->cell = cell;
    geometry->has_cell = true;
    return nnp_cell_check(source, &cell);
}

static enum nnp_status need_alat(const struct nnp_source *source,
                                 const struct nnp_pwscf_geometry *geometry)
{
    if (geometry->alat > 0.0 && isfinite(geometry->alat))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found lengths in units of alat, expected 'lattice parameter "
                            "(alat)' above 0 before");
}

enum nnp_status nnp_pwscf_read_axes(struct nnp_source *source,
                                    struct nnp_pwscf_geometry *geometry, bool *whole)
{
    enum nnp_status status = need_alat(source, geometry);
    return status ? status : read_vectors(source, "= (", geometry->alat, geometry, whole);
}

enum nnp_status nnp_pwscf_read_cell_card(struct nnp_source *source, struct nnp_span heading,
                                         struct nnp_pwscf_geometry *geometry, bool *whole)
{
    struct nnp_span behind;
    double alat;
    if (nnp_span_behind(heading, "angstrom", &behind))
        return read_vectors(source, NULL, 1.0, geometry, whole);
    if (nnp_span_behind(heading, "bohr", &behind))
        return read_vectors(source, NULL, NNP_BOHR, geometry, whole);
    if (!nnp_span_behind(heading, "alat=", &behind))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s', expected (alat= number), (bohr) or "
                                "(angstrom) behind",
                                nnp_span_excerpt(heading).text);
    for (heading.end = behind.begin; heading.end < behind.end && *heading.end != ')';)
        heading.end++;
    behind.end = heading.end;
    if (!nnp_span_number(&behind, &alat) || !(alat > 0.0))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' as alat, expected a number above 0",
                                nnp_span_excerpt(behind).text);
    return read_vectors(source, NULL, alat * NNP_BOHR, geometry, whole);
}

/* The element of a label: the symbol in any case, then anything that is no letter. */
static enum nnp_status read_label(const struct nnp_source *source, struct nnp_span label,
                                  int *atomic_number)
{
    char symbol[3] = "";
    int n = 0;
    for (const char *c = label.begin; c < label.end && isalpha((unsigned char)*c); c++) {
        if (n < 2)
            symbol[n] =
                (char)(n == 0 ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
        n++;
    }
    *atomic_number = n > 0 && n < 3 ? nnp_element_from_symbol(symbol) : 0;
    if (*atomic_number > 0)
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_ELEMENT,
                            "found '%s', expected a label that begins with the symbol of an "
                            "element, such as Fe1",
                            nnp_span_excerpt(label).text);
}

/* "         1           Si  tau(   1) = (   0.0000000   0.0000000   0.0000000  )" */
enum nnp_status nnp_pwscf_read_sites(struct nnp_source *source,
                                     struct nnp_pwscf_geometry *geometry, bool *whole)
{
    enum nnp_status status = need_alat(source, geometry);
    for (int i = 0; i < geometry->n_atoms && !status; i++) {
        double *position = &geometry->positions[3 * (size_t)i];
        struct nnp_span line, number, label;
        *whole = nnp_pwscf_line(source, &line);
        if (!*whole)
            return NNP_SUCCESS;
        if (!nnp_span_token(&line, &number) || !nnp_span_token(&line, &label) ||
            !nnp_span_behind(line, "= (", &line))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found no 'tau(...) = (', expected atom %d of %d", i + 1,
                                    geometry->n_atoms);
        status = read_label(source, label, &geometry->atomic_numbers[i]);
        if (!status)
            status = nnp_source_vector(source, &line, "position", position);
        for (int x = 0; x < 3; x++)
            position[x] *= geometry->alat;
    }
    geometry->has_atoms = true;
    return status;
}

/* The unit of ATOMIC_POSITIONS; 0 for crystal, below 0 if unknown. */
static double unit_of_positions(struct nnp_span heading,
                                const struct nnp_pwscf_geometry *geometry)
{
    struct nnp_span behind;
    if (nnp_span_behind(heading, "angstrom", &behind))
        return 1.0;
    if (nnp_span_behind(heading, "bohr", &behind))
        return NNP_BOHR;
    if (nnp_span_behind(heading, "alat", &behind))
        return geometry->alat;
    return nnp_span_behind(heading, "crystal", &behind) ? 0.0 : -1.0;
}

static void from_crystal(const struct nnp_cell *cell, double position[3])
{
    double cartesian[3];
    for (int x = 0; x < 3; x++)
        cartesian[x] = position[0] * cell->vectors[0][x] + position[1] * cell->vectors[1][x] +
                       position[2] * cell->vectors[2][x];
    memcpy(position, cartesian, sizeof cartesian);
}

enum nnp_status nnp_pwscf_read_positions_card(struct nnp_source *source,
                                              struct nnp_span heading,
                                              struct nnp_pwscf_geometry *geometry, bool *whole)
{
    double unit = unit_of_positions(heading, geometry);
    if (unit < 0.0 || (unit == 0.0 && !geometry->has_cell))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s', expected (alat), (bohr), (angstrom) "
                                "or (crystal) behind, and a cell before",
                                nnp_span_excerpt(heading).text);
    for (int i = 0; i < geometry->n_atoms; i++) {
        double *position = &geometry->positions[3 * (size_t)i];
        struct nnp_span line, label = {0};
        *whole = nnp_pwscf_line(source, &line);
        if (!*whole)
            return NNP_SUCCESS;
        nnp_span_token(&line, &label);
        enum nnp_status status = read_label(source, label, &geometry->atomic_numbers[i]);
        if (!status)
            status = nnp_source_vector(source, &line, "position", position);
        if (status)
            return status;
        if (unit == 0.0)
            from_crystal(&geometry->cell, position);
        for (int x = 0; x < 3 && unit > 0.0; x++)
            position[x] *= unit;
    }
    geometry->has_atoms = true;
    return NNP_SUCCESS;
}
