/* One multiplot per figure; a panel for each quantity, element or group. */
#include "figures.h"

#include "nnp/element.h"

#include <stdlib.h>
#include <string.h>

/* Panels of groups; the rest of them is in the tables. */
enum { MAX_GROUPS = 12, MAX_MEMBERS = 8 };

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

struct axes {
    const char *table, *label, *unit;
    const char *x, *y; /* expressions of columns */
};

static const struct axes quantity_axes[] = {
    {"energies.csv", "E - E_0", "eV/atom", "$7-$9", "$8-$9"},
    {"forces.csv", "force component", "eV/Å", "$7", "$8"},
    {"stress.csv", "stress component", "GPa", "$5", "$6"},
};

static const char *const colors[] = {"#3b6fb6", "#d1495b", "#3a9d5d"};

/* A text in single quotes, which are doubled inside. */
static void add_quoted(struct nnp_text *text, const char *string)
{
    nnp_text_append(text, "'");
    for (; *string; string++)
        nnp_text_append(text, *string == '\'' ? "''" : "%c", *string);
    nnp_text_append(text, "'");
}

static void begin_figure(struct nnp_text *text, const char *file, int width, int height,
                         int rows, int columns)
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

static void end_figure(struct nnp_text *text)
{
    nnp_text_append(text, "unset multiplot\nunset output\n");
}

/* The condition that a line of a table belongs to a set and, if not negative, a group. */
static void add_condition(struct nnp_text *text, const struct nnp_comparison *comparison,
                          int set, int group)
{
    nnp_text_append(text, "strcol(1) eq ");
    add_quoted(text, comparison->sets[set]);
    if (group < 0)
        return;
    nnp_text_append(text, " && strcol(2) eq ");
    add_quoted(text, comparison->groups[group]);
}

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
        add_condition(text, comparison, set, group);
        nnp_text_append(text, " ? %s : NaN):(%s) with points pt 7 ps %g lc rgb '%s' title '",
                        axes->x, axes->y,
                        e.n > 3000  ? 0.25
                        : e.n > 300 ? 0.45
                                    : 0.7,
                        colors[set % 3]);
        nnp_text_append(text, "%s  %.*f %s'", comparison->sets[set],
                        factor * e.rmse < 10.0 ? 2 : 1, factor * e.rmse, unit);
    }
    nnp_text_append(text, "\n");
}

static int count_quantities(const struct nnp_comparison *comparison)
{
    int n = 0;
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        n += comparison->quantities[q].n > 0;
    return n > 0 ? n : 1;
}

static void add_parity_figure(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    static const char *const titles[] = {"Energies", "Forces", "Stresses"};
    int n = count_quantities(comparison);
    begin_figure(text, "parity.png", 470 * n, 500, 1, n);
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        if (comparison->quantities[q].n > 0) {
            nnp_text_append(text, "set title '%s'\n", titles[q]);
            add_parity(text, comparison, (enum nnp_quantity)q, -1);
        }
    end_figure(text);
}

static void add_histogram_figure(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    int n = count_quantities(comparison);
    begin_figure(text, "histograms.png", 470 * n, 400, 1, n);
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
            add_quoted(text, comparison->sets[set]);
            nnp_text_append(text, " ? %s*$3 : NaN):4 with fillsteps lc rgb '%s' title ",
                            q == NNP_QUANTITY_STRESS ? "1" : "1000", colors[set % 3]);
            add_quoted(text, comparison->sets[set]);
            separator = ", \\\n    ";
        }
        nnp_text_append(text, "\n");
    }
    end_figure(text);
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

static void add_groups_figure(struct nnp_text *text, const struct nnp_comparison *comparison,
                              enum nnp_quantity quantity)
{
    int groups[MAX_GROUPS], n = choose_groups(comparison, quantity, groups);
    if (n < 2)
        return;
    int columns = n < 4 ? n : n == 4 ? 2 : 3, rows = (n + columns - 1) / columns;
    for (int f = 0; nnp_figures[f].file; f++)
        if (strncmp(nnp_figures[f].file, "groups_", 7) == 0 &&
            strncmp(nnp_figures[f].file + 7, nnp_quantity_name(quantity), 6) == 0)
            begin_figure(text, nnp_figures[f].file, 470 * columns, 500 * rows, rows, columns);
    for (int k = 0; k < n; k++) {
        const char *name = comparison->groups[groups[k]];
        nnp_text_append(text, "set title ");
        add_quoted(text, *name ? name : "without a group");
        nnp_text_append(text, " noenhanced\n");
        add_parity(text, comparison, quantity, groups[k]);
    }
    end_figure(text);
}

static void add_spread_figure(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    static const char *const labels[] = {"energy (meV/atom)", "forces (meV/Å)"};
    begin_figure(text, "spread.png", 940, 500, 1, 2);
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
            add_condition(text, comparison, set, -1);
            nnp_text_append(text,
                            " ? 1000*$%d : NaN):(1000*$%d) with points pt 7 ps 0.6 lc rgb '%s' "
                            "title ",
                            7 + 2 * q, 6 + 2 * q, colors[set % 3]);
            add_quoted(text, comparison->sets[set]);
            nnp_text_append(text, ", \\\n    ");
        }
        nnp_text_append(text, "x with lines lc rgb '#999999' title 'error = spread'\n");
    }
    end_figure(text);
}

static void add_functions_figure(struct nnp_text *text, const struct nnp_potential *potential)
{
    int n = potential->n_elements;
    begin_figure(text, "functions.png", 940, 130 + 270 * n, n, 1);
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
                        symbol, colors[0]);
    }
    end_figure(text);
}

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
                            separator, m, set == 0 ? training : test, factor, colors[set],
                            m > 1      ? "notitle"
                            : set == 0 ? "title 'training'"
                                       : "title 'test'");
            separator = ", \\\n    ";
        }
    nnp_text_append(text, "\n");
}

static void add_curve_figure(struct nnp_text *text, const struct nnp_comparison *comparison,
                             int n_members)
{
    int n = 1 + count_quantities(comparison);
    begin_figure(text, "learning_curve.png",
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
    end_figure(text);
}

void nnp_figures_script(struct nnp_text *text, const struct nnp_comparison *comparison,
                        const struct nnp_potential *potential, bool has_curve, int n_members)
{
    nnp_text_append(text,
                    "# Draws the figures of this report from its tables: gnuplot figures.gp\n");
    if (has_curve)
        add_curve_figure(text, comparison, n_members);
    add_parity_figure(text, comparison);
    add_histogram_figure(text, comparison);
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        add_groups_figure(text, comparison, (enum nnp_quantity)q);
    if (comparison->n_members > 1)
        add_spread_figure(text, comparison);
    add_functions_figure(text, potential);
}
