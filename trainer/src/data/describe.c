/* Descriptions of potentials. */
#include "describe.h"

#include "nnp/element.h"

#include <stdbool.h>
#include <string.h>

static const char *symbol(const struct nnp_potential *potential, int element)
{
    return nnp_element_symbol(potential->elements[element].atomic_number);
}

static void line(struct nnp_text *text, const char *name, const char *value)
{
    if (value)
        nnp_text_append(text, "%-10s %s\n", name, value);
}

static void describe_provenance(struct nnp_text *text, const struct nnp_provenance *provenance)
{
    line(text, "title", provenance->title);
    line(text, "author", provenance->author);
    line(text, "created", provenance->created);
    line(text, "program", provenance->program);
    line(text, "licence", provenance->licence);
    line(text, "comment", provenance->comment);
    for (int d = 0; d < provenance->n_data; d++)
        nnp_text_append(text, "%-10s %s, %d structures, SHA-256 %s\n", d == 0 ? "data" : "",
                        provenance->data[d].file, provenance->data[d].n_structures,
                        provenance->data[d].sha256);
    for (int k = 0; k < provenance->n_rmse; k++) {
        const struct nnp_rmse *rmse = &provenance->rmse[k];
        nnp_text_append(text, "%-10s %s, %d structures:", k == 0 ? "RMSE" : "", rmse->set,
                        rmse->n_structures);
        if (rmse->energy >= 0.0)
            nnp_text_append(text, " energy %.4g per atom", rmse->energy);
        if (rmse->forces >= 0.0)
            nnp_text_append(text, ", forces %.4g", rmse->forces);
        if (rmse->stress >= 0.0)
            nnp_text_append(text, ", stress %.4g", rmse->stress);
        nnp_text_append(text, "\n");
    }
}

/* Whether b follows a in a line: angular functions that differ in zeta alone. */
static bool is_alike(const struct nnp_symmetry *a, const struct nnp_symmetry *b)
{
    return !nnp_symmetry_is_radial(a->type) && !nnp_symmetry_is_compact(a->type) &&
           !nnp_symmetry_is_chebyshev(a->type) && a->type == b->type &&
           a->neighbors[0] == b->neighbors[0] && a->neighbors[1] == b->neighbors[1] &&
           a->eta == b->eta && a->r_shift == b->r_shift && a->lambda == b->lambda &&
           a->cutoff.type == b->cutoff.type && a->cutoff.radius == b->cutoff.radius &&
           a->cutoff.alpha == b->cutoff.alpha;
}

void nnp_describe_parameters(struct nnp_text *text, const struct nnp_symmetry *function,
                             const char *separator)
{
    const bool radial = nnp_symmetry_is_radial(function->type);
    if (nnp_symmetry_is_compact(function->type)) {
        nnp_text_append(text, "%sr_low %g", separator, function->r_low);
        if (!radial)
            nnp_text_append(text, "%sangles %g to %g", separator, function->angle_low,
                            function->angle_high);
        if (function->asymmetric)
            nnp_text_append(text, "%sasymmetric", separator);
        return;
    }
    if (nnp_symmetry_is_chebyshev(function->type)) {
        nnp_text_append(text, "%sdegree %d", separator, function->degree);
        return;
    }
    nnp_text_append(text, "%seta %g%sr_shift %g", separator, function->eta, separator,
                    function->r_shift);
    if (!radial)
        nnp_text_append(text, "%slambda %g%szeta %g", separator, function->lambda, separator,
                        function->zeta);
}

static void describe_functions(struct nnp_text *text, const struct nnp_potential *potential,
                               const struct nnp_descriptor *descriptor)
{
    for (int k = 0; k < descriptor->n_functions;) {
        const struct nnp_symmetry *f = &descriptor->functions[k];
        nnp_text_append(text, "  %-6s", nnp_symmetry_name(f->type));
        for (int i = 0; i < nnp_symmetry_n_neighbors(f->type); i++)
            nnp_text_append(text, " %s", symbol(potential, f->neighbors[i]));
        nnp_describe_parameters(text, f, "  ");
        int next = k + 1;
        while (next < descriptor->n_functions && is_alike(f, &descriptor->functions[next]))
            nnp_text_append(text, ", %g", descriptor->functions[next++].zeta);
        nnp_text_append(text, "  cutoff %s %g", nnp_cutoff_name(f->cutoff.type),
                        f->cutoff.radius);
        if (f->cutoff.alpha > 0.0)
            nnp_text_append(text, " alpha %g", f->cutoff.alpha);
        nnp_text_append(text, "\n");
        k = next;
    }
}

static void describe_element(struct nnp_text *text, const struct nnp_potential *potential,
                             int e)
{
    const struct nnp_descriptor *descriptor = &potential->descriptors[e];
    const struct nnp_network *network = &potential->networks[e];
    nnp_text_append(text, "\n%s: mass %g, reference energy %.8g, %d symmetry functions\n",
                    symbol(potential, e), potential->elements[e].mass,
                    potential->elements[e].energy, descriptor->n_functions);
    describe_functions(text, potential, descriptor);
    nnp_text_append(text, "  scaling %s", nnp_scaling_name(descriptor->scaling.method));
    if (descriptor->scaling.method != NNP_SCALING_NONE &&
        descriptor->scaling.method != NNP_SCALING_CENTER)
        nnp_text_append(text, " to [%g, %g]", descriptor->scaling.target_min,
                        descriptor->scaling.target_max);
    int n_through_zero = 0;
    for (int k = 0; k < descriptor->n_functions; k++)
        n_through_zero += descriptor->scaling.through_zero[k];
    if (n_through_zero > 0)
        nnp_text_append(text, ", %d functions through zero", n_through_zero);
    if (descriptor->projection.n_inputs)
        nnp_text_append(text, ", projected to %d inputs", descriptor->projection.n_outputs);
    nnp_text_append(text, "\n  network %d", network->layers[0].n_inputs);
    for (int l = 0; l < network->n_layers; l++)
        nnp_text_append(text, " - %d %s", network->layers[l].n_outputs,
                        nnp_activation_name(network->layers[l].activation));
    nnp_text_append(text, ", %d parameters\n", nnp_network_n_parameters(network));
}

static void describe_pair(struct nnp_text *text, enum nnp_repulsion_type type,
                          const struct nnp_repulsion_pair *pair, const char *length,
                          const char *energy)
{
    nnp_text_append(text, "inner %.15g, outer %.15g %s", pair->inner, pair->outer, length);
    if (type == NNP_REPULSION_EXPONENTIAL)
        nnp_text_append(text, ", amplitude %.15g %s, decay %.15g %s", pair->amplitude, energy,
                        pair->decay, length);
    nnp_text_append(text, "\n");
}

/* A line for pairs that are not listed, and one for each that is. */
static void describe_repulsion(struct nnp_text *text, const struct nnp_repulsion *repulsion,
                               const char *length, const char *energy)
{
    const struct nnp_repulsion_pair others = nnp_repulsion_of(repulsion, 0, 0);
    nnp_text_append(text, "%-10s %s", "repulsion", nnp_repulsion_name(repulsion->type));
    if (others.outer > 0.0) {
        nnp_text_append(text, ", ");
        describe_pair(text, repulsion->type, &others, length, energy);
    } else {
        nnp_text_append(text, "\n");
    }
    for (int p = 0; p < repulsion->n_pairs; p++) {
        const struct nnp_repulsion_pair *pair = &repulsion->pairs[p];
        nnp_text_append(text, "%-10s %s %s: ", "", nnp_element_symbol(pair->atomic_numbers[0]),
                        nnp_element_symbol(pair->atomic_numbers[1]));
        describe_pair(text, repulsion->type, pair, length, energy);
    }
}

void nnp_describe_potential(struct nnp_text *text, const struct nnp_potential *potential)
{
    const char *length = potential->length_unit == NNP_BOHR ? "Bohr" : "Angstrom";
    const char *energy = potential->energy_unit == NNP_HARTREE ? "Hartree" : "eV";
    describe_provenance(text, &potential->provenance);
    nnp_text_append(text, "%-10s %s, %s\n", "units", length, energy);
    nnp_text_append(text, "%-10s %g %s\n", "cutoff", nnp_potential_cutoff(potential), length);
    nnp_text_append(text, "%-10s %d member%s\n", "committee", potential->n_members,
                    potential->n_members > 1 ? "s" : "");
    describe_repulsion(text, &potential->repulsion, length, energy);
    for (int e = 0; e < potential->n_elements; e++)
        describe_element(text, potential, e);
}
