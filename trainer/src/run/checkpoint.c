/* A line of text, so that a look at the file tells what it is, and the bytes. */
#include "checkpoint.h"

#include "sha256.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHECKPOINT_VERSION = 1 };

static const char magic[] = "nnp-checkpoint ";

/* The name of the predecessor, NULL: no memory; the caller frees. */
static char *previous_name(const char *path)
{
    struct nnp_text name = {0};
    nnp_text_append(&name, "%s.previous", path);
    if (!name.failed)
        return name.data;
    free(name.data);
    return NULL;
}

static enum nnp_status no_memory(const char *path, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the checkpoint %s", path);
}

static enum nnp_status system_error(const char *verb, const char *path, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot %s %s: %s", verb, path,
                         strerror(errno));
}

bool nnp_checkpoint_exists(const char *path)
{
    char *previous = previous_name(path);
    bool exists = access(path, F_OK) == 0 || (previous && access(previous, F_OK) == 0);
    free(previous);
    return exists;
}

enum nnp_status nnp_checkpoint_write(const char *path, const char *data, size_t length,
                                     bool keep, struct nnp_error *error)
{
    struct nnp_text text = {0};
    char digest[65], *previous = previous_name(path);
    enum nnp_status status = NNP_SUCCESS;
    nnp_sha256(data, length, digest);
    nnp_text_append(&text, "%s%d %zu %s\n", magic, CHECKPOINT_VERSION, length, digest);
    if (!previous || text.failed || !nnp_text_reserve(&text, length)) {
        free(previous);
        free(text.data);
        return no_memory(path, error);
    }
    memcpy(text.data + text.length, data, length);
    text.length += length;
    if (keep && rename(path, previous) != 0)
        status = system_error("rename", path, error);
    if (!status)
        status = nnp_file_write(path, text.data, text.length, error);
    free(previous);
    free(text.data);
    return status;
}

/* The next word of the first line, cut out of it; empty where there is none. */
static const char *next_word(char **line)
{
    char *word = *line;
    *line += strcspn(*line, " \n");
    if (**line)
        *(*line)++ = '\0';
    return word;
}

/* Checks a file's text and moves the bytes to its beginning. */
static enum nnp_status unpack(const char *path, char *text, size_t size, size_t *length,
                              struct nnp_error *error)
{
    char digest[65], *line = text + sizeof magic - 1;
    int version;
    if (size < sizeof magic || memcmp(text, magic, sizeof magic - 1) != 0 ||
        !memchr(text, '\n', size))
        return nnp_error_set(error, NNP_ERROR_SYNTAX, "%s is no checkpoint of nnp-train", path);
    char *bytes = (char *)memchr(text, '\n', size) + 1;
    if (!nnp_text_to_int(next_word(&line), &version) || version < 1)
        return nnp_error_set(error, NNP_ERROR_SYNTAX, "%s is no checkpoint of nnp-train", path);
    if (version > CHECKPOINT_VERSION)
        return nnp_error_set(error, NNP_ERROR_VERSION,
                             "%s is a checkpoint of version %d, expected at most %d: a newer "
                             "nnp-train has written it",
                             path, version, CHECKPOINT_VERSION);
    size_t stated = strtoull(next_word(&line), NULL, 10);
    const char *sum = next_word(&line);
    *length = size - (size_t)(bytes - text);
    if (stated != *length)
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "the checkpoint %s is damaged: it has %zu bytes of state, "
                             "expected %zu",
                             path, *length, stated);
    nnp_sha256(bytes, *length, digest);
    if (strcmp(digest, sum) != 0)
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "the checkpoint %s is damaged: its checksum is wrong", path);
    memmove(text, bytes, *length);
    return NNP_SUCCESS;
}

static enum nnp_status read_one(const char *path, char **data, size_t *length,
                                struct nnp_error *error)
{
    size_t size;
    enum nnp_status status = nnp_file_read(path, data, &size, error);
    if (!status)
        status = unpack(path, *data, size, length, error);
    if (status) {
        free(*data);
        *data = NULL;
    }
    return status;
}

enum nnp_status nnp_checkpoint_read(const char *path, char **data, size_t *length,
                                    bool *is_previous, struct nnp_error *problem,
                                    struct nnp_error *error)
{
    *is_previous = false;
    enum nnp_status status = read_one(path, data, length, error);
    if (!status || status == NNP_ERROR_MEMORY || status == NNP_ERROR_VERSION)
        return status;
    char *previous = previous_name(path);
    if (!previous)
        return no_memory(path, error);
    if (access(previous, F_OK) == 0 &&
        read_one(previous, data, length, problem) == NNP_SUCCESS) {
        *is_previous = true;
        *problem = *error;
        status = NNP_SUCCESS;
    }
    free(previous);
    return status;
}

enum nnp_status nnp_checkpoint_remove(const char *path, struct nnp_error *error)
{
    char *previous = previous_name(path);
    enum nnp_status status = NNP_SUCCESS;
    if (!previous)
        return no_memory(path, error);
    if (unlink(path) != 0 && errno != ENOENT)
        status = system_error("remove", path, error);
    else if (unlink(previous) != 0 && errno != ENOENT)
        status = system_error("remove", previous, error);
    free(previous);
    return status;
}
