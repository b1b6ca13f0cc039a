/* Numbers that one rank writes and others read.
 *
 * Where all ranks are on one node and its shared memory (/dev/shm) has room, they are in one
 * piece of memory that all ranks see, and are read where they were written; otherwise every
 * rank has memory of its own, and gets them by messages.  Users do the same in either case:
 *
 *     nnp_shared_memory_reuse       what was there is no longer read by any rank
 *     write, gather, or             own parts, which others see
 *     write, begin .., wait         after this
 */
#ifndef NNP_SHARED_MEMORY_H
#define NNP_SHARED_MEMORY_H

#include "nnp/status.h"
#include "parallel.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised; owns. */
struct nnp_shared_memory {
    const struct nnp_parallel *parallel; /* borrowed */
    double *data;                        /* [n] */
    size_t n;
    bool is_one;                   /* of all ranks; then: */
    struct nnp_shared_flag *flags; /* [size], behind the data */
    unsigned long *counts;         /* [size], what the flags are to say */
};

/* Collective, with the same n on all ranks; zeros.  On failure, which is the same on all ranks,
 * there is nothing to free. */
enum nnp_status nnp_shared_memory_init(struct nnp_shared_memory *memory,
                                       const struct nnp_parallel *parallel, size_t n,
                                       struct nnp_error *error) NNP_MUST_CHECK;

/* The same, of memory that is one for all ranks, or of none, which is false. */
bool nnp_shared_memory_try(struct nnp_shared_memory *memory,
                           const struct nnp_parallel *parallel, size_t n) NNP_MUST_CHECK;

/* Of this rank only; others may go on with theirs. */
void nnp_shared_memory_free(struct nnp_shared_memory *memory);

/* Collective.  After it all ranks are done with what they did before. */
void nnp_shared_memory_reuse(const struct nnp_shared_memory *memory);

/* Collective.  As nnp_parallel_gather, of items from the beginning of the memory on. */
void nnp_shared_memory_gather(const struct nnp_shared_memory *memory, const int *first,
                              int item_size);

/* Zero-initialised; one that is begun is ended by nnp_shared_memory_wait. */
struct nnp_shared_request {
    struct nnp_parallel_request message;
    double token;                       /* the message where data are in place */
    const struct nnp_shared_flag *flag; /* to wait for, NULL: none */
    unsigned long count;
};

/* As nnp_parallel_begin_send and nnp_parallel_begin_broadcast, of data [n] that are part of the
 * memory, the same part on all ranks. */
void nnp_shared_memory_begin_send(const struct nnp_shared_memory *memory, int from, int to,
                                  double *data, size_t n, struct nnp_shared_request *request);
void nnp_shared_memory_begin_broadcast(const struct nnp_shared_memory *memory, int root,
                                       double *data, size_t n,
                                       struct nnp_shared_request *request);
void nnp_shared_memory_wait(struct nnp_shared_request *request);

/* Until a number in memory that is one for all ranks, which only grows, has come to `value`. */
void nnp_shared_wait(const atomic_ulong *number, unsigned long value);

#endif
