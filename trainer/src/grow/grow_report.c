/* Tables over generations: errors.csv, report.txt. */
#include "folders.h"
#include "grow_parts.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const char *const quantities[] = {"energy_rmse", "forces_rmse", "stress_rmse"};

struct report {
    struct nnp_text csv, text;
};

static enum nnp_status read_table(const struct nnp_study *study, int n, const char *name,
                                  struct nnp_table *table, struct nnp_error *error)
{
    char *path = NULL;
    enum nnp_status status =
        nnp_path_set(&path, error, "%s/generation-%d/%s", study->folder, n, name);
    if (!status)
        status = nnp_table_read(table, path, error);
    free(path);
    return status;
}

/* Rows of a column whose cell is, or is not, empty. */
static int count(const struct nnp_table *table, const char *column, bool empty)
{
    int n = 0, c = nnp_table_column(table, column);
    for (int r = 0; r < table->n_rows && c >= 0; r++)
        n += (*nnp_table_cell(table, r, c) == '\0') == empty;
    return n;
}

static enum nnp_status sum(const struct nnp_table *table, const char *column, int *total,
                           struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *total = 0;
    for (int r = 0; r < table->n_rows && !status; r++) {
        double value;
        status = nnp_table_number(table, r, nnp_table_column(table, column), &value, error);
        *total += status ? 0 : (int)value;
    }
    return status;
}

static enum nnp_status report_counts(struct report *report, const struct nnp_study *study,
                                     int n, struct nnp_error *error)
{
    struct nnp_table runs = {0}, labels = {0};
    int n_frames = 0, n_kept = 0;
    enum nnp_status status = read_table(study, n, "runs.csv", &runs, error);
    if (!status)
        status = read_table(study, n, "labels.csv", &labels, error);
    if (!status)
        status = sum(&runs, "frames", &n_frames, error);
    if (!status)
        status = sum(&runs, "kept", &n_kept, error);
    if (!status)
        nnp_text_append(&report->text,
                        "generation %d: %d runs (%d cut), %d frames (%d kept), %d chosen, %d "
                        "labelled, %d failed\n",
                        n, runs.n_rows, count(&runs, "cut", false), n_frames, n_kept,
                        labels.n_rows, count(&labels, "failure", true),
                        count(&labels, "failure", false));
    nnp_table_free(&runs);
    nnp_table_free(&labels);
    return status;
}

/* Numbers of a row: to the CSV as they are, to the text in meV. */
static enum nnp_status report_numbers(struct report *report, const struct nnp_table *table,
                                      int row, struct nnp_error *error)
{
    static const double factors[] = {1e3, 1e3, 160.21766}; /* meV, meV/A, GPa (CODATA 2018) */
    enum nnp_status status = NNP_SUCCESS;
    for (int q = 0; q < 3 && !status; q++) {
        int column = nnp_table_column(table, quantities[q]);
        double value = -1.0;
        const char *cell = column < 0 ? "" : nnp_table_cell(table, row, column);
        nnp_text_append(&report->csv, ",%s", cell);
        if (*cell)
            status = nnp_table_number(table, row, column, &value, error);
        if (value < 0.0)
            nnp_text_append(&report->text, " %12s", "-");
        else
            nnp_text_append(&report->text, " %12.3f", factors[q] * value);
    }
    return status;
}

static enum nnp_status report_errors(struct report *report, const struct nnp_study *study,
                                     int n, struct nnp_error *error)
{
    struct nnp_table before = {0}, after = {0};
    enum nnp_status status = read_table(study, n, "errors.csv", &before, error);
    if (!status)
        status = read_table(study, n, "errors_after.csv", &after, error);
    if (!status && after.n_rows != before.n_rows)
        status =
            nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                          "errors.csv and errors_after.csv of generation %d have %d and %d "
                          "rows, expected the same",
                          n, before.n_rows, after.n_rows);
    for (int r = 0; r < before.n_rows && !status; r++) {
        const char *kind = nnp_table_cell(&before, r, 0);
        const char *structures = nnp_table_cell(&before, r, 1);
        nnp_text_append(&report->csv, "%d,", n);
        nnp_grow_append_cell(&report->csv, kind);
        nnp_text_append(&report->csv, ",%s", structures);
        nnp_text_append(&report->text, "%10d %-20s %10s", n, kind, structures);
        status = report_numbers(report, &before, r, error);
        nnp_text_append(&report->text, "  ");
        if (!status)
            status = report_numbers(report, &after, r, error);
        nnp_text_append(&report->csv, "\n");
        nnp_text_append(&report->text, "\n");
    }
    nnp_table_free(&before);
    nnp_table_free(&after);
    return status;
}

enum nnp_status nnp_grow_report(const struct nnp_study *study,
                                const struct nnp_grow_observer *observer, int n,
                                struct nnp_error *error)
{
    const struct nnp_generation place = {.folder = study->folder};
    struct report report = {0};
    enum nnp_status status = NNP_SUCCESS;
    if (n == 0)
        return NNP_SUCCESS;
    for (int g = 1; g <= n && !status; g++)
        status = report_counts(&report, study, g, error);
    nnp_text_append(
        &report.text,
        "\nRMSE on the labels of each generation, of the potential before and after "
        "its training\n%10s %-20s %10s %12s %12s %12s   %12s %12s %12s\n",
        "generation", "kind", "structures", "E (meV/atom)", "F (meV/A)", "stress (GPa)", "E",
        "F", "stress");
    nnp_text_append(&report.csv,
                    "generation,kind,structures,energy_rmse,forces_rmse,stress_rmse,"
                    "energy_rmse_after,forces_rmse_after,stress_rmse_after\n");
    for (int g = 1; g <= n && !status; g++)
        status = report_errors(&report, study, g, error);
    if (!status)
        status = nnp_grow_write(&place, "errors.csv", &report.csv, error);
    if (!status)
        status = nnp_grow_write(&place, "report.txt", &report.text, error);
    if (!status)
        status = nnp_grow_plot_errors(study, observer, error);
    free(report.csv.data);
    free(report.text.data);
    return status;
}
