/* Cell of a frame of extended XYZ.
 *
 * Lattice holds the vectors a, b, c one after the other; without it the frame is a cluster.
 * Vectors may turn to the left: distances, and with them all that a potential sees, are the
 * same.
 */
#include "cell_check.h"
#include "extxyz_comment.h"

#include <math.h>
#include <string.h>

static enum nnp_status read_lattice(const struct nnp_source *source,
                                    const struct nnp_extxyz_pair *lattice,
                                    struct nnp_cell *cell)
{
    double numbers[9];
    int n;
    enum nnp_status status = nnp_extxyz_read_numbers(source, lattice, 9, numbers, &n);
    if (status)
        return status;
    if (n != 9)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found %s%d numbers in Lattice, expected 9: ax ay az bx by bz "
                                "cx cy cz",
                                n > 9 ? "more than " : "", n > 9 ? 9 : n);
    memcpy(cell->vectors, numbers, sizeof numbers);
    for (int a = 0; a < 3; a++)
        cell->periodic[a] = true;
    return NNP_SUCCESS;
}

static bool read_flag(struct nnp_span item, bool *flag)
{
    *flag = nnp_span_equals_any_case(item, "T") || nnp_span_equals_any_case(item, "true") ||
            nnp_span_equals(item, "1");
    return *flag || nnp_span_equals_any_case(item, "F") ||
           nnp_span_equals_any_case(item, "false") || nnp_span_equals(item, "0");
}

static enum nnp_status read_pbc(const struct nnp_source *source,
                                const struct nnp_extxyz_pair *pbc, bool has_lattice,
                                bool periodic[3])
{
    struct nnp_span rest = pbc->value, item;
    int n = 0;
    while (n < 3 && nnp_span_item(&rest, &item) && read_flag(item, &periodic[n]))
        n++;
    if (n != 3 || nnp_span_item(&rest, &item))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found pbc=\"%s\", expected three of T and F",
                                nnp_span_excerpt(pbc->value).text);
    if (!has_lattice && (periodic[0] || periodic[1] || periodic[2]))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found pbc=\"%s\" without Lattice, expected both, or \"F F F\"",
                                nnp_span_excerpt(pbc->value).text);
    return NNP_SUCCESS;
}

enum nnp_status nnp_extxyz_read_cell(const struct nnp_source *source,
                                     const struct nnp_extxyz_pair *lattice,
                                     const struct nnp_extxyz_pair *pbc, struct nnp_cell *cell,
                                     double *volume)
{
    enum nnp_status status = NNP_SUCCESS;
    if (lattice)
        status = read_lattice(source, lattice, cell);
    if (!status && pbc)
        status = read_pbc(source, pbc, lattice != NULL, cell->periodic);
    *volume = 1.0;
    if (status || !lattice)
        return status;
    double lengths;
    nnp_cell_measure(cell, volume, &lengths);
    if (!isfinite(*volume) || !(*volume > NNP_SMALLEST_VOLUME * lengths))
        return nnp_source_error(source, NNP_ERROR_GEOMETRY,
                                "found Lattice=\"%s\", expected linearly independent vectors "
                                "in the periodic directions",
                                nnp_span_excerpt(lattice->value).text);
    return NNP_SUCCESS;
}
