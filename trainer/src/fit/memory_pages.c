/* madvise, where there is one. */
#define _DEFAULT_SOURCE
#include "memory_pages.h"

#include <stdint.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

void nnp_large_pages(void *memory, size_t n_bytes)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t page = 4096, begin = ((uintptr_t)memory + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)memory + n_bytes) / page * page;
    if (end > begin)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)n_bytes;
#endif
}
