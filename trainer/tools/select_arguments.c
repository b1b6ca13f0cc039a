/* Arguments of nnp-select. */
#include "select_arguments.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: nnp-select POTENTIAL DATA.. -o OUT [OPTIONS]\n"
    "\n"
    "Chooses structures of all DATA (of any format, see nnp-convert) with the symmetry\n"
    "functions and networks of POTENTIAL, and writes them to OUT (extended XYZ).\n"
    "\n"
    "  -o OUT           the file to write\n"
    "  --by WAY         pca: far from one another in the first principal components of the\n"
    "                   symmetry functions (default); farthest: the same in all of them;\n"
    "                   spread: largest spread of a force over the committee; extrapolation:\n"
    "                   most functions outside of their range in training\n"
    "  -n N             how many; --fraction F instead: that part, rounded up (default 0.01)\n"
    "  --against FILE   structures that are held already, far from which to choose; several\n"
    "                   of these options add up\n"
    "  --features KIND  atoms: functions of all atoms side by side, for structures of one\n"
    "                   kind; mean: their mean and deviation over the atoms of each element\n"
    "                   (default: atoms where all structures are of one kind)\n"
    "  --components K   principal components (default 2)\n"
    "  --seed S         of the first structure, where nothing is held (default 1)\n"
    "  --csv CSV        write components or values of all structures, and which are chosen\n"
    "  --min-distance D leave out structures with atoms closer than D Angstrom\n"
    "  --strip          write no energies, forces and stresses\n" NNP_INPUT_OPTIONS_HELP
    "  --help           show this text\n"
    "  --version        show the version\n"
    "\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage.\n";

const char *const select_ways[N_WAYS] = {"pca", "farthest", "spread", "extrapolation"};

static int refuse(const char *what, const char *value)
{
    fprintf(stderr, "nnp-select: %s %s (see nnp-select --help)\n", what, value);
    return EXIT_USAGE;
}

static bool set_way(struct select_arguments *arguments, const char *value)
{
    arguments->way = 0;
    while (arguments->way < N_WAYS && strcmp(value, select_ways[arguments->way]) != 0)
        arguments->way++;
    return arguments->way < N_WAYS;
}

static bool set_count(const char *value, int least, int *count)
{
    return nnp_text_to_int(value, count) && *count >= least;
}

/* An option with a value; returns an exit status, or -1 to go on. */
static int read_option(struct select_arguments *arguments, const char *option,
                       const char *value)
{
    const char *complaint = "unexpected argument";
    bool good = true;
    if (input_options_has(option)) {
        good = input_options_set(&arguments->options, option, value, &complaint);
        return good ? -1 : refuse(complaint, value);
    }
    if (strcmp(option, "-o") == 0)
        arguments->output = value;
    else if (strcmp(option, "--csv") == 0)
        arguments->csv = value;
    else if (strcmp(option, "--against") == 0)
        arguments->against[arguments->n_against++] = value;
    else if (strcmp(option, "--by") == 0)
        good = set_way(arguments, value);
    else if (strcmp(option, "--features") == 0)
        good = (arguments->features = value, !strcmp(value, "atoms") || !strcmp(value, "mean"));
    else if (strcmp(option, "-n") == 0)
        good = set_count(value, 1, &arguments->n);
    else if (strcmp(option, "--components") == 0)
        good = set_count(value, 1, &arguments->n_components) && arguments->n_components <= 1000;
    else if (strcmp(option, "--seed") == 0)
        good = set_count(value, 0, &arguments->seed);
    else if (strcmp(option, "--fraction") == 0)
        good = nnp_text_to_double(value, &arguments->fraction) && arguments->fraction > 0.0 &&
               arguments->fraction <= 1.0;
    else if (strcmp(option, "--min-distance") == 0)
        good = nnp_text_to_double(value, &arguments->min_distance) &&
               arguments->min_distance > 0.0 && arguments->min_distance < 100.0;
    else
        return refuse("unexpected argument", option);
    if (good)
        return -1;
    fprintf(stderr, "nnp-select: %s cannot be %s (see nnp-select --help)\n", option, value);
    return EXIT_USAGE;
}

static int check_arguments(const struct select_arguments *arguments)
{
    const char *outputs[] = {arguments->output, arguments->csv};
    if (arguments->n_files < 2 || !arguments->output)
        return refuse("a potential, data and -o with a file to write are", "needed");
    if (arguments->n > 0 && arguments->fraction > 0.0)
        return refuse("give either -n or", "--fraction");
    for (int k = 0; k < 2 && outputs[k]; k++) {
        for (int f = 0; f < arguments->n_files; f++)
            if (nnp_file_is_same(outputs[k], arguments->files[f]))
                return refuse("the output needs another name than the input", outputs[k]);
        for (int f = 0; f < arguments->n_against; f++)
            if (nnp_file_is_same(outputs[k], arguments->against[f]))
                return refuse("the output needs another name than the input", outputs[k]);
    }
    if (arguments->csv && nnp_file_is_same(arguments->output, arguments->csv))
        return refuse("two outputs need two names, not", arguments->csv);
    return -1;
}

int select_arguments_read(int argc, char **argv, struct select_arguments *arguments)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-select " NNP_VERSION);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--strip") == 0) {
            arguments->strip = true;
        } else if (argv[i][0] == '-') {
            if (i + 1 == argc)
                return refuse("nothing behind", argv[i]);
            int code = read_option(arguments, argv[i], argv[i + 1]);
            if (code >= 0)
                return code;
            i++;
        } else {
            arguments->files[arguments->n_files++] = argv[i];
        }
    }
    return check_arguments(arguments);
}
