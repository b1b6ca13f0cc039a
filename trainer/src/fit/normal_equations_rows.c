/* Rows of a chunk of a structure, from the descriptors' Jacobian on. */
#include "normal_equations_parts.h"

#include <math.h>
#include <string.h>

enum { TOGETHER = 8 }; /* parameters that are written to a row at once: a line of the cache */

/* Derivatives of the chunk's y and, behind them, of E by the parameters of element e, whose
 * part of the slice this is. */
static void differentiate(const struct nnp_normal_equations *equations, int thread, int e,
                          const struct nnp_rows_source *source, const double *slice,
                          int n_columns, double *derivatives)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_descriptor_layout *layout = source->layout;
    const struct nnp_rows_work *work = &equations->works[thread];
    struct nnp_network_directions directions = {.n_columns = n_columns};
    if (layout->n_own[e] == 0) {
        memset(derivatives, 0,
               (size_t)nnp_network_n_parameters(&loss->networks[e]) * ((size_t)n_columns + 1) *
                   sizeof *derivatives);
        return;
    }
    if (n_columns > 0 && slice) {
        directions.n_active = layout->n_active[e];
        directions.active = layout->active[e];
        directions.values = slice;
    }
    const struct nnp_folded_network *folded = &loss->folded[e];
    double *found = folded->projection ? work->folded : derivatives;
    nnp_network_rows_evaluate(work->rows[e], loss->works[thread].elements[e].batch, 0,
                              layout->n_own[e], &directions, found);
    if (folded->projection)
        nnp_folded_network_pull_back(folded, n_columns + 1, found, derivatives);
}

/* The same of all elements that the structure may have. */
static void differentiate_all(const struct nnp_normal_equations *equations, int thread,
                              int first_element, int last_element,
                              const struct nnp_rows_source *source, int n_columns,
                              double *derivatives)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_descriptor_layout *layout = source->layout;
    const double *slice = source->slice;
    for (int e = first_element; e <= last_element; e++) {
        const int first = loss->first_parameter[e] - loss->first_parameter[first_element];
        differentiate(equations, thread, e, source, slice, n_columns,
                      derivatives + (size_t)first * ((size_t)n_columns + 1));
        if (slice)
            slice += (size_t)layout->n_own[e] * (size_t)layout->n_active[e] * (size_t)n_columns;
    }
}

/* Rows of the free parameters begin .. end - 1 from J^T, whose rows are n_columns long and
 * begin with that of parameter first_parameter. */
static void transpose(const struct nnp_normal_equations *equations, const double *transposed,
                      int first_parameter, int n_columns, int n_rows, const double *factors,
                      const int range[2], double *rows)
{
    const size_t width = (size_t)equations->n_free + 2;
    for (int f = range[0]; f < range[1]; f += TOGETHER) {
        int n = range[1] - f < TOGETHER ? range[1] - f : TOGETHER;
        const double *from[TOGETHER];
        for (int q = 0; q < n; q++)
            from[q] = transposed +
                      (size_t)(equations->free[f + q] - first_parameter) * (size_t)n_columns;
        for (int c = 0; c < n_rows; c++)
            for (int q = 0; q < n; q++)
                rows[(size_t)c * width + (size_t)(f + q)] = factors[c] * from[q][c];
    }
}

void nnp_rows_evaluate(struct nnp_normal_equations *equations, int thread, int k, int i,
                       const struct nnp_rows_source *source)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_batch_member *member = &equations->plan.members[k];
    const int first_element = equations->first_used[member->structure];
    const int last_element = equations->last_used[member->structure];
    const int first = nnp_batch_member_row(member, i);
    const int n_rows = nnp_batch_member_row(member, i + 1) - first;
    const bool has_energy = first + n_rows == member->n_rows;
    const int n_columns = n_rows - has_energy;
    const size_t width = (size_t)equations->n_free + 2;
    const int range[2] = {equations->first_free[first_element],
                          equations->first_free[last_element + 1]};
    double *rows = equations->rows.data + (size_t)(member->first_row + first) * width;
    double *transposed = equations->works[thread].transposed;
    const bool is_complete = n_columns == 0 || source->slice;
    differentiate_all(equations, thread, first_element, last_element, source, n_columns,
                      transposed);
    memset(rows, 0, (size_t)n_rows * width * sizeof *rows);
    transpose(equations, transposed, loss->first_parameter[first_element], n_columns + 1,
              n_rows, source->factors, range, rows);
    for (int c = 0; c < n_rows; c++, rows += width) {
        const double sum =
            equations->kernels->sum_squares(range[1] - range[0], rows + range[0]);
        rows[equations->n_free] = source->residuals[c];
        rows[equations->n_free + 1] = is_complete ? sum : NAN; /* to be refused */
    }
}
