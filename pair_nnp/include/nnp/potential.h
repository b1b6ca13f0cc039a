/* A neural network potential: everything that a potential file states.
 *
 *   E = sum_i [ E0(element of i) + (1/M) sum_m network_m(x_i) ] + sum_(i<j) V(r_ij)
 *
 * with x_i the scaled (and, where a projection is given, projected) symmetry functions of atom
 * i, E0 the reference energy of its element, M the number of committee members and V the
 * repulsion, where there is one. */
#ifndef NNP_POTENTIAL_H
#define NNP_POTENTIAL_H

#include "nnp/export.h"
#include "nnp/network.h"
#include "nnp/repulsion.h"
#include "nnp/scaling.h"
#include "nnp/status.h"
#include "nnp/symmetry.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum { NNP_POTENTIAL_FORMAT = 1 }; /* version of the file format that is written */

enum nnp_length_unit { NNP_ANGSTROM, NNP_BOHR };
enum nnp_energy_unit { NNP_EV, NNP_HARTREE };

struct nnp_element {
    int atomic_number;
    double mass;   /* g/mol */
    double energy; /* reference energy E0, in the potential's unit of energy */
};

/* Optional linear layer between scaling and networks (principal components):
 * y_k = sum_j (x_j - offset_j) matrix_jk. */
struct nnp_projection {
    int n_inputs, n_outputs; /* 0, 0: none */
    double *matrix;          /* [n_inputs][n_outputs] */
    double *offset;          /* [n_inputs] */
};

/* Inputs of the networks of one central element. */
struct nnp_descriptor {
    int n_functions;
    struct nnp_symmetry *functions; /* [n_functions] */
    double *species_weights;        /* [n_elements], of weighted Chebyshev functions; or NULL */
    struct nnp_scaling scaling;
    struct nnp_projection projection;
};

struct nnp_data_source {
    char *file;   /* name without folder */
    char *sha256; /* 64 hexadecimal digits */
    int n_structures;
};

/* Errors on a set of structures; a negative number: not known. */
struct nnp_rmse {
    char *set; /* "training", "test", or a group's name */
    int n_structures;
    double energy; /* per atom, energy */
    double forces; /* per component, energy/length */
    double stress; /* per component, energy/length^3 */
};

/* Where a potential comes from.  Strings may be NULL: not stated. */
struct nnp_provenance {
    char *title;
    char *author;
    char *created; /* ISO 8601 */
    char *program; /* name and version */
    char *licence;
    char *comment;
    int n_data;
    struct nnp_data_source *data; /* [n_data] */
    int n_rmse;
    struct nnp_rmse *rmse; /* [n_rmse] */
};

/* Immutable once read or built; threads share it.  Owns all it points to. */
struct nnp_potential {
    enum nnp_length_unit length_unit;
    enum nnp_energy_unit energy_unit;
    int n_elements;
    struct nnp_element *elements;       /* [n_elements], ascending atomic number */
    struct nnp_descriptor *descriptors; /* [n_elements], by central element */
    int n_members;                      /* networks per element (committee), >= 1 */
    struct nnp_network *networks;       /* [n_members][n_elements] */
    struct nnp_repulsion repulsion;     /* of all pairs of atoms */
    struct nnp_provenance provenance;
};

/* An empty potential with room for n_elements and n_members (zeroed).  NULL: no memory. */
struct nnp_potential *nnp_potential_new(int n_elements, int n_members);
void nnp_potential_free(struct nnp_potential *potential); /* NULL is allowed */

/* Reads a potential file (format: potentials/README.md), or another code's potential
 * (nnp/formats.h) in Angstrom and eV, and checks it whole.  On failure *potential is NULL and
 * error says file, line, column and what was expected. */
enum nnp_status nnp_potential_read(struct nnp_potential **potential, const char *path,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* The same for the text of a potential file; name stands for the file in messages. */
enum nnp_status nnp_potential_parse(struct nnp_potential **potential, const char *name,
                                    const char *text, size_t length,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Writes path atomically (a temporary file beside it, synced, then renamed): either the old or
 * the new file is there, whole.  Writing what was read gives the same bytes. */
enum nnp_status nnp_potential_write(const struct nnp_potential *potential, const char *path,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* The file's text as a string that the caller frees. */
enum nnp_status nnp_potential_format(const struct nnp_potential *potential, char **text,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* Sizes agree, values are finite and in their domains: what reading checks, for potentials
 * built in memory. */
enum nnp_status nnp_potential_check(const struct nnp_potential *potential,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Largest cutoff radius of the functions of one center, and of any function, in the potential's
 * unit of length. */
double nnp_descriptor_cutoff(const struct nnp_descriptor *descriptor);
double nnp_potential_cutoff(const struct nnp_potential *potential);

/* Index of an element in the potential, -1 if it is not covered. */
int nnp_potential_element_index(const struct nnp_potential *potential, int atomic_number);

/* The potential's units in Angstrom and eV (CODATA 2018). */
double nnp_potential_length_in_angstrom(const struct nnp_potential *potential);
double nnp_potential_energy_in_ev(const struct nnp_potential *potential);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
