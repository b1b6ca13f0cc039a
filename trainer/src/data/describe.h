/* What a potential file holds, as a text for people. */
#ifndef NNP_DESCRIBE_H
#define NNP_DESCRIBE_H

#include "nnp/potential.h"
#include "text.h"

/* Provenance, units, elements, functions (those that differ in one parameter in one line),
 * scaling, networks. */
void nnp_describe_potential(struct nnp_text *text, const struct nnp_potential *potential);

/* The parameters that a function's type has, but for the cutoff, each behind the separator. */
void nnp_describe_parameters(struct nnp_text *text, const struct nnp_symmetry *function,
                             const char *separator);

#endif
