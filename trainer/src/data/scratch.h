/* Memory that lies in a file, for data that may be larger than the machine's: the system moves
 * what is not in use to the disk and reads it again when it is touched.
 *
 * The file is in a folder that the user names, has no name of its own, and is gone with the
 * process, however that ends.  Its blocks are reserved when memory is handed out, so that a
 * full disk is an error there and not a signal later. */
#ifndef NNP_SCRATCH_H
#define NNP_SCRATCH_H

#include "nnp/status.h"

#include <stddef.h>

struct nnp_scratch;

/* folder: copied.  NNP_ERROR_FILE: no file can be made there.  On failure *scratch is NULL. */
enum nnp_status nnp_scratch_create(struct nnp_scratch **scratch, const char *folder,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Gives back all memory that was taken; NULL is allowed. */
void nnp_scratch_free(struct nnp_scratch *scratch);

/* n_bytes of zeros, aligned to 64 bytes, until the scratch is freed.  Several threads may call
 * it at once.  NNP_ERROR_FILE: the disk is full; then *memory is NULL. */
enum nnp_status nnp_scratch_take(struct nnp_scratch *scratch, size_t n_bytes, void **memory,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* A whole file, followed by a zero, in memory of the scratch.  A file without a size, such as a
 * pipe, is refused with NNP_ERROR_UNSUPPORTED. */
enum nnp_status nnp_scratch_read(struct nnp_scratch *scratch, const char *path, char **text,
                                 size_t *length, struct nnp_error *error) NNP_MUST_CHECK;

/* The folder, for another one beside it. */
const char *nnp_scratch_folder(const struct nnp_scratch *scratch);

#endif
