/* nnp-hull: mixing energies and the convex hull of phases of any number of elements. */
#include "comparison_arguments.h"
#include "nnp/element.h"
#include "phases.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: nnp-hull [--against FILE].. [--csv OUT] PHASES..\n"
    "\n"
    "Mixing energies of phases, their convex hull, and how far from it each is.  PHASES are "
    "tables\n"
    "(*.csv) with a column energy (eV/atom), a column with numbers of atoms for each element,\n"
    "named by its symbol, and columns phase and group that may be missing; or data of any "
    "format\n"
    "that nnp-convert reads, of which every structure is a phase (named by its sid or name).\n"
    "Pure elements must be among them.\n"
    "\n"
    "  --against FILE  phases of another source; those of the same name are compared\n"
    "  --csv OUT       write the table to OUT\n"
    "  --help          show this text\n"
    "  --version       show the version\n"
    "\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

/* Phases of one source and what follows from them. */
struct source {
    struct nnp_phases phases;
    struct nnp_stability stability;
};

static double fraction(const struct nnp_phases *phases, int p, int element)
{
    double sum = 0.0;
    for (int e = 0; e < phases->n_elements; e++)
        sum += phases->phases[p].amount[e];
    return phases->phases[p].amount[element] / sum;
}

/* For qsort, which has no room for it. */
static const struct source *sorted;

/* By composition, last element first, then by energy. */
static int compare(const void *a, const void *b)
{
    const int p = *(const int *)a, q = *(const int *)b;
    for (int e = sorted->phases.n_elements - 1; e > 0; e--) {
        const double x = fraction(&sorted->phases, p, e), y = fraction(&sorted->phases, q, e);
        if (fabs(x - y) > 1e-9)
            return x < y ? -1 : 1;
    }
    const double x = sorted->phases.phases[p].energy, y = sorted->phases.phases[q].energy;
    return x != y ? (x < y ? -1 : 1) : p - q;
}

/* "0.500 A + 0.500 B", or that the phase is on the hull. */
static void append_fate(struct nnp_text *text, const struct source *source, int p)
{
    const size_t n = (size_t)source->phases.n_elements;
    const struct nnp_stability *stability = &source->stability;
    if (stability->distance[p] == 0.0 && isinf(stability->depth[p])) {
        nnp_text_append(text, "stable: the element");
        return;
    }
    if (stability->distance[p] == 0.0) {
        nnp_text_append(text, "stable by %.2f", 1000.0 * stability->depth[p]);
        return;
    }
    const char *plus = "";
    for (size_t e = 0; e < n; e++) {
        const int product = stability->products[(size_t)p * n + e];
        if (product < 0)
            continue;
        nnp_text_append(text, "%s%.3f %s", plus, stability->shares[(size_t)p * n + e],
                        source->phases.phases[product].name);
        plus = " + ";
    }
}

static void append_table(struct nnp_text *text, const struct source *source,
                         const struct source *against, const int *order)
{
    const struct nnp_phases *phases = &source->phases;
    nnp_text_append(text, "%-24s", "phase");
    for (int e = 1; e < phases->n_elements; e++)
        nnp_text_append(text, "    x_%-2s", nnp_element_symbol(phases->atomic_numbers[e]));
    nnp_text_append(text, " %10s %10s", "mixing", "above hull");
    if (against)
        nnp_text_append(text, " %10s %10s", "against", "above hull");
    nnp_text_append(text, "  (meV/atom)\n");
    for (int k = 0; k < phases->n; k++) {
        const int p = order[k];
        nnp_text_append(text, "%-24s", phases->phases[p].name);
        for (int e = 1; e < phases->n_elements; e++)
            nnp_text_append(text, "  %6.4f", fraction(phases, p, e));
        nnp_text_append(text, " %10.2f %10.2f", 1000.0 * source->stability.mixing[p],
                        1000.0 * source->stability.distance[p]);
        const int other =
            against ? nnp_phases_find(&against->phases, phases->phases[p].name) : -1;
        if (other >= 0)
            nnp_text_append(text, " %10.2f %10.2f", 1000.0 * against->stability.mixing[other],
                            1000.0 * against->stability.distance[other]);
        else if (against)
            nnp_text_append(text, " %10s %10s", "-", "-");
        nnp_text_append(text, "  ");
        append_fate(text, source, p);
        nnp_text_append(text, "\n");
    }
}

/* How well the sources agree on what both have. */
static void append_agreement(struct nnp_text *text, const struct source *source,
                             const struct source *against)
{
    int n = 0, n_agreeing = 0;
    double squares = 0.0, worst = 0.0;
    for (int p = 0; p < source->phases.n; p++) {
        const int q = nnp_phases_find(&against->phases, source->phases.phases[p].name);
        if (q < 0)
            continue;
        const double d = source->stability.mixing[p] - against->stability.mixing[q];
        n++;
        squares += d * d;
        worst = fmax(worst, fabs(d));
        n_agreeing +=
            (source->stability.distance[p] == 0.0) == (against->stability.distance[q] == 0.0);
    }
    nnp_text_append(text,
                    "\n%d phases in both: mixing energies differ by %.2f meV/atom rms, %.2f at "
                    "most; the same verdict on %d\n",
                    n, n ? 1000.0 * sqrt(squares / n) : 0.0, 1000.0 * worst, n_agreeing);
}

static void append_quoted(struct nnp_text *text, const char *cell)
{
    if (!strpbrk(cell, ",\"")) {
        nnp_text_append(text, "%s", cell);
        return;
    }
    nnp_text_append(text, "\"");
    for (; *cell; cell++)
        nnp_text_append(text, *cell == '"' ? "\"\"" : "%c", *cell);
    nnp_text_append(text, "\"");
}

static void append_csv(struct nnp_text *text, const struct source *source,
                       const struct source *against, const int *order)
{
    const struct nnp_phases *phases = &source->phases;
    nnp_text_append(text, "phase,group");
    for (int e = 0; e < phases->n_elements; e++)
        nnp_text_append(text, ",x_%s", nnp_element_symbol(phases->atomic_numbers[e]));
    nnp_text_append(text, ",energy,mixing,above_hull,stable%s\n",
                    against ? ",against_mixing,against_above_hull" : "");
    for (int k = 0; k < phases->n; k++) {
        const int p = order[k];
        append_quoted(text, phases->phases[p].name);
        nnp_text_append(text, ",");
        append_quoted(text, phases->phases[p].group);
        for (int e = 0; e < phases->n_elements; e++)
            nnp_text_append(text, ",%.8g", fraction(phases, p, e));
        nnp_text_append(text, ",%.10g,%.8g,%.8g,%d", phases->phases[p].energy,
                        source->stability.mixing[p], source->stability.distance[p],
                        source->stability.distance[p] == 0.0);
        const int other =
            against ? nnp_phases_find(&against->phases, phases->phases[p].name) : -1;
        if (other >= 0)
            nnp_text_append(text, ",%.8g,%.8g", against->stability.mixing[other],
                            against->stability.distance[other]);
        else if (against)
            nnp_text_append(text, ",,");
        nnp_text_append(text, "\n");
    }
}

static enum nnp_status write_results(const struct comparison_arguments *arguments,
                                     const struct source *source, const struct source *against,
                                     const int *order, struct nnp_error *error)
{
    struct nnp_text table = {0}, csv = {0};
    append_table(&table, source, against, order);
    if (against)
        append_agreement(&table, source, against);
    append_csv(&csv, source, against, order);
    enum nnp_status status = NNP_SUCCESS;
    if (table.failed || csv.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of phases");
    else
        fputs(table.data, stdout);
    if (!status && arguments->csv)
        status = nnp_file_write(arguments->csv, csv.data, csv.length, error);
    free(table.data);
    free(csv.data);
    return status;
}

static enum nnp_status sort_and_write(const struct comparison_arguments *arguments,
                                      const struct source *source, const struct source *against,
                                      struct nnp_error *error)
{
    int *order = malloc(((size_t)source->phases.n + 1) * sizeof *order);
    if (!order)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d phases",
                             source->phases.n);
    for (int p = 0; p < source->phases.n; p++)
        order[p] = p;
    sorted = source;
    qsort(order, (size_t)source->phases.n, sizeof *order, compare);
    const enum nnp_status status = write_results(arguments, source, against, order, error);
    free(order);
    return status;
}

static enum nnp_status read_source(struct source *source, int n_files, const char **files,
                                   struct nnp_error *error)
{
    const enum nnp_status status = nnp_phases_read(&source->phases, n_files, files, error);
    return status ? status : nnp_stability_find(&source->stability, &source->phases, error);
}

static void free_source(struct source *source)
{
    nnp_phases_free(&source->phases);
    nnp_stability_free(&source->stability);
}

static enum nnp_status run(const struct comparison_arguments *arguments,
                           struct nnp_error *error)
{
    struct source source = {.stability = {.mixing = NULL}}, against = source;
    enum nnp_status status = read_source(&source, arguments->n_files, arguments->files, error);
    if (!status && arguments->n_against)
        status = read_source(&against, arguments->n_against, arguments->against, error);
    if (!status)
        status =
            sort_and_write(arguments, &source, arguments->n_against ? &against : NULL, error);
    free_source(&source);
    free_source(&against);
    return status;
}

int main(int argc, char **argv)
{
    struct comparison_arguments arguments = {
        .program = "nnp-hull", .usage = usage, .needed = "a file with phases is needed"};
    struct nnp_error error = {0};
    int code = comparison_arguments_read(argc, argv, &arguments);
    if (code < 0) {
        const enum nnp_status status = run(&arguments, &error);
        if (status)
            fprintf(stderr, "nnp-hull: %s\n", error.message);
        code = status ? EXIT_FAILED : EXIT_DONE;
    }
    comparison_arguments_free(&arguments);
    return code;
}
