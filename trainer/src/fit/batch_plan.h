/* Who does what of a batch of the Kalman filter.
 *
 * Rows of the batch are the residuals of its structures: of the coordinates and strain of each,
 * and then of its energy.  They are cut into chunks that depend on the structures only, and
 * ranks have consecutive chunks of about equal cost, whether the structures are theirs or not.
 */
#ifndef NNP_BATCH_PLAN_H
#define NNP_BATCH_PLAN_H

#include "nnp/status.h"

struct nnp_batch_member {
    int structure, owner;         /* owner: the rank that has its descriptors */
    int first_row, n_rows;        /* rows of the batch */
    int first_chunk, n_chunks;    /* chunks of the batch */
    double own_cost, shared_cost; /* of the owner in any case, and of all its chunks */
};

/* Zero-initialised; owns. */
struct nnp_batch_plan {
    int n_ranks, n_members, n_rows, n_chunks;
    struct nnp_batch_member *members; /* [max_members] */
    int *first_chunk, *first_row;     /* [n_ranks + 1], of the ranks */
};

enum { NNP_CHUNK_ROWS = 48 }; /* in a chunk, at most */

enum nnp_status nnp_batch_plan_init(struct nnp_batch_plan *plan, int max_members, int n_ranks,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_batch_plan_free(struct nnp_batch_plan *plan);

/* After structure, owner, n_rows and costs of the members are set: all the rest. */
void nnp_batch_plan_make(struct nnp_batch_plan *plan);

/* First row of a member's chunk i, from 0, within its rows; for i = n_chunks, n_rows. */
int nnp_batch_member_row(const struct nnp_batch_member *member, int i);

/* Rows of a member's chunk less that of the energy, which is the member's last one. */
int nnp_batch_member_n_columns(const struct nnp_batch_member *member, int i);

/* The member that a chunk of the batch is of. */
int nnp_batch_plan_member(const struct nnp_batch_plan *plan, int chunk);

/* The chunks of a member that are a rank's: *begin <= i < *end, counted within the member. */
void nnp_batch_plan_find(const struct nnp_batch_plan *plan,
                         const struct nnp_batch_member *member, int rank, int *begin, int *end);

#endif
