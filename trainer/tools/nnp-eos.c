/* nnp-eos: equations of state fitted to energies against volume, and compared. */
#include "birch_murnaghan.h"
#include "comparison_arguments.h"
#include "curves.h"
#include "linear_algebra.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

static const double gigapascal = 160.2176634; /* GPa in one eV/Angstrom^3 */
static const double default_range = 0.08;

static const char usage[] =
    "usage: nnp-eos [--against FILE].. [--range R] [--csv OUT] CURVES..\n"
    "\n"
    "Fits the third-order Birch-Murnaghan equation of state to energies against volume.  "
    "CURVES\n"
    "are tables (*.csv) with columns volume (A^3/atom) and energy (eV/atom), one curve each "
    "or\n"
    "as many as a column curve tells apart; or data of any format that nnp-convert reads, of\n"
    "which every group (config_type) NAME_eos is the curve NAME.\n"
    "\n"
    "  --against FILE  curves of another source; those of the same name are compared\n"
    "  --range R       volumes within a part R of that of the lowest energy count (0.08), or "
    "the\n"
    "                  nearest seven of a coarser curve\n"
    "  --csv OUT       write the table to OUT\n"
    "  --help          show this text\n"
    "  --version       show the version\n"
    "\n"
    "Errors are standard errors, from the scatter about the fit.\n"
    "\n"
    "Exit status: 0 done, 1 bad input or a curve without a fit, 2 wrong usage.\n";

/* A curve's fits; those that failed have n_points 0. */
struct comparison {
    const char *name;
    struct nnp_birch_murnaghan fit, against;
    bool has_against;
};

static bool fit_curve(struct nnp_birch_murnaghan *fit, const struct nnp_curve *curve,
                      double range)
{
    struct nnp_error error = {0};
    if (!nnp_birch_murnaghan_fit(fit, curve->n, curve->volumes, curve->energies, range, &error))
        return true;
    fit->n_points = 0;
    fprintf(stderr, "nnp-eos: %s, curve %s: %s\n", curve->file, curve->name, error.message);
    return false;
}

static void append_fit(struct nnp_text *text, const char *name,
                       const struct nnp_birch_murnaghan *fit)
{
    const double *v = fit->values, *e = fit->errors;
    if (fit->n_points == 0) {
        nnp_text_append(text, "%-18s %6s\n", name, "-");
        return;
    }
    nnp_text_append(text,
                    "%-18s %6d  %8.4f +- %-6.4f %11.5f +- %-7.5f %7.2f +- %-6.2f "
                    "%6.2f +- %-5.2f %6.3f\n",
                    name, fit->n_points, v[NNP_EOS_V0], e[NNP_EOS_V0], v[NNP_EOS_E0],
                    e[NNP_EOS_E0], v[NNP_EOS_B0] * gigapascal, e[NNP_EOS_B0] * gigapascal,
                    v[NNP_EOS_B0_PRIME], e[NNP_EOS_B0_PRIME], 1000.0 * fit->rms);
}

static void append_difference(struct nnp_text *text, const struct comparison *comparison)
{
    const double *a = comparison->fit.values, *b = comparison->against.values;
    if (comparison->fit.n_points == 0 || comparison->against.n_points == 0)
        return;
    nnp_text_append(text,
                    "%-18s %6s  %+7.3f %%          %+9.2f meV           %+6.2f %%"
                    "          %+6.2f\n",
                    "  difference", "", 100.0 * (a[NNP_EOS_V0] / b[NNP_EOS_V0] - 1.0),
                    1000.0 * (a[NNP_EOS_E0] - b[NNP_EOS_E0]),
                    100.0 * (a[NNP_EOS_B0] / b[NNP_EOS_B0] - 1.0),
                    a[NNP_EOS_B0_PRIME] - b[NNP_EOS_B0_PRIME]);
}

static void append_table(struct nnp_text *text, int n, const struct comparison *comparisons)
{
    nnp_text_append(text, "%-18s %6s  %-18s %-22s %-17s %-15s %s\n", "curve", "points",
                    "V0 (A^3/atom)", "E0 (eV/atom)", "B0 (GPa)", "B0'", "rms (meV/atom)");
    for (int k = 0; k < n; k++) {
        append_fit(text, comparisons[k].name, &comparisons[k].fit);
        if (!comparisons[k].has_against)
            continue;
        append_fit(text, "  against", &comparisons[k].against);
        append_difference(text, &comparisons[k]);
    }
}

static void append_csv_row(struct nnp_text *text, const char *name, const char *source,
                           const struct nnp_birch_murnaghan *fit)
{
    static const enum {
        V0 = NNP_EOS_V0,
        E0 = NNP_EOS_E0,
        B0 = NNP_EOS_B0,
        B1 = NNP_EOS_B0_PRIME
    } order[] = {V0, E0, B0, B1};
    if (fit->n_points == 0)
        return;
    nnp_text_append(text, "%s,%s,%d", name, source, fit->n_points);
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        const double unit = order[k] == B0 ? gigapascal : 1.0;
        nnp_text_append(text, ",%.8g,%.3g", fit->values[order[k]] * unit,
                        fit->errors[order[k]] * unit);
    }
    nnp_text_append(text, ",%.4g\n", fit->rms);
}

static void append_csv(struct nnp_text *text, int n, const struct comparison *comparisons)
{
    nnp_text_append(text, "curve,source,points,V0,V0_error,E0,E0_error,B0,B0_error,B0_prime,"
                          "B0_prime_error,rms\n");
    for (int k = 0; k < n; k++) {
        append_csv_row(text, comparisons[k].name, "curves", &comparisons[k].fit);
        if (comparisons[k].has_against)
            append_csv_row(text, comparisons[k].name, "against", &comparisons[k].against);
    }
}

static enum nnp_status write_results(const struct comparison_arguments *arguments, int n,
                                     const struct comparison *comparisons,
                                     struct nnp_error *error)
{
    struct nnp_text table = {0}, csv = {0};
    append_table(&table, n, comparisons);
    append_csv(&csv, n, comparisons);
    enum nnp_status status = NNP_SUCCESS;
    if (table.failed || csv.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of fits");
    else
        fputs(table.data, stdout);
    if (!status && arguments->csv)
        status = nnp_file_write(arguments->csv, csv.data, csv.length, error);
    free(table.data);
    free(csv.data);
    return status;
}

/* *all_fitted: whether every curve has a fit. */
static enum nnp_status compare(const struct comparison_arguments *arguments,
                               const struct nnp_curves *curves,
                               const struct nnp_curves *against, bool *all_fitted,
                               struct nnp_error *error)
{
    struct comparison *comparisons = calloc((size_t)curves->n + 1, sizeof *comparisons);
    if (!comparisons)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d fits", curves->n);
    *all_fitted = true;
    for (int k = 0; k < curves->n; k++) {
        struct comparison *made = &comparisons[k];
        const struct nnp_curve *other = nnp_curves_find(against, curves->curves[k].name);
        made->name = curves->curves[k].name;
        made->has_against = other != NULL;
        if (!fit_curve(&made->fit, &curves->curves[k], arguments->range))
            *all_fitted = false;
        if (other && !fit_curve(&made->against, other, arguments->range))
            *all_fitted = false;
    }
    enum nnp_status status = write_results(arguments, curves->n, comparisons, error);
    free(comparisons);
    return status;
}

static enum nnp_status run(const struct comparison_arguments *arguments, bool *all_fitted,
                           struct nnp_error *error)
{
    struct nnp_curves curves = {0}, against = {0};
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < arguments->n_files && !status; k++)
        status = nnp_curves_read(&curves, arguments->files[k], error);
    for (int k = 0; k < arguments->n_against && !status; k++)
        status = nnp_curves_read(&against, arguments->against[k], error);
    if (!status)
        status = compare(arguments, &curves, &against, all_fitted, error);
    nnp_curves_free(&curves);
    nnp_curves_free(&against);
    return status;
}

int main(int argc, char **argv)
{
    struct comparison_arguments arguments = {.program = "nnp-eos",
                                             .usage = usage,
                                             .needed = "a file with curves is needed",
                                             .has_range = true,
                                             .range = default_range};
    struct nnp_error error = {0};
    bool all_fitted = false;
    nnp_linear_algebra_init();
    int code = comparison_arguments_read(argc, argv, &arguments);
    if (code < 0) {
        const enum nnp_status status = run(&arguments, &all_fitted, &error);
        if (status)
            fprintf(stderr, "nnp-eos: %s\n", error.message);
        code = status || !all_fitted ? EXIT_FAILED : EXIT_DONE;
    }
    comparison_arguments_free(&arguments);
    return code;
}
