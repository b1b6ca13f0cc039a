/* Arguments of nnp-eos and nnp-hull. */
#include "comparison_arguments.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage_error(const struct comparison_arguments *arguments, const char *what,
                       const char *argument)
{
    fprintf(stderr, "%s: %s%s (see %s --help)\n", arguments->program, what, argument,
            arguments->program);
    return EXIT_USAGE;
}

/* An option with its value. */
static int take_option(struct comparison_arguments *arguments, const char *option,
                       const char *value)
{
    if (strcmp(option, "--against") == 0)
        arguments->against[arguments->n_against++] = value;
    else if (strcmp(option, "--csv") == 0)
        arguments->csv = value;
    else if (!arguments->has_range || strcmp(option, "--range") != 0)
        return usage_error(arguments, "unexpected argument ", option);
    else if (!nnp_text_to_double(value, &arguments->range) ||
             !(arguments->range > 0.0 && arguments->range < 1.0))
        return usage_error(arguments, "--range needs a number between 0 and 1, not ", value);
    return -1;
}

int comparison_arguments_read(int argc, char **argv, struct comparison_arguments *arguments)
{
    arguments->files = calloc(2 * (size_t)argc + 2, sizeof *arguments->files);
    if (!arguments->files) {
        fprintf(stderr, "%s: out of memory\n", arguments->program);
        return EXIT_FAILED;
    }
    arguments->against = arguments->files + argc;
    for (int i = 1; i < argc; i++) {
        int code;
        if (strcmp(argv[i], "--help") == 0) {
            fputs(arguments->usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("%s " NNP_VERSION "\n", arguments->program);
            return EXIT_DONE;
        }
        if (argv[i][0] != '-')
            arguments->files[arguments->n_files++] = argv[i];
        else if (i + 1 == argc)
            return usage_error(arguments,
                               "unexpected argument, or one without its value: ", argv[i]);
        else if ((code = take_option(arguments, argv[i], argv[i + 1])) >= 0)
            return code;
        else
            i++;
    }
    return arguments->n_files > 0 ? -1 : usage_error(arguments, arguments->needed, "");
}

void comparison_arguments_free(struct comparison_arguments *arguments)
{
    free(arguments->files);
}
