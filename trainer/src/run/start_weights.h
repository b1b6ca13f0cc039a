/* Random weights and biases that a training begins with, uniform in [-w, w] for a layer of n
 * inputs and m outputs:
 *
 *                  weights w                          biases w
 *   fan_in         sqrt(3 / n), a variance of 1 / n   1                               [1]
 *   uniform        1                                  1
 *   xavier         sqrt(6 / (n + m))                  0                               [2]
 *   nguyen-widrow  every output's weights, uniform at first, are given the norm       [3]
 *                  beta = 0.7 m^(1/n), its bias has w = beta; the output layer as fan_in
 *
 * [1] Y. LeCun, L. Bottou, G. B. Orr, K.-R. Mueller, Efficient BackProp, 1998: inputs of the
 *     activation functions vary by about one whatever the width of a layer.
 * [2] X. Glorot, Y. Bengio, AISTATS 2010, eq. 16.
 * [3] D. Nguyen, B. Widrow, IJCNN 1990, III-21: the active ranges of the nodes of a layer share
 *     the interval [-1, 1] of its inputs. */
#ifndef NNP_START_WEIGHTS_H
#define NNP_START_WEIGHTS_H

#include "config.h"
#include "nnp/potential.h"
#include "random.h"

/* Sets all networks of the first member. */
void nnp_start_weights_draw(struct nnp_potential *model, enum nnp_start_weights distribution,
                            struct nnp_random *random);

#endif
