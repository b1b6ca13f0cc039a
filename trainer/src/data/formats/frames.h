/* Structures in the order in which a reader finds them. */
#ifndef NNP_FRAMES_H
#define NNP_FRAMES_H

#include "nnp/status.h"
#include "structure.h"

#include <stddef.h>

enum { NNP_NOTE_LENGTH = 256 };

/* Zero-initialised, but for the scratch; owns the structures.  Readers complete a structure
 * before they add the next. */
struct nnp_frames {
    int n, capacity;
    struct nnp_structure *structures; /* [n] */
    struct nnp_scratch *scratch;      /* to which complete structures move; NULL: none */
    struct nnp_error scratch_error;   /* why one could not, if its status is not NNP_SUCCESS */
    int n_left_out;                   /* steps of a calculation that did not complete */
    char note[NNP_NOTE_LENGTH];       /* on the first of these, with file and line */
};

/* A new, empty structure at the end; NULL where memory, or the scratch, fails. */
struct nnp_structure *nnp_frames_add(struct nnp_frames *frames);

/* Moves the structure at the end to the scratch, if there is one. */
enum nnp_status nnp_frames_complete(struct nnp_frames *frames) NNP_MUST_CHECK;

/* Frees the structure at the end. */
void nnp_frames_drop(struct nnp_frames *frames);

/* Counts a step that is left out: "file:line: sentence" becomes the note, if it is the first.
 */
void nnp_frames_leave_out(struct nnp_frames *frames, const char *file, int line,
                          const char *sentence);
void nnp_frames_free(struct nnp_frames *frames);

#endif
