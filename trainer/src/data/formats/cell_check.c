/* Volume of the periodic vectors of a cell. */
#include "cell_check.h"

#include <math.h>
#include <string.h>

static double norm(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* By the Gram-Schmidt process. */
void nnp_cell_measure(const struct nnp_cell *cell, double *volume, double *lengths)
{
    double basis[3][3];
    int n = 0;
    *volume = *lengths = 1.0;
    for (int a = 0; a < 3; a++) {
        if (!cell->periodic[a])
            continue;
        double *e = basis[n];
        memcpy(e, cell->vectors[a], sizeof basis[n]);
        *lengths *= norm(e);
        for (int k = 0; k < n; k++) {
            double s = e[0] * basis[k][0] + e[1] * basis[k][1] + e[2] * basis[k][2];
            for (int x = 0; x < 3; x++)
                e[x] -= s * basis[k][x];
        }
        double height = norm(e);
        for (int x = 0; x < 3; x++)
            e[x] /= height > 0.0 ? height : 1.0;
        *volume *= height;
        n++;
    }
}

enum nnp_status nnp_cell_check(const struct nnp_source *source, const struct nnp_cell *cell)
{
    double volume, lengths;
    nnp_cell_measure(cell, &volume, &lengths);
    if (isfinite(volume) && volume > NNP_SMALLEST_VOLUME * lengths)
        return NNP_SUCCESS;
    if (!cell->periodic[0] && !cell->periodic[1] && !cell->periodic[2])
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_GEOMETRY,
                            "found a cell of volume %g, expected linearly independent vectors",
                            volume);
}
