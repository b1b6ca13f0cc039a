/* Commands with folders, and other things that steps share. */
#include "folders.h"
#include "grow_parts.h"
#include "jobs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void nnp_grow_say(const struct nnp_grow_observer *observer, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    observer->message(observer->context, line);
}

enum nnp_status nnp_grow_write(const struct nnp_generation *generation, const char *name,
                               const struct nnp_text *text, struct nnp_error *error)
{
    char *path = NULL;
    if (text->failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %s", name);
    enum nnp_status status = nnp_path_set(&path, error, "%s/%s", generation->folder, name);
    if (!status)
        status = nnp_file_write(path, text->data ? text->data : "", text->length, error);
    free(path);
    return status;
}

enum nnp_status nnp_grow_read(const struct nnp_generation *generation, const char *name,
                              struct nnp_dataset *dataset, struct nnp_error *error)
{
    char *path = NULL;
    enum nnp_status status = nnp_path_set(&path, error, "%s/%s", generation->folder, name);
    if (!status)
        status = nnp_dataset_read(dataset, path, NULL, error);
    free(path);
    return status;
}

enum nnp_status nnp_grow_labelled(const struct nnp_study *study, int n, char **path,
                                  struct nnp_error *error)
{
    return nnp_path_set(path, error, "%s/generation-%d/labelled.extxyz", study->folder, n);
}

const char *nnp_grow_sid(const struct nnp_structure *structure, int *length)
{
    const char *info = structure->info;
    while (info && (info = strstr(info, "sid="))) {
        if (info == structure->info || info[-1] == ' ') {
            *length = (int)strcspn(info + 4, " ");
            return info + 4;
        }
        info += 4;
    }
    return NULL;
}

void nnp_grow_append_cell(struct nnp_text *text, const char *cell)
{
    nnp_text_append(text, "\"");
    for (const char *c = cell; *c; c++)
        nnp_text_append(text, *c == '"' ? "\"\"" : *c == '\n' ? " " : "%c", *c);
    nnp_text_append(text, "\"");
}

/* ---- Commands ---- */

struct doing {
    const struct nnp_generation *generation;
    const struct nnp_grow_work *work;
    struct nnp_job *jobs; /* [n] of those that are to be done */
    int *which;           /* [n], their numbers */
    char **partial;       /* [n], their folders */
    int n;
};

static void free_doing(struct doing *doing)
{
    for (int j = 0; j < doing->n; j++) {
        free(doing->jobs[j].command);
        free(doing->jobs[j].log);
        free(doing->partial[j]);
    }
    free(doing->jobs);
    free(doing->which);
    free(doing->partial);
}

static enum nnp_status write_into(const char *folder, const char *name, const char *text,
                                  struct nnp_error *error)
{
    char *path = NULL;
    enum nnp_status status = nnp_path_set(&path, error, "%s/%s", folder, name);
    if (!status)
        status = nnp_file_write(path, text, strlen(text), error);
    free(path);
    return status;
}

/* Whether a folder that is done was done by the same command. */
static enum nnp_status check_command(const char *folder, const char *command,
                                     struct nnp_error *error)
{
    char *path = NULL, *then = NULL;
    size_t length;
    enum nnp_status status = nnp_path_set(&path, error, "%s/command", folder);
    if (!status)
        status = nnp_file_read(path, &then, &length, error);
    if (!status && strcmp(then, command) != 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "%.400s was made by another command than the study states now: "
                               "remove that folder, or state the command in %.400s again",
                               folder, path);
    free(path);
    free(then);
    return status;
}

/* Takes the k-th up, unless it is done. */
static enum nnp_status take(struct doing *doing, int k, struct nnp_error *error)
{
    const struct nnp_grow_work *work = doing->work;
    struct nnp_text command = {0};
    char *done = NULL, **partial = &doing->partial[doing->n];
    struct nnp_job *job = &doing->jobs[doing->n];
    doing->which[doing->n++] = k;
    enum nnp_status status =
        nnp_path_set(&done, error, "%s/%s/%04d", doing->generation->folder, work->name, k + 1);
    if (!status)
        status = nnp_path_set(partial, error, "%s.partial", done);
    if (!status)
        status = nnp_path_set(&job->log, error, "%s/log", *partial);
    if (!status)
        status = work->command(doing->generation, work->context, k, *partial, &command, error);
    if (!status && command.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a command");
    job->command = command.data;
    if (!status && nnp_path_exists(done)) {
        status = check_command(done, job->command, error);
        free(job->command);
        free(job->log);
        free(*partial);
        *job = (struct nnp_job){0};
        *partial = NULL;
        doing->n--;
    }
    free(done);
    return status;
}

static enum nnp_status before(void *context, int j, struct nnp_error *error)
{
    struct doing *doing = context;
    const struct nnp_grow_work *work = doing->work;
    enum nnp_status status = NNP_SUCCESS;
    if (work->fresh)
        status = nnp_folder_remove(doing->partial[j], error);
    if (!status)
        status = nnp_folder_make(doing->partial[j], error);
    if (!status)
        status = write_into(doing->partial[j], "command", doing->jobs[j].command, error);
    if (!status && work->prepare)
        status = work->prepare(doing->generation, work->context, doing->which[j],
                               doing->partial[j], error);
    return status;
}

static enum nnp_status after(void *context, int j, struct nnp_error *error)
{
    struct doing *doing = context;
    const struct nnp_generation *generation = doing->generation;
    char how[40], line[48], *done = NULL;
    nnp_job_describe(&doing->jobs[j], how);
    snprintf(line, sizeof line, "%s\n", how);
    enum nnp_status status = write_into(doing->partial[j], "status", line, error);
    if (!status)
        status = nnp_path_set(&done, error, "%s/%s/%04d", generation->folder, doing->work->name,
                              doing->which[j] + 1);
    if (!status)
        status = nnp_path_rename(doing->partial[j], done, error);
    if (!status)
        nnp_grow_say(generation->observer, "  %s/%04d of %d: %s", doing->work->name,
                     doing->which[j] + 1, doing->work->n, how);
    free(done);
    return status;
}

enum nnp_status nnp_grow_do(const struct nnp_generation *generation,
                            const struct nnp_grow_work *work, struct nnp_error *error)
{
    size_t n = (size_t)work->n + 1;
    struct doing doing = {.generation = generation, .work = work};
    const struct nnp_jobs jobs = {.at_once = work->at_once,
                                  .time = work->time,
                                  .folder = generation->study->source,
                                  .interrupted = generation->observer->interrupted,
                                  .context = &doing,
                                  .before = before,
                                  .after = after};
    enum nnp_status status = NNP_SUCCESS;
    doing.jobs = calloc(n, sizeof *doing.jobs);
    doing.which = calloc(n, sizeof *doing.which);
    doing.partial = calloc(n, sizeof *doing.partial);
    if (!doing.jobs || !doing.which || !doing.partial)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d commands", work->n);
    for (int k = 0; k < work->n && !status; k++)
        status = take(&doing, k, error);
    if (!status)
        status = nnp_jobs_run(&jobs, doing.n, doing.jobs, error);
    free_doing(&doing);
    return status;
}

enum nnp_status nnp_grow_done(const struct nnp_generation *generation, const char *name, int k,
                              char **folder, char **how, struct nnp_error *error)
{
    char *path = NULL;
    size_t length;
    *how = NULL;
    enum nnp_status status =
        nnp_path_set(folder, error, "%s/%s/%04d", generation->folder, name, k + 1);
    if (!status)
        status = nnp_path_set(&path, error, "%s/status", *folder);
    if (!status)
        status = nnp_file_read(path, how, &length, error);
    if (!status)
        (*how)[strcspn(*how, "\n")] = '\0';
    free(path);
    return status;
}
