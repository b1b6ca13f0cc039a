/* The cutoff is some two and a half times the mean distance of nearest neighbors, which takes
 * in three to four shells of dense matter; radial functions have their centers at equal
 * distances from the shortest distance of the data to the cutoff and widths to match; wide
 * angular ones have three ranges. */
#include "template.h"

#include "nnp/element.h"

#include <math.h>

enum { N_RADIAL = 8 };

static double choose_cutoff(const struct nnp_summary *summary)
{
    if (summary->nearest.n == 0)
        return 6.0;
    double nearest = summary->nearest.sum / (double)summary->nearest.n;
    return fmin(fmax(0.5 * round(2.0 * 2.4 * nearest), 4.0), 8.0);
}

static double shortest_distance(const struct nnp_summary *summary)
{
    return summary->nearest.n > 0 ? summary->nearest.min : 1.0;
}

static void add_name(struct nnp_text *text, const char *name)
{
    nnp_text_append(text, "\"");
    for (; *name; name++)
        nnp_text_append(text, *name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
    nnp_text_append(text, "\"");
}

static void add_data(struct nnp_text *text, const struct nnp_summary *summary, int n_files,
                     const char *const *files)
{
    nnp_text_append(text,
                    "# A tenth of the structures, chosen at random, is held out to measure "
                    "errors.\ndata:\n  files:\n");
    for (int f = 0; f < n_files; f++) {
        nnp_text_append(text, "    - ");
        add_name(text, files[f]);
        nnp_text_append(text, "\n");
    }
    nnp_text_append(text, "  test_fraction: %s\n  seed: 1\n\nelements: [",
                    summary->n_structures > 1 ? "0.1" : "0");
    for (int e = 0; e < summary->n_elements; e++)
        nnp_text_append(text, "%s%s", e == 0 ? "" : ", ",
                        nnp_element_symbol(summary->elements[e].atomic_number));
    nnp_text_append(text, "]\n\n");
}

static void add_reference_energies(struct nnp_text *text, const struct nnp_summary *summary)
{
    if (summary->n_energies == summary->n_structures) {
        nnp_text_append(text, "# Energies of the free atoms: by least squares, or a number for "
                              "each, {Au: -3.1}.\nreference_energies: fit\n\n");
        return;
    }
    nnp_text_append(text, "# Not all structures state an energy: forces only are trained on.\n"
                          "reference_energies: {");
    for (int e = 0; e < summary->n_elements; e++)
        nnp_text_append(text, "%s%s: 0", e == 0 ? "" : ", ",
                        nnp_element_symbol(summary->elements[e].atomic_number));
    nnp_text_append(text, "}\n\n");
}

static void add_functions(struct nnp_text *text, const struct nnp_summary *summary)
{
    double cutoff = choose_cutoff(summary), first = 0.9 * shortest_distance(summary);
    double last = 0.85 * cutoff, spacing = (last - first) / (N_RADIAL - 1);
    double scale = 49.0 / (cutoff * cutoff); /* widths that suit a cutoff of 7 */
    nnp_text_append(
        text,
        "# Nearest neighbors are %.2f A apart on average, %.2f at the least. A longer cutoff "
        "sees\n"
        "# more and costs more (its third power for angular functions); 5 to 8 A are usual.\n"
        "symmetry_functions:\n  cutoff: {function: cos, radius: %g}\n  radial:\n"
        "    - {eta: %.3g}\n    - {eta: %.3g, r_shift: [",
        summary->nearest.n > 0 ? summary->nearest.sum / (double)summary->nearest.n : 0.0,
        shortest_distance(summary), cutoff, 0.02 * scale, 0.5 / (spacing * spacing));
    for (int k = 0; k < N_RADIAL; k++)
        nnp_text_append(text, "%s%.2f", k == 0 ? "" : ", ", first + k * spacing);
    nnp_text_append(
        text,
        "]}\n  angular:\n"
        "    - {type: wide, eta: [%.3g, %.3g, %.3g], lambda: [1, -1], zeta: [1, 4]}\n"
        "scaling: {method: minmax, target: [-1, 1]}\n\n"
        "# Networks get components of equal variance, with which L-BFGS-B needs fewer\n"
        "# iterations.  Potentials that others will begin with (initial) do without.\n"
        "projection: {method: pca}\n\n",
        0.01 * scale, 0.03 * scale, 0.08 * scale);
}

static void add_training(struct nnp_text *text, const struct nnp_summary *summary)
{
    bool energies = summary->n_energies == summary->n_structures,
         forces = summary->n_forces > 0;
    long n_values = summary->energy.n + summary->force.n + summary->stress.n;
    const char *hidden = n_values > 100000 ? "[20, 20]"
                         : n_values > 2000 ? "[10, 10]"
                                           : "[5, 5]";
    nnp_text_append(text,
                    "# The data state %ld numbers to learn from; larger networks need more.\n"
                    "network: {hidden: %s, activation: tanh}\n\n"
                    "# The best of several random sets of weights goes on.\n"
                    "starts: {number: 10, iterations: 20, seed: 1}\n\n"
                    "# Networks whose spread tells where the potential is uncertain.\n"
                    "committee: 1\n\n"
                    "# Weights are those of mean squares: energies per atom, force components, "
                    "stresses times volume per atom.\n"
                    "loss: {normalization: mean}\nstages:\n",
                    n_values, hidden);
    if (energies)
        nnp_text_append(text, "  - {name: energies, energy: 1, iterations: 100}\n");
    if (forces || summary->n_stresses > 0)
        nnp_text_append(text,
                        "  - {name: all%s%s%s, regularization: 1.0e-6, iterations: 1000}\n",
                        energies ? ", energy: 1" : "", forces ? ", forces: 0.2" : "",
                        summary->n_stresses > 0 ? ", stress: 0.5" : "");
}

enum nnp_status nnp_template_append(struct nnp_text *text, const struct nnp_summary *summary,
                                    int n_files, const char *const *files,
                                    struct nnp_error *error)
{
    if (summary->n_structures == 0 ||
        (summary->n_energies < summary->n_structures && summary->n_forces == 0))
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "neither energies nor forces are known of all structures of %s, "
                             "expected one of them to train on",
                             files[0]);
    nnp_text_append(
        text,
        "# A first configuration for nnp-train; every key is described in its manual "
        "(trainer/README.md).\n#\n# %d structures of %d to %d atoms, %ld in all: %d "
        "with energies, %d with forces, %d with stresses\nversion: 1\n\n",
        summary->n_structures, summary->fewest_atoms, summary->most_atoms, summary->n_atoms,
        summary->n_energies, summary->n_forces, summary->n_stresses);
    add_data(text, summary, n_files, files);
    add_reference_energies(text, summary);
    add_functions(text, summary);
    add_training(text, summary);
    nnp_text_append(text, "\noutput:\n  potential: potential.nnp\n"
                          "  test_set: test-set.extxyz\n  report: report\n");
    return text->failed
               ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a configuration")
               : NNP_SUCCESS;
}
