/* Commands of the shell, several at once. */
#ifndef NNP_JOBS_H
#define NNP_JOBS_H

#include "nnp/status.h"

#include <stdbool.h>

enum nnp_job_end { NNP_JOB_NONE, NNP_JOB_EXITED, NNP_JOB_KILLED, NNP_JOB_OUT_OF_TIME };

/* Pointers are owned by the caller of nnp_jobs_run. */
struct nnp_job {
    char *command;        /* for /bin/sh -c */
    char *log;            /* file of all output */
    enum nnp_job_end end; /* set; NNP_JOB_NONE: never started, or interrupted */
    int code;             /* set: exit status or signal */
};

struct nnp_jobs {
    int at_once;
    double time;        /* seconds that each may take; 0: no limit */
    const char *folder; /* where they run */
    bool (*interrupted)(void);
    void *context;
    /* Before the k-th job starts, and after it came to its own end; a failure ends all. */
    enum nnp_status (*before)(void *context, int k, struct nnp_error *error);
    enum nnp_status (*after)(void *context, int k, struct nnp_error *error);
};

/* Starts the jobs in order, each with a process group of its own, no input, and its log.  What
 * a command leaves behind in its group is killed at its end.  On interruption and failure all
 * groups get SIGTERM, and SIGKILL some seconds later, before the function returns. */
enum nnp_status nnp_jobs_run(const struct nnp_jobs *jobs, int n, struct nnp_job *job,
                             struct nnp_error *error) NNP_MUST_CHECK;

/* "exit status 1", "signal 9", "time limit". */
void nnp_job_describe(const struct nnp_job *job, char text[40]);

#endif
