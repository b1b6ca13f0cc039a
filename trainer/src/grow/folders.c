/* Files and folders (POSIX). */
#define _DEFAULT_SOURCE   /* flock */
#define _XOPEN_SOURCE 700 /* nftw, realpath */

#include "folders.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static enum nnp_status fail(struct nnp_error *error, const char *verb, const char *path)
{
    char reason[256];
    int number = errno;
    if (strerror_r(number, reason, sizeof reason))
        snprintf(reason, sizeof reason, "error %d", number);
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot %s %.500s: %s", verb, path, reason);
}

enum nnp_status nnp_path_set(char **path, struct nnp_error *error, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    *path = length < 0 ? NULL : malloc((size_t)length + 1);
    if (*path)
        vsnprintf(*path, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return *path ? NNP_SUCCESS : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a path");
}

bool nnp_path_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

enum nnp_status nnp_folder_make(const char *path, struct nnp_error *error)
{
    char *part = nnp_text_copy(path);
    if (!part)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a path");
    enum nnp_status status = NNP_SUCCESS;
    for (char *c = part + 1; !status; c++) {
        if (*c != '/' && *c != '\0')
            continue;
        char end = *c;
        *c = '\0';
        if (mkdir(part, 0777) && errno != EEXIST)
            status = fail(error, "make the folder", part);
        if (end == '\0')
            break;
        *c = end;
    }
    free(part);
    return status;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

enum nnp_status nnp_folder_remove(const char *path, struct nnp_error *error)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
        return fail(error, "remove", path);
    return NNP_SUCCESS;
}

enum nnp_status nnp_path_rename(const char *from, const char *to, struct nnp_error *error)
{
    return rename(from, to) ? fail(error, "move a result to", to) : NNP_SUCCESS;
}

enum nnp_status nnp_folder_of(char **folder, const char *file, struct nnp_error *error)
{
    char *path = nnp_text_copy(file), *slash = path ? strrchr(path, '/') : NULL;
    *folder = NULL;
    if (!path)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a path");
    if (slash)
        slash[slash == path] = '\0';
    *folder = realpath(slash ? path : ".", NULL);
    free(path);
    return *folder ? NNP_SUCCESS : fail(error, "find the folder of", file);
}

/* Some trials: the children of one that was killed have its lock until they become commands. */
enum nnp_status nnp_folder_lock(const char *folder, int *lock, struct nnp_error *error)
{
    enum { LOCK_TRIALS = 20 };
    const struct timespec pause = {0, 50 * 1000 * 1000}; /* ns */
    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return fail(error, "open", folder);
    for (int k = 0; k < LOCK_TRIALS; k++) {
        if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
            return NNP_SUCCESS;
        if (errno != EWOULDBLOCK)
            break;
        (void)nanosleep(&pause, NULL);
        errno = EWOULDBLOCK;
    }
    int number = errno;
    close(*lock);
    errno = number;
    return number == EWOULDBLOCK
               ? nnp_error_set(error, NNP_ERROR_FILE,
                               "%.500s: another nnp-grow is at work here", folder)
               : fail(error, "lock", folder);
}
