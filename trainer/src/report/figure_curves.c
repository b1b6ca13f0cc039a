/* Learning curves. */
#include "figure_parts.h"

#include <string.h>

enum { MAX_MEMBERS = 8 }; /* lines of each set */

/* 1, 2, 5 of every decade, as errors vary by few of them; decades only for the loss. */
static void add_ticks(struct nnp_text *text, bool decades)
{
    nnp_text_append(text, "set ytics %s", decades ? "autofreq\n" : "(");
    for (int decade = -4; decade < 7 && !decades; decade++)
        nnp_text_append(text, "1e%d, 2e%d, 5e%d%s", decade, decade, decade,
                        decade < 6 ? ", " : ")\n");
}

static void add_curve_panel(struct nnp_text *text, const char *label, double factor,
                            const char *training, const char *test, int n_members)
{
    const char *separator = "plot ";
    int n = n_members < MAX_MEMBERS ? n_members : MAX_MEMBERS;
    nnp_text_append(text, "set ylabel '%s'\n%s\n", label,
                    strcmp(label, "loss") == 0 ? "set format y '10^{%T}'"
                                               : "set format y '%g'");
    add_ticks(text, strcmp(label, "loss") == 0);
    for (int m = 1; m <= n; m++)
        for (int set = 0; set < 2; set++) {
            nnp_text_append(text,
                            "%s'learning_curve.csv' using (column('member') == %d ? "
                            "column('evaluations') : NaN):(column('%s')*%g) with lines lw 1.5 "
                            "lc rgb '%s' %s",
                            separator, m, set == 0 ? training : test, factor,
                            nnp_figure_colors[set],
                            m > 1      ? "notitle"
                            : set == 0 ? "title 'training'"
                                       : "title 'test'");
            separator = ", \\\n    ";
        }
    nnp_text_append(text, "\n");
}

void nnp_figure_curves(struct nnp_text *text, const struct nnp_comparison *comparison,
                       int n_members)
{
    int n = 1 + nnp_figure_n_quantities(comparison);
    nnp_figure_begin(text, "learning_curve.png",
                     n == 2   ? 940
                     : n == 4 ? 940
                              : 1410,
                     n == 4 ? 760 : 420, n == 4 ? 2 : 1, n == 4 ? 2 : n);
    nnp_text_append(text,
                    "set key above right\nset logscale y\n"
                    "set autoscale yfix\nset offsets 0, 0, graph 0.05, graph 0.05\n"
                    "set key autotitle columnhead\nset xlabel 'evaluations of the loss'\n");
    add_curve_panel(text, "loss", 1.0, "loss", "test_loss", n_members);
    if (comparison->quantities[NNP_QUANTITY_ENERGY].n > 0)
        add_curve_panel(text, "RMSE of energies (meV/atom)", 1e3, "energy_rmse",
                        "test_energy_rmse", n_members);
    if (comparison->quantities[NNP_QUANTITY_FORCES].n > 0)
        add_curve_panel(text, "RMSE of forces (meV/Å)", 1e3, "forces_rmse", "test_forces_rmse",
                        n_members);
    if (comparison->quantities[NNP_QUANTITY_STRESS].n > 0)
        add_curve_panel(text, "RMSE of stresses (GPa)", 160.21766, "stress_rmse",
                        "test_stress_rmse", n_members);
    nnp_figure_end(text);
}
