/* The comment line of a frame of extended XYZ: cell, results, and columns of the atom lines. */
#ifndef NNP_EXTXYZ_COMMENT_H
#define NNP_EXTXYZ_COMMENT_H

#include "lexer.h"
#include "structure.h"

/* A key and its value, or a word without value. */
struct nnp_extxyz_pair {
    struct nnp_span whole; /* verbatim */
    struct nnp_span key;
    struct nnp_span value; /* without quotes or brackets around it */
    bool has_value;
};

/* Takes the next pair from the front of rest; *found is false where there is none.  A value is
 * a word, or stands in "..." or '...' (with \ before a quote that belongs to it), or in {...}
 * or
 * [...]. */
enum nnp_status nnp_extxyz_next_pair(const struct nnp_source *source, struct nnp_span *rest,
                                     struct nnp_extxyz_pair *pair, bool *found) NNP_MUST_CHECK;

/* Columns of the atom lines; those that no member names are skipped. */
struct nnp_extxyz_columns {
    int n_columns;
    int species;   /* from 0 */
    int positions; /* first of three */
    int forces;    /* first of three, -1: none */
};

/* Reads a comment line, the line that was read last from source.  Sets cell, energy, stress,
 * group and info of a structure; memory is the structure's also on failure. */
enum nnp_status nnp_extxyz_read_comment(const struct nnp_source *source, struct nnp_span line,
                                        struct nnp_structure *structure,
                                        struct nnp_extxyz_columns *columns) NNP_MUST_CHECK;

/* Parts of nnp_extxyz_read_comment.  Pairs may be NULL where the key is missing, but for
 * read_numbers.  *n is the number of numbers that there are, or max + 1 where there are more.
 */
enum nnp_status nnp_extxyz_read_numbers(const struct nnp_source *source,
                                        const struct nnp_extxyz_pair *pair, int max,
                                        double *numbers, int *n) NNP_MUST_CHECK;
enum nnp_status nnp_extxyz_read_cell(const struct nnp_source *source,
                                     const struct nnp_extxyz_pair *lattice,
                                     const struct nnp_extxyz_pair *pbc, struct nnp_cell *cell,
                                     double *volume) NNP_MUST_CHECK;
enum nnp_status nnp_extxyz_read_columns(const struct nnp_source *source,
                                        const struct nnp_extxyz_pair *properties,
                                        struct nnp_extxyz_columns *columns) NNP_MUST_CHECK;

#endif
