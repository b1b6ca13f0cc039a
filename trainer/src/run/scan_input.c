/* What the runs of a scan are trained on, as a checksum. */
#include "scan_parts.h"

#include "sha256.h"

#include <stdlib.h>
#include <string.h>

void nnp_scan_files_free(struct nnp_scan_files *files)
{
    for (int k = 0; k < files->n; k++)
        free(files->files[k].path);
    free(files->files);
}

/* A file's checksum, borrowed; NULL on failure. */
static const char *hash_file(struct nnp_scan_files *files, const char *path,
                             struct nnp_error *error)
{
    char *text;
    size_t length;
    for (int k = 0; k < files->n; k++)
        if (strcmp(files->files[k].path, path) == 0)
            return files->files[k].sha256;
    struct nnp_scan_file *moved =
        realloc(files->files, ((size_t)files->n + 1) * sizeof *files->files);
    char *copy = strdup(path);
    if (moved)
        files->files = moved;
    enum nnp_status status =
        moved && copy ? nnp_file_read(path, &text, &length, error)
                      : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for checksums");
    if (status) {
        free(copy);
        return NULL;
    }
    struct nnp_scan_file *file = &files->files[files->n++];
    file->path = copy;
    nnp_sha256(text, length, file->sha256);
    free(text);
    return file->sha256;
}

enum nnp_status nnp_scan_hash_input(struct nnp_scan_run *run, const struct nnp_config *config,
                                    struct nnp_scan_files *files, struct nnp_error *error)
{
    struct nnp_text text = {0};
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < 2 * config->n_data_files && !status; f++) {
        const char *thermo = config->sources[f / 2].options.thermo;
        const char *path = f % 2 == 0 ? config->data_files[f / 2] : thermo;
        const char *digest = path ? hash_file(files, path, error) : "";
        if (digest)
            nnp_text_append(&text, "%s\n", digest);
        else
            status = NNP_ERROR_FILE;
    }
    for (int f = 0; f < config->n_initial; f++)
        nnp_text_append(&text, "%s\n", config->initial_sha256[f]);
    if (!status && text.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for checksums");
    if (!status)
        nnp_sha256(text.data ? text.data : "", text.length, run->input_sha256);
    free(text.data);
    return status;
}
