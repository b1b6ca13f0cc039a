/* The texts that a potential is read from. */
#include "formats/source.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Folders with more, or larger, files hold other things than a potential. */
enum { MOST_FILES = 200 };
static const long most_bytes = 1L << 28;

static char *join(const char *folder, const char *name)
{
    struct nnp_text path = {0};
    nnp_text_append(&path, "%s/%s", folder, name);
    if (path.failed) {
        free(path.data);
        return NULL;
    }
    return path.data;
}

static enum nnp_status no_memory(const char *path, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", path);
}

/* A further text with its name and path, and no content yet. */
static struct nnp_source_text *append(struct nnp_source *source, const char *name,
                                      const char *path)
{
    struct nnp_source_text *texts =
        realloc(source->texts, ((size_t)source->n + 1) * sizeof *texts);
    if (!texts)
        return NULL;
    source->texts = texts;
    texts += source->n++;
    *texts = (struct nnp_source_text){.name = nnp_text_copy(name), .path = nnp_text_copy(path)};
    return texts->name && texts->path ? texts : NULL;
}

enum nnp_status nnp_source_add(struct nnp_source *source, const char *name, const char *text,
                               size_t length, struct nnp_error *error)
{
    struct nnp_source_text *added = append(source, name, name);
    if (!added)
        return no_memory(name, error);
    added->text = malloc(length + 1);
    if (!added->text)
        return no_memory(name, error);
    memcpy(added->text, text, length);
    added->text[length] = '\0';
    added->length = length;
    return NNP_SUCCESS;
}

static enum nnp_status add_file(struct nnp_source *source, const char *name, const char *path,
                                struct nnp_error *error)
{
    struct nnp_source_text *added = append(source, name, path);
    return added ? nnp_file_read(path, &added->text, &added->length, error)
                 : no_memory(path, error);
}

static bool is_small_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= most_bytes;
}

static bool is_weights(const char *name)
{
    const size_t length = strlen(name);
    return strncmp(name, "weights.", 8) == 0 && length > 13 &&
           strcmp(name + length - 5, ".data") == 0;
}

static bool is_wanted(const char *name, bool is_n2p2)
{
    if (*name == '.')
        return false;
    return !is_n2p2 || strcmp(name, "input.nn") == 0 || strcmp(name, "scaling.data") == 0 ||
           is_weights(name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct nnp_source_text *)a)->name,
                  ((const struct nnp_source_text *)b)->name);
}

static enum nnp_status add_entry(struct nnp_source *source, const char *name,
                                 struct nnp_error *error)
{
    char *path = join(source->path, name);
    enum nnp_status status = path ? NNP_SUCCESS : no_memory(source->path, error);
    if (path && is_small_file(path)) {
        if (source->n == MOST_FILES)
            status = nnp_error_set(error, NNP_ERROR_SYNTAX,
                                   "%s: the folder holds more than %d files, expected those of "
                                   "one potential",
                                   source->path, MOST_FILES);
        else
            status = add_file(source, name, path, error);
    }
    free(path);
    return status;
}

static enum nnp_status open_folder(struct nnp_source *source, struct nnp_error *error)
{
    char *input = join(source->path, "input.nn");
    if (!input)
        return no_memory(source->path, error);
    const bool is_n2p2 = is_small_file(input);
    free(input);
    DIR *folder = opendir(source->path);
    if (!folder)
        return nnp_error_set(error, NNP_ERROR_FILE, "cannot open the folder %s: %s",
                             source->path, strerror(errno));
    enum nnp_status status = NNP_SUCCESS;
    for (struct dirent *entry = readdir(folder); entry && !status; entry = readdir(folder))
        if (is_wanted(entry->d_name, is_n2p2))
            status = add_entry(source, entry->d_name, error);
    closedir(folder);
    if (!status && source->n > 1)
        qsort(source->texts, (size_t)source->n, sizeof *source->texts, compare_names);
    return status;
}

enum nnp_status nnp_source_open(struct nnp_source *source, const char *path,
                                struct nnp_error *error)
{
    struct stat info;
    *source = (struct nnp_source){.path = nnp_text_copy(path)};
    if (!source->path)
        return no_memory(path, error);
    source->is_folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    if (source->is_folder)
        return open_folder(source, error);
    const char *slash = strrchr(path, '/');
    return add_file(source, slash ? slash + 1 : path, path, error);
}

void nnp_source_close(struct nnp_source *source)
{
    for (int i = 0; i < source->n; i++) {
        free(source->texts[i].name);
        free(source->texts[i].path);
        free(source->texts[i].text);
    }
    free(source->texts);
    free(source->path);
    *source = (struct nnp_source){0};
}

const struct nnp_source_text *nnp_source_find(const struct nnp_source *source, const char *name)
{
    for (int i = 0; i < source->n; i++)
        if (strcmp(source->texts[i].name, name) == 0)
            return &source->texts[i];
    return NULL;
}
