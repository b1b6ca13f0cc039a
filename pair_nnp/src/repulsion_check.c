/* Domains of the numbers of a repulsion. */
#include "repulsion_check.h"

#include "nnp/element.h"

#include <math.h>

#define REFUSE(name, ...)                                                                      \
    do {                                                                                       \
        place->key = name;                                                                     \
        return nnp_error_set(error, NNP_ERROR_VALUE, __VA_ARGS__);                             \
    } while (0)

static enum nnp_status check_pair(enum nnp_repulsion_type type,
                                  const struct nnp_repulsion_pair *pair,
                                  struct nnp_repulsion_place *place, struct nnp_error *error)
{
    if (!isfinite(pair->inner) || pair->inner < 0)
        REFUSE("inner", "inner radius of the repulsion is %.15g, expected a number >= 0",
               pair->inner);
    if (!isfinite(pair->outer) || pair->outer <= pair->inner)
        REFUSE("outer",
               "outer radius of the repulsion is %.15g, expected more than the inner one "
               "(%.15g)",
               pair->outer, pair->inner);
    if (type == NNP_REPULSION_ZBL)
        return NNP_SUCCESS;
    if (!isfinite(pair->amplitude) || pair->amplitude <= 0)
        REFUSE("amplitude", "amplitude of the repulsion is %.15g, expected a number > 0",
               pair->amplitude);
    if (!isfinite(pair->decay) || pair->decay <= 0)
        REFUSE("decay", "decay of the repulsion is %.15g, expected a length > 0", pair->decay);
    return NNP_SUCCESS;
}

/* Whether nothing is said of pairs that are not listed. */
static bool has_no_others(const struct nnp_repulsion *repulsion)
{
    return repulsion->n_pairs > 0 && repulsion->inner == 0 && repulsion->outer == 0 &&
           repulsion->amplitude == 0 && repulsion->decay == 0;
}

static enum nnp_status check_twice(const struct nnp_repulsion *repulsion, int p,
                                   struct nnp_repulsion_place *place, struct nnp_error *error)
{
    const int *a = repulsion->pairs[p].atomic_numbers;
    for (int q = 0; q < p; q++) {
        const int *b = repulsion->pairs[q].atomic_numbers;
        if ((a[0] == b[0] && a[1] == b[1]) || (a[0] == b[1] && a[1] == b[0]))
            REFUSE("elements", "the pair of %s and %s is there twice, expected it once",
                   nnp_element_symbol(a[0]), nnp_element_symbol(a[1]));
    }
    return NNP_SUCCESS;
}

enum nnp_status nnp_check_repulsion_numbers(const struct nnp_repulsion *repulsion,
                                            struct nnp_repulsion_place *place,
                                            struct nnp_error *error)
{
    *place = (struct nnp_repulsion_place){.pair = -1};
    if (repulsion->type == NNP_REPULSION_NONE)
        return NNP_SUCCESS;
    if ((unsigned)repulsion->type >= NNP_N_REPULSION)
        REFUSE("type", "repulsion is %d, expected 0 to %d", (int)repulsion->type,
               NNP_N_REPULSION - 1);
    const struct nnp_repulsion_pair others = nnp_repulsion_of(repulsion, 0, 0);
    enum nnp_status status = NNP_SUCCESS;
    if (!has_no_others(repulsion))
        status = check_pair(repulsion->type, &others, place, error);
    for (int p = 0; p < repulsion->n_pairs && !status; p++) {
        place->pair = p;
        status = check_pair(repulsion->type, &repulsion->pairs[p], place, error);
        if (!status)
            status = check_twice(repulsion, p, place, error);
    }
    return status;
}

/* Neighbors of element e are known up to the cutoff of its functions. */
static enum nnp_status check_reach(const struct nnp_potential *potential, int e, double outer,
                                   struct nnp_repulsion_place *place, struct nnp_error *error)
{
    const double r_cut = nnp_descriptor_cutoff(&potential->descriptors[e]);
    if (outer > r_cut)
        REFUSE("outer",
               "outer radius of the repulsion is %.15g, expected at most %.15g, the largest "
               "cutoff radius of the functions of %s",
               outer, r_cut, nnp_element_symbol(potential->elements[e].atomic_number));
    return NNP_SUCCESS;
}

static enum nnp_status check_elements(const struct nnp_potential *potential,
                                      const struct nnp_repulsion_pair *pair,
                                      struct nnp_repulsion_place *place,
                                      struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < 2 && !status; k++) {
        const int e = nnp_potential_element_index(potential, pair->atomic_numbers[k]);
        if (e < 0)
            REFUSE("elements", "%s is not among the elements of the potential",
                   nnp_element_symbol(pair->atomic_numbers[k]));
        status = check_reach(potential, e, pair->outer, place, error);
    }
    return status;
}

enum nnp_status nnp_check_repulsion(const struct nnp_potential *potential,
                                    struct nnp_repulsion_place *place, struct nnp_error *error)
{
    const struct nnp_repulsion *repulsion = &potential->repulsion;
    enum nnp_status status = nnp_check_repulsion_numbers(repulsion, place, error);
    if (status || repulsion->type == NNP_REPULSION_NONE)
        return status;
    place->pair = -1;
    for (int e = 0; e < potential->n_elements && !status; e++)
        status = check_reach(potential, e, repulsion->outer, place, error);
    for (int p = 0; p < repulsion->n_pairs && !status; p++) {
        place->pair = p;
        status = check_elements(potential, &repulsion->pairs[p], place, error);
    }
    return status;
}
