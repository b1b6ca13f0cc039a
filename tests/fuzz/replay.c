/* The corpus of a fuzz target as an ordinary test: each file of a folder goes through the
 * target once.  usage: fuzz_replay_<target> FOLDER */
#define _XOPEN_SOURCE 700 /* scandir */

#include "text.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block as long as the file, so that sanitizers see what is read beyond it. */
static int replay(const char *path)
{
    struct nnp_error error;
    char *text;
    size_t length;
    if (nnp_file_read(path, &text, &length, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    uint8_t *data = malloc(length ? length : 1);
    if (data) {
        memcpy(data, text, length);
        LLVMFuzzerTestOneInput(data, length);
    }
    free(text);
    free(data);
    return !data;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    const int n = argc == 2 ? scandir(argv[1], &entries, is_input, alphasort) : -1;
    int failed = n < 1;
    if (n < 1)
        fprintf(stderr, "usage: %s FOLDER, which holds inputs\n", argv[0]);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        printf("%s\n", entries[i]->d_name);
        fflush(stdout); /* the last line names the input that stopped the program */
        failed |= replay(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return failed;
}
