/* nnp-predict: a potential applied to structures, and compared with their references. */
#include "accuracy.h"
#include "committee.h"
#include "dataset.h"
#include "extxyz.h"
#include "nnp/evaluate.h"
#include "nnp/potential.h"
#include "predict.h"
#include "report.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-predict POTENTIAL DATA [-o OUT]\n"
    "\n"
    "Evaluates a potential on the structures of DATA (of any format, see nnp-convert) and\n"
    "shows the root mean square errors, overall and per group (config_type), where DATA\n"
    "states references.\n"
    "\n"
    "For a committee, the spread of its members and its correlation with the errors is shown.\n"
    "\n"
    "  -o OUT     write energies, forces, stresses and atomic energies to OUT (extended XYZ),\n"
    "             of a committee also energy_spread (eV) and force_spread (eV/Angstrom)\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

struct arguments {
    const char *potential, *data, *output;
};

struct summary {
    struct nnp_text output; /* of all structures, if wanted */
    struct nnp_accuracy_table accuracy;
    long n_extrapolations;
    int n_extrapolating;             /* structures */
    struct nnp_committee *committee; /* NULL: a single member */
    int n_spreads;
    struct nnp_spread *spreads; /* [n_spreads], of a committee */
};

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

static const char spread_key[] = "energy_spread=";

/* The spread takes the place of one that the structure's comment stated. */
static enum nnp_status set_energy_spread(struct nnp_structure *structure, double spread,
                                         struct nnp_error *error)
{
    struct nnp_text text = {0};
    const char *info = structure->info ? structure->info : "";
    const char *old = strstr(info, spread_key);
    if (old) {
        nnp_text_append(&text, "%.*s", (int)(old - info), info);
        info = old + strcspn(old, " ");
        info += strspn(info, " ");
    }
    nnp_text_append(&text, "%s%s%s", info, *info ? " " : "", spread_key);
    nnp_text_append_double(&text, spread);
    free(structure->info);
    structure->info = text.data;
    return text.failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a comment")
                       : NNP_SUCCESS;
}

/* Appends a prediction to the output; force_spreads is NULL without a committee. */
static void append_prediction(struct nnp_text *output, const struct nnp_structure *predicted,
                              const double *atomic_energies, const double *force_spreads)
{
    const struct nnp_extxyz_column columns[] = {{"atomic_energy", atomic_energies},
                                                {"force_spread", force_spreads}};
    nnp_extxyz_append_columns(output, predicted, force_spreads ? 2 : 1, columns);
}

/* What the members say apart; *force_spreads is the caller's to free. */
static enum nnp_status add_spread(struct summary *summary,
                                  const struct nnp_structure *structure,
                                  struct nnp_structure *predicted, double **force_spreads,
                                  struct nnp_error *error)
{
    struct nnp_spread *spread = &summary->spreads[summary->n_spreads++];
    *force_spreads = calloc((size_t)structure->n_atoms + 1, sizeof **force_spreads);
    if (!*force_spreads)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms",
                             structure->n_atoms);
    enum nnp_status status =
        nnp_committee_evaluate(summary->committee, structure, spread, *force_spreads, error);
    return status ? status
                  : set_energy_spread(predicted, spread->energy * structure->n_atoms, error);
}

static enum nnp_status add_structure(struct summary *summary, struct nnp_evaluator *evaluator,
                                     const struct nnp_structure *structure, bool wants_output,
                                     struct nnp_error *error)
{
    struct nnp_structure predicted;
    struct nnp_residual residual;
    double *atomic_energies, *force_spreads = NULL;
    long n_extrapolations;
    enum nnp_status status = nnp_predict(evaluator, structure, &predicted, &atomic_energies,
                                         &residual, &n_extrapolations, error);
    if (status)
        return status;
    summary->n_extrapolations += n_extrapolations;
    summary->n_extrapolating += n_extrapolations > 0;
    if (summary->committee)
        status = add_spread(summary, structure, &predicted, &force_spreads, error);
    if (wants_output && !status)
        append_prediction(&summary->output, &predicted, atomic_energies, force_spreads);
    free(atomic_energies);
    free(force_spreads);
    nnp_structure_free(&predicted);
    if (!status)
        status = nnp_accuracy_add(&summary->accuracy, "all", structure, &residual, error);
    if (!status && structure->group)
        status =
            nnp_accuracy_add(&summary->accuracy, structure->group, structure, &residual, error);
    return status;
}

static enum nnp_status show(const struct summary *summary, struct nnp_error *error)
{
    struct nnp_text text = {0};
    nnp_report_accuracy(&text, &summary->accuracy);
    if (summary->committee) {
        struct nnp_spread_summary spread =
            nnp_committee_summarize(summary->committee, summary->n_spreads, summary->spreads);
        nnp_report_spread(&text, "all", &spread);
    }
    if (text.failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of errors");
    fputs(text.data, stdout);
    free(text.data);
    printf("extrapolations: %ld symmetry functions in %d structures\n",
           summary->n_extrapolations, summary->n_extrapolating);
    return NNP_SUCCESS;
}

static enum nnp_status make_committee(struct summary *summary,
                                      const struct nnp_potential *potential, int n_structures,
                                      struct nnp_error *error)
{
    summary->spreads = calloc((size_t)n_structures + 1, sizeof *summary->spreads);
    if (!summary->spreads)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures",
                             n_structures);
    return nnp_committee_create(&summary->committee, potential, error);
}

static enum nnp_status run(const struct arguments *arguments, struct nnp_error *error)
{
    struct nnp_potential *potential = NULL;
    struct nnp_evaluator *evaluator = NULL;
    struct nnp_dataset dataset = {0};
    struct summary summary = {0};
    enum nnp_status status = nnp_potential_read(&potential, arguments->potential, error);
    if (!status)
        status = nnp_dataset_read(&dataset, arguments->data, NULL, error);
    if (!status && dataset.files[0].note)
        fprintf(stderr, "nnp-predict: %s (%d left out of this file)\n", dataset.files[0].note,
                dataset.files[0].n_left_out);
    if (!status)
        status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    if (!status && potential->n_members > 1)
        status = make_committee(&summary, potential, dataset.n_structures, error);
    for (int s = 0; s < dataset.n_structures && !status; s++)
        status = add_structure(&summary, evaluator, &dataset.structures[s], arguments->output,
                               error);
    if (!status && summary.output.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the output");
    if (!status && arguments->output)
        status = nnp_file_write(arguments->output, summary.output.data, summary.output.length,
                                error);
    if (!status)
        status = show(&summary, error);
    nnp_accuracy_free(&summary.accuracy);
    free(summary.output.data);
    free(summary.spreads);
    nnp_committee_free(summary.committee);
    nnp_evaluator_free(evaluator);
    nnp_dataset_free(&dataset);
    nnp_potential_free(potential);
    return status;
}

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, struct arguments *arguments)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-predict " NNP_VERSION);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "-o") == 0 && i + 1 < argc && !arguments->output) {
            arguments->output = argv[++i];
        } else if (argv[i][0] == '-' || arguments->data) {
            fprintf(stderr, "nnp-predict: unexpected argument %s (see nnp-predict --help)\n",
                    argv[i]);
            return EXIT_USAGE;
        } else if (arguments->potential) {
            arguments->data = argv[i];
        } else {
            arguments->potential = argv[i];
        }
    }
    if (arguments->data)
        return -1;
    fputs("nnp-predict: a potential and a data file are needed (see nnp-predict --help)\n",
          stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct nnp_error error = {0};
    int code = read_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    if (arguments.output && (is_same_file(arguments.output, arguments.data) ||
                             is_same_file(arguments.output, arguments.potential))) {
        fprintf(stderr, "nnp-predict: %s is an input; the output needs another name\n",
                arguments.output);
        return EXIT_USAGE;
    }
    if (run(&arguments, &error)) {
        fprintf(stderr, "nnp-predict: %s\n", error.message);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
