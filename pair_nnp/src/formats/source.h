/* The texts that a potential is read from: one file, or those of a folder. */
#ifndef NNP_FORMATS_SOURCE_H
#define NNP_FORMATS_SOURCE_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_source_text {
    char *name; /* of the file, without folder */
    char *path; /* for messages */
    char *text; /* [length], and NUL */
    size_t length;
};

/* Zero-initialised; owns all it points to. */
struct nnp_source {
    char *path;
    bool is_folder;
    int n;
    struct nnp_source_text *texts; /* [n], by name; one for a file */
};

/* Reads a file, or of a folder those that a potential can consist of: input.nn, scaling.data
 * and weights.ZZZ.data if there is an input.nn, all files that are not hidden otherwise.
 * After a failure, too, it can be closed. */
enum nnp_status nnp_source_open(struct nnp_source *source, const char *path,
                                struct nnp_error *error) NNP_MUST_CHECK;
void nnp_source_close(struct nnp_source *source);

/* Adds a copy of a text, for sources that are no files. */
enum nnp_status nnp_source_add(struct nnp_source *source, const char *name, const char *text,
                               size_t length, struct nnp_error *error) NNP_MUST_CHECK;

/* The text of this name, NULL if there is none. */
const struct nnp_source_text *nnp_source_find(const struct nnp_source *source,
                                              const char *name);

#endif
