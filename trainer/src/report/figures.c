/* One multiplot per figure; a panel for each quantity, element or group. */
#include "figures.h"

#include "figure_parts.h"
#include "nnp/element.h"

const struct nnp_figure nnp_figures[] = {
    {"learning_curve.png", "Learning curves: loss and root mean square errors."},
    {"parity.png", "Potential against reference. Energies are those above the free atoms."},
    {"histograms.png", "Distribution of errors, potential less reference. The outermost bins "
                       "hold what lies beyond."},
    {"groups_energy.png", "Energies by group: potential against reference."},
    {"groups_forces.png", "Force components by group: potential against reference."},
    {"groups_stress.png", "Stress components by group: potential against reference."},
    {"spread.png", "Errors against the spread of the committee, by structure."},
    {"functions.png", "Symmetry functions over the training set: lowest and highest value "
                      "(line), mean and standard deviation (box), each relative to the largest "
                      "magnitude. A function without height is dead."},
    {NULL, NULL},
};

const char *const nnp_figure_colors[3] = {"#3b6fb6", "#d1495b", "#3a9d5d"};

void nnp_figure_quote(struct nnp_text *text, const char *string)
{
    nnp_text_append(text, "'");
    for (; *string; string++)
        nnp_text_append(text, *string == '\'' ? "''" : "%c", *string);
    nnp_text_append(text, "'");
}

void nnp_figure_begin(struct nnp_text *text, const char *file, int width, int height, int rows,
                      int columns)
{
    nnp_text_append(text,
                    "\nreset\n"
                    "set terminal pngcairo size %d,%d font 'Sans,12' background '#ffffff'\n"
                    "set output '%s'\n"
                    "set encoding utf8\n"
                    "set datafile separator comma\n"
                    "set border 3 lc rgb '#444444'\n"
                    "set tics nomirror out scale 0.6 textcolor rgb '#222222' font ',10'\n"
                    "set grid lc rgb '#e6e6e6' lw 1\n"
                    "set multiplot layout %d,%d margins screen %g,%g,%g,%g spacing screen "
                    "%g,%g\n",
                    width, height, file, rows, columns, 85.0 / width, 1.0 - 25.0 / width,
                    70.0 / height, 1.0 - 45.0 / height, 95.0 / width, 105.0 / height);
}

void nnp_figure_end(struct nnp_text *text)
{
    nnp_text_append(text, "unset multiplot\nunset output\n");
}

void nnp_figure_condition(struct nnp_text *text, const struct nnp_comparison *comparison,
                          int set, int group)
{
    nnp_text_append(text, "strcol(1) eq ");
    nnp_figure_quote(text, comparison->sets[set]);
    if (group < 0)
        return;
    nnp_text_append(text, " && strcol(2) eq ");
    nnp_figure_quote(text, comparison->groups[group]);
}

int nnp_figure_n_quantities(const struct nnp_comparison *comparison)
{
    int n = 0;
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        n += comparison->quantities[q].n > 0;
    return n > 0 ? n : 1;
}

static void add_histogram_figure(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    int n = nnp_figure_n_quantities(comparison);
    nnp_figure_begin(text, "histograms.png", 470 * n, 400, 1, n);
    for (int q = 0; q < NNP_N_QUANTITIES; q++) {
        const char *name = nnp_quantity_name((enum nnp_quantity)q);
        const char *separator = "plot ";
        if (comparison->quantities[q].n == 0)
            continue;
        nnp_text_append(text,
                        "set key top right noenhanced\nset yrange [0:*]\nset xrange [*:*]\n"
                        "set style fill transparent solid 0.35\n"
                        "set xlabel 'error of %s (%s)'\nset ylabel 'part of all (%%)'\n",
                        q == NNP_QUANTITY_ENERGY   ? "energy"
                        : q == NNP_QUANTITY_FORCES ? "a force component"
                                                   : "a stress component",
                        q == NNP_QUANTITY_ENERGY   ? "meV/atom"
                        : q == NNP_QUANTITY_FORCES ? "meV/Å"
                                                   : "GPa");
        for (int set = 0; set < comparison->n_sets; set++) {
            if (nnp_comparison_errors(comparison, (enum nnp_quantity)q, set, -1).n == 0)
                continue;
            nnp_text_append(
                text, "%s'histograms.csv' skip 1 using (strcol(1) eq '%s' && strcol(2) eq ",
                separator, name);
            nnp_figure_quote(text, comparison->sets[set]);
            nnp_text_append(text, " ? %s*$3 : NaN):4 with fillsteps lc rgb '%s' title ",
                            q == NNP_QUANTITY_STRESS ? "1" : "1000",
                            nnp_figure_colors[set % 3]);
            nnp_figure_quote(text, comparison->sets[set]);
            separator = ", \\\n    ";
        }
        nnp_text_append(text, "\n");
    }
    nnp_figure_end(text);
}

static void add_spread_figure(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    static const char *const labels[] = {"energy (meV/atom)", "forces (meV/Å)"};
    nnp_figure_begin(text, "spread.png", 940, 500, 1, 2);
    for (int q = 0; q < 2; q++) {
        nnp_text_append(text,
                        "set size square\nset key top left reverse Left noenhanced samplen 1\n"
                        "set logscale xy\nset format '10^{%%T}'\n"
                        "set xrange [0.001:*]\nset yrange [0.001:*]\n"
                        "set xlabel 'spread of the committee, %s'\nset ylabel 'error, %s'\n"
                        "plot ",
                        labels[q], labels[q]);
        for (int set = 0; set < comparison->n_sets; set++) {
            nnp_text_append(text, "'spread.csv' skip 1 using (");
            nnp_figure_condition(text, comparison, set, -1);
            nnp_text_append(text,
                            " ? 1000*$%d : NaN):(1000*$%d) with points pt 7 ps 0.6 lc rgb '%s' "
                            "title ",
                            7 + 2 * q, 6 + 2 * q, nnp_figure_colors[set % 3]);
            nnp_figure_quote(text, comparison->sets[set]);
            nnp_text_append(text, ", \\\n    ");
        }
        nnp_text_append(text, "x with lines lc rgb '#999999' title 'error = spread'\n");
    }
    nnp_figure_end(text);
}

static void add_functions_figure(struct nnp_text *text, const struct nnp_potential *potential)
{
    int n = potential->n_elements;
    nnp_figure_begin(text, "functions.png", 940, 130 + 270 * n, n, 1);
    for (int e = 0; e < n; e++) {
        const char *symbol = nnp_element_symbol(potential->elements[e].atomic_number);
        int n_functions = potential->descriptors[e].n_functions;
        nnp_text_append(text,
                        "set title '%s, %d symmetry functions'\nunset key\nset boxwidth 0.5\n"
                        "set style fill solid 0.6 border\n"
                        "large(a,b) = (abs(a) > abs(b) ? abs(a) : abs(b)) > 0 ? "
                        "(abs(a) > abs(b) ? abs(a) : abs(b)) : 1\n"
                        "set xrange [0:%d]\nset yrange [*:1.05]\n"
                        "set xlabel 'number of the function'\n"
                        "set ylabel 'value / largest'\n",
                        symbol, n_functions, n_functions + 1);
        nnp_text_append(text,
                        "m = 0; s = 0\n"
                        "plot 'functions.csv' skip 1 using (strcol(1) eq '%s' ? $2 : NaN):"
                        "(s = large($10,$11), ($12-$13)/s):($10/s):($11/s):(($12+$13)/s) "
                        "with candlesticks lc rgb '%s'\n",
                        symbol, nnp_figure_colors[0]);
    }
    nnp_figure_end(text);
}

void nnp_figures_script(struct nnp_text *text, const struct nnp_comparison *comparison,
                        const struct nnp_potential *potential, bool has_curve, int n_members)
{
    nnp_text_append(text,
                    "# Draws the figures of this report from its tables: gnuplot figures.gp\n");
    if (has_curve)
        nnp_figure_curves(text, comparison, n_members);
    nnp_figure_parity(text, comparison);
    add_histogram_figure(text, comparison);
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        nnp_figure_groups(text, comparison, (enum nnp_quantity)q);
    if (comparison->n_members > 1)
        add_spread_figure(text, comparison);
    add_functions_figure(text, potential);
}
