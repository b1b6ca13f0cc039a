/* Chemical elements: symbols, atomic numbers, standard atomic weights. */
#ifndef NNP_ELEMENT_H
#define NNP_ELEMENT_H

#include "nnp/export.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum { NNP_MAX_ATOMIC_NUMBER = 118 };

/* Atomic number of a symbol such as "Au" (case matters), 0 if there is no such element. */
int nnp_element_from_symbol(const char *symbol);

/* Symbol of an atomic number 1..118, "?" otherwise. */
const char *nnp_element_symbol(int atomic_number);

/* Standard atomic weight in g/mol (IUPAC 2021, conventional values; the mass number of the
 * longest-lived isotope where there is none), 0 for a number that is no element. */
double nnp_element_mass(int atomic_number);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
