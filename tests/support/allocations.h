/* Allocations of a test program, counted and made to fail: the linker's --wrap puts these in
 * the place of malloc, calloc, realloc, aligned_alloc, strdup and free (CMake:
 * nnp_wrap_allocations). */
#ifndef NNP_TEST_ALLOCATIONS_H
#define NNP_TEST_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

struct test_allocations {
    long left;   /* that succeed before one fails; negative: none fails */
    bool go_on;  /* after the one that fails, others succeed again */
    long made;   /* since the program began */
    long n_live; /* not freed yet */
    long n_failed;
    size_t bytes, most_bytes; /* not freed yet, and the most that there have been */
};

extern struct test_allocations test_allocations; /* none fails at first */

/* One allocation fails after n that succeed, and others succeed again. */
void fail_after(long n);

/* No further one fails.  Returns whether one has since fail_after. */
bool fail_never(void);

#endif
