/* POSIX shared memory: rank 0 makes an object, the others map it by its name, which then goes,
 * so that nothing is left behind however the ranks end.  Messages say when it may be read. */
#include "shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum nnp_status nnp_shared_memory_init(struct nnp_shared_memory *memory,
                                       const struct nnp_parallel *parallel, size_t n,
                                       struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_error own = {0};
    *memory = (struct nnp_shared_memory){.parallel = parallel, .n = n};
    if (n > 0 && n < PTRDIFF_MAX / sizeof(double) && nnp_parallel_can_share_memory(parallel) &&
        share(memory, n * sizeof(double)))
        return NNP_SUCCESS;
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
        (void)munmap(memory->data, memory->n * sizeof *memory->data);
    else
        free(memory->data);
    *memory = (struct nnp_shared_memory){0};
}

void nnp_shared_memory_reuse(const struct nnp_shared_memory *memory)
{
    if (memory->is_one)
        nnp_parallel_barrier(memory->parallel);
}

void nnp_shared_memory_gather(const struct nnp_shared_memory *memory, const int *first,
                              int item_size)
{
    if (memory->is_one)
        nnp_parallel_barrier(memory->parallel);
    else
        nnp_parallel_gather(memory->parallel, first, item_size, memory->data);
}

/* A number stands for those that are in place. */
void nnp_shared_memory_begin_send(const struct nnp_shared_memory *memory, int from, int to,
                                  double *data, size_t n, struct nnp_parallel_request *request)
{
    nnp_parallel_begin_send(memory->parallel, from, to, memory->is_one ? &request->token : data,
                            memory->is_one ? 1 : n, request);
}

void nnp_shared_memory_begin_broadcast(const struct nnp_shared_memory *memory, int root,
                                       double *data, size_t n,
                                       struct nnp_parallel_request *request)
{
    nnp_parallel_begin_broadcast(memory->parallel, root,
                                 memory->is_one ? &request->token : data,
                                 memory->is_one ? 1 : n, request);
}
