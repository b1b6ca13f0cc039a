#include "potential_text.h"

#include "nnp/formats.h"

#include "utils.h"

#include <climits>
#include <cstdlib>

namespace nnp_lammps
{

nnp_status agree(int status, MPI_Comm world, nnp_error &error)
{
    int rank = 0;
    MPI_Comm_rank(world, &rank);
    struct {
        int status, rank;
    } mine = {status, rank}, worst;
    MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, world);
    if (worst.status != NNP_SUCCESS)
        MPI_Bcast(error.message, sizeof(error.message), MPI_CHAR, worst.rank, world);
    return static_cast<nnp_status>(worst.status);
}

void broadcast(std::string &text, MPI_Comm world)
{
    int length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, 0, world);
    text.resize(length);
    MPI_Bcast(&text[0], length, MPI_CHAR, 0, world);
}

static nnp_status read_here(const std::string &file, std::string &text, nnp_error &error)
{
    const std::string path = LAMMPS_NS::utils::get_potential_file_path(file);
    if (path.empty())
        return nnp_error_set(&error, NNP_ERROR_FILE,
                             "cannot find a readable potential file '%s', neither under "
                             "this name nor in the folders of LAMMPS_POTENTIALS",
                             file.c_str());
    char *content = nullptr;
    size_t size = 0;
    nnp_status status = nnp_potential_text(path.c_str(), &content, &size, &error);
    if (status == NNP_SUCCESS && size > INT_MAX)
        status = nnp_error_set(&error, NNP_ERROR_FILE,
                               "the potential file '%s' is larger than 2 GB", path.c_str());
    if (status == NNP_SUCCESS)
        text.assign(content, size);
    std::free(content);
    return status;
}

nnp_status read_everywhere(const std::string &file, MPI_Comm world, std::string &text,
                           nnp_error &error)
{
    int rank = 0;
    MPI_Comm_rank(world, &rank);
    nnp_status status = rank == 0 ? read_here(file, text, error) : NNP_SUCCESS;
    status = agree(status, world, error);
    if (status == NNP_SUCCESS)
        broadcast(text, world);
    return status;
}

std::uint64_t checksum(const std::string &text)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

} // namespace nnp_lammps
