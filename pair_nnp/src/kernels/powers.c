/* Few exponentials for many etas: where etas are multiples k u of a unit, up to rounding in the
 * potential's file, exp(-k u Q) comes by products from exp(-u Q) along an addition chain, and
 *   exp(-(a + b + d) Q) = exp(-a Q) exp(-b Q) exp(-d Q)                                   (1)
 * makes up for what an eta is off by, with the last factor by 1 - d Q, up to (d Q)^2 / 2, or
 * by its series to the third order, up to (d Q)^4 / 24.  A product of k factors is off by k
 * roundings.
 *
 * Where eta Q stays small, exp(-eta Q) is a polynomial: its Taylor series around the middle of
 * the range, from which the highest powers are taken as multiples of Chebyshev polynomials T_n
 * (economization: C. Lanczos, J. Math. Phys. 17, 123 (1938)),
 *   a_n t^n = a_n t^n - a_n 2^(1-n) T_n(t)  up to |a_n| 2^(1-n),  -1 <= t <= 1          (2) */
#include "kernels/powers.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    MOST_MULTIPLE = 128, /* so that products are good to 2e-14 */
    MOST_PARTS = 16,     /* of an eta, to make a unit */
    TAYLOR_TERMS = 24,
    EXP_COST = 22, /* instructions per vector, roughly */
    PRODUCT_COST = 3,
    DEFECT_COST = 2 /* per order, at most */
};

/* Largest d Q of eq. 1, for errors of 5e-15 at first and 4e-16 at third order. */
static const double largest_defect = 1e-7, largest_cubic_defect = 3e-4;

/* Largest eta Q of a polynomial: powers of Q then lose no more than a digit of two bits. */
static const double largest_exponent = 0.7;
static const double largest_error = 5e-17;

struct chain {
    struct nnp_power *powers;
    int multiples[4 * MOST_MULTIPLE]; /* of each power; 0: an exponential on its own */
    int n, most;
};

static int append(struct chain *chain, int first, int second, double eta, int multiple)
{
    if (chain->n >= chain->most || chain->n >= 4 * MOST_MULTIPLE)
        return -1;
    chain->powers[chain->n] =
        (struct nnp_power){.first = first, .second = second, .eta = eta, .channel = -1};
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

/* Lowers the degree n of a polynomial in t by one with eq. 2, through
 * T_n = sum_k (-1)^k n / 2 (n - k - 1)! / (k! (n - 2k)!) (2t)^(n - 2k). */
static void economize(long double *a, int n)
{
    long double share = a[n];
    for (int k = 0; n - 2 * k - 2 >= 0; k++) {
        const long double m = n - 2 * k;
        share *= -m * (m - 1.0L) / (4.0L * (k + 1) * (n - k - 1));
        a[n - 2 * k - 2] -= share;
    }
}

/* The polynomial for 0 <= Q <= q_max, where there is one. */
static void find_series(struct nnp_power *power, double q_max)
{
    const long double half = 0.5L * power->eta * q_max, scale = 2.0L / q_max;
    long double a[TAYLOR_TERMS + 1], c[NNP_POWERS_SERIES + 1] = {0.0L}, error = 0.0L;
    int n = TAYLOR_TERMS;
    if (2.0L * half > largest_exponent)
        return;
    a[0] = expl(-half);
    for (int k = 1; k <= n; k++)
        a[k] = -a[k - 1] * half / k;
    for (; n > 0 && error + ldexpl(fabsl(a[n]), 1 - n) < largest_error; n--) {
        error += ldexpl(fabsl(a[n]), 1 - n);
        economize(a, n);
    }
    if (n >= NNP_POWERS_SERIES)
        return;
    /* From t = scale Q - 1 to Q by Horner's scheme; c: highest power first. */
    for (int k = n; k >= 0; k--) {
        for (int l = 0; l < n; l++)
            c[l] = scale * c[l + 1] - c[l];
        c[n] = a[k] - c[n];
    }
    power->n_series = n + 1;
    for (int l = 0; l <= n; l++)
        power->series[l] = (double)c[l];
}

static double multiple_of(double eta, double unit, double q_max)
{
    const double k = round(eta / unit);
    return k >= 1.0 && k <= MOST_MULTIPLE &&
                   fabs(eta - k * unit) * q_max < 4.0 * largest_cubic_defect
               ? k
               : 0.0;
}

/* The channel's eta on top of what is there; false if there is no room or it is off too far. */
static bool serve(struct chain *chain, int channel, double eta, int multiple, double q_max)
{
    const int n = multiple ? reach(chain, multiple) : append(chain, -1, -1, eta, 0);
    if (n < 0 || chain->powers[n].channel >= 0)
        return false;
    struct nnp_power *power = &chain->powers[n];
    if (power->first >= 0) {
        power->defect =
            eta - (chain->powers[power->first].eta + chain->powers[power->second].eta);
        const double off = fabs(power->defect) * q_max;
        if (off > largest_cubic_defect)
            return false;
        power->order = off == 0.0 ? 0 : off <= largest_defect ? 1 : 3;
    }
    power->eta = eta;
    power->channel = channel;
    return true;
}

static void find_all_series(struct nnp_power *powers, int n, double q_max)
{
    for (int k = 0; k < n; k++)
        if (powers[k].first < 0)
            find_series(&powers[k], q_max);
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
    find_all_series(chain->powers, chain->n, q_max);
    return true;
}

static int cost_of(const struct nnp_power *powers, int n)
{
    int cost = 0;
    for (int k = 0; k < n; k++)
        if (powers[k].first >= 0)
            cost += PRODUCT_COST + powers[k].order * DEFECT_COST;
        else
            cost += powers[k].n_series ? powers[k].n_series + 2 : EXP_COST;
    return cost;
}

int nnp_powers_find(const double *etas, int n, double q_max, struct nnp_power *powers,
                    struct nnp_power *trial, int most)
{
    struct chain chain = {.powers = trial, .most = most};
    int best = n;
    for (int c = 0; c < n; c++)
        powers[c] = (struct nnp_power){.first = -1, .second = -1, .eta = etas[c], .channel = c};
    find_all_series(powers, n, q_max);
    for (int c = 0; c < n; c++)
        for (int parts = 1; parts <= MOST_PARTS && etas[c] > 0.0; parts++)
            if (build(&chain, etas, n, etas[c] / parts, q_max) &&
                cost_of(trial, chain.n) < cost_of(powers, best)) {
                best = chain.n;
                memcpy(powers, trial, (size_t)best * sizeof *powers);
            }
    return best;
}
