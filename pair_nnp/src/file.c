/* Whole files: read into memory, written so that a path always holds the old or the new file.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nnp_status file_error(struct nnp_error *error, const char *verb, const char *path,
                                  int number)
{
    char reason[256];
    if (strerror_r(number, reason, sizeof reason))
        snprintf(reason, sizeof reason, "error %d", number);
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot %s %s: %s", verb, path, reason);
}

static enum nnp_status memory_error(struct nnp_error *error, const char *verb, const char *path)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "cannot %s %s: out of memory", verb, path);
}

/* By blocks up to the end, so that pipes work as well. */
static enum nnp_status read_stream(FILE *file, const char *path, struct nnp_text *text,
                                   struct nnp_error *error)
{
    size_t n, block = 1 << 16;
    do {
        if (!nnp_text_reserve(text, block))
            return memory_error(error, "read", path);
        block = text->capacity - text->length - 1;
        n = fread(text->data + text->length, 1, block, file);
        text->length += n;
    } while (n == block);
    if (ferror(file))
        return file_error(error, "read", path, errno);
    text->data[text->length] = '\0';
    return NNP_SUCCESS;
}

enum nnp_status nnp_file_read(const char *path, char **data, size_t *length,
                              struct nnp_error *error)
{
    struct nnp_text text = {0};
    *data = NULL;
    *length = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return file_error(error, "open", path, errno);
    const enum nnp_status status = read_stream(file, path, &text, error);
    fclose(file);
    if (status) {
        free(text.data);
        return status;
    }
    *data = text.data;
    *length = text.length;
    return NNP_SUCCESS;
}

/* The following return 0 or an errno. */

static int write_all(int descriptor, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(descriptor, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

static int write_temporary(int descriptor, const char *data, size_t length)
{
    int problem = write_all(descriptor, data, length);
    if (!problem && fsync(descriptor))
        problem = errno;
    if (close(descriptor) && !problem)
        problem = errno;
    return problem;
}

/* The rename itself is on disk only after the folder is; some file systems have no such sync
 * (EINVAL), and a folder may be writable but not readable. */
static int sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    const char *folder = ".";
    if (slash) {
        slash[slash == path ? 1 : 0] = '\0';
        folder = path;
    }
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    const int problem = fsync(descriptor) && errno != EINVAL ? errno : 0;
    close(descriptor);
    return problem;
}

/* Pipes and devices, such as /dev/stdout, are written in place. */
static int write_device(const char *path, const char *data, size_t length)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    int problem = write_all(descriptor, data, length);
    if (close(descriptor) && !problem)
        problem = errno;
    return problem;
}

/* temporary: room for the name of a file beside target.  old: the file that is replaced, whose
 * permissions the new one gets, or NULL. */
static int replace_file(const char *target, const struct stat *old, char *temporary,
                        size_t size, const char *data, size_t length)
{
    int descriptor = -1;
    for (int attempt = 0; descriptor < 0 && attempt < 100; attempt++) {
        snprintf(temporary, size, "%s.%ld.%d.tmp", target, (long)getpid(), attempt);
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            return errno;
    }
    if (descriptor < 0)
        return EEXIST;
    if (old)
        (void)fchmod(descriptor, old->st_mode & 07777); /* not on every file system */
    int problem = write_temporary(descriptor, data, length);
    if (!problem && rename(temporary, target))
        problem = errno;
    if (problem) {
        unlink(temporary);
        return problem;
    }
    return sync_folder(temporary);
}

enum nnp_status nnp_file_write(const char *path, const char *data, size_t length,
                               struct nnp_error *error)
{
    struct stat old;
    const bool exists = !stat(path, &old);
    if (exists && !S_ISREG(old.st_mode)) {
        const int problem = write_device(path, data, length);
        return problem ? file_error(error, "write", path, problem) : NNP_SUCCESS;
    }
    char *resolved = exists ? realpath(path, NULL) : NULL; /* the file behind a link */
    if (exists && !resolved)
        return file_error(error, "write", path, errno);
    const char *target = resolved ? resolved : path;
    const size_t size = strlen(target) + 64;
    char *temporary = malloc(size);
    enum nnp_status status = NNP_SUCCESS;
    if (temporary) {
        const int problem =
            replace_file(target, exists ? &old : NULL, temporary, size, data, length);
        if (problem)
            status = file_error(error, "write", path, problem);
    } else {
        status = memory_error(error, "write", path);
    }
    free(temporary);
    free(resolved);
    return status;
}

bool nnp_file_is_same(const char *a, const char *b)
{
    struct stat of_a, of_b;
    if (strcmp(a, b) == 0)
        return true;
    return !stat(a, &of_a) && !stat(b, &of_b) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}
