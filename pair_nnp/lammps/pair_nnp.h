// pair_style nnp: neural network potentials in LAMMPS.
//
// A thin layer: it reads a potential file on one rank, hands LAMMPS' own arrays and full
// neighbor list to nnp_evaluate() and turns status codes into LAMMPS errors.

#ifndef LMP_PAIR_NNP_H
#define LMP_PAIR_NNP_H

#include "pair.h"

#include "nnp/evaluate.h"
#include "nnp/potential.h"

#include <memory>
#include <string>
#include <vector>

namespace LAMMPS_NS
{

class PairNNP : public Pair
{
  public:
    explicit PairNNP(class LAMMPS *host);
    ~PairNNP() override;

    void compute(int eflag, int vflag) override;
    void settings(int narg, char **arg) override;
    void coeff(int narg, char **arg) override;
    void init_style() override;
    double init_one(int i, int j) override;

    // "n_extrapolations": double, since the start of the run, on this rank
    // "cutoff": double, in LAMMPS' unit of length
    void *extract(const char *name, int &dim) override;

    // Overrides Pair::finish(), which older versions of LAMMPS do not have.
    void finish();

  private:
    struct FreePotential {
        void operator()(nnp_potential *p) const
        {
            nnp_potential_free(p);
        }
    };
    struct FreeEvaluator {
        void operator()(nnp_evaluator *e) const
        {
            nnp_evaluator_free(e);
        }
    };

    std::unique_ptr<nnp_potential, FreePotential> potential;
    std::unique_ptr<nnp_evaluator, FreeEvaluator> evaluator; // borrows the potential
    std::vector<int> type_elements; // [ntypes + 1], index in the potential, -1: not covered
    std::string file;               // as given in pair_coeff
    double length_unit;             // LAMMPS' unit of length in the potential's
    double energy_unit;             // LAMMPS' unit of energy in the potential's
    double mass_unit;               // LAMMPS' unit of mass in g/mol
    double cutoff;                  // in LAMMPS' unit of length
    double n_extrapolations;        // since the start of the run, on this rank

    void allocate();
    std::string broadcast_file() const;
    void read_potential();
    void set_units();
    void map_types(char **names);
    void report() const;
    void check_masses() const;
    void require_success(int status, const nnp_error &detail) const;
    void fail_on_this_rank(const nnp_error &detail) const;
};

} // namespace LAMMPS_NS

#endif
