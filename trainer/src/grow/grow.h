/* Growth of a data set: cycles of dynamics, choice, labelling and retraining (K. Shimizu et
 * al., Phys. Rev. B 103, 094112 (2021), section II C).
 *
 * Generation N has the folder generation-N with, in the order in which they are made,
 *
 *   runs/0001/ ..     output of each run, its log, command and status
 *   runs.csv          of each run its kind, end, frames, frames kept, and why it was cut
 *   frames.extxyz     the frames kept
 *   map.csv           components of frames and data, and what is chosen
 *   chosen.extxyz     structures to be labelled
 *   labels/0001/ ..   input, output, log, command and status of each labelling
 *   labels.csv        of each structure what became of it
 *   labelled.extxyz   structures with references
 *   errors.csv        errors on them of the potential that made them
 *   training/         configuration, log and potential of the training
 *   errors_after.csv  errors on them of the new potential
 *   potential.nnp     the new potential; the generation is complete
 *
 * Each is written whole or not at all and is not made again once it is there, so that the
 * folder is the state: what is interrupted at any point goes on there. */
#ifndef NNP_GROW_H
#define NNP_GROW_H

#include "nnp/status.h"
#include "study.h"

#include <stdbool.h>

struct nnp_grow_observer {
    void *context;
    void (*message)(void *context, const char *text); /* a line without its end, or several */
    bool (*interrupted)(void);                        /* polled; true ends all children */
};

/* Goes on from what the folder holds.  After an interruption the status is NNP_SUCCESS, as the
 * observer knows of it.  dry: says what would be done, and does nothing. */
enum nnp_status nnp_grow_run(const struct nnp_study *study,
                             const struct nnp_grow_observer *observer, bool dry,
                             struct nnp_error *error) NNP_MUST_CHECK;

#endif
