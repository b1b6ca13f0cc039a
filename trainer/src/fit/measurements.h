/* Residuals and their derivatives by n variables, as the Kalman filter takes them. */
#ifndef NNP_MEASUREMENTS_H
#define NNP_MEASUREMENTS_H

/* Rows first .. end - 1 depend on variables begin_variable .. end_variable - 1 only. */
struct nnp_measured_run {
    int first, end, begin_variable, end_variable;
};

/* Rows stand width = n + 2 apart: n derivatives, the residual, and the sum of the squares of
 * the derivatives.  diagonal, vector: J^T J and J^T r of residuals of one variable each, which
 * are not among the rows. */
struct nnp_measurements {
    int n_rows, width, n_runs;
    const double *rows;                  /* [n_rows][width] */
    const struct nnp_measured_run *runs; /* [n_runs], of all rows in their order */
    const double *diagonal, *vector;     /* [n] */
};

#endif
