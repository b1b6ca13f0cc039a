/* Potential against reference, overall and by group. */
#include "figure_parts.h"
#include "figures.h"

#include <string.h>

enum { MAX_GROUPS = 12 }; /* panels; the rest of the groups is in the tables */

struct axes {
    const char *table, *label, *unit;
    const char *x, *y; /* expressions of columns */
};

static const struct axes quantity_axes[] = {
    {"energies.csv", "E - E_0", "eV/atom", "$7-$9", "$8-$9"},
    {"forces.csv", "force component", "eV/Å", "$7", "$8"},
    {"stress.csv", "stress component", "GPa", "$5", "$6"},
};

/* Points of all sets, each with its RMSE in the key, over the identity. */
static void add_parity(struct nnp_text *text, const struct nnp_comparison *comparison,
                       enum nnp_quantity quantity, int group)
{
    const struct axes *axes = &quantity_axes[quantity];
    double factor = quantity == NNP_QUANTITY_STRESS ? 1.0 : 1e3, low = 0.0, high = 0.0;
    const char *unit = quantity == NNP_QUANTITY_ENERGY   ? "meV/atom"
                       : quantity == NNP_QUANTITY_FORCES ? "meV/Å"
                                                         : "GPa";
    bool first = true;
    for (size_t k = 0; k < comparison->quantities[quantity].n; k++) {
        const struct nnp_point *p = &comparison->quantities[quantity].points[k];
        const struct nnp_compared_structure *s = &comparison->structures[p->structure];
        double shift = quantity == NNP_QUANTITY_ENERGY ? s->element_energy : 0.0;
        double a = p->reference - shift, b = p->predicted - shift;
        if (group >= 0 && s->group != group)
            continue;
        low = first || (a < b ? a : b) < low ? (a < b ? a : b) : low;
        high = first || (a > b ? a : b) > high ? (a > b ? a : b) : high;
        first = false;
    }
    double least = quantity == NNP_QUANTITY_STRESS ? 0.1 : 0.01; /* forces may all be zero */
    double margin = 0.05 * (high - low) > least ? 0.05 * (high - low) : least;
    nnp_text_append(text,
                    "set size square\nset key top left reverse Left noenhanced samplen 1\n"
                    "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n"
                    "set xlabel 'reference %s (%s)'\nset ylabel 'predicted %s (%s)'\n"
                    "plot x with lines lc rgb '#999999' lw 1 notitle",
                    low - margin, high + margin, low - margin, high + margin, axes->label,
                    axes->unit, axes->label, axes->unit);
    for (int set = 0; set < comparison->n_sets; set++) {
        struct nnp_errors e = nnp_comparison_errors(comparison, quantity, set, group);
        if (e.n == 0)
            continue;
        nnp_text_append(text, ", \\\n    '%s' skip 1 using (", axes->table);
        nnp_figure_condition(text, comparison, set, group);
        nnp_text_append(text, " ? %s : NaN):(%s) with points pt 7 ps %g lc rgb '%s' title '",
                        axes->x, axes->y,
                        e.n > 3000  ? 0.25
                        : e.n > 300 ? 0.45
                                    : 0.7,
                        nnp_figure_colors[set % 3]);
        nnp_text_append(text, "%s  %.*f %s'", comparison->sets[set],
                        factor * e.rmse < 10.0 ? 2 : 1, factor * e.rmse, unit);
    }
    nnp_text_append(text, "\n");
}

void nnp_figure_parity(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    static const char *const titles[] = {"Energies", "Forces", "Stresses"};
    int n = nnp_figure_n_quantities(comparison);
    nnp_figure_begin(text, "parity.png", 470 * n, 500, 1, n);
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        if (comparison->quantities[q].n > 0) {
            nnp_text_append(text, "set title '%s'\n", titles[q]);
            add_parity(text, comparison, (enum nnp_quantity)q, -1);
        }
    nnp_figure_end(text);
}

/* Those with most points, in their order; returns their number. */
static int choose_groups(const struct nnp_comparison *comparison, enum nnp_quantity quantity,
                         int groups[MAX_GROUPS])
{
    int n = 0;
    for (int g = 0; g < comparison->n_groups; g++) {
        size_t n_points = nnp_comparison_errors(comparison, quantity, -1, g).n;
        int n_larger = 0;
        for (int other = 0; other < comparison->n_groups; other++) {
            size_t theirs = nnp_comparison_errors(comparison, quantity, -1, other).n;
            n_larger += theirs > n_points || (theirs == n_points && other < g);
        }
        if (n_points > 0 && n_larger < MAX_GROUPS)
            groups[n++] = g;
    }
    return n;
}

void nnp_figure_groups(struct nnp_text *text, const struct nnp_comparison *comparison,
                       enum nnp_quantity quantity)
{
    int groups[MAX_GROUPS], n = choose_groups(comparison, quantity, groups);
    if (n < 2)
        return;
    int columns = n < 4 ? n : n == 4 ? 2 : 3, rows = (n + columns - 1) / columns;
    for (int f = 0; nnp_figures[f].file; f++)
        if (strncmp(nnp_figures[f].file, "groups_", 7) == 0 &&
            strncmp(nnp_figures[f].file + 7, nnp_quantity_name(quantity), 6) == 0)
            nnp_figure_begin(text, nnp_figures[f].file, 470 * columns, 500 * rows, rows,
                             columns);
    for (int k = 0; k < n; k++) {
        const char *name = comparison->groups[groups[k]];
        nnp_text_append(text, "set title ");
        nnp_figure_quote(text, *name ? name : "without a group");
        nnp_text_append(text, " noenhanced\n");
        add_parity(text, comparison, quantity, groups[k]);
    }
    nnp_figure_end(text);
}
