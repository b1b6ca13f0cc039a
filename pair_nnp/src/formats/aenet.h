/* Parts of the reader of aenet's networks: N. Artrith, A. Urban, Comput. Mater. Sci. 114, 135
 * (2016); Chebyshev basis: N. Artrith, A. Urban, G. Ceder, Phys. Rev. B 96, 014112 (2017).  One
 * file per element: the records
 *
 *   layers (with the inputs); most nodes; number of weights; number of values; nodes of each
 *   layer; activation of each layer but the inputs; two lists of offsets; weights
 *   description; element; number of neighbor elements; their symbols; smallest and largest
 *   cutoff; basis; number of functions; of parameters; types of the functions; parameters;
 *   neighbors (2 per function, from 1); number of evaluations; min; max; mean; mean of squares
 *   of each function
 *   file; normalized; scale; shift; number of elements; their symbols; their energies; atoms;
 *   structures; three energies
 *
 * one after another, in Fortran's unformatted form (4 bytes of length before and behind each
 * record), or as text.
 *
 * - Behler2011: G2 has Rc, Rs, eta; G4 (narrow) and G5 (wide) Rc, lambda, zeta, eta; the cutoff
 *   function is the cosine.
 * - Chebyshev: the first function's parameters are the radial cutoff and largest degree, then
 *   the angular ones.  The functions are the radial ones of degrees 0, 1, .. and the angular
 *   ones, and, where there are several elements, both again weighted by species: -1, 1 for two
 *   elements in the order of the file, -1, 0, 1 for three, -2, -1, 1, 2 for four and so on.
 * - x = (G - mean) / sqrt(mean of squares - mean^2), 0 where the root is at most 1e-10.
 * - Weights of a layer are [n_inputs + 1][n_outputs], the last row the biases.
 * - E_i = output / scale + shift + energy of the element.  Angstrom and eV. */
#ifndef NNP_FORMATS_AENET_H
#define NNP_FORMATS_AENET_H

#include "formats/source.h"
#include "nnp/element.h"
#include "nnp/potential.h"

enum { NNP_AENET_MAX_LAYERS = 32, NNP_AENET_MOST_INPUTS = 1 << 14 };
enum { NNP_AENET_MOST_PARAMETERS = 100 };

/* What a file holds.  Zero-initialised; owns the arrays. */
struct nnp_aenet {
    const char *path; /* for messages, borrowed */
    int n_layers;     /* of weights */
    int sizes[NNP_AENET_MAX_LAYERS + 1];
    enum nnp_activation activations[NNP_AENET_MAX_LAYERS];
    int n_weights;
    double *weights;
    int atomic_number;
    int n_neighbors;
    int neighbors[NNP_MAX_ATOMIC_NUMBER]; /* atomic numbers */
    bool is_chebyshev;
    int n_functions, n_parameters;
    int *integers;   /* types [n], neighbors [n][2] */
    double *doubles; /* parameters [n][n_parameters], min, max, mean, squares [n] each */
    double scale, shift, energy;
};

/* Whether a text looks like a network in either form; it may be any bytes. */
bool nnp_aenet_is_ascii(const struct nnp_source_text *text);
bool nnp_aenet_is_binary(const struct nnp_source_text *text);

/* After a failure, too, the arrays are to be freed. */
enum nnp_status nnp_aenet_read_ascii(struct nnp_aenet *file, const struct nnp_source_text *text,
                                     struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_aenet_read_binary(struct nnp_aenet *file,
                                      const struct nnp_source_text *text,
                                      struct nnp_error *error) NNP_MUST_CHECK;
void nnp_aenet_free(struct nnp_aenet *file);

/* Common to both forms.
 * activation: of aenet's number, NNP_N_ACTIVATION if there is none such.
 * check_shape: sizes and n_weights agree, given how many values the file can hold.
 * set_basis: of its name, blanks around it allowed. */
enum nnp_activation nnp_aenet_activation(int number);
enum nnp_status nnp_aenet_check_shape(const struct nnp_aenet *file, size_t most,
                                      struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_aenet_set_basis(struct nnp_aenet *file, const char *name,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* After n_functions and n_parameters are set: room for integers and doubles. */
enum nnp_status nnp_aenet_allocate(struct nnp_aenet *file,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* The functions of the element at a place of a potential, whose elements are all set. */
enum nnp_status nnp_aenet_add_functions(struct nnp_potential *potential, int place,
                                        const struct nnp_aenet *file,
                                        struct nnp_error *error) NNP_MUST_CHECK;

#endif
