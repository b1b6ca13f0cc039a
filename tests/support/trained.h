/* Potentials that a test trains, one from another, on structures of morse.h in the current
 * folder. */
#ifndef NNP_TEST_TRAINED_H
#define NNP_TEST_TRAINED_H

#include "dataset.h"
#include "nnp/potential.h"

/* What a training says, a line each. */
struct trained_messages {
    char text[4000];
};

/* Twelve structures of some elements, of which at least one is in each. */
void trained_data(struct nnp_dataset *dataset, int n_elements, const int *elements,
                  unsigned long long seed);

/* Energies, forces and stresses of all structures by the potential in a file. */
void trained_label(struct nnp_dataset *dataset, const char *path);

/* Keys with symmetry functions and hidden layers for any elements. */
extern const char trained_functions[];

/* Trains the file potential with a configuration's other keys, but for data and starts.
 * labels: a potential whose results the references of the structures are; NULL: those of
 * morse.h.  messages may be NULL. */
enum nnp_status trained_try_labelled(const char *potential, const char *keys,
                                     const char *labels, int n_elements, const int *elements,
                                     struct trained_messages *messages,
                                     struct nnp_error *error);
enum nnp_status trained_try(const char *potential, const char *keys, int n_elements,
                            const int *elements, struct trained_messages *messages,
                            struct nnp_error *error);

/* The same with trained_functions before the keys; fails the test where it fails. */
void trained_well(const char *potential, const char *keys, int n_elements, const int *elements,
                  struct trained_messages *messages);

/* Steps of a stratified training: Li, Cu, Au, their binaries, and all three, each from those
 * before it. */
enum { TRAINED_STEPS = 7 };

/* Trains them, in files such as LiCu.nnp and, last, all.nnp, with further keys for each.  What
 * a step begins with has the same bits of results in what it ends with. */
void trained_stratified(const char *const keys[TRAINED_STEPS]);

/* Reads a potential, or fails the test. */
struct nnp_potential *trained_read(const char *path);

/* The same bits of energies, forces and stresses of the potentials in two files, on structures
 * of some elements, by the reference kernels and by the others. */
void assert_same_results(const char *a, const char *b, int n_elements, const int *elements);

#endif
