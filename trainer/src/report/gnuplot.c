/* gnuplot as a child process, in the folder of its script. */
#include "figures.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Runs the command with its words into a file; its exit status, or 127 where there is none. */
static int run(char *const *arguments, const char *log)
{
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 127;
    bool ready = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log,
                                                  O_WRONLY | O_CREAT | O_TRUNC, 0666) == 0 &&
                 posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO) == 0;
    if (!ready || posix_spawnp(&process, arguments[0], &actions, NULL, arguments, environ) != 0)
        status = 127 << 8;
    else
        while (waitpid(process, &status, 0) < 0)
            if (errno != EINTR) {
                status = 127 << 8;
                break;
            }
    posix_spawn_file_actions_destroy(&actions);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

enum nnp_status nnp_figures_draw(const char *folder, bool *drawn, struct nnp_error *error)
{
    struct nnp_text enter = {0}, log = {0};
    enum nnp_status status = NNP_SUCCESS;
    nnp_text_append(&enter, "cd '");
    for (const char *c = folder; *c; c++)
        nnp_text_append(&enter, *c == '\'' ? "''" : "%c", *c);
    nnp_text_append(&enter, "'");
    nnp_text_append(&log, "%s/gnuplot.log", folder);
    *drawn = false;
    if (enter.failed || log.failed) {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a command");
    } else {
        char *arguments[] = {"gnuplot", "-e", enter.data, "figures.gp", NULL};
        *drawn = run(arguments, log.data) == 0;
        if (*drawn)
            unlink(log.data);
    }
    free(enter.data);
    free(log.data);
    return status;
}
