/* Options of commands that read structures: how their files are to be read. */
#ifndef NNP_INPUT_OPTIONS_H
#define NNP_INPUT_OPTIONS_H

#include "dataset.h"

enum { NNP_MAX_TYPES = 64 };

struct input_options {
    struct nnp_dataset_options dataset;
    int types[NNP_MAX_TYPES];
};

/* Help on the options. */
#define NNP_INPUT_OPTIONS_HELP                                                                 \
    "  --from FORMAT    format of all files to read (nnp-convert --help lists them)\n"         \
    "  --length UNIT    length in formats without units (n2p2, dump): Angstrom or bohr\n"      \
    "  --energy UNIT    energy, likewise: eV, Ha or Ry\n"                                      \
    "  --types A,B,..   elements of the types of LAMMPS dumps\n"                               \
    "  --thermo FILE    energies of the steps of dumps: a log of LAMMPS, or columns\n"

/* Angstrom and eV, all formats. */
void input_options_init(struct input_options *options);

/* Whether it is one of these options, all of which have a value. */
bool input_options_has(const char *option);

/* Sets an option; false: the value is refused, *complaint says why. */
bool input_options_set(struct input_options *options, const char *option, const char *value,
                       const char **complaint);

/* Appends the structures of a file; what was left out of it is said on standard error, after
 * the name of the program. */
enum nnp_status input_options_read(const struct input_options *options, const char *program,
                                   const char *path, struct nnp_dataset *dataset,
                                   struct nnp_error *error) NNP_MUST_CHECK;

#endif
