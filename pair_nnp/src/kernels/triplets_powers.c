/* Few exponentials for many etas: where etas are multiples k u of a unit, up to rounding in the
 * potential's file, exp(-k u Q) comes by products from exp(-u Q) along an addition chain, and
 *   exp(-(a + b + d) Q) = exp(-a Q) exp(-b Q) (1 - d Q)  up to (d Q)^2 / 2               (1)
 * makes up for what an eta is off by.  A product of k factors is off by k roundings. */
#include "kernels/triplets.h"

#include <math.h>
#include <string.h>

enum {
    MOST_MULTIPLE = 128, /* so that products are good to 2e-14 */
    MOST_PARTS = 16,     /* of an eta, to make a unit */
    EXP_COST = 22,       /* instructions per vector, roughly */
    PRODUCT_COST = 3,
    DEFECT_COST = 2
};

/* Largest d Q of eq. 1, for an error of 5e-15. */
static const double largest_defect = 1e-7;

struct chain {
    struct nnp_triplet_power *powers;
    int multiples[4 * MOST_MULTIPLE]; /* of each power; 0: an exponential on its own */
    int n, most;
};

static int append(struct chain *chain, int first, int second, double eta, int multiple)
{
    if (chain->n >= chain->most || chain->n >= 4 * MOST_MULTIPLE)
        return -1;
    chain->powers[chain->n] = (struct nnp_triplet_power){first, second, eta, 0.0, -1};
    chain->multiples[chain->n] = multiple;
    return chain->n++;
}

/* Index of the power of a multiple, made where it is missing; -1: no room. */
static int reach(struct chain *chain, int multiple)
{
    int largest = 0;
    for (int a = 0; a < chain->n; a++) {
        if (chain->multiples[a] == multiple)
            return a;
        if (chain->multiples[a] < multiple && chain->multiples[a] > chain->multiples[largest])
            largest = a;
    }
    int a = largest, b = -1;
    for (int k = 0; k < chain->n && b < 0; k++)
        for (int l = 0; l <= k && b < 0; l++)
            if (chain->multiples[k] && chain->multiples[l] &&
                chain->multiples[k] + chain->multiples[l] == multiple) {
                a = k;
                b = l;
            }
    if (b < 0)
        b = reach(chain, multiple - chain->multiples[largest]);
    return b < 0 ? -1
                 : append(chain, a, b, chain->powers[a].eta + chain->powers[b].eta, multiple);
}

static double multiple_of(double eta, double unit, double q_max)
{
    const double k = round(eta / unit);
    return k >= 1.0 && k <= MOST_MULTIPLE && fabs(eta - k * unit) * q_max < 0.1 * largest_defect
               ? k
               : 0.0;
}

/* The channel's eta on top of what is there; false if there is no room or it is off too far. */
static bool serve(struct chain *chain, int channel, double eta, int multiple, double q_max)
{
    const int n = multiple ? reach(chain, multiple) : append(chain, -1, -1, eta, 0);
    if (n < 0 || chain->powers[n].channel >= 0)
        return false;
    struct nnp_triplet_power *power = &chain->powers[n];
    if (power->first >= 0) {
        power->defect =
            eta - (chain->powers[power->first].eta + chain->powers[power->second].eta);
        if (fabs(power->defect) * q_max > largest_defect)
            return false;
    }
    power->eta = eta;
    power->channel = channel;
    return true;
}

/* All etas from one unit, and by exponentials of their own what is no multiple. */
static bool build(struct chain *chain, const double *etas, int n, double unit, double q_max)
{
    chain->n = 0;
    if (append(chain, -1, -1, unit, 1) < 0)
        return false;
    for (int multiple = 0; multiple <= MOST_MULTIPLE; multiple++)
        for (int c = 0; c < n; c++)
            if (multiple_of(etas[c], unit, q_max) == multiple &&
                !serve(chain, c, etas[c], multiple, q_max))
                return false;
    return true;
}

static int cost_of(const struct nnp_triplet_power *powers, int n)
{
    int cost = 0;
    for (int k = 0; k < n; k++)
        cost += powers[k].first < 0 ? EXP_COST
                                    : PRODUCT_COST + (powers[k].defect != 0.0) * DEFECT_COST;
    return cost;
}

int nnp_triplets_find_powers(const double *etas, int n, double q_max,
                             struct nnp_triplet_power *powers, struct nnp_triplet_power *trial,
                             int most)
{
    struct chain chain = {.powers = trial, .most = most};
    int best = n;
    for (int c = 0; c < n; c++)
        powers[c] = (struct nnp_triplet_power){-1, -1, etas[c], 0.0, c};
    for (int c = 0; c < n; c++)
        for (int parts = 1; parts <= MOST_PARTS && etas[c] > 0.0; parts++)
            if (build(&chain, etas, n, etas[c] / parts, q_max) &&
                cost_of(trial, chain.n) < cost_of(powers, best)) {
                best = chain.n;
                memcpy(powers, trial, (size_t)best * sizeof *powers);
            }
    return best;
}
