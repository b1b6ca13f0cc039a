// The entry point of nnp/pair_nnp_<version>.so, which nnpplugin.so opens.

#ifndef NNP_LAMMPS_REGISTER_H
#define NNP_LAMMPS_REGISTER_H

#define NNP_EXPORT __attribute__((visibility("default")))

extern "C" {

// Registers the style with a LAMMPS instance and returns nullptr, or returns the reason against
// it, a string that lives as long as the library.  handle: of the file that LAMMPS opened;
// regfunc: LAMMPS' function that takes a lammpsplugin_t.
NNP_EXPORT const char *nnp_lammps_register(void *lmp, void *handle, void *regfunc);

typedef const char *nnp_lammps_register_function(void *lmp, void *handle, void *regfunc);
}

#endif
