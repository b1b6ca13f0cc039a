/* Files and folders that steps of a growth are marked by. */
#ifndef NNP_FOLDERS_H
#define NNP_FOLDERS_H

#include "nnp/status.h"

#include <stdbool.h>

/* A formatted path, owned by the caller. */
enum nnp_status nnp_path_set(char **path, struct nnp_error *error, const char *format, ...)
    NNP_PRINTF(3, 4) NNP_MUST_CHECK;

bool nnp_path_exists(const char *path);

/* A folder and those above it; one that is there already is fine. */
enum nnp_status nnp_folder_make(const char *path, struct nnp_error *error) NNP_MUST_CHECK;

/* A folder with all in it; one that is not there is fine.  Links are removed, not followed. */
enum nnp_status nnp_folder_remove(const char *path, struct nnp_error *error) NNP_MUST_CHECK;

enum nnp_status nnp_path_rename(const char *from, const char *to,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* The absolute path of the folder that a file is in, owned by the caller. */
enum nnp_status nnp_folder_of(char **folder, const char *file,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* One process at a time: *lock is a descriptor that close() or the process' end gives back.
 * NNP_ERROR_FILE: another one has it. */
enum nnp_status nnp_folder_lock(const char *folder, int *lock,
                                struct nnp_error *error) NNP_MUST_CHECK;

#endif
