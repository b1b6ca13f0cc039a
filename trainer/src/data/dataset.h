/* Data sets: structures of one or several files, and their division into training and test set.
 */
#ifndef NNP_DATASET_H
#define NNP_DATASET_H

#include "format.h"
#include "nnp/status.h"
#include "scratch.h"
#include "structure.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_dataset_file {
    char *path;
    const struct nnp_format *format;
    char sha256[65]; /* of the file's bytes, hexadecimal */
    int n_structures;
    int n_left_out; /* steps of a calculation that did not complete */
    char *note;     /* on the first of these, with file and line; NULL if there is none */
};

/* How a file is read. */
struct nnp_dataset_options {
    const struct nnp_format *format; /* NULL: by content, or else by name */
    struct nnp_file_units units;     /* of formats that have none */
    int n_types;
    const int *types;   /* [n_types], elements of types of atoms (LAMMPS), borrowed */
    const char *thermo; /* file with the energies of steps (thermo.h), NULL: none */
};

/* Zero-initialised, but for the scratch; owns all pointers. */
struct nnp_dataset {
    struct nnp_scratch
        *scratch; /* where atoms are, and while they are read texts; NULL: memory */
    int n_structures;
    struct nnp_structure *structures; /* [n_structures] in the order read */
    int n_files;
    struct nnp_dataset_file *files;
};

/* Appends the structures of a file.  NNP_ERROR_INCONSISTENT: the file of energies has none of
 * its steps.  options: NULL for a format that is recognised, and Angstrom and eV.  On failure
 * the data set is as before; the message names file and line. */
enum nnp_status nnp_dataset_read(struct nnp_dataset *dataset, const char *path,
                                 const struct nnp_dataset_options *options,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_dataset_free(struct nnp_dataset *dataset);

/* What belongs to the test set.  Pointers are borrowed; NULL or 0: no such rule. */
struct nnp_dataset_division {
    const bool *test_files;            /* [n_files], all structures of the file */
    const char *test_key, *test_value; /* those with key=value in their comment */
    int n_left_out;
    char *const *left_out; /* [n_left_out], all structures of these groups */
    double fraction; /* of the others, round(fraction n), at least one if fraction > 0, but
                        always leaving one; 0 <= fraction < 1 */
    unsigned long seed;
    bool stratified; /* the same part of every group, as near as whole numbers allow */
};

/* Sets is_test [n_structures]; the same on every machine.  NNP_ERROR_INCONSISTENT: a group or
 * key that no structure has. */
enum nnp_status nnp_dataset_divide(const struct nnp_dataset *dataset,
                                   const struct nnp_dataset_division *division, bool *is_test,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* NNP_ERROR_INCONSISTENT unless a structure is of the group; what: for the message. */
enum nnp_status nnp_dataset_check_group(const struct nnp_dataset *dataset, const char *group,
                                        const char *what,
                                        struct nnp_error *error) NNP_MUST_CHECK;

#endif
