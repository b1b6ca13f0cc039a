/* Whether the periodic vectors of a cell span a volume. */
#ifndef NNP_CELL_CHECK_H
#define NNP_CELL_CHECK_H

#include "lexer.h"
#include "nnp/neighbor.h"

/* Volume of the parallelepiped of the periodic vectors (area or length where they are fewer, 1
 * where there is none), and the product of their lengths. */
void nnp_cell_measure(const struct nnp_cell *cell, double *volume, double *lengths);

/* Smallest volume relative to the product of the lengths that passes for a cell. */
#define NNP_SMALLEST_VOLUME 1e-6

/* NNP_ERROR_GEOMETRY: the periodic vectors are linearly dependent. */
enum nnp_status nnp_cell_check(const struct nnp_source *source,
                               const struct nnp_cell *cell) NNP_MUST_CHECK;

#endif
