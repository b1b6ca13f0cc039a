/* The parts of the writer of n2p2's potentials. */
#ifndef NNP_FORMATS_N2P2_WRITE_H
#define NNP_FORMATS_N2P2_WRITE_H

#include "nnp/potential.h"
#include "text.h"

/* Refuses what the format cannot express.  The cutoff function is one for all functions but
 * compact ones; *cutoff NULL: there are only such. */
enum nnp_status nnp_n2p2_check(const struct nnp_potential *potential,
                               const struct nnp_cutoff **cutoff,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* input.nn without the symmetry functions. */
enum nnp_status nnp_n2p2_append_settings(struct nnp_text *text,
                                         const struct nnp_potential *potential,
                                         const struct nnp_cutoff *cutoff,
                                         struct nnp_error *error) NNP_MUST_CHECK;
void nnp_n2p2_append_function(struct nnp_text *text, const struct nnp_potential *potential,
                              int center, const struct nnp_symmetry *f);

/* A blank and the number, exactly. */
void nnp_n2p2_append_number(struct nnp_text *text, double value);

#endif
