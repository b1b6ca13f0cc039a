/* Structures in the order in which a reader finds them. */
#ifndef NNP_FRAMES_H
#define NNP_FRAMES_H

#include "nnp/status.h"
#include "structure.h"

#include <stddef.h>

enum { NNP_NOTE_LENGTH = 256 };

/* Zero-initialised; owns the structures. */
struct nnp_frames {
    int n, capacity;
    struct nnp_structure *structures; /* [n] */
    int n_left_out;                   /* steps of a calculation that did not complete */
    char note[NNP_NOTE_LENGTH];       /* on the first of these, with file and line */
};

/* A new, empty structure at the end; NULL where memory fails. */
struct nnp_structure *nnp_frames_add(struct nnp_frames *frames);

/* Frees the structure at the end. */
void nnp_frames_drop(struct nnp_frames *frames);

/* Counts a step that is left out: "file:line: sentence" becomes the note, if it is the first.
 */
void nnp_frames_leave_out(struct nnp_frames *frames, const char *file, int line,
                          const char *sentence);
void nnp_frames_free(struct nnp_frames *frames);

#endif
