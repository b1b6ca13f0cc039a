/* The monomials of the moments: ux^a uy^b uz^c / (a! b! c!), by degree. */
#include "kernels/moments_plan.h"

static double factorial(int n)
{
    double product = 1.0;
    for (int k = 2; k <= n; k++)
        product *= k;
    return product;
}

static int index_of(int a, int b, int c)
{
    const int rest = b + c;
    return nnp_moments_to_degree(a + rest - 1) + rest * (rest + 1) / 2 + c;
}

void nnp_moments_list_monomials(struct nnp_moments_plan *plan, double *multinomials)
{
    int q = 0;
    for (int degree = 0; degree <= plan->degree; degree++)
        for (int a = degree; a >= 0; a--)
            for (int b = degree - a; b >= 0; b--, q++) {
                const int c = degree - a - b;
                multinomials[q] =
                    factorial(degree) * factorial(a) * factorial(b) * factorial(c);
                plan->lifts[q][0] = (a + 1.0) * (a + 2.0);
                plan->lifts[q][1] = (b + 1.0) * (b + 2.0);
                plan->lifts[q][2] = (c + 1.0) * (c + 2.0);
                plan->grandchildren[q][0] = index_of(a + 2, b, c);
                plan->grandchildren[q][1] = index_of(a, b + 2, c);
                plan->grandchildren[q][2] = index_of(a, b, c + 2);
            }
}
