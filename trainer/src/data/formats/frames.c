/* A growing array of structures. */
#include "frames.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_frames_complete(struct nnp_frames *frames)
{
    if (!frames->scratch || frames->n == 0)
        return NNP_SUCCESS;
    return frames->scratch_error.status = nnp_structure_move(
               &frames->structures[frames->n - 1], frames->scratch, &frames->scratch_error);
}

struct nnp_structure *nnp_frames_add(struct nnp_frames *frames)
{
    if (nnp_frames_complete(frames))
        return NULL;
    if (frames->n == frames->capacity) {
        if (frames->capacity > INT_MAX / 2)
            return NULL;
        int larger = frames->capacity > 0 ? 2 * frames->capacity : 64;
        if ((size_t)larger > SIZE_MAX / sizeof *frames->structures)
            return NULL;
        struct nnp_structure *moved =
            realloc(frames->structures, (size_t)larger * sizeof *moved);
        if (!moved)
            return NULL;
        frames->structures = moved;
        frames->capacity = larger;
    }
    struct nnp_structure *structure = &frames->structures[frames->n++];
    memset(structure, 0, sizeof *structure);
    return structure;
}

void nnp_frames_drop(struct nnp_frames *frames)
{
    nnp_structure_free(&frames->structures[--frames->n]);
}

void nnp_frames_leave_out(struct nnp_frames *frames, const char *file, int line,
                          const char *sentence)
{
    if (frames->n_left_out == 0)
        snprintf(frames->note, sizeof frames->note, "%s:%d: %s", file, line, sentence);
    if (frames->n_left_out < INT_MAX)
        frames->n_left_out++;
}

void nnp_frames_free(struct nnp_frames *frames)
{
    for (int i = 0; i < frames->n; i++)
        nnp_structure_free(&frames->structures[i]);
    free(frames->structures);
    memset(frames, 0, sizeof *frames);
}
