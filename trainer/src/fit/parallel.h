/* Processes that share the work; the only user of MPI.
 *
 * Every function but those on requests is collective: all ranks call it, in the same order.
 * With a size of 1 nothing but nnp_parallel_init and nnp_parallel_finalize touches MPI, so that
 * a library user or a test may write `struct nnp_parallel serial = {0, 1}`.
 *
 * A failure inside of MPI itself ends the run through MPI's own error handler: ranks that
 * cannot talk to one another cannot agree on a status either. */
#ifndef NNP_PARALLEL_H
#define NNP_PARALLEL_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_parallel {
    int rank, size;
};

/* At the start of main, with its arguments, and at its end. */
enum nnp_status nnp_parallel_init(struct nnp_parallel *parallel, int *argc, char ***argv,
                                  struct nnp_error *error) NNP_MUST_CHECK;
void nnp_parallel_finalize(void);

/* The status of the lowest rank that failed, with its error, on all ranks (NNP_SUCCESS: none
 * did).  error may not be NULL: it is in and out. */
enum nnp_status nnp_parallel_agree(const struct nnp_parallel *parallel, enum nnp_status status,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Whether there are several ranks, all on one node, and the environment of none of them says
 * NNP_SHARED_MEMORY=off. */
bool nnp_parallel_can_share_memory(const struct nnp_parallel *parallel);

/* Whether it is true on any rank. */
bool nnp_parallel_any(const struct nnp_parallel *parallel, bool value);

/* The bits that are set on any rank. */
unsigned nnp_parallel_union(const struct nnp_parallel *parallel, unsigned bits);

/* Rank 0's memory on all ranks. */
void nnp_parallel_broadcast(const struct nnp_parallel *parallel, void *data, size_t n_bytes);
void nnp_parallel_broadcast_doubles(const struct nnp_parallel *parallel, double *data, int n);

/* data: [n_items][item_size] on every rank, of which rank r has set items
 * first[r] <= i < first[r + 1]; afterwards all of them are set everywhere.  first: [size + 1],
 * the same on all ranks. */
void nnp_parallel_gather(const struct nnp_parallel *parallel, const int *first, int item_size,
                         double *data);

/* Data [n] of rank `from` in rank `to`'s memory; other ranks may leave the call out. */
void nnp_parallel_send(const struct nnp_parallel *parallel, int from, int to, double *data,
                       size_t n);

/* Of the following, n is below 2^31 (INT_MAX).  What goes on while a rank computes, until
 * nnp_parallel_wait; data is left alone meanwhile. Zero-initialised. */
struct nnp_parallel_request {
    _Alignas(8) unsigned char handle[8];
    bool is_open;
};

/* As nnp_parallel_send, on the two ranks only; of several from one rank to another, the first
 * that is begun here meets the first there. */
void nnp_parallel_begin_send(const struct nnp_parallel *parallel, int from, int to,
                             double *data, size_t n, struct nnp_parallel_request *request);

/* Collective: data [n] of rank root on all ranks. */
void nnp_parallel_begin_broadcast(const struct nnp_parallel *parallel, int root, double *data,
                                  size_t n, struct nnp_parallel_request *request);

/* The end of a request; nothing where none is open. */
void nnp_parallel_wait(struct nnp_parallel_request *request);

#endif
