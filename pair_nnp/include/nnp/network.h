/* Feed-forward networks that map the descriptors of an atom to its energy. */
#ifndef NNP_NETWORK_H
#define NNP_NETWORK_H

#include "nnp/export.h"
#include "nnp/status.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_activation {
    NNP_ACTIVATION_LINEAR,      /* x */
    NNP_ACTIVATION_TANH,        /* tanh x */
    NNP_ACTIVATION_LOGISTIC,    /* 1 / (1 + exp(-x)) */
    NNP_ACTIVATION_SOFTPLUS,    /* ln(1 + exp(x)) */
    NNP_ACTIVATION_RELU,        /* max(0, x) */
    NNP_ACTIVATION_GAUSSIAN,    /* exp(-x^2 / 2) */
    NNP_ACTIVATION_COS,         /* cos x */
    NNP_ACTIVATION_REVLOGISTIC, /* 1 - logistic(x) */
    NNP_ACTIVATION_EXP,         /* exp(-x) */
    NNP_ACTIVATION_HARMONIC,    /* x^2 */
    NNP_ACTIVATION_SELU,        /* 1.0507.. x for x > 0, else 1.0507.. 1.6732.. (exp(x) - 1) */
    NNP_ACTIVATION_SWISH,       /* x logistic(x) */
    NNP_ACTIVATION_ELU,         /* x for x > 0, else exp(x) - 1 */
    NNP_ACTIVATION_MTANH,       /* 1.7159 tanh(2x/3) */
    NNP_ACTIVATION_TWIST,       /* mtanh + 0.1 x */
    NNP_N_ACTIVATION
};

struct nnp_layer {
    int n_inputs, n_outputs;
    enum nnp_activation activation;
    double *weights; /* [n_inputs][n_outputs] */
    double *biases;  /* [n_outputs] */
};

/* Outputs of layer l: y_k = f(b_k + sum_j x_j w_jk).  The last layer has one output. */
struct nnp_network {
    int n_layers;
    struct nnp_layer *layers; /* [n_layers], n_outputs of one = n_inputs of the next */
};

/* Allocates layers with zero weights and biases.  sizes: [n_layers + 1], inputs first;
 * activations: [n_layers].  On failure *network is empty (n_layers 0, layers NULL). */
enum nnp_status nnp_network_init(struct nnp_network *network, int n_layers, const int *sizes,
                                 const enum nnp_activation *activations,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* The same layers as those of another network, behind n_inputs inputs. */
enum nnp_status nnp_network_init_like(struct nnp_network *network,
                                      const struct nnp_network *like, int n_inputs,
                                      struct nnp_error *error) NNP_MUST_CHECK;
void nnp_network_free(struct nnp_network *network);

/* Number of weights and biases. */
int nnp_network_n_parameters(const struct nnp_network *network);

/* All parameters as one vector: per layer the weights [n_inputs][n_outputs], then the biases.
 */
void nnp_network_get_parameters(const struct nnp_network *network, double *parameters);
void nnp_network_set_parameters(struct nnp_network *network, const double *parameters);

/* Doubles of scratch memory that nnp_network_evaluate needs. */
int nnp_network_scratch_size(const struct nnp_network *network);

/* The output for inputs x, and, where dy_dx is not NULL, its gradient [n_inputs].  No
 * allocation. */
double nnp_network_evaluate(const struct nnp_network *network, const double *x, double *dy_dx,
                            double *scratch);

/* Value f and, where not NULL, first and second derivative of an activation function. */
void nnp_activation_evaluate(enum nnp_activation activation, double x, double *f, double *df_dx,
                             double *d2f_dx2);

/* Name in potential files ("tanh", ...), and back (NNP_N_ACTIVATION: no such name). */
const char *nnp_activation_name(enum nnp_activation activation);
enum nnp_activation nnp_activation_from_name(const char *name);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
