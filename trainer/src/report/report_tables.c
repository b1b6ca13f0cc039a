/* Comma-separated values with a head that names the units; names stand in quotes. */
#include "report_tables.h"

#include "nnp/element.h"

#include <math.h>

/* In quotes, which are doubled inside. */
static void add_name(struct nnp_text *text, const char *name)
{
    nnp_text_append(text, "\"");
    for (; *name; name++)
        nnp_text_append(text, *name == '"' ? "\"\"" : "%c", *name);
    nnp_text_append(text, "\"");
}

/* set,group,structure, */
static void add_place(struct nnp_text *text, const struct nnp_comparison *comparison, int s)
{
    const struct nnp_compared_structure *compared = &comparison->structures[s];
    add_name(text, comparison->sets[compared->set]);
    nnp_text_append(text, ",");
    add_name(text, comparison->groups[compared->group]);
    nnp_text_append(text, ",%d,", compared->number);
}

static void add_file(struct nnp_text *text, const struct nnp_structure *structure)
{
    add_name(text, structure->file ? structure->file : "");
    nnp_text_append(text, ",%d,", structure->line);
}

void nnp_report_energies(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(text, "set,group,structure,file,line,atoms,reference (eV/atom),"
                          "predicted (eV/atom),free atoms (eV/atom),extrapolations\n");
    for (size_t k = 0; k < comparison->quantities[NNP_QUANTITY_ENERGY].n; k++) {
        const struct nnp_point *p = &comparison->quantities[NNP_QUANTITY_ENERGY].points[k];
        const struct nnp_compared_structure *s = &comparison->structures[p->structure];
        add_place(text, comparison, p->structure);
        add_file(text, s->structure);
        nnp_text_append(text, "%d,%.9g,%.9g,%.9g,%ld\n", s->structure->n_atoms, p->reference,
                        p->predicted, s->element_energy, s->n_extrapolations);
    }
}

void nnp_report_forces(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(text, "set,group,structure,atom,element,component,reference (eV/A),"
                          "predicted (eV/A)\n");
    for (size_t k = 0; k < comparison->quantities[NNP_QUANTITY_FORCES].n; k++) {
        const struct nnp_point *p = &comparison->quantities[NNP_QUANTITY_FORCES].points[k];
        const struct nnp_structure *s = comparison->structures[p->structure].structure;
        add_place(text, comparison, p->structure);
        nnp_text_append(text, "%d,%s,%c,%.6g,%.6g\n", p->atom + 1,
                        nnp_element_symbol(s->atomic_numbers[p->atom]), "xyz"[p->component],
                        p -> reference, p -> predicted);
    }
}

void nnp_report_stresses(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    static const char *const names[] = {"xx", "yy", "zz", "xy", "xz", "yz"};
    nnp_text_append(text, "set,group,structure,component,reference (GPa),predicted (GPa)\n");
    for (size_t k = 0; k < comparison->quantities[NNP_QUANTITY_STRESS].n; k++) {
        const struct nnp_point *p = &comparison->quantities[NNP_QUANTITY_STRESS].points[k];
        add_place(text, comparison, p->structure);
        nnp_text_append(text, "%s,%.6g,%.6g\n", names[p->component], p->reference,
                        p->predicted);
    }
}

/* Bins of a quarter of the RMSE of all sets, up to four times the RMSE; the outer two take what
 * lies beyond.  A bin is stated by its lower end; an empty one closes the last. */
enum { N_BINS = 33 };

static void add_histogram(struct nnp_text *text, const struct nnp_comparison *comparison,
                          enum nnp_quantity quantity, int set, double width)
{
    long counts[N_BINS + 1] = {0}, n = 0;
    for (size_t k = 0; k < comparison->quantities[quantity].n; k++) {
        const struct nnp_point *p = &comparison->quantities[quantity].points[k];
        if (comparison->structures[p->structure].set != set)
            continue;
        double bin = floor((p->predicted - p->reference) / width + 0.5) + N_BINS / 2;
        counts[(int)fmax(0.0, fmin(bin, N_BINS - 1))]++;
        n++;
    }
    for (int b = 0; b <= N_BINS && n > 0; b++) {
        nnp_text_append(text, "%s,", nnp_quantity_name(quantity));
        add_name(text, comparison->sets[set]);
        nnp_text_append(text, ",%.6g,%.4f\n", (b - N_BINS / 2 - 0.5) * width,
                        100.0 * (double)counts[b] / (double)n);
    }
}

void nnp_report_histograms(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(text, "quantity,set,from (eV/atom; eV/A; GPa),percent\n");
    for (int q = 0; q < NNP_N_QUANTITIES; q++) {
        double rmse = nnp_comparison_errors(comparison, q, -1, -1).rmse;
        for (int set = 0; set < comparison->n_sets; set++)
            add_histogram(text, comparison, q, set, rmse > 0.0 ? rmse / 4.0 : 1.0);
    }
}

static void add_errors(struct nnp_text *text, const struct nnp_comparison *comparison, int set,
                       int group)
{
    for (int q = 0; q < NNP_N_QUANTITIES; q++) {
        struct nnp_errors e = nnp_comparison_errors(comparison, q, set, group);
        if (e.n == 0)
            continue;
        add_name(text, comparison->sets[set]);
        nnp_text_append(text, ",");
        add_name(text, group < 0 ? "*" : comparison->groups[group]);
        nnp_text_append(text, ",%s,%zu,%.9g,%.9g,%.9g,%s\n", nnp_quantity_name(q), e.n, e.rmse,
                        e.mae, e.largest, nnp_quantity_unit(q));
    }
}

void nnp_report_errors(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(text, "set,group,quantity,number,rmse,mae,largest,unit\n");
    for (int set = 0; set < comparison->n_sets; set++)
        for (int group = -1; group < comparison->n_groups; group++)
            add_errors(text, comparison, set, group);
}

void nnp_report_spreads(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(text, "set,group,structure,file,line,energy error (eV/atom),"
                          "energy spread (eV/atom),force error (eV/A),force spread (eV/A)\n");
    for (int s = 0; s < comparison->n_structures; s++) {
        const struct nnp_compared_structure *c = &comparison->structures[s];
        add_place(text, comparison, s);
        add_file(text, c->structure);
        if (!(c->energy_error < 0.0))
            nnp_text_append(text, "%.6g", c->energy_error);
        nnp_text_append(text, ",%.6g,", c->energy_spread);
        if (!(c->force_error < 0.0))
            nnp_text_append(text, "%.6g", c->force_error);
        nnp_text_append(text, ",%.6g\n", c->force_spread);
    }
}

/* Of a column; empty where the type of function does not have it. */
static void add_number(struct nnp_text *text, bool is_stated, double value)
{
    if (is_stated)
        nnp_text_append(text, ",%g", value);
    else
        nnp_text_append(text, ",");
}

static void add_function(struct nnp_text *text, const struct nnp_potential *potential, int e,
                         int k)
{
    const struct nnp_symmetry *f = &potential->descriptors[e].functions[k];
    const struct nnp_scaling *s = &potential->descriptors[e].scaling;
    const bool compact = nnp_symmetry_is_compact(f->type);
    const bool has_gaussian = !compact && !nnp_symmetry_is_chebyshev(f->type);
    const bool angular = !nnp_symmetry_is_radial(f->type);
    nnp_text_append(text, "%s,%d,%s,\"",
                    nnp_element_symbol(potential->elements[e].atomic_number), k + 1,
                    nnp_symmetry_name(f->type));
    for (int n = 0; n < 2; n++)
        if (f->neighbors[n] >= 0)
            nnp_text_append(
                text, "%s%s", n == 0 ? "" : " ",
                nnp_element_symbol(potential->elements[f->neighbors[n]].atomic_number));
    nnp_text_append(text, "\"");
    add_number(text, has_gaussian, f->eta);
    add_number(text, has_gaussian, f->r_shift);
    add_number(text, has_gaussian && angular, f->lambda);
    add_number(text, has_gaussian && angular, f->zeta);
    nnp_text_append(text, ",%g,%.8g,%.8g,%.8g,%.8g", f->cutoff.radius, s->min[k], s->max[k],
                    s->mean[k], s->sigma[k]);
    add_number(text, nnp_symmetry_is_chebyshev(f->type), f->degree);
    add_number(text, compact, f->r_low);
    add_number(text, compact && angular, f->angle_low);
    add_number(text, compact && angular, f->angle_high);
    add_number(text, compact, f->asymmetric);
    nnp_text_append(text, "\n");
}

void nnp_report_functions(struct nnp_text *text, const struct nnp_potential *potential)
{
    nnp_text_append(text, "element,number,type,neighbors,eta,r_shift,lambda,zeta,cutoff,"
                          "min,max,mean,sigma,degree,r_low,angle_low,angle_high,asymmetric\n");
    for (int e = 0; e < potential->n_elements; e++)
        for (int k = 0; k < potential->descriptors[e].n_functions; k++)
            add_function(text, potential, e, k);
}
