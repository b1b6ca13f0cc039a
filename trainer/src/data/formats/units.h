/* Units in Angstrom and eV: CODATA 2018 (E. Tiesinga et al., Rev. Mod. Phys. 93, 025010). */
#ifndef NNP_UNITS_H
#define NNP_UNITS_H

#define NNP_BOHR 0.529177210903       /* Angstrom */
#define NNP_HARTREE 27.211386245988   /* eV */
#define NNP_RYDBERG 13.605693122994   /* eV */
#define NNP_KCAL_PER_MOL (4184.0 / 6.02214076e23 / 1.602176634e-19) /* eV, exact */
#define NNP_KILOBAR (1 / 1602.176634) /* eV/Angstrom^3, exact */

#endif
