/* Test support: the settings of n2p2's input.nn, and the lines of its files. */
#ifndef N2P2_SETTINGS_H
#define N2P2_SETTINGS_H

#include "nnp/element.h"
#include "nnp/potential.h"

#include <stdbool.h>

enum { N2P2_MAX_WORDS = 16, N2P2_MAX_ELEMENTS = 8, N2P2_MAX_LAYERS = 8 };

/* The words of one line. */
struct n2p2_line {
    const char *file;
    int number;
    int n_words;
    char *words[N2P2_MAX_WORDS];
};

struct n2p2_setup {
    int n_elements;
    int atomic_numbers[N2P2_MAX_ELEMENTS];           /* ascending */
    double atom_energies[NNP_MAX_ATOMIC_NUMBER + 1]; /* by atomic number */
    double mean_energy, conv_energy;
    bool scale, center, sigma;
    double scale_min, scale_max;
    struct nnp_cutoff cutoff;
    int n_layers;
    int sizes[N2P2_MAX_LAYERS + 1];
    enum nnp_activation activations[N2P2_MAX_LAYERS];
    struct nnp_potential *potential;
};

typedef enum nnp_status (*n2p2_line_handler)(struct n2p2_setup *setup,
                                             const struct n2p2_line *line,
                                             struct nnp_error *error);

/* Calls handle for every line that holds words, until one fails; # starts a comment. */
enum nnp_status n2p2_read_lines(struct n2p2_setup *setup, const char *path,
                                n2p2_line_handler handle,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* The handler of all keywords but the symmetry functions; ignores those that it does not know.
 */
enum nnp_status n2p2_handle_setting(struct n2p2_setup *setup, const struct n2p2_line *line,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Index of an element in setup, -1 if it is not there. */
int n2p2_element_index(const struct n2p2_setup *setup, const char *symbol);

/* Word i as a number; false if there is none. */
bool n2p2_number(const struct n2p2_line *line, int i, double *value);

/* "file:line: not understood". */
enum nnp_status n2p2_bad_line(const struct n2p2_line *line, struct nnp_error *error);

#endif
