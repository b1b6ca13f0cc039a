/* Data sets of one or several files. */
#include "dataset.h"

#include "sha256.h"
#include "text.h"
#include "thermo.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void file_free(struct nnp_dataset_file *file)
{
    free(file->path);
    free(file->note);
}

void nnp_dataset_free(struct nnp_dataset *dataset)
{
    if (!dataset)
        return;
    for (int i = 0; i < dataset->n_structures; i++)
        nnp_structure_free(&dataset->structures[i]);
    for (int f = 0; f < dataset->n_files; f++)
        file_free(&dataset->files[f]);
    free(dataset->structures);
    free(dataset->files);
    nnp_scratch_free(dataset->scratch);
    memset(dataset, 0, sizeof *dataset);
}

/* Room for n_more elements behind n; the array stays where that fails. */
static bool extend(void **array, int n, int n_more, size_t size)
{
    if (n > INT_MAX - n_more || (size_t)n + (size_t)n_more > SIZE_MAX / size)
        return false;
    void *moved = realloc(*array, ((size_t)n + (size_t)n_more) * size);
    if (moved)
        *array = moved;
    return moved != NULL;
}

/* Moves structures into the data set, together with the file that they are from; on failure
 * they stay with the caller. */
static bool append(struct nnp_dataset *dataset, const struct nnp_dataset_file *file,
                   const struct nnp_structure *structures)
{
    void *files = dataset->files, *all = dataset->structures;
    bool extended =
        extend(&files, dataset->n_files, 1, sizeof *dataset->files) &&
        extend(&all, dataset->n_structures, file->n_structures, sizeof *dataset->structures);
    dataset->files = files;
    dataset->structures = all;
    if (!extended)
        return false;
    dataset->files[dataset->n_files++] = *file;
    if (file->n_structures > 0)
        memcpy(dataset->structures + dataset->n_structures, structures,
               (size_t)file->n_structures * sizeof *structures);
    dataset->n_structures += file->n_structures;
    return true;
}

static enum nnp_status unknown_format(const char *path, struct nnp_error *error)
{
    char list[128] = "";
    size_t length = 0;
    for (int k = 0; nnp_format_at(k) && length < sizeof list; k++)
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", k ? ", " : "",
                                   nnp_format_at(k)->name);
    return nnp_error_set(error, NNP_ERROR_SYNTAX,
                         "%s:1: found a text of unknown format, expected one of: %s", path,
                         list);
}

static enum nnp_status parse(const struct nnp_format_input *input,
                             const struct nnp_format **format, struct nnp_frames *frames,
                             struct nnp_error *error)
{
    if (!*format)
        *format = nnp_format_recognise(input->name, input->text, input->length);
    return *format ? (*format)->parse(input, frames, error)
                   : unknown_format(input->name, error);
}

/* Energies of steps from a file of their own. */
static enum nnp_status add_energies(const char *path, const struct nnp_dataset_options *options,
                                    struct nnp_frames *frames, struct nnp_error *error)
{
    struct nnp_thermo thermo;
    char *text;
    size_t length;
    enum nnp_status status = nnp_file_read(options->thermo, &text, &length, error);
    if (status)
        return status;
    status =
        nnp_thermo_parse(&thermo, options->thermo, text, length, options->units.energy, error);
    free(text);
    if (status)
        return status;
    if (nnp_thermo_apply(&thermo, frames->n, frames->structures) == 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "%s has none of the steps of %s, of which it should have the "
                               "energies",
                               options->thermo, path);
    nnp_thermo_free(&thermo);
    return status;
}

/* A file while it is read. */
struct contents {
    struct nnp_scratch *scratch; /* that has the text, NULL: it is in memory */
    char *text;
    size_t length;
};

static enum nnp_status read_contents(struct contents *contents, const char *path,
                                     const struct nnp_scratch *beside, struct nnp_error *error)
{
    enum nnp_status status = NNP_ERROR_UNSUPPORTED;
    *contents = (struct contents){NULL, NULL, 0};
    if (beside) {
        status = nnp_scratch_create(&contents->scratch, nnp_scratch_folder(beside), error);
        if (!status)
            status = nnp_scratch_read(contents->scratch, path, &contents->text,
                                      &contents->length, error);
        if (status) {
            nnp_scratch_free(contents->scratch);
            contents->scratch = NULL;
        }
    }
    if (status == NNP_ERROR_UNSUPPORTED) /* a pipe, or no scratch */
        status = nnp_file_read(path, &contents->text, &contents->length, error);
    return status;
}

static void free_contents(struct contents *contents)
{
    if (!contents->scratch)
        free(contents->text);
    nnp_scratch_free(contents->scratch);
}

/* The structures of a text and their energies. */
static enum nnp_status read_frames(const struct contents *contents, const char *path,
                                   const struct nnp_dataset_options *options,
                                   struct nnp_dataset_file *file, struct nnp_frames *frames,
                                   struct nnp_error *error)
{
    const struct nnp_format_input input = {path,           contents->text,   contents->length,
                                           options->units, options->n_types, options->types};
    nnp_sha256(contents->text, contents->length, file->sha256);
    file->format = options->format;
    enum nnp_status status = parse(&input, &file->format, frames, error);
    if (!status)
        status = nnp_frames_complete(frames);
    if (status && frames->scratch_error.status)
        return nnp_error_set(error, frames->scratch_error.status, "%s",
                             frames->scratch_error.message);
    if (!status && options->thermo)
        status = add_energies(path, options, frames, error);
    return status;
}

enum nnp_status nnp_dataset_read(struct nnp_dataset *dataset, const char *path,
                                 const struct nnp_dataset_options *options,
                                 struct nnp_error *error)
{
    static const struct nnp_dataset_options usual = {.units = {1.0, 1.0}};
    struct nnp_dataset_file file = {0};
    struct nnp_frames frames = {.scratch = dataset->scratch};
    struct contents contents;
    enum nnp_status status = read_contents(&contents, path, dataset->scratch, error);
    if (status)
        return status;
    status = read_frames(&contents, path, options ? options : &usual, &file, &frames, error);
    free_contents(&contents);
    if (status) {
        nnp_frames_free(&frames);
        return status;
    }

    file.n_structures = frames.n;
    file.n_left_out = frames.n_left_out;
    file.path = strdup(path);
    file.note = frames.n_left_out > 0 ? strdup(frames.note) : NULL;
    if (!file.path || (frames.n_left_out > 0 && !file.note) ||
        !append(dataset, &file, frames.structures)) {
        file_free(&file);
        nnp_frames_free(&frames);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory", path);
    }
    free(frames.structures);
    return NNP_SUCCESS;
}
