/* Cutoff functions fc(r): 1 at small distances, 0 from the cutoff radius on.
 *
 * With x = (r - alpha r_cut) / (r_cut - alpha r_cut), and fc = 1 for r < alpha r_cut:
 *   hard    1
 *   cos     (cos(pi x) + 1) / 2                       [1] eq. 4
 *   tanhu   tanh^3(1 - r / r_cut)                     [2]; alpha must be 0
 *   tanh    tanhu / tanh^3(1)                         alpha must be 0
 *   exp     exp(1 - 1 / (1 - x^2))                    [3]
 *   poly1   (2x - 3) x^2 + 1                          [3], as the following: vanishing
 *   poly2   ((15 - 6x) x - 10) x^3 + 1                derivatives up to the order of the name
 *   poly3   (x (x (20x - 70) + 84) - 35) x^4 + 1      at both ends
 *   poly4   (x (x ((315 - 70x) x - 540) + 420) - 126) x^5 + 1
 *
 * [1] J. Behler, M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007).
 * [2] J. Behler, J. Chem. Phys. 134, 074106 (2011).
 * [3] A. Singraber, J. Behler, C. Dellago, J. Chem. Theory Comput. 15, 1827 (2019). */
#ifndef NNP_CUTOFF_H
#define NNP_CUTOFF_H

#include "nnp/export.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_cutoff_type {
    NNP_CUTOFF_HARD,
    NNP_CUTOFF_COS,
    NNP_CUTOFF_TANHU,
    NNP_CUTOFF_TANH,
    NNP_CUTOFF_EXP,
    NNP_CUTOFF_POLY1,
    NNP_CUTOFF_POLY2,
    NNP_CUTOFF_POLY3,
    NNP_CUTOFF_POLY4,
    NNP_N_CUTOFF
};

struct nnp_cutoff {
    enum nnp_cutoff_type type;
    double radius; /* r_cut, length, > 0 */
    double alpha;  /* inner radius as a fraction of r_cut, 0 <= alpha < 1 */
};

/* fc and its derivative at a distance r >= 0; both 0 for r >= radius. */
void nnp_cutoff_evaluate(const struct nnp_cutoff *cutoff, double r, double *fc, double *dfc_dr);

/* Name in potential files ("cos", "poly2", ...), and back (NNP_N_CUTOFF: no such name). */
const char *nnp_cutoff_name(enum nnp_cutoff_type type);
enum nnp_cutoff_type nnp_cutoff_from_name(const char *name);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
