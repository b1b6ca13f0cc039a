/* The summary as lines for people. */
#include "summary.h"

#include "nnp/element.h"

#include <math.h>

static void add_range(struct nnp_text *text, const struct nnp_summary *summary,
                      const char *name, const char *unit, const struct nnp_summary_range *range,
                      int n_with)
{
    if (range->n == 0) {
        nnp_text_append(text, "%s: none\n", name);
        return;
    }
    double mean = range->sum / (double)range->n;
    double variance = range->sum_of_squares / (double)range->n - mean * mean;
    const struct nnp_structure *low = summary->structures[range->min_at];
    const struct nnp_structure *high = summary->structures[range->max_at];
    nnp_text_append(
        text,
        "%s (%s): %.5g (%s:%d) to %.5g (%s:%d), mean %.5g, standard deviation %.4g, "
        "in %d of %d structures\n",
        name, unit, range->min, low->file ? low->file : "", low->line, range->max,
        high->file ? high->file : "", high->line, mean, sqrt(fmax(variance, 0.0)), n_with,
        summary->n_structures);
}

static void add_elements(struct nnp_text *text, const struct nnp_summary *summary)
{
    for (int e = 0; e < summary->n_elements; e++)
        nnp_text_append(text, "%s: %ld atoms in %d structures\n",
                        nnp_element_symbol(summary->elements[e].atomic_number),
                        summary->elements[e].n_atoms, summary->elements[e].n_structures);
}

static void add_distances(struct nnp_text *text, const struct nnp_summary *summary)
{
    nnp_text_append(text, "shortest distances (Angstrom):");
    for (int e = 0; e < summary->n_elements; e++)
        for (int f = e; f < summary->n_elements; f++) {
            const struct nnp_summary_range *range =
                &summary->distances[e * summary->n_elements + f];
            nnp_text_append(text, "%s %s-%s ", e + f == 0 ? "" : ",",
                            nnp_element_symbol(summary->elements[e].atomic_number),
                            nnp_element_symbol(summary->elements[f].atomic_number));
            if (range->n == 0) {
                nnp_text_append(text, "above %g", nnp_summary_reach);
                continue;
            }
            const struct nnp_structure *at = summary->structures[range->min_at];
            nnp_text_append(text, "%.3f (%s:%d)", range->min, at->file ? at->file : "",
                            at->line);
        }
    nnp_text_append(text, "\n");
}

static void add_outliers(struct nnp_text *text, const struct nnp_summary *summary)
{
    if (summary->n_outliers == 0)
        nnp_text_append(text, "no energy or force is far from all others\n");
    for (int k = 0; k < summary->n_outliers; k++) {
        const struct nnp_summary_outlier *outlier = &summary->outliers[k];
        const struct nnp_structure *structure = summary->structures[outlier->structure];
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

void nnp_summary_append(struct nnp_text *text, const struct nnp_summary *summary)
{
    nnp_text_append(
        text,
        "data: %d structures of %d to %d atoms, %ld in all; %d periodic, %d clusters, "
        "%d groups\n",
        summary->n_structures, summary->fewest_atoms, summary->most_atoms, summary->n_atoms,
        summary->n_periodic, summary->n_clusters, summary->n_groups);
    add_elements(text, summary);
    add_range(text, summary, "energies", "eV/atom", &summary->energy, summary->n_energies);
    add_range(text, summary, "force components", "eV/A", &summary->force, summary->n_forces);
    add_range(text, summary, "stress components", "GPa", &summary->stress, summary->n_stresses);
    add_distances(text, summary);
    add_outliers(text, summary);
}
