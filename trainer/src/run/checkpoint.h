/* Checkpoint files: bytes with a version and a checksum, written so that a good one is there at
 * any moment.
 *
 *     nnp-checkpoint 1 LENGTH SHA256\n  and LENGTH bytes
 *
 * PATH is the newest; the one before it is kept as PATH.previous. */
#ifndef NNP_CHECKPOINT_H
#define NNP_CHECKPOINT_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether there is a checkpoint of that name, or its predecessor. */
bool nnp_checkpoint_exists(const char *path);

/* keep: the file that stands there is good, and becomes the predecessor. */
enum nnp_status nnp_checkpoint_write(const char *path, const char *data, size_t length,
                                     bool keep, struct nnp_error *error) NNP_MUST_CHECK;

/* The newest that is whole; *data: the caller frees.  problem: what is wrong with the newest
 * where *is_previous.  NNP_ERROR_FILE: none is there; NNP_ERROR_SYNTAX: none is whole;
 * NNP_ERROR_VERSION: a newer program has written it. */
enum nnp_status nnp_checkpoint_read(const char *path, char **data, size_t *length,
                                    bool *is_previous, struct nnp_error *problem,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Removes both; none need be there. */
enum nnp_status nnp_checkpoint_remove(const char *path, struct nnp_error *error) NNP_MUST_CHECK;

#endif
