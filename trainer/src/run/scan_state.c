/* What became of the runs of a scan, by the files that they have left. */
#include "checkpoint.h"
#include "nnp/potential.h"
#include "scan_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the file holds the text. */
static bool is_there(const char *path, const struct nnp_text *text)
{
    char *data;
    size_t length;
    if (nnp_file_read(path, &data, &length, NULL))
        return false;
    bool same = length == text->length && memcmp(data, text->data, length) == 0;
    free(data);
    return same;
}

/* Files of a run; the caller frees both texts. */
struct run_files {
    struct nnp_text potential, checkpoint;
};

static enum nnp_status name_files(const struct nnp_scan *scan, int run, struct run_files *files,
                                  struct nnp_error *error)
{
    const char *config = scan->runs[run].config_file;
    int stem = (int)(strlen(config) - strlen(".yaml"));
    *files = (struct run_files){0};
    nnp_text_append(&files->potential, "%.*s.nnp", stem, config);
    nnp_text_append(&files->checkpoint, "%.*s.nnp.checkpoint", stem, config);
    if (files->potential.failed || files->checkpoint.failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the scan %s", scan->path);
    return NNP_SUCCESS;
}

/* A complete training leaves a potential with errors, and no checkpoint. */
static enum nnp_scan_state judge_files(const struct run_files *files)
{
    enum nnp_scan_state state = NNP_SCAN_NEW;
    struct nnp_potential *made = NULL;
    if (nnp_checkpoint_exists(files->checkpoint.data))
        state = NNP_SCAN_BEGUN;
    else if (!nnp_potential_read(&made, files->potential.data, NULL) &&
             made->provenance.n_rmse > 0)
        state = NNP_SCAN_DONE;
    nnp_potential_free(made);
    return state;
}

/* Puts the configuration in place of another one, whose results go first: they must not be
 * taken for those of the new one. */
static enum nnp_status begin_anew(const struct nnp_scan *scan, int run,
                                  const struct run_files *files, const struct nnp_text *text,
                                  struct nnp_error *error)
{
    enum nnp_status status = nnp_checkpoint_remove(files->checkpoint.data, error);
    if (!status && remove(files->potential.data) && errno != ENOENT)
        status = nnp_error_set(error, NNP_ERROR_FILE, "cannot remove %s: %s",
                               files->potential.data, strerror(errno));
    return status
               ? status
               : nnp_file_write(scan->runs[run].config_file, text->data, text->length, error);
}

static enum nnp_status find_state(const struct nnp_scan *scan, int run, bool prepare,
                                  enum nnp_scan_state *state, struct nnp_error *error)
{
    struct nnp_text text = {0};
    struct run_files files;
    *state = NNP_SCAN_NEW;
    enum nnp_status status = name_files(scan, run, &files, error);
    if (!status)
        status = nnp_scan_append_config(&text, scan, &scan->runs[run], error);
    if (!status && is_there(scan->runs[run].config_file, &text))
        *state = judge_files(&files);
    else if (!status && prepare)
        status = begin_anew(scan, run, &files, &text, error);
    free(text.data);
    free(files.potential.data);
    free(files.checkpoint.data);
    return status;
}

enum nnp_status nnp_scan_find_state(const struct nnp_scan *scan, int run,
                                    enum nnp_scan_state *state, struct nnp_error *error)
{
    return find_state(scan, run, false, state, error);
}

enum nnp_status nnp_scan_prepare(const struct nnp_scan *scan, int run,
                                 enum nnp_scan_state *state, struct nnp_error *error)
{
    return find_state(scan, run, true, state, error);
}
