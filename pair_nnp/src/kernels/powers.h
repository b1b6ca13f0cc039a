/* Gaussians exp(-eta_n Q) of one Q for many etas, by few exponentials and products of them. */
#ifndef NNP_KERNELS_POWERS_H
#define NNP_KERNELS_POWERS_H

enum { NNP_POWERS_SERIES = 14 /* most coefficients of an exponential's polynomial */ };

/* exp(-eta Q) (first < 0), or the product of two powers before it times exp(-defect Q) to some
 * order, where their etas do not quite add up to its own. */
struct nnp_power {
    int first, second; /* in the list that it is in */
    double eta, defect;
    int order;    /* of the defect: 0, 1 or 3 */
    int channel;  /* index of the eta that it serves; -1: only a factor of others */
    int n_series; /* exp(-eta Q) = sum_k series[k] Q^(n_series - 1 - k); 0: by range reduction
                   */
    double series[NNP_POWERS_SERIES];
};

/* The cheapest list of powers that was found for n etas and 0 <= Q <= q_max; returns how many
 * it takes, n <= most.  powers and trial: [most]. */
int nnp_powers_find(const double *etas, int n, double q_max, struct nnp_power *powers,
                    struct nnp_power *trial, int most);

#endif
