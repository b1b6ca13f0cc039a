/* OpenMP, or one thread where the compiler has none. */
#include "threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

int nnp_threads(void)
{
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

int nnp_thread(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}
