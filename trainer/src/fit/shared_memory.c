/* POSIX shared memory: rank 0 makes an object, the others map it by its name, which then goes,
 * so that nothing is left behind however the ranks end.
 *
 * Each rank has a flag, which counts what it has told the others of, that is, broadcasts of its
 * data and meetings of all.  As these are collective, all ranks know how far each flag is to
 * come. */
#include "shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line of the cache for each. */
struct nnp_shared_flag {
    _Alignas(64) atomic_ulong count;
};

_Static_assert(ATOMIC_LONG_LOCK_FREE == 2, "processes share it");

/* Looks before a rank that waits gives its core to others: some microseconds, so that ranks
 * with cores of their own hardly ever do. */
enum { MAX_LOOKS = 5000 };

struct object {
    char name[48]; /* empty: there is none */
};

enum { MAX_NAMES = 100 }; /* to try: others of this process id may be left from a crash */

static double *map(int file, size_t n_bytes)
{
    void *memory = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* All of the room is taken now: a full file system would end the process at the first write. */
static bool take_room(int file, size_t n_bytes)
{
    int failure;
    do
        failure = posix_fallocate(file, 0, (off_t)n_bytes);
    while (failure == EINTR);
    return failure == 0;
}

/* A new object's memory; NULL, and no object, where there is none. */
static double *make(struct object *object, size_t n_bytes)
{
    int file = -1;
    for (int k = 0; k < MAX_NAMES && file < 0; k++) {
        (void)snprintf(object->name, sizeof object->name, "/nnp-%ld-%d", (long)getpid(), k);
        file = shm_open(object->name, O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
        if (file < 0 && errno != EEXIST)
            break;
    }
    double *data = NULL;
    if (file >= 0) {
        data = take_room(file, n_bytes) ? map(file, n_bytes) : NULL;
        if (!data)
            (void)shm_unlink(object->name);
        (void)close(file);
    }
    if (!data)
        object->name[0] = '\0';
    return data;
}

static double *attach(const struct object *object, size_t n_bytes)
{
    int file = object->name[0] ? shm_open(object->name, O_RDWR, 0) : -1;
    if (file < 0)
        return NULL;
    double *data = map(file, n_bytes);
    (void)close(file);
    return data;
}

/* One piece of memory for all ranks, or none. */
static bool share(struct nnp_shared_memory *memory, size_t n_bytes)
{
    const struct nnp_parallel *parallel = memory->parallel;
    struct object object = {{0}};
    if (parallel->rank == 0)
        memory->data = make(&object, n_bytes);
    nnp_parallel_broadcast(parallel, &object, sizeof object);
    if (parallel->rank != 0)
        memory->data = attach(&object, n_bytes);
    memory->is_one = !nnp_parallel_any(parallel, !memory->data);
    if (parallel->rank == 0 && object.name[0])
        (void)shm_unlink(object.name);
    if (!memory->is_one && memory->data) {
        (void)munmap(memory->data, n_bytes);
        memory->data = NULL;
    }
    return memory->is_one;
}

/* Bytes of the data, to a whole line of the cache. */
static size_t data_bytes(size_t n)
{
    const size_t line = sizeof(struct nnp_shared_flag);
    return (n * sizeof(double) + line - 1) / line * line;
}

static size_t all_bytes(const struct nnp_parallel *parallel, size_t n)
{
    return data_bytes(n) + (size_t)parallel->size * sizeof(struct nnp_shared_flag);
}

bool nnp_shared_memory_try(struct nnp_shared_memory *memory,
                           const struct nnp_parallel *parallel, size_t n)
{
    *memory = (struct nnp_shared_memory){.parallel = parallel, .n = n};
    memory->counts = calloc((size_t)parallel->size, sizeof *memory->counts);
    if (nnp_parallel_any(parallel, !memory->counts) || n == 0 ||
        n >= PTRDIFF_MAX / (2 * sizeof(double)) || !nnp_parallel_can_share_memory(parallel) ||
        !share(memory, all_bytes(parallel, n))) {
        free(memory->counts);
        *memory = (struct nnp_shared_memory){0};
        return false;
    }
    memory->flags = (struct nnp_shared_flag *)((char *)memory->data + data_bytes(n));
    return true;
}

enum nnp_status nnp_shared_memory_init(struct nnp_shared_memory *memory,
                                       const struct nnp_parallel *parallel, size_t n,
                                       struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_error own = {0};
    if (nnp_shared_memory_try(memory, parallel, n))
        return NNP_SUCCESS;
    *memory = (struct nnp_shared_memory){.parallel = parallel, .n = n};
    memory->data = calloc(n + 1, sizeof *memory->data);
    if (!memory->data)
        status = nnp_error_set(&own, NNP_ERROR_MEMORY,
                               "no memory for %zu numbers that ranks share", n);
    status = nnp_parallel_agree(parallel, status, &own);
    if (status) {
        nnp_shared_memory_free(memory);
        return nnp_error_set(error, status, "%s", own.message);
    }
    return NNP_SUCCESS;
}

void nnp_shared_memory_free(struct nnp_shared_memory *memory)
{
    if (memory->is_one)
        (void)munmap(memory->data, all_bytes(memory->parallel, memory->n));
    else
        free(memory->data);
    free(memory->counts);
    *memory = (struct nnp_shared_memory){0};
}

void nnp_shared_wait(const atomic_ulong *number, unsigned long value)
{
    int n_looks = 0;
    while (atomic_load_explicit(number, memory_order_acquire) < value)
        if (n_looks < MAX_LOOKS)
            n_looks++;
        else
            (void)sched_yield();
}

static void tell(const struct nnp_shared_memory *memory)
{
    const int rank = memory->parallel->rank;
    atomic_store_explicit(&memory->flags[rank].count, memory->counts[rank],
                          memory_order_release);
}

/* What ranks did before is done, and seen, on all of them. */
static void meet(const struct nnp_shared_memory *memory)
{
    for (int r = 0; r < memory->parallel->size; r++)
        memory->counts[r]++;
    tell(memory);
    for (int r = 0; r < memory->parallel->size; r++)
        nnp_shared_wait(&memory->flags[r].count, memory->counts[r]);
}

void nnp_shared_memory_reuse(const struct nnp_shared_memory *memory)
{
    if (memory->is_one)
        meet(memory);
}

void nnp_shared_memory_gather(const struct nnp_shared_memory *memory, const int *first,
                              int item_size)
{
    if (memory->is_one)
        meet(memory);
    else
        nnp_parallel_gather(memory->parallel, first, item_size, memory->data);
}

/* Not all ranks know of it, so that a number is sent for those that are in place. */
void nnp_shared_memory_begin_send(const struct nnp_shared_memory *memory, int from, int to,
                                  double *data, size_t n, struct nnp_shared_request *request)
{
    if (memory->is_one) {
        data = &request->token;
        n = 1;
    }
    atomic_thread_fence(memory_order_release);
    nnp_parallel_begin_send(memory->parallel, from, to, data, n, &request->message);
}

void nnp_shared_memory_begin_broadcast(const struct nnp_shared_memory *memory, int root,
                                       double *data, size_t n,
                                       struct nnp_shared_request *request)
{
    if (!memory->is_one) {
        nnp_parallel_begin_broadcast(memory->parallel, root, data, n, &request->message);
        return;
    }
    request->flag = &memory->flags[root];
    request->count = ++memory->counts[root];
    if (memory->parallel->rank == root)
        tell(memory);
}

void nnp_shared_memory_wait(struct nnp_shared_request *request)
{
    if (request->flag)
        nnp_shared_wait(&request->flag->count, request->count);
    request->flag = NULL;
    nnp_parallel_wait(&request->message);
    atomic_thread_fence(memory_order_acquire);
}
