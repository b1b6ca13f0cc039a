/* nnp-predict: a potential applied to structures, and compared with their references. */
#include "accuracy.h"
#include "dataset.h"
#include "extxyz.h"
#include "nnp/evaluate.h"
#include "nnp/potential.h"
#include "predict.h"
#include "report.h"
#include "report_folder.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-predict POTENTIAL DATA [-o OUT] [--report DIR]\n"
    "\n"
    "Evaluates a potential on the structures of DATA (of any format, see nnp-convert) and\n"
    "shows the root mean square errors, overall and per group (config_type), where DATA\n"
    "states references.\n"
    "\n"
    "  -o OUT     write energies, forces, stresses and atomic energies to OUT (extended XYZ)\n"
    "  --report DIR\n"
    "             write tables, figures (by gnuplot) and DIR/index.html, which shows them\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

struct arguments {
    const char *potential, *data, *output, *report;
};

struct summary {
    struct nnp_text output; /* of all structures, if wanted */
    struct nnp_accuracy_table accuracy;
    long n_extrapolations;
    int n_extrapolating; /* structures */
};

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

static enum nnp_status add_structure(struct summary *summary, struct nnp_evaluator *evaluator,
                                     const struct nnp_structure *structure, bool wants_output,
                                     struct nnp_error *error)
{
    struct nnp_structure predicted;
    struct nnp_residual residual;
    double *atomic_energies;
    long n_extrapolations;
    enum nnp_status status = nnp_predict(evaluator, structure, &predicted, &atomic_energies,
                                         &residual, &n_extrapolations, error);
    if (status)
        return status;
    summary->n_extrapolations += n_extrapolations;
    summary->n_extrapolating += n_extrapolations > 0;
    if (wants_output)
        nnp_extxyz_append(&summary->output, &predicted, atomic_energies);
    free(atomic_energies);
    nnp_structure_free(&predicted);
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
    if (text.failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of errors");
    fputs(text.data, stdout);
    free(text.data);
    printf("extrapolations: %ld symmetry functions in %d structures\n",
           summary->n_extrapolations, summary->n_extrapolating);
    return NNP_SUCCESS;
}

static enum nnp_status write_report(const struct arguments *arguments,
                                    const struct nnp_potential *potential,
                                    const struct nnp_dataset *dataset, struct nnp_error *error)
{
    size_t n = (size_t)dataset->n_structures;
    const struct nnp_structure **structures = calloc(n + 1, sizeof *structures);
    struct nnp_report_set set = {"data", dataset->n_structures, structures};
    const struct nnp_report report = {
        .folder = arguments->report,
        .title = potential->provenance.title,
        .program = "nnp-predict " NNP_VERSION,
        .potential = potential,
        .n_sets = 1,
        .sets = &set,
    };
    bool drawn;
    if (!structures)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu structures", n);
    for (size_t s = 0; s < n; s++)
        structures[s] = &dataset->structures[s];
    enum nnp_status status = nnp_report_write(&report, &drawn, error);
    if (!status)
        printf("report: %s/index.html%s\n", arguments->report,
               drawn ? "" : " (without figures, as gnuplot could not draw them)");
    free(structures);
    return status;
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
    if (!status && arguments->report)
        status = write_report(arguments, potential, &dataset, error);
    nnp_accuracy_free(&summary.accuracy);
    free(summary.output.data);
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
        } else if (strcmp(argv[i], "--report") == 0 && i + 1 < argc && !arguments->report) {
            arguments->report = argv[++i];
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
