/* A symmetric matrix whose lower triangle is cut into blocks of rows, which are shared among
 * ranks.  The cut depends on the size of the matrix only, so that what is done to a block has
 * the same bits on any rank. */
#ifndef NNP_ROW_BLOCKS_H
#define NNP_ROW_BLOCKS_H

#include "archive.h"
#include "nnp/status.h"
#include "parallel.h"

#include <stdbool.h>
#include <stddef.h>

/* Blocks have as many rows but for the first one, whose rows are the shortest, which may have
 * fewer.  Block b has rows begin <= i < end of the matrix up to column end - 1, [height][end].
 * Zero-initialised; owns. */
struct nnp_row_blocks {
    const struct nnp_parallel *parallel; /* borrowed */
    int n, size, n_blocks;               /* size: rows of every block but the first */
    double **rows;                       /* [n_blocks], NULL: not held on this rank */
    bool owns_rows;
    size_t n_extra; /* doubles behind the rows of each block */
};

/* Of all blocks, no memory yet; extra: doubles for each row behind those of the block.  On
 * failure there is nothing to free.  Then the doubles of all, and memory of so many (borrowed)
 * for them. */
enum nnp_status nnp_row_blocks_lay_out(struct nnp_row_blocks *blocks,
                                       const struct nnp_parallel *parallel, int n, int extra,
                                       struct nnp_error *error) NNP_MUST_CHECK;
size_t nnp_row_blocks_total(const struct nnp_row_blocks *blocks);
void nnp_row_blocks_place(struct nnp_row_blocks *blocks, double *memory);

/* Or memory of their own, set to 0, for this rank's blocks. */
enum nnp_status nnp_row_blocks_allocate(struct nnp_row_blocks *blocks,
                                        struct nnp_error *error) NNP_MUST_CHECK;

void nnp_row_blocks_free(struct nnp_row_blocks *blocks);

int nnp_row_blocks_begin(const struct nnp_row_blocks *blocks, int b);
int nnp_row_blocks_end(const struct nnp_row_blocks *blocks, int b);

/* Doubles of a block, without and with what is behind it. */
size_t nnp_row_blocks_size(const struct nnp_row_blocks *blocks, int b);
size_t nnp_row_blocks_whole_size(const struct nnp_row_blocks *blocks, int b);

/* The rank that works on a block: 0, 1, .., 1, 0, 0, 1, .., from the last block to the first,
 * so that ranks have about equal parts of everything that grows with the number of a block. */
int nnp_row_blocks_owner(const struct nnp_row_blocks *blocks, int b);
bool nnp_row_blocks_is_own(const struct nnp_row_blocks *blocks, int b);

/* Collective.  Writes the lower triangle, packed by rows, on rank 0, or reads it on every rank.
 * buffer: as long as the longest block. */
void nnp_row_blocks_archive(struct nnp_row_blocks *blocks, double *buffer,
                            struct nnp_archive *archive);

#endif
