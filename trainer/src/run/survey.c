/* Means and covariances of the symmetry functions of each element, by updates with one atom
 * after another (B. P. Welford, Technometrics 4, 419 (1962), for pairs of functions). */
#include "survey.h"

#include "config_known.h"
#include "descriptor_pass.h"
#include "model.h"
#include "nnp/element.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of one element. */
struct moments {
    int n; /* functions */
    double n_atoms;
    double *mean, *largest; /* [n], largest: of |G| */
    double *products;       /* [n][n], lower triangle: sums of (G - mean) (G' - mean') */
    double *g, *difference; /* [n], of the present atom */
};

static bool allocate(struct moments *moments, int n)
{
    size_t size = (size_t)n + 1;
    moments->n = n;
    moments->mean = calloc(4 * size, sizeof *moments->mean);
    moments->products = calloc(size, size * sizeof *moments->products);
    if (!moments->mean || !moments->products)
        return false;
    moments->largest = moments->mean + size;
    moments->g = moments->largest + size;
    moments->difference = moments->g + size;
    return true;
}

static void add_atom(struct moments *moments)
{
    size_t n = (size_t)moments->n;
    moments->n_atoms += 1.0;
    for (size_t k = 0; k < n; k++) {
        moments->difference[k] = moments->g[k] - moments->mean[k];
        moments->mean[k] += moments->difference[k] / moments->n_atoms;
        moments->largest[k] = fmax(moments->largest[k], fabs(moments->g[k]));
    }
    for (size_t k = 0; k < n; k++) {
        double rest = moments->g[k] - moments->mean[k];
        for (size_t l = 0; l <= k; l++)
            moments->products[k * n + l] += rest * moments->difference[l];
    }
}

static enum nnp_status add_structure(struct moments *moments, struct nnp_evaluator *evaluator,
                                     const struct nnp_structure *structure,
                                     struct nnp_error *error)
{
    struct nnp_descriptor_pass pass;
    enum nnp_status status =
        nnp_descriptor_pass_begin(&pass, nnp_evaluator_potential(evaluator), structure, error);
    if (status)
        return status;
    for (int i = 0; i < structure->n_atoms && !status; i++) {
        struct moments *of_element = &moments[pass.types[i]];
        status =
            nnp_descriptor_pass_atom(&pass, evaluator, i, of_element->g, NULL, NULL, error);
        if (!status)
            add_atom(of_element);
    }
    nnp_descriptor_pass_end(&pass);
    return status;
}

/* ---- What is found ---- */

static bool is_dead(const struct moments *moments, int k)
{
    double squares = moments->products[(size_t)k * (size_t)moments->n + (size_t)k];
    return sqrt(squares / moments->n_atoms) <= 1e-9 * moments->largest[k];
}

/* The first function before k that k follows, -1: none.  A constant one that is kept has no
 * followers. */
static int find_double(const struct moments *moments, const bool *is_bad, int k)
{
    size_t n = (size_t)moments->n, row = (size_t)k;
    for (size_t l = 0; l < row; l++) {
        double both = moments->products[row * n + row] * moments->products[l * n + l];
        if (!is_bad[l] && !is_dead(moments, (int)l) &&
            fabs(moments->products[row * n + l]) >= (1.0 - 1e-10) * sqrt(both))
            return (int)l;
    }
    return -1;
}

static void describe(struct nnp_text *report, const struct nnp_config *config, int e, int k)
{
    nnp_text_append(report, "%s: function %d (", nnp_element_symbol(config->atomic_numbers[e]),
                    k + 1);
    nnp_config_describe_function(config, &config->functions[e].functions[k], ", ", report);
}

/* Marks and reports what says nothing; is_bad: [n]. */
static void judge(const struct nnp_config *config, int e, const struct moments *moments,
                  bool remove, struct nnp_text *report, bool *is_bad)
{
    for (int k = 0; k < moments->n; k++) {
        bool dead = is_dead(moments, k);
        int twin = dead ? -1 : find_double(moments, is_bad, k);
        is_bad[k] = (dead || twin >= 0) && !(remove && nnp_config_is_known(config, e, k));
        if (!is_bad[k])
            continue;
        describe(report, config, e, k);
        if (dead)
            nnp_text_append(report, ") is constant over the data");
        else
            nnp_text_append(report, ") is a linear map of function %d", twin + 1);
        nnp_text_append(report, "%s\n", remove ? ": left out" : "");
    }
}

/* Closes the gaps; the first function stays where nothing else does. */
static void leave_out(struct nnp_config_functions *functions, const bool *is_bad)
{
    int n = 0;
    for (int k = 0; k < functions->n_functions; k++)
        if (!is_bad[k])
            functions->functions[n++] = functions->functions[k];
    functions->n_functions = n > 0 ? n : 1;
}

static enum nnp_status judge_all(struct nnp_config *config, const struct moments *moments,
                                 bool remove, struct nnp_text *report, struct nnp_error *error)
{
    for (int e = 0; e < config->n_elements; e++) {
        bool *is_bad = calloc((size_t)moments[e].n + 1, sizeof *is_bad);
        if (!is_bad)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d functions",
                                 moments[e].n);
        if (moments[e].n_atoms > 0.0)
            judge(config, e, &moments[e], remove, report, is_bad);
        if (remove)
            leave_out(&config->functions[e], is_bad);
        free(is_bad);
    }
    return report->failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the report")
                          : NNP_SUCCESS;
}

enum nnp_status nnp_survey_functions(struct nnp_config *config,
                                     const struct nnp_dataset *dataset, bool remove,
                                     struct nnp_text *report, struct nnp_error *error)
{
    struct nnp_potential *model;
    struct nnp_evaluator *evaluator = NULL;
    enum nnp_status status = nnp_model_create(&model, config, error);
    if (status)
        return status;
    struct moments *moments = calloc((size_t)config->n_elements, sizeof *moments);
    bool has_memory = moments != NULL;
    for (int e = 0; e < config->n_elements && has_memory; e++)
        has_memory = allocate(&moments[e], config->functions[e].n_functions);
    status = has_memory ? nnp_evaluator_create(&evaluator, model, NULL, error)
                        : nnp_error_set(error, NNP_ERROR_MEMORY,
                                        "no memory for covariances of symmetry functions");
    for (int s = 0; s < dataset->n_structures && !status; s++)
        status = add_structure(moments, evaluator, &dataset->structures[s], error);
    if (!status)
        status = judge_all(config, moments, remove, report, error);
    for (int e = 0; moments && e < config->n_elements; e++) {
        free(moments[e].mean);
        free(moments[e].products);
    }
    free(moments);
    nnp_evaluator_free(evaluator);
    nnp_potential_free(model);
    return status;
}
