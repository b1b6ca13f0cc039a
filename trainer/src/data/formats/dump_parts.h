/* Parts of the reader of LAMMPS dumps. */
#ifndef NNP_DUMP_PARTS_H
#define NNP_DUMP_PARTS_H

#include "lexer.h"
#include "nnp/neighbor.h"

struct nnp_dump_box {
    struct nnp_cell cell;
    double origin[3];
};

/* The three lines behind "ITEM: BOX BOUNDS", of which rest is what follows in that line. */
enum nnp_status nnp_dump_read_box(struct nnp_source *source, struct nnp_span rest,
                                  struct nnp_dump_box *box) NNP_MUST_CHECK;

enum {
    NNP_DUMP_ID,
    NNP_DUMP_SPECIES,
    NNP_DUMP_X,
    NNP_DUMP_F = NNP_DUMP_X + 3,
    NNP_DUMP_N_FIELDS = NNP_DUMP_F + 3
};

/* Where an atom line has what is taken of it. */
struct nnp_dump_columns {
    int n_columns;
    int fields[NNP_DUMP_N_FIELDS]; /* columns from 0, -1: none */
    bool has_types;                /* SPECIES is a type, else an element */
    bool is_scaled;                /* X are fractions of the box */
};

/* The names behind "ITEM: ATOMS".  wants_types: types are known, and preferred. */
enum nnp_status nnp_dump_read_columns(const struct nnp_source *source, struct nnp_span rest,
                                      bool wants_types,
                                      struct nnp_dump_columns *columns) NNP_MUST_CHECK;

#endif
