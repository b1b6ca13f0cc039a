/* The keywords of n2p2's and RuNNer's input.nn. */
#include "formats/n2p2.h"

#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_n2p2_bad_line(const struct nnp_scanner *scanner, const char *expected,
                                  struct nnp_error *error)
{
    return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX, "%.60s: expected %s",
                             scanner->words[0], expected);
}

int nnp_n2p2_element(const struct nnp_n2p2_settings *settings, const char *symbol)
{
    const int atomic_number = nnp_element_from_symbol(symbol);
    for (int e = 0; atomic_number && e < settings->n_elements; e++)
        if (settings->atomic_numbers[e] == atomic_number)
            return e;
    return -1;
}

/* ---- What the potential cannot be read with ---- */

static const struct {
    const char *keyword, *reason;
} refused[] = {
    {"use_electrostatics", "electrostatics is not supported, short-range potentials only"},
    {"use_vdw", "van der Waals terms are not supported, short-range potentials only"},
    {"global_symfunction_short", "expected each function as symfunction_short"},
    {"element_symfunction_short", "expected each function as symfunction_short"},
    {"global_pairsymfunction_short", "pair functions are not supported"},
    {"pairsymfunction_short", "pair functions are not supported"},
};

static bool is_keyword(const struct nnp_scanner *scanner, const char *keyword)
{
    return strcmp(scanner->words[0], keyword) == 0;
}

/* nnp_type is 2, 2G or 2G-HDNNP where it is a generation; RuNNer's atomic potentials are 1. */
static enum nnp_status check_type(const struct nnp_scanner *scanner, struct nnp_error *error)
{
    const char *value = scanner->n_words > 1 ? scanner->words[1] : "";
    if (*value == '2' || strcmp(value, "0") == 0 || strcmp(value, "1") == 0)
        return NNP_SUCCESS;
    return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED,
                             "%s is '%.40s': potentials with charges (3G, 4G) are not "
                             "supported, expected a short-range one (2G)",
                             scanner->words[0], value);
}

static enum nnp_status check_supported(const struct nnp_scanner *scanner,
                                       struct nnp_error *error)
{
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        if (is_keyword(scanner, refused[k].keyword))
            return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED, "%s: %s",
                                     refused[k].keyword, refused[k].reason);
    if (is_keyword(scanner, "nnp_type") || is_keyword(scanner, "nnp_gen") ||
        is_keyword(scanner, "nnp_generation"))
        return check_type(scanner, error);
    if (is_keyword(scanner, "nnp_type_short") && scanner->n_words > 1 &&
        strcmp(scanner->words[1], "1") != 0)
        return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED,
                                 "nnp_type_short is '%.40s', expected 1 (atomic networks)",
                                 scanner->words[1]);
    if (is_keyword(scanner, "committee_mode") && scanner->n_words > 1 &&
        strcmp(scanner->words[1], "disabled") != 0)
        return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED,
                                 "committee_mode is '%.40s', expected disabled",
                                 scanner->words[1]);
    return NNP_SUCCESS;
}

/* ---- Elements ---- */

static enum nnp_status read_elements(struct nnp_n2p2_settings *settings,
                                     const struct nnp_scanner *scanner, struct nnp_error *error)
{
    const int n = scanner->n_words - 1;
    if (n < 1 || n > NNP_MAX_ATOMIC_NUMBER)
        return nnp_n2p2_bad_line(scanner, "symbols of elements", error);
    settings->n_elements = n;
    for (int e = 0; e < n; e++) {
        const int z = nnp_element_from_symbol(scanner->words[e + 1]);
        int k = e;
        if (!z)
            return nnp_scanner_error(scanner, error, NNP_ERROR_ELEMENT,
                                     "element is '%.20s', expected the symbol of an element",
                                     scanner->words[e + 1]);
        for (; k > 0 && settings->atomic_numbers[k - 1] > z; k--)
            settings->atomic_numbers[k] = settings->atomic_numbers[k - 1];
        if (k > 0 && settings->atomic_numbers[k - 1] == z)
            return nnp_n2p2_bad_line(scanner, "each element once", error);
        settings->atomic_numbers[k] = z;
    }
    return NNP_SUCCESS;
}

static enum nnp_status find_elements(struct nnp_n2p2_settings *settings,
                                     struct nnp_scanner *scanner, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    nnp_scanner_rewind(scanner);
    while (!status && nnp_scanner_line(scanner)) {
        if (!is_keyword(scanner, "elements"))
            continue;
        status = settings->n_elements ? nnp_n2p2_bad_line(scanner, "this keyword once", error)
                                      : read_elements(settings, scanner, error);
    }
    if (!status && !settings->n_elements)
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "%s: there is no line 'elements', expected the symbols of the "
                             "elements",
                             scanner->file);
    settings->shapes =
        status ? NULL : calloc((size_t)settings->n_elements, sizeof *settings->shapes);
    if (!status && !settings->shapes)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", scanner->file);
    return status;
}

/* ---- Numbers and flags ---- */

static enum nnp_status read_cutoff(struct nnp_n2p2_settings *settings,
                                   const struct nnp_scanner *scanner, struct nnp_error *error)
{
    int type;
    if (!nnp_scanner_is_int(scanner, 1, &type) || type < 0 || type >= NNP_N_CUTOFF)
        return nnp_n2p2_bad_line(scanner, "a number from 0 to 8", error);
    settings->cutoff.type = (enum nnp_cutoff_type)type; /* the same order */
    if (scanner->n_words > 2 && !nnp_scanner_is_double(scanner, 2, &settings->cutoff_alpha))
        return nnp_n2p2_bad_line(scanner, "a number and alpha", error);
    return NNP_SUCCESS;
}

static enum nnp_status read_atom_energy(struct nnp_n2p2_settings *settings,
                                        const struct nnp_scanner *scanner,
                                        struct nnp_error *error)
{
    const int z = scanner->n_words > 1 ? nnp_element_from_symbol(scanner->words[1]) : 0;
    if (z && nnp_scanner_is_double(scanner, 2, &settings->atom_energies[z]))
        return NNP_SUCCESS;
    return nnp_n2p2_bad_line(scanner, "an element and an energy", error);
}

/* Keywords of one number, and of none. */
static enum nnp_status read_value(struct nnp_n2p2_settings *settings,
                                  const struct nnp_scanner *scanner, struct nnp_error *error)
{
    const struct {
        const char *keyword;
        double *value;
    } numbers[] = {
        {"scale_min_short", &settings->scale_min}, {"scale_max_short", &settings->scale_max},
        {"cutoff_alpha", &settings->cutoff_alpha}, {"mean_energy", &settings->mean_energy},
        {"conv_energy", &settings->conv_energy},   {"conv_length", &settings->conv_length}};
    const struct {
        const char *keyword;
        bool *value;
    } flags[] = {{"scale_symmetry_functions", &settings->scale},
                 {"center_symmetry_functions", &settings->center},
                 {"scale_symmetry_functions_sigma", &settings->sigma},
                 {"normalize_nodes", &settings->normalize_nodes}};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (is_keyword(scanner, numbers[k].keyword)) {
            settings->n_normalizations += k >= 3;
            return nnp_scanner_is_double(scanner, 1, numbers[k].value)
                       ? NNP_SUCCESS
                       : nnp_n2p2_bad_line(scanner, "a number", error);
        }
    for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
        if (is_keyword(scanner, flags[k].keyword))
            *flags[k].value = true;
    return NNP_SUCCESS;
}

/* ---- All ---- */

/* "# nnp: units Bohr Hartree", "# nnp: mass Li 6.94" */
static void read_comments(struct nnp_n2p2_settings *settings, struct nnp_scanner *scanner)
{
    const char *const comments = scanner->comments;
    scanner->comments = NULL;
    nnp_scanner_rewind(scanner);
    while (nnp_scanner_line(scanner)) {
        if (scanner->n_words != 5 || strcmp(scanner->words[0], "#") != 0 ||
            strcmp(scanner->words[1], "nnp:") != 0)
            continue;
        const int z = nnp_element_from_symbol(scanner->words[3]);
        if (strcmp(scanner->words[2], "units") == 0) {
            const bool bohr = strcmp(scanner->words[3], "Bohr") == 0;
            const bool hartree = strcmp(scanner->words[4], "Hartree") == 0;
            settings->units.length = bohr ? NNP_BOHR : NNP_ANGSTROM;
            settings->units.energy = hartree ? NNP_HARTREE : NNP_EV;
            settings->has_units = true;
        } else if (strcmp(scanner->words[2], "mass") == 0 && z) {
            double mass;
            if (nnp_scanner_is_double(scanner, 4, &mass))
                settings->masses[z] = mass;
        }
    }
    scanner->comments = comments;
}

/* RuNNer and n2p2 take such keywords once only. */
static enum nnp_status check_repetition(const struct nnp_scanner *scanner, bool *seen,
                                        struct nnp_error *error)
{
    static const char *const once[] = {"cutoff_type",        "scale_min_short",
                                       "scale_max_short",    "mean_energy",
                                       "conv_energy",        "conv_length",
                                       "cutoff_alpha",       "global_hidden_layers_short",
                                       "global_nodes_short", "global_activation_short"};
    for (size_t k = 0; k < sizeof once / sizeof *once; k++)
        if (is_keyword(scanner, once[k])) {
            if (seen[k])
                return nnp_n2p2_bad_line(scanner, "this keyword once", error);
            seen[k] = true;
        }
    return NNP_SUCCESS;
}

static enum nnp_status check_values(struct nnp_n2p2_settings *settings, const char *file,
                                    struct nnp_error *error)
{
    const bool is_tanh =
        settings->cutoff.type == NNP_CUTOFF_TANH || settings->cutoff.type == NNP_CUTOFF_TANHU;
    settings->cutoff.alpha = is_tanh ? 0.0 : settings->cutoff_alpha;
    if (settings->n_normalizations != 0 && settings->n_normalizations != 3)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s: of mean_energy, conv_energy and conv_length %d are there, "
                             "expected all or none",
                             file, settings->n_normalizations);
    if (settings->conv_energy <= 0.0 || settings->conv_length <= 0.0)
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "%s: conv_energy is %g and conv_length %g, expected numbers > 0",
                             file, settings->conv_energy, settings->conv_length);
    return NNP_SUCCESS;
}

enum nnp_status nnp_n2p2_settings_read(struct nnp_n2p2_settings *settings,
                                       struct nnp_scanner *scanner, struct nnp_error *error)
{
    bool seen[16] = {false};
    *settings = (struct nnp_n2p2_settings){.conv_energy = 1.0,
                                           .conv_length = 1.0,
                                           .scale_max = 1.0,
                                           .cutoff = {NNP_CUTOFF_COS, 0.0, 0.0}};
    scanner->comments = "!";
    enum nnp_status status = find_elements(settings, scanner, error);
    nnp_scanner_rewind(scanner);
    while (!status && nnp_scanner_line(scanner)) {
        status = check_supported(scanner, error);
        if (!status)
            status = check_repetition(scanner, seen, error);
        if (status)
            return status;
        if (is_keyword(scanner, "cutoff_type"))
            status = read_cutoff(settings, scanner, error);
        else if (is_keyword(scanner, "atom_energy"))
            status = read_atom_energy(settings, scanner, error);
        else
            status = read_value(settings, scanner, error);
    }
    if (!status)
        status = check_values(settings, scanner->file, error);
    if (!status)
        status = nnp_n2p2_networks_read(settings, scanner, error);
    if (!status)
        read_comments(settings, scanner);
    return status;
}
