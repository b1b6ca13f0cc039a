/* Parts of the reader of pw.x: the geometry that the next energy belongs to. */
#ifndef NNP_PWSCF_PARTS_H
#define NNP_PWSCF_PARTS_H

#include "lexer.h"
#include "nnp/neighbor.h"

#include <stdbool.h>

struct nnp_pwscf_geometry {
    double alat; /* Angstrom, 0: not yet known */
    struct nnp_cell cell;
    bool has_cell, has_atoms;
    int n_atoms;
    int *atomic_numbers; /* [n_atoms], owned */
    double *positions;   /* [n_atoms][3], Angstrom, owned */
};

/* The next line that is whole; what is behind the last end of line was cut off. */
bool nnp_pwscf_line(struct nnp_source *source, struct nnp_span *line);

/* What a number that follows a string in the line is; false where it is not there. */
bool nnp_pwscf_number(struct nnp_span line, const char *string, double *value);

/* The line "number of atoms/cell =": room for them, within what the text can hold. */
enum nnp_status nnp_pwscf_read_n_atoms(struct nnp_source *source, struct nnp_span line,
                                       struct nnp_pwscf_geometry *geometry) NNP_MUST_CHECK;

/* Blocks of which the heading was read.  *whole is false where the text ends within. */
enum nnp_status nnp_pwscf_read_axes(struct nnp_source *source,
                                    struct nnp_pwscf_geometry *geometry,
                                    bool *whole) NNP_MUST_CHECK;
enum nnp_status nnp_pwscf_read_sites(struct nnp_source *source,
                                     struct nnp_pwscf_geometry *geometry,
                                     bool *whole) NNP_MUST_CHECK;
enum nnp_status nnp_pwscf_read_cell_card(struct nnp_source *source, struct nnp_span heading,
                                         struct nnp_pwscf_geometry *geometry,
                                         bool *whole) NNP_MUST_CHECK;
enum nnp_status nnp_pwscf_read_positions_card(struct nnp_source *source,
                                              struct nnp_span heading,
                                              struct nnp_pwscf_geometry *geometry,
                                              bool *whole) NNP_MUST_CHECK;
void nnp_pwscf_geometry_free(struct nnp_pwscf_geometry *geometry);

#endif
