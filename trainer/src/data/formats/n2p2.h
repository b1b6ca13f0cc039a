/* n2p2's and RuNNer's input.data: blocks of lines
 *
 *   begin [set=train|test]
 *   comment ...                               any number, kept as comment="..." in info, but
 *                                             for config_type=..., which is the group
 *   lattice ax ay az                          three for a periodic cell, none for a cluster
 *   atom x y z El charge atomic_energy fx fy fz
 *   energy E                                  of the structure
 *   charge Q                                  checked, not kept
 *   end
 *
 * The file states no units; charges and atomic energies must be numbers and are not kept.
 * (n2p2's documentation, "Structure data"; lines of other keywords are errors there too.) */
#ifndef NNP_N2P2_H
#define NNP_N2P2_H

#include "format.h"

enum nnp_status nnp_n2p2_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Needs energy and forces, and a cell that is periodic in all directions or in none. */
enum nnp_status nnp_n2p2_append(struct nnp_text *text, const struct nnp_structure *structure,
                                struct nnp_error *error) NNP_MUST_CHECK;

#endif
