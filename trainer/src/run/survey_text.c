/* The survey as lines for people. */
#include "survey.h"

#include "nnp/element.h"

#include <math.h>

static void add_range(struct nnp_text *text, const struct nnp_survey *survey, const char *name,
                      const char *unit, const struct nnp_survey_range *range, int n_with)
{
    if (range->n == 0) {
        nnp_text_append(text, "%s: none\n", name);
        return;
    }
    double mean = range->sum / (double)range->n;
    double variance = range->sum_of_squares / (double)range->n - mean * mean;
    const struct nnp_structure *low = survey->structures[range->min_at];
    const struct nnp_structure *high = survey->structures[range->max_at];
    nnp_text_append(
        text,
        "%s (%s): %.5g (%s:%d) to %.5g (%s:%d), mean %.5g, standard deviation %.4g, "
        "in %d of %d structures\n",
        name, unit, range->min, low->file ? low->file : "", low->line, range->max,
        high->file ? high->file : "", high->line, mean, sqrt(fmax(variance, 0.0)), n_with,
        survey->n_structures);
}

static void add_elements(struct nnp_text *text, const struct nnp_survey *survey)
{
    for (int e = 0; e < survey->n_elements; e++)
        nnp_text_append(text, "%s: %ld atoms in %d structures\n",
                        nnp_element_symbol(survey->elements[e].atomic_number),
                        survey->elements[e].n_atoms, survey->elements[e].n_structures);
}

static void add_distances(struct nnp_text *text, const struct nnp_survey *survey)
{
    nnp_text_append(text, "shortest distances (Angstrom):");
    for (int e = 0; e < survey->n_elements; e++)
        for (int f = e; f < survey->n_elements; f++) {
            const struct nnp_survey_range *range =
                &survey->distances[e * survey->n_elements + f];
            nnp_text_append(text, "%s %s-%s ", e + f == 0 ? "" : ",",
                            nnp_element_symbol(survey->elements[e].atomic_number),
                            nnp_element_symbol(survey->elements[f].atomic_number));
            if (range->n == 0) {
                nnp_text_append(text, "above %g", nnp_survey_reach);
                continue;
            }
            const struct nnp_structure *at = survey->structures[range->min_at];
            nnp_text_append(text, "%.3f (%s:%d)", range->min, at->file ? at->file : "",
                            at->line);
        }
    nnp_text_append(text, "\n");
}

static void add_outliers(struct nnp_text *text, const struct nnp_survey *survey)
{
    if (survey->n_outliers == 0)
        nnp_text_append(text, "no energy or force is far from all others\n");
    for (int k = 0; k < survey->n_outliers; k++) {
        const struct nnp_survey_outlier *outlier = &survey->outliers[k];
        const struct nnp_structure *structure = survey->structures[outlier->structure];
        nnp_text_append(text, "far from the others: %s:%d, ",
                        structure->file ? structure->file : "", structure->line);
        if (outlier->is_force)
            nnp_text_append(
                text, "a force component of %.4g eV/A, %.0f times their root mean square\n",
                outlier->value, outlier->value / outlier->typical);
        else
            nnp_text_append(text,
                            "an energy %.4g eV/atom %s that of its composition, %.0f times the "
                            "usual deviation\n",
                            fabs(outlier->value), outlier->value < 0.0 ? "below" : "above",
                            fabs(outlier->value) / outlier->typical);
    }
}

void nnp_survey_append(struct nnp_text *text, const struct nnp_survey *survey)
{
    nnp_text_append(
        text,
        "data: %d structures of %d to %d atoms, %ld in all; %d periodic, %d clusters, "
        "%d groups\n",
        survey->n_structures, survey->fewest_atoms, survey->most_atoms, survey->n_atoms,
        survey->n_periodic, survey->n_clusters, survey->n_groups);
    add_elements(text, survey);
    add_range(text, survey, "energies", "eV/atom", &survey->energy, survey->n_energies);
    add_range(text, survey, "force components", "eV/A", &survey->force, survey->n_forces);
    add_range(text, survey, "stress components", "GPa", &survey->stress, survey->n_stresses);
    add_distances(text, survey);
    add_outliers(text, survey);
}
