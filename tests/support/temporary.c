/* A folder for the files of a test. */
#include "temporary.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Calls remove on every file of the current folder if asked to; their number. */
static int visit(int remove_files)
{
    int n = 0;
    DIR *folder = opendir(".");
    if (!folder)
        return -1;
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        n++;
        if (remove_files && remove(entry->d_name))
            perror(entry->d_name);
    }
    closedir(folder);
    return n;
}

int nnp_temporary_enter(void **state)
{
    static const char name[] = "/nnp_test_XXXXXX";
    const char *parent = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    const size_t size = strlen(parent) + sizeof name;
    char *path = malloc(size);
    if (!path)
        return -1;
    snprintf(path, size, "%s%s", parent, name);
    if (!mkdtemp(path) || chdir(path)) {
        perror(path);
        free(path);
        return -1;
    }
    *state = path;
    return 0;
}

int nnp_temporary_leave(void **state)
{
    visit(1);
    const int failed = chdir("/") || rmdir(*state);
    if (failed)
        perror(*state);
    free(*state);
    return failed;
}

int nnp_temporary_count(void)
{
    return visit(0);
}
