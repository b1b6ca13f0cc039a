/* Commands of the shell: fork, exec, and process groups that end as a whole. */
#define _XOPEN_SOURCE 700

#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE = 5 }; /* seconds between SIGTERM and SIGKILL */

struct process {
    pid_t id; /* also of its group; 0: free */
    int job;
    double started;
    double killed; /* when SIGTERM was sent; 0: not */
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

/* In the child: calls of functions only that are safe between fork and exec. */
static void become(const char *command, const char *folder, int log)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGPIPE};
    int input = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    for (size_t k = 0; k < sizeof caught / sizeof *caught; k++)
        signal(caught[k], SIG_DFL);
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 &&
        dup2(log, STDERR_FILENO) >= 0 && chdir(folder) == 0)
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static enum nnp_status start(const struct nnp_jobs *jobs, const struct nnp_job *job,
                             struct process *process, struct nnp_error *error)
{
    int log = open(job->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log < 0)
        return nnp_error_set(error, NNP_ERROR_FILE, "cannot write %.500s: error %d", job->log,
                             errno);
    pid_t id = fork();
    if (id == 0)
        become(job->command, jobs->folder, log);
    int number = errno;
    close(log);
    if (id < 0)
        return nnp_error_set(error, NNP_ERROR_FILE, "cannot start a process: error %d", number);
    setpgid(id, id); /* as the child does; whoever comes first */
    *process = (struct process){.id = id, .started = seconds()};
    return NNP_SUCCESS;
}

/* SIGTERM at first, SIGKILL after the grace. */
static void end_process(struct process *process)
{
    double now = seconds();
    if (process->killed == 0.0) {
        process->killed = now;
        kill(-process->id, SIGTERM);
    } else if (now > process->killed + GRACE) {
        kill(-process->id, SIGKILL);
    }
}

/* Whether the process has ended; then its group has. */
static bool reap(struct process *process, struct nnp_job *job)
{
    int how;
    pid_t id = waitpid(process->id, &how, WNOHANG);
    if (id == 0 || (id < 0 && errno == EINTR))
        return false;
    kill(-process->id, SIGKILL);
    if (process->killed > 0.0)
        job->end = NNP_JOB_OUT_OF_TIME;
    else if (id > 0 && WIFEXITED(how))
        job->end = NNP_JOB_EXITED;
    else
        job->end = NNP_JOB_KILLED;
    job->code = id < 0 ? 0 : WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how);
    process->id = 0;
    return true;
}

/* Ends all groups; what the jobs did is not counted. */
static void end_all(int n, struct process *processes)
{
    struct nnp_job ignored;
    for (int left = 1; left > 0;) {
        left = 0;
        for (int p = 0; p < n; p++)
            if (processes[p].id != 0) {
                end_process(&processes[p]);
                left += !reap(&processes[p], &ignored);
            }
        if (left > 0)
            rest();
    }
}

/* A round over the slots: reaps what ended, starts what is next.  *n_running is set. */
static enum nnp_status turn(const struct nnp_jobs *jobs, int n, struct nnp_job *job, int *next,
                            struct process *processes, int *n_running, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *n_running = 0;
    for (int p = 0; p < jobs->at_once && !status; p++) {
        struct process *process = &processes[p];
        if (process->id != 0 && jobs->time > 0.0 &&
            (process->killed > 0.0 || seconds() > process->started + jobs->time))
            end_process(process);
        if (process->id != 0 && reap(process, &job[process->job]))
            status = jobs->after(jobs->context, process->job, error);
        if (!status && process->id == 0 && *next < n && !jobs->interrupted()) {
            status = jobs->before(jobs->context, *next, error);
            if (!status)
                status = start(jobs, &job[*next], process, error);
            process->job = (*next)++;
        }
        *n_running += process->id != 0;
    }
    return status;
}

enum nnp_status nnp_jobs_run(const struct nnp_jobs *jobs, int n, struct nnp_job *job,
                             struct nnp_error *error)
{
    struct process *processes = calloc((size_t)jobs->at_once, sizeof *processes);
    if (!processes)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d processes",
                             jobs->at_once);
    enum nnp_status status = NNP_SUCCESS;
    int next = 0, n_running = 0;
    do {
        status = turn(jobs, n, job, &next, processes, &n_running, error);
        if (!status && n_running > 0)
            rest();
    } while (!status && !jobs->interrupted() && (next < n || n_running > 0));
    end_all(jobs->at_once, processes);
    free(processes);
    return status;
}

void nnp_job_describe(const struct nnp_job *job, char text[40])
{
    if (job->end == NNP_JOB_OUT_OF_TIME)
        snprintf(text, 40, "time limit");
    else
        snprintf(text, 40, "%s %d", job->end == NNP_JOB_KILLED ? "signal" : "exit status",
                 job->code);
}
