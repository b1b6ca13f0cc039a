/* Advice to the system on large pieces of memory. */
#ifndef NNP_MEMORY_PAGES_H
#define NNP_MEMORY_PAGES_H

#include <stddef.h>

/* Asks for large pages for memory that was just allocated and not used yet.  Without effect on
 * what the program does. */
void nnp_large_pages(void *memory, size_t n_bytes);

#endif
