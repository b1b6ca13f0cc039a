// A potential file as text on all ranks, and what tells two of them apart.

#ifndef NNP_LAMMPS_POTENTIAL_TEXT_H
#define NNP_LAMMPS_POTENTIAL_TEXT_H

#include "nnp/status.h"

#include <mpi.h>

#include <cstdint>
#include <string>

namespace nnp_lammps
{

// The text of a potential file, found as LAMMPS finds its own (as given, then in
// LAMMPS_POTENTIALS) and read by rank 0 alone, for the sake of shared file systems; another
// code's potential is converted there. Collective; a failure is the same on all ranks.
nnp_status read_everywhere(const std::string &file, MPI_Comm world, std::string &text,
                           nnp_error &error);

// A failure of any rank becomes the same one on all of them.  Collective.
nnp_status agree(int status, MPI_Comm world, nnp_error &error);

// 64 bits that differ for different texts, but by intent: the hash FNV-1a of G. Fowler, L. C.
// Noll and K.-P. Vo.
std::uint64_t checksum(const std::string &text);

// Sent from rank 0 to all.
void broadcast(std::string &text, MPI_Comm world);

} // namespace nnp_lammps

#endif
