// Restart files hold the arguments of pair_style, and the name and checksum of the potential
// file with the elements of the atom types, but not the potential itself.

#include "pair_nnp.h"

#include "potential_text.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "utils.h"

#include <sstream>

using namespace LAMMPS_NS;

// One item per line: names have no line breaks.
static std::string join(const std::vector<std::string> &items)
{
    std::string text;
    for (const std::string &item : items)
        text += item + "\n";
    return text;
}

static std::vector<std::string> split(const std::string &text)
{
    std::vector<std::string> items;
    std::istringstream stream(text);
    for (std::string item; std::getline(stream, item);)
        items.push_back(item);
    return items;
}

static void write_text(const std::string &text, FILE *fp)
{
    const int length = static_cast<int>(text.size());
    std::fwrite(&length, sizeof(length), 1, fp);
    std::fwrite(text.data(), 1, text.size(), fp);
}

// fp: on rank 0 alone.
static std::string read_text(FILE *fp, int rank, MPI_Comm world, Error *error)
{
    std::string text;
    if (rank == 0) {
        int length = 0;
        utils::sfread(FLERR, &length, sizeof(length), 1, fp, nullptr, error);
        text.resize(length > 0 ? length : 0);
        if (length > 0)
            utils::sfread(FLERR, &text[0], 1, text.size(), fp, nullptr, error);
    }
    nnp_lammps::broadcast(text, world);
    return text;
}

// Called on rank 0.
void PairNNP::write_restart_settings(FILE *fp)
{
    write_text(join(arguments), fp);
    write_text(file, fp);
    write_text(std::to_string(file_checksum), fp);
    write_text(join(type_names), fp);
}

// Called on all ranks.
void PairNNP::read_restart_settings(FILE *fp)
{
    arguments = split(read_text(fp, comm->me, world, error));
    file = read_text(fp, comm->me, world, error);
    file_checksum = std::stoull(read_text(fp, comm->me, world, error));
    type_names = split(read_text(fp, comm->me, world, error));
    apply_settings();
}

void PairNNP::write_restart(FILE *fp)
{
    write_restart_settings(fp);
}

// A run without the potential ends with the reason that is noted here, unless pair_coeff gives
// one.
void PairNNP::read_restart(FILE *fp)
{
    nnp_error detail = {};
    std::string text;
    read_restart_settings(fp);
    if (!allocated)
        allocate();
    for (int i = 1; i <= atom->ntypes; i++)
        for (int j = 1; j <= atom->ntypes; j++)
            setflag[i][j] = 1;
    type_elements.assign(atom->ntypes + 1, 0);
    if (nnp_lammps::read_everywhere(file, world, text, detail) != NNP_SUCCESS)
        restart_problem = std::string(detail.message) +
                          ", which the restart file names; put it there, or name one with "
                          "pair_coeff";
    else if (nnp_lammps::checksum(text) != file_checksum)
        restart_problem = "potential file '" + file +
                          "' is not the one that the restart file was written with: its "
                          "contents have changed; name it with pair_coeff to take it anyway";
    else
        set_potential(text);
    if (!restart_problem.empty() && comm->me == 0)
        error->warning(FLERR, "pair nnp: " + restart_problem);
}

void PairNNP::compare_with_restart(const std::string &text) const
{
    if (file_checksum != 0 && !potential && nnp_lammps::checksum(text) != file_checksum &&
        comm->me == 0)
        error->warning(FLERR, "pair nnp: this potential file is not the one that the restart "
                              "file was written with ('" +
                                  file + "')");
}
