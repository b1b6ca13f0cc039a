/* Structures of Li and Au with energies, forces and stresses of a pair potential, for tests
 * that need data to be trained on. */
#ifndef NNP_TEST_MORSE_H
#define NNP_TEST_MORSE_H

#include "structure.h"

/* A distorted cubic cell of n_atoms with random occupation; has everything but a file.  Fails
 * the test without memory; freed with nnp_structure_free. */
void morse_structure(struct nnp_structure *structure, int n_atoms, double gold_fraction,
                     unsigned long long *random);

#endif
