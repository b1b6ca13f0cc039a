/* MPI behind the few operations that training needs. */
#include "parallel.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_parallel_init(struct nnp_parallel *parallel, int *argc, char ***argv,
                                  struct nnp_error *error)
{
    *parallel = (struct nnp_parallel){0, 1};
    if (MPI_Init(argc, argv) != MPI_SUCCESS)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED, "MPI could not be initialised");
    MPI_Comm_rank(MPI_COMM_WORLD, &parallel->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &parallel->size);
    return NNP_SUCCESS;
}

void nnp_parallel_finalize(void)
{
    MPI_Finalize();
}

enum nnp_status nnp_parallel_agree(const struct nnp_parallel *parallel, enum nnp_status status,
                                   struct nnp_error *error)
{
    if (parallel->size == 1)
        return status;
    int rank = status ? parallel->rank : INT_MAX, failed;
    MPI_Allreduce(&rank, &failed, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (failed == INT_MAX)
        return NNP_SUCCESS;
    error->status = status;
    MPI_Bcast(error, (int)sizeof *error, MPI_BYTE, failed, MPI_COMM_WORLD);
    return error->status;
}

bool nnp_parallel_can_share_memory(const struct nnp_parallel *parallel)
{
    if (parallel->size == 1)
        return false;
    const char *wish = getenv("NNP_SHARED_MEMORY");
    MPI_Comm node;
    int size;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &size);
    MPI_Comm_free(&node);
    bool refused = size < parallel->size || (wish && strcmp(wish, "off") == 0);
    return !nnp_parallel_any(parallel, refused);
}

bool nnp_parallel_any(const struct nnp_parallel *parallel, bool value)
{
    if (parallel->size == 1)
        return value;
    int mine = value, any;
    MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_LOR, MPI_COMM_WORLD);
    return any;
}

unsigned nnp_parallel_union(const struct nnp_parallel *parallel, unsigned bits)
{
    unsigned all = bits;
    if (parallel->size > 1)
        MPI_Allreduce(&bits, &all, 1, MPI_UNSIGNED, MPI_BOR, MPI_COMM_WORLD);
    return all;
}

void nnp_parallel_broadcast(const struct nnp_parallel *parallel, void *data, size_t n_bytes)
{
    if (parallel->size == 1)
        return;
    char *bytes = data;
    while (n_bytes > 0) {
        int n = n_bytes < INT_MAX ? (int)n_bytes : INT_MAX;
        MPI_Bcast(bytes, n, MPI_BYTE, 0, MPI_COMM_WORLD);
        bytes += n;
        n_bytes -= (size_t)n;
    }
}

void nnp_parallel_broadcast_doubles(const struct nnp_parallel *parallel, double *data, int n)
{
    if (parallel->size > 1)
        MPI_Bcast(data, n, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/* Everyone sends and receives all the time.  Items, not doubles, are what MPI counts: their
 * number fits an int. */
void nnp_parallel_gather(const struct nnp_parallel *parallel, const int *first, int item_size,
                         double *data)
{
    if (parallel->size == 1 || item_size == 0)
        return;
    const int rank = parallel->rank, size = parallel->size;
    MPI_Datatype item;
    MPI_Type_contiguous(item_size, MPI_DOUBLE, &item);
    MPI_Type_commit(&item);
    for (int k = 1; k < size; k++) {
        int to = (rank + k) % size, from = (rank + size - k) % size;
        MPI_Sendrecv(
            data + (size_t)first[rank] * (size_t)item_size, first[rank + 1] - first[rank], item,
            to, 0, data + (size_t)first[from] * (size_t)item_size,
            first[from + 1] - first[from], item, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    MPI_Type_free(&item);
}

void nnp_parallel_send(const struct nnp_parallel *parallel, int from, int to, double *data,
                       size_t n)
{
    struct nnp_parallel_request request = {0};
    nnp_parallel_begin_send(parallel, from, to, data, n, &request);
    nnp_parallel_wait(&request);
}

_Static_assert(sizeof(MPI_Request) <= sizeof((struct nnp_parallel_request){0}.handle),
               "a request of MPI is an integer or a pointer");

static void open_request(struct nnp_parallel_request *request, MPI_Request handle)
{
    memcpy(request->handle, &handle, sizeof handle);
    request->is_open = true;
}

void nnp_parallel_begin_send(const struct nnp_parallel *parallel, int from, int to,
                             double *data, size_t n, struct nnp_parallel_request *request)
{
    MPI_Request handle;
    if (from == to || (parallel->rank != from && parallel->rank != to))
        return;
    if (parallel->rank == from)
        MPI_Isend(data, (int)n, MPI_DOUBLE, to, 0, MPI_COMM_WORLD, &handle);
    else
        MPI_Irecv(data, (int)n, MPI_DOUBLE, from, 0, MPI_COMM_WORLD, &handle);
    open_request(request, handle);
}

void nnp_parallel_begin_broadcast(const struct nnp_parallel *parallel, int root, double *data,
                                  size_t n, struct nnp_parallel_request *request)
{
    MPI_Request handle;
    if (parallel->size == 1)
        return;
    MPI_Ibcast(data, (int)n, MPI_DOUBLE, root, MPI_COMM_WORLD, &handle);
    open_request(request, handle);
}

void nnp_parallel_wait(struct nnp_parallel_request *request)
{
    MPI_Request handle;
    if (!request->is_open)
        return;
    memcpy(&handle, request->handle, sizeof handle);
    MPI_Wait(&handle, MPI_STATUS_IGNORE);
    request->is_open = false;
}
