/* Functions that let large residuals count less than their squares:
 *
 *   rho(u^2) = d^2 phi(u^2 / d^2)
 *
 *   huber         phi(s) = s for s <= 1, else 2 sqrt(s) - 1    [1]
 *   pseudo-huber  phi(s) = 2 (sqrt(1 + s) - 1)                 [2]
 *   cauchy        phi(s) = ln(1 + s)
 *
 * with a threshold d; all are u^2 for small u.  phi is concave, so that squares with the
 * weights phi'(s) are above rho and touch it (iteratively reweighted least squares): with them
 * the normal equations have the gradient of rho itself.
 *
 * [1] P. J. Huber, Ann. Math. Stat. 35, 73 (1964).
 * [2] P. Charbonnier et al., IEEE Trans. Image Process. 6, 298 (1997). */
#ifndef NNP_ROBUST_H
#define NNP_ROBUST_H

#include "config.h"

/* rho of a squared residual, and *weight = phi'; the square and 1 for a threshold of 0. */
double nnp_robust_evaluate(enum nnp_robust_function function, double threshold, double square,
                           double *weight);

#endif
