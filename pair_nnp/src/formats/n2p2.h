/* Parts of the reader and writer of n2p2's and RuNNer's potentials: A. Singraber, J. Behler,
 * C. Dellago, J. Chem. Theory Comput. 15, 1827 (2019); M. P. Bircher, A. Singraber, C. Dellago,
 * Mach. Learn.: Sci. Technol. 2, 035026 (2021).
 *
 * - Elements are in ascending order of the atomic number, whatever order the file states.
 * - Inputs of a network are the element's symmetry functions in the order of
 *   nnp_n2p2_compare; scaling.data has the same order.
 * - Weight files hold per layer the weights [n_inputs][n_outputs], then the biases.
 * - With normalisation, E_i = network / conv_energy + mean_energy + atom_energy; functions are
 *   stated in physical units, and their values do not depend on conv_length.
 *
 * The files state no units.  Comments "# nnp: units LENGTH ENERGY" and "# nnp: mass ELEMENT
 * MASS" in input.nn, which the writer makes and n2p2 passes over, state what else is lost. */
#ifndef NNP_FORMATS_N2P2_H
#define NNP_FORMATS_N2P2_H

#include "formats/scanner.h"
#include "formats/source.h"
#include "nnp/element.h"
#include "nnp/formats.h"

#include <stdbool.h>

enum { NNP_N2P2_MAX_LAYERS = 32, NNP_N2P2_MAX_READINGS = 4 };

/* Letters of n2p2's activations in the order of enum nnp_activation. */
#define NNP_N2P2_ACTIVATIONS "ltsprgcSeh"

/* Shape of a network without its inputs. */
struct nnp_n2p2_shape {
    int n_layers;
    int sizes[NNP_N2P2_MAX_LAYERS + 1]; /* [n_layers + 1]; the first is set later */
    enum nnp_activation activations[NNP_N2P2_MAX_LAYERS];
    bool is_own; /* with another number of layers than global_hidden_layers_short */
    /* What else element_nodes_short may mean, nodes of the first and the last hidden layer:
     * n2p2 passes over the last number and takes that of global_nodes_short; of two layers, the
     * numbers may be a layer and its nodes. */
    int n_readings;
    struct {
        int first, last;
    } readings[NNP_N2P2_MAX_READINGS];
};

struct nnp_n2p2_settings {
    int n_elements;
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER];       /* ascending */
    double atom_energies[NNP_MAX_ATOMIC_NUMBER + 1]; /* by atomic number */
    double masses[NNP_MAX_ATOMIC_NUMBER + 1];        /* by atomic number; 0: not stated */
    struct nnp_import_units units;
    bool has_units;       /* stated in a comment */
    int n_normalizations; /* of the three keywords that are there */
    double mean_energy, conv_energy, conv_length;
    bool scale, center, sigma, normalize_nodes;
    double scale_min, scale_max;
    struct nnp_cutoff cutoff;
    double cutoff_alpha;
    struct nnp_n2p2_shape *shapes; /* [n_elements], owned */
};

/* All keywords but the symmetry functions; unknown ones are passed over.  After a failure, too,
 * shapes is to be freed. */
enum nnp_status nnp_n2p2_settings_read(struct nnp_n2p2_settings *settings,
                                       struct nnp_scanner *scanner,
                                       struct nnp_error *error) NNP_MUST_CHECK;

/* Parts of it: the networks' shapes; the error that a line is not what its keyword expects. */
enum nnp_status nnp_n2p2_networks_read(struct nnp_n2p2_settings *settings,
                                       struct nnp_scanner *scanner,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_n2p2_bad_line(const struct nnp_scanner *scanner, const char *expected,
                                  struct nnp_error *error);

/* Index of an element, -1 if it is not among the settings'. */
int nnp_n2p2_element(const struct nnp_n2p2_settings *settings, const char *symbol);

/* The symmetry functions of all elements, sorted. */
enum nnp_status nnp_n2p2_functions_read(struct nnp_potential *potential,
                                        const struct nnp_n2p2_settings *settings,
                                        struct nnp_scanner *scanner,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* scaling.data, into the scalings of all elements. */
enum nnp_status nnp_n2p2_scaling_read(struct nnp_potential *potential,
                                      const struct nnp_source_text *text,
                                      struct nnp_error *error) NNP_MUST_CHECK;

/* n2p2's number of a type of function: 2, 3, 9, 12, 13, 20 .. 25. */
int nnp_n2p2_number(enum nnp_symmetry_type type);

/* n2p2's order of two functions of an element, as qsort wants it; 0 for equal ones. */
int nnp_n2p2_compare(const struct nnp_symmetry *a, const struct nnp_symmetry *b);

#endif
