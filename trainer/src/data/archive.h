/* State as bytes and back, for checkpoints: one function per object names its fields once, and
 * writes or reads them as the archive says.
 *
 *     void archive_point(struct point *p, struct nnp_archive *archive)
 *     {
 *         nnp_archive_ints(archive, &p->n, 1);
 *         nnp_archive_doubles(archive, p->x, 3);
 *     }
 *
 * Numbers have the machine's representation; a mark at the beginning refuses another one. */
#ifndef NNP_ARCHIVE_H
#define NNP_ARCHIVE_H

#include "text.h"

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised: an empty one to write to.  The caller frees text.data. */
struct nnp_archive {
    bool loading;
    bool failed;          /* no memory, or what is read does not fit */
    struct nnp_text text; /* the bytes */
    size_t position;      /* of reading */
};

/* n bytes, numbers or truth values from or to data, which is unchanged where the archive fails
 * or has failed. */
void nnp_archive_bytes(struct nnp_archive *archive, void *data, size_t n);
void nnp_archive_doubles(struct nnp_archive *archive, double *data, size_t n);
void nnp_archive_ints(struct nnp_archive *archive, int *data, size_t n);
void nnp_archive_bools(struct nnp_archive *archive, bool *data, size_t n);

/* Writes the value; on reading fails unless the same stands there. */
void nnp_archive_expect(struct nnp_archive *archive, int value);

#endif
