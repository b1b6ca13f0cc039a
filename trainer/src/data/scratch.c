/* Pieces of one file, each mapped by itself; small requests share a piece. */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t piece_size = (size_t)1 << 24, alignment = 64;

struct piece {
    char *memory;
    size_t size;
};

struct nnp_scratch {
    char *folder;
    int descriptor;
    size_t file_size;
    int n_pieces;
    struct piece *pieces; /* [n_pieces], the last one of which is handed out ... */
    size_t n_used;        /* ... up to here */
};

/* A file without a name; -1 with errno set. */
static int open_nameless(const char *folder)
{
    static const char pattern[] = "/nnp-scratch-XXXXXX";
    char *name = calloc(strlen(folder) + sizeof pattern, 1);
    if (!name)
        return -1;
    strcat(strcpy(name, folder), pattern);
    int descriptor = mkstemp(name);
    if (descriptor >= 0)
        (void)unlink(name);
    free(name);
    return descriptor;
}

enum nnp_status nnp_scratch_create(struct nnp_scratch **scratch, const char *folder,
                                   struct nnp_error *error)
{
    struct nnp_scratch *made = calloc(1, sizeof *made);
    *scratch = NULL;
    if (made)
        made->folder = strdup(folder);
    if (!made || !made->folder) {
        free(made);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for scratch files");
    }
    made->descriptor = open_nameless(folder);
    if (made->descriptor < 0) {
        enum nnp_status status = nnp_error_set(
            error, NNP_ERROR_FILE,
            "cannot create a scratch file in %s: %s (scratch is to be a folder in "
            "which files can be written)",
            folder, strerror(errno));
        nnp_scratch_free(made);
        return status;
    }
    *scratch = made;
    return NNP_SUCCESS;
}

void nnp_scratch_free(struct nnp_scratch *scratch)
{
    if (!scratch)
        return;
    for (int k = 0; k < scratch->n_pieces; k++)
        (void)munmap(scratch->pieces[k].memory, scratch->pieces[k].size);
    if (scratch->descriptor >= 0)
        (void)close(scratch->descriptor);
    free(scratch->pieces);
    free(scratch->folder);
    free(scratch);
}

const char *nnp_scratch_folder(const struct nnp_scratch *scratch)
{
    return scratch->folder;
}

/* A new piece at the end of the file. */
static enum nnp_status add_piece(struct nnp_scratch *scratch, size_t size,
                                 struct nnp_error *error)
{
    struct piece *pieces =
        realloc(scratch->pieces, ((size_t)scratch->n_pieces + 1) * sizeof *pieces);
    if (!pieces)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for scratch files");
    scratch->pieces = pieces;
    int problem = posix_fallocate(scratch->descriptor, (off_t)scratch->file_size, (off_t)size);
    void *memory = MAP_FAILED;
    if (!problem) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, scratch->descriptor,
                      (off_t)scratch->file_size);
        problem = memory == MAP_FAILED ? errno : 0;
    }
    if (problem)
        return nnp_error_set(error, NNP_ERROR_FILE,
                             "cannot write %.0f MB of data to the scratch folder %s, which has "
                             "%.0f MB of them: %s",
                             1e-6 * (double)size, scratch->folder,
                             1e-6 * (double)scratch->file_size, strerror(problem));
    scratch->pieces[scratch->n_pieces++] = (struct piece){memory, size};
    scratch->file_size += size;
    scratch->n_used = 0;
    return NNP_SUCCESS;
}

static enum nnp_status take(struct nnp_scratch *scratch, size_t n_bytes, void **memory,
                            struct nnp_error *error)
{
    size_t left = 0;
    if (n_bytes > SIZE_MAX / 4)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu bytes", n_bytes);
    n_bytes = (n_bytes + alignment - 1) / alignment * alignment;
    if (scratch->n_pieces > 0)
        left = scratch->pieces[scratch->n_pieces - 1].size - scratch->n_used;
    if (n_bytes > left) {
        /* Whole multiples, so that every piece begins at a page. */
        size_t size = (n_bytes / piece_size + 1) * piece_size;
        enum nnp_status status = add_piece(scratch, size, error);
        if (status)
            return status;
    }
    *memory = scratch->pieces[scratch->n_pieces - 1].memory + scratch->n_used;
    scratch->n_used += n_bytes;
    return NNP_SUCCESS;
}

enum nnp_status nnp_scratch_take(struct nnp_scratch *scratch, size_t n_bytes, void **memory,
                                 struct nnp_error *error)
{
    enum nnp_status status;
    *memory = NULL;
#pragma omp critical(nnp_scratch)
    status = take(scratch, n_bytes, memory, error);
    return status;
}

/* Fills the text, or less of it where the file has become shorter. */
static enum nnp_status fill(int descriptor, const char *path, char *text, size_t *length,
                            struct nnp_error *error)
{
    size_t n_read = 0;
    while (n_read < *length) {
        ssize_t n = read(descriptor, text + n_read, *length - n_read);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return nnp_error_set(error, NNP_ERROR_FILE, "cannot read %s: %s", path,
                                 strerror(errno));
        if (n == 0)
            break;
        n_read += (size_t)n;
    }
    *length = n_read;
    return NNP_SUCCESS;
}

enum nnp_status nnp_scratch_read(struct nnp_scratch *scratch, const char *path, char **text,
                                 size_t *length, struct nnp_error *error)
{
    struct stat properties;
    enum nnp_status status = NNP_SUCCESS;
    void *memory = NULL;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    *text = NULL;
    *length = 0;
    if (descriptor < 0 || fstat(descriptor, &properties) != 0)
        status =
            nnp_error_set(error, NNP_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
    else if (!S_ISREG(properties.st_mode))
        status = nnp_error_set(error, NNP_ERROR_UNSUPPORTED, "%s is not a regular file", path);
    else
        status = nnp_scratch_take(scratch, (size_t)properties.st_size + 1, &memory, error);
    if (!status) {
        *length = (size_t)properties.st_size;
        status = fill(descriptor, path, memory, length, error);
    }
    if (descriptor >= 0)
        (void)close(descriptor);
    if (!status)
        *text = memory;
    return status;
}
