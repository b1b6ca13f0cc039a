/* Runs of a generation, and their frames up to the first unphysical one. */
#include "distances.h"
#include "extxyz.h"
#include "folders.h"
#include "grow_parts.h"
#include "nnp/evaluate.h"
#include "placeholders.h"
#include "predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A template of the k-th run with all in place. */
static enum nnp_status expand(const struct nnp_generation *generation, int k,
                              const char *template, const char *folder, bool is_path,
                              struct nnp_text *text, struct nnp_error *error)
{
    struct nnp_text potential = {0}, out = {0};
    char number[16], seed[24];
    snprintf(number, sizeof number, "%d", generation->number);
    snprintf(seed, sizeof seed, "%ld", (100000L * generation->number + k) % 900000000L + 1);
    nnp_append_shell_word(&potential, generation->potential);
    if (is_path)
        nnp_text_append(&out, "%s", folder);
    else
        nnp_append_shell_word(&out, folder);
    if (potential.failed || out.failed)
        text->failed = true;
    else
        nnp_placeholders_expand(text, template, 4,
                                (const struct nnp_placeholder[]){{"potential", potential.data},
                                                                 {"out", out.data},
                                                                 {"generation", number},
                                                                 {"seed", seed}});
    free(potential.data);
    free(out.data);
    return text->failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a command")
                        : NNP_SUCCESS;
}

enum nnp_status nnp_grow_run_command(const struct nnp_generation *generation, int k,
                                     const char *folder, struct nnp_text *command,
                                     struct nnp_error *error)
{
    return expand(generation, k, generation->study->runs[k].command, folder, false, command,
                  error);
}

static enum nnp_status command_of_run(const struct nnp_generation *generation,
                                      const void *context, int k, const char *folder,
                                      struct nnp_text *command, struct nnp_error *error)
{
    (void)context;
    return nnp_grow_run_command(generation, k, folder, command, error);
}

/* ---- Frames ---- */

/* End of the frame that begins at text: past N + 2 lines; the end of the text if it has fewer.
 */
static const char *end_of_frame(const char *text)
{
    long lines = strtol(text, NULL, 10) + 2;
    while (lines-- > 0 && *text)
        text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n');
    return text;
}

static enum nnp_status append(struct nnp_frames *frames, struct nnp_structure *structures,
                              int n, struct nnp_error *error)
{
    struct nnp_structure *all =
        realloc(frames->structures, ((size_t)frames->n + (size_t)n) * sizeof *all);
    if (!all)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for frames");
    memcpy(all + frames->n, structures, (size_t)n * sizeof *all);
    frames->structures = all;
    frames->n += n;
    return NNP_SUCCESS;
}

/* Frame by frame up to the first that cannot be read: the end of a run that was cut off, or
 * numbers that are not finite. */
static enum nnp_status read_extxyz(const char *text, struct nnp_frames *frames,
                                   struct nnp_error *reason, struct nnp_error *error)
{
    static const char blank[] = " \t\r\n";
    enum nnp_status status = NNP_SUCCESS;
    for (text += strspn(text, blank); !status && *text; text += strspn(text, blank)) {
        const char *end = end_of_frame(text);
        struct nnp_structure *structures;
        char name[32];
        int n;
        snprintf(name, sizeof name, "frame %d", frames->n + 1);
        if (end == text || end[-1] != '\n') { /* digits may be missing */
            nnp_error_set(reason, NNP_ERROR_SYNTAX, "%s is cut off", name);
            break;
        }
        if (nnp_extxyz_parse(name, text, (size_t)(end - text), &structures, &n, reason))
            break;
        status = append(frames, structures, n, error);
        for (int s = 0; s < n && status; s++)
            nnp_structure_free(&structures[s]);
        free(structures);
        text = end;
    }
    return status;
}

/* What a run wrote; reason gets why it ends early, if it does. */
static enum nnp_status read_frames(const struct nnp_study *study, const char *path,
                                   struct nnp_frames *frames, struct nnp_error *reason,
                                   struct nnp_error *error)
{
    char *text;
    size_t length;
    if (!nnp_path_exists(path)) {
        nnp_error_set(reason, NNP_ERROR_FILE, "no frames were written");
        return NNP_SUCCESS;
    }
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    if (status)
        return status;
    const struct nnp_format *format = nnp_format_recognise(path, text, length);
    const struct nnp_format_input input = {path,       text,           length,
                                           {1.0, 1.0}, study->n_types, study->types};
    if (format && strcmp(format->name, "extxyz") == 0)
        status = read_extxyz(text, frames, reason, error);
    else if (!format)
        nnp_error_set(reason, NNP_ERROR_SYNTAX, "frames are of an unknown format");
    else if (format->parse(&input, frames, reason)) {
        nnp_frames_free(frames);
        *frames = (struct nnp_frames){0};
    } else if (frames->n_left_out > 0)
        nnp_error_set(reason, NNP_ERROR_NUMERIC, "%d frames cut off or not finite",
                      frames->n_left_out);
    free(text);
    return status;
}

/* ---- Limits ---- */

static double largest_force(const struct nnp_structure *structure)
{
    double largest = 0.0;
    for (int i = 0; i < structure->n_atoms; i++) {
        const double *f = structure->forces + 3 * i;
        largest = fmax(largest, sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]));
    }
    return largest;
}

/* Sets reason where a frame is unphysical.  *first: energy per atom of the run's first frame,
 * NAN before it. */
static enum nnp_status judge(const struct nnp_study_limits *limits,
                             struct nnp_evaluator *evaluator, const struct nnp_structure *frame,
                             double *first, struct nnp_error *reason, struct nnp_error *error)
{
    struct nnp_close_pair pair = {.distance = INFINITY};
    struct nnp_structure predicted;
    struct nnp_residual residual;
    double *atomic_energies;
    long n_extrapolations;
    if (nnp_distances_closest(frame, limits->distance, &pair, reason))
        return reason->status == NNP_ERROR_MEMORY ? (*error = *reason, NNP_ERROR_MEMORY)
                                                  : NNP_SUCCESS;
    if (pair.distance < limits->distance) {
        nnp_error_set(reason, NNP_ERROR_GEOMETRY, "atoms %d and %d are %.3f Angstrom apart",
                      pair.i + 1, pair.j + 1, pair.distance);
        return NNP_SUCCESS;
    }
    enum nnp_status status = nnp_predict(evaluator, frame, &predicted, &atomic_energies,
                                         &residual, &n_extrapolations, reason);
    if (status == NNP_ERROR_MEMORY || status == NNP_ERROR_ELEMENT) {
        *error = *reason;
        return status;
    }
    if (status)
        return NNP_SUCCESS;
    double energy = predicted.energy / frame->n_atoms, force = largest_force(&predicted);
    if (isnan(*first))
        *first = energy;
    if (fabs(energy - *first) > limits->energy)
        nnp_error_set(reason, NNP_ERROR_NUMERIC,
                      "the energy is %.3f eV/atom from that of the first frame",
                      energy - *first);
    else if (force > limits->forces)
        nnp_error_set(reason, NNP_ERROR_NUMERIC, "the force on an atom is %.3g eV/Angstrom",
                      force);
    free(atomic_energies);
    nnp_structure_free(&predicted);
    return NNP_SUCCESS;
}

/* ---- The step ---- */

struct collection {
    const struct nnp_generation *generation;
    struct nnp_evaluator *evaluator;
    struct nnp_text frames, table;
    int n_frames, n_kept, n_cut;
};

/* The frame as the next structure to choose from: no references, a name. */
static enum nnp_status keep(struct collection *collection, int k, int f,
                            const struct nnp_structure *frame, struct nnp_error *error)
{
    struct nnp_structure kept = *frame; /* borrows all but the comment */
    enum nnp_status status = nnp_path_set(&kept.info, error, "sid=g%d_r%04d_f%04d",
                                          collection->generation->number, k + 1, f + 1);
    kept.group = collection->generation->study->runs[k].kind;
    kept.has_energy = kept.has_forces = kept.has_stress = false;
    if (!status)
        nnp_extxyz_append(&collection->frames, &kept, NULL);
    free(kept.info);
    return status;
}

static enum nnp_status collect(struct collection *collection, int k,
                               const struct nnp_frames *frames, struct nnp_error *reason,
                               int *n_kept, struct nnp_error *error)
{
    const struct nnp_generation *generation = collection->generation;
    double first = NAN;
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < frames->n && !status; f++) {
        struct nnp_error unphysical = {0};
        if (generation->observer->interrupted())
            return NNP_SUCCESS;
        status = judge(&generation->study->limits, collection->evaluator,
                       &frames->structures[f], &first, &unphysical, error);
        if (unphysical.status) {
            *reason = unphysical;
            break;
        }
        if (!status)
            status = keep(collection, k, f, &frames->structures[f], error);
        ++*n_kept;
    }
    return status;
}

static enum nnp_status collect_run(struct collection *collection, int k,
                                   struct nnp_error *error)
{
    const struct nnp_generation *generation = collection->generation;
    const struct nnp_study_run *run = &generation->study->runs[k];
    char *folder = NULL, *how = NULL;
    struct nnp_text path = {0};
    struct nnp_frames frames = {0};
    struct nnp_error reason = {0};
    int n_kept = 0;
    enum nnp_status status = nnp_grow_done(generation, "runs", k, &folder, &how, error);
    if (!status)
        status = expand(generation, k, run->frames, folder, true, &path, error);
    if (!status)
        status = read_frames(generation->study, path.data, &frames, &reason, error);
    if (!status)
        status = collect(collection, k, &frames, &reason, &n_kept, error);
    if (!status) {
        nnp_text_append(&collection->table, "%d,", k + 1);
        nnp_grow_append_cell(&collection->table, run->kind);
        nnp_text_append(&collection->table, ",%s,%d,%d,", how, frames.n, n_kept);
        nnp_grow_append_cell(&collection->table, reason.message);
        nnp_text_append(&collection->table, "\n");
        if (reason.status)
            nnp_grow_say(generation->observer, "  runs/%04d (%s) cut after %d frames: %s",
                         k + 1, run->kind, n_kept, reason.message);
        collection->n_frames += frames.n;
        collection->n_kept += n_kept;
        collection->n_cut += reason.status != NNP_SUCCESS;
    }
    nnp_frames_free(&frames);
    free(path.data);
    free(folder);
    free(how);
    return status;
}

static enum nnp_status collect_all(struct collection *collection, struct nnp_error *error)
{
    const struct nnp_generation *generation = collection->generation;
    enum nnp_status status = NNP_SUCCESS;
    nnp_text_append(&collection->table, "run,kind,end,frames,kept,cut\n");
    for (int k = 0; k < generation->study->n_runs && !status; k++)
        status = collect_run(collection, k, error);
    if (status || generation->observer->interrupted())
        return status;
    status = nnp_grow_write(generation, "runs.csv", &collection->table, error);
    if (!status && collection->n_kept == 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "no run has a frame to choose from: see %.500s/runs.csv and "
                               "runs/0001/log there; runs whose folders are removed are made "
                               "again",
                               generation->folder);
    if (!status)
        status = nnp_grow_write(generation, "frames.extxyz", &collection->frames, error);
    if (!status)
        nnp_grow_say(generation->observer, "  %d of %d frames kept, %d of %d runs cut",
                     collection->n_kept, collection->n_frames, collection->n_cut,
                     generation->study->n_runs);
    return status;
}

enum nnp_status nnp_grow_frames(const struct nnp_generation *generation,
                                struct nnp_error *error)
{
    const struct nnp_study *study = generation->study;
    const struct nnp_grow_work work = {.name = "runs",
                                       .n = study->n_runs,
                                       .at_once = study->n_at_once,
                                       .time = study->run_time,
                                       .fresh = true,
                                       .command = command_of_run};
    struct collection collection = {.generation = generation};
    struct nnp_potential *potential = NULL;
    enum nnp_status status = nnp_grow_do(generation, &work, error);
    if (status || generation->observer->interrupted())
        return status;
    status = nnp_potential_read(&potential, generation->potential, error);
    if (!status)
        status = nnp_evaluator_create(&collection.evaluator, potential, NULL, error);
    if (!status)
        status = collect_all(&collection, error);
    nnp_evaluator_free(collection.evaluator);
    nnp_potential_free(potential);
    free(collection.frames.data);
    free(collection.table.data);
    return status;
}
