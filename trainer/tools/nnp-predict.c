/* nnp-predict: a potential applied to structures, and compared with their references. */
#include "accuracy.h"
#include "committee.h"
#include "dataset.h"
#include "extxyz.h"
#include "input_options.h"
#include "nnp/evaluate.h"
#include "nnp/potential.h"
#include "predict.h"
#include "report.h"
#include "report_folder.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-predict POTENTIAL DATA [-o OUT] [OPTIONS]\n"
    "\n"
    "Evaluates a potential on the structures of DATA (of any format, see nnp-convert) and\n"
    "shows the root mean square errors, overall and per group (config_type), where DATA\n"
    "states references.\n"
    "\n"
    "For a committee, the spread of its members and its correlation with the errors is shown.\n"
    "\n"
    "  -o OUT           write energies, forces, stresses and atomic energies to OUT (extended\n"
    "                   XYZ), of a committee also energy_spread (eV) and force_spread\n"
    "                   (eV/Angstrom)\n"
    "  --parity CSV     write references and predictions to CSV, one line for each "
    "number\n" NNP_INPUT_OPTIONS_HELP
    "  --report DIR     write tables, figures (by gnuplot) and DIR/index.html, which shows\n"
    "                   them\n"
    "  --help           show this text\n"
    "  --version        show the version\n"
    "\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

struct arguments {
    const char *potential, *data, *output, *parity, *report;
    struct input_options options;
};

struct summary {
    struct nnp_text output; /* of all structures, if wanted */
    struct nnp_text parity; /* lines, if wanted */
    struct nnp_accuracy_table accuracy;
    long n_extrapolations;
    int n_extrapolating;             /* structures */
    struct nnp_committee *committee; /* NULL: a single member */
    int n_spreads;
    struct nnp_spread *spreads; /* [n_spreads], of a committee */
};

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

/* One line of the parity file; atom and component count from 1, 0: none. */
static void add_pair(struct nnp_text *text, const char *quantity,
                     const struct nnp_structure *structure, int atom, int component,
                     double reference, double predicted)
{
    nnp_text_append(text, "%s,\"", quantity);
    for (const char *c = structure->group ? structure->group : ""; *c; c++)
        nnp_text_append(text, *c == '"' ? "\"\"" : "%c", *c);
    nnp_text_append(text, "\",%d,%d,%d,", structure->line, atom, component);
    nnp_text_append_double(text, reference);
    nnp_text_append(text, ",");
    nnp_text_append_double(text, predicted);
    nnp_text_append(text, "\n");
}

/* What the structure states, and what was predicted: energy per atom, forces, stress. */
static void add_parity(struct nnp_text *text, const struct nnp_structure *structure,
                       const struct nnp_structure *predicted)
{
    if (structure->has_energy)
        add_pair(text, "energy", structure, 0, 0, structure->energy / structure->n_atoms,
                 predicted->energy / structure->n_atoms);
    for (int c = 0; structure->has_forces && c < 3 * structure->n_atoms; c++)
        add_pair(text, "force", structure, c / 3 + 1, c % 3 + 1, structure->forces[c],
                 predicted->forces[c]);
    for (int c = 0; structure->has_stress && predicted->has_stress && c < 6; c++)
        add_pair(text, "stress", structure, 0, c + 1, structure->stress[c],
                 predicted->stress[c]);
}

static enum nnp_status add_structure(struct summary *summary, struct nnp_evaluator *evaluator,
                                     const struct nnp_structure *structure,
                                     const struct arguments *arguments, struct nnp_error *error)
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
    if (arguments->parity)
        add_parity(&summary->parity, structure, &predicted);
    if (arguments->output && !status)
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
    nnp_text_append(&summary.parity,
                    "quantity,group,line,atom,component,reference,predicted\n");
    enum nnp_status status = nnp_potential_read(&potential, arguments->potential, error);
    if (!status)
        status = input_options_read(&arguments->options, "nnp-predict", arguments->data,
                                    &dataset, error);
    if (!status)
        status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    if (!status && potential->n_members > 1)
        status = make_committee(&summary, potential, dataset.n_structures, error);
    for (int s = 0; s < dataset.n_structures && !status; s++)
        status = add_structure(&summary, evaluator, &dataset.structures[s], arguments, error);
    if (!status && (summary.output.failed || summary.parity.failed))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the output");
    if (!status && arguments->output)
        status = nnp_file_write(arguments->output, summary.output.data, summary.output.length,
                                error);
    if (!status && arguments->parity)
        status = nnp_file_write(arguments->parity, summary.parity.data, summary.parity.length,
                                error);
    if (!status)
        status = show(&summary, error);
    if (!status && arguments->report)
        status = write_report(arguments, potential, &dataset, error);
    nnp_accuracy_free(&summary.accuracy);
    free(summary.output.data);
    free(summary.spreads);
    nnp_committee_free(summary.committee);
    free(summary.parity.data);
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
        if (i + 1 < argc && input_options_has(argv[i])) {
            const char *complaint;
            if (!input_options_set(&arguments->options, argv[i], argv[i + 1], &complaint)) {
                fprintf(stderr, "nnp-predict: %s %s (see nnp-predict --help)\n", complaint,
                        argv[i + 1]);
                return EXIT_USAGE;
            }
            i++;
        } else if (strcmp(argv[i], "--parity") == 0 && i + 1 < argc && !arguments->parity) {
            arguments->parity = argv[++i];
        } else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc && !arguments->output) {
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
    input_options_init(&arguments.options);
    int code = read_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    const char *outputs[] = {arguments.output, arguments.parity};
    for (int k = 0; k < 2; k++)
        if (outputs[k] && (nnp_file_is_same(outputs[k], arguments.data) ||
                           nnp_file_is_same(outputs[k], arguments.potential) ||
                           (k == 1 && outputs[0] && strcmp(outputs[0], outputs[1]) == 0))) {
            fprintf(stderr, "nnp-predict: %s is an input; the output needs another name\n",
                    outputs[k]);
            return EXIT_USAGE;
        }
    if (run(&arguments, &error)) {
        fprintf(stderr, "nnp-predict: %s\n", error.message);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
