// pair_style nnp: neural network potentials in LAMMPS.
//
// A thin layer: it reads a potential file on one rank, hands LAMMPS' own arrays and full
// neighbor list to nnp_evaluate() and turns status codes into LAMMPS errors.

#ifndef LMP_PAIR_NNP_H
#define LMP_PAIR_NNP_H

#include "pair.h"

#include "nnp/evaluate.h"
#include "nnp/potential.h"

#include "extrapolation.h"
#include "settings.h"
#include "spread.h"

#include <cstdint>
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
    void init_list(int id, class NeighList *of_request) override;
    double init_one(int i, int j) override;

    // Of the potential file its name and checksum: it must be there, and be the same, when the
    // restart file is read.
    void write_restart(FILE *fp) override;
    void read_restart(FILE *fp) override;
    void write_restart_settings(FILE *fp) override;
    void read_restart_settings(FILE *fp) override;

    // Of committee members' forces.
    int pack_reverse_comm(int n, int first, double *buffer) override;
    void unpack_reverse_comm(int n, int *atoms, double *buffer) override;

    // "n_extrapolations": double, since the start of the run, on this rank
    // "cutoff": double, in LAMMPS' unit of length
    // "extrapolation_flag", "energy_spread_flag", "force_spread_flag": int, set by fix pair
    // where it wants what extract_peratom() has
    void *extract(const char *name, int &dim) override;

    // "extrapolation", "energy_spread", "force_spread": double [nlocal], of the present step
#ifdef NNP_LAMMPS_HAS_EXTRACT_PERATOM
    void *extract_peratom(const char *name, int &columns) override;
#endif

    // At the end of a run; older versions of LAMMPS do not call it.
#ifdef NNP_LAMMPS_HAS_FINISH
    void finish() override;
#else
    void finish();
#endif

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

    // A quantity per atom that other commands may ask for.
    struct PerAtom {
        int flag = 0;               // set by fix pair before a step
        bool is_known = false;      // whether anybody has the flag's address
        bool is_set = false;        // in this step
        std::vector<double> values; // [nlocal]
    };

    std::unique_ptr<nnp_potential, FreePotential> potential;
    std::unique_ptr<nnp_evaluator, FreeEvaluator> evaluator; // borrows the potential
    std::vector<int> type_elements; // [ntypes + 1], index in the potential, -1: not covered
    std::vector<std::string> type_names; // [ntypes], as given in pair_coeff
    std::string file;                    // as given in pair_coeff
    std::uint64_t file_checksum;
    std::string restart_problem; // why the potential of a restart file is not there
    double length_unit;          // LAMMPS' unit of length in the potential's
    double energy_unit;          // LAMMPS' unit of energy in the potential's
    double mass_unit;            // LAMMPS' unit of mass in g/mol
    double cutoff;               // in LAMMPS' unit of length

    std::vector<std::string> arguments; // of pair_style
    nnp_lammps::Settings style_settings;
    nnp_lammps::Extrapolation extrapolation;
    nnp_lammps::Spread spread;
    PerAtom atomic_extrapolation, energy_spread, force_spread;
    std::vector<int> extrapolating_functions; // [nlocal]
    std::vector<double> member_forces;        // [n_members][nlocal + nghost][3]
    double *reversed;                         // the member's, in reverse communication

    void allocate();
    void apply_settings();
    void set_potential(const std::string &text);
    void prepare();
    void set_units();
    void map_types();
    void compare_with_restart(const std::string &text) const;
    void report() const;
    void check_input() const;
    void check_masses() const;
    void check_respa() const;
    void check_lists() const;
    bool has_excluded_bond(int i) const;
    void require_success(int status, const nnp_error &detail) const;
    void fail_on_this_rank(const nnp_error &detail) const;

    nnp_atoms view() const;
    void evaluate(nnp_results &results);
    bool wants(PerAtom &quantity);
    void reverse_member_forces();
    void finish_per_atom();
    PerAtom *find_per_atom(const std::string &name);
};

} // namespace LAMMPS_NS

#endif
