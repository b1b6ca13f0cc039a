/* The configuration of nnp-train (YAML; every key is described in trainer/README.md). */
#ifndef NNP_CONFIG_H
#define NNP_CONFIG_H

#include "dataset.h"
#include "nnp/network.h"
#include "nnp/potential.h"
#include "nnp/repulsion.h"
#include "nnp/scaling.h"
#include "nnp/status.h"
#include "nnp/symmetry.h"

#include <stdbool.h>
#include <stddef.h>

enum nnp_reference_energies {
    NNP_REFERENCE_FIT,  /* least squares to the training energies */
    NNP_REFERENCE_GIVEN /* stated per element */
};

/* How the residuals of a loss are summed (trainer/README.md, "Loss"). */
enum nnp_normalization {
    NNP_NORMALIZATION_SUM, /* total energies, force components, total virials: squares added up
                            */
    NNP_NORMALIZATION_MEAN /* mean over structures of per-atom energies, over components of
                              forces and of per-atom virials */
};

/* Squares d^2 phi(u^2 / d^2) of residuals u with a threshold d (robust.h). */
enum nnp_robust_function {
    NNP_ROBUST_NONE,
    NNP_ROBUST_HUBER,
    NNP_ROBUST_PSEUDO_HUBER,
    NNP_ROBUST_CAUCHY,
    NNP_N_ROBUST
};

struct nnp_robust {
    enum nnp_robust_function function;
    double energy, forces, stress; /* thresholds in eV/atom, eV/Angstrom (vectors) and
                                      eV/Angstrom^3 (six components); 0: plain squares */
};

/* What the energy of a structure is compared with for its weight. */
enum nnp_energy_above { NNP_ABOVE_NONE, NNP_ABOVE_HULL, NNP_ABOVE_LOWEST, NNP_N_ABOVE };

/* Distributions of random weights (start_weights.h). */
enum nnp_start_weights {
    NNP_START_FAN_IN,
    NNP_START_UNIFORM,
    NNP_START_NGUYEN_WIDROW,
    NNP_START_XAVIER,
    NNP_N_START_WEIGHTS
};

/* Training structures of a committee member: all, as many drawn with replacement, or a part. */
enum nnp_resampling { NNP_RESAMPLE_NONE, NNP_RESAMPLE_BOOTSTRAP, NNP_RESAMPLE_SUBSET };

/* Parameters that all stated conditions hold for stay as they are. */
struct nnp_freeze {
    bool known;      /* taken from initial potentials */
    bool *elements;  /* [n_elements], NULL: any */
    unsigned layers; /* bit l for layer l of the networks, from 0; 0: any */
};

enum nnp_stage_optimizer { NNP_STAGE_LBFGSB, NNP_STAGE_KALMAN, NNP_N_STAGE_OPTIMIZERS };

/* One training stage: minimises
 *   energy_weight S_E + force_weight S_F + stress_weight S_W + regularization |w|^2. */
struct nnp_stage {
    char *name;
    double energy_weight, force_weight, stress_weight;
    bool auto_energy, auto_forces,
        auto_stress; /* the weight is found from the data, and 1 here */
    double regularization;
    enum nnp_stage_optimizer optimizer;
    int iterations; /* at most */
    int history;    /* correction pairs that L-BFGS-B keeps */
    int batch;      /* structures in each update of the Kalman filter; 0: by their sizes */
    int patience;   /* stop after so many iterations without a better test loss; 0: never */
    double target_energy, target_forces, target_stress; /* stop at these RMSEs, eV and Angstrom;
                                                           all 0: none */
    double time;                                        /* seconds; 0: no limit */
    double tolerance; /* stop where the loss falls by less than this part in some iterations */
    int n_freeze;
    struct nnp_freeze *freeze; /* [n_freeze], what any of them freezes is frozen */
};

/* Symmetry functions of one central element as listed or generated. */
struct nnp_config_functions {
    int n_functions;
    struct nnp_symmetry
        *functions;          /* neighbors: indices into the elements of the configuration */
    double *species_weights; /* [n_elements], of weighted Chebyshev functions if there are any;
                                or NULL */
};

/* Functions that are made from the data (config_auto.h). */
struct nnp_config_automatic {
    struct nnp_cutoff cutoff;
    int n_radial, n_angular; /* n_radial 0: none are made */
};

/* Principal components of the scaled functions in place of these (principal_components.h). */
struct nnp_config_projection {
    bool is_wanted;
    int size;        /* components; 0: */
    double variance; /* as few as have this part of the variance; 0: all */
    bool whiten;     /* scaled to the variance 1 */
    int line;        /* of the key */
};

/* Hidden layers of one element's network; the output layer is linear. */
struct nnp_config_network {
    int n_hidden;
    int *sizes;                       /* [n_hidden] */
    enum nnp_activation *activations; /* [n_hidden] */
};

/* What is stated of a data file. */
struct nnp_config_source {
    struct nnp_dataset_options options; /* types and thermo are owned here: */
    int *types;
    char *thermo;
    bool has_units;
    struct nnp_structure_weights weights;
    char *group;  /* of structures that state none; NULL: none */
    bool is_test; /* one of test_files */
};

/* Weights of the structures of a group. */
struct nnp_config_group_weights {
    char *group;
    struct nnp_structure_weights weights;
};

/* Owns all pointers.  Elements are in ascending atomic number, whatever their order in the
 * file. */
struct nnp_config {
    char *path;
    char sha256[65];                          /* of the text */
    char *title, *author, *licence, *comment; /* NULL where not stated */

    double memory; /* bytes that Jacobians of symmetry functions may take */
    char *scratch; /* folder for data that are not kept in memory, resolved; NULL: none */

    int n_data_files;
    char **data_files; /* resolved against the configuration's folder; patterns expanded */
    struct nnp_config_source *sources; /* [n_data_files] */
    int n_group_weights;
    struct nnp_config_group_weights *group_weights;
    int n_left_out;
    char **left_out;             /* groups that are in the test set */
    char *test_key, *test_value; /* NULL: none */
    bool stratified;
    double test_fraction;
    unsigned long split_seed;

    int n_elements;
    int *atomic_numbers; /* [n_elements] */
    enum nnp_reference_energies reference_energies;
    double *element_energies; /* [n_elements], where given */

    int n_initial;
    char **initial_files;           /* [n_initial], resolved */
    struct nnp_potential **initial; /* [n_initial], read */
    char (*initial_sha256)[65];     /* [n_initial], of the potentials */

    struct nnp_config_functions *functions; /* [n_elements] */
    struct nnp_repulsion repulsion;         /* Angstrom, eV */
    bool repulsion_from_data;               /* pairs are set when the data are known */
    struct nnp_config_automatic automatic;
    bool prune;            /* leave out functions that are dead or doubled */
    bool scaling_is_given; /* or else that of an element's initial potential, if there is one */
    enum nnp_scaling_method scaling;
    double scaling_min, scaling_max;
    struct nnp_config_projection projection;
    struct nnp_config_network *networks; /* [n_elements] */

    int n_starts;         /* random sets of weights */
    int start_iterations; /* of the first stage's loss, for each */
    unsigned long weight_seed;
    enum nnp_start_weights start_weights;
    int n_members; /* committee members; each is trained from its own starts */
    enum nnp_resampling resampling;
    double resampled_fraction; /* of the structures, for a subset */

    enum nnp_normalization normalization;
    enum nnp_energy_above energy_above; /* weights of structures, 1 / (1 + (h / scale)^2) ... */
    double energy_scale;                /* ... eV/atom */
    double force_scale; /* weights of atoms, 1 / (1 + |F|^2 / scale^2), eV/Angstrom; 0: none */
    struct nnp_robust robust;
    double time; /* of the whole run, seconds; 0: no limit */
    int n_stages;
    struct nnp_stage *stages;

    char *potential_file;      /* resolved like data files */
    char *learning_curve_file; /* NULL: none */
    char *test_set_file;       /* extended XYZ of the structures held out, NULL: none */
    int save_every;            /* iterations between writes of the potential */
    char *report_folder;       /* NULL: none */
    char *checkpoint_file;     /* the potential's name with .checkpoint where not stated */
    double checkpoint_seconds; /* between checkpoints, and ... */
    int checkpoint_iterations; /* ... iterations; 0: not by this */
};

/* Reads and checks a configuration.  On failure *config is NULL; the message names file, line,
 * column, what was found and what was expected. */
enum nnp_status nnp_config_read(struct nnp_config **config, const char *path,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* The same for a text in memory; path stands for its file in messages, and names are resolved
 * against its folder. */
enum nnp_status nnp_config_parse(struct nnp_config **config, const char *path, const char *text,
                                 size_t length, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_config_free(struct nnp_config *config);

#endif
