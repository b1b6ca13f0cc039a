/* Parts of the reader of MAISE's models. */
#ifndef NNP_FORMATS_MAISE_H
#define NNP_FORMATS_MAISE_H

#include "formats/scanner.h"
#include "formats/source.h"
#include "nnp/potential.h"

enum { NNP_MAISE_MOST_SPECIES = 3, NNP_MAISE_N_LAYERS = 3, NNP_MAISE_N_LISTS = 7 };

/* The lists that the basis' columns point into, in this order: Rc Rs n1 n2 k z l. */
enum nnp_maise_list {
    NNP_MAISE_RC,
    NNP_MAISE_RS,
    NNP_MAISE_N1,
    NNP_MAISE_N2,
    NNP_MAISE_K,
    NNP_MAISE_Z,
    NNP_MAISE_L
};

struct nnp_maise_basis {
    double scale; /* s */
    int n, n_pairs, n_triples;
    int (*rows)[1 + NNP_MAISE_N_LISTS]; /* [n], type and indices */
    int counts[NNP_MAISE_N_LISTS];
    double *values[NNP_MAISE_N_LISTS];
};

struct nnp_maise_reader {
    const struct nnp_source_text *text;
    struct nnp_scanner scanner;
    struct nnp_potential *potential;
    struct nnp_maise_basis basis;
    int n_species;
    int species[NNP_MAISE_MOST_SPECIES]; /* atomic numbers in the file's order */
    int places[NNP_MAISE_MOST_SPECIES];
    int sizes[NNP_MAISE_N_LAYERS + 1];
    double *ranges;   /* [n_species][sizes[0]][3] */
    double *weights;  /* [n_species][..] */
    size_t n_weights; /* per species */
    struct nnp_error *error;
};

/* Makes the words between the second and third bar of the line of key the next ones. */
bool nnp_maise_find_field(struct nnp_maise_reader *reader, const char *key);

const char *nnp_maise_list_name(enum nnp_maise_list list);

/* The reader's potential from what was read; the caller frees it, also on failure. */
enum nnp_status nnp_maise_build(struct nnp_maise_reader *reader) NNP_MUST_CHECK;

#endif
