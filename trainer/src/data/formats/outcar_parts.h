/* Parts of the reader of OUTCAR. */
#ifndef NNP_OUTCAR_PARTS_H
#define NNP_OUTCAR_PARTS_H

#include "lexer.h"

#include <stdbool.h>

/* The atoms of one POTCAR. */
struct nnp_outcar_type {
    int atomic_number;
    int count; /* 0: not yet known */
};

/* What the head of an OUTCAR says of the atoms. */
struct nnp_outcar_types {
    int n, capacity;
    struct nnp_outcar_type *types; /* [n], owned */
    int vrhfin;  /* atomic number of a VRHFIN whose TITEL has not come, or 0 */
    int n_atoms; /* of all types; 0: not yet known */
};

/* Lines of the head; rest is what follows the keyword. */
enum nnp_status nnp_outcar_read_vrhfin(const struct nnp_source *source, struct nnp_span rest,
                                       struct nnp_outcar_types *types) NNP_MUST_CHECK;
enum nnp_status nnp_outcar_read_title(const struct nnp_source *source, struct nnp_span rest,
                                      struct nnp_outcar_types *types) NNP_MUST_CHECK;
enum nnp_status nnp_outcar_read_counts(const struct nnp_source *source, struct nnp_span rest,
                                       struct nnp_outcar_types *types) NNP_MUST_CHECK;

#endif
