/* Blocks of 32 rows for matrices that a core's cache holds, of 64 for larger ones: products of
 * blocks are efficient then, and there are enough of them for some ranks. */
#include "row_blocks.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_MATRIX = 512, SMALL_BLOCK = 32, LARGE_BLOCK = 64 };

enum nnp_status nnp_row_blocks_lay_out(struct nnp_row_blocks *blocks,
                                       const struct nnp_parallel *parallel, int n, int extra,
                                       struct nnp_error *error)
{
    const int size = n <= SMALL_MATRIX ? SMALL_BLOCK : LARGE_BLOCK;
    *blocks = (struct nnp_row_blocks){.parallel = parallel,
                                      .n = n,
                                      .size = size,
                                      .n_blocks = (n + size - 1) / size,
                                      .n_extra = (size_t)extra * (size_t)size};
    blocks->rows = calloc((size_t)blocks->n_blocks + 1, sizeof *blocks->rows);
    if (!blocks->rows)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a matrix of %d rows", n);
    return NNP_SUCCESS;
}

enum nnp_status nnp_row_blocks_allocate(struct nnp_row_blocks *blocks, struct nnp_error *error)
{
    blocks->owns_rows = true;
    for (int b = 0; b < blocks->n_blocks; b++) {
        if (!nnp_row_blocks_is_own(blocks, b))
            continue;
        blocks->rows[b] = calloc(nnp_row_blocks_whole_size(blocks, b), sizeof(double));
        if (!blocks->rows[b])
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a matrix of %d rows",
                                 blocks->n);
    }
    return NNP_SUCCESS;
}

size_t nnp_row_blocks_total(const struct nnp_row_blocks *blocks)
{
    size_t n = 0;
    for (int b = 0; b < blocks->n_blocks; b++)
        n += nnp_row_blocks_whole_size(blocks, b);
    return n;
}

void nnp_row_blocks_place(struct nnp_row_blocks *blocks, double *memory)
{
    for (int b = 0; b < blocks->n_blocks; b++) {
        blocks->rows[b] = memory;
        memory += nnp_row_blocks_whole_size(blocks, b);
    }
}

void nnp_row_blocks_free(struct nnp_row_blocks *blocks)
{
    for (int b = 0; blocks->rows && blocks->owns_rows && b < blocks->n_blocks; b++)
        free(blocks->rows[b]);
    free(blocks->rows);
    *blocks = (struct nnp_row_blocks){0};
}

int nnp_row_blocks_begin(const struct nnp_row_blocks *blocks, int b)
{
    return b > 0 ? blocks->n - (blocks->n_blocks - b) * blocks->size : 0;
}

int nnp_row_blocks_end(const struct nnp_row_blocks *blocks, int b)
{
    return blocks->n - (blocks->n_blocks - 1 - b) * blocks->size;
}

size_t nnp_row_blocks_size(const struct nnp_row_blocks *blocks, int b)
{
    int begin = nnp_row_blocks_begin(blocks, b), end = nnp_row_blocks_end(blocks, b);
    return (size_t)(end - begin) * (size_t)end;
}

size_t nnp_row_blocks_whole_size(const struct nnp_row_blocks *blocks, int b)
{
    return nnp_row_blocks_size(blocks, b) + blocks->n_extra;
}

int nnp_row_blocks_owner(const struct nnp_row_blocks *blocks, int b)
{
    const int size = blocks->parallel->size, place = (blocks->n_blocks - 1 - b) % (2 * size);
    return place < size ? place : 2 * size - 1 - place;
}

bool nnp_row_blocks_is_own(const struct nnp_row_blocks *blocks, int b)
{
    return nnp_row_blocks_owner(blocks, b) == blocks->parallel->rank;
}

/* The rows of a block, packed or back. */
static void archive_rows(const struct nnp_row_blocks *blocks, int b, double *rows,
                         struct nnp_archive *archive)
{
    int begin = nnp_row_blocks_begin(blocks, b), end = nnp_row_blocks_end(blocks, b);
    for (int i = begin; i < end; i++)
        nnp_archive_doubles(archive, rows + (size_t)(i - begin) * (size_t)end, (size_t)i + 1);
}

void nnp_row_blocks_archive(struct nnp_row_blocks *blocks, double *buffer,
                            struct nnp_archive *archive)
{
    const struct nnp_parallel *parallel = blocks->parallel;
    for (int b = 0; b < blocks->n_blocks; b++) {
        bool own = nnp_row_blocks_is_own(blocks, b);
        double *rows = own ? blocks->rows[b] : buffer;
        if (!archive->loading)
            nnp_parallel_send(parallel, nnp_row_blocks_owner(blocks, b), 0, rows,
                              nnp_row_blocks_size(blocks, b));
        if (archive->loading || parallel->rank == 0)
            archive_rows(blocks, b, rows, archive);
    }
}
