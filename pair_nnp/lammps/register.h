// Entry points of the two libraries of the plugin.

#ifndef NNP_LAMMPS_REGISTER_H
#define NNP_LAMMPS_REGISTER_H

#define NNP_EXPORT __attribute__((visibility("default")))

extern "C" {

// nnpplugin.so; the name and the arguments are LAMMPS': the instance, the handle of the opened
// file and the function that takes a lammpsplugin_t.
NNP_EXPORT void lammpsplugin_init(void *lmp, void *handle, void *regfunc);

// nnp/pair_nnp_<version>.so, with the same arguments: registers the style and returns nullptr,
// or returns the reason against it, a string that lives as long as the library.
NNP_EXPORT const char *nnp_lammps_register(void *lmp, void *handle, void *regfunc);

typedef const char *nnp_lammps_register_function(void *lmp, void *handle, void *regfunc);
}

#endif
