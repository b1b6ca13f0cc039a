/* eV, Angstrom in; the units in which errors are usually stated out. */
#include "report.h"

#include <math.h>
#include <string.h>

static const double mev = 1e3;              /* per eV */
static const double gigapascal = 160.21766; /* per eV/Angstrom^3 (CODATA 2018) */

/* "name 1.23", or nothing where it is not known. */
static void append_rmse(struct nnp_text *text, const char *name, const struct nnp_rmse *rmse)
{
    if (rmse->energy < 0.0 && rmse->forces < 0.0)
        return;
    nnp_text_append(text, "  %s", name);
    if (!(rmse->energy < 0.0))
        nnp_text_append(text, " %.2f meV/atom", mev * rmse->energy);
    if (!(rmse->forces < 0.0))
        nnp_text_append(text, " %.1f meV/A", mev * rmse->forces);
    if (!(rmse->stress < 0.0))
        nnp_text_append(text, " %.2f GPa", gigapascal * rmse->stress);
}

static void append_time(struct nnp_text *text, double seconds)
{
    long rounded = lround(seconds);
    if (rounded >= 3600)
        nnp_text_append(text, "%ld h %02ld min", rounded / 3600, rounded % 3600 / 60);
    else if (rounded >= 60)
        nnp_text_append(text, "%ld min %02ld s", rounded / 60, rounded % 60);
    else
        nnp_text_append(text, "%ld s", rounded);
}

void nnp_report_progress(struct nnp_text *text, const struct nnp_progress *progress)
{
    if (progress->n_members > 1)
        nnp_text_append(text, "member %d/%d, ", progress->member, progress->n_members);
    nnp_text_append(text, "%s %d/%d  loss %.5g", progress->stage, progress->iteration,
                    progress->n_iterations, progress->loss);
    if (progress->gradient_norm > 0.0)
        nnp_text_append(text, "  gradient %.2g", progress->gradient_norm);
    append_rmse(text, "training", &progress->training);
    append_rmse(text, "test", &progress->test);
    if (progress->seconds_left >= 0.0 && isfinite(progress->seconds_left)) {
        nnp_text_append(text, "  left: ");
        append_time(text, progress->seconds_left);
    }
}

static void append_value(struct nnp_text *text, double value, double factor, int decimals)
{
    if (value < 0.0)
        nnp_text_append(text, " %14s", "-");
    else
        nnp_text_append(text, " %14.*f", decimals, factor * value);
}

void nnp_report_accuracy(struct nnp_text *text, const struct nnp_accuracy_table *table)
{
    int width = (int)strlen("RMSE");
    for (int r = 0; r < table->n_rows; r++)
        if ((int)strlen(table->rows[r].name) > width)
            width = (int)strlen(table->rows[r].name);
    nnp_text_append(text, "%-*s %10s %14s %14s %14s\n", width, "RMSE", "structures",
                    "E (meV/atom)", "F (meV/A)", "stress (GPa)");
    for (int r = 0; r < table->n_rows; r++) {
        struct nnp_rmse rmse = nnp_accuracy_rmse(&table->rows[r]);
        nnp_text_append(text, "%-*s %10d", width, rmse.set, rmse.n_structures);
        append_value(text, rmse.energy, mev, 3);
        append_value(text, rmse.forces, mev, 2);
        append_value(text, rmse.stress, gigapascal, 3);
        nnp_text_append(text, "\n");
    }
}

static void append_correlation(struct nnp_text *text, const char *what, double correlation)
{
    if (!isnan(correlation))
        nnp_text_append(text, ", correlation with the error of %s %.2f", what, correlation);
}

void nnp_report_spread(struct nnp_text *text, const char *set,
                       const struct nnp_spread_summary *summary)
{
    nnp_text_append(text, "spread of %d members (%s, %d structures): E %.3f meV/atom",
                    summary->n_members, set, summary->n_structures, mev * summary->energy);
    nnp_text_append(text, ", F %.2f meV/A", mev * summary->forces);
    append_correlation(text, "energies", summary->energy_correlation);
    append_correlation(text, "forces", summary->forces_correlation);
    nnp_text_append(text, "\n");
}
