/* nnp-convert: structures of files in any format into one file. */
#include "dataset.h"
#include "format.h"
#include "input_options.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-convert IN.. -o OUT [--from FORMAT] [--to FORMAT]\n"
    "\n"
    "Reads the structures of all IN and writes them to OUT, which is replaced. Formats are\n"
    "recognised by the content of IN and the name of OUT, unless stated. Steps of a\n"
    "calculation that are incomplete or did not converge are left out, with a message.\n"
    "\n"
    "  -o OUT           the file to write, none of IN\n"
    "  --to FORMAT      format of OUT\n" NNP_INPUT_OPTIONS_HELP
    "  --help           show this text\n"
    "  --version        show the version\n"
    "\n"
    "OUT is written in Angstrom and eV. Exit status: 0 done, 1 bad input or failure, 2 wrong\n"
    "usage. Formats:\n";

struct arguments {
    char **inputs; /* [n_inputs], borrowed pointers */
    int n_inputs;
    const char *output;
    struct input_options options;
    const struct nnp_format *to;
};

static void show_help(void)
{
    fputs(usage, stdout);
    for (int k = 0; nnp_format_at(k); k++)
        printf("  %-15s  %s%s\n", nnp_format_at(k)->name, nnp_format_at(k)->title,
               nnp_format_at(k)->append ? "" : " (is read only)");
}

static int refuse(const char *what, const char *value)
{
    fprintf(stderr, "nnp-convert: %s %s (see nnp-convert --help)\n", what, value);
    return EXIT_USAGE;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

/* An option with a value; returns an exit status, or -1 to go on. */
static int read_option(struct arguments *arguments, const char *option, const char *value)
{
    const char *complaint;
    if (strcmp(option, "-o") == 0) {
        arguments->output = value;
        return -1;
    }
    if (input_options_has(option))
        return input_options_set(&arguments->options, option, value, &complaint)
                   ? -1
                   : refuse(complaint, value);
    arguments->to = nnp_format_by_name(value);
    return arguments->to ? -1 : refuse("unknown format", value);
}

static bool is_option(const char *argument)
{
    return strcmp(argument, "-o") == 0 || strcmp(argument, "--to") == 0 ||
           input_options_has(argument);
}

/* The format of OUT, and that OUT is none of IN; returns an exit status, or -1 to go on. */
static int check_arguments(struct arguments *arguments)
{
    if (arguments->n_inputs == 0 || !arguments->output)
        return refuse("a file to read and -o with a file to write are", "needed");
    for (int f = 0; f < arguments->n_inputs; f++)
        if (is_same_file(arguments->inputs[f], arguments->output))
            return refuse("the output needs another name than the input", arguments->output);
    if (!arguments->to)
        arguments->to = nnp_format_by_file_name(arguments->output);
    if (!arguments->to)
        return refuse("the name tells no format, give one with --to:", arguments->output);
    return arguments->to->append
               ? -1
               : refuse("can only be read, not written:", arguments->to->name);
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

static enum nnp_status run(const struct arguments *arguments, struct nnp_error *error)
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
        code = run(&arguments, &error) ? EXIT_FAILED : EXIT_DONE;
        if (code)
            fprintf(stderr, "nnp-convert: %s\n", error.message);
    }
    free(arguments.inputs);
    return code;
}
