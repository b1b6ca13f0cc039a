#include "allocations.h"

#include <malloc.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *string);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *string);
void __wrap_free(void *block);

struct test_allocations test_allocations = {.left = -1};

static bool fails(void)
{
    if (test_allocations.left != 0) {
        test_allocations.left -= test_allocations.left > 0;
        return false;
    }
    test_allocations.n_failed++;
    if (test_allocations.go_on)
        test_allocations.left = -1;
    return true;
}

static void *counted(void *block)
{
    test_allocations.made += block != NULL;
    test_allocations.n_live += block != NULL;
    test_allocations.bytes += malloc_usable_size(block);
    if (test_allocations.most_bytes < test_allocations.bytes)
        test_allocations.most_bytes = test_allocations.bytes;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    const size_t old = malloc_usable_size(block);
    void *moved = __real_realloc(block, size);
    if (moved || size == 0) {
        test_allocations.n_live -= block != NULL;
        test_allocations.bytes -= old;
    }
    return counted(moved);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : counted(__real_aligned_alloc(alignment, size));
}

char *__wrap_strdup(const char *string)
{
    return fails() ? NULL : counted(__real_strdup(string));
}

void __wrap_free(void *block)
{
    test_allocations.n_live -= block != NULL;
    test_allocations.bytes -= malloc_usable_size(block);
    __real_free(block);
}

void fail_after(long n)
{
    test_allocations.left = n;
    test_allocations.n_failed = 0;
    test_allocations.go_on = true;
}

bool fail_never(void)
{
    test_allocations.left = -1;
    return test_allocations.n_failed > 0;
}
