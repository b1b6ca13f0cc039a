#include "n2p2_settings.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

enum nnp_status n2p2_bad_line(const struct n2p2_line *line, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_SYNTAX, "%s:%d: not understood: %s", line->file,
                         line->number, line->n_words > 0 ? line->words[0] : "");
}

bool n2p2_number(const struct n2p2_line *line, int i, double *value)
{
    return i < line->n_words && nnp_text_to_double(line->words[i], value);
}

enum nnp_status n2p2_read_lines(struct n2p2_setup *setup, const char *path,
                                n2p2_line_handler handle, struct nnp_error *error)
{
    char *text = NULL;
    size_t length;
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    struct n2p2_line line = {.file = path};
    char *rest = text;

    while (status == NNP_SUCCESS && rest && *rest) {
        char *string = rest, *save = NULL;

        rest += strcspn(rest, "\n");
        if (*rest)
            *rest++ = '\0';
        line.number++;
        string[strcspn(string, "#")] = '\0';
        line.n_words = 0;
        for (char *word = strtok_r(string, " \t\r", &save);
             word && line.n_words < N2P2_MAX_WORDS; word = strtok_r(NULL, " \t\r", &save))
            line.words[line.n_words++] = word;
        if (line.n_words > 0)
            status = handle(setup, &line, error);
    }
    free(text);
    return status;
}

int n2p2_element_index(const struct n2p2_setup *setup, const char *symbol)
{
    int atomic_number = nnp_element_from_symbol(symbol);

    for (int e = 0; e < setup->n_elements; e++)
        if (setup->atomic_numbers[e] == atomic_number)
            return e;
    return -1;
}

static enum nnp_status read_elements(struct n2p2_setup *setup, const struct n2p2_line *line,
                                     struct nnp_error *error)
{
    setup->n_elements = line->n_words - 1;
    if (setup->n_elements < 1 || setup->n_elements > N2P2_MAX_ELEMENTS)
        return n2p2_bad_line(line, error);
    for (int e = 0; e < setup->n_elements; e++) {
        int z = nnp_element_from_symbol(line->words[e + 1]), k = e;

        for (; k > 0 && setup->atomic_numbers[k - 1] > z; k--)
            setup->atomic_numbers[k] = setup->atomic_numbers[k - 1];
        setup->atomic_numbers[k] = z;
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_nodes(struct n2p2_setup *setup, const struct n2p2_line *line,
                                  struct nnp_error *error)
{
    setup->n_layers = line->n_words;
    if (setup->n_layers > N2P2_MAX_LAYERS)
        return n2p2_bad_line(line, error);
    for (int l = 0; l < setup->n_layers - 1; l++)
        if (!nnp_text_to_int(line->words[l + 1], &setup->sizes[l + 1]))
            return n2p2_bad_line(line, error);
    setup->sizes[setup->n_layers] = 1;
    return NNP_SUCCESS;
}

static enum nnp_status read_activations(struct n2p2_setup *setup, const struct n2p2_line *line,
                                        struct nnp_error *error)
{
    static const char letters[] = "ltsprgcSeh"; /* in the order of enum nnp_activation */

    for (int l = 0; l + 1 < line->n_words && l < N2P2_MAX_LAYERS; l++) {
        const char *letter = strchr(letters, line->words[l + 1][0]);

        if (!letter)
            return n2p2_bad_line(line, error);
        setup->activations[l] = (enum nnp_activation)(letter - letters);
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_cutoff(struct n2p2_setup *setup, const struct n2p2_line *line,
                                   struct nnp_error *error)
{
    int type;

    if (line->n_words < 2 || !nnp_text_to_int(line->words[1], &type) || type < 0 ||
        type >= NNP_N_CUTOFF)
        return n2p2_bad_line(line, error);
    setup->cutoff.type = (enum nnp_cutoff_type)type; /* the same order */
    if (line->n_words > 2 && !n2p2_number(line, 2, &setup->cutoff.alpha))
        return n2p2_bad_line(line, error);
    return NNP_SUCCESS;
}

enum nnp_status n2p2_handle_setting(struct n2p2_setup *setup, const struct n2p2_line *line,
                                    struct nnp_error *error)
{
    const char *keyword = line->words[0];
    const struct {
        const char *keyword;
        double *value;
    } numbers[] = {{"scale_min_short", &setup->scale_min},
                   {"scale_max_short", &setup->scale_max},
                   {"mean_energy", &setup->mean_energy},
                   {"conv_energy", &setup->conv_energy}};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (strcmp(keyword, numbers[i].keyword) == 0)
            return n2p2_number(line, 1, numbers[i].value) ? NNP_SUCCESS
                                                          : n2p2_bad_line(line, error);
    if (strcmp(keyword, "elements") == 0)
        return read_elements(setup, line, error);
    if (strcmp(keyword, "cutoff_type") == 0)
        return read_cutoff(setup, line, error);
    if (strcmp(keyword, "global_nodes_short") == 0)
        return read_nodes(setup, line, error);
    if (strcmp(keyword, "global_activation_short") == 0)
        return read_activations(setup, line, error);
    if (strcmp(keyword, "atom_energy") == 0) {
        int z = line->n_words > 1 ? nnp_element_from_symbol(line->words[1]) : 0;

        return n2p2_number(line, 2, &setup->atom_energies[z]) ? NNP_SUCCESS
                                                              : n2p2_bad_line(line, error);
    }
    setup->scale |= strcmp(keyword, "scale_symmetry_functions") == 0;
    setup->center |= strcmp(keyword, "center_symmetry_functions") == 0;
    setup->sigma |= strcmp(keyword, "scale_symmetry_functions_sigma") == 0;
    return NNP_SUCCESS;
}
