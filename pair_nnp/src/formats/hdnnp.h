/* Parts of the reader of HDNNP-LAMMPS' text files (University of Tokyo).  '#' and "//" start
 * comments.
 *
 *   number of blocks, then blocks
 *     type1 n, n lines of r_cut                      radial, eta = 0
 *     type2 n, n lines of r_cut eta r_shift          radial
 *     type4 n, n lines of r_cut eta lambda zeta      wide
 *   number of steps, then steps of preprocessing, applied in order
 *     scaling, target max and min; per element: symbol n, max of each input, min of each
 *     pca; per element: symbol n_out n_in, matrix [n_out][n_in], mean [n_in]
 *     standardization; per element: symbol n, mean of each, standard deviation of each
 *   number of layers; per element and layer: symbol layer n_in n_out activation,
 *     weights [n_in][n_out], biases [n_out]
 *
 * The cutoff function is tanh^3(1 - r/r_cut); Angstrom and eV.  Inputs: of each line one per
 * neighbor element, or per pair of elements, in the order in which the networks name them
 * (which is that of pair_coeff in the original).  A first step that acts on each input alone
 * becomes the scaling, all others are folded into the first layer. */
#ifndef NNP_FORMATS_HDNNP_H
#define NNP_FORMATS_HDNNP_H

#include "formats/scanner.h"
#include "nnp/element.h"
#include "nnp/potential.h"

enum { NNP_HDNNP_MAX_LAYERS = 32, NNP_HDNNP_MOST_STEPS = 16, NNP_HDNNP_MOST_INPUTS = 2048 };

/* y_k = sum_j x_j matrix[j][k] + shift[k] */
struct nnp_hdnnp_map {
    int n_inputs, n_outputs;
    double *matrix, *shift;
};

struct nnp_hdnnp {
    struct nnp_scanner scanner;
    struct nnp_potential *potential;
    int n_elements;
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER]; /* in the networks' order */
    int places[NNP_MAX_ATOMIC_NUMBER];
    struct nnp_hdnnp_map *maps; /* [n_elements] by place, of the steps behind the scaling */
    struct nnp_error *error;
};

enum nnp_status nnp_hdnnp_no_memory(const struct nnp_hdnnp *reader);

/* An element's symbol, as its index in the potential. */
enum nnp_status nnp_hdnnp_read_place(struct nnp_hdnnp *reader, int *place) NNP_MUST_CHECK;

/* The steps of preprocessing, into the scalings and maps. */
enum nnp_status nnp_hdnnp_read_steps(struct nnp_hdnnp *reader) NNP_MUST_CHECK;

#endif
