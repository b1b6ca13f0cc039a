/* The cycles: finds out where the folder stands, and goes on there. */
#include "grow.h"

#include "folders.h"
#include "grow_parts.h"
#include "nnp/potential.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct step {
    const char *file, *title;
    enum nnp_status (*make)(const struct nnp_generation *generation, struct nnp_error *error);
} steps[] = {
    {"frames.extxyz", "runs", nnp_grow_frames},    {"chosen.extxyz", "choice", nnp_grow_choose},
    {"labelled.extxyz", "labels", nnp_grow_label}, {"errors.csv", "errors", nnp_grow_errors},
    {"potential.nnp", "training", nnp_grow_train},
};
enum { N_STEPS = sizeof steps / sizeof *steps };

/* Whether a file of the generation is there; *is_empty (or NULL) is set. */
static enum nnp_status find(const struct nnp_generation *generation, const char *file,
                            bool *found, bool *is_empty, struct nnp_error *error)
{
    struct stat info;
    char *path = NULL;
    enum nnp_status status = nnp_path_set(&path, error, "%s/%s", generation->folder, file);
    *found = !status && stat(path, &info) == 0;
    if (is_empty)
        *is_empty = *found && info.st_size == 0;
    free(path);
    return status;
}

/* Makes what a generation lacks.  *exhausted: nothing was left to choose. */
static enum nnp_status make(const struct nnp_generation *generation, bool *exhausted,
                            struct nnp_error *error)
{
    enum nnp_status status = nnp_folder_make(generation->folder, error);
    *exhausted = false;
    for (int s = 0; s < N_STEPS && !status && !*exhausted; s++) {
        bool found, is_empty;
        if (generation->observer->interrupted())
            return NNP_SUCCESS;
        status = find(generation, steps[s].file, &found, &is_empty, error);
        if (!status && !found) {
            nnp_grow_say(generation->observer, "generation %d: %s", generation->number,
                         steps[s].title);
            status = steps[s].make(generation, error);
        }
        if (!status && steps[s].make == nnp_grow_choose)
            status = find(generation, steps[s].file, &found, exhausted, error);
    }
    return status;
}

/* Whether the old potential's errors on the new labels are below all targets that are stated.
 */
static enum nnp_status meets_target(const struct nnp_generation *generation, bool *meets,
                                    struct nnp_error *error)
{
    static const char *const columns[] = {"energy_rmse", "forces_rmse"};
    const double targets[] = {generation->study->target_energy,
                              generation->study->target_forces};
    struct nnp_table table = {0};
    char *path = NULL;
    *meets = targets[0] > 0.0 || targets[1] > 0.0;
    enum nnp_status status = nnp_path_set(&path, error, "%s/errors.csv", generation->folder);
    if (!status)
        status = nnp_table_read(&table, path, error);
    for (int c = 0; c < 2 && !status; c++) {
        double value;
        if (targets[c] == 0.0)
            continue;
        /* The first row is that of all kinds. */
        status =
            nnp_table_number(&table, 0, nnp_table_column(&table, columns[c]), &value, error);
        *meets = *meets && !status && value <= targets[c];
    }
    nnp_table_free(&table);
    free(path);
    return status;
}

/* ---- Dry runs ---- */

static enum nnp_status show_commands(const struct nnp_generation *generation,
                                     struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < generation->study->n_runs && !status; k++) {
        struct nnp_text command = {0};
        char *folder = NULL, *done = NULL;
        status = nnp_path_set(&done, error, "%s/runs/%04d", generation->folder, k + 1);
        if (!status)
            status = nnp_path_set(&folder, error, "%s.partial", done);
        if (!status)
            status = nnp_grow_run_command(generation, k, folder, &command, error);
        if (!status && !command.failed && command.length > 0)
            nnp_grow_say(generation->observer, "  runs/%04d (%s)%s: %s", k + 1,
                         generation->study->runs[k].kind, nnp_path_exists(done) ? ", done" : "",
                         command.data);
        free(command.data);
        free(folder);
        free(done);
    }
    return status;
}

static enum nnp_status show(const struct nnp_generation *generation, struct nnp_error *error)
{
    const struct nnp_study *study = generation->study;
    enum nnp_status status = NNP_SUCCESS;
    nnp_grow_say(generation->observer, "generation %d of %d would be next, in %s, with %s",
                 generation->number, study->n_cycles, generation->folder,
                 generation->potential);
    for (int s = 0; s < N_STEPS && !status; s++) {
        bool found;
        status = find(generation, steps[s].file, &found, NULL, error);
        if (!status)
            nnp_grow_say(generation->observer, "%s: %s", steps[s].title,
                         found ? "done" : "to be done");
        if (!status && !found && s == 0)
            status = show_commands(generation, error);
    }
    nnp_grow_say(generation->observer, "label: %s", study->label_command);
    nnp_grow_say(generation->observer, "train: %s", study->train_command);
    return status;
}

/* ---- Cycles ---- */

/* Generation n; *ended: the growth is at its end after it. */
static enum nnp_status cycle(const struct nnp_generation *generation, bool dry, bool *ended,
                             struct nnp_error *error)
{
    const struct nnp_grow_observer *observer = generation->observer;
    bool found, exhausted = false, meets = false;
    enum nnp_status status = find(generation, "potential.nnp", &found, NULL, error);
    if (!status && !found && dry) {
        *ended = true;
        return show(generation, error);
    }
    if (!status && !found) {
        status = make(generation, &exhausted, error);
        if (!status && !observer->interrupted())
            status = nnp_grow_report(generation->study, observer,
                                     generation->number - exhausted, error);
    }
    if (status || observer->interrupted())
        return status;
    if (exhausted)
        nnp_grow_say(observer, "generation %d: no frame differs from the data: nothing to add",
                     generation->number);
    else
        status = meets_target(generation, &meets, error);
    if (!status && meets)
        nnp_grow_say(observer, "generation %d: the errors on its labels meet the target",
                     generation->number);
    *ended = exhausted || meets;
    return status;
}

static enum nnp_status cycles(const struct nnp_study *study,
                              const struct nnp_grow_observer *observer, bool dry,
                              struct nnp_error *error)
{
    char *potential = NULL;
    bool ended = false;
    enum nnp_status status = nnp_path_set(&potential, error, "%s", study->potential);
    for (int n = 1; n <= study->n_cycles && !ended && !status && !observer->interrupted();
         n++) {
        char *folder = NULL;
        status = nnp_path_set(&folder, error, "%s/generation-%d", study->folder, n);
        const struct nnp_generation generation = {study, observer, n, folder, potential};
        if (!status)
            status = cycle(&generation, dry, &ended, error);
        free(potential);
        potential = NULL;
        if (!status)
            status = nnp_path_set(&potential, error, "%s/potential.nnp", folder);
        free(folder);
    }
    free(potential);
    if (!status && !ended && !observer->interrupted())
        nnp_grow_say(observer, "all %d generations are complete", study->n_cycles);
    return status;
}

/* Mistakes that would show hours later are found at once. */
static enum nnp_status check(const struct nnp_study *study, struct nnp_error *error)
{
    static const char *const needed[] = {"{initial}", "{data}", "{potential}"};
    struct nnp_potential *potential = NULL;
    char *template = NULL;
    size_t length;
    enum nnp_status status = nnp_potential_read(&potential, study->potential, error);
    if (!status && study->choice.way == NNP_STUDY_SPREAD && potential->n_members < 2)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "%.500s has one network per element, expected a committee for a "
                               "choice by spread",
                               study->potential);
    nnp_potential_free(potential);
    if (!status)
        status = nnp_file_read(study->train_config, &template, &length, error);
    for (int k = 0; k < 3 && !status; k++)
        if (!strstr(template, needed[k]))
            status =
                nnp_error_set(error, NNP_ERROR_SYNTAX,
                              "%.500s has no %s, expected a template with {initial}, {data} "
                              "and {potential}",
                              study->train_config, needed[k]);
    free(template);
    return status;
}

enum nnp_status nnp_grow_run(const struct nnp_study *study,
                             const struct nnp_grow_observer *observer, bool dry,
                             struct nnp_error *error)
{
    int lock = -1;
    enum nnp_status status = check(study, error);
    if (!status && !dry)
        status = nnp_folder_make(study->folder, error);
    if (!status && !dry)
        status = nnp_folder_lock(study->folder, &lock, error);
    if (!status)
        status = cycles(study, observer, dry, error);
    if (lock >= 0)
        close(lock);
    return status;
}
