/* nnp-convert: structures of files in any format into one file, and potentials of any format
 * into another. */
#include "dataset.h"
#include "format.h"
#include "input_options.h"
#include "nnp/formats.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-convert DATA.. -o OUT [--from FORMAT] [--to FORMAT]\n"
    "       nnp-convert POTENTIAL OUT [--to nnp|n2p2]\n"
    "\n"
    "Reads the structures of all DATA and writes them to OUT, which is replaced. Formats are\n"
    "recognised by the content of DATA and the name of OUT, unless stated. Steps of a\n"
    "calculation that are incomplete or did not converge are left out, with a message.\n"
    "\n"
    "If the first argument is a potential, it is written to OUT: a .nnp file, or, --to n2p2, "
    "a\n"
    "new folder.\n"
    "\n"
    "  -o OUT           the file to write, none of DATA\n"
    "  --from FORMAT    format of all DATA\n"
    "  --to FORMAT      format of OUT\n"
    "  --length UNIT    length in DATA or POTENTIAL, for formats without units (n2p2): "
    "Angstrom\n"
    "                   or bohr\n"
    "  --energy UNIT    energy, likewise: eV, Ha or (DATA only) Ry\n"
    "  --types A,B,..   elements of the types of LAMMPS dumps\n"
    "  --thermo FILE    energies of the steps of dumps: a log of LAMMPS, or columns\n"
    "  --help           show this text\n"
    "  --version        show the version\n"
    "\n"
    "Structures are written in Angstrom and eV, potentials in the units that they are in. "
    "Exit\n"
    "status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

struct arguments {
    char **inputs; /* [n_inputs], borrowed pointers */
    int n_inputs;
    const char *output, *to_name;
    struct input_options options;
    const struct nnp_format *to;
    const struct nnp_potential_kind *potential; /* NULL: structures */
};

static void show_help(void)
{
    fputs(usage, stdout);
    fputs("\nFormats of structures:\n", stdout);
    for (int k = 0; nnp_format_at(k); k++)
        printf("  %-15s  %s%s\n", nnp_format_at(k)->name, nnp_format_at(k)->title,
               nnp_format_at(k)->append ? "" : " (is read only)");
    fputs("\nFormats of potentials:\n", stdout);
    for (int k = 0; nnp_potential_kind_at(k); k++)
        printf("  %-15s  %s%s\n", nnp_potential_kind_at(k)->name,
               nnp_potential_kind_at(k)->title,
               nnp_potential_kind_at(k)->writable ? "" : " (is read only)");
}

static int refuse(const char *what, const char *value)
{
    fprintf(stderr, "nnp-convert: %s %s (see nnp-convert --help)\n", what, value);
    return EXIT_USAGE;
}

/* An option with a value; returns an exit status, or -1 to go on. */
static int read_option(struct arguments *arguments, const char *option, const char *value)
{
    const char *complaint;
    if (strcmp(option, "-o") == 0)
        arguments->output = value;
    else if (strcmp(option, "--to") == 0)
        arguments->to_name = value;
    else if (!input_options_set(&arguments->options, option, value, &complaint))
        return refuse(complaint, value);
    return -1;
}

static bool is_option(const char *argument)
{
    return strcmp(argument, "-o") == 0 || strcmp(argument, "--to") == 0 ||
           input_options_has(argument);
}

static bool is_input(const struct arguments *arguments)
{
    for (int f = 0; f < arguments->n_inputs; f++)
        if (nnp_file_is_same(arguments->inputs[f], arguments->output))
            return true;
    return false;
}

/* Of a potential; returns an exit status, or -1 to go on. */
static int check_potential(struct arguments *arguments)
{
    if (!arguments->output && arguments->n_inputs == 2)
        arguments->output = arguments->inputs[--arguments->n_inputs];
    if (!arguments->output || arguments->n_inputs != 1)
        return refuse("one potential and the file to write are", "needed");
    if (is_input(arguments))
        return refuse("the output needs another name than the input", arguments->output);
    const struct nnp_dataset_options *options = &arguments->options.dataset;
    if (options->format)
        return refuse("formats of potentials are recognised, not told:", options->format->name);
    if (options->units.energy > 1.0 && options->units.energy < 20.0)
        return refuse("the energy of a potential is in eV or", "Ha");
    if (arguments->to_name && strcmp(arguments->to_name, "nnp") != 0 &&
        strcmp(arguments->to_name, "n2p2") != 0)
        return refuse("a potential can be written as nnp or n2p2, not", arguments->to_name);
    return -1;
}

/* Of structures: the formats, and that OUT is none of DATA. */
static int check_structures(struct arguments *arguments)
{
    if (arguments->n_inputs == 0 || !arguments->output)
        return refuse("a file to read and -o with a file to write are", "needed");
    if (is_input(arguments))
        return refuse("the output needs another name than the input", arguments->output);
    if (arguments->to_name && !(arguments->to = nnp_format_by_name(arguments->to_name)))
        return refuse("unknown format", arguments->to_name);
    if (!arguments->to)
        arguments->to = nnp_format_by_file_name(arguments->output);
    if (!arguments->to)
        return refuse("the name tells no format, give one with --to:", arguments->output);
    return arguments->to->append
               ? -1
               : refuse("can only be read, not written:", arguments->to->name);
}

static int check_arguments(struct arguments *arguments)
{
    if (arguments->n_inputs > 0)
        arguments->potential = nnp_potential_recognise(arguments->inputs[0]);
    return arguments->potential ? check_potential(arguments) : check_structures(arguments);
}

static int read_arguments(int argc, char **argv, struct arguments *arguments)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            show_help();
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-convert " NNP_VERSION);
            return EXIT_DONE;
        }
        if (is_option(argv[i])) {
            if (i + 1 == argc)
                return refuse("nothing behind", argv[i]);
            int code = read_option(arguments, argv[i], argv[i + 1]);
            if (code >= 0)
                return code;
            i++;
        } else if (argv[i][0] == '-') {
            return refuse("unexpected argument", argv[i]);
        } else {
            arguments->inputs[arguments->n_inputs++] = argv[i];
        }
    }
    return check_arguments(arguments);
}

static enum nnp_status read_files(const struct arguments *arguments,
                                  struct nnp_dataset *dataset, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < arguments->n_inputs && !status; f++)
        status = input_options_read(&arguments->options, "nnp-convert", arguments->inputs[f],
                                    dataset, error);
    return status;
}

static enum nnp_status convert_potential(const struct arguments *arguments,
                                         struct nnp_error *error)
{
    const bool to_n2p2 = arguments->to_name && strcmp(arguments->to_name, "n2p2") == 0;
    const struct nnp_file_units *stated = &arguments->options.dataset.units;
    const struct nnp_import_units units = {stated->length == 1.0 ? NNP_ANGSTROM : NNP_BOHR,
                                           stated->energy == 1.0 ? NNP_EV : NNP_HARTREE};
    struct nnp_potential *potential;
    enum nnp_status status =
        nnp_potential_import(&potential, arguments->inputs[0], &units, NULL, error);
    if (status)
        return status;
    status = to_n2p2 ? nnp_potential_write_n2p2(potential, arguments->output, error)
                     : nnp_potential_write(potential, arguments->output, error);
    if (!status)
        printf("%s: potential of %d element%s, from %s\n", arguments->output,
               potential->n_elements, potential->n_elements > 1 ? "s" : "",
               arguments->potential->title);
    nnp_potential_free(potential);
    return status;
}

static enum nnp_status convert_structures(const struct arguments *arguments,
                                          struct nnp_error *error)
{
    struct nnp_dataset dataset = {0};
    struct nnp_text text = {0};
    enum nnp_status status = read_files(arguments, &dataset, error);
    for (int s = 0; s < dataset.n_structures && !status; s++)
        status = arguments->to->append(&text, &dataset.structures[s], error);
    if (!status)
        status = nnp_file_write(arguments->output, text.data, text.length, error);
    if (!status)
        printf("%s: %d structures (%s)\n", arguments->output, dataset.n_structures,
               arguments->to->title);
    free(text.data);
    nnp_dataset_free(&dataset);
    return status;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct nnp_error error = {0};
    input_options_init(&arguments.options);
    arguments.inputs = calloc((size_t)argc + 1, sizeof *arguments.inputs);
    if (!arguments.inputs) {
        fputs("nnp-convert: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    int code = read_arguments(argc, argv, &arguments);
    if (code < 0) {
        code = (arguments.potential ? convert_potential(&arguments, &error)
                                    : convert_structures(&arguments, &error))
                   ? EXIT_FAILED
                   : EXIT_DONE;
        if (code)
            fprintf(stderr, "nnp-convert: %s\n", error.message);
    }
    free(arguments.inputs);
    return code;
}
